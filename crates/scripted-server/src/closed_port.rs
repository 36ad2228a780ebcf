//! A loopback port that refuses connections.

use std::io;
use std::net::Ipv4Addr;

use tokio::net::TcpSocket;

/// A port of the loopback interface that is taken, and where nobody listens.
#[derive(Debug)]
pub struct ClosedPort(TcpSocket);

impl ClosedPort {
    /// Reserves a free port.
    ///
    /// # Errors
    ///
    /// If no socket can be bound.
    pub fn reserve() -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind((Ipv4Addr::LOCALHOST, 0).into())?;
        Ok(Self(socket))
    }

    /// The address as a URL.
    ///
    /// # Errors
    ///
    /// If the socket has no address.
    pub fn endpoint(&self) -> io::Result<String> {
        Ok(format!("http://{}", self.0.local_addr()?))
    }
}
