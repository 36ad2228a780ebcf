//! `cargo xtask lint`: what is wrong with a contract, all at once.

use std::path::{Path, PathBuf};

use dbss_codegen::lint;
use openapi_document::{Diagnostic, Document, LoadOptions, read_text};

use crate::Outcome;
use crate::root::CONTRACT;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The contract to check [default: openapi/dbss.yaml]
    file: Option<PathBuf>,
    /// Take warnings for errors.
    #[arg(long)]
    deny_warnings: bool,
    /// How the findings are written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Print the table of rules instead.
    #[arg(long, conflicts_with_all = ["file", "deny_warnings"])]
    rules: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people, with the line that each is about.
    Text,
    /// GitHub's commands, which put each on its line of a pull request.
    Annotations,
}

/// A finding as a command to GitHub's runner.
fn annotation(found: &Diagnostic) -> String {
    let escape = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| escape(text).replace(':', "%3A").replace(',', "%2C");
    format!(
        "::{} file={},line={},col={},title={}::{}",
        found.severity,
        property(&found.file),
        found.position.line,
        found.position.column,
        property(found.rule),
        escape(&format!("{}\n{}", found.message, found.help)),
    )
}

pub(crate) fn run(root: &Path, arguments: &Arguments) -> Result<Outcome, String> {
    if arguments.rules {
        for rule in lint::rules() {
            println!("{:7} {:26} {}", rule.severity.to_string(), rule.id, rule.requirement);
        }
        return Ok(Outcome::Fine);
    }
    let (path, name) = match &arguments.file {
        Some(file) => (file.clone(), file.display().to_string()),
        None => (root.join(CONTRACT), CONTRACT.to_owned()),
    };
    let text = read_text(&path).map_err(|error| format!("cannot read {name}: {error}"))?;
    let report = match Document::parse(&name, text, &LoadOptions::strict()) {
        Ok(document) => lint::lint(&document),
        Err(report) => report,
    };
    match arguments.format {
        Format::Annotations => report.iter().for_each(|found| println!("{}", annotation(found))),
        Format::Text if report.is_empty() => {}
        Format::Text => println!("{report}\n"),
    }
    println!("{name}: {}", report.summary());
    let found = report.has_errors() || (arguments.deny_warnings && !report.is_empty());
    Ok(if found { Outcome::Found } else { Outcome::Fine })
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn rejects_a_file_that_never_ends() {
        let arguments = Arguments {
            file: Some(PathBuf::from("/dev/zero")),
            deny_warnings: false,
            format: Format::Text,
            rules: false,
        };
        let error = run(Path::new("."), &arguments).err().unwrap_or_default();
        assert!(error.contains("more than 8388608 bytes"), "{error}");
    }
}
