//! Accepts connections, serves them within the limits, and shuts down.

mod activity;
mod connection;
mod open;
mod rejected;
mod socket;

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::response::Response;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinSet;

use self::open::OpenConnections;
use crate::app_state::AppState;

/// The pause after a failed `accept`, unless a connection ends.
const ACCEPT_RETRY_PAUSE: Duration = Duration::from_millis(50);

/// How many connections may wait to be accepted. With the 128 that are usual, a client that comes
/// while many others connect is turned away by the system, and tries again only after a second.
const BACKLOG: u32 = 4_096;

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

/// Listens on an address.
pub(crate) fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // As the listeners of tokio and of the standard library do.
    #[cfg(not(windows))]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves until a shutdown is requested, then lets the responses under way finish.
pub(crate) async fn serve(listener: TcpListener, router: Router, app: AppState) {
    let mut shutdown = app.shutdown_signal();
    let open = OpenConnections::new(app.options().limits.connections);
    // Dropped with this future, which ends every connection.
    let mut connections = JoinSet::new();
    {
        // Kept across the loop: it may hold a connection that waits for room.
        let mut accepting = pin!(accept(&listener, &open));
        loop {
            tokio::select! {
                () = shutdown.requested() => break,
                Some(_) = connections.join_next() => {}
                stream = &mut accepting => {
                    accepting.set(accept(&listener, &open));
                    let serving = connection::serve(stream, router.clone(), app.clone(), open.add());
                    connections.spawn(serving);
                }
            }
        }
    }
    drop(listener);
    let ended = async { while connections.join_next().await.is_some() {} };
    // Connections that have not ended by then are dropped.
    let _ = tokio::time::timeout(app.options().limits.grace, ended).await;
}

/// The next connection, once there is room for it.
async fn accept(listener: &TcpListener, open: &OpenConnections) -> TcpStream {
    // Room is made only for one that is there already.
    let stream = loop {
        match listener.accept().await {
            Ok((stream, _)) => break stream,
            // The client is gone.
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
            // There are no file handles left, for example: an idle connection has one.
            Err(_) => {
                let _ = tokio::time::timeout(ACCEPT_RETRY_PAUSE, open.close_one()).await;
            }
        }
    };
    open.make_room().await;
    stream
}
