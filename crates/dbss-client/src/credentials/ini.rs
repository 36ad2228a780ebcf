//! Parses the subset of INI that a profile file uses: sections, `key = value`, comments.

use std::fmt;

/// A key of a section and its value, which may be a secret.
pub(super) struct Entry<'a> {
    pub(super) key: String,
    pub(super) value: &'a str,
    /// Counted from one.
    pub(super) line: usize,
}

/// Why a file cannot be parsed, and where; never with the text of a line, which may be a
/// secret.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ParseError {
    pub(super) line: usize,
    pub(super) what: ParseErrorKind,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum ParseErrorKind {
    NoEntry,
    OpenSection,
    NoSection,
    Repeated { key: String, first: usize },
}

impl fmt::Display for ParseErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoEntry => f.write_str("neither a section, nor a comment, nor `key = value`"),
            Self::OpenSection => f.write_str("a section without its closing `]`"),
            Self::NoSection => f.write_str("a key before the first section"),
            Self::Repeated { key, first } => {
                write!(f, "`{}` is given here and in line {first}", key.escape_debug())
            }
        }
    }
}

/// A section and its entries.
pub(super) struct Section<'a> {
    pub(super) name: &'a str,
    /// The line where it begins, counted from one.
    pub(super) line: usize,
    pub(super) entries: Vec<Entry<'a>>,
    /// What is wrong within it. It concerns nobody who reads another section.
    pub(super) fault: Option<ParseError>,
}

/// The sections of a file, in order; one that is given in several places is one section. Keys
/// are in lower case. A comment is a line that begins with `#` or `;`; within a value these
/// are part of it. Quotes around a value are not.
pub(super) fn sections(text: &str) -> Result<Vec<Section<'_>>, ParseError> {
    let mut sections: Vec<Section<'_>> = Vec::new();
    let mut current: Option<&str> = None;
    for (line, content) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        let fault = |what| Err(ParseError { line, what });
        let content = content.trim();
        if content.is_empty() || content.starts_with(['#', ';']) {
            continue;
        }
        if let Some(rest) = content.strip_prefix('[') {
            let Some(name) = rest.strip_suffix(']').map(str::trim) else {
                return fault(ParseErrorKind::OpenSection);
            };
            current = Some(name);
            if !sections.iter().any(|section| section.name == name) {
                sections.push(Section { name, line, entries: Vec::new(), fault: None });
            }
            continue;
        }
        let Some((key, value)) = content.split_once(['=', ':']) else {
            return fault(ParseErrorKind::NoEntry);
        };
        let (key, value) = (key.trim().to_ascii_lowercase(), unquoted(value.trim()));
        let Some(section) = sections.iter_mut().find(|section| current == Some(section.name))
        else {
            return fault(ParseErrorKind::NoSection);
        };
        match section.entries.iter().find(|entry| entry.key == key) {
            Some(Entry { line: first, .. }) => {
                let what = ParseErrorKind::Repeated { key, first: *first };
                section.fault.get_or_insert(ParseError { line, what });
            }
            None => section.entries.push(Entry { key, value, line }),
        }
    }
    Ok(sections)
}

/// A value without the quotes around it. Huawei's SDKs take these as a part of it, and no key
/// has them.
fn unquoted(value: &str) -> &str {
    let within = |quote| value.strip_prefix(quote)?.strip_suffix(quote);
    within('"').or_else(|| within('\'')).unwrap_or(value)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    type Plain = (String, String, usize);

    fn section<'a>(text: &'a str, name: &str) -> Result<Option<Section<'a>>, ParseError> {
        let found = sections(text)?.into_iter().find(|section| section.name == name);
        match found {
            Some(Section { fault: Some(fault), .. }) => Err(fault),
            found => Ok(found),
        }
    }

    fn read(text: &str) -> Option<(usize, Vec<Plain>)> {
        let Section { line, entries, .. } = section(text, "basic").ok()??;
        let plain = |entry: Entry<'_>| (entry.key, entry.value.to_owned(), entry.line);
        Some((line, entries.into_iter().map(plain).collect()))
    }

    #[test]
    fn parses_sections_keys_and_comments() {
        let text = "\u{feff}# a comment\r\n[global]\r\nak = other\r\n\r\n[ basic ]\r\n  AK=one\r\n\
                    ; sk = none\r\nsk : a=b#c;d\r\nempty =\r\n[more]\r\nak = third\r\n";
        let entry = |key: &str, value: &str, line| (key.to_owned(), value.to_owned(), line);
        let expected =
            vec![entry("ak", "one", 6), entry("sk", "a=b#c;d", 8), entry("empty", "", 9)];
        assert_eq!(read(text), Some((5, expected)));
    }

    #[test]
    fn parses_empty_and_missing_sections() {
        assert_eq!(read("[basic]"), Some((1, vec![])));
        assert_eq!(read("[other]\nak = x"), None);
        assert_eq!(read(""), None);
    }

    #[test]
    fn merges_repeated_sections() {
        let (line, entries) = read("[basic]\na = 1\n[b]\na = 2\n[basic]\nc = 3").unwrap();
        assert_eq!((line, entries.len()), (1, 2));
    }

    #[test]
    fn reports_line_of_parse_errors() {
        let repeated = ParseErrorKind::Repeated { key: "ak".into(), first: 2 };
        for (text, line, what) in [
            ("[basic]\ns3cret", 2, ParseErrorKind::NoEntry),
            ("[basic", 1, ParseErrorKind::OpenSection),
            ("\nak = s3cret", 2, ParseErrorKind::NoSection),
            ("[basic]\nak = s3cret\nsk = x\nAK = s3cret", 4, repeated),
        ] {
            let fault = section(text, "basic").err().unwrap();
            assert!(!fault.what.to_string().contains("s3cret"));
            assert_eq!(fault, ParseError { line, what }, "{text}");
        }
    }
}
