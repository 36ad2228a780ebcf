//! Checks whether a state is consistent, for mistakes in state files.

use std::collections::{HashMap, HashSet};

use dbss_client::contract::API;
use dbss_client::types::{AuditInstance, AuditScope};
use http::HeaderValue;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;

use super::{MAX_BYTES, State};
use crate::contract_limits::length_of_named_broken_by;

/// Why a state is not consistent: all problems with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the state is not consistent: {}", .0.join("; "))]
pub struct InvalidState(Vec<String>);

impl InvalidState {
    /// Control characters of a state file must not reach a terminal.
    fn new(problems: &[String]) -> Self {
        let escaped = |problem: &String| problem.escape_debug().to_string().replace("\\'", "'");
        Self(problems.iter().map(escaped).collect())
    }
}

impl State {
    /// Fills in the project of instances that have none, and checks the state.
    pub(crate) fn validated(mut self) -> Result<Self, InvalidState> {
        let Some(first) = self.projects.first().map(|project| project.id.clone()) else {
            return Err(InvalidState(vec!["`projects` is empty".into()]));
        };
        for instance in &mut self.instances {
            if instance.project_id.is_empty() {
                instance.project_id.clone_from(&first);
            }
        }
        let mut problems = Vec::new();
        self.check_account(&mut problems);
        self.check_credentials(&mut problems);
        self.check_instances(&mut problems);
        self.check_size(&mut problems);
        if problems.is_empty() { Ok(self) } else { Err(InvalidState::new(&problems)) }
    }

    /// The sum of all text. A state can be copied by each request, so it is as bounded as its
    /// file.
    fn check_size(&self, problems: &mut Vec<String>) {
        let users = self.users.iter().map(|user| {
            let denied: usize = user.denied.iter().map(String::len).sum();
            user.id.len() + user.name.len() + user.password.expose_secret().len() + denied
        });
        let keys = self.access_keys.iter().map(|key| {
            let token = key.security_token.as_ref().map_or(0, |token| token.expose_secret().len());
            key.access_key.len() + key.secret_key.expose_secret().len() + key.user.len() + token
        });
        let tokens = self.tokens.iter().map(|token| {
            let project = token.project_id.as_ref().map_or(0, String::len);
            token.token.expose_secret().len() + token.user.len() + project
        });
        let instances = self.instances.iter().map(|instance| {
            let scopes = instance
                .scopes
                .iter()
                .map(|scope| scope.id.len() + scope.name.len() + size(&scope.details));
            let own = instance.id.len() + instance.name.len() + size(&instance.details);
            own + scopes.sum::<usize>()
        });
        let projects = self.projects.iter().map(|project| project.id.len() + project.name.len());
        let account = self.region.len() + self.account.id.len() + self.account.name.len();
        let parts = users.chain(keys).chain(tokens).chain(instances).chain(projects);
        if parts.sum::<usize>() + account > MAX_BYTES {
            problems.push("its text is larger than 1 MiB".to_owned());
        }
    }

    fn check_account(&self, problems: &mut Vec<String>) {
        check_unique("project", self.projects.iter().map(|project| project.id.as_str()), problems);
        for project in &self.projects {
            if let Some(error) = length_of_named_broken_by("ProjectId", &project.id) {
                problems.push(format!("project `{}`: its id is {error}", project.id));
            }
        }
        check_unique("user", self.users.iter().map(|user| user.name.as_str()), problems);
        for (index, user) in self.users.iter().enumerate() {
            if user.name.is_empty() {
                problems.push(format!("the name of user {} is empty", index + 1));
            }
            check_not_empty(&format!("user `{}`", user.name), "password", &user.password, problems);
            for denied in user.denied.iter().filter(|denied| *denied != "*") {
                if API.operation(denied).is_none() {
                    problems
                        .push(format!("user `{}`: there is no operation `{denied}`", user.name));
                }
            }
        }
    }

    fn check_credentials(&self, problems: &mut Vec<String>) {
        check_unique(
            "access key",
            self.access_keys.iter().map(|key| key.access_key.as_str()),
            problems,
        );
        for (index, key) in self.access_keys.iter().enumerate() {
            let subject = format!("access key `{}`", key.access_key);
            if key.access_key.is_empty() {
                problems.push(format!("access key {} is empty", index + 1));
            } else if !key.access_key.bytes().all(|byte| byte.is_ascii_graphic() && byte != b',') {
                problems.push(format!("{subject} cannot be sent in a header"));
            }
            check_not_empty(&subject, "secret key", &key.secret_key, problems);
            if let Some(token) = &key.security_token {
                check_not_empty(&subject, "security token", token, problems);
                check_header(&format!("{subject}: its security token"), token, problems);
            }
            self.check_owner(&subject, &key.user, problems);
        }
        let mut numbers = HashMap::new();
        for (index, token) in self.tokens.iter().enumerate() {
            // By its position, since its value is a secret.
            let subject = format!("token {}", index + 1);
            if token.token.expose_secret().is_empty() {
                problems.push(format!("{subject} is empty"));
            }
            check_header(&subject, &token.token, problems);
            if let Some(first) = numbers.insert(token.token.expose_secret(), index + 1) {
                problems.push(format!("{subject} is the same as token {first}"));
            }
            self.check_owner(&subject, &token.user, problems);
            if let Some(project) = &token.project_id {
                self.check_project(&subject, project, problems);
            }
        }
    }

