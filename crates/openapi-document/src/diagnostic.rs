//! What is wrong with a document, where, and what to do about it.

pub(crate) mod excerpt;

use std::fmt;
use std::sync::Arc;

use excerpt::Excerpt;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The document cannot be used until this is mended.
    Error,
    /// The document works as it stands, and would be better otherwise.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

/// One thing that can be found in a document. Tables of these are what a caller brings along;
/// the loader's own is [`crate::rules`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rule {
    /// The name in reports: kebab-case, stable across releases.
    pub id: &'static str,
    /// Errors keep the document from being used, warnings do not.
    pub severity: Severity,
    /// What the rule asks for, in one line.
    pub requirement: &'static str,
}

impl Rule {
    /// A rule.
    #[must_use]
    pub const fn new(id: &'static str, severity: Severity, requirement: &'static str) -> Self {
        Self { id, severity, requirement }
    }
}

/// A place in a text, as editors count: both numbers start at 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column, in characters (not bytes).
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// One finding.
///
/// `Display` renders it with the line it is about:
///
/// ```text
/// openapi/dbss.yaml:12:9: error[unknown-key]: `minLenght` is not a key of a schema
///    12 |         minLenght: 32
///       |         ^^^^^^^^^
///   help: did you mean `minLength`?
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
// The order of the fields is the order of a report.
pub struct Diagnostic {
    /// The name of the file, as it was given to the loader.
    pub file: Arc<str>,
    /// Where it starts.
    pub position: Position,
    /// Error or warning.
    pub severity: Severity,
    /// The id of the rule.
    pub rule: &'static str,
    /// What is wrong: a lower-case fragment.
    pub message: String,
    /// The way out: a lower-case fragment.
    pub help: String,
    pub(crate) excerpt: Excerpt,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, position, severity, rule, message, help, excerpt } = self;
        writeln!(f, "{}:{position}: {severity}[{rule}]: {message}", escape(file))?;
        writeln!(f, "{:>5} | {}", position.line, excerpt.text)?;
        let gutter = position.line.to_string().len().max(5);
        let (indent, carets) = (" ".repeat(excerpt.indent), "^".repeat(excerpt.carets));
        write!(f, "{:gutter$} | {indent}{carets}", "")?;
        if !help.is_empty() {
            write!(f, "\n  help: {help}")?;
        }
        Ok(())
    }
}

/// Findings in the order of the text, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    diagnostics: Vec<Diagnostic>,
}

impl Report {
    /// Every finding.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter()
    }

    /// The errors alone.
    pub fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        self.iter().filter(|found| found.severity == Severity::Error)
    }

    /// The warnings alone.
    pub fn warnings(&self) -> impl Iterator<Item = &Diagnostic> {
        self.iter().filter(|found| found.severity == Severity::Warning)
    }

    /// Whether the document cannot be used as it is.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.errors().next().is_some()
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.diagnostics.is_empty()
    }

    /// Takes in the findings of another report.
    pub fn merge(&mut self, other: Self) {
        self.diagnostics.extend(other.diagnostics);
        self.diagnostics.sort();
        self.diagnostics.dedup();
    }

    /// The counts in words: "3 errors, 1 warning", or "no findings".
    #[must_use]
    pub fn summary(&self) -> String {
        let count = |number: usize, noun: &str| match number {
            0 => None,
            1 => Some(format!("1 {noun}")),
            _ => Some(format!("{number} {noun}s")),
        };
        let counts =
            [count(self.errors().count(), "error"), count(self.warnings().count(), "warning")];
        let counts: Vec<_> = counts.into_iter().flatten().collect();
        if counts.is_empty() { "no findings".to_owned() } else { counts.join(", ") }
    }
}

impl FromIterator<Diagnostic> for Report {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(diagnostics: I) -> Self {
        let mut report = Self::default();
        report.merge(Self { diagnostics: diagnostics.into_iter().collect() });
        report
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, found) in self.diagnostics.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n\n" };
            write!(f, "{separator}{found}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Report {}

/// A name from a document as messages show it: in backticks, escaped, not too long.
#[must_use]
pub fn quote(name: &str) -> String {
    const LONGEST: usize = 60;
    let shown = match name.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", escape(name.get(..end).unwrap_or_default())),
        None => escape(name),
    };
    format!("`{shown}`")
}

/// Makes characters visible that would move the cursor or change the order of the text.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        excerpt::push_escaped(&mut shown, character);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped_and_cut() {
        assert_eq!(quote("a\u{1b}[31m"), "`a\\u{1b}[31m`");
        assert_eq!(quote("\u{202e}abc"), "`\\u{202e}abc`");
        assert_eq!(quote(&"é".repeat(61)), format!("`{}…`", "é".repeat(60)));
    }
}
