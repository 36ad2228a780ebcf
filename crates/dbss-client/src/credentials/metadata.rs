//! The metadata service of an ECS instance: the temporary access key of the agency that the
//! instance has.
//!
//! Source: Huawei's official SDK for Python (`huaweicloudsdkcore`), whose requests these are.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, StatusCode};
use reqwest::{Request, Url};
use serde::Deserialize;

use super::iam::single_flight::{SingleFlight, lock};
use crate::auth::{
    AccessKey, CredentialsError, IamErrorResponse, Identity, IdentityFuture, ProvideCredentials,
    ProviderContext,
};
use crate::date;
use crate::http::{Authority, Handover, Peer, RawResponse, Target, TransportFailure};
use crate::http::{client, response};
use crate::text;
use crate::variables::{self, Lookup};

/// The variable that turns it off, or has the address of another one.
const VARIABLE: &str = "DBSS_METADATA";

/// Values of the variable that turn it off.
const OFF: [&str; 4] = ["off", "false", "no", "0"];

/// The same for every instance, and only reachable from it.
const ADDRESS: &str = "http://169.254.169.254";

/// It is on the same host: what takes longer is no ECS instance.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// The limit of a request, of which there are two.
const TIMEOUT: Duration = Duration::from_secs(2);

const TOKEN_PATH: &str = "/meta-data/latest/api/token";
const KEY_PATH: &str = "/openstack/latest/securitykey";
const TOKEN_LIFETIME: HeaderName = HeaderName::from_static("x-metadata-token-ttl-seconds");
const TOKEN: HeaderName = HeaderName::from_static("x-metadata-token");

/// The lifetime that the SDK asks for, in seconds.
const SIX_HOURS: HeaderValue = HeaderValue::from_static("21600");

/// How long before its end a key is renewed, as by the SDK; at most a quarter of its life.
const RENEWAL_MARGIN: Duration = Duration::from_secs(40 * 60);

/// How long a valid key is used if it could not be renewed.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(30);

/// Limit of the size of a response, in bytes. A security token takes some kilobytes.
const SIZE_LIMIT: usize = 64 << 10;

/// The access keys of an instance: asked for when a call first needs one, cached, renewed.
pub(super) struct EcsMetadata {
    address: String,
    /// Why there are no credentials elsewhere, if that was tried.
    elsewhere: Option<CredentialsError>,
    cached: Arc<Mutex<Option<CachedKey>>>,
    single_flight: SingleFlight<AccessKey>,
}

struct CachedKey {
    key: AccessKey,
    /// Times of the clock's `elapsed`.
    renew_at: Duration,
    ends_at: Duration,
}

impl EcsMetadata {
    /// The service that the environment has the address of, or every instance has; `None` if
    /// it is turned off.
    pub(super) fn of_environment(lookup: Lookup<'_>) -> Option<Self> {
        let set = variables::first(lookup, &[VARIABLE]).map(|(_, value)| value);
        let address = match set {
            Some(value) if OFF.iter().any(|off| value.eq_ignore_ascii_case(off)) => return None,
            Some(value) if value.contains("://") => value,
            Some(value) => format!("http://{value}"),
            None => ADDRESS.to_owned(),
        };
        let address = address.trim_end_matches('/').to_owned();
        let (elsewhere, cached) = (None, Arc::default());
        Some(Self { address, elsewhere, cached, single_flight: SingleFlight::default() })
    }

    /// The same after others were tried.
    pub(super) fn after(mut self, elsewhere: CredentialsError) -> Self {
        self.elsewhere = Some(elsewhere);
        self
    }

    async fn key(&self, context: &ProviderContext) -> Result<AccessKey, CredentialsError> {
        let clock = context.clock();
        let known = || {
            let now = clock.elapsed();
            let cached = lock(&self.cached);
            cached.as_ref().filter(|it| now < it.renew_at).map(|it| Ok(it.key.clone()))
        };
        if let Some(known) = known() {
            return known;
        }
        let renew = || {
            let (address, cached) = (self.address.clone(), Arc::clone(&self.cached));
            let clock = Arc::clone(clock);
            async move {
                let received = ask(&address, clock.now()).await;
                record(&mut lock(&cached), received, clock.elapsed())
            }
        };
        self.single_flight.outcome(known, renew).await
    }
}

impl ProvideCredentials for EcsMetadata {
    fn provide<'a>(&'a self, context: &'a ProviderContext) -> IdentityFuture<'a> {
        Box::pin(async {
            let key = self.key(context).await.map_err(|error| match &self.elsewhere {
                Some(elsewhere) => CredentialsError::new(format!("{elsewhere}; {error}"))
                    .with_retryable(error.is_retryable()),
                None => error,
            });
            key.map(Identity::AccessKey)
        })
    }
}

impl fmt::Debug for EcsMetadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EcsMetadata({})", text::without_login(&self.address))
    }
}

