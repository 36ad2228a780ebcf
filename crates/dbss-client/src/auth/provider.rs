//! Custom credentials providers, and the context that they are called with.

use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use super::error::CredentialsError;
use super::identity::Identity;
use crate::http::{Authority, Proxies, endpoint};
use crate::text;
use crate::time::{Clock, SystemClock};

/// The future of [`ProvideCredentials::provide`].
pub type IdentityFuture<'a> =
    Pin<Box<dyn Future<Output = Result<Identity, CredentialsError>> + Send + 'a>>;

/// A credentials provider: gives identities from a vault, a metadata service or another
/// kind of login.
///
/// Pass it to a client with [`Credentials::provider`](crate::Credentials::provider). The trait
/// can be implemented outside of this crate; methods that are added to it will have a default.
///
/// ```
/// use dbss_client::{CredentialsError, Identity, IdentityFuture, ProvideCredentials, ProviderContext};
///
/// #[derive(Debug)]
/// struct KeyFile(std::path::PathBuf);
///
/// impl ProvideCredentials for KeyFile {
///     fn provide<'a>(&'a self, _: &'a ProviderContext) -> IdentityFuture<'a> {
///         Box::pin(async {
///             let text = std::fs::read_to_string(&self.0)
///                 .map_err(|error| CredentialsError::new("cannot read the key").with_source(error))?;
///             let (ak, sk) = text
///                 .trim()
///                 .split_once(':')
///                 .ok_or_else(|| CredentialsError::new("the key file is not `AK:SK`"))?;
///             Identity::access_key(ak, sk)
///         })
///     }
/// }
/// ```
pub trait ProvideCredentials: fmt::Debug + Send + Sync + 'static {
    /// The identity of the next attempt. It is called for every attempt of every call,
    /// often concurrently, so it should cache an identity while it is valid.
    ///
    /// The future is dropped early if the call is, or if the timeout of the call passes.
    ///
    /// # Errors
    ///
    /// Why there is no identity. The call fails with an error of kind
    /// [`Credentials`](crate::ErrorKind::Credentials) or, after its retries, if the error is
    /// [retryable](CredentialsError::with_retryable), of kind
    /// [`CredentialsUnavailable`](crate::ErrorKind::CredentialsUnavailable).
    fn provide<'a>(&'a self, context: &'a ProviderContext) -> IdentityFuture<'a>;

    /// Tells the provider that the service refused this identity. Returns whether
    /// [`provide`](Self::provide) can give a new one; the call then makes one more attempt. The
    /// default does nothing and returns false.
    fn invalidate(&self, identity: &Identity) -> bool {
        let _ = identity;
        false
    }
}

/// Time limit of a request to IAM, unless a client sets its own.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// What a credentials provider can use: the client's HTTP client, clock and region, and
/// the IAM endpoint. A client makes its own context; the constructor and the `with_…`
/// methods are for tests of providers.
#[derive(Clone)]
pub struct ProviderContext {
    http: reqwest::Client,
    proxies: Arc<Proxies>,
    request_timeout: Duration,
    clock: Arc<dyn Clock>,
    region: Option<String>,
    project_id: Option<String>,
    iam_endpoint: Option<String>,
    iam_of_region: Cow<'static, str>,
}

impl ProviderContext {
    /// A context with this HTTP client, the system's clock, no region, and the global IAM
    /// endpoint.
    #[must_use]
    pub fn new(http: reqwest::Client) -> Self {
        Self {
            http,
            proxies: Arc::default(),
            request_timeout: REQUEST_TIMEOUT,
            clock: Arc::new(SystemClock),
            region: None,
            project_id: None,
            iam_endpoint: None,
            iam_of_region: endpoint::of_iam(None),
        }
    }

    /// Sets the proxies of the HTTP client, which errors name.
    pub(crate) fn with_proxies(mut self, proxies: Proxies) -> Self {
        self.proxies = Arc::new(proxies);
        self
    }

    /// Sets the time limit of a request to IAM.
    pub(crate) fn with_request_timeout(mut self, timeout: Duration) -> Self {
        self.request_timeout = timeout;
        self
    }

    /// Sets the clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Sets the region, whose IAM endpoint is used unless one is set.
    #[must_use]
    pub fn with_region(mut self, region: impl Into<String>) -> Self {
        let region = region.into();
        self.iam_of_region = endpoint::of_iam(Some(&region));
        self.region = Some(region);
        self
    }

    /// Sets the project.
    #[must_use]
    pub fn with_project_id(mut self, project_id: impl Into<String>) -> Self {
        self.project_id = Some(project_id.into());
        self
    }

    /// Sets the IAM endpoint, such as `https://iam.example.com`.
    #[must_use]
    pub fn with_iam_endpoint(mut self, endpoint: impl Into<String>) -> Self {
        self.iam_endpoint = Some(endpoint.into());
        self
    }

    /// The HTTP client of the client, with its proxy and certificates.
    #[must_use]
    pub fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// The scheme and the authority of the proxy that an address is called through.
    pub(crate) fn proxy_of(&self, address: &str) -> Option<(&str, Authority)> {
        self.proxies.of(address)
    }

    /// Time limit of a request to IAM, up to the last byte of the response.
    pub(crate) fn request_timeout(&self) -> Duration {
        self.request_timeout
    }

    /// The clock of the client.
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// The region of the client; `None` if it has only an endpoint.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// The project of the client, if it was configured.
    #[must_use]
    pub fn project_id(&self) -> Option<&str> {
        self.project_id.as_deref()
    }

    /// The IAM endpoint: the one that is set, or the region's, or the global one; without
    /// a slash at its end.
    #[must_use]
    pub fn iam_endpoint(&self) -> &str {
        self.iam_endpoint.as_deref().unwrap_or(&self.iam_of_region).trim_end_matches('/')
    }
}

impl fmt::Debug for ProviderContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderContext")
            .field("region", &self.region)
            .field("project_id", &self.project_id)
            // One that was set here is not checked, and may hold a password.
            .field("iam_endpoint", &text::without_login(self.iam_endpoint()))
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::iam::testing::http;

    #[test]
    fn shows_no_login_of_the_iam_endpoint() {
        let context =
            ProviderContext::new(http()).with_iam_endpoint("https://user:pa55@iam.example.com");
        let shown = format!("{context:?}");
        assert!(shown.contains("iam.example.com") && !shown.contains("pa55"), "{shown}");
    }
}
