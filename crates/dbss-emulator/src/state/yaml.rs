//! State from a YAML file.

use std::collections::HashMap;
use std::io::Read;

use saphyr_parser::{Event, Parser, ScanError};

use super::shape::STATE;
use super::{MAX_BYTES, State};
use crate::json;

/// How deep a state file may nest. A state nests four deep.
const MAX_DEPTH: usize = 32;

/// The parser keeps the tokens of a collection in brackets until it knows whether that is a key. Each
/// of them has one of these characters, or follows one. The largest state has 250,000, as many short
/// scopes in JSON.
const INDICATORS: [u8; 7] = *b",:[]{}?";
const MAX_INDICATORS: usize = 300_000;

/// Why the text of a state file is not a valid state, with line and column. It quotes
/// names, but no values, because they may be secrets.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidStateFile(String);

impl InvalidStateFile {
    /// Control characters of a state file must not reach a terminal.
    fn new(reason: &str) -> Self {
        Self(reason.escape_debug().to_string().replace("\\'", "'"))
    }
}

/// What serde calls values of these kinds before it quotes one, and what is shown in its place.
const QUOTED_KINDS: [(&str, &str); 5] = [
    ("string \"", "a text"),
    ("character `", "a text"),
    ("integer `", "a number"),
    ("floating point `", "a number"),
    ("boolean `", "a boolean"),
];

/// The message without the value that serde quotes before "expected".
fn without_values(message: &str) -> String {
    let quoted = QUOTED_KINDS.iter().filter_map(|(kind, shown)| Some((message.find(kind)?, shown)));
    match (quoted.min(), message.rfind(", expected")) {
        (Some((start, shown)), Some(end)) if start < end => {
            let (before, after) = (message.get(..start), message.get(end..));
            format!("{}{shown}{}", before.unwrap_or_default(), after.unwrap_or_default())
        }
        _ => message.to_owned(),
    }
}

impl State {
    /// A state file with the default state, with comments.
    pub const DEFAULT_YAML: &str = include_str!("../../state.yaml");

    /// Parses the text of a state file, which is YAML or JSON. Fields that it leaves out
    /// are as in the default state.
    ///
    /// # Errors
    ///
    /// [`InvalidStateFile`] if the text is larger than 1 MiB, with what its aliases stand for,
    /// nests deeper than 32 levels, is not YAML, or does not have the fields of a state. Whether the state is consistent is
    /// checked when an emulator starts.
    pub fn from_yaml(text: &str) -> Result<Self, InvalidStateFile> {
        if text.len() > MAX_BYTES {
            return Err(InvalidStateFile("it is larger than 1 MiB".to_owned()));
        }
        check_extent(text)?;
        let invalid =
            |error: serde_norway::Error| InvalidStateFile::new(&without_values(&error.to_string()));
        let state = serde_norway::from_str(text).map_err(invalid)?;
        // Only now: the errors of the former have a line and a column.
        let value = serde_norway::from_str(text).map_err(invalid)?;
        json::check(&value, "it", STATE).map_err(|reason| InvalidStateFile::new(&reason))?;
        Ok(state)
    }

    /// Reads a state file. It may be a pipe; of one that does not end, 1 MiB is read.
    ///
    /// # Errors
    ///
    /// Those of [`from_yaml`](Self::from_yaml), and if it cannot be read.
    pub fn read_yaml(file: impl Read) -> Result<Self, InvalidStateFile> {
        let limit = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX);
        let mut bytes = Vec::new();
        file.take(limit.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(|error| InvalidStateFile(format!("it cannot be read: {error}")))?;
        if bytes.len() > MAX_BYTES {
            return Err(InvalidStateFile("it is larger than 1 MiB".to_owned()));
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            InvalidStateFile(format!("it is not UTF-8: {}", error.utf8_error()))
        })?;
        Self::from_yaml(&text)
    }
}

