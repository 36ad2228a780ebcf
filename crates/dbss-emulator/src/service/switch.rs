//! `SetAuditScopeRuleSwitch`.

use std::collections::HashSet;

use dbss_client::types::{
    AuditScopeStatus, AuditScopeSwitchResult, SetAuditScopeRuleSwitchRequest,
    SetAuditScopeRuleSwitchResponse,
};

use super::call::{Call, encoded};
use crate::reply::Refusal;
use crate::shared::Shared;
use crate::state::Instance;

/// Switches audit scopes: all that are listed, or none.
///
/// Source: document "Enabling/Disabling a policy"; that the instance must run and
/// that a scope is only enabled from disabled, and the reverse, is from the user
/// manual.
pub(super) fn switch(shared: &Shared, call: &Call<'_>) -> Result<Vec<u8>, Refusal> {
    let request: SetAuditScopeRuleSwitchRequest = call.body()?;
    if request.ids.is_empty() {
        return Err(Refusal::invalid_request().because("`ids` is empty"));
    }
    let ids: HashSet<&str> = request.ids.iter().map(|id| id.as_str()).collect();
    let enable = request.status == AuditScopeStatus::On;
    let project = call.project().unwrap_or_default();
    let instance = call.parameter("instance_id").unwrap_or_default();
    let outcome = shared.with_store(|store| match store.instance_in(project, instance) {
        None => Err(Refusal::invalid_id().because("the project has no instance of that id")),
        Some(instance) => switch_scopes(instance, &ids, enable),
    })?;
    let mut body = SetAuditScopeRuleSwitchResponse::default();
    body.status = Some(outcome);
    encoded(&body)
}

fn switch_scopes(
    instance: &mut Instance,
    ids: &HashSet<&str>,
    enable: bool,
) -> Result<AuditScopeSwitchResult, Refusal> {
    let known = instance.scopes.iter().filter(|scope| ids.contains(scope.id.as_str()));
    if known.clone().count() != ids.len() {
        return Err(
            Refusal::invalid_id().because("the instance has no audit scope of one of the ids")
        );
    }
    if !instance.is_free() || known.clone().any(|scope| scope.enabled == enable) {
        return Ok(AuditScopeSwitchResult::Failed);
    }
    for scope in instance.scopes.iter_mut().filter(|scope| ids.contains(scope.id.as_str())) {
        scope.enabled = enable;
    }
    Ok(AuditScopeSwitchResult::Success)
}
