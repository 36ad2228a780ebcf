//! Example of how a crate that uses dbss-client tests its own code: one function, with
//! mocks and with the emulator, for success and for failure.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use dbss_client::types::AuditScopeStatus;
use dbss_client::{Client, Credentials, Error};

/// The function under test: disables audit scopes for a maintenance window, and returns
/// whether it changed anything.
async fn disable_scopes(
    dbss: &Client,
    instance_id: &str,
    scopes: &[String],
) -> Result<bool, Error> {
    if scopes.is_empty() {
        return Ok(false);
    }
    let call = dbss.set_audit_scope_rule_switch().instance_id(instance_id).ids(scopes);
    match call.status(AuditScopeStatus::Off).await {
        Ok(_) => Ok(true),
        // The instance or a scope does not exist any more: nothing to disable.
        Err(error) if error.code() == Some("DBSS.10020021") => Ok(false),
        Err(error) => Err(error),
    }
}

fn client(endpoint: &str, token: &str, project_id: &str) -> Client {
    Client::builder()
        .endpoint(endpoint)
        .credentials(Credentials::token(token))
        .project_id(project_id)
        .build()
        .unwrap()
}

/// With mocks: which request is sent, and how one response is handled.
mod with_mocks {
    use dbss_client::types::{
        AuditScopeSwitchResult, FlatErrorResponse, InstanceId, SetAuditScopeRuleSwitchRequest,
        SetAuditScopeRuleSwitchResponse,
    };
    use dbss_client::{ErrorKind, RetryPolicy};
    use dbss_mocks::MockServerExt as _;
    use dbss_mocks::httpmock::MockServer;

    use super::*;

    const PROJECT: &str = "0123456789abcdef0123456789abcdef";
    const INSTANCE: &str = "1d07f606-92d2-441c-b05c-dca47e180552";

    fn error_response(code: &str) -> FlatErrorResponse {
        FlatErrorResponse::builder().error_code(code.to_owned()).try_into().unwrap()
    }

    #[tokio::test]
    async fn sends_a_request_to_disable_scopes() {
        let server = MockServer::start_async().await;
        let instance: InstanceId = INSTANCE.parse().unwrap();
        let request = SetAuditScopeRuleSwitchRequest::builder()
            .ids(vec!["a".parse().unwrap(), "b".parse().unwrap()])
            .status(AuditScopeStatus::Off)
            .try_into()
            .unwrap();
        let success = SetAuditScopeRuleSwitchResponse::builder()
            .status(AuditScopeSwitchResult::Success)
            .try_into()
            .unwrap();
        let mock = server.set_audit_scope_rule_switch(|when, then| {
            when.instance_id(&instance).body(&request);
            then.ok(&success);
        });

        let dbss = client(&server.base_url(), "any", PROJECT);
        assert!(disable_scopes(&dbss, INSTANCE, &["a".into(), "b".into()]).await.unwrap());
        mock.assert();
    }

    #[tokio::test]
    async fn sends_no_request_without_scopes() {
        let server = MockServer::start_async().await;
        let mock = server.set_audit_scope_rule_switch(|_, then| {
            then.into_inner().status(500);
        });
        let dbss = client(&server.base_url(), "any", PROJECT);
        assert!(!disable_scopes(&dbss, INSTANCE, &[]).await.unwrap());
        mock.assert_calls(0);
    }

    #[tokio::test]
    async fn returns_false_for_an_unknown_id() {
        let server = MockServer::start_async().await;
        let not_found = error_response("DBSS.10020021");
        server.set_audit_scope_rule_switch(|_, then| {
            then.bad_request(&not_found);
        });
        let dbss = client(&server.base_url(), "any", PROJECT);
        assert!(!disable_scopes(&dbss, INSTANCE, &["a".into()]).await.unwrap());
    }

    #[tokio::test]
    async fn returns_other_errors_of_the_service() {
        let server = MockServer::start_async().await;
        let denied = error_response("DBSS.10020100");
        server.set_audit_scope_rule_switch(|_, then| {
            then.forbidden(&denied);
        });
        let dbss = client(&server.base_url(), "any", PROJECT);
        let error = disable_scopes(&dbss, INSTANCE, &["a".into()]).await.unwrap_err();
        assert_eq!((error.status(), error.code()), (Some(403), Some("DBSS.10020100")));
    }

    /// Responses that are not in the contract are made with httpmock's own `Then`.
    #[tokio::test]
    async fn returns_errors_of_the_gateway() {
        let server = MockServer::start_async().await;
        let mock = server.set_audit_scope_rule_switch(|_, then| {
            then.into_inner().status(503).header("content-type", "text/html").body("<html>");
        });
        let dbss = Client::builder()
            .endpoint(server.base_url())
            .credentials(Credentials::token("any"))
            .project_id(PROJECT)
            .retry(RetryPolicy::none())
            .build()
            .unwrap();
        let error = disable_scopes(&dbss, INSTANCE, &["a".into()]).await.unwrap_err();
        assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(503)));
        mock.assert();
    }
}

/// With the emulator: a service that keeps state.
mod with_the_emulator {
    use dbss_client::ErrorKind;
    use dbss_emulator::{Emulator, Fault, StatusCode};

    use super::*;

    async fn start() -> (Emulator, Client) {
        let emulator = Emulator::start().await.unwrap();
        let dbss = client(emulator.endpoint(), emulator.token(), emulator.project_id());
        (emulator, dbss)
    }

    fn enabled(emulator: &Emulator) -> Vec<String> {
        let scopes = emulator.scopes(emulator.instance_id());
        scopes.into_iter().filter(|scope| scope.enabled).map(|scope| scope.id).collect()
    }

    #[tokio::test]
    async fn disables_scopes() {
        let (emulator, dbss) = start().await;
        let scopes = enabled(&emulator);
        assert!(!scopes.is_empty());
        assert!(disable_scopes(&dbss, emulator.instance_id(), &scopes).await.unwrap());
        assert!(enabled(&emulator).is_empty());
    }

    #[tokio::test]
    async fn returns_a_failed_outcome_for_disabled_scopes() {
        let (emulator, dbss) = start().await;
        let scopes = enabled(&emulator);
        let one = &scopes[..1];
        assert!(disable_scopes(&dbss, emulator.instance_id(), one).await.unwrap());
        let error = disable_scopes(&dbss, emulator.instance_id(), one).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::FailedOutcome);
    }

    #[tokio::test]
    async fn returns_false_for_an_unknown_scope() {
        let (emulator, dbss) = start().await;
        assert!(
            !disable_scopes(&dbss, emulator.instance_id(), &["no-such-scope".into()])
                .await
                .unwrap()
        );
    }

    #[tokio::test]
    async fn returns_a_documented_error_and_changes_nothing() {
        let (emulator, dbss) = start().await;
        emulator.add_fault(Fault::documented(StatusCode::INTERNAL_SERVER_ERROR));
        let scopes = enabled(&emulator);
        let error = disable_scopes(&dbss, emulator.instance_id(), &scopes).await.unwrap_err();
        assert_eq!((error.status(), error.code()), (Some(500), Some("DBSS.11000000")));
        assert_eq!(enabled(&emulator), scopes);
    }
}
