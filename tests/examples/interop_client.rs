//! Calls the operations in every way whose response the contract documents, and
//! prints one line for each outcome: what it was, its status, its code, its text.
//!
//! `tests/interop/prism.sh` runs it twice, straight at the emulator and through a
//! validating proxy, and compares. It wants an emulator with its default state and
//! these variables: `DBSS_ENDPOINT`, `DBSS_PROJECT_ID`, `DBSS_TOKEN`, and
//! `DBSS_READER_TOKEN` of a user without rights.

#![allow(deprecated, reason = "StopAuditInstance is one of the two documented operations")]

use std::env;
use std::error::Error;

use dbss_client::contract::API;
use dbss_client::descriptor::Operation;
use dbss_client::types::AuditScopeStatus;
use dbss_client::{Arguments, Client, Credentials, Response, RetryPolicy};
use serde_json::json;

/// The ids of the emulator's default state.
const RUNNING: &str = "1d07f606-92d2-441c-b05c-dca47e180552";
const STOPPED: &str = "2e18f717-a3e3-452d-a16d-edb58f291663";
const UNKNOWN: &str = "00000000-0000-4000-8000-000000000000";
const SCOPES: [&str; 2] = ["ne-pwZgBxmBODPrxTO7F", "c3VwZXJ1c2VyLWF1ZGl0"];
const STOPPED_SCOPES: [&str; 1] = ["c3RvcHBlZC1pbnN0YW5j"];

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let operator = client("DBSS_TOKEN")?;
    let reader = client("DBSS_READER_TOKEN")?;

    // The faults that the emulator was started with come first. Without any, these
    // are refused, since their instance is stopped.
    for _ in 0..3 {
        let call = operator.set_audit_scope_rule_switch().instance_id(STOPPED).ids(STOPPED_SCOPES);
        print_result("fault", call.status(AuditScopeStatus::Off).await);
    }
    for _ in 0..2 {
        print_result("fault", operator.stop_audit_instance().instance_id(STOPPED).await);
    }

    for (title, id, scope) in [
        ("unknown", UNKNOWN, SCOPES.as_slice()),
        ("stopped", STOPPED, STOPPED_SCOPES.as_slice()),
        ("running", RUNNING, SCOPES.as_slice()),
    ] {
        for status in [AuditScopeStatus::Off, AuditScopeStatus::On] {
            let call =
                operator.set_audit_scope_rule_switch().instance_id(id).ids(scope.iter().copied());
            print_result(title, call.status(status).await);
        }
    }
    let call = operator.set_audit_scope_rule_switch().instance_id(RUNNING);
    print_result(
        "unknown scope",
        call.ids(["bm8tc3VjaC1zY29wZQ"]).status(AuditScopeStatus::Off).await,
    );
    let call = reader.set_audit_scope_rule_switch().instance_id(RUNNING);
    print_result("without rights", call.ids(SCOPES).status(AuditScopeStatus::Off).await);

    print_result("unknown", operator.stop_audit_instance().instance_id(UNKNOWN).await);
    print_result("stopped", operator.stop_audit_instance().instance_id(STOPPED).await);
    print_result("without rights", reader.stop_audit_instance().instance_id(RUNNING).await);
    print_result("running", operator.stop_audit_instance().instance_id(RUNNING).await);
    print_result("running", operator.stop_audit_instance().instance_id(RUNNING).await);

    // The instance is stopped now, and these start, reboot and stop it, in this order.
    for operation in API.operations.iter().filter(|operation| operation.tags == ["companion"]) {
        let by = |client: &Client, id: &str| operation.invoke(client, arguments(operation, id));
        let faults = if operation.body.is_some() { 3 } else { 2 };
        for _ in 0..faults {
            print_result("fault", by(&operator, RUNNING).await);
        }
        print_result("unknown", by(&operator, UNKNOWN).await);
        print_result("without rights", by(&reader, RUNNING).await);
        for _ in 0..2 {
            print_result(operation.id, by(&operator, RUNNING).await);
        }
    }
    for (offset, limit) in [(0, 1), (1, 1_000), (2, 1)] {
        let page = operator.list_audit_instances_last().offset(offset).limit(limit);
        print_result("page", page.await);
        let page = operator.list_audit_rule_scopes_new().instance_id(RUNNING);
        print_result("page", page.offset(offset).limit(limit).await);
    }
    Ok(())
}

/// The instance, where the operation takes one.
fn arguments(operation: &Operation, instance: &str) -> Arguments {
    let mut arguments = Arguments::new();
    if operation.parameters.iter().any(|parameter| parameter.name == "instance_id") {
        arguments = arguments.parameter("instance_id", instance);
    }
    if operation.body.is_some() {
        arguments = arguments.body(json!({"instance_id": instance}));
    }
    arguments
}

fn client(token: &str) -> Result<Client, Box<dyn Error>> {
    let variable = |name: &str| env::var(name).map_err(|_| format!("set {name}"));
    let client = Client::builder()
        .endpoint(variable("DBSS_ENDPOINT")?)
        .credentials(Credentials::token(variable(token)?))
        .project_id(variable("DBSS_PROJECT_ID")?)
        // Every response is printed, without retries.
        .retry(RetryPolicy::none())
        .build()?;
    Ok(client)
}

fn print_result<T>(title: &str, result: Result<Response<T>, dbss_client::Error>) {
    match result {
        Ok(response) => {
            let body = String::from_utf8_lossy(response.body());
            let id = if response.request_id().is_some() { "" } else { ", without a request id" };
            println!("{title}: done, {} {body}{id}", response.status());
        }
        Err(error) => {
            let status = error.status().map(|status| status.to_string()).unwrap_or_default();
            let body = String::from_utf8_lossy(error.body().unwrap_or_default());
            // The encoded message is another one each time.
            let body = body.split(",\"encoded_authorization_message\"").next().unwrap_or_default();
            let operation = error.operation().unwrap_or_default();
            let id = if error.request_id().is_some() { "" } else { ", without a request id" };
            println!("{title}: {operation} {}, {status} {body}{id}", error.kind());
        }
    }
}
