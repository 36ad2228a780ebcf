//! Endpoints: of the service and of IAM, by region or as given.

use std::borrow::Cow;
use std::fmt;

use http::HeaderValue;
use reqwest::Url;

use crate::descriptor::Api;
use crate::input::{Problem, ProblemKind};
use crate::text;

/// The host and the port of an address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Authority {
    /// Without the brackets of an IPv6 address.
    pub(crate) host: String,
    /// As given, or the default of the scheme.
    pub(crate) port: Option<u16>,
}

impl Authority {
    pub(crate) fn of(url: &Url) -> Self {
        let host = url.host_str().unwrap_or_default();
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        Self { host, port: url.port_or_known_default() }
    }

    pub(crate) fn parse(address: &str) -> Option<Self> {
        Url::parse(address).ok().filter(Url::has_host).map(|url| Self::of(&url))
    }
}

impl fmt::Display for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (open, close) = if self.host.contains(':') { ("[", "]") } else { ("", "") };
        write!(f, "{open}{}{close}", self.host)?;
        match self.port {
            Some(port) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}

/// The endpoint of a region, from the contract. `field` is the setting of the region.
pub(crate) fn of_region(field: &str, region: &str, api: &Api) -> Result<String, Problem> {
    let known = api.server_variables.iter().find(|variable| variable.name == "region");
    if known.is_some_and(|variable| variable.values.contains(&region)) {
        return Ok(api.server_url.replace("{region}", region));
    }
    let regions = known.map(|variable| variable.values.join(", ")).unwrap_or_default();
    // An address that was given as a region may hold a password.
    let kind = ProblemKind::UnknownRegion { region: text::without_login(region).into_owned() };
    let help = format!("use `ClientBuilder::endpoint` for it, or one of {regions}");
    Err(Problem::configuration(field, kind).with_help(help))
}

/// The regions of DBSS that have an IAM endpoint of their own. Source: the table in
/// Huawei's Python SDK.
const IAM_REGIONS: [&str; 24] = [
    "af-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "cn-east-2",
    "cn-east-3",
    "cn-east-4",
    "cn-east-5",
    "cn-north-1",
    "cn-north-2",
    "cn-north-4",
    "cn-north-9",
    "cn-north-12",
    "cn-south-1",
    "cn-south-2",
    "cn-southwest-2",
    "la-north-2",
    "la-south-2",
    "me-east-1",
    "my-kualalumpur-1",
    "ru-moscow-1",
    "sa-brazil-1",
    "tr-west-1",
];

/// The IAM endpoint of a region, or the global one.
pub(crate) fn of_iam(region: Option<&str>) -> Cow<'static, str> {
    match region.filter(|region| IAM_REGIONS.contains(region)) {
        Some(region) => format!("https://iam.{region}.myhuaweicloud.com").into(),
        None => "https://iam.myhuaweicloud.com".into(),
    }
}

/// The `Host` header of requests to that address; `None` if it is invalid.
pub(crate) fn host(address: &str) -> Option<HeaderValue> {
    let url = Url::parse(address).ok()?;
    let host = url.host_str()?;
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    HeaderValue::from_str(&format!("{host}{port}")).ok()
}

/// An address with `https://` if it has no scheme, which is how Huawei's SDKs take one.
fn with_scheme(address: &str) -> Cow<'_, str> {
    let address = address.trim();
    let begins_with = |scheme: &str| {
        address.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    if address.contains("://") || begins_with("https:") || begins_with("http:") {
        Cow::Borrowed(address)
    } else {
        Cow::Owned(format!("https://{address}"))
    }
}

