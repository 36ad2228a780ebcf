//! The documented operations against the emulator, over sockets, by the generated
//! client; and whatever operation the contract gains, by its descriptor.

use dbss_client::types::{
    AuditInstanceStatus, AuditInstanceTask, AuditScopeStatus, AuditScopeSwitchResult,
};
use dbss_client::{
    Arguments, Client, Credentials, ErrorKind, InputLocation, ProblemKind, contract, raw,
};
use dbss_emulator::Emulator;
use dbss_tests::{successes, wire};

fn client(emulator: &Emulator) -> Client {
    client_with(emulator, emulator.token())
}

fn client_with(emulator: &Emulator, token: &str) -> Client {
    Client::builder()
        .endpoint(emulator.endpoint())
        .credentials(Credentials::token(token))
        .project_id(emulator.project_id())
        .build()
        .unwrap()
}

#[tokio::test]
async fn stops_an_instance() {
    let emulator = Emulator::start().await.unwrap();
    let done =
        client(&emulator).stop_audit_instance().instance_id(emulator.instance_id()).await.unwrap();
    assert_eq!(done.value().result.as_deref(), Some("success"));
    assert_eq!(done.status(), 200);
    assert!(done.request_id().is_some());
    let instance = emulator.instance(emulator.instance_id()).unwrap();
    assert_eq!(instance.task.to_string(), "powering-off");
    // Stopping takes a while, after which the instance is off.
    emulator.advance(std::time::Duration::from_secs(3600));
    let instance = emulator.instance(emulator.instance_id()).unwrap();
    assert_eq!(
        (instance.status.to_string(), instance.task.to_string()),
        ("SHUTOFF".into(), "NO_TASK".into())
    );
}

#[tokio::test]
async fn switches_scopes_off_and_on() {
    let emulator = Emulator::start().await.unwrap();
    let client = client(&emulator);
    let id = emulator.scope_ids().first().copied().unwrap();
    for (status, enabled) in [(AuditScopeStatus::Off, false), (AuditScopeStatus::On, true)] {
        let call = client.set_audit_scope_rule_switch().instance_id(emulator.instance_id());
        let done = call.ids([id]).status(status).await.unwrap();
        assert_eq!(done.value().status, Some(AuditScopeSwitchResult::Success));
        let scopes = emulator.scopes(emulator.instance_id());
        assert_eq!(scopes.iter().find(|scope| scope.id == id).unwrap().enabled, enabled);
    }
}

#[tokio::test]
async fn reports_all_parts_of_documented_errors() {
    let emulator = Emulator::start().await.unwrap();
    let client = client(&emulator);
    client.stop_audit_instance().instance_id(emulator.instance_id()).await.unwrap();
    let error = client.stop_audit_instance().instance_id(emulator.instance_id()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Api);
    assert_eq!(error.status(), Some(400));
    assert_eq!(error.code(), Some("DBSS.10020131"));
    assert_eq!(error.message(), Some("Failed to stop DBSS instance."));
    assert!(error.request_id().is_some());
    assert_eq!(error.operation(), Some("StopAuditInstance"));

    // The other operation documents the other shape.
    let call = client.set_audit_scope_rule_switch().instance_id(emulator.instance_id());
    let error = call.ids(["no-such-scope"]).status(AuditScopeStatus::Off).await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(400)));
    assert!(error.code().is_some_and(|code| code.starts_with("DBSS.")), "{error}");
}

#[tokio::test]
async fn reports_401_for_unknown_token() {
    let emulator = Emulator::start().await.unwrap();
    let error = client_with(&emulator, "some-other-token")
        .stop_audit_instance()
        .instance_id(emulator.instance_id())
        .await
        .unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(401)));
    assert!(!format!("{error} {error:?}").contains("some-other-token"));
}

