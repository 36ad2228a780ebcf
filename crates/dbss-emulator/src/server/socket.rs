//! A TCP socket with a time limit for blocked writes, the choice to end with a reset, and an
//! eye for responses that hyper writes by itself.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use http::StatusCode;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep};

use super::activity::Activity;
use super::rejected;

/// The request that a socket ends with a reset; clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Reset(Arc<AtomicBool>);

impl Reset {
    pub(super) fn request(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn is_requested(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

#[derive(Debug)]
pub(super) struct Socket {
    stream: TcpStream,
    reset: Reset,
    activity: Arc<Activity>,
    /// The status of a rejected request, whose response has been kept back.
    rejected: Option<StatusCode>,
    write_timeout: Duration,
    /// When a response must have been written, if a write of it has been blocked.
    write_deadline: Pin<Box<Sleep>>,
    is_late: bool,
}

impl Socket {
    pub(super) fn new(
        stream: TcpStream,
        reset: Reset,
        activity: Arc<Activity>,
        write_timeout: Duration,
    ) -> Self {
        Self {
            stream,
            reset,
            activity,
            rejected: None,
            write_timeout,
            write_deadline: Box::pin(sleep(write_timeout)),
            is_late: false,
        }
    }

    /// The status of a request that hyper has rejected, and whose response has been kept back.
    pub(super) fn rejected(&self) -> Option<StatusCode> {
        self.rejected
    }

    pub(super) fn stream(&mut self) -> &mut TcpStream {
        &mut self.stream
    }

    /// Passes a write on, unless it is blocked and the time for the response is over. The time
    /// begins with the first write that is blocked: a client could read a little now and then for
    /// ever.
    fn limited<T>(
        &mut self,
        context: &mut Context<'_>,
        write: impl FnOnce(Pin<&mut TcpStream>, &mut Context<'_>) -> Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if let Poll::Ready(written) = write(Pin::new(&mut self.stream), context) {
            self.activity.set_write_blocked(false);
            return Poll::Ready(written);
        }
        self.activity.set_write_blocked(true);
        if !self.is_late {
            self.is_late = true;
            let end = Instant::now() + self.write_timeout;
            self.write_deadline.as_mut().reset(end);
        }
        ready!(self.write_deadline.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        mut data: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.activity.is_between_responses()
            && let Some((start, status)) = rejected::find_head(data)
        {
            if start == 0 {
                self.rejected = Some(status);
                return Poll::Ready(Ok(data.len()));
            }
            // What stands before it goes out first.
            data = data.get(..start).unwrap_or(data);
        }
        self.limited(context, |stream, context| stream.poll_write(context, data))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = self.limited(context, AsyncWrite::poll_flush);
        // hyper flushes once it has written what it has; if no response is under way, that is all.
        if flushed.is_ready() && self.activity.is_between_responses() {
            self.is_late = false;
        }
        flushed
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.reset.is_requested() || self.rejected.is_some() {
            // It would send a FIN before the reset, or before the response.
            return Poll::Ready(Ok(()));
        }
        self.limited(context, AsyncWrite::poll_shutdown)
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        if self.reset.is_requested() {
            // If the system does not support it, the connection is closed instead.
            let _ = self.stream.set_zero_linger();
        }
    }
}
