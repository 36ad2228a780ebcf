//! A body that ends in the middle.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, SizeHint};

/// A body that announces its length and breaks off half way.
pub(super) fn half(whole: &Bytes) -> Body {
    let first = whole.slice(..whole.len() / 2);
    Body::new(Half { length: whole.len(), state: State::First(first) })
}

struct Half {
    length: usize,
    state: State,
}

enum State {
    First(Bytes),
    /// The first half is being written: to fail now would take it back.
    Written,
    Broken,
}

impl HttpBody for Half {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        match std::mem::replace(&mut self.state, State::Broken) {
            State::First(data) => {
                self.state = State::Written;
                Poll::Ready(Some(Ok(Frame::data(data))))
            }
            State::Written => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            State::Broken => Poll::Ready(Some(Err(io::Error::other("broken off on purpose")))),
        }
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(u64::try_from(self.length).unwrap_or(u64::MAX))
    }
}
