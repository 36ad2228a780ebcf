//! Connections: accepting them, serving them within limits, ending them.

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

/// How long to wait when the machine cannot give another connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Tells that the emulator is to stop.
#[derive(Clone, Debug)]
pub(crate) struct Stop(watch::Receiver<bool>);

impl Stop {
    pub(crate) fn new(receiver: watch::Receiver<bool>) -> Self {
        Self(receiver)
    }

    /// Ends when the emulator is to stop, or when nobody holds it any more.
    pub(crate) async fn wanted(&mut self) {
        let _ = self.0.wait_for(|stopping| *stopping).await;
    }
}

/// How a connection ends without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Properly (FIN).
    Close,
    /// At once (RST).
    Reset,
}

impl Ending {
    /// Stands for this ending where an answer is expected.
    pub(crate) fn response(self) -> Response {
        let mut response = Response::default();
        response.extensions_mut().insert(self);
        response
    }
}

/// Serves until `stop` says so, then lets the answers under way end.
pub(crate) async fn serve(listener: TcpListener, router: Router, limits: Limits, mut stop: Stop) {
    let slots = Arc::new(Semaphore::new(limits.connections.clamp(1, Semaphore::MAX_PERMITS)));
    // Dropped with this future, which ends every connection.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            () = stop.wanted() => break,
            Some(_) = connections.join_next() => {}
            (stream, slot) = accept(&listener, &slots) => {
                let router = router.clone();
                let limits = limits.clone();
                let stop = stop.clone();
                connections.spawn(async move {
                    connection::serve(stream, router, &limits, stop).await;
                    drop(slot);
                });
            }
        }
    }
    drop(listener);
    let ended = async { while connections.join_next().await.is_some() {} };
    // What has not ended by then is cut off.
    let _ = tokio::time::timeout(limits.grace, ended).await;
}

/// The next connection, as soon as there is room for it.
async fn accept(
    listener: &TcpListener,
    slots: &Arc<Semaphore>,
) -> (TcpStream, Option<OwnedSemaphorePermit>) {
    let slot = Arc::clone(slots).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return (stream, slot),
            // A client that is gone already, or no file handles left: neither is
            // a reason to stop.
            Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
        }
    }
}
