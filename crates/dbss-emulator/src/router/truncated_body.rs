//! A response body that ends before its announced length.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, SizeHint};

/// A body that announces the length of `whole` and ends after half of it.
pub(super) fn truncated(whole: &Bytes) -> Body {
    let first_half = whole.slice(..whole.len() / 2);
    Body::new(TruncatedBody { length: whole.len(), progress: Progress::FirstHalf(first_half) })
}

struct TruncatedBody {
    length: usize,
    progress: Progress,
}

enum Progress {
    FirstHalf(Bytes),
    /// Hyper has the first half, but has not written it yet: it would drop it if the
    /// body failed now, so the body is pending once.
    Flushing,
    Failed,
}

impl HttpBody for TruncatedBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        match std::mem::replace(&mut self.progress, Progress::Failed) {
            Progress::FirstHalf(data) => {
                self.progress = Progress::Flushing;
                Poll::Ready(Some(Ok(Frame::data(data))))
            }
            Progress::Flushing => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Progress::Failed => {
                Poll::Ready(Some(Err(io::Error::other("body truncated by an injected fault"))))
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(u64::try_from(self.length).unwrap_or(u64::MAX))
    }
}
