//! How a crate that uses dbss-client tests itself: a function of its own against
//! mocks, and against the emulator, each when it works and when it does not.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use dbss_client::types::AuditScopeStatus;
use dbss_client::{Client, Credentials, Error};

/// The function under test: switches scopes off for a maintenance window, and says
/// whether anything had to be done.
async fn mute(dbss: &Client, instance_id: &str, scopes: &[String]) -> Result<bool, Error> {
    if scopes.is_empty() {
        return Ok(false);
    }
    let call = dbss.set_audit_scope_rule_switch().instance_id(instance_id).ids(scopes);
    match call.status(AuditScopeStatus::Off).await {
        Ok(_) => Ok(true),
        // The instance or a scope is not there any more: nothing to mute.
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

/// Which request is sent, and what is made of one answer.
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

    fn refusal(code: &str) -> FlatErrorResponse {
        FlatErrorResponse::builder().error_code(code.to_owned()).try_into().unwrap()
    }

    #[tokio::test]
    async fn scopes_are_switched_off() {
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
        assert!(mute(&dbss, INSTANCE, &["a".into(), "b".into()]).await.unwrap());
        mock.assert();
    }

    #[tokio::test]
    async fn no_scopes_are_no_call() {
        let server = MockServer::start_async().await;
        let mock = server.set_audit_scope_rule_switch(|_, then| {
            then.into_inner().status(500);
        });
        let dbss = client(&server.base_url(), "any", PROJECT);
        assert!(!mute(&dbss, INSTANCE, &[]).await.unwrap());
        mock.assert_calls(0);
    }

    #[tokio::test]
    async fn what_is_gone_needs_no_muting() {
        let server = MockServer::start_async().await;
        let gone = refusal("DBSS.10020021");
        server.set_audit_scope_rule_switch(|_, then| {
            then.bad_request(&gone);
        });
        let dbss = client(&server.base_url(), "any", PROJECT);
        assert!(!mute(&dbss, INSTANCE, &["a".into()]).await.unwrap());
    }

    #[tokio::test]
    async fn another_refusal_is_passed_on() {
        let server = MockServer::start_async().await;
        let denied = refusal("DBSS.10020100");
        server.set_audit_scope_rule_switch(|_, then| {
            then.forbidden(&denied);
        });
        let dbss = client(&server.base_url(), "any", PROJECT);
        let error = mute(&dbss, INSTANCE, &["a".into()]).await.unwrap_err();
        assert_eq!((error.status(), error.code()), (Some(403), Some("DBSS.10020100")));
    }

    /// What the contract does not say goes by httpmock's own means.
    #[tokio::test]
    async fn the_gateway_is_passed_on() {
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
        let error = mute(&dbss, INSTANCE, &["a".into()]).await.unwrap_err();
        assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(503)));
        mock.assert();
    }
}

/// How the function gets on with a service that keeps state.
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
    async fn scopes_are_off_afterwards() {
        let (emulator, dbss) = start().await;
        let on = enabled(&emulator);
        assert!(!on.is_empty());
        assert!(mute(&dbss, emulator.instance_id(), &on).await.unwrap());
        assert!(enabled(&emulator).is_empty());
    }

    #[tokio::test]
    async fn what_is_off_already_is_a_failure() {
        let (emulator, dbss) = start().await;
        let on = enabled(&emulator);
        let one = &on[..1];
        assert!(mute(&dbss, emulator.instance_id(), one).await.unwrap());
        let error = mute(&dbss, emulator.instance_id(), one).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::FailedOutcome);
    }

    #[tokio::test]
    async fn an_unknown_scope_needs_no_muting() {
        let (emulator, dbss) = start().await;
        assert!(!mute(&dbss, emulator.instance_id(), &["no-such-scope".into()]).await.unwrap());
    }

    #[tokio::test]
    async fn a_documented_error_is_passed_on_and_changes_nothing() {
        let (emulator, dbss) = start().await;
        emulator.add_fault(Fault::documented(StatusCode::INTERNAL_SERVER_ERROR));
        let on = enabled(&emulator);
        let error = mute(&dbss, emulator.instance_id(), &on).await.unwrap_err();
        assert_eq!((error.status(), error.code()), (Some(500), Some("DBSS.11000000")));
        assert_eq!(enabled(&emulator), on);
    }
}
