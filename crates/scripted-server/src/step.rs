//! The steps that the server can take for a request.

use std::io;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::{CannedResponse, Gate, WAIT_LIMIT};

/// Time between two bytes of [`Step::Drip`].
const DRIP: Duration = Duration::from_millis(5);

/// What the server does with one request.
#[derive(Clone, Debug)]
pub enum Step {
    /// Sends a response.
    Respond(CannedResponse),
    /// Sends a response once the gate is open.
    RespondAfter(Gate, CannedResponse),
    /// Closes the connection as soon as it is there, before a request can come.
    CloseOnAccept,
    /// Closes the connection when a request arrives, and reads none of it.
    CloseUnread,
    /// Reads the request, then closes the connection in good order.
    ReadThenClose,
    /// Reads the request, then resets the connection.
    ReadThenReset,
    /// Closes after half of the head of the response.
    CutHead(CannedResponse),
    /// Closes after half of the body of the response.
    CutBody(CannedResponse),
    /// Resets the connection after half of the body of the response.
    ResetInBody(CannedResponse),
    /// Sends the head and half of the body, and then nothing.
    StallInBody(CannedResponse),
    /// Reads the request and never responds.
    Stall,
    /// Sends the response byte by byte.
    Slow(CannedResponse),
    /// Sends the head, and then single bytes of a body without end.
    Drip(CannedResponse),
    /// Reads the request, sends these bytes, whatever they are, and closes.
    Raw(Vec<u8>),
    /// Sends these bytes at the first byte that arrives, whatever it is, and closes.
    RespondUnread(Vec<u8>),
}

impl Step {
    /// Takes the step; returns whether the connection stays open. A client that closes a
    /// stalled request is reported to `abandoned`.
    pub(crate) async fn perform(
        self,
        stream: &mut TcpStream,
        abandoned: impl Fn(),
    ) -> io::Result<bool> {
        match self {
            Self::CloseOnAccept | Self::CloseUnread | Self::ReadThenClose => {}
            Self::ReadThenReset => stream.set_zero_linger()?,
            Self::Respond(response) => return respond(stream, &response).await,
            Self::RespondAfter(gate, response) => {
                gate.opened().await;
                return respond(stream, &response).await;
            }
            Self::CutHead(response) => {
                let head = response.head();
                stream.write_all(half(&head)).await?;
                close(stream).await;
            }
            Self::CutBody(response) => {
                stream.write_all(&response.head()).await?;
                stream.write_all(half(&response.framed_body())).await?;
                close(stream).await;
            }
            Self::ResetInBody(response) => {
                stream.write_all(&response.head()).await?;
                stream.write_all(half(&response.framed_body())).await?;
                stream.set_zero_linger()?;
            }
            Self::StallInBody(response) => {
                stream.write_all(&response.head()).await?;
                stream.write_all(half(&response.framed_body())).await?;
                stall(stream, abandoned).await;
            }
            Self::Stall => stall(stream, abandoned).await,
            Self::Slow(response) => {
                let bytes = [response.head(), response.framed_body()].concat();
                for byte in bytes {
                    stream.write_all(&[byte]).await?;
                    tokio::task::yield_now().await;
                }
                close(stream).await;
            }
            Self::Drip(response) => {
                stream.write_all(&response.head()).await?;
                let mut pace = tokio::time::interval(DRIP);
                loop {
                    pace.tick().await;
                    stream.write_all(b" ").await?;
                }
            }
            Self::Raw(bytes) | Self::RespondUnread(bytes) => {
                stream.write_all(&bytes).await?;
                close(stream).await;
            }
        }
        Ok(false)
    }
}

/// Sends the response; returns whether the connection stays open.
async fn respond(stream: &mut TcpStream, response: &CannedResponse) -> io::Result<bool> {
    stream.write_all(&response.head()).await?;
    stream.write_all(&response.framed_body()).await?;
    if !response.keeps_connection() {
        close(stream).await;
    }
    Ok(response.keeps_connection())
}

/// Waits until the client closes its end.
async fn stall(stream: &TcpStream, abandoned: impl Fn()) {
    while matches!(stream.peek(&mut [0]).await, Ok(1..)) {
        tokio::task::yield_now().await;
    }
    abandoned();
}

/// Ends what is sent, and lets the client read it: closing a socket at once can
/// take away what is still on its way.
async fn close(stream: &mut TcpStream) {
    let _ = stream.shutdown().await;
    let _ = tokio::time::timeout(WAIT_LIMIT, stream.peek(&mut [0])).await;
}

fn half(bytes: &[u8]) -> &[u8] {
    bytes.get(..bytes.len() / 2).unwrap_or_default()
}
