//! Audit instances and their audit scopes.

use std::fmt;

use dbss_client::types::{AuditInstance, AuditScope};
use serde::{Deserialize, Serialize};

use super::details;

/// A database audit instance.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Instance {
    /// Its id, 32 to 64 characters.
    pub id: String,
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// The id of its project; if empty, the first project of the state.
    #[serde(default)]
    pub project_id: String,
    /// Its status.
    #[serde(default)]
    pub status: InstanceStatus,
    /// The task under way. One that an instance has at the start does not end.
    #[serde(default)]
    pub task: Task,
    /// What else the instance list shows. `id`, `name`, `status` and `task` are those above,
    /// and `region` is that of the state if there is none here.
    #[serde(
        default,
        deserialize_with = "details::deserialize",
        skip_serializing_if = "details::are_none"
    )]
    pub details: AuditInstance,
    /// Its audit scopes.
    #[serde(default)]
    pub scopes: Vec<Scope>,
}

impl Instance {
    /// A running instance in the first project, without audit scopes. The name is the
    /// id.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        let id = id.into();
        Self {
            name: id.clone(),
            id,
            project_id: String::new(),
            status: InstanceStatus::Active,
            task: Task::None,
            details: AuditInstance::default(),
            scopes: Vec::new(),
        }
    }

    /// The same instance with that name.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// The same instance with that status.
    #[must_use]
    pub fn with_status(mut self, status: InstanceStatus) -> Self {
        self.status = status;
        self
    }

    /// The same instance with that task, which does not end.
    #[must_use]
    pub fn with_task(mut self, task: Task) -> Self {
        self.task = task;
        self
    }

    /// The same instance with one more audit scope.
    #[must_use]
    pub fn with_scope(mut self, scope: Scope) -> Self {
        self.scopes.push(scope);
        self
    }
}

/// The status of an instance: `status` in the instance list.
///
/// Source: the model classes of the official SDK (`AuditInstanceBean.status`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum InstanceStatus {
    /// Running; any operation is allowed.
    #[default]
    Active,
    /// Stopped.
    Shutoff,
    /// Being created; no operation is allowed.
    Build,
    /// Being deleted; no operation is allowed.
    Deleting,
    /// Deleted; lists do not show it any more.
    Deleted,
    /// Waiting for its standby; no operation is allowed.
    Hawait,
    /// Broken; it can only be deleted.
    Error,
    /// Frozen, for instance because a payment is overdue; it can only be renewed, and elastic IP
    /// addresses bound and unbound.
    Frozen,
    /// Being upgraded.
    Upgrading,
}

/// The task under way on an instance: `task` in the instance list.
///
/// Source: the model classes of the official SDK (`AuditInstanceBean.task`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[non_exhaustive]
pub enum Task {
    /// No task.
    #[default]
    #[serde(rename = "NO_TASK")]
    None,
    /// It is being started.
    #[serde(rename = "powering-on")]
    PoweringOn,
    /// It is being shut down.
    #[serde(rename = "powering-off")]
    PoweringOff,
    /// It is being restarted.
    #[serde(rename = "rebooting")]
    Rebooting,
    /// It waits to be deleted.
    #[serde(rename = "delete_wait")]
    DeleteWait,
}

/// The spelling of the service.
impl fmt::Display for InstanceStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // serde's `Serializer` for a formatter writes the name of a unit variant as
        // renamed, so the names are listed only once.
        self.serialize(f)
    }
}

/// The spelling of the service.
impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// An audit scope rule ("policy") of an instance.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Scope {
    /// Its id.
    pub id: String,
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// Whether it is enabled.
    pub enabled: bool,
    /// What else the list of scopes shows. `id`, `name` and `status` are those above.
    #[serde(
        default,
        deserialize_with = "details::deserialize",
        skip_serializing_if = "details::are_none"
    )]
    pub details: AuditScope,
}

impl Scope {
    /// An enabled scope. The name is the id.
    #[must_use]
    pub fn enabled(id: impl Into<String>) -> Self {
        Self::new(id.into(), true)
    }

    /// A disabled scope. The name is the id.
    #[must_use]
    pub fn disabled(id: impl Into<String>) -> Self {
        Self::new(id.into(), false)
    }

    fn new(id: String, enabled: bool) -> Self {
        Self { name: id.clone(), id, enabled, details: AuditScope::default() }
    }

    /// The same scope with that name.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }
}
