//! The client that the options, the environment and the profile file ask for.

use std::time::Duration;

use dbss_client::{Client, Credentials, RetryPolicy};

use crate::failure::{Cause, Input, TokenPlace};
use crate::globals::Globals;
use crate::input::{STDIN, Stdin};
use crate::outcome::Warning;

/// What an attempt gets of a longer time limit, at least.
const ATTEMPT: Duration = Duration::from_secs(10);

/// Makes the client.
pub(crate) async fn connect(
    globals: &Globals,
    stdin: &mut Stdin,
    warn: &mut dyn FnMut(Warning),
) -> Result<Client, Cause> {
    let credentials = credentials(globals, stdin, warn).await?;
    let endpoint = globals.endpoint.clone().or_else(|| variable("DBSS_ENDPOINT"));
    let region = globals.region.clone().or_else(|| variable("DBSS_REGION"));
    let project_id = globals.project_id.clone();
    let project_id = project_id.or_else(|| variable("DBSS_PROJECT_ID"));
    // Without any, the profile's is taken, which the client does.
    let project_id = project_id.or_else(|| variable("HUAWEICLOUD_SDK_PROJECT_ID"));
    if endpoint.is_none() && region.is_none() {
        return Err(Cause::NoAddress);
    }
    let attempts = globals.retries.saturating_add(1);
    // A long time limit is meant for slow answers too, not for retries only.
    let attempt_timeout = (globals.timeout / attempts).max(ATTEMPT.min(globals.timeout));
    let mut builder = Client::builder()
        .credentials(credentials)
        .timeout(globals.timeout)
        .attempt_timeout(attempt_timeout)
        .retry(RetryPolicy::default().max_attempts(attempts))
        .user_agent(concat!("dbss-cli/", env!("CARGO_PKG_VERSION")));
    if let Some(region) = region {
        builder = builder.region(region);
    }
    if let Some(endpoint) = endpoint {
        builder = builder.endpoint(endpoint);
    }
    if let Some(project_id) = project_id {
        builder = builder.project_id(project_id);
    }
    builder.build().map_err(Cause::Client)
}

/// The first credentials that are there.
async fn credentials(
    globals: &Globals,
    stdin: &mut Stdin,
    warn: &mut dyn FnMut(Warning),
) -> Result<Credentials, Cause> {
    if let Some(token) = &globals.token {
        if token == STDIN {
            let token = stdin.read(Input::Token).await?;
            return token_of(token.trim(), TokenPlace::Stdin);
        }
        warn(Warning::TokenInArguments);
        return token_of(token, TokenPlace::Argument);
    }
    if let Some(profile) = &globals.profile {
        return from_profile(profile);
    }
    if let Some(token) = variable("DBSS_TOKEN") {
        return token_of(&token, TokenPlace::Environment);
    }
    Credentials::default_chain().map_err(Cause::NoCredentials)
}

fn token_of(token: &str, place: TokenPlace) -> Result<Credentials, Cause> {
    if token.is_empty() { Err(Cause::EmptyToken(place)) } else { Ok(Credentials::token(token)) }
}

/// `SECTION`, `FILE` or `FILE#SECTION`.
fn from_profile(given: &str) -> Result<Credentials, Cause> {
    let credentials = match given.rsplit_once('#') {
        Some((path, section)) => Credentials::from_profile_at(path, section),
        None if given.contains(['/', '\\']) => {
            Credentials::from_profile_at(given, Credentials::DEFAULT_PROFILE_SECTION)
        }
        None => Credentials::from_profile_section(given),
    };
    credentials.map_err(Cause::Profile)
}

/// A variable of the environment; one that is empty counts as not set.
fn variable(name: &str) -> Option<String> {
    let value = std::env::var_os(name).filter(|value| !value.is_empty())?;
    // What is no Unicode is refused further on, where it is looked at.
    Some(value.to_string_lossy().into_owned())
}
