//! Responses that can be large, such as the recorded requests: clients can ask for many of them and
//! not read them. So those that are large are written one at a time, on a thread that serves nobody
//! meanwhile, and share a budget of memory until they have been read; small ones do not wait for
//! them.

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
    /// Held while a large one waits for room and is written: a client that asks for many has as
    /// many waiting, and one at work.
    writing: Mutex<()>,
}

impl LargeResponses {
    /// What `value` returns, as JSON, once there is room for it. The value is asked for anew when
    /// its size is learnt and when there is room, so that none is held in between. `size` is how
    /// many bytes it roughly has, or 0.
    pub(crate) async fn write<T, F>(&self, size: usize, value: F) -> Bytes
    where
        T: Serialize,
        F: Fn() -> T + Clone + Send + 'static,
    {
        if size <= SMALL_BYTES
            && let Some(small) = small(&value())
        {
            return small.into();
        }
        let _writing = self.writing.lock().await;
        let again = value.clone();
        let length = blocking(move || length(&value())).await;
        let part = self.budget.take(length).await;
        blocking(move || {
            let mut text = Vec::with_capacity(length);
            // It fails only for maps with keys other than text, of which there is none.
            let _ = serde_json::to_writer(&mut text, &again());
            Bytes::from_owner(Text { text, _part: part })
        })
        .await
    }
}

/// What `work` returns, or nothing if it panics. It runs on a thread of its own: many megabytes
/// would keep a worker from everything else for tenths of a second.
async fn blocking<T: Default + Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap_or_default()
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