/// The same token authenticates both layers, and progenitor's own header for the
/// version of the contract stays at home.
#[tokio::test]
async fn returns_typed_results_per_status_from_raw_layer() {
    let emulator = Emulator::start().await.unwrap();
    let raw = client(&emulator).raw();
    let call = || {
        let body =
            raw::types::StopAuditInstanceRequest::builder().instance_id(emulator.instance_id());
        raw.stop_audit_instance().project_id(emulator.project_id()).body(body).send()
    };
    let done = call().await.unwrap();
    assert_eq!(done.into_inner().result.as_deref(), Some("success"));
    let refused = call().await.unwrap_err();
    let raw::Error::ErrorResponse(response) = refused else { unreachable!("{refused}") };
    assert_eq!(response.error.as_ref().unwrap().error_code.as_deref(), Some("DBSS.10020131"));
    for request in emulator.requests() {
        assert_eq!(request.header("api-version"), None);
        assert!(request.header("x-auth-token").is_some());
    }
}

#[tokio::test]
async fn rejects_invalid_inputs_all_at_once_before_sending() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::builder()
        .endpoint(emulator.endpoint())
        .credentials(Credentials::token(emulator.token()))
        .build()
        .unwrap();
    let call = client.set_audit_scope_rule_switch().instance_id("short").ids(Vec::<String>::new());
    let error = call.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    let found: Vec<_> = error.problems().iter().map(|p| (p.field(), p.location())).collect();
    assert_eq!(
        found,
        [
            ("project_id", InputLocation::Path),
            ("instance_id", InputLocation::Path),
            ("ids", InputLocation::Body),
            ("status", InputLocation::Body),
        ],
        "{error}"
    );
    let error = client
        .set_audit_scope_rule_switch()
        .project_id(emulator.project_id())
        .instance_id("é".repeat(32))
        .ids(["fine", ""])
        .status(AuditScopeStatus::On)
        .await
        .unwrap_err();
    let found: Vec<_> = error.problems().iter().map(dbss_client::Problem::field).collect();
    // Lengths count characters, so 32 letters of two bytes are no problem.
    assert_eq!(found, ["ids[1]"], "{error}");
    assert!(emulator.requests().is_empty());
}

/// The whole job: ids come from the lists, and the lists show what became of the calls.
#[tokio::test]
async fn lists_show_what_was_switched_stopped_started_and_rebooted() {
    let emulator = Emulator::start().await.unwrap();
    let client = client(&emulator);
    let page = client.list_audit_instances_last().limit(1).await.unwrap().into_value();
    assert_eq!((page.instances.len(), page.total), (1, Some(2)));
    let id = page.instances.into_iter().next().unwrap().id.unwrap();

    let scopes = client.list_audit_rule_scopes_new().instance_id(id.as_str());
    let scope = scopes.await.unwrap().into_value().scopes.into_iter().next().unwrap();
    assert_eq!((scope.status, scope.all_audit), (Some(AuditScopeStatus::On), Some(true)));
    let call = client.set_audit_scope_rule_switch().instance_id(id.as_str());
    call.ids([scope.id.unwrap()]).status(AuditScopeStatus::Off).await.unwrap();
    let scopes = client.list_audit_rule_scopes_new().instance_id(id.as_str());
    assert_eq!(scopes.await.unwrap().value().scopes[0].status, Some(AuditScopeStatus::Off));

    let shown = async || {
        let page = client.list_audit_instances_last().await.unwrap().into_value();
        let instance = page.instances.into_iter().next().unwrap();
        (instance.status.unwrap(), instance.task.unwrap())
    };
    let over = || emulator.advance(std::time::Duration::from_secs(3600));
    client.stop_audit_instance().instance_id(id.as_str()).await.unwrap();
    assert_eq!(shown().await, (AuditInstanceStatus::Active, AuditInstanceTask::PoweringOff));
    over();
    assert_eq!(shown().await, (AuditInstanceStatus::Shutoff, AuditInstanceTask::NoTask));
    client.start_audit_instance_new().instance_id(id.as_str()).await.unwrap();
    assert_eq!(shown().await, (AuditInstanceStatus::Shutoff, AuditInstanceTask::PoweringOn));
    over();
    assert_eq!(shown().await, (AuditInstanceStatus::Active, AuditInstanceTask::NoTask));
    client.reboot_audit_instance_new().instance_id(id.as_str()).await.unwrap();
    assert_eq!(shown().await, (AuditInstanceStatus::Active, AuditInstanceTask::Rebooting));
    over();
    client.stop_audit_instance_new().instance_id(id.as_str()).await.unwrap();
    assert_eq!(shown().await, (AuditInstanceStatus::Active, AuditInstanceTask::PoweringOff));
}

