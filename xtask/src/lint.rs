//! `cargo xtask lint`: reports everything that is wrong with a contract.

use std::path::{Path, PathBuf};

use dbss_codegen::lint;
use openapi_document::{Diagnostic, Document, LoadOptions, read_text};

use crate::Status;
use crate::root::CONTRACT;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The contract to check [default: openapi/dbss.yaml]
    file: Option<PathBuf>,
    /// Treat warnings as errors.
    #[arg(long)]
    deny_warnings: bool,
    /// The format of the report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Print the table of rules instead.
    #[arg(long, conflicts_with_all = ["file", "deny_warnings"])]
    rules: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people, each with an excerpt of the contract.
    Text,
    /// GitHub's workflow commands, shown beside the line in a pull request.
    Annotations,
}

/// A diagnostic as a workflow command of GitHub.
fn annotation(diagnostic: &Diagnostic) -> String {
    let escape = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| escape(text).replace(':', "%3A").replace(',', "%2C");
    format!(
        "::{} file={},line={},col={},title={}::{}",
        diagnostic.severity,
        property(&diagnostic.file),
        diagnostic.position.line,
        diagnostic.position.column,
        property(diagnostic.rule),
        escape(&format!("{}\n{}", diagnostic.message, diagnostic.help)),
    )
}

pub(crate) fn run(root: &Path, arguments: &Arguments) -> Result<Status, String> {
    if arguments.rules {
        for rule in lint::rules() {
            say!("{:7} {:26} {}", rule.severity.to_string(), rule.id, rule.requirement);
        }
        return Ok(Status::Clean);
    }
    let (path, name) = match &arguments.file {
        Some(file) => (file.clone(), file.display().to_string()),
        None => (root.join(CONTRACT), CONTRACT.to_owned()),
    };
    let text = read_text(path).map_err(|error| format!("cannot read {name}: {error}"))?;
    let report = match Document::parse(&name, text, &LoadOptions::strict()) {
        Ok(document) => lint::lint(&document),
        Err(report) => report,
    };
    match arguments.format {
        Format::Annotations => report.iter().for_each(|found| say!("{}", annotation(found))),
        Format::Text if report.is_empty() => {}
        Format::Text => say!("{report}\n"),
    }
    say!("{name}: {}", report.summary());
    let found = report.has_errors() || (arguments.deny_warnings && !report.is_empty());
    Ok(if found { Status::Found } else { Status::Clean })
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
