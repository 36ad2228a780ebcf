//! Diagnostics: what is wrong with a document, where, and how to fix it.

pub(crate) mod excerpt;

use std::fmt;
use std::sync::Arc;

use excerpt::Excerpt;

/// The severity of a rule and its diagnostics. Errors sort before warnings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// The document cannot be used until this is fixed.
    Error,
    /// The document can be used; fixing this would improve it.
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

/// A rule that documents are checked against. The rules of the loader are in [`crate::rules`];
/// callers define their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Rule {
    /// The identifier in reports: kebab-case, stable across releases.
    pub id: &'static str,
    /// The severity of its diagnostics.
    pub severity: Severity,
    /// What the rule requires, in one sentence.
    pub requirement: &'static str,
}

impl Rule {
    /// Creates a rule.
    #[must_use]
    pub const fn new(id: &'static str, severity: Severity, requirement: &'static str) -> Self {
        Self { id, severity, requirement }
    }
}

/// A position in a text, counted as editors do: line and column start at 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Position {
    /// The line number.
    pub line: usize,
    /// The column, in characters (not bytes or UTF-16 units).
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// An error or a warning at one position of a document.
///
/// `Display` shows it with the line in question:
///
/// ```text
/// openapi/dbss.yaml:12:9: error[unknown-key]: `minLenght` is not a key of a schema
///    12 |         minLenght: 32
///       |         ^^^^^^^^^
///   help: did you mean `minLength`?
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
// The derived order, field by field, is the order of diagnostics in a report.
pub struct Diagnostic {
    /// The name of the document that was passed to [`Document::parse`](crate::Document::parse).
    pub file: Arc<str>,
    /// The position at which the span in question starts.
    pub position: Position,
    /// The severity of the rule.
    pub severity: Severity,
    /// The id of the rule.
    pub rule: &'static str,
    /// What is wrong: a lower-case fragment without a final dot.
    pub message: String,
    /// How to fix it: a lower-case fragment without a final dot.
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

/// Diagnostics without duplicates, by file and in the order of the text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    diagnostics: Vec<Diagnostic>,
}

impl Report {
    /// All diagnostics, in the order of the text.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.diagnostics.iter()
    }

    /// The errors only.
    pub fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        self.iter().filter(|found| found.severity == Severity::Error)
    }

    /// The warnings only.
    pub fn warnings(&self) -> impl Iterator<Item = &Diagnostic> {
        self.iter().filter(|found| found.severity == Severity::Warning)
    }

    /// Whether there is any error, so that the document cannot be used.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.errors().next().is_some()
    }

    /// Whether there is no diagnostic.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.diagnostics.is_empty()
    }

    /// The number of errors and warnings in words: "3 errors, 1 warning", or "no findings".
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
        report.extend(diagnostics);
        report
    }
}

impl Extend<Diagnostic> for Report {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, diagnostics: I) {
        self.diagnostics.extend(diagnostics);
        self.diagnostics.sort();
        self.diagnostics.dedup();
    }
}

impl IntoIterator for Report {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.diagnostics.into_iter()
    }
}

impl<'a> IntoIterator for &'a Report {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.diagnostics.iter()
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

/// Quotes a name from a document for a message: in backticks, [escaped](escape), and cut after 60
/// characters.
#[must_use]
pub fn quote(name: &str) -> String {
    const MAX_CHARACTERS: usize = 60;
    let shown = match name.char_indices().nth(MAX_CHARACTERS) {
        Some((end, _)) => format!("{}…", escape(name.get(..end).unwrap_or_default())),
        None => escape(name),
    };
    format!("`{shown}`")
}

/// Escapes characters that could disturb a terminal or hide text: control, zero-width and
/// bidirectional formatting characters as `\u{…}` or the like, a tab as a space.
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
    fn quotes_names_escaped_and_cut() {
        assert_eq!(quote("a\u{1b}[31m"), "`a\\u{1b}[31m`");
        assert_eq!(quote("\u{202e}abc"), "`\\u{202e}abc`");
        assert_eq!(quote(&"é".repeat(61)), format!("`{}…`", "é".repeat(60)));
    }
}
