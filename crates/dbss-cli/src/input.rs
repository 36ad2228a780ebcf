//! Reads inputs from standard input, from files and from a terminal, within the time limit.

use std::fs::File;
use std::io::{self, IsTerminal as _, Read};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::failure::{Cause, Input, InputSource, ReadError};
use crate::{paths, prompt};

/// The largest input in bytes. The API gateway in front of the service accepts no
/// larger body.
const MAX_BYTES: u64 = 12 << 20;

/// The argument that means standard input.
pub(crate) const STDIN_ARGUMENT: &str = "-";

/// Reads the inputs of a command. What comes from outside may never end, as a pipe that
/// somebody keeps open: the reader has the time limit of a call for all of it. A call then has
/// its own, so that it is not cut short because somebody typed slowly.
pub(crate) struct Reader {
    started: Instant,
    time_limit: Duration,
    /// Standard input can be read once.
    stdin_read_for: Option<Input>,
}

impl Reader {
    pub(crate) fn new(time_limit: Duration) -> Self {
        Self { started: Instant::now(), time_limit, stdin_read_for: None }
    }

    /// Reads all of standard input as the value of `input`.
    pub(crate) async fn stdin(&mut self, input: Input) -> Result<String, Cause> {
        if let Some(first) = self.stdin_read_for.replace(input) {
            return Err(Cause::StdinReadTwice { first, second: input });
        }
        let read = self.blocking(|| read_text(io::stdin().lock())).await;
        unreadable(read, input, || InputSource::Stdin)
    }

    /// Reads a line of standard input that must not be seen: from a terminal without echo.
    pub(crate) async fn secret_stdin(
        &mut self,
        input: Input,
        prompt: String,
    ) -> Result<String, Cause> {
        if io::stdin().is_terminal() {
            self.secret(input, prompt).await
        } else {
            self.stdin(input).await
        }
    }

    /// Asks on the terminal for something that must not be seen, whatever standard input is.
    pub(crate) async fn secret(&self, input: Input, prompt: String) -> Result<String, Cause> {
        let typed = self.limited(prompt::secret(prompt)).await.and_then(|typed| typed);
        unreadable(typed, input, || InputSource::Terminal)
    }

    /// Reads a file as the value of `input`.
    pub(crate) async fn file(&self, input: Input, path: &str) -> Result<String, Cause> {
        let file = paths::with_home(path);
        let read = || File::open(file).map_err(ReadError::Io).and_then(read_text);
        let read = self.blocking(read).await;
        unreadable(read, input, || InputSource::File(path.to_owned()))
    }

    /// Reads on a thread of its own, so that the runtime can still handle signals and the time
    /// limit.
    pub(crate) async fn blocking<T: Send + 'static>(
        &self,
        read: impl FnOnce() -> Result<T, ReadError> + Send + 'static,
    ) -> Result<T, ReadError> {
        let read = self.limited(tokio::task::spawn_blocking(read)).await?;
        read.unwrap_or_else(|error| Err(ReadError::Io(io::Error::other(error))))
    }

    /// Waits within the time limit.
    async fn limited<T>(&self, read: impl Future<Output = T>) -> Result<T, ReadError> {
        let left = self.time_limit.saturating_sub(self.started.elapsed());
        tokio::time::timeout(left, read).await.map_err(|_| ReadError::TimedOut)
    }
}

fn unreadable(
    read: Result<String, ReadError>,
    input: Input,
    source: impl FnOnce() -> InputSource,
) -> Result<String, Cause> {
    read.map_err(|error| Cause::UnreadableInput { input, source: source(), error })
}

/// Reads the value of `--body`: JSON, `@FILE` or `-`.
pub(crate) async fn read_body(argument: &str, reader: &mut Reader) -> Result<Value, Cause> {
    let (text, source) = if argument == STDIN_ARGUMENT {
        (reader.stdin(Input::Body).await?, InputSource::Stdin)
    } else if let Some(path) = argument.strip_prefix('@') {
        (reader.file(Input::Body, path).await?, InputSource::File(path.to_owned()))
    } else {
        (argument.to_owned(), InputSource::Argument)
    };
    serde_json::from_str(&text).map_err(|error| Cause::BodyNotJson { source, error })
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
