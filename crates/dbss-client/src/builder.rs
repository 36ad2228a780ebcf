//! The configuration of a client.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::auth::ProviderContext;
use crate::client::{Client, Shared};
use crate::credentials::{self, Credentials, RegionAddresses};
use crate::error::Error;
use crate::generated::contract;
use crate::http::{Authority, HttpClientSettings, Proxies, ProxySettings, endpoint};
use crate::input::{Problem, ProblemKind};
use crate::note::Note;
use crate::observer::{Retry, RetryObserver};
use crate::project::ProjectLookup;
use crate::retry::{RetryBudget, RetryPolicy};
use crate::text;
use crate::time::{Clock, SystemClock};
use crate::variables;

/// Default timeout of a call, including retries.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Default timeout of connecting, unless an attempt has less.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// The region of a profile, in problems.
const PROFILE_REGION: &str = "profile.region";
/// Default limit of the size of a response body, in bytes.
const MAX_RESPONSE_BYTES: usize = 1 << 20;

/// The configuration of a [`Client`], checked by [`build`](Self::build).
///
/// [`credentials`](Self::credentials), and a [`region`](Self::region) or an
/// [`endpoint`](Self::endpoint), are required. Everything else has a default.
///
/// ```
/// # fn main() -> Result<(), dbss_client::Error> {
/// use std::time::Duration;
///
/// use dbss_client::{Client, Credentials};
///
/// let client = Client::builder()
///     .region("cn-north-4")
///     .credentials(Credentials::access_key("AN-ACCESS-KEY", "its-secret-key"))
///     .project_id("0123456789abcdef0123456789abcdef")
///     .timeout(Duration::from_secs(60))
///     .user_agent("my-tool/1.2")
///     .build()?;
/// assert_eq!(client.endpoint(), "https://dbss.cn-north-4.myhuaweicloud.com");
/// # Ok(())
/// # }
/// ```
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
    proxy_from_environment: bool,
    ca_certificates: Vec<Vec<u8>>,
    ca_files: Vec<PathBuf>,
    max_response_bytes: Option<usize>,
    clock: Option<Arc<dyn Clock>>,
    on_retry: Option<RetryObserver>,
}

impl Client {
    /// Starts the configuration of a client.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }
}

impl ClientBuilder {
    /// The region, such as `cn-north-4`. It selects the endpoint, unless an
    /// [`endpoint`](Self::endpoint) is set; the IAM endpoint, unless an
    /// [`iam_endpoint`](Self::iam_endpoint) is set; and the project that is looked up at IAM,
    /// unless a [`project_id`](Self::project_id) is set.
    ///
    /// Either one of the regions that the contract lists (the values of `region` in
    /// [`server_variables`](crate::descriptor::Api::server_variables)), or one whose endpoint is in the
    /// environment variable `HUAWEICLOUD_SDK_REGION_DBSS_<REGION>` (the region in upper
    /// case, with `_` for `-`), as in Huawei's own SDKs; if that has several addresses,
    /// the first one is used, and [`Client::notes`] says so. Default: that of the profile
    /// that the credentials come from. The SDKs' file of regions is not read, since that would
    /// need a YAML parser.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// The endpoint that is called, such as `https://dbss.example.com`; without a scheme it is
    /// `https`. It may have a path, which then precedes those of the operations. Default: that
    /// of the profile that the credentials come from, else that of the [`region`](Self::region).
    pub fn endpoint(mut self, endpoint: impl Into<String>) -> Self {
        self.endpoint = Some(endpoint.into());
        self
    }

    /// The IAM endpoint, for logins and for looking up the project. Default: that of the
    /// credentials, else of the environment variable `HUAWEICLOUD_SDK_IAM_ENDPOINT`, else
    /// of the region. Without a scheme it is `https`.
    pub fn iam_endpoint(mut self, endpoint: impl Into<String>) -> Self {
        self.iam_endpoint = Some(endpoint.into());
        self
    }

    /// Allows `http` endpoints other than loopback addresses. Credentials and responses
    /// are then sent in clear text.
    pub fn allow_plain_http(mut self) -> Self {
        self.allow_plain_http = true;
        self
    }

    /// The credentials that calls are authenticated with. Required.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// The project of calls that do not set one. Default: that of the credentials, else
    /// the one that IAM has for the region, which the first call that needs it asks for.
    pub fn project_id(mut self, project_id: impl Into<String>) -> Self {
        self.project_id = Some(project_id.into());
        self
    }

