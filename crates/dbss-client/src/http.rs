//! HTTP: endpoints, the HTTP client, raw responses.

pub(crate) mod ca_certificates;
pub(crate) mod client;
pub(crate) mod endpoint;
pub(crate) mod error_body;
pub(crate) mod failure;
pub(crate) mod handover;
pub(crate) mod headers;
pub(crate) mod null;
pub(crate) mod other_body;
mod proxies;
pub(crate) mod response;
pub(crate) mod tls;

pub(crate) use self::client::HttpClientSettings;
pub(crate) use self::endpoint::Authority;
pub(crate) use self::error_body::ErrorBody;
pub use self::error_body::ErrorDetail;
pub use self::failure::{Peer, TransportFailure};
pub(crate) use self::failure::{Target, TransportFailureKind};
pub(crate) use self::handover::Handover;
pub(crate) use self::headers::request_id;
pub(crate) use self::proxies::{Proxies, ProxySettings};
pub(crate) use self::response::RawResponse;
