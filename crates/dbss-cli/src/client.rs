//! Builds the client from the options, the environment and the profile file.

use std::io;
use std::time::Duration;

use dbss_client::{Client, Credentials, RetryPolicy};

use crate::failure::{Cause, Input, TokenSource};
use crate::global_options::{self, GlobalOptions};
use crate::input::{STDIN_ARGUMENT, Stdin};
use crate::output::Warning;
use crate::progress::Progress;

/// The variable with the time limit of an attempt.
const ATTEMPT_TIMEOUT: &str = "DBSS_ATTEMPT_TIMEOUT";

/// Builds the client. Nothing is sent yet.
pub(crate) async fn build(
    options: &GlobalOptions,
    progress: &Progress,
    stdin: &mut Stdin,
    warn: &mut dyn FnMut(Warning),
) -> Result<Client, Cause> {
    let attempt_timeout = attempt_timeout(options)?;
    let credentials = credentials(options, stdin, warn).await?;
    let endpoint = options.endpoint.clone().or_else(|| env_var("DBSS_ENDPOINT"));
    let region = options.region.clone().or_else(|| env_var("DBSS_REGION"));
    if endpoint.is_none() && region.is_none() {
        return Err(Cause::NoEndpoint);
    }
    let attempts = options.retries.saturating_add(1);
    let mut builder = Client::builder()
        .credentials(credentials)
        .timeout(options.timeout)
        .retry(RetryPolicy::default().max_attempts(attempts))
        .user_agent(concat!("dbss-cli/", env!("CARGO_PKG_VERSION")));
    if let Some(attempt_timeout) = attempt_timeout {
        builder = builder.attempt_timeout(attempt_timeout);
    }
    if let Some(region) = region {
        builder = builder.region(region);
    }
    if let Some(endpoint) = endpoint {
        builder = builder.endpoint(endpoint);
    }
    if let Some(project_id) = project_id(options) {
        builder = builder.project_id(project_id);
    }
    progress.told_of_retries(builder).build().map_err(Cause::Client)
}

/// The project that was given. Without one, the client takes the project of the profile.
pub(crate) fn project_id(options: &GlobalOptions) -> Option<String> {
    let project_id = options.project_id.clone().or_else(|| env_var("DBSS_PROJECT_ID"));
    project_id.or_else(|| env_var("HUAWEICLOUD_SDK_PROJECT_ID"))
}

fn attempt_timeout(options: &GlobalOptions) -> Result<Option<Duration>, Cause> {
    if options.attempt_timeout.is_some() {
        return Ok(options.attempt_timeout);
    }
    let time = env_var(ATTEMPT_TIMEOUT).map(|text| global_options::duration(&text));
    time.transpose().map_err(|_| Cause::NotATime(ATTEMPT_TIMEOUT))
}

/// The first credentials found, in the order that the README documents.
async fn credentials(
    options: &GlobalOptions,
    stdin: &mut Stdin,
    warn: &mut dyn FnMut(Warning),
) -> Result<Credentials, Cause> {
    if let Some(token) = &options.token {
        if token == STDIN_ARGUMENT {
            let token = stdin.read(Input::Token).await?;
            return token_credentials(token.trim(), TokenSource::Stdin);
        }
        warn(Warning::TokenInArguments);
        return token_credentials(token, TokenSource::Argument);
    }
    if let Some(profile) = options.profile.clone() {
        return blocking(move || profile_credentials(&profile)).await;
    }
    if let Some(token) = env_var("DBSS_TOKEN") {
        return token_credentials(&token, TokenSource::Environment);
    }
    blocking(|| Credentials::default_chain().map_err(Cause::NoCredentials)).await
}

/// Reads a file on a thread of its own, so that the runtime can still handle Ctrl-C: the file
/// may be a pipe that nobody writes to.
async fn blocking<T: Send + 'static>(
    read: impl FnOnce() -> Result<T, Cause> + Send + 'static,
) -> Result<T, Cause> {
    let read = tokio::task::spawn_blocking(read).await;
    read.unwrap_or_else(|error| Err(Cause::Runtime(io::Error::other(error))))
}

fn token_credentials(token: &str, source: TokenSource) -> Result<Credentials, Cause> {
    if token.is_empty() { Err(Cause::EmptyToken(source)) } else { Ok(Credentials::token(token)) }
}

/// Reads the value of `--profile`: `SECTION`, `FILE` or `FILE#SECTION`.
fn profile_credentials(value: &str) -> Result<Credentials, Cause> {
    let credentials = match value.rsplit_once('#') {
        Some((path, section)) => Credentials::from_profile_at(path, section),
        None if value.contains(['/', '\\']) => {
            Credentials::from_profile_at(value, Credentials::DEFAULT_PROFILE_SECTION)
        }
        None => Credentials::from_profile_section(value),
    };
    credentials.map_err(Cause::Profile)
}

/// An environment variable; an empty one counts as not set.
fn env_var(name: &str) -> Option<String> {
    let value = std::env::var_os(name).filter(|value| !value.is_empty())?;
    // A value that is not Unicode gets replacement characters here, and the check of
    // that value rejects it.
    Some(value.to_string_lossy().into_owned())
}
