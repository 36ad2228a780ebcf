//! The configuration of a client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::auth::Surroundings;
use crate::client::{Client, Shared};
use crate::credentials::{self, Credentials};
use crate::error::Error;
use crate::generated::descriptors;
use crate::http::{Transport, endpoint};
use crate::input::{Problem, ProblemKind};
use crate::project::Projects;
use crate::retry::{Budget, RetryPolicy};
use crate::time::{Clock, SystemClock};

/// How long a call may take, its retries included, unless told otherwise.
const TIMEOUT: Duration = Duration::from_secs(30);
/// How long an attempt may take unless told otherwise.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long connecting may take unless told otherwise.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How much of an answer is read unless told otherwise, in bytes.
const ANSWER_LIMIT: usize = 1 << 20;

/// The configuration of a [`Client`]; everything is checked by [`build`](Self::build).
#[derive(Clone, Default)]
#[must_use = "a configuration does nothing until it is built"]
pub struct ClientBuilder {
    region: Option<String>,
    endpoint: Option<String>,
    iam_endpoint: Option<String>,
    allow_plain_http: bool,
    credentials: Option<Credentials>,
    project_id: Option<String>,
    timeout: Option<Duration>,
    attempt_timeout: Option<Duration>,
    connect_timeout: Option<Duration>,
    retry: RetryPolicy,
    user_agent: Option<String>,
    http: Option<reqwest::Client>,
    proxy: Option<String>,
    ca_certificates: Vec<Vec<u8>>,
    answer_limit: Option<usize>,
    clock: Option<Arc<dyn Clock>>,
}

impl Client {
    /// Starts the configuration of a client.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }
}

impl ClientBuilder {
    /// The region of the project: its endpoint is called unless an
    /// [`endpoint`](Self::endpoint) is given, and IAM is asked for its project
    /// unless a [`project_id`](Self::project_id) is.
    ///
    /// One of those that the contract lists, or any other whose endpoint the
    /// environment variable `HUAWEICLOUD_SDK_REGION_DBSS_<REGION>` gives (the
    /// region in capitals, `_` for `-`), as in Huawei's own SDKs; of several
    /// addresses the first one counts. Their file of regions is not read: it
    /// would take a YAML parser.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// The address that is called, with scheme, as in `https://dbss.example.com`.
    pub fn endpoint(mut self, endpoint: impl Into<String>) -> Self {
        self.endpoint = Some(endpoint.into());
        self
    }

    /// The address of IAM, for logins and for looking up the project. By default
    /// it is what comes with the credentials, what the environment variable
    /// `HUAWEICLOUD_SDK_IAM_ENDPOINT` says, or that of the region.
    pub fn iam_endpoint(mut self, endpoint: impl Into<String>) -> Self {
        self.iam_endpoint = Some(endpoint.into());
        self
    }

    /// Allows `http` addresses other than loopback: credentials and answers then
    /// travel in clear text.
    pub fn allow_plain_http(mut self) -> Self {
        self.allow_plain_http = true;
        self
    }

    /// What every call proves its right with. Required.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// The project of every call that does not name one itself; by default the
    /// one that comes with the credentials, or the region's.
    pub fn project_id(mut self, project_id: impl Into<String>) -> Self {
        self.project_id = Some(project_id.into());
        self
    }

