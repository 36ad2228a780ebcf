//! Requests without a response: how sending them failed, where, and why.

use std::error::Error as StdError;
use std::fmt;
use std::io;

use super::endpoint::Authority;
use super::handover::Handover;
use super::tls::{self, is_tls_error};
use crate::text::escaped;

/// Who was to be connected to, or to respond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Peer {
    /// The service, or the gateway before it.
    Service,
    /// IAM, or another source of credentials.
    Iam,
    /// The proxy between the client and either of them.
    Proxy,
}

/// How sending a request failed, if there is no response: who was asked, where, and the
/// reason. `Display` has all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransportFailure {
    kind: TransportFailureKind,
    peer: Peer,
    at: Authority,
    reason: String,
}

/// How sending a request failed without a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TransportFailureKind {
    /// A connection was established, and TLS on it was not.
    Tls,
    /// The request was handed to no connection: none was established.
    Connect,
    /// The timeout passed on an established connection.
    Timeout,
    /// The request cannot be built.
    InvalidRequest,
    /// The connection was lost.
    Interrupted,
}

/// Where a request goes.
#[derive(Debug, Clone)]
pub(crate) struct Target<'a> {
    pub(crate) peer: Peer,
    pub(crate) at: &'a Authority,
    /// The proxy on the way, unless the HTTP client is a custom one.
    pub(crate) proxy: Option<Authority>,
}

impl TransportFailureKind {
    pub(crate) fn of(error: &reqwest::Error, handover: &Handover) -> Self {
        if error.is_builder() {
            Self::InvalidRequest
        } else if handover.happened() {
            if error.is_timeout() { Self::Timeout } else { Self::Interrupted }
        } else if is_caused_by_tls(error) {
            Self::Tls
        } else {
            Self::Connect
        }
    }

    /// Whether a part of the request may have been received.
    pub(crate) fn was_sent(self) -> bool {
        matches!(self, Self::Timeout | Self::Interrupted)
    }

    /// The failure as it is logged.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Tls | Self::Connect => "connect",
            Self::Timeout => "timeout",
            Self::InvalidRequest | Self::Interrupted => "interrupted",
        }
    }
}

impl TransportFailure {
    pub(crate) fn new(error: &reqwest::Error, handover: &Handover, target: Target<'_>) -> Self {
        let kind = TransportFailureKind::of(error, handover);
        let cause = root_cause(error);
        let reason = if error.is_timeout() {
            match kind {
                TransportFailureKind::Timeout => "no response within the time limit".to_owned(),
                _ => "no connection within the time limit".to_owned(),
            }
        } else {
            described(cause)
        };
        match target.proxy {
            Some(proxy) if kind == TransportFailureKind::Connect => {
                // A proxy is the only one that the socket connects to, so only it can be
                // what the operating system reports about.
                let reason = match cause.downcast_ref::<io::Error>() {
                    Some(_) => reason,
                    None => format!("no connection to {}: {reason}", target.at),
                };
                Self { kind, peer: Peer::Proxy, at: proxy, reason }
            }
            _ => Self { kind, peer: target.peer, at: target.at.clone(), reason },
        }
    }

    /// The failure of a request that was given up before anything is known of it.
    pub(crate) fn timed_out(target: &Target<'_>) -> Self {
        Self {
            kind: TransportFailureKind::Timeout,
            peer: target.peer,
            at: target.at.clone(),
            reason: "no response within the time limit".to_owned(),
        }
    }

    pub(crate) fn kind(&self) -> TransportFailureKind {
        self.kind
    }

    /// Who was to be connected to, or to respond.
    #[must_use]
    pub fn peer(&self) -> Peer {
        self.peer
    }

    /// The name or the address of the host; that of an IPv6 address is without brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.at.host
    }

    /// The port; `None` if the scheme of the address has no default one.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        self.at.port
    }

    /// The reason, such as `connection refused`, as a fragment of a sentence. It is meant
    /// for people: what it says is up to the operating system and the TLS implementation.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

impl fmt::Display for TransportFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, peer, at, reason } = self;
        match (kind, peer) {
            (TransportFailureKind::Connect, Peer::Proxy) => {
                write!(f, "cannot connect through the proxy at {at}: {reason}")
            }
            (TransportFailureKind::Connect, _) => {
                write!(f, "cannot connect to {peer} at {at}: {reason}")
            }
            (TransportFailureKind::Tls, _) => {
                write!(f, "cannot set up a secure connection to {peer} at {at}: {reason}")
            }
            (TransportFailureKind::Timeout, Peer::Service) => f.write_str(reason),
            (TransportFailureKind::Timeout, _) => {
                write!(f, "no response from {peer} at {at} within the time limit")
            }
            (TransportFailureKind::Interrupted, Peer::Service) => {
                write!(f, "the connection was lost before the response was complete: {reason}")
            }
            (TransportFailureKind::Interrupted, _) => write!(
                f,
                "the connection to {peer} at {at} was lost before the response was complete: {reason}"
            ),
            (TransportFailureKind::InvalidRequest, _) => {
                write!(f, "the request to {peer} at {at} cannot be made: {reason}")
            }
        }
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Service => "the service",
            Self::Iam => "IAM",
            Self::Proxy => "the proxy",
        })
    }
}

/// The innermost cause of an error.
fn root_cause<'a>(error: &'a (dyn StdError + 'static)) -> &'a (dyn StdError + 'static) {
    let mut cause = error;
    while let Some(next) = next_cause(cause) {
        cause = next;
    }
    cause
}

/// The cause of an error. An `io::Error` returns the cause of the error that it wraps, and
/// not that error.
fn next_cause<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
    match error.downcast_ref::<io::Error>() {
        Some(error) => error.get_ref().map(|wrapped| wrapped as &(dyn StdError + 'static)),
        None => error.source(),
    }
}

/// An error in words, on one line. Names in a certificate are up to the server.
fn described(cause: &(dyn StdError + 'static)) -> String {
    if let Some(error) = cause.downcast_ref::<io::Error>()
        && is_plain(error.kind())
    {
        return error.kind().to_string();
    }
    if let Some(words) = tls::in_words(cause) {
        return escaped(&words).into_owned();
    }
    let text = match cause.downcast_ref::<reqwest::Error>() {
        // Its text has the address, in which there may be a token.
        Some(_) => "it could not be sent".to_owned(),
        None => cause.to_string(),
    };
    escaped(&text).into_owned()
}

/// Whether the kind says as much as the operating system's text, without its number.
fn is_plain(kind: io::ErrorKind) -> bool {
    matches!(
        kind,
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::NotConnected
            | io::ErrorKind::HostUnreachable
            | io::ErrorKind::NetworkUnreachable
            | io::ErrorKind::NetworkDown
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::TimedOut
    )
}

/// Whether the error or one of its causes is a TLS error.
fn is_caused_by_tls(error: &(dyn StdError + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if is_tls_error(error) {
            return true;
        }
        next = next_cause(error);
    }
    false
}
