//! The HTTP client: redirects, proxy, TLS.

use std::error::Error as StdError;
use std::path::PathBuf;
use std::time::Duration;

use reqwest::redirect::Policy;

use super::ca_certificates::CaCertificates;
use super::{Proxies, tls};
use crate::input::{Problem, ProblemKind};
use crate::variables;

/// The settings of the HTTP client.
pub(crate) struct HttpClientSettings<'a> {
    pub(crate) connect_timeout: Option<Duration>,
    pub(crate) default_connect_timeout: Duration,
    /// Timeout of a request that does not have its own.
    pub(crate) timeout: Duration,
    pub(crate) user_agent: Option<&'a str>,
    pub(crate) proxies: &'a Proxies,
    pub(crate) ca_certificates: &'a [Vec<u8>],
    pub(crate) ca_files: &'a [PathBuf],
    /// The addresses that will be called, by the name of the setting.
    pub(crate) addresses: [(&'static str, Option<&'a str>); 2],
}

/// An HTTP client for plain `http` on the way to no proxy.
#[cfg(feature = "metadata")]
pub(crate) fn direct(
    connect_timeout: Duration,
    timeout: Duration,
) -> Result<reqwest::Client, Box<dyn StdError + Send + Sync>> {
    let builder = reqwest::Client::builder()
        .redirect(Policy::none())
        .retry(reqwest::retry::never().max_retries_per_request(0))
        .no_proxy()
        .connect_timeout(connect_timeout)
        .timeout(timeout)
        .user_agent(SELF);
    Ok(tls::without_ca_certificates(builder)?.build()?)
}

/// This crate in the `User-Agent` of requests.
const SELF: &str = concat!("dbss-client/", env!("CARGO_PKG_VERSION"));

impl HttpClientSettings<'_> {
    /// An HTTP client that follows no redirects, since these could send credentials to
    /// another host; `None` if there are problems.
    pub(crate) fn client(
        &self,
        problems: &mut Vec<Problem>,
    ) -> Result<Option<reqwest::Client>, Box<dyn StdError + Send + Sync>> {
        let before = problems.len();
        let user_agent = match self.user_agent {
            Some(program) => format!("{program} {SELF}"),
            None => SELF.to_owned(),
        };
        let user_agent = http::HeaderValue::from_str(&user_agent).map_err(|_| {
            let kind = ProblemKind::InvalidHeaderCharacter { character: None };
            problems.push(Problem::configuration("user_agent", kind));
        });
        let mut builder = reqwest::Client::builder()
            .redirect(Policy::none())
            // reqwest copies every request to be able to retry it by itself. Such
            // attempts would be neither counted nor signed.
            .retry(reqwest::retry::never().max_retries_per_request(0))
            .timeout(self.timeout)
            .connect_timeout(
                self.connect_timeout.unwrap_or(self.default_connect_timeout).min(self.timeout),
            );
        if let Ok(user_agent) = user_agent {
            builder = builder.user_agent(user_agent);
        }
        let builder = self.proxies.configure(builder).map_err(reqwest::Error::without_url)?;
        let lookup = &variables::of_process;
        let ca_certificates =
            CaCertificates::of_settings(self.ca_certificates, self.ca_files, lookup, problems);
        let builder = tls::configure(builder, &ca_certificates, lookup, problems)?;
        for (name, address) in self.addresses {
            problems.extend(address.and_then(|address| tls::missing_for(name, address)));
        }
        if problems.len() > before {
            return Ok(None);
        }
        Ok(Some(builder.build()?))
    }

    /// A custom HTTP client, which has its own settings.
    pub(crate) fn with_own_client(
        &self,
        own: reqwest::Client,
        proxy_settings: [(&'static str, bool); 2],
        problems: &mut Vec<Problem>,
    ) -> Option<reqwest::Client> {
        let before = problems.len();
        let settings = [
            ("connect_timeout", self.connect_timeout.is_some()),
            ("user_agent", self.user_agent.is_some()),
            ("ca_certificate", !self.ca_certificates.is_empty()),
            ("ca_file", !self.ca_files.is_empty()),
        ];
        for (name, _) in settings.iter().chain(&proxy_settings).filter(|(_, set)| *set) {
            problems.push(Problem::configuration(*name, ProblemKind::ConflictsWithHttpClient));
        }
        (problems.len() == before).then_some(own)
    }
}