/// The checked address, which is `https` if it has no scheme, without a slash at its end,
/// since the raw layer appends paths.
pub(crate) fn checked(
    field: &str,
    endpoint: &str,
    allow_plain_http: bool,
) -> Result<String, Problem> {
    let refuse = |kind: ProblemKind, help: &'static str| {
        Err(Problem::configuration(field, kind).with_help(help))
    };
    let endpoint = &*with_scheme(endpoint);
    let example = "give a URL such as `https://dbss.example.com`";
    let url_text = || text::without_login(endpoint).into_owned();
    let url = match Url::parse(endpoint) {
        Ok(url) => url,
        // An address that cannot be parsed may contain a password, so it is not shown.
        Err(error) => {
            return refuse(ProblemKind::InvalidUrl { reason: error.to_string() }, example);
        }
    };
    if url.password().is_some() || !url.username().is_empty() {
        return refuse(ProblemKind::UrlWithCredentials, example);
    }
    if url.query().is_some() || url.fragment().is_some() {
        // Either may contain a token, so the address is not shown.
        return refuse(ProblemKind::UrlWithQuery, example);
    }
    let loopback = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => return refuse(ProblemKind::UrlWithoutHost { url: url_text() }, example),
    };
    match url.scheme() {
        "https" => {}
        "http" if loopback || allow_plain_http => {}
        "http" => {
            let help = "use https; `ClientBuilder::allow_plain_http` allows it all the same";
            return refuse(ProblemKind::PlainHttp { url: url_text() }, help);
        }
        scheme => {
            let scheme = scheme.to_owned();
            let kind = ProblemKind::UnsupportedScheme { url: url_text(), scheme };
            return refuse(kind, example);
        }
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::generated::contract;

    #[test]
    fn names_host_and_port_of_addresses() {
        for (address, expected) in [
            ("http://proxy.example.com:3128", "proxy.example.com:3128"),
            ("https://user:s3cret@proxy.example.com", "proxy.example.com:443"),
            ("http://[::1]:3128", "[::1]:3128"),
        ] {
            let authority = Authority::parse(address);
            assert_eq!(authority.map(|it| it.to_string()).as_deref(), Some(expected), "{address}");
        }
    }

    #[test]
    fn uses_global_iam_for_regions_without_their_own() {
        for (region, expected) in [
            (Some("cn-north-4"), "https://iam.cn-north-4.myhuaweicloud.com"),
            (Some("af-north-1"), "https://iam.myhuaweicloud.com"),
            (Some("eu-west-101"), "https://iam.myhuaweicloud.com"),
            (None, "https://iam.myhuaweicloud.com"),
        ] {
            assert_eq!(of_iam(region), expected, "{region:?}");
        }
    }

    #[test]
    fn takes_addresses_without_a_scheme_for_https() {
        for (address, expected) in [
            ("dbss.example.com", "https://dbss.example.com"),
            (" dbss.example.com:8443/path/ ", "https://dbss.example.com:8443/path"),
            ("localhost:8080", "https://localhost:8080"),
            ("127.0.0.1", "https://127.0.0.1"),
            ("[::1]:8080", "https://[::1]:8080"),
            ("https:dbss.example.com", "https://dbss.example.com"),
            ("HTTPS://dbss.example.com", "https://dbss.example.com"),
            ("http://localhost", "http://localhost"),
        ] {
            assert_eq!(checked("endpoint", address, false).as_deref(), Ok(expected), "{address}");
        }
        for address in ["", " ", "https://", "dbss example com", "dbss:port"] {
            assert!(checked("endpoint", address, false).is_err(), "{address}");
        }
    }

    #[test]
    fn shows_no_login_of_an_address() {
        for address in [
            "https://user:pa55@dbss.example.com",
            "https://user:pa55@",
            "https://user:pa55@dbss.example.com:port",
            "http://user:pa55@dbss.example.com",
            "ftp://user:pa55@dbss.example.com",
            "user:pa55@dbss.example.com",
            "unix:user:pa55@dbss",
            "//user:pa55@dbss.example.com",
        ] {
            for problem in [
                checked("endpoint", address, false).unwrap_err(),
                of_region("region", address, &contract::API).unwrap_err(),
            ] {
                let printed = format!("{problem} {problem:?}");
                assert!(!printed.contains("pa55"), "{printed}");
            }
        }
    }
}
