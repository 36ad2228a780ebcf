//! As much of INI as a profile file has: sections, `key = value`, comments.

use std::fmt;

/// A key of a section and its value, which may be a secret.
pub(super) struct Entry<'a> {
    pub(super) key: String,
    pub(super) value: &'a str,
    /// Counted from one.
    pub(super) line: usize,
}

/// What keeps a file from being read, and where; never the text of a line, which
/// may be a secret.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) line: usize,
    pub(super) what: FaultKind,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum FaultKind {
    NoEntry,
    OpenSection,
    NoSection,
    Repeated { key: String, first: usize },
}

impl fmt::Display for FaultKind {
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

/// The entries of a section, and the line where it begins; none if there is no
/// such section. Names of keys are taken in lower case. A comment is a line that
/// begins with `#` or `;`; within a value these are part of it.
pub(super) fn section<'a>(
    text: &'a str,
    wanted: &str,
) -> Result<Option<(usize, Vec<Entry<'a>>)>, Fault> {
    let mut found: Option<(usize, Vec<Entry<'a>>)> = None;
    let mut current: Option<&str> = None;
    for (line, content) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        let fault = |what| Err(Fault { line, what });
        let content = content.trim();
        if content.is_empty() || content.starts_with(['#', ';']) {
            continue;
        }
        if let Some(rest) = content.strip_prefix('[') {
            let Some(name) = rest.strip_suffix(']') else { return fault(FaultKind::OpenSection) };
            current = Some(name.trim());
            if current == Some(wanted) && found.is_none() {
                found = Some((line, Vec::new()));
            }
            continue;
        }
        let Some((key, value)) = content.split_once(['=', ':']) else {
            return fault(FaultKind::NoEntry);
        };
        let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
        if current.is_none() {
            return fault(FaultKind::NoSection);
        }
        let Some((_, entries)) = found.as_mut().filter(|_| current == Some(wanted)) else {
            continue;
        };
        if let Some(first) = entries.iter().find(|entry| entry.key == key) {
            return fault(FaultKind::Repeated { key, first: first.line });
        }
        entries.push(Entry { key, value, line });
    }
    Ok(found)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    type Plain = (String, String, usize);

    fn read(text: &str) -> Option<(usize, Vec<Plain>)> {
        let (line, entries) = section(text, "basic").ok()??;
        let plain = |entry: Entry<'_>| (entry.key, entry.value.to_owned(), entry.line);
        Some((line, entries.into_iter().map(plain).collect()))
    }

    #[test]
    fn sections_keys_and_comments() {
        let text = "\u{feff}# a comment\r\n[global]\r\nak = other\r\n\r\n[ basic ]\r\n  AK=one\r\n\
                    ; sk = none\r\nsk : a=b#c;d\r\nempty =\r\n[more]\r\nak = third\r\n";
        let entry = |key: &str, value: &str, line| (key.to_owned(), value.to_owned(), line);
        let expected =
            vec![entry("ak", "one", 6), entry("sk", "a=b#c;d", 8), entry("empty", "", 9)];
        assert_eq!(read(text), Some((5, expected)));
    }

    #[test]
    fn a_section_may_be_empty_or_missing() {
        assert_eq!(read("[basic]"), Some((1, vec![])));
        assert_eq!(read("[other]\nak = x"), None);
        assert_eq!(read(""), None);
    }

    #[test]
    fn a_section_may_go_on_later() {
        let (line, entries) = read("[basic]\na = 1\n[b]\na = 2\n[basic]\nc = 3").unwrap();
        assert_eq!((line, entries.len()), (1, 2));
    }

    #[test]
    fn faults_have_their_line() {
        let repeated = FaultKind::Repeated { key: "ak".into(), first: 2 };
        for (text, line, what) in [
            ("[basic]\ns3cret", 2, FaultKind::NoEntry),
            ("[basic", 1, FaultKind::OpenSection),
            ("\nak = s3cret", 2, FaultKind::NoSection),
            ("[basic]\nak = s3cret\nsk = x\nAK = s3cret", 4, repeated),
        ] {
            let fault = section(text, "basic").err().unwrap();
            assert!(!fault.what.to_string().contains("s3cret"));
            assert_eq!(fault, Fault { line, what }, "{text}");
        }
    }
}
