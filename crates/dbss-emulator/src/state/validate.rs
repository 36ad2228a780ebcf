//! Checks whether a state is consistent, for mistakes in state files.

use std::collections::HashSet;

use dbss_client::contract::API;

use super::State;
use crate::contract_limits::length_of_named_broken_by;

/// Why a state is not consistent: all problems with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the state is not consistent: {}", .0.join("; "))]
pub struct InvalidState(Vec<String>);

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
        if problems.is_empty() { Ok(self) } else { Err(InvalidState(problems)) }
    }

    fn check_account(&self, problems: &mut Vec<String>) {
        check_unique("project", self.projects.iter().map(|project| project.id.as_str()), problems);
        for project in &self.projects {
            if let Some(error) = length_of_named_broken_by("ProjectId", &project.id) {
                problems.push(format!("project `{}`: its id is {error}", project.id));
            }
        }
        check_unique("user", self.users.iter().map(|user| user.name.as_str()), problems);
        for user in &self.users {
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
        for key in &self.access_keys {
            let subject = format!("access key `{}`", key.access_key);
            self.check_owner(&subject, &key.user, problems);
        }
        for (index, token) in self.tokens.iter().enumerate() {
            // By its position, since its value is a secret.
            let subject = format!("token {}", index + 1);
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
            let scopes = instance.scopes.iter().map(|scope| scope.id.as_str());
            check_unique(&format!("scope of {subject}"), scopes, problems);
            for scope in &instance.scopes {
                if let Some(error) = length_of_named_broken_by("AuditScopeId", &scope.id) {
                    problems.push(format!("a scope of {subject}: its id is {error}"));
                }
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
        if let Some(user) = state.users.first_mut() {
            user.denied = vec!["Stop".into()];
        }
        let error = state.validated().map(|_| ()).map_err(|error| error.to_string()).unwrap_err();
        for part in [
            "instance `short`: its id is shorter than 32 characters",
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
