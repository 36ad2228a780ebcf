//! What the server does with one request, and how.

use std::io;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::{GUARD, Gate, Reply};

/// Time between two bytes of [`Step::Drip`].
const DRIP: Duration = Duration::from_millis(5);

/// What the server does with one request.
#[derive(Clone, Debug)]
pub enum Step {
    /// Answers.
    Answer(Reply),
    /// Answers once the gate is open.
    AnswerAfter(Gate, Reply),
    /// Closes the connection as soon as it is there, before a request can come.
    CloseOnAccept,
    /// Closes the connection when a request arrives, and reads none of it.
    CloseUnread,
    /// Reads the request, then closes the connection in good order.
    ReadThenClose,
    /// Reads the request, then resets the connection.
    ReadThenReset,
    /// Closes after half of the answer's head.
    CutHead(Reply),
    /// Closes after half of the answer's body.
    CutBody(Reply),
    /// Resets the connection after half of the answer's body.
    ResetInBody(Reply),
    /// Sends the head and half of the body, and then nothing.
    StallInBody(Reply),
    /// Reads the request and never answers.
    Stall,
    /// Sends the answer byte by byte.
    Slow(Reply),
    /// Sends the head, and then single bytes of a body without end.
    Drip(Reply),
    /// Reads the request, sends these bytes, whatever they are, and closes.
    Raw(Vec<u8>),
    /// Sends these bytes at the first byte that arrives, whatever it is, and closes.
    Blurt(Vec<u8>),
}

impl Step {
    /// Takes the step, and says whether the connection stays. A client that gives up a
    /// stalled request is told of by `given_up`.
    pub(crate) async fn perform(
        self,
        stream: &mut TcpStream,
        given_up: impl Fn(),
    ) -> io::Result<bool> {
        match self {
            Self::CloseOnAccept | Self::CloseUnread | Self::ReadThenClose => {}
            Self::ReadThenReset => stream.set_zero_linger()?,
            Self::Answer(reply) => return answer(stream, &reply).await,
            Self::AnswerAfter(gate, reply) => {
                gate.passed().await;
                return answer(stream, &reply).await;
            }
            Self::CutHead(reply) => {
                let head = reply.head();
                stream.write_all(half(&head)).await?;
                close(stream).await;
            }
            Self::CutBody(reply) => {
                stream.write_all(&reply.head()).await?;
                stream.write_all(half(&reply.framed_body())).await?;
                close(stream).await;
            }
            Self::ResetInBody(reply) => {
                stream.write_all(&reply.head()).await?;
                stream.write_all(half(&reply.framed_body())).await?;
                stream.set_zero_linger()?;
            }
            Self::StallInBody(reply) => {
                stream.write_all(&reply.head()).await?;
                stream.write_all(half(&reply.framed_body())).await?;
                stall(stream, given_up).await;
            }
            Self::Stall => stall(stream, given_up).await,
            Self::Slow(reply) => {
                let bytes = [reply.head(), reply.framed_body()].concat();
                for byte in bytes {
                    stream.write_all(&[byte]).await?;
                    tokio::task::yield_now().await;
                }
                close(stream).await;
            }
            Self::Drip(reply) => {
                stream.write_all(&reply.head()).await?;
                let mut pace = tokio::time::interval(DRIP);
                loop {
                    pace.tick().await;
                    stream.write_all(b" ").await?;
                }
            }
            Self::Raw(bytes) | Self::Blurt(bytes) => {
                stream.write_all(&bytes).await?;
                close(stream).await;
            }
        }
        Ok(false)
    }
}

/// Sends the answer, and says whether the connection stays.
async fn answer(stream: &mut TcpStream, reply: &Reply) -> io::Result<bool> {
    stream.write_all(&reply.head()).await?;
    stream.write_all(&reply.framed_body()).await?;
    if !reply.keeps_connection() {
        close(stream).await;
    }
    Ok(reply.keeps_connection())
}

/// Waits until the client closes its end.
async fn stall(stream: &TcpStream, given_up: impl Fn()) {
    while matches!(stream.peek(&mut [0]).await, Ok(1..)) {
        tokio::task::yield_now().await;
    }
    given_up();
}

/// Ends what is sent, and lets the client read it: closing a socket at once can
/// take away what is still on its way.
async fn close(stream: &mut TcpStream) {
    let _ = stream.shutdown().await;
    let _ = tokio::time::timeout(GUARD, stream.peek(&mut [0])).await;
}

fn half(bytes: &[u8]) -> &[u8] {
    bytes.get(..bytes.len() / 2).unwrap_or_default()
}
