//! Builds the client from the settings and the credentials.

use dbss_client::{Client, ClientBuilder, Credentials, RetryPolicy};

use crate::failure::{Cause, Input, InputSource};
use crate::input::Reader;
use crate::output::Warning;
use crate::progress::Progress;
use crate::settings::Settings;

/// Builds the client. Nothing is sent yet.
pub(crate) async fn build(
    settings: Settings,
    credentials: Credentials,
    progress: &Progress,
    reader: &Reader,
    warn: &mut dyn FnMut(Warning),
) -> Result<Client, Cause> {
    let found = credentials.notes().to_vec();
    for note in &found {
        warn(Warning::Note(note.clone()));
    }
    let has_region = settings.region.is_some() || credentials.region().is_some();
    if settings.endpoint.is_none() && credentials.endpoint().is_none() && !has_region {
        return Err(Cause::NoEndpoint);
    }
    let attempts = settings.retries.saturating_add(1);
    let mut builder = Client::builder()
        .credentials(credentials)
        .timeout(settings.timeout)
        .retry(RetryPolicy::default().max_attempts(attempts))
        .proxy_from_environment()
        .user_agent(concat!("dbss-cli/", env!("CARGO_PKG_VERSION")));
    builder = with(builder, settings.region, ClientBuilder::region);
    builder = with(builder, settings.endpoint, ClientBuilder::endpoint);
    builder = with(builder, settings.iam_endpoint, ClientBuilder::iam_endpoint);
    builder = with(builder, settings.proxy, ClientBuilder::proxy);
    builder = with(builder, settings.project_id, ClientBuilder::project_id);
    builder = with(builder, settings.attempt_timeout, ClientBuilder::attempt_timeout);
    builder = with(builder, settings.connect_timeout, ClientBuilder::connect_timeout);
    builder = with(builder, settings.max_response_bytes, ClientBuilder::max_response_bytes);
    builder = settings.ca_files.into_iter().fold(builder, ClientBuilder::ca_file);
    if settings.plain_http {
        builder = builder.allow_plain_http();
    }
    let builder = progress.told_of_retries(builder);
    // Certificates are read from files.
    let built = reader.blocking(|| Ok(builder.build())).await.map_err(|error| {
        let (input, source) = (Input::Certificates, InputSource::CertificateFiles);
        Cause::UnreadableInput { input, source, error }
    })?;
    let client = built.map_err(Cause::Client)?;
    for note in client.notes().iter().filter(|note| !found.contains(note)) {
        warn(Warning::Note(note.clone()));
    }
    Ok(client)
}

/// The builder with that setting, if there is one.
fn with<T>(
    builder: ClientBuilder,
    value: Option<T>,
    set: impl FnOnce(ClientBuilder, T) -> ClientBuilder,
) -> ClientBuilder {
    match value {
        Some(value) => set(builder, value),
        None => builder,
    }
}
