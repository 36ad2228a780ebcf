//! The settings of the client: from flags, else from the environment.

use std::path::PathBuf;
use std::time::Duration;

use crate::failure::Cause;
use crate::global_options::{self, GlobalOptions, MAX_RETRIES};
use crate::paths;

/// The time limit of a call, unless another is given.
const TIMEOUT: Duration = Duration::from_secs(30);

/// How often a call is retried at most, unless another number is given.
const RETRIES: u32 = 3;

/// The settings of the client, but for the credentials. What is not set here is set by the
/// profile, or has the client's default.
pub(crate) struct Settings {
    pub(crate) region: Option<String>,
    pub(crate) endpoint: Option<String>,
    pub(crate) iam_endpoint: Option<String>,
    pub(crate) plain_http: bool,
    pub(crate) proxy: Option<String>,
    pub(crate) ca_files: Vec<PathBuf>,
    pub(crate) project_id: Option<String>,
    pub(crate) timeout: Duration,
    pub(crate) attempt_timeout: Option<Duration>,
    pub(crate) connect_timeout: Option<Duration>,
    pub(crate) retries: u32,
    pub(crate) max_response_bytes: Option<usize>,
}

impl Settings {
    /// The flags, and the variables of those that are not given.
    pub(crate) fn new(options: &GlobalOptions) -> Result<Self, Cause> {
        let timeout = time(options.timeout, "DBSS_TIMEOUT")?;
        let retries = number(options.retries, "DBSS_RETRIES", 0..=MAX_RETRIES)?;
        let bytes = number(options.max_response_bytes, "DBSS_MAX_RESPONSE_BYTES", 1..=u32::MAX)?;
        Ok(Self {
            region: options.region.clone().or_else(|| variable("DBSS_REGION")),
            endpoint: options.endpoint.clone().or_else(|| variable("DBSS_ENDPOINT")),
            // The client reads the variable: a profile's address comes before it.
            iam_endpoint: options.iam_endpoint.clone(),
            plain_http: options.plain_http || switch("DBSS_PLAIN_HTTP")?,
            proxy: options.proxy.clone(),
            ca_files: options.ca_file.iter().map(|path| paths::with_home(path)).collect(),
            project_id: project_id(options),
            timeout: timeout.unwrap_or(TIMEOUT),
            attempt_timeout: time(options.attempt_timeout, "DBSS_ATTEMPT_TIMEOUT")?,
            connect_timeout: time(options.connect_timeout, "DBSS_CONNECT_TIMEOUT")?,
            retries: retries.unwrap_or(RETRIES),
            max_response_bytes: bytes.map(|bytes| usize::try_from(bytes).unwrap_or(usize::MAX)),
        })
    }
}

/// The project that was given. Without one, the client takes the project of the profile.
pub(crate) fn project_id(options: &GlobalOptions) -> Option<String> {
    let project_id = options.project_id.clone().or_else(|| variable("DBSS_PROJECT_ID"));
    project_id.or_else(|| variable("HUAWEICLOUD_SDK_PROJECT_ID"))
}

/// An environment variable; an empty one counts as not set.
pub(crate) fn variable(name: &str) -> Option<String> {
    let value = std::env::var_os(name).filter(|value| !value.is_empty())?;
    // A value that is not Unicode gets replacement characters here, and the check of
    // that value rejects it.
    Some(value.to_string_lossy().into_owned())
}

fn time(flag: Option<Duration>, name: &'static str) -> Result<Option<Duration>, Cause> {
    let parse = |text: &str| global_options::duration(text).ok();
    parsed(flag, name, parse, "a time like 500ms, 30s or 2m")
}

fn number(
    flag: Option<u32>,
    name: &'static str,
    range: std::ops::RangeInclusive<u32>,
) -> Result<Option<u32>, Cause> {
    let expected = if *range.start() == 0 { "a number from 0 to 1000" } else { "a number above 0" };
    parsed(flag, name, |text| text.parse().ok().filter(|number| range.contains(number)), expected)
}

fn switch(name: &'static str) -> Result<bool, Cause> {
    let parse = |text: &str| match text.to_ascii_lowercase().as_str() {
        "1" | "true" => Some(true),
        "0" | "false" => Some(false),
        _ => None,
    };
    Ok(parsed(None, name, parse, "1, true, 0 or false")?.unwrap_or_default())
}

/// The value of the flag, else that of the variable.
fn parsed<T>(
    flag: Option<T>,
    name: &'static str,
    parse: impl FnOnce(&str) -> Option<T>,
    expected: &'static str,
) -> Result<Option<T>, Cause> {
    if flag.is_some() {
        return Ok(flag);
    }
    match variable(name) {
        None => Ok(None),
        Some(text) => match parse(text.trim()) {
            Some(value) => Ok(Some(value)),
            None => Err(Cause::InvalidVariable { name, expected }),
        },
    }
}
