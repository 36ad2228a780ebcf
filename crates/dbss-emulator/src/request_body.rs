//! Reads request bodies within limits of size, of time, and of memory for all of them together.

use std::pin::Pin;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http::StatusCode;
use hyper::body::Body as _;

use crate::limits::Limits;
use crate::memory_budget::{MemoryBudget, MemoryPart, SMALL_BYTES};
use crate::response::ErrorResponse;

/// The memory for the bodies of all requests that are being handled. Further large ones wait to be
/// read.
#[derive(Clone, Debug, Default)]
pub(crate) struct BodyBudget(MemoryBudget);

/// A body that has been read. Clones share its part of the budget.
#[derive(Clone, Debug, Default)]
pub(crate) struct ReadBody {
    pub(crate) bytes: Bytes,
    _part: MemoryPart,
}

impl BodyBudget {
    /// Reads a body of at most `limit` bytes.
    pub(crate) async fn read(
        &self,
        body: Body,
        limit: usize,
        limits: &Limits,
    ) -> Result<ReadBody, ErrorResponse> {
        let reading = self.read_whole(body, limit);
        tokio::time::timeout(limits.body_timeout, reading).await.unwrap_or(Err(too_slow()))
    }

    /// Of a body that is too large, up to the limit again is read and dropped: a client that
    /// writes its whole request before it reads would otherwise see a reset connection instead
    /// of the 413.
    async fn read_whole(&self, mut body: Body, limit: usize) -> Result<ReadBody, ErrorResponse> {
        let as_size = |size: u64| usize::try_from(size).unwrap_or(usize::MAX);
        let declared = as_size(body.size_hint().lower());
        let most = body.size_hint().exact().map_or(limit, as_size);
        let read_limit = limit.saturating_mul(2);
        if declared > read_limit {
            return Err(too_large());
        }
        let mut part = None;
        let mut size = 0;
        let mut read = BytesMut::new();
        while let Some(frame) =
            std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await
        {
            let Ok(data) = frame.map_err(|_| broken())?.into_data() else {
                continue;
            };
            size += data.len();
            if size > read_limit {
                break;
            }
            if size > limit {
                read = BytesMut::new();
            } else if declared <= limit {
                // Only now: most bodies whose length is not known are small, and what has not
                // arrived takes no memory.
                if size > SMALL_BYTES && part.is_none() {
                    part = Some(self.0.take(most).await);
                }
                read.extend_from_slice(&data);
            }
        }
        if size > limit {
            return Err(too_large());
        }
        Ok(ReadBody { bytes: read.freeze(), _part: part.unwrap_or_default() })
    }
}

/// The body is larger than the gateway accepts.
fn too_large() -> ErrorResponse {
    ErrorResponse::malformed_request(StatusCode::PAYLOAD_TOO_LARGE, "Request entity too large")
}

/// The body did not arrive in time, or there was no room for it.
fn too_slow() -> ErrorResponse {
    ErrorResponse::malformed_request(StatusCode::REQUEST_TIMEOUT, "API request error")
        .with_reason("the body did not arrive in time")
}

/// The connection ended before the body did, or its framing is wrong.
fn broken() -> ErrorResponse {
    ErrorResponse::malformed_request(StatusCode::BAD_REQUEST, "API request error")
        .with_reason("the body could not be read")
}
