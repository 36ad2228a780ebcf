//! What an edit of the contract does to the Rust API of what existed before it: said when the code
//! is written, so that nobody learns it from a pull request.

use std::path::Path;
use std::sync::Arc;

use spec_review::render::message;
use spec_review::{Axis, Input, Options, compare};

use crate::chain;
use crate::diff::{ClientCode, show};
use crate::root::CONTRACT;

/// Says what of the Rust API breaks, compared with the last commit.
pub(super) fn say(root: &Path, head: &str) -> Result<(), String> {
    // Without a history there is nothing to compare with.
    let Ok(base) = show(root, "HEAD", CONTRACT) else { return Ok(()) };
    let changes = changes(&base, head)?;
    if !changes.is_empty() {
        println!("\nsince the last commit, this breaks code that uses the client:");
        for change in changes {
            println!("  {change}");
        }
        println!("to see it with everything else that changed: cargo xtask diff HEAD:{CONTRACT}");
    }
    Ok(())
}

/// A line for each change that breaks code. A base from which nothing is generated has no code.
fn changes(base: &str, head: &str) -> Result<Vec<String>, String> {
    if base == head {
        return Ok(Vec::new());
    }
    let options = Options { client_generator: Some(Arc::new(ClientCode)), ..Options::default() };
    let inputs = [Input::new(CONTRACT, base), Input::new(CONTRACT, head)];
    let [base, head] = &inputs;
    let report = compare(base, head, &options).map_err(|error| chain(&error))?;
    let breaking = report.of(Axis::Rust).filter(|found| found.level.is_break());
    Ok(breaking.map(message).collect())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const BASE: &str = "\
openapi: 3.0.3
info: {title: Things, version: 1.0.0}
paths:
  /things:
    get:
      operationId: GetThing
      responses:
        '200': {description: a, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
components:
  schemas:
    Thing: {type: object, properties: {name: {type: string}}}
";

    #[test]
    fn says_which_items_break_and_nothing_of_what_is_added() {
        assert_eq!(changes(BASE, BASE).unwrap(), [""; 0]);
        let added = BASE.replace("{name: ", "{size: {type: integer}, name: ");
        assert_eq!(changes(BASE, &added).unwrap(), [""; 0]);

        let renamed = BASE.replace("{name: ", "{title: ");
        let said = changes(BASE, &renamed).unwrap().join("\n");
        assert!(said.contains("Thing") && said.contains("name"), "{said}");
    }
}
