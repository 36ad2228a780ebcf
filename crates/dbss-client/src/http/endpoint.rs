//! Endpoints: of the service and of IAM, by region or as given.

use std::borrow::Cow;

use http::HeaderValue;
use reqwest::Url;

use crate::descriptor::Api;
use crate::input::{Problem, ProblemKind};

/// The endpoint of a region: from the environment, else from the contract.
pub(crate) fn of_region(
    region: &str,
    api: &Api,
    environment: Option<String>,
    allow_plain_http: bool,
) -> Result<String, Problem> {
    if let Some(endpoint) = environment {
        return checked("region", &endpoint, allow_plain_http);
    }
    let known = api.server_variables.iter().find(|variable| variable.name == "region");
    if known.is_some_and(|variable| variable.values.contains(&region)) {
        return Ok(api.server_url.replace("{region}", region));
    }
    let regions = known.map(|variable| variable.values.join(", ")).unwrap_or_default();
    let kind = ProblemKind::UnknownRegion { region: region.to_owned() };
    let help = format!("use `ClientBuilder::endpoint` for it, or one of {regions}");
    Err(Problem::configuration("region", kind).with_help(help))
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

/// The checked address without a slash at its end, since the raw layer appends paths.
pub(crate) fn checked(
    field: &str,
    endpoint: &str,
    allow_plain_http: bool,
) -> Result<String, Problem> {
    let refuse = |kind: ProblemKind, help: &'static str| {
        Err(Problem::configuration(field, kind).with_help(help))
    };
    let example = "give a URL such as `https://dbss.example.com`";
    let url_text = || endpoint.to_owned();
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
mod tests {
    use super::*;

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
}
