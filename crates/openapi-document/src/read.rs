//! Reads the text of a document, no further than it may be parsed.

use std::fs::File;
use std::io::{Error, ErrorKind, Read as _, Result};
use std::path::Path;

/// The maximum size of a text, in bytes.
pub const MAX_TEXT_BYTES: usize = 8 * 1024 * 1024;

/// Reads a file of UTF-8 text that has at most 8 MiB. Of a longer one, and of a device or pipe
/// that does not end, no more than that is read.
///
/// # Errors
///
/// If the file cannot be read, is longer, or is not UTF-8; the last two are
/// [`ErrorKind::InvalidData`].
pub fn read_text(path: impl AsRef<Path>) -> Result<String> {
    let limit = u64::try_from(MAX_TEXT_BYTES).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    File::open(path)?.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() > MAX_TEXT_BYTES {
        let message = format!("it has more than {MAX_TEXT_BYTES} bytes");
        return Err(Error::new(ErrorKind::InvalidData, message));
    }
    String::from_utf8(bytes).map_err(|error| Error::new(ErrorKind::InvalidData, error.utf8_error()))
}
