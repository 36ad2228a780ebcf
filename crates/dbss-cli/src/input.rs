//! What is read from standard input and from files.

use std::fs::File;
use std::io::{self, Read};

use dbss_client::ErrorKind;
use serde_json::Value;

use crate::failure::Failure;

/// The gateway in front of the service takes no request that is larger.
const LARGEST: u64 = 12 << 20;

/// Stands for standard input where a value is asked for.
pub(crate) const STDIN: &str = "-";

/// Standard input, which can be read once.
#[derive(Default)]
pub(crate) struct Stdin {
    reader: Option<&'static str>,
}

impl Stdin {
    /// All of standard input, for what is called that on the command line.
    pub(crate) async fn read(&mut self, wanted_for: &'static str) -> Result<String, Failure> {
        if let Some(first) = self.reader.replace(wanted_for) {
            return Err(invalid(format!(
                "standard input cannot be both {first} and {wanted_for}: give one of them another way"
            )));
        }
        // On a thread of its own, so that Ctrl-C is heard.
        let read = tokio::task::spawn_blocking(|| text(io::stdin().lock())).await;
        let read = read.unwrap_or_else(|error| Err(io::Error::other(error)));
        read.map_err(|error| {
            invalid(format!("cannot read {wanted_for} from standard input: {error}"))
        })
    }
}

/// The ids that are given, each once, and those of standard input for `-`.
pub(crate) async fn ids(given: &[String], stdin: &mut Stdin) -> Result<Vec<String>, Failure> {
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
            let text = stdin.read("the ids").await?;
            text.split_whitespace().map(str::to_owned).collect()
        };
        ids.extend(read.into_iter().filter(|id| known.insert(id.clone())));
    }
    if ids.is_empty() {
        return Err(invalid("there is no id on standard input".to_owned()));
    }
    Ok(ids)
}

/// A body: JSON, `@FILE` or `-`.
pub(crate) async fn body(given: &str, stdin: &mut Stdin) -> Result<Value, Failure> {
    let (text, place) = if given == STDIN {
        (stdin.read("the body").await?, "the body on standard input".to_owned())
    } else if let Some(path) = given.strip_prefix('@') {
        let shown = path.escape_debug();
        let read = File::open(path).and_then(text);
        let read =
            read.map_err(|error| invalid(format!("cannot read the body from {shown}: {error}")));
        (read?, format!("the body in {shown}"))
    } else {
        (given.to_owned(), "--body".to_owned())
    };
    serde_json::from_str(&text).map_err(|error| invalid(format!("{place} is not JSON: {error}")))
}

/// Text up to the limit, without a byte order mark.
fn text(source: impl Read) -> io::Result<String> {
    let mut bytes = Vec::new();
    source.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is larger than 12 MiB"));
    }
    let text = String::from_utf8(bytes)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8"))?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

fn invalid(text: String) -> Failure {
    Failure::new(ErrorKind::InvalidInput, text)
}
