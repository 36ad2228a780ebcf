//! Responses that can be large, such as the recorded requests: clients can ask for many of them and
//! not read them. So those that are large are written one at a time, and share a budget of memory
//! until they have been read; small ones do not wait for them.

use std::io::{self, Write};

use bytes::Bytes;
use serde::Serialize;
use tokio::sync::Mutex;

use crate::memory_budget::{MemoryBudget, MemoryPart, SMALL_BYTES};

/// Writes such responses.
#[derive(Debug, Default)]
pub(crate) struct LargeResponses {
    /// The memory for those that have not been read.
    budget: MemoryBudget,
    /// Held while a large one waits for room and is written, which takes a worker's time. So a
    /// client that asks for many has as many waiting, and none at work.
    writing: Mutex<()>,
}

impl LargeResponses {
    /// What `value` returns, as JSON, once there is room for it. The value is asked for anew when
    /// its size is learnt and when there is room, so that none is held in between.
    pub(crate) async fn write<T: Serialize>(&self, value: impl Fn() -> T) -> Bytes {
        if let Some(small) = small(&value()) {
            return small.into();
        }
        let _writing = self.writing.lock().await;
        let length = length(&value());
        let part = self.budget.take(length).await;
        let mut text = Vec::with_capacity(length);
        // It fails only for maps with keys other than text, of which there is none.
        let _ = serde_json::to_writer(&mut text, &value());
        Bytes::from_owner(Text { text, _part: part })
    }
}

/// A text with its part of the budget, which is returned when all of it has been written.
struct Text {
    text: Vec<u8>,
    _part: MemoryPart,
}

impl AsRef<[u8]> for Text {
    fn as_ref(&self) -> &[u8] {
        &self.text
    }
}

/// A value as JSON, if it is small.
fn small(value: &impl Serialize) -> Option<Vec<u8>> {
    let mut text = SmallText(Vec::new());
    serde_json::to_writer(&mut text, value).ok()?;
    Some(text.0)
}

/// A text that ends with an error when it becomes large.
struct SmallText(Vec<u8>);

impl Write for SmallText {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        if self.0.len() + data.len() > SMALL_BYTES {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.0.extend_from_slice(data);
        Ok(data.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The length of a value as JSON.
fn length(value: &impl Serialize) -> usize {
    let mut length = Length(0);
    let _ = serde_json::to_writer(&mut length, value);
    length.0
}

struct Length(usize);

impl Write for Length {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        self.0 = self.0.saturating_add(data.len());
        Ok(data.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