/// Whatever the contract holds can be called with its own examples. What the state of the
/// emulator does not allow is refused with a documented status; what the emulator has no
/// behaviour for, it says so in the documented shape.
#[tokio::test]
async fn calls_each_operation_by_its_descriptor() {
    for operation in contract::API.operations {
        let emulator = Emulator::start().await.unwrap();
        let body = operation.body.as_ref().and_then(|body| body.examples.first());
        let outcome = operation.invoke(&client(&emulator), wire::arguments(operation, body)).await;
        assert_eq!(emulator.requests().len(), 1, "{} was sent once", operation.id);
        match outcome {
            Ok(response) => assert!(successes::documents(operation, response.status())),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Api, "{error}");
                let status = error.status().unwrap();
                let mut responses = operation.responses();
                let documented = responses.any(|each| successes::status_of(each) == status);
                assert!(documented || status == 501, "{error}");
                assert!(error.code().is_some() && error.message().is_some(), "{error}");
            }
        }
    }
}

#[tokio::test]
async fn reports_connect_error_when_service_is_down() {
    let emulator = Emulator::start().await.unwrap();
    let (client, id) = (client(&emulator), emulator.instance_id().to_owned());
    emulator.shutdown().await;
    let error = client.stop_audit_instance().instance_id(id).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert_eq!(error.status(), None);
}

#[tokio::test]
async fn rejects_unlisted_values_naming_the_listed_ones() {
    let emulator = Emulator::start().await.unwrap();
    let client = client(&emulator);
    let call = client.set_audit_scope_rule_switch().instance_id(emulator.instance_id());
    let error = call.ids(["any"]).status("Off").await.unwrap_err();
    let by_name = contract::SET_AUDIT_SCOPE_RULE_SWITCH
        .invoke(&client, switch_arguments(&emulator, "Off"))
        .await
        .unwrap_err();
    for error in [error, by_name] {
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        let [problem] = error.problems() else { unreachable!("{error}") };
        assert_eq!((problem.field(), problem.location()), ("status", InputLocation::Body));
        assert_eq!(problem.message(), "is `Off`, and must be one of `OFF`, `ON`");
        assert_eq!(
            *problem.kind(),
            ProblemKind::Unlisted { value: "Off".to_owned(), listed: &["OFF", "ON"] }
        );
    }
    assert!(emulator.requests().is_empty());
}

#[tokio::test]
async fn sends_unlisted_values_when_they_are_allowed() {
    let emulator = Emulator::start().await.unwrap();
    let client = client(&emulator);
    let call = client.set_audit_scope_rule_switch().instance_id(emulator.instance_id());
    let error = call.ids(["any"]).status("PAUSED").allow_unlisted_values().await.unwrap_err();
    let by_name = contract::SET_AUDIT_SCOPE_RULE_SWITCH
        .invoke(&client, switch_arguments(&emulator, "PAUSED").allow_unlisted_values())
        .await
        .unwrap_err();
    // The service decides; the emulator takes what the contract lists.
    for error in [error, by_name] {
        assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(400)), "{error}");
    }
    assert_eq!(emulator.requests().len(), 2);
    for request in emulator.requests() {
        assert!(request.body.contains(r#""status":"PAUSED""#), "{}", request.body);
    }
}

fn switch_arguments(emulator: &Emulator, status: &str) -> Arguments {
    Arguments::new()
        .parameter("instance_id", emulator.instance_id())
        .body(serde_json::json!({"ids": ["any"], "status": status}))
}
