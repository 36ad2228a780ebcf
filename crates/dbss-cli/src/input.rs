//! What is read from standard input and from files.

use std::fs::File;
use std::io::{self, Read};

use serde_json::Value;

use crate::failure::{Cause, Input, Place, ReadError};

/// The gateway in front of the service takes no request that is larger.
const LARGEST: u64 = 12 << 20;

/// Stands for standard input where a value is asked for.
pub(crate) const STDIN: &str = "-";

/// Standard input, which can be read once.
#[derive(Default)]
pub(crate) struct Stdin {
    read_for: Option<Input>,
}

impl Stdin {
    /// All of standard input, as that input.
    pub(crate) async fn read(&mut self, input: Input) -> Result<String, Cause> {
        if let Some(first) = self.read_for.replace(input) {
            return Err(Cause::StdinTwice { first, second: input });
        }
        // On a thread of its own, so that Ctrl-C is heard.
        let read = tokio::task::spawn_blocking(|| text(io::stdin().lock())).await;
        let read = read.unwrap_or_else(|error| Err(ReadError::Io(io::Error::other(error))));
        read.map_err(|error| Cause::Unreadable { input, place: Place::Stdin, error })
    }
}

/// The ids that are given, each once, and those of standard input for `-`.
pub(crate) async fn ids(given: &[String], stdin: &mut Stdin) -> Result<Vec<String>, Cause> {
    let mut ids: Vec<String> = Vec::new();
    let mut known = std::collections::HashSet::new();
    let mut is_read = false;
    for id in given {
        let read = if id != STDIN {
            vec![id.clone()]
        } else if is_read {
            continue;
        } else {
            is_read = true;
            let text = stdin.read(Input::Ids).await?;
            text.split_whitespace().map(str::to_owned).collect()
        };
        ids.extend(read.into_iter().filter(|id| known.insert(id.clone())));
    }
    if ids.is_empty() { Err(Cause::NoIds) } else { Ok(ids) }
}

/// A body: JSON, `@FILE` or `-`.
pub(crate) async fn body(given: &str, stdin: &mut Stdin) -> Result<Value, Cause> {
    let (text, place) = if given == STDIN {
        (stdin.read(Input::Body).await?, Place::Stdin)
    } else if let Some(path) = given.strip_prefix('@') {
        let place = || Place::File(path.to_owned());
        let read = File::open(path).map_err(ReadError::Io).and_then(text);
        let unreadable = |error| Cause::Unreadable { input: Input::Body, place: place(), error };
        (read.map_err(unreadable)?, place())
    } else {
        (given.to_owned(), Place::Argument)
    };
    serde_json::from_str(&text).map_err(|error| Cause::BodyNotJson { place, error })
}

/// Text up to the limit, without a byte order mark.
fn text(source: impl Read) -> Result<String, ReadError> {
    let mut bytes = Vec::new();
    source.take(LARGEST + 1).read_to_end(&mut bytes).map_err(ReadError::Io)?;
    if bytes.len() as u64 > LARGEST {
        return Err(ReadError::TooLarge);
    }
    let text = String::from_utf8(bytes).map_err(|_| ReadError::NotUtf8)?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}
