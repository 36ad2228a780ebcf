//! What a call would be made with, for people and for scripts.

use std::fmt::Write as _;

use dbss_client::text::{escaped, without_logins};
use dbss_client::{CredentialsKind, CredentialsOrigin, Error, ErrorKind};
use serde_json::{Map, Value, json};

use super::{failure, problems};
use crate::colour::{DIM, ERROR, SUCCESS};
use crate::failure::{FailureKind, TokenSource};
use crate::setup::{Entry, Fact, Setup, Source, Subject, Trouble};

/// A line for each entry.
pub(super) fn text(setup: &Setup) -> String {
    let mut text = String::new();
    for entry in &setup.0 {
        let (style, label) = match &entry.result {
            Ok(Fact::NotChecked) => (DIM, "-  "),
            _ if entry.is_ok() => (SUCCESS, "ok "),
            _ => (ERROR, "fix"),
        };
        let said = match &entry.result {
            Ok(fact) => fact_text(fact, entry.is_ok()),
            Err(trouble) => trouble_text(trouble),
        };
        let (subject, said) = (people(entry.subject), without_logins(&said).into_owned());
        // Writing to a string does not fail.
        let _ = writeln!(text, "{style}{label}{style:#}  {subject:14}  {}", escaped(&said));
    }
    text
}

/// The object for scripts: one field for each entry.
pub(super) fn report(setup: &Setup) -> Value {
    let is_ok = setup.0.iter().all(Entry::is_ok);
    let mut object = Map::new();
    object.insert("ok".to_owned(), is_ok.into());
    for entry in &setup.0 {
        let mut fields = match &entry.result {
            Ok(fact) => fact_fields(fact),
            Err(trouble) => trouble_fields(trouble),
        };
        if !matches!(entry.result, Ok(Fact::NotChecked)) {
            fields.insert("ok".to_owned(), entry.is_ok().into());
        }
        object.insert(script(entry.subject).to_owned(), fields.into());
    }
    object.into()
}

fn people(subject: Subject) -> &'static str {
    match subject {
        Subject::IamEndpoint => "address of IAM",
        Subject::Endpoint => "address",
        Subject::Clock => "clock",
        other => script(other),
    }
}

fn script(subject: Subject) -> &'static str {
    match subject {
        Subject::Credentials => "credentials",
        Subject::Region => "region",
        Subject::Endpoint => "endpoint",
        Subject::IamEndpoint => "iam_endpoint",
        Subject::Proxy => "proxy",
        Subject::Project => "project",
        Subject::Clock => "clock",
        Subject::List => "list",
    }
}

fn fact_text(fact: &Fact, is_ok: bool) -> String {
    match fact {
        Fact::Credentials { kind, key, source } => {
            let key = key.as_ref().map(|key| format!(" {key}")).unwrap_or_default();
            format!("{}{key}, from {}", kind_text(*kind), source_text(source))
        }
        Fact::Given(text) => text.clone(),
        Fact::None => "none".to_owned(),
        Fact::ClockAhead(0) => "as the service's".to_owned(),
        Fact::ClockAhead(seconds) => {
            let direction = if *seconds > 0 { "ahead of" } else { "behind" };
            let seconds = seconds.unsigned_abs();
            let help =
                if is_ok { "" } else { ", which refuses signatures from 15 minutes on: set it" };
            format!("{seconds} s {direction} the service's{help}")
        }
        Fact::Instances(None) => "allowed".to_owned(),
        Fact::Instances(Some(1)) => "allowed: there is 1 instance".to_owned(),
        Fact::Instances(Some(total)) => format!("allowed: there are {total} instances"),
        Fact::NotChecked => "not looked at".to_owned(),
    }
}