    fn check_instances(&self, problems: &mut Vec<String>) {
        check_unique(
            "instance",
            self.instances.iter().map(|instance| instance.id.as_str()),
            problems,
        );
        for instance in &self.instances {
            let subject = format!("instance `{}`", instance.id);
            if let Some(error) = length_of_named_broken_by("InstanceId", &instance.id) {
                problems.push(format!("{subject}: its id is {error}"));
            }
            self.check_project(&subject, &instance.project_id, problems);
            let AuditInstance { id, name, status, task, .. } = &instance.details;
            let own = [id.is_some(), name.is_some(), status.is_some(), task.is_some()];
            check_details(&subject, ["id", "name", "status", "task"], own, problems);
            let scopes = instance.scopes.iter().map(|scope| scope.id.as_str());
            check_unique(&format!("scope of {subject}"), scopes, problems);
            for scope in &instance.scopes {
                if let Some(error) = length_of_named_broken_by("AuditScopeId", &scope.id) {
                    problems.push(format!("a scope of {subject}: its id is {error}"));
                }
                let AuditScope { id, name, status, .. } = &scope.details;
                let own = [id.is_some(), name.is_some(), status.is_some()];
                let subject = format!("scope `{}` of {subject}", scope.id);
                check_details(&subject, ["id", "name", "status"], own, problems);
            }
        }
    }

    fn check_owner(&self, subject: &str, user: &str, problems: &mut Vec<String>) {
        if !self.users.iter().any(|candidate| candidate.name == user) {
            problems.push(format!("{subject}: there is no user `{user}`"));
        }
    }

    fn check_project(&self, subject: &str, project: &str, problems: &mut Vec<String>) {
        if !self.projects.iter().any(|candidate| candidate.id == project) {
            problems.push(format!("{subject}: there is no project `{project}`"));
        }
    }
}

fn check_not_empty(subject: &str, what: &str, secret: &SecretString, problems: &mut Vec<String>) {
    if secret.expose_secret().is_empty() {
        problems.push(format!("{subject}: its {what} is empty"));
    }
}

/// A token with a character that no header can carry would never be accepted.
fn check_header(subject: &str, token: &SecretString, problems: &mut Vec<String>) {
    if HeaderValue::from_str(token.expose_secret()).is_err() {
        problems.push(format!("{subject} cannot be sent in a header"));
    }
}

/// How much text it is.
fn size(details: &impl Serialize) -> usize {
    serde_json::to_vec(details).map_or(usize::MAX / 2, |json| json.len())
}

/// Fields that the state has itself would contradict it.
fn check_details<const N: usize>(
    subject: &str,
    names: [&str; N],
    given: [bool; N],
    problems: &mut Vec<String>,
) {
    for (name, _) in names.iter().zip(given).filter(|(_, given)| *given) {
        problems
            .push(format!("{subject}: its details have `{name}`, which is a field beside them"));
    }
}

fn check_unique<'a>(subject: &str, ids: impl Iterator<Item = &'a str>, problems: &mut Vec<String>) {
    let mut seen = HashSet::new();
    for id in ids {
        if !seen.insert(id) {
            problems.push(format!("{subject} `{id}` occurs twice"));
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use dbss_client::types::AuditInstanceTask;

    use super::*;
    use crate::{Instance, Scope};

    #[test]
    fn accepts_the_default_state() {
        let state = State::default().validated().map_err(|error| error.to_string());
        assert!(state.is_ok(), "{state:?}");
    }

    #[test]
    fn reports_all_problems_at_once() {
        let scoped = Instance::new("00000000000000000000000000000001")
            .with_scope(Scope::enabled("one"))
            .with_scope(Scope::disabled("one"));
        let instances = vec![Instance::new("short"), scoped.clone(), scoped];
        let mut state = State { instances, ..State::default() };
        state.tokens.truncate(1);
        if let Some(token) = state.tokens.first_mut() {
            token.user = "nobody".into();
            token.project_id = Some("nowhere".into());
        }
        if let Some(instance) = state.instances.first_mut() {
            instance.details.task = Some(AuditInstanceTask::NoTask);
        }
        if let Some(user) = state.users.first_mut() {
            user.denied = vec!["Stop".into()];
        }
        let error = state.validated().map(|_| ()).map_err(|error| error.to_string()).unwrap_err();
        for part in [
            "instance `short`: its id is shorter than 32 characters",
            "instance `short`: its details have `task`",
            "scope of instance `00000000000000000000000000000001` `one` occurs twice",
            "instance `00000000000000000000000000000001` occurs twice",
            "user `dbss-operator`: there is no operation `Stop`",
            "token 1: there is no user `nobody`",
            "token 1: there is no project `nowhere`",
        ] {
            assert!(error.contains(part), "{part}: {error}");
        }
        assert!(!error.contains("emulator-token"), "a token was shown: {error}");
    }
}
