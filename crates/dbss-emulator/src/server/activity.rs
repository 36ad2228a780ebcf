//! Whether a connection is idle: no request is being answered on it.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes};
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use tokio::sync::Notify;

/// What a connection does. It is shared by its socket and the responses on it.
#[derive(Debug)]
pub(super) struct Activity {
    /// Requests that have been read and whose responses have not been handed over.
    requests: AtomicUsize,
    /// Whether the client does not take what is written.
    is_write_blocked: AtomicBool,
    /// Notified when a request ends.
    changed: Arc<Notify>,
}

impl Activity {
    pub(super) fn new(changed: Arc<Notify>) -> Arc<Self> {
        Arc::new(Self {
            requests: AtomicUsize::new(0),
            is_write_blocked: AtomicBool::new(false),
            changed,
        })
    }

    pub(super) fn is_idle(&self) -> bool {
        self.is_between_responses() && !self.is_write_blocked.load(Ordering::Acquire)
    }

    /// Whether every response has been handed over; some of it may not have been written yet.
    pub(super) fn is_between_responses(&self) -> bool {
        self.requests.load(Ordering::Acquire) == 0
    }

    pub(super) fn set_write_blocked(&self, is_blocked: bool) {
        if self.is_write_blocked.swap(is_blocked, Ordering::AcqRel) && !is_blocked {
            self.changed.notify_waiters();
        }
    }

    /// The connection is busy as long as the returned value exists.
    pub(super) fn begin_request(self: &Arc<Self>) -> RequestUnderWay {
        self.requests.fetch_add(1, Ordering::AcqRel);
        RequestUnderWay(Arc::clone(self))
    }
}

/// A request that has not been answered yet.
#[derive(Debug)]
pub(super) struct RequestUnderWay(Arc<Activity>);

impl Drop for RequestUnderWay {
    fn drop(&mut self) {
        self.0.requests.fetch_sub(1, Ordering::AcqRel);
        self.0.changed.notify_waiters();
    }
}

/// How many bytes of a response's body are handed over at once. hyper copies what it gets, and asks
/// for more only when it has written most of it.
const PART_BYTES: usize = 64 * 1024;

/// The body of a response; its request is under way until the body has been handed over.
pub(super) struct ResponseBody {
    body: Body,
    /// What is left of the last part of `body`.
    rest: Bytes,
    _request: RequestUnderWay,
}

impl ResponseBody {
    pub(super) fn new(body: Body, request: RequestUnderWay) -> Self {
        Self { body, rest: Bytes::new(), _request: request }
    }

    fn take_part(&mut self) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let length = self.rest.len().min(PART_BYTES);
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(length)))))
    }
}

impl HttpBody for ResponseBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if !self.rest.is_empty() {
            return self.take_part();
        }
        match ready!(Pin::new(&mut self.body).poll_frame(context)) {
            Some(Ok(frame)) => match frame.into_data() {
                Ok(data) if data.len() > PART_BYTES => {
                    self.rest = data;
                    self.take_part()
                }
                Ok(data) => Poll::Ready(Some(Ok(Frame::data(data)))),
                Err(other) => Poll::Ready(Some(Ok(other))),
            },
            end => Poll::Ready(end),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let rest = u64::try_from(self.rest.len()).unwrap_or(u64::MAX);
        let body = self.body.size_hint();
        let mut hint = SizeHint::new();
        hint.set_lower(body.lower().saturating_add(rest));
        if let Some(upper) = body.upper() {
            hint.set_upper(upper.saturating_add(rest));
        }
        hint
    }
}