    /// Time limit of a call, its retries and a login included; 30 seconds by
    /// default.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Time limit of a single attempt, from its start to the last byte of the
    /// answer; 10 seconds by default. A request to IAM has the same, except
    /// through an [`http_client`](Self::http_client) of one's own.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = Some(timeout);
        self
    }

    /// Time limit of connecting, TLS included; 5 seconds by default.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = Some(timeout);
        self
    }

    /// When calls are tried again.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// The program that calls, put before this crate's own name in the
    /// `User-Agent`, as in `my-tool/1.2`.
    pub fn user_agent(mut self, program: impl Into<String>) -> Self {
        self.user_agent = Some(program.into());
        self
    }

    /// Calls through an HTTP client of one's own.
    ///
    /// What that client was given holds: its redirects, TLS, proxy, timeouts of
    /// connecting and user agent; [`connect_timeout`](Self::connect_timeout),
    /// [`user_agent`](Self::user_agent), [`proxy`](Self::proxy) and
    /// [`ca_certificate`](Self::ca_certificate) cannot be set beside it. It should
    /// follow no redirects, since those carry tokens along, and on a 307 or 308 the
    /// password of a login.
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http = Some(client);
        self
    }

    /// The proxy that calls go through, as in `http://proxy.example.com:3128`. No
    /// other is used: the environment's proxies are not.
    pub fn proxy(mut self, proxy: impl Into<String>) -> Self {
        self.proxy = Some(proxy.into());
        self
    }

    /// Trusts a certificate authority beside the platform's: one or more
    /// certificates in PEM.
    pub fn ca_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.ca_certificates.push(pem.into());
        self
    }

    /// The most that is read of an answer, in bytes; 1 MiB by default. A longer
    /// success cannot be decoded, a longer error is cut.
    pub fn answer_limit(mut self, bytes: usize) -> Self {
        self.answer_limit = Some(bytes);
        self
    }

    /// Time as the client sees it, for tests.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Some(Arc::new(clock));
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
        let credentials = self.checked_credentials().map_err(|p| problems.push(p)).ok();
        let iam_endpoint = self.iam_address().map_err(|problem| problems.push(problem));
        for (name, limit) in [
            ("timeout", self.timeout),
            ("attempt_timeout", self.attempt_timeout),
            ("connect_timeout", self.connect_timeout),
        ] {
            if limit.is_some_and(|limit| limit.is_zero()) {
                let zero = Problem::configuration(name, ProblemKind::ZeroTime);
                problems.push(zero.with_help("give a longer time, or none"));
            }
        }
        problems.extend(self.retry.fault());
        let attempt_timeout = self.attempt_timeout.unwrap_or(ATTEMPT_TIMEOUT);
        let http_timeout = self.http.is_none().then_some(attempt_timeout);
        let transport = Transport {
            connect_timeout: self.connect_timeout,
            default_connect_timeout: CONNECT_TIMEOUT,
            timeout: attempt_timeout,
            user_agent: self.user_agent.as_deref(),
            proxy: self.proxy.as_deref(),
            ca_certificates: &self.ca_certificates,
            addresses: [
                ("endpoint", endpoint.as_deref()),
                ("iam_endpoint", iam_endpoint.as_ref().ok().and_then(Option::as_deref)),
                ("proxy", self.proxy.as_deref()),
            ],
        };
        let http = match self.http.clone() {
            Some(own) => transport.beside(own, &mut problems),
            None => transport.client(&mut problems).map_err(Error::setup)?,
        };
        let (Some(endpoint), Some(credentials), Some(http), Ok(iam_endpoint), true) =
            (endpoint, credentials, http, iam_endpoint, problems.is_empty())
        else {
            return Err(Error::invalid_input(None, problems));
        };
        let clock = self.clock.unwrap_or_else(|| Arc::new(SystemClock));
        let project_id = self.project_id.or_else(|| credentials.project_id().map(str::to_owned));
        let mut surroundings = Surroundings::new(http.clone()).with_clock(Arc::clone(&clock));
        if let Some(region) = self.region {
            surroundings = surroundings.with_region(region);
        }
        if let Some(project_id) = &project_id {
            surroundings = surroundings.with_project_id(project_id);
        }
        if let Some(iam_endpoint) = iam_endpoint {
            surroundings = surroundings.with_iam_endpoint(iam_endpoint);
        }
        let shared = Shared {
            host: endpoint::host(&endpoint),
            endpoint,
            project_id: project_id.map(Arc::from),
            credentials,
            surroundings,
            projects: Projects::default(),
            http,
            clock,
            timeout: self.timeout.unwrap_or(TIMEOUT),
            attempt_timeout,
            http_timeout,
            retry: self.retry,
            budget: Budget::default(),
            answer_limit: self.answer_limit.unwrap_or(ANSWER_LIMIT),
        };
        Ok(Client { shared: Arc::new(shared), rehearsal: None })
    }

    fn address(&self) -> Result<String, Problem> {
        match (&self.endpoint, &self.region) {
            (Some(address), _) => endpoint::checked("endpoint", address, self.allow_plain_http),
            (None, Some(region)) => {
                let environment = credentials::endpoint_from_env(region);
                endpoint::of_region(region, &descriptors::API, environment, self.allow_plain_http)
            }
            (None, None) => Err(missing(
                "region",
                "call `ClientBuilder::region`, or `ClientBuilder::endpoint` for any other address",
            )),
        }
    }

    fn iam_address(&self) -> Result<Option<String>, Problem> {
        let known = self.credentials.as_ref().and_then(Credentials::iam_endpoint);
        let given = self.iam_endpoint.clone().or_else(|| known.map(str::to_owned));
        let address = given.or_else(credentials::iam_endpoint_from_env);
        address
            .map(|address| endpoint::checked("iam_endpoint", &address, self.allow_plain_http))
            .transpose()
    }

    fn checked_credentials(&self) -> Result<Credentials, Problem> {
        let Some(credentials) = &self.credentials else {
            return Err(missing(
                "credentials",
                "call `ClientBuilder::credentials`, for instance with `Credentials::from_env()`",
            ));
        };
        match credentials.fault() {
            Some(reason) => {
                let kind = ProblemKind::InvalidCredentials { reason };
                Err(Problem::configuration("credentials", kind))
            }
            None => Ok(credentials.clone()),
        }
    }
}

fn missing(field: &str, help: &'static str) -> Problem {
    Problem::configuration(field, ProblemKind::Missing).with_help(help)
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // An address that is not checked may hold a password: the endpoint is shown
        // if it would be accepted, the proxy is not shown at all.
        let endpoint = self.endpoint.as_deref();
        let endpoint = endpoint.map(|e| endpoint::checked("endpoint", e, true).map_err(|_| "…"));
        f.debug_struct("ClientBuilder")
            .field("region", &self.region)
            .field("endpoint", &endpoint)
            .field("credentials", &self.credentials)
            .field("project_id", &self.project_id)
            .field("timeout", &self.timeout)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}
