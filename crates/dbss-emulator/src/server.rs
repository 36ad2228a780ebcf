//! Accepts connections, serves them within the limits, and shuts down.

mod connection;
mod socket;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::response::Response;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;

use crate::limits::Limits;

/// The pause after a failed `accept`.
const ACCEPT_RETRY_PAUSE: Duration = Duration::from_millis(50);

/// The signal that the emulator is to shut down.
#[derive(Clone, Debug)]
pub(crate) struct ShutdownSignal(watch::Receiver<bool>);

impl ShutdownSignal {
    pub(crate) fn new(receiver: watch::Receiver<bool>) -> Self {
        Self(receiver)
    }

    /// Completes when a shutdown is requested or the emulator is dropped.
    pub(crate) async fn requested(&mut self) {
        let _ = self.0.wait_for(|stopping| *stopping).await;
    }
}

/// How a connection ends without a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConnectionEnd {
    /// Closed (TCP FIN).
    Close,
    /// Reset (TCP RST).
    Reset,
}

impl ConnectionEnd {
    /// A response that stands for this end: axum's handlers have to return one, and
    /// the connection looks for the extension before it writes.
    pub(crate) fn response(self) -> Response {
        let mut response = Response::default();
        response.extensions_mut().insert(self);
        response
    }
}

/// Serves until a shutdown is requested, then lets the responses under way finish.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    mut shutdown: ShutdownSignal,
) {
    let permits = Arc::new(Semaphore::new(limits.connections.clamp(1, Semaphore::MAX_PERMITS)));
    // Dropped with this future, which ends every connection.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            () = shutdown.requested() => break,
            Some(_) = connections.join_next() => {}
            (stream, permit) = accept(&listener, &permits) => {
                let router = router.clone();
                let limits = limits.clone();
                let shutdown = shutdown.clone();
                connections.spawn(async move {
                    connection::serve(stream, router, &limits, shutdown).await;
                    drop(permit);
                });
            }
        }
    }
    drop(listener);
    let ended = async { while connections.join_next().await.is_some() {} };
    // Connections that have not ended by then are dropped.
    let _ = tokio::time::timeout(limits.grace, ended).await;
}

/// The next connection, once one of the permitted number is free.
async fn accept(
    listener: &TcpListener,
    permits: &Arc<Semaphore>,
) -> (TcpStream, Option<OwnedSemaphorePermit>) {
    let permit = Arc::clone(permits).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return (stream, permit),
            // The client is gone, or there are no file handles left: try again later.
            Err(_) => tokio::time::sleep(ACCEPT_RETRY_PAUSE).await,
        }
    }
}