/// Parses the text without building anything, for what the parser of [`State`] does not limit: it
/// takes quadratic time for nesting, and copies a text for each of its aliases.
fn check_extent(text: &str) -> Result<(), InvalidStateFile> {
    if text.bytes().filter(|byte| INDICATORS.contains(byte)).count() > MAX_INDICATORS {
        let reason = "it has more than 300,000 of the characters `,:[]{}?`".to_owned();
        return Err(InvalidStateFile(reason));
    }
    // The sizes of what has an anchor, by its number, and of what is open, with its anchor.
    let mut anchored: HashMap<usize, usize> = HashMap::new();
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut size = 0_usize;
    let mut parser = Parser::new_from_str(text.trim_start_matches('\u{feff}'));
    while let Some(event) = parser.next_event() {
        let (event, _) = event.map_err(|error| syntax_error(text, &error))?;
        match event {
            Event::Scalar(text, _, anchor, _) => {
                let own = text.len().max(1);
                anchored.insert(anchor, own);
                size = size.saturating_add(own);
            }
            Event::Alias(anchor) => {
                let of_alias = anchored.get(&anchor).copied().unwrap_or_default();
                size = size.saturating_add(of_alias.max(1));
            }
            Event::SequenceStart(anchor, _) | Event::MappingStart(anchor, _) => {
                open.push((anchor, size));
                size = size.saturating_add(1);
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some((anchor, before)) = open.pop() {
                    anchored.insert(anchor, size - before);
                }
            }
            _ => {}
        }
        if open.len() > MAX_DEPTH {
            return Err(too_deep());
        }
        if size > MAX_BYTES {
            return Err(InvalidStateFile("it is larger than 1 MiB with its aliases".to_owned()));
        }
    }
    Ok(())
}

fn too_deep() -> InvalidStateFile {
    InvalidStateFile(format!("it is nested deeper than {MAX_DEPTH} levels"))
}

/// What the parser rejects, with the place. At some depth it is the nesting, which is more to the
/// point; brackets in text and comments count for that as well.
fn syntax_error(text: &str, error: &ScanError) -> InvalidStateFile {
    let place = error.marker();
    let before = text.chars().take(place.index());
    let depth = before.fold(0_usize, |depth, character| match character {
        '[' | '{' => depth + 1,
        ']' | '}' => depth.saturating_sub(1),
        _ => depth,
    });
    if depth > MAX_DEPTH {
        return too_deep();
    }
    let (line, column) = (place.line(), place.col() + 1);
    InvalidStateFile::new(&format!("{} at line {line} column {column}", error.info()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn secrets(state: &State) -> Vec<&str> {
        let keys = state.access_keys.iter().flat_map(|key| {
            std::iter::once(key.secret_key.expose_secret())
                .chain(key.security_token.as_ref().map(ExposeSecret::expose_secret))
        });
        let users = state.users.iter().map(|user| user.password.expose_secret());
        let tokens = state.tokens.iter().map(|token| token.token.expose_secret());
        keys.chain(users).chain(tokens).collect()
    }

    #[test]
    fn parses_the_default_state_file_to_the_default_state() {
        let shown = State::from_yaml(State::DEFAULT_YAML).unwrap();
        let default = State::default();
        assert_eq!(format!("{shown:#?}"), format!("{default:#?}"));
        assert_eq!(secrets(&shown), secrets(&default));
    }

    #[test]
    fn fills_in_missing_fields_from_the_default_state() {
        let state = State::from_yaml("region: eu-west-0\ninstances: []").unwrap();
        assert_eq!(state.region, "eu-west-0");
        assert_eq!(state.instances, []);
        assert_eq!(state.users.len(), State::default().users.len());
    }

    #[test]
    fn rejects_invalid_files_with_the_place() {
        for (text, part) in [
            ("regoin: x", "unknown field `regoin`"),
            ("instances:\n  - id: 3\n    scopes: no", "line 3"),
            ("instances:\n  - {id: a, status: RUNNING}", "unknown variant `RUNNING`"),
            ("instances:\n  - {id: a, details: {cpus: 4}}", "unknown field `cpus`"),
            ("instances:\n  - {id: a, details: {cpu: many}}", "a text, expected i64"),
            ("users: [", "did not find"),
        ] {
            let error = State::from_yaml(text).unwrap_err().to_string();
            assert!(error.contains(part), "{text}: {error}");
        }
    }

    #[test]
    fn quotes_no_secrets_in_errors() {
        for text in ["tokens: [s3cret]", "tokens: 's3\", expected cret'", "users:\n  - s3cret"] {
            let error = State::from_yaml(text).unwrap_err();
            let shown = format!("{error} {error:?}");
            assert!(shown.contains("a text, expected"), "{shown}");
            assert!(!shown.contains("s3") && !shown.contains("cret"), "{shown}");
        }
        for text in ["tokens: [98765]", "users: 98765", "tokens: [-98765]", "tokens: [98765.25]"] {
            let error = State::from_yaml(text).unwrap_err();
            let shown = format!("{error} {error:?}");
            assert!(shown.contains("a number, expected"), "{shown}");
            assert!(!shown.contains("98765"), "{shown}");
        }
    }
}
