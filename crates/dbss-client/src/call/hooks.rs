//! progenitor's hooks, which run when a raw client sends a request.

use bytes::Bytes;
use http::HeaderName;
use http::header::HOST;
use progenitor_client::{ClientHooks, ClientInfo as _, OperationInfo};

use super::attempts;
use super::context::Context;
use crate::generated::raw;

/// The header in which progenitor sends the version of the contract.
const API_VERSION: HeaderName = HeaderName::from_static("api-version");

impl ClientHooks<Context> for raw::Client {
    async fn pre<E>(
        &self,
        request: &mut reqwest::Request,
        _: &OperationInfo,
    ) -> Result<(), raw::Error<E>> {
        // The service does not expect it.
        request.headers_mut().remove(API_VERSION);
        let context = self.inner();
        if let Some(host) = &context.shared.host {
            request.headers_mut().insert(HOST, host.clone());
        }
        context.authenticate(request).await.map_err(|error| {
            let message = error.to_string();
            if let Some(call) = &context.call {
                call.record(|log| log.credentials = Some(error));
            }
            raw::Error::Custom(message)
        })
    }

    async fn exec(
        &self,
        mut request: reqwest::Request,
        _: &OperationInfo,
    ) -> reqwest::Result<reqwest::Response> {
        let context = self.inner();
        if let Some(dry_run) = &context.dry_run {
            dry_run.keep(request);
            return Ok(http::Response::new(Bytes::new()).into());
        }
        match &context.call {
            Some(call) => attempts::run(context, call, self.client(), request).await,
            None => {
                let shared = &context.shared;
                shared.limit(&mut request, shared.attempt_timeout.unwrap_or(shared.timeout));
                self.client().execute(request).await
            }
        }
    }

    /// Ends the raw call of a facade's call, which decodes the response itself, from the log of
    /// its attempts. progenitor could only decode a copy, which costs three per cent of a call.
    async fn post<E>(
        &self,
        result: &reqwest::Result<reqwest::Response>,
        _: &OperationInfo,
    ) -> Result<(), raw::Error<E>> {
        match self.inner().call {
            Some(_) if result.is_ok() => Err(raw::Error::Custom(String::new())),
            _ => Ok(()),
        }
    }
}