fn fact_fields(fact: &Fact) -> Map<String, Value> {
    let fields = match fact {
        Fact::Credentials { kind, key, source } => {
            let mut fields = source_fields(source);
            fields.insert("kind".to_owned(), kind_name(*kind).into());
            if let Some(key) = key {
                fields.insert("access_key".to_owned(), key.as_str().into());
            }
            return fields;
        }
        Fact::Given(text) => json!({ "value": without_logins(text) }),
        Fact::None => json!({ "value": null }),
        Fact::ClockAhead(seconds) => json!({ "seconds_ahead": seconds }),
        Fact::Instances(total) => json!({ "total": total }),
        Fact::NotChecked => json!({}),
    };
    match fields {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

fn trouble_text(trouble: &Trouble) -> String {
    match trouble {
        Trouble::Problem(problem) => problems::text(std::slice::from_ref(problem), None),
        Trouble::Failure(failure) => {
            let help = match (failure.kind(), failure.client_error().and_then(Error::status)) {
                (FailureKind::Call(ErrorKind::Api), Some(401)) => {
                    "; is the token or key of this region and project, and still valid?"
                }
                (FailureKind::Call(ErrorKind::Api), Some(403)) => {
                    "; ask for the permission to list audit instances, or check the project"
                }
                (FailureKind::Call(ErrorKind::Connect | ErrorKind::Timeout), _) => {
                    "; check the address, the proxy and the network"
                }
                _ => "",
            };
            failure::message(failure) + help
        }
    }
}

fn trouble_fields(trouble: &Trouble) -> Map<String, Value> {
    let kind = match trouble {
        Trouble::Problem(_) => ErrorKind::InvalidInput.as_str(),
        Trouble::Failure(failure) => failure.kind().as_str(),
    };
    let text = trouble_text(trouble);
    let mut fields = Map::new();
    fields.insert("kind".to_owned(), kind.into());
    fields.insert("message".to_owned(), without_logins(&text).into());
    fields
}

fn kind_text(kind: Option<CredentialsKind>) -> &'static str {
    match kind {
        Some(CredentialsKind::Token) => "a token",
        Some(CredentialsKind::AccessKey) => "access key",
        Some(CredentialsKind::TemporaryAccessKey) => "temporary access key",
        Some(CredentialsKind::Login) => "login of an IAM user",
        Some(CredentialsKind::Provider) => "temporary access key of an agency",
        _ => "credentials",
    }
}

fn kind_name(kind: Option<CredentialsKind>) -> &'static str {
    match kind {
        Some(CredentialsKind::Token) => "token",
        Some(CredentialsKind::AccessKey) => "access_key",
        Some(CredentialsKind::TemporaryAccessKey) => "temporary_access_key",
        Some(CredentialsKind::Login) => "login",
        Some(CredentialsKind::Provider) => "agency",
        _ => "other",
    }
}

fn source_text(source: &Source) -> String {
    match source {
        Source::Token(TokenSource::Stdin) => "standard input".to_owned(),
        Source::Token(TokenSource::Argument) => "--token".to_owned(),
        Source::Token(TokenSource::Environment) => "DBSS_TOKEN".to_owned(),
        Source::Login { is_flag: true } => "--user and --account".to_owned(),
        Source::Login { is_flag: false } => "DBSS_USER and DBSS_ACCOUNT".to_owned(),
        Source::Found(Some(CredentialsOrigin::Environment)) => {
            "HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK".to_owned()
        }
        Source::Found(Some(CredentialsOrigin::Profile { path, section })) => {
            format!("section [{section}] of {}", path.display())
        }
        Source::Found(Some(CredentialsOrigin::EcsMetadata)) => {
            "the metadata service of this ECS instance".to_owned()
        }
        Source::Found(_) => "another place".to_owned(),
    }
}

fn source_fields(source: &Source) -> Map<String, Value> {
    let name = match source {
        Source::Token(TokenSource::Stdin) => "standard_input",
        Source::Token(TokenSource::Argument) | Source::Login { is_flag: true } => "argument",
        Source::Token(TokenSource::Environment)
        | Source::Login { is_flag: false }
        | Source::Found(Some(CredentialsOrigin::Environment)) => "environment",
        Source::Found(Some(CredentialsOrigin::Profile { .. })) => "profile",
        Source::Found(Some(CredentialsOrigin::EcsMetadata)) => "ecs_metadata",
        Source::Found(_) => "other",
    };
    let mut fields = Map::new();
    fields.insert("source".to_owned(), name.into());
    if let Source::Found(Some(CredentialsOrigin::Profile { path, section })) = source {
        let path = path.to_string_lossy();
        fields.insert("path".to_owned(), without_logins(&path).into());
        fields.insert("section".to_owned(), without_logins(section).into());
    }
    fields
}
