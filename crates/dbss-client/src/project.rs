//! Looks up the project of a region: `GET /v3/projects?name=`.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use reqwest::{Method, StatusCode};
use serde::Deserialize;

use crate::auth::{CredentialsError, IamErrorResponse, Identity, ProviderContext};
use crate::credentials::Credentials;
use crate::credentials::iam::single_flight::{SingleFlight, lock};
use crate::credentials::iam::{error_response, request, send};
use crate::error::mismatch::Mismatch;
use crate::http::response::without_bom;
use crate::text;

/// In words that fit this crate and the command.
const GIVE_IT: &str = "give the project id; the console shows it under \"My Credentials\"";

/// The project of a client's region, looked up once.
#[derive(Debug, Default)]
pub(crate) struct ProjectLookup {
    known: Arc<Mutex<Option<String>>>,
    single_flight: SingleFlight<String>,
}

#[derive(Deserialize)]
struct List {
    projects: Vec<Project>,
}

#[derive(Deserialize)]
struct Project {
    id: String,
    name: Option<String>,
    /// Source: IAM's API reference, which lists it for every project.
    enabled: Option<bool>,
}

impl ProjectLookup {
    /// The id that was looked up.
    pub(crate) fn known(&self) -> Option<String> {
        lock(&self.known).clone()
    }

    /// The id of the project with the name of the client's region; with the token of a
    /// login, the project of that token. Concurrent calls share one request.
    pub(crate) async fn id(
        &self,
        context: &ProviderContext,
        credentials: &Credentials,
    ) -> Result<String, CredentialsError> {
        let known = || self.known().map(Ok);
        if let Some(id) = known() {
            return id;
        }
        let ask = || {
            let (context, credentials) = (context.clone(), credentials.clone());
            let known = Arc::clone(&self.known);
            async move {
                let id = find(&context, &credentials).await?;
                *lock(&known) = Some(id.clone());
                Ok(id)
            }
        };
        self.single_flight.outcome(known, ask).await
    }
}

async fn find(
    context: &ProviderContext,
    credentials: &Credentials,
) -> Result<String, CredentialsError> {
    let identity = credentials.identity(context).await?;
    if let Identity::Token(token) = &identity
        && let Some(id) = token.project_id()
    {
        return Ok(id.to_owned());
    }
    let Some(region) = context.region() else {
        let error = CredentialsError::new(
            "the project id is not given, and there is no region to look it up by",
        );
        return Err(error.help(GIVE_IT));
    };
    match ask(context, &identity, region).await {
        // Only once: a new token is not refused for being expired.
        Err(error)
            if error.status() == Some(401)
                && matches!(identity, Identity::Token(_))
                && credentials.invalidate(&identity) =>
        {
            let identity = credentials.identity(context).await?;
            ask(context, &identity, region).await
        }
        outcome => outcome,
    }
}

async fn ask(
    context: &ProviderContext,
    identity: &Identity,
    region: &str,
) -> Result<String, CredentialsError> {
    let shown = text::without_login(region);
    let shown = text::escaped(&shown);
    let what = format!("looking up the project id of region `{shown}`");
    let mut request = request(context, Method::GET, "/v3/projects")?;
    request.url_mut().query_pairs_mut().append_pair("name", region);
    identity.authenticate(&mut request, None, context.clock().now())?;
    let response = send(context, request, Bytes::new(), &what).await?;
    if response.status != StatusCode::OK {
        if IamErrorResponse::is_transient(response.status) {
            return Err(error_response(context, &response, format!("{what} failed")));
        }
        return Err(
            error_response(context, &response, format!("{what}: IAM refused it")).help(GIVE_IT)
        );
    }
    let body = without_bom(&response.body);
    let list: List = serde_json::from_slice(body).map_err(|source| {
        let field = Mismatch::find::<List>(body).filter(|mismatch| !mismatch.path().is_empty());
        let field = field.map(|mismatch| format!(", {mismatch}")).unwrap_or_default();
        let what = format!("{what}: the response of IAM is not a list of projects{field}");
        error_response(context, &response, what).help(GIVE_IT).with_source(source)
    })?;
    let named = |project: &Project| project.name.as_deref().is_none_or(|name| name == region);
    let is_enabled = |project: &Project| project.enabled != Some(false);
    let (enabled, disabled): (Vec<_>, Vec<_>) =
        list.projects.into_iter().filter(named).partition(is_enabled);
    let mut ids = enabled.into_iter().map(|project| project.id);
    match (ids.next(), ids.next()) {
        (Some(id), None) if !id.is_empty() => Ok(id),
        (Some(one), Some(other)) => {
            let all: Vec<String> = [one, other].into_iter().chain(ids).collect();
            let all = all.join(", ");
            let all = all.escape_debug();
            Err(CredentialsError::new(format!("{what}: there are several, {all}")).help(GIVE_IT))
        }
        (None, _) if !disabled.is_empty() => {
            let disabled = format!("{what}: the project of that name is disabled");
            Err(CredentialsError::new(disabled).help("enable it, or use another project"))
        }
        _ => {
            let none = format!("{what}: the account has none of that name, or may not see it");
            Err(CredentialsError::new(none).help(GIVE_IT))
        }
    }
}

#[cfg(test)]
mod tests;
