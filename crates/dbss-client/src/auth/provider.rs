//! Providers of one's own, and what is around them.

use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use super::error::CredentialsError;
use super::identity::Identity;
use crate::http::endpoint;
use crate::time::{Clock, SystemClock};

/// What [`ProvideCredentials::provide`] returns.
pub type IdentityFuture<'a> =
    Pin<Box<dyn Future<Output = Result<Identity, CredentialsError>> + Send + 'a>>;

/// A source of identities: a vault, a metadata service, a login of another kind.
///
/// Given to a client by [`Credentials::provider`](crate::Credentials::provider).
///
/// ```
/// use dbss_client::{CredentialsError, Identity, IdentityFuture, ProvideCredentials, Surroundings};
///
/// #[derive(Debug)]
/// struct KeyFile(std::path::PathBuf);
///
/// impl ProvideCredentials for KeyFile {
///     fn provide<'a>(&'a self, _: &'a Surroundings) -> IdentityFuture<'a> {
///         Box::pin(async {
///             let text = std::fs::read_to_string(&self.0)
///                 .map_err(|error| CredentialsError::new("cannot read the key").caused_by(error))?;
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
    /// What the next request proves its right with. Called for every attempt of
    /// every call, often at the same time: keep what is still good.
    ///
    /// The future may be dropped before it ends, when a call is cancelled.
    fn provide<'a>(&'a self, surroundings: &'a Surroundings) -> IdentityFuture<'a>;

    /// The service says that this identity is no longer valid. Answers whether
    /// another [`provide`](Self::provide) can give a new one; the call is then
    /// tried once more.
    fn refused(&self, identity: &Identity) -> bool {
        let _ = identity;
        false
    }
}

/// What a provider may use: the client's connections, its clock, its region and
/// where IAM is. A client makes its own; the setters are for tests of providers.
#[derive(Clone, Debug)]
pub struct Surroundings {
    http: reqwest::Client,
    clock: Arc<dyn Clock>,
    region: Option<String>,
    project_id: Option<String>,
    iam_endpoint: Option<String>,
    iam_of_region: Cow<'static, str>,
}

impl Surroundings {
    /// With these connections, the system's clock, no region, and IAM at its
    /// global endpoint.
    #[must_use]
    pub fn new(http: reqwest::Client) -> Self {
        Self {
            http,
            clock: Arc::new(SystemClock),
            region: None,
            project_id: None,
            iam_endpoint: None,
            iam_of_region: endpoint::of_iam(None),
        }
    }

    /// With this clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// In this region, whose IAM is used unless another is given.
    #[must_use]
    pub fn with_region(mut self, region: impl Into<String>) -> Self {
        let region = region.into();
        self.iam_of_region = endpoint::of_iam(Some(&region));
        self.region = Some(region);
        self
    }

    /// For this project.
    #[must_use]
    pub fn with_project_id(mut self, project_id: impl Into<String>) -> Self {
        self.project_id = Some(project_id.into());
        self
    }

    /// With IAM at this address, as in `https://iam.example.com`.
    #[must_use]
    pub fn with_iam_endpoint(mut self, endpoint: impl Into<String>) -> Self {
        self.iam_endpoint = Some(endpoint.into());
        self
    }

    /// The connections of the client, with its proxy and its certificates.
    #[must_use]
    pub fn http(&self) -> &reqwest::Client {
        &self.http
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

    /// Where IAM is: as configured, or the region's, or the global one; without a
    /// slash at its end.
    #[must_use]
    pub fn iam_endpoint(&self) -> &str {
        self.iam_endpoint.as_deref().unwrap_or(&self.iam_of_region).trim_end_matches('/')
    }
}
