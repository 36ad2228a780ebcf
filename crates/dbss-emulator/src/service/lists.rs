//! The behaviours of the lists: a page of the instances of a project, or of the audit scopes of
//! an instance, in the order of the state.

use dbss_client::types::{AuditInstance, AuditScope, AuditScopeStatus};
use serde::Serialize;

use super::call::{Call, to_json};
use crate::app_state::AppState;
use crate::response::ErrorResponse;
use crate::state::{Instance, InstanceStatus, Scope};

/// How many entries a page has if the request does not say. Source: the official SDK.
const DEFAULT_LIMIT: usize = 100;

/// `ListAuditInstancesLast`: instances that are deleted are not shown.
///
/// Source: the official SDK (`AuditInstanceBean`).
pub(super) fn instances(app: &AppState, call: &Call<'_>) -> Result<Vec<u8>, ErrorResponse> {
    // Not the generated type, which leaves an empty list out.
    #[derive(Serialize)]
    struct Body {
        instances: Vec<AuditInstance>,
        total: usize,
    }
    let page = Page::of(call)?;
    let project = call.project().unwrap_or_default();
    let body = app.with_store(|store| {
        let state = store.state();
        let listed = state.instances.iter().filter(|instance| {
            instance.project_id == project && instance.status != InstanceStatus::Deleted
        });
        let (instances, total) =
            page.cut(listed, |instance| shown_instance(instance, &state.region));
        Body { instances, total }
    });
    to_json(&body)
}

/// `ListAuditRuleScopesNew`: whatever state the instance is in.
///
/// Source: the official SDK (`RuleScopeInfo`).
pub(super) fn scopes(app: &AppState, call: &Call<'_>) -> Result<Vec<u8>, ErrorResponse> {
    #[derive(Serialize)]
    struct Body {
        scopes: Vec<AuditScope>,
        total: usize,
    }
    let page = Page::of(call)?;
    let instance = call.parameter("instance_id").unwrap_or_default();
    let body = app.with_store(|store| {
        let instance = call.instance(store, instance)?;
        let (scopes, total) = page.cut(instance.scopes.iter(), shown_scope);
        Ok(Body { scopes, total })
    })?;
    to_json(&body)
}

/// The page that a request asks for.
struct Page {
    offset: usize,
    limit: usize,
}

impl Page {
    fn of(call: &Call<'_>) -> Result<Self, ErrorResponse> {
        Ok(Self {
            offset: call.query("offset")?.unwrap_or(0),
            limit: call.query("limit")?.unwrap_or(DEFAULT_LIMIT),
        })
    }

    /// The entries of this page, and the number of all entries.
    fn cut<T, S>(
        &self,
        entries: impl Iterator<Item = T> + Clone,
        shown: impl Fn(T) -> S,
    ) -> (Vec<S>, usize) {
        let page = entries.clone().skip(self.offset).take(self.limit);
        (page.map(shown).collect(), entries.count())
    }
}

fn shown_instance(instance: &Instance, region: &str) -> AuditInstance {
    let mut shown = instance.details.clone();
    shown.id = Some(instance.id.clone().into());
    shown.name = Some(instance.name.clone());
    shown.status = Some(instance.status.to_string().into());
    shown.task = Some(instance.task.to_string().into());
    shown.region.get_or_insert_with(|| region.to_owned());
    shown
}

fn shown_scope(scope: &Scope) -> AuditScope {
    let mut shown = scope.details.clone();
    shown.id = Some(scope.id.clone().into());
    shown.name = Some(scope.name.clone());
    let status = if scope.enabled { AuditScopeStatus::On } else { AuditScopeStatus::Off };
    shown.status = Some(status);
    shown
}
