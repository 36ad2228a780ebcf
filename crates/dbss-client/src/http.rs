//! HTTP: endpoints, the HTTP client, raw responses.

pub(crate) mod client;
pub(crate) mod endpoint;
pub(crate) mod error_body;
pub(crate) mod failure;
pub(crate) mod handover;
pub(crate) mod headers;
pub(crate) mod other_body;