/// Records what was received. If it was nothing, a key that is still valid is used further.
fn record(
    cached: &mut Option<CachedKey>,
    received: Result<(AccessKey, Duration), CredentialsError>,
    now: Duration,
) -> Result<AccessKey, CredentialsError> {
    match received {
        Ok((key, life)) => {
            let margin = RENEWAL_MARGIN.min(life / 4);
            let renew_at = now.saturating_add(life.saturating_sub(margin));
            let ends_at = now.saturating_add(life);
            *cached = Some(CachedKey { key: key.clone(), renew_at, ends_at });
            Ok(key)
        }
        Err(error) => match cached.as_mut().filter(|cached| now < cached.ends_at) {
            Some(cached) => {
                cached.renew_at = now.saturating_add(PAUSE_AFTER_FAILURE).min(cached.ends_at);
                Ok(cached.key.clone())
            }
            None => Err(error),
        },
    }
}

/// Asks for a key; returns it with the time for which it is valid.
async fn ask(address: &str, now: SystemTime) -> Result<(AccessKey, Duration), CredentialsError> {
    let service = Service::at(address)?;
    let token = service.token().await?;
    let mut request = service.request(Method::GET, KEY_PATH);
    if let Some(token) = token {
        request.headers_mut().insert(TOKEN, token);
    }
    let response = service.send(request).await?;
    match response.status {
        StatusCode::OK => service.read_key(&response.body, now),
        StatusCode::NOT_FOUND => Err(CredentialsError::new(format!(
            "{} has no access key: this machine is no ECS instance with an agency",
            service.name
        ))),
        status => Err(service.refused(status)),
    }
}

/// A metadata service, and the HTTP client for it: one without proxies, whatever those of the
/// caller's are, since these would get to see the key.
struct Service {
    http: reqwest::Client,
    url: Url,
    at: Authority,
    name: String,
}

impl Service {
    fn at(address: &str) -> Result<Self, CredentialsError> {
        let shown = text::without_login(address);
        let name = format!("the metadata service at {}", text::escaped(&shown));
        let url = Url::parse(address).ok().filter(Url::has_host).ok_or_else(|| {
            let what = format!("`{}` is no address of a metadata service", text::escaped(&shown));
            CredentialsError::new(what).help("DBSS_METADATA has it")
        })?;
        let http = client::direct(CONNECT_TIMEOUT, TIMEOUT).map_err(|error| {
            CredentialsError::new(format!("{name} cannot be asked")).with_source(error)
        })?;
        Ok(Self { http, at: Authority::of(&url), url, name })
    }

    fn request(&self, method: Method, path: &str) -> Request {
        let mut url = self.url.clone();
        url.set_path(path);
        Request::new(method, url)
    }

    /// A token of version 2; `None` if the service only has version 1, which needs none.
    async fn token(&self) -> Result<Option<HeaderValue>, CredentialsError> {
        let mut request = self.request(Method::PUT, TOKEN_PATH);
        request.headers_mut().insert(TOKEN_LIFETIME, SIX_HOURS);
        let response = self.send(request).await?;
        match response.status {
            StatusCode::OK => {
                let token = HeaderValue::from_bytes(response.body.trim_ascii());
                let mut token = token.ok().filter(|token| !token.is_empty()).ok_or_else(|| {
                    CredentialsError::new(format!("{} returned what is no token", self.name))
                })?;
                token.set_sensitive(true);
                Ok(Some(token))
            }
            StatusCode::NOT_FOUND
            | StatusCode::METHOD_NOT_ALLOWED
            | StatusCode::SERVICE_UNAVAILABLE => Ok(None),
            status => Err(self.refused(status)),
        }
    }

    async fn send(&self, mut request: Request) -> Result<RawResponse, CredentialsError> {
        let handover = Handover::default();
        *request.body_mut() = Some(handover.body(Bytes::new()));
        let sent = response::send(&self.http, request, SIZE_LIMIT).await;
        sent.map(|(response, _)| response).map_err(|error| {
            let target = Target { peer: Peer::Iam, at: &self.at, proxy: None };
            let failure = TransportFailure::new(&error, &handover, target);
            // On a machine that is no instance this is so for good.
            CredentialsError::new(format!("{} does not respond: {}", self.name, failure.reason()))
        })
    }

    fn refused(&self, status: StatusCode) -> CredentialsError {
        CredentialsError::new(format!("{} refused the request: {status}", self.name))
            .with_retryable(IamErrorResponse::is_transient(status))
    }

    fn read_key(
        &self,
        body: &[u8],
        now: SystemTime,
    ) -> Result<(AccessKey, Duration), CredentialsError> {
        let wrong = |what: &dyn fmt::Display| {
            CredentialsError::new(format!(
                "{} returned a key that cannot be used: {what}",
                self.name
            ))
        };
        // The message of serde may quote the secret.
        let answer: SecurityKey = serde_json::from_slice(body).map_err(|error| {
            wrong(&format_args!("line {}, column {}: not a key", error.line(), error.column()))
        })?;
        let Credential { access, secret, securitytoken, expires_at } = answer.credential;
        let ends = date::iam(&expires_at).ok_or_else(|| wrong(&"it does not say until when"))?;
        let life = ends.duration_since(now).map_err(|_| wrong(&"it has expired"))?;
        let key = AccessKey::new(access, secret).map_err(|error| wrong(&error))?;
        let key = key.with_security_token(securitytoken).map_err(|error| wrong(&error))?;
        Ok((key, life))
    }
}

#[derive(Deserialize)]
struct SecurityKey {
    credential: Credential,
}

#[derive(Deserialize)]
struct Credential {
    access: String,
    secret: String,
    securitytoken: String,
    expires_at: String,
}

#[cfg(test)]
mod tests;
