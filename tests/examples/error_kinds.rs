//! Each kind of error, and what a program does about it.
//!
//! Runs against the emulator, which is made to fail in every way there is.
//! With `DBSS_TOKEN` and the variables in `support/mod.rs` it makes one call to a
//! real service instead, and prints the result.

mod support;

use std::error::Error as StdError;
use std::time::Duration;

use dbss_client::operations::SetAuditScopeRuleSwitch;
use dbss_client::types::AuditScopeStatus;
use dbss_client::{Client, Credentials, Error, ErrorKind, PasswordLogin, Problem, RetryPolicy};
use dbss_emulator::{Emulator, Fault, StatusCode};
use support::Service;

#[tokio::main]
async fn main() -> Result<(), Box<dyn StdError>> {
    let service = Service::find().await?;
    let token = service.secret("DBSS_TOKEN", Emulator::token)?;
    let project_id = service.secret("DBSS_PROJECT_ID", Emulator::project_id)?;
    let builder = || {
        let credentials = Credentials::token(&token);
        let quick = service.client().attempt_timeout(Duration::from_millis(500));
        quick.credentials(credentials).project_id(&project_id).retry(RetryPolicy::none())
    };
    let client = builder().build()?;

    let Some(local) = &service.local else {
        report(enable(&client, &service).await);
        return Ok(());
    };
    report(enable(&client, &service).ids([] as [&str; 0]).await);

    let login = PasswordLogin::new("dbss-account", "dbss-operator", "not the password");
    report(
        enable(&builder().credentials(Credentials::iam_password(login)).build()?, &service).await,
    );

    let nobody = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    report(enable(&builder().endpoint(format!("http://{nobody}")).build()?, &service).await);

    let no_tls = format!("https://{}", local.address());
    report(enable(&builder().endpoint(no_tls).build()?, &service).await);

    for fault in [
        Fault::stall(),
        Fault::reset(),
        Fault::documented(StatusCode::FORBIDDEN),
        Fault::failed(),
        Fault::html(StatusCode::OK),
    ] {
        local.add_fault(fault);
        report(enable(&client, &service).await);
    }
    report(enable(&client, &service).await);
    Ok(())
}

fn enable(client: &Client, service: &Service) -> SetAuditScopeRuleSwitch {
    client
        .set_audit_scope_rule_switch()
        .instance_id(&service.instance_id)
        .ids(&service.scope_ids)
        .status(AuditScopeStatus::On)
}

fn report<T>(outcome: Result<T, Error>) {
    match outcome {
        Ok(_) => println!("success"),
        Err(error) => println!("{}: {error}\n  -> {}\n", error.kind(), advice(&error)),
    }
}

/// What a program decides by.
fn advice(error: &Error) -> String {
    match error.kind() {
        ErrorKind::InvalidInput => {
            let fields: Vec<_> = error.problems().iter().map(Problem::field).collect();
            format!("ask for other values of {}", fields.join(", "))
        }
        ErrorKind::CredentialsUnavailable => "try later: IAM was not there".into(),
        ErrorKind::Credentials => "ask for other credentials".into(),
        ErrorKind::Connect => "check the address and the network".into(),
        ErrorKind::Tls => "check the address and the certificates".into(),
        // The operation is idempotent, so it may simply be called again.
        ErrorKind::Timeout | ErrorKind::Interrupted => {
            "call again: it may have been carried out, which does no harm".into()
        }
        ErrorKind::Api if error.is_throttled() => "wait".into(),
        ErrorKind::Api if error.is_auth() => "ask for the permission".into(),
        ErrorKind::Api => format!("look up {}", error.code().unwrap_or("the status")),
        ErrorKind::FailedOutcome => "look whether the scopes are as wanted already".into(),
        ErrorKind::InvalidResponse => {
            let length = error.body().map_or(0, <[u8]>::len);
            format!("report it, with the {length} bytes of its body")
        }
        // Kinds to come.
        _ => "show it to someone".into(),
    }
}
