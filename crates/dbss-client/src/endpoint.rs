//! Addresses: of a region, or as they are given.

use http::HeaderValue;
use reqwest::Url;

use crate::credentials::endpoint_from_env;
use crate::descriptors;
use crate::error::{Problem, Source};

/// The address of a region: what the environment says, else what the contract says.
pub(crate) fn of_region(region: &str, allow_plain_http: bool) -> Result<String, Problem> {
    if let Some(endpoint) = endpoint_from_env(region) {
        return checked("region", &endpoint, allow_plain_http);
    }
    let known = descriptors::API.server_variables.iter().find(|variable| variable.name == "region");
    if known.is_some_and(|variable| variable.values.contains(&region)) {
        return Ok(descriptors::API.server_url.replace("{region}", region));
    }
    let regions = known.map(|variable| variable.values.join(", ")).unwrap_or_default();
    let message = format!("`{}` is not a region of the contract", region.escape_debug());
    let help = format!("use `ClientBuilder::endpoint` for it, or one of {regions}");
    Err(Problem::new("region", Source::Configuration, message, help))
}

/// What a request to that address says of it in `Host`; nothing for what is no
/// address.
pub(crate) fn host(address: &str) -> Option<HeaderValue> {
    let url = Url::parse(address).ok()?;
    let host = url.host_str()?;
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    HeaderValue::from_str(&format!("{host}{port}")).ok()
}

/// The address without a slash at its end, as the raw layer appends paths.
pub(crate) fn checked(
    field: &str,
    endpoint: &str,
    allow_plain_http: bool,
) -> Result<String, Problem> {
    let refuse = |message: String, help: &str| {
        Err(Problem::new(field, Source::Configuration, message, help))
    };
    let example = "give an address such as `https://dbss.example.com`";
    let shown = endpoint.escape_debug();
    let url = match Url::parse(endpoint) {
        Ok(url) => url,
        // What cannot be read may hold a password, so it is not shown.
        Err(error) => return refuse(format!("is not an address: {error}"), example),
    };
    if url.password().is_some() || !url.username().is_empty() {
        return refuse("holds a user name or a password".to_owned(), example);
    }
    if url.query().is_some() || url.fragment().is_some() {
        // Either may hold a token, so the address is not shown.
        return refuse("has a query or a fragment".to_owned(), example);
    }
    let loopback = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => return refuse(format!("`{shown}` names no host"), example),
    };
    match url.scheme() {
        "https" => {}
        "http" if loopback || allow_plain_http => {}
        "http" => {
            let help = "use https; `ClientBuilder::allow_plain_http` allows it all the same";
            return refuse(format!("`{shown}` would send the credentials in clear text"), help);
        }
        scheme => return refuse(format!("`{shown}` has the scheme `{scheme}`"), example),
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}
