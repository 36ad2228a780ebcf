//! Proxies: which addresses are called through which one.

use std::borrow::Cow;

use http::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use reqwest::{NoProxy, Proxy, Url};

use super::endpoint::Authority;
use super::tls;
use crate::input::{Problem, ProblemKind};
use crate::text;
use crate::variables::{self, Lookup};

/// What is called directly, whatever the settings: this machine.
const LOOPBACK: &str = "localhost,127.0.0.0/8,::1";

/// Variables for `https` addresses, the first of which that is set counts.
const HTTPS: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// Variables for `http` addresses.
const HTTP: [&str; 4] = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];

/// The same for a program that a web server runs: such a server sets `HTTP_PROXY` from the
/// header `Proxy` of whoever calls it.
const HTTP_OF_CGI: [&str; 3] = ["http_proxy", "ALL_PROXY", "all_proxy"];

/// What is set in a program that a web server runs (RFC 3875).
const CGI: &str = "REQUEST_METHOD";

const NO_PROXY: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// The proxies of an HTTP client.
#[derive(Default)]
pub(crate) struct Proxies {
    /// The one for `https` addresses.
    https: Option<Url>,
    /// The one for `http` addresses: none unless credentials may be sent in clear text, so
    /// that no proxy gets to read them.
    http: Option<Url>,
    /// What is called directly, in the format of `NO_PROXY`.
    direct: String,
}

/// The settings that proxies are taken from.
pub(crate) struct ProxySettings<'a> {
    /// The proxy that was given.
    pub(crate) given: Option<&'a str>,
    /// The environment, if it was asked for.
    pub(crate) environment: Option<Lookup<'a>>,
    pub(crate) allow_plain_http: bool,
}

impl ProxySettings<'_> {
    /// The proxies of a client. Those of the environment are checked if an address that will
    /// be called needs them: they are meant for other programs too. `None` is any address.
    pub(crate) fn proxies(&self, called: Option<&[&str]>, problems: &mut Vec<Problem>) -> Proxies {
        let mut proxies = Proxies { direct: LOOPBACK.to_owned(), ..Proxies::default() };
        let given = self.given.map(|address| checked("proxy", address));
        let given = given.transpose().map_err(|problem| problems.push(problem)).ok().flatten();
        let excepted = self.environment.and_then(|lookup| variables::first(lookup, &NO_PROXY));
        if let Some((_, excepted)) = excepted
            && !proxies.except(&excepted)
        {
            return proxies;
        }
        if self.given.is_some() {
            proxies.http = given.clone().filter(|_| self.allow_plain_http);
            proxies.https = given;
        } else if let Some(lookup) = self.environment {
            let mut of = |scheme: &str, names: &[&'static str]| {
                let (name, address) = variables::first(lookup, names)?;
                let is_needed = called.is_none_or(|called| proxies.concern(scheme, called));
                let checked = checked(name, &address);
                let refused = |problem: Problem| {
                    // `ALL_PROXY` is looked at twice.
                    if is_needed && !problems.contains(&problem) {
                        problems.push(problem);
                    }
                };
                checked.map_err(refused).ok()
            };
            let https = of("https", &HTTPS);
            let names = if lookup(CGI).is_some() { &HTTP_OF_CGI[..] } else { &HTTP[..] };
            let http = self.allow_plain_http.then(|| of("http", names)).flatten();
            (proxies.https, proxies.http) = (https, http);
        }
        proxies
    }
}

impl Proxies {
    /// Sets up an HTTP client with these and no other proxies.
    pub(crate) fn configure(
        &self,
        builder: reqwest::ClientBuilder,
    ) -> reqwest::Result<reqwest::ClientBuilder> {
        let mut builder = builder.no_proxy();
        let direct = || NoProxy::from_string(&self.direct);
        if let Some(url) = &self.https {
            builder = builder.proxy(Proxy::https(url.clone())?.no_proxy(direct()));
        }
        if let Some(url) = &self.http {
            builder = builder.proxy(Proxy::http(url.clone())?.no_proxy(direct()));
        }
        Ok(builder)
    }

    /// The scheme and the authority of the proxy that an address is called through.
    pub(crate) fn of(&self, address: &str) -> Option<(&str, Authority)> {
        let address: Uri = address.parse().ok()?;
        let proxy = match address.scheme_str()? {
            "https" => self.https.as_ref(),
            "http" => self.http.as_ref(),
            _ => None,
        }?;
        self.has_no_exception_for(&address).then(|| (proxy.scheme(), Authority::of(proxy)))
    }

    /// Adds addresses that are called directly, by the value of `NO_PROXY`; false if these
    /// are all. As with curl, blanks separate them as well, and an IPv6 address may have
    /// brackets.
    fn except(&mut self, addresses: &str) -> bool {
        for address in addresses.split([',', ' ', '\t']).filter(|address| !address.is_empty()) {
            if address == "*" {
                return false;
            }
            self.direct.push(',');
            self.direct.push_str(address.trim_start_matches('[').trim_end_matches(']'));
        }
        true
    }

    /// Whether one of the addresses has that scheme and no exception.
    fn concern(&self, scheme: &str, addresses: &[&str]) -> bool {
        let addresses = addresses.iter().filter_map(|address| address.parse::<Uri>().ok());
        let mut of_scheme = addresses.filter(|address| address.scheme_str() == Some(scheme));
        of_scheme.any(|address| self.has_no_exception_for(&address))
    }

    /// By the same code that reqwest decides with.
    fn has_no_exception_for(&self, address: &Uri) -> bool {
        let matcher = Matcher::builder().all("http://any").no(self.direct.as_str()).build();
        matcher.intercept(address).is_some()
    }
}

/// The address of a proxy, which is `http` if it has no scheme.
fn checked(field: &str, address: &str) -> Result<Url, Problem> {
    let refuse = |kind: ProblemKind| {
        let help = "give the address of an HTTP proxy, such as `http://proxy.example.com:3128`";
        Err(Problem::configuration(field, kind).with_help(help))
    };
    let address = address.trim();
    let address = if address.contains("://") {
        Cow::Borrowed(address)
    } else {
        Cow::Owned(format!("http://{address}"))
    };
    let url = match Url::parse(&address) {
        Ok(url) => url,
        // An address that cannot be parsed may contain a password, so it is not shown.
        Err(error) => return refuse(ProblemKind::InvalidUrl { reason: error.to_string() }),
    };
    let scheme = url.scheme().to_owned();
    if !matches!(scheme.as_str(), "http" | "https") {
        let shown =
            text::without_login(&format!("{scheme}://{}", Authority::of(&url))).into_owned();
        return refuse(if scheme.starts_with("socks") {
            ProblemKind::SocksProxy { url: shown }
        } else {
            ProblemKind::UnsupportedScheme { url: shown, scheme }
        });
    }
    if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
        return refuse(ProblemKind::ProxyWithPath);
    }
    match tls::missing_for(field, url.as_str()) {
        Some(problem) => Err(problem),
        None => Ok(url),
    }
}
