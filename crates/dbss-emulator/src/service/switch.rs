//! The behaviour of `SetAuditScopeRuleSwitch`: enables or disables audit scopes.

use std::collections::HashSet;

use dbss_client::types::{
    AuditScopeStatus, AuditScopeSwitchResult, SetAuditScopeRuleSwitchRequest,
    SetAuditScopeRuleSwitchResponse,
};

use super::call::{Call, to_json};
use crate::app_state::AppState;
use crate::response::ErrorResponse;
use crate::state::Instance;

/// Switches all listed audit scopes, or none.
///
/// Source: document "Enabling/Disabling a policy"; that the instance must run and
/// that a scope is only enabled from disabled, and the reverse, is from the user
/// manual.
pub(super) fn switch(app: &AppState, call: &Call<'_>) -> Result<Vec<u8>, ErrorResponse> {
    let request: SetAuditScopeRuleSwitchRequest = call.body()?;
    let ids: HashSet<&str> = request.ids.iter().map(|id| id.as_str()).collect();
    // The type keeps any value; a request may only have those that the contract lists.
    let enable = match request.status {
        AuditScopeStatus::On => true,
        AuditScopeStatus::Off => false,
        _ => {
            return Err(
                ErrorResponse::invalid_request().with_reason("`status` is neither `ON` nor `OFF`")
            );
        }
    };
    let instance = call.parameter("instance_id").unwrap_or_default();
    let outcome =
        app.with_store(|store| switch_scopes(call.instance(store, instance)?, &ids, enable))?;
    let mut body = SetAuditScopeRuleSwitchResponse::default();
    body.status = Some(outcome);
    to_json(&body)
}

fn switch_scopes(
    instance: &mut Instance,
    ids: &HashSet<&str>,
    enable: bool,
) -> Result<AuditScopeSwitchResult, ErrorResponse> {
    let selected = instance.scopes.iter().filter(|scope| ids.contains(scope.id.as_str()));
    if selected.clone().count() != ids.len() {
        return Err(ErrorResponse::invalid_id()
            .with_reason("one of the ids is not an audit scope of the instance"));
    }
    if !instance.is_idle() || selected.clone().any(|scope| scope.enabled == enable) {
        return Ok(AuditScopeSwitchResult::Failed);
    }
    for scope in instance.scopes.iter_mut().filter(|scope| ids.contains(scope.id.as_str())) {
        scope.enabled = enable;
    }
    Ok(AuditScopeSwitchResult::Success)
}