    /// Timeout of a call, including retries and a login. Default: 30 seconds; zero is an
    /// error of [`build`](Self::build).
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Timeout of an attempt, from its start to the last byte of the response. Default:
    /// none of its own, so that a response is waited for as long as the call may take. With
    /// one, an idempotent operation is tried again if there was no response in time. It also
    /// applies to each request to IAM. Zero is an error of [`build`](Self::build).
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = Some(timeout);
        self
    }

    /// Timeout of connecting, including TLS. Default: 5 seconds. It is never longer than
    /// that of an attempt; zero is an error of [`build`](Self::build).
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = Some(timeout);
        self
    }

    /// The retry policy of calls. Default: [`RetryPolicy::default`], with up to 4 attempts.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// The name of the calling program, which precedes this crate's in the `User-Agent`,
    /// such as `my-tool/1.2`.
    pub fn user_agent(mut self, program: impl Into<String>) -> Self {
        self.user_agent = Some(program.into());
        self
    }

    /// Uses a custom HTTP client.
    ///
    /// Its own settings of redirects, TLS, proxy, connect timeout and user agent apply;
    /// [`connect_timeout`](Self::connect_timeout), [`user_agent`](Self::user_agent),
    /// [`proxy`](Self::proxy), [`proxy_from_environment`](Self::proxy_from_environment),
    /// [`ca_certificate`](Self::ca_certificate) and [`ca_file`](Self::ca_file) cannot be set
    /// together with it. It should not follow redirects, since these would send tokens to
    /// other hosts, and on a 307 or 308 the password of a login.
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http = Some(client);
        self
    }

    /// The HTTP proxy of all requests, those to IAM included, such as
    /// `http://proxy.example.com:3128` or `proxy.example.com:3128`. It may contain a user name
    /// and a password, percent-encoded; to an `http` proxy these are sent in clear text.
    /// Default: none; see [`proxy_from_environment`](Self::proxy_from_environment).
    ///
    /// Loopback addresses are called directly. So are other `http` addresses, unless
    /// [`allow_plain_http`](Self::allow_plain_http) was called: a proxy could read the
    /// credentials. To an `https` address it opens a tunnel. SOCKS is not supported.
    pub fn proxy(mut self, proxy: impl Into<String>) -> Self {
        self.proxy = Some(proxy.into());
        self
    }

    /// Takes the proxies of the environment: `HTTPS_PROXY` for `https` addresses,
    /// `HTTP_PROXY` for `http` addresses, else `ALL_PROXY`; not for the addresses in
    /// `NO_PROXY`, nor for those that [`proxy`](Self::proxy) excepts. A name in upper case
    /// precedes the same in lower case, and an empty variable counts as unset. Together with
    /// [`proxy`](Self::proxy), that proxy is used, except for the addresses in `NO_PROXY`.
    ///
    /// `NO_PROXY` is a list of host names, which include their subdomains, IP addresses and
    /// networks such as `192.0.2.0/24`, separated by commas or blanks; `*` is everything. In
    /// a program that a web server runs (`REQUEST_METHOD` is set), `HTTP_PROXY` is not read in
    /// upper case, since callers of that server can set it.
    ///
    /// A proxy that an address of this client needs is checked by [`build`](Self::build); the
    /// problem has the name of the variable.
    pub fn proxy_from_environment(mut self) -> Self {
        self.proxy_from_environment = true;
        self
    }

    /// Trusts the certificate authorities in a file, in addition to the platform's: one or
    /// more certificates in PEM. It can be called several times; [`build`](Self::build) reads
    /// the files, of up to 16 MiB each.
    ///
    /// The file that the variable `SSL_CERT_FILE` names is read as well, as by OpenSSL and
    /// curl; where rustls takes the platform's certificates from files, as on Linux, it
    /// replaces these.
    pub fn ca_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.ca_files.push(path.into());
        self
    }

    /// Trusts a certificate authority in addition to the platform's: one or more
    /// certificates in PEM.
    pub fn ca_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.ca_certificates.push(pem.into());
        self
    }

    /// The largest response body that is read, in bytes. Default: 1 MiB. A longer success
    /// response is an error, the body of a longer error response is truncated.
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.max_response_bytes = Some(bytes);
        self
    }

    /// Uses a custom clock, for tests. Default: [`SystemClock`].
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// Calls a function before each retry, with the attempt that failed and the pause that
    /// begins. Retries of logins and project lookups are among them; a renewed token after
    /// a 401 is not, since it has no pause. The function should return at once, and must
    /// not panic. Default: none.
    pub fn on_retry(mut self, observer: impl Fn(&Retry) + Send + Sync + 'static) -> Self {
        self.on_retry = Some(RetryObserver::new(observer));
        self
    }

    /// Checks the configuration and builds the client. Nothing is sent.
    ///
    /// The endpoint is [`endpoint`](Self::endpoint), else that of [`region`](Self::region).
    /// Without a region and a [`project_id`](Self::project_id), each call has to set its
    /// project, unless the credentials have one.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) with every problem of the
    /// configuration at once: credentials that are missing or invalid; neither a region nor an
    /// endpoint; a region without an endpoint; a URL that is invalid or would send credentials
    /// in clear text; a proxy that cannot be used; a timeout of zero; a retry policy without
    /// attempts; a file that cannot be read or holds no certificate; settings that conflict
    /// with [`http_client`](Self::http_client).
    pub fn build(self) -> Result<Client, Error> {
        let mut problems = Vec::new();
        let mut notes = self.credentials.as_ref().map_or(&[][..], Credentials::notes).to_vec();
        let endpoint = self.address(&mut notes).map_err(|problem| problems.push(problem)).ok();
        let credentials = self.checked_credentials().map_err(|p| problems.push(p)).ok();
        let iam_endpoint = self.iam_address().map_err(|problem| problems.push(problem));
        let iam = iam_endpoint.as_ref().ok().and_then(Option::as_deref);
        let proxies = self.proxies(endpoint.as_deref(), iam, &mut problems);
        for (name, limit) in [
            ("timeout", self.timeout),
            ("attempt_timeout", self.attempt_timeout),
            ("connect_timeout", self.connect_timeout),
        ] {
            if limit.is_some_and(|limit| limit.is_zero()) {
                let zero = Problem::configuration(name, ProblemKind::ZeroTimeout);
                problems.push(zero.with_help("give a longer time, or none"));
            }
        }
        problems.extend(self.retry.problem());
        let timeout = self.timeout.unwrap_or(TIMEOUT);
        let request_timeout = self.attempt_timeout.unwrap_or(timeout).min(timeout);
        let http_settings = HttpClientSettings {
            connect_timeout: self.connect_timeout,
            default_connect_timeout: CONNECT_TIMEOUT,
            timeout: request_timeout,
            user_agent: self.user_agent.as_deref(),
            proxies: &proxies,
            ca_certificates: &self.ca_certificates,
            ca_files: &self.ca_files,
            addresses: [("endpoint", endpoint.as_deref()), ("iam_endpoint", iam)],
        };
        let http = match self.http.clone() {
            Some(own) => {
                let proxies = [
                    ("proxy", self.proxy.is_some()),
                    ("proxy_from_environment", self.proxy_from_environment),
                ];
                http_settings.with_own_client(own, proxies, &mut problems)
            }
            None => http_settings.client(&mut problems).map_err(Error::setup)?,
        };
        let (Some(endpoint), Some(credentials), Some(http), Ok(iam_endpoint), true) =
            (endpoint, credentials, http, iam_endpoint, problems.is_empty())
        else {
            return Err(Error::invalid_input(None, problems));
        };
        let region = self.known_region().map(|(_, region)| region.to_owned());
        let clock = self.clock.unwrap_or_else(|| Arc::new(SystemClock));
        let project_id = self.project_id.or_else(|| credentials.project_id().map(str::to_owned));
        let mut provider_context = ProviderContext::new(http.clone())
            .with_proxies(proxies)
            .with_request_timeout(request_timeout)
            .with_clock(Arc::clone(&clock));
        if let Some(region) = region {
            provider_context = provider_context.with_region(region);
        }
        if let Some(project_id) = &project_id {
            provider_context = provider_context.with_project_id(project_id);
        }
        if let Some(iam_endpoint) = iam_endpoint {
            provider_context = provider_context.with_iam_endpoint(iam_endpoint);
        }
        let shared = Shared {
            host: endpoint::host(&endpoint),
            authority: Authority::parse(&endpoint).unwrap_or_default(),
            endpoint,
            project_id: project_id.map(Arc::from),
            credentials,
            provider_context,
            projects: ProjectLookup::default(),
            notes,
            http,
            clock,
            timeout,
            attempt_timeout: self.attempt_timeout,
            http_timeout: self.http.is_none().then_some(request_timeout),
            retry: self.retry,
            budget: RetryBudget::default(),
            on_retry: self.on_retry,
            max_response_bytes: self.max_response_bytes.unwrap_or(MAX_RESPONSE_BYTES),
        };
        Ok(Client { shared: Arc::new(shared), dry_run: None })
    }

    /// The region, and the setting that it comes from.
    fn known_region(&self) -> Option<(&'static str, &str)> {
        let of_profile = self.credentials.as_ref().and_then(Credentials::region);
        let of_profile = of_profile.map(|region| (PROFILE_REGION, region));
        self.region.as_deref().map(|region| ("region", region)).or(of_profile)
    }

    /// An address counts more than a region, wherever either comes from: what was meant for a
    /// test service does not reach the real one.
    fn address(&self, notes: &mut Vec<Note>) -> Result<String, Problem> {
        let of_profile = self.credentials.as_ref().and_then(Credentials::endpoint);
        let of_profile = of_profile.map(|address| ("profile.endpoint", address));
        let given = self.endpoint.as_deref().map(|address| ("endpoint", address));
        if let Some((field, address)) = given.or(of_profile) {
            return endpoint::checked(field, address, self.allow_plain_http);
        }
        let Some((field, region)) = self.known_region() else {
            return Err(missing(
                "region",
                "call `ClientBuilder::region`, or `ClientBuilder::endpoint` for any other address",
            ));
        };
        let Some(found) = credentials::endpoint_from_env(region) else {
            return endpoint::of_region(field, region, &contract::API);
        };
        let RegionAddresses { variable, first, ignored } = found;
        let used = endpoint::checked(&variable, &first, self.allow_plain_http)?;
        if ignored > 0 {
            let note = Note::FirstOfSeveralAddresses { variable, used: used.clone(), ignored };
            tracing::debug!("{note}");
            notes.push(note);
        }
        Ok(used)
    }

    fn iam_address(&self) -> Result<Option<String>, Problem> {
        let of_profile = self.credentials.as_ref().and_then(Credentials::iam_endpoint);
        let of_profile = of_profile.map(|address| ("profile.iam_endpoint", address.to_owned()));
        let given = self.iam_endpoint.clone().map(|address| ("iam_endpoint", address));
        let address = given.or(of_profile).or_else(credentials::iam_endpoint_from_env);
        let checked = |(field, address): (&str, String)| {
            endpoint::checked(field, &address, self.allow_plain_http)
        };
        address.map(checked).transpose()
    }

    /// The proxies of a client that calls these addresses.
    fn proxies(
        &self,
        endpoint: Option<&str>,
        iam_endpoint: Option<&str>,
        problems: &mut Vec<Problem>,
    ) -> Proxies {
        let settings = ProxySettings {
            given: self.proxy.as_deref(),
            environment: self.proxy_from_environment.then_some(&variables::of_process),
            allow_plain_http: self.allow_plain_http,
        };
        let credentials = self.credentials.as_ref();
        let region = self.known_region().map(|(_, region)| region);
        let iam = endpoint::of_iam(region);
        let mut called: Vec<&str> = endpoint.into_iter().collect();
        // IAM is asked for a login, and for the project of a region.
        let found = credentials.and_then(Credentials::project_id);
        let has_project = self.project_id.is_some() || found.is_some();
        if credentials.is_some_and(Credentials::is_login) || !(has_project || region.is_none()) {
            called.push(iam_endpoint.unwrap_or(&iam));
        }
        // A custom provider may ask anybody.
        let is_known = !credentials.is_some_and(Credentials::is_provider);
        settings.proxies(is_known.then_some(&called), problems)
    }

    fn checked_credentials(&self) -> Result<Credentials, Problem> {
        let Some(credentials) = &self.credentials else {
            return Err(missing(
                "credentials",
                "call `ClientBuilder::credentials`, for instance with `Credentials::from_env()`",
            ));
        };
        match credentials.invalid_reason() {
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
        // An endpoint that was not checked may contain a password: it is shown only if it
        // is valid. The proxy is not shown at all.
        let endpoint = self.endpoint.as_deref();
        let endpoint = endpoint.map(|e| endpoint::checked("endpoint", e, true).map_err(|_| "…"));
        f.debug_struct("ClientBuilder")
            .field("region", &self.region.as_deref().map(text::without_login))
            .field("endpoint", &endpoint)
            .field("credentials", &self.credentials)
            .field("project_id", &self.project_id)
            .field("timeout", &self.timeout)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}
