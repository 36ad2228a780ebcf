//! Checks for which host a request is meant.
//!
//! A web page can make a browser on this machine send requests to an emulator on a loopback
//! address, under a name that the page's author controls (DNS rebinding). The browser takes the
//! emulator for the page's own server then, and lets the page read what it answers. Such a
//! request has that name in its header `Host`.

use std::net::{IpAddr, SocketAddr};

use http::request::Parts;
use http::uri::Authority;
use http::{HeaderValue, StatusCode, header};

use crate::response::ErrorResponse;

/// The hosts that requests may be for.
#[derive(Clone, Debug)]
pub(crate) struct AllowedHosts {
    /// The address that the emulator listens on.
    address: IpAddr,
    /// Further names, in lower case.
    names: Vec<String>,
}

impl AllowedHosts {
    pub(crate) fn new(address: SocketAddr, names: &[String]) -> Self {
        let names = names.iter().map(|name| normalized(name)).collect();
        Self { address: address.ip(), names }
    }

    /// Checks the header `Host`, and the host in the target if there is one.
    pub(crate) fn check(&self, request: &Parts) -> Result<(), ErrorResponse> {
        let mut hosts = request.headers.get_all(header::HOST).iter();
        let host = match (hosts.next(), hosts.next()) {
            (Some(host), None) => host,
            (None, _) => return Err(invalid("the header Host is missing")),
            (Some(_), Some(_)) => return Err(invalid("the header Host occurs twice")),
        };
        let authority =
            authority(host).ok_or_else(|| invalid("the header Host is not a host with a port"))?;
        let target = request.uri.authority();
        if !std::iter::once(&authority).chain(target).all(|given| self.allows(given.host())) {
            return Err(ErrorResponse::gateway(
                StatusCode::MISDIRECTED_REQUEST,
                "EMULATOR.0421",
                "The request is for another host.",
            )
            .with_reason("Host is neither a loopback address, nor the one listened on, nor a name that was allowed when the emulator was started"));
        }
        Ok(())
    }

    /// Whether it is a loopback address or the own one, or an allowed name. If the emulator
    /// listens on all addresses, its own are not known; no address can be rebound.
    fn allows(&self, host: &str) -> bool {
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        if let Ok(address) = bare.parse::<IpAddr>() {
            let address = address.to_canonical();
            return address.is_loopback()
                || self.address.is_unspecified()
                || address == self.address.to_canonical();
        }
        let name = normalized(host);
        name == "localhost" || name.ends_with(".localhost") || self.names.contains(&name)
    }
}

/// A name in lower case, without the dot of the root.
fn normalized(name: &str) -> String {
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

/// A host and a port, if it is nothing else.
pub(crate) fn authority(host: &HeaderValue) -> Option<Authority> {
    let authority: Authority = host.to_str().ok()?.parse().ok()?;
    let host = authority.host();
    let port = authority.as_str().strip_prefix(host)?;
    let has_valid_port = port.is_empty() || port.strip_prefix(':')?.parse::<u16>().is_ok();
    (!host.is_empty() && has_valid_port).then_some(authority)
}

fn invalid(reason: &str) -> ErrorResponse {
    ErrorResponse::malformed_request(StatusCode::BAD_REQUEST, "API request error")
        .with_reason(reason)
}
