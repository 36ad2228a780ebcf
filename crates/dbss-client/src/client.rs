//! The client and its configuration.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;

use crate::error::{Problem, Source};
use crate::runtime::{Context, Shared};
use crate::{Credentials, Error, descriptors, raw, transport};

/// How long a call may take unless told otherwise.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A client for the Database Security Service.
///
/// It holds a pool of connections: make one and clone it, clones share the pool.
/// Its methods, one for each operation, are generated from the contract.
///
/// ```no_run
/// # async fn example() -> Result<(), dbss_client::Error> {
/// use dbss_client::{Client, Credentials, types::AuditScopeStatus};
///
/// let client = Client::builder()
///     .region("cn-north-4")
///     .credentials(Credentials::token("the value of X-Subject-Token"))
///     .project_id("0123456789abcdef0123456789abcdef")
///     .build()?;
/// client
///     .set_audit_scope_rule_switch()
///     .instance_id("1d07f606-92d2-441c-b05c-dca47e180552")
///     .ids(["ne-pwZgBxmBODPrxTO7F"])
///     .status(AuditScopeStatus::Off)
///     .await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    pub(crate) shared: Arc<Shared>,
}

impl Client {
    /// Starts the configuration of a client.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// The address that calls go to.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.shared.endpoint
    }

    /// The raw layer: progenitor's client with this client's address, connections
    /// and credentials. It checks no limits beyond those of the types and returns
    /// progenitor's own results.
    #[must_use]
    pub fn raw(&self) -> raw::Client {
        let context = Context::plain(&self.shared);
        raw::Client::new_with_client(&self.shared.endpoint, self.shared.http.clone(), context)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("endpoint", &self.shared.endpoint)
            .field("project_id", &self.shared.project_id)
            .field("credentials", &self.shared.credentials)
            .finish_non_exhaustive()
    }
}

/// The configuration of a [`Client`]; everything is checked by [`build`](Self::build).
#[derive(Clone, Debug, Default)]
#[must_use = "a configuration does nothing until it is built"]
pub struct ClientBuilder {
    region: Option<String>,
    endpoint: Option<String>,
    credentials: Option<Credentials>,
    project_id: Option<String>,
    timeout: Option<Duration>,
}

impl ClientBuilder {
    /// The region whose endpoint is called; one of those that the contract lists.
    /// Required unless an [`endpoint`](Self::endpoint) is given, which wins.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// The address that is called, with scheme, as in `https://dbss.example.com`.
    /// Plain `http` is accepted for loopback addresses only.
    pub fn endpoint(mut self, endpoint: impl Into<String>) -> Self {
        self.endpoint = Some(endpoint.into());
        self
    }

    /// What every call proves its right with. Required.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// The project of every call that does not name one itself.
    pub fn project_id(mut self, project_id: impl Into<String>) -> Self {
        self.project_id = Some(project_id.into());
        self
    }

    /// Time limit of a call, from its start to the last byte of the answer;
    /// 30 seconds unless told otherwise.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Checks the configuration and makes the client.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) with every
    /// problem of the configuration at once.
    pub fn build(self) -> Result<Client, Error> {
        let mut problems = Vec::new();
        let endpoint = self.address().map_err(|problem| problems.push(problem)).ok();
        let credentials = match self.credentials {
            None => {
                problems.push(problem(
                    "credentials",
                    "is missing",
                    "call `ClientBuilder::credentials`",
                ));
                None
            }
            Some(credentials) => match credentials.fault() {
                Some(fault) => {
                    problems.push(problem(
                        "credentials",
                        fault,
                        "give the token as IAM returned it",
                    ));
                    None
                }
                None => Some(credentials),
            },
        };
        if self.timeout.is_some_and(|timeout| timeout.is_zero()) {
            problems.push(problem(
                "timeout",
                "is zero",
                "give a longer time, or none for 30 seconds",
            ));
        }
        let (Some(endpoint), Some(credentials), true) =
            (endpoint, credentials, problems.is_empty())
        else {
            return Err(Error::invalid_input(None, problems));
        };
        let http = transport::client(self.timeout.unwrap_or(TIMEOUT))?;
        let shared = Shared { endpoint, project_id: self.project_id, credentials, http };
        Ok(Client { shared: Arc::new(shared) })
    }

    fn address(&self) -> Result<String, Problem> {
        match (&self.endpoint, &self.region) {
            (Some(endpoint), _) => checked_endpoint(endpoint),
            (None, Some(region)) => regional_endpoint(region),
            (None, None) => Err(problem(
                "region",
                "is missing",
                "call `ClientBuilder::region`, or `ClientBuilder::endpoint` for any other address",
            )),
        }
    }
}

fn problem(field: &str, message: impl Into<String>, help: impl Into<String>) -> Problem {
    Problem::new(field, Source::Configuration, message, help)
}

fn regional_endpoint(region: &str) -> Result<String, Problem> {
    let known = descriptors::API.server_variables.iter().find(|variable| variable.name == "region");
    if known.is_some_and(|variable| variable.values.contains(&region)) {
        return Ok(descriptors::API.server_url.replace("{region}", region));
    }
    let regions = known.map(|variable| variable.values.join(", ")).unwrap_or_default();
    let message = format!("`{}` is not a region of the contract", region.escape_debug());
    let help = format!("use `ClientBuilder::endpoint` for it, or one of {regions}");
    Err(problem("region", message, help))
}

/// The address without a slash at its end, as the raw layer appends paths.
fn checked_endpoint(endpoint: &str) -> Result<String, Problem> {
    let refuse = |message: String| {
        Err(problem("endpoint", message, "give an address such as `https://dbss.example.com`"))
    };
    let shown = endpoint.escape_debug();
    let url = match Url::parse(endpoint) {
        Ok(url) => url,
        Err(error) => return refuse(format!("`{shown}` is not an address: {error}")),
    };
    if url.password().is_some() || !url.username().is_empty() {
        return refuse("it holds a user name or a password".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return refuse(format!("`{shown}` has a query or a fragment"));
    }
    let loopback = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => return refuse(format!("`{shown}` names no host")),
    };
    match url.scheme() {
        "https" => {}
        "http" if loopback => {}
        "http" => return refuse(format!("`{shown}` would send the credentials in clear text")),
        scheme => return refuse(format!("`{shown}` has the scheme `{scheme}`")),
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}
