//! Reads inputs from standard input and from files.

use std::fs::File;
use std::io::{self, Read};

use serde_json::Value;

use crate::failure::{Cause, Input, InputSource, ReadError};

/// The largest input in bytes. The API gateway in front of the service accepts no
/// larger body.
const MAX_BYTES: u64 = 12 << 20;

/// The argument that means standard input.
pub(crate) const STDIN_ARGUMENT: &str = "-";

/// Standard input, which can be read once.
#[derive(Default)]
pub(crate) struct Stdin {
    read_for: Option<Input>,
}

impl Stdin {
    /// Reads all of standard input as the value of `input`.
    pub(crate) async fn read(&mut self, input: Input) -> Result<String, Cause> {
        if let Some(first) = self.read_for.replace(input) {
            return Err(Cause::StdinReadTwice { first, second: input });
        }
        let read = blocking(|| read_text(io::stdin().lock())).await;
        read.map_err(|error| Cause::UnreadableInput { input, source: InputSource::Stdin, error })
    }
}

/// Reads ids: those of the command line, and for `-` those of standard input.
/// Duplicates are dropped.
pub(crate) async fn read_ids(
    arguments: &[String],
    stdin: &mut Stdin,
) -> Result<Vec<String>, Cause> {
    let mut ids: Vec<String> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    let mut stdin_read = false;
    for id in arguments {
        let more = if id != STDIN_ARGUMENT {
            vec![id.clone()]
        } else if stdin_read {
            continue;
        } else {
            stdin_read = true;
            let text = stdin.read(Input::Ids).await?;
            text.split_whitespace().map(str::to_owned).collect()
        };
        ids.extend(more.into_iter().filter(|id| seen.insert(id.clone())));
    }
    if ids.is_empty() { Err(Cause::NoIds) } else { Ok(ids) }
}

/// Reads the value of `--body`: JSON, `@FILE` or `-`.
pub(crate) async fn read_body(argument: &str, stdin: &mut Stdin) -> Result<Value, Cause> {
    let (text, source) = if argument == STDIN_ARGUMENT {
        (stdin.read(Input::Body).await?, InputSource::Stdin)
    } else if let Some(path) = argument.strip_prefix('@') {
        let source = || InputSource::File(path.to_owned());
        let file = path.to_owned();
        let read = || File::open(file).map_err(ReadError::Io).and_then(read_text);
        let read = blocking(read).await;
        let unreadable =
            |error| Cause::UnreadableInput { input: Input::Body, source: source(), error };
        (read.map_err(unreadable)?, source())
    } else {
        (argument.to_owned(), InputSource::Argument)
    };
    serde_json::from_str(&text).map_err(|error| Cause::BodyNotJson { source, error })
}

/// Reads on a thread of its own, so that the runtime can still handle Ctrl-C.
async fn blocking(
    read: impl FnOnce() -> Result<String, ReadError> + Send + 'static,
) -> Result<String, ReadError> {
    let read = tokio::task::spawn_blocking(read).await;
    read.unwrap_or_else(|error| Err(ReadError::Io(io::Error::other(error))))
}

/// Reads UTF-8 up to the limit and drops a byte order mark.
fn read_text(reader: impl Read) -> Result<String, ReadError> {
    let mut bytes = Vec::new();
    reader.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(ReadError::Io)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(ReadError::TooLarge);
    }
    let text = String::from_utf8(bytes).map_err(|_| ReadError::NotUtf8)?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}
