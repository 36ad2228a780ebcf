//! Both operations against the local service, over sockets, by the generated
//! client; and whatever operation the contract gains, by its descriptor.

use dbss_client::types::{AuditScopeStatus, AuditScopeSwitchResult};
use dbss_client::{Client, Credentials, ErrorKind, Source, descriptors, raw};
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
async fn an_instance_is_stopped() {
    let emulator = Emulator::start().await.unwrap();
    let done =
        client(&emulator).stop_audit_instance().instance_id(emulator.instance_id()).await.unwrap();
    assert_eq!(done.result.as_deref(), Some("success"));
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
async fn scopes_are_switched_off_and_on() {
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
async fn documented_errors_arrive_whole() {
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
async fn a_token_that_is_not_known_is_refused() {
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
async fn the_raw_layer_is_typed_per_status() {
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
    let raw::Error::ErrorResponse(answer) = refused else { unreachable!("{refused}") };
    assert_eq!(answer.error.as_ref().unwrap().error_code.as_deref(), Some("DBSS.10020131"));
    for request in emulator.requests() {
        assert_eq!(request.header("api-version"), None);
        assert!(request.header("x-auth-token").is_some());
    }
}

#[tokio::test]
async fn bad_input_is_refused_whole_before_anything_is_sent() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::builder()
        .endpoint(emulator.endpoint())
        .credentials(Credentials::token(emulator.token()))
        .build()
        .unwrap();
    let call = client.set_audit_scope_rule_switch().instance_id("short").ids(Vec::<String>::new());
    let error = call.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    let found: Vec<_> = error.problems().iter().map(|p| (p.field(), p.source())).collect();
    assert_eq!(
        found,
        [
            ("project_id", Source::Path),
            ("instance_id", Source::Path),
            ("ids", Source::Body),
            ("status", Source::Body),
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

/// Whatever the contract holds can be called with its own examples. What the
/// local service has no behaviour for, it says so in the documented shape.
#[tokio::test]
async fn every_operation_travels_over_a_socket() {
    for operation in descriptors::API.operations {
        let emulator = Emulator::start().await.unwrap();
        let body = operation.body.as_ref().and_then(|body| body.examples.first());
        let outcome = operation.invoke(&client(&emulator), wire::arguments(operation, body)).await;
        assert_eq!(emulator.requests().len(), 1, "{} was sent once", operation.id);
        match outcome {
            Ok(response) => assert!(successes::documents(operation, response.status())),
            Err(error) => {
                assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(501)), "{error}");
                assert!(error.code().is_some() && error.message().is_some(), "{error}");
            }
        }
    }
}

#[tokio::test]
async fn a_service_that_is_not_there_is_told_apart() {
    let emulator = Emulator::start().await.unwrap();
    let (client, id) = (client(&emulator), emulator.instance_id().to_owned());
    emulator.shutdown().await;
    let error = client.stop_audit_instance().instance_id(id).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert_eq!(error.status(), None);
}
