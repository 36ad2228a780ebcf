//! Whether a state makes sense: what a state file can get wrong.

use std::collections::HashSet;

use dbss_client::descriptors::API;
use dbss_client::types;

use super::State;

/// Everything that is wrong with a state, one line each.
#[derive(Debug, thiserror::Error)]
#[error("the state does not hold together: {}", .0.join("; "))]
pub struct InvalidState(Vec<String>);

impl State {
    /// Fills in what follows from the rest and checks it.
    pub(crate) fn checked(mut self) -> Result<Self, InvalidState> {
        let Some(first) = self.projects.first().map(|project| project.id.clone()) else {
            return Err(InvalidState(vec!["`projects` is empty".into()]));
        };
        for instance in &mut self.instances {
            if instance.project_id.is_empty() {
                instance.project_id.clone_from(&first);
            }
        }
        let mut wrong = Vec::new();
        self.check_account(&mut wrong);
        self.check_credentials(&mut wrong);
        self.check_instances(&mut wrong);
        if wrong.is_empty() { Ok(self) } else { Err(InvalidState(wrong)) }
    }

    fn check_account(&self, wrong: &mut Vec<String>) {
        twice("project", self.projects.iter().map(|project| project.id.as_str()), wrong);
        for project in &self.projects {
            if let Err(error) = types::ProjectId::try_from(project.id.as_str()) {
                wrong.push(format!("project `{}`: its id is {error}", project.id));
            }
        }
        twice("user", self.users.iter().map(|user| user.name.as_str()), wrong);
        for user in &self.users {
            for denied in user.denied.iter().filter(|denied| *denied != "*") {
                if API.operation(denied).is_none() {
                    wrong.push(format!("user `{}`: there is no operation `{denied}`", user.name));
                }
            }
        }
    }

    fn check_credentials(&self, wrong: &mut Vec<String>) {
        twice("access key", self.access_keys.iter().map(|key| key.access_key.as_str()), wrong);
        for key in &self.access_keys {
            let what = format!("access key `{}`", key.access_key);
            self.check_owner(&what, &key.user, wrong);
        }
        for (index, token) in self.tokens.iter().enumerate() {
            // Not by its value: that is a secret.
            let what = format!("token {}", index + 1);
            self.check_owner(&what, &token.user, wrong);
            if let Some(project) = &token.project_id {
                self.check_project(&what, project, wrong);
            }
        }
    }

    fn check_instances(&self, wrong: &mut Vec<String>) {
        twice("instance", self.instances.iter().map(|instance| instance.id.as_str()), wrong);
        for instance in &self.instances {
            let what = format!("instance `{}`", instance.id);
            if let Err(error) = types::InstanceId::try_from(instance.id.as_str()) {
                wrong.push(format!("{what}: its id is {error}"));
            }
            self.check_project(&what, &instance.project_id, wrong);
            let scopes = instance.scopes.iter().map(|scope| scope.id.as_str());
            twice(&format!("scope of {what}"), scopes, wrong);
            for scope in &instance.scopes {
                if let Err(error) = types::AuditScopeId::try_from(scope.id.as_str()) {
                    wrong.push(format!("a scope of {what}: its id is {error}"));
                }
            }
        }
    }

    fn check_owner(&self, what: &str, user: &str, wrong: &mut Vec<String>) {
        if !self.users.iter().any(|known| known.name == user) {
            wrong.push(format!("{what}: there is no user `{user}`"));
        }
    }

    fn check_project(&self, what: &str, project: &str, wrong: &mut Vec<String>) {
        if !self.projects.iter().any(|known| known.id == project) {
            wrong.push(format!("{what}: there is no project `{project}`"));
        }
    }
}

fn twice<'a>(what: &str, ids: impl Iterator<Item = &'a str>, wrong: &mut Vec<String>) {
    let mut seen = HashSet::new();
    for id in ids {
        if !seen.insert(id) {
            wrong.push(format!("{what} `{id}` occurs twice"));
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::{Instance, Scope};

    #[test]
    fn the_default_state_holds_together() {
        let state = State::default().checked().map_err(|error| error.to_string());
        assert!(state.is_ok(), "{state:?}");
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
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
        let error = state.checked().map(|_| ()).map_err(|error| error.to_string()).unwrap_err();
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
