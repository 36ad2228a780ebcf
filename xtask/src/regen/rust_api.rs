//! Reports what an edit of the contract breaks in the Rust API of what existed before it. It is
//! reported when the code is written, so that nobody learns it from a pull request.

use std::path::Path;
use std::sync::Arc;

use spec_review::cli::Repository;
use spec_review::render::message;
use spec_review::{Axis, DocumentText, Options, compare};

use crate::chain;
use crate::diff::DbssCodegen;
use crate::root::CONTRACT;

/// Prints what of the Rust API breaks, compared with the last commit.
pub(super) fn report_breaks(root: &Path, head: &str) -> Result<(), String> {
    // Without a history there is nothing to compare with.
    let Ok(base) = Repository::new(root).file_at("HEAD", CONTRACT) else { return Ok(()) };
    let changes = changes(&base, head)?;
    if !changes.is_empty() {
        say!("\nsince the last commit, this breaks code that uses the client:");
        for change in changes {
            say!("  {change}");
        }
        say!("to see it with everything else that changed: cargo xtask diff HEAD:{CONTRACT}");
    }
    Ok(())
}

/// A line for each change that breaks code. A base from which nothing is generated has no code.
fn changes(base: &str, head: &str) -> Result<Vec<String>, String> {
    if base == head {
        return Ok(Vec::new());
    }
    let options = Options::default().client_generator(Arc::new(DbssCodegen));
    let inputs = [DocumentText::new(CONTRACT, base), DocumentText::new(CONTRACT, head)];
    let [base, head] = &inputs;
    let report = compare(base, head, &options).map_err(|error| chain(&error))?;
    let breaking = report.on_axis(Axis::Rust).filter(|found| found.level.is_break());
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
    fn reports_broken_items_and_no_added_ones() {
        assert_eq!(changes(BASE, BASE).unwrap(), [""; 0]);
        let added = BASE.replace("{name: ", "{size: {type: integer}, name: ");
        assert_eq!(changes(BASE, &added).unwrap(), [""; 0]);

        let renamed = BASE.replace("{name: ", "{title: ");
        let printed = changes(BASE, &renamed).unwrap().join("\n");
        assert!(printed.contains("Thing") && printed.contains("name"), "{printed}");
    }
}
