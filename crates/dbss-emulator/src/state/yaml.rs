//! State from a YAML file.

use super::State;

/// Why the text of a state file is no state, and where in it. It quotes names, but
/// no values: they may be secrets.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct InvalidStateFile(String);

impl From<serde_norway::Error> for InvalidStateFile {
    fn from(error: serde_norway::Error) -> Self {
        Self(without_values(&error.to_string()))
    }
}

/// The message without the texts that serde quotes, which stand before what it
/// expected instead.
fn without_values(message: &str) -> String {
    match (message.find("string \""), message.rfind("\", expected")) {
        (Some(start), Some(end)) if start < end => {
            let (before, after) = (message.get(..start), message.get(end + 1..));
            format!("{}a text{}", before.unwrap_or_default(), after.unwrap_or_default())
        }
        _ => message.to_owned(),
    }
}

impl State {
    /// The text of a state file with the default state in it, with comments.
    pub const DEFAULT_YAML: &str = include_str!("../../state.yaml");

    /// Reads a state from the text of a state file, which is YAML or JSON. What
    /// it leaves out is as in the default state.
    ///
    /// # Errors
    ///
    /// [`InvalidStateFile`] with line and column. Whether the state holds
    /// together is checked when an emulator starts with it.
    pub fn from_yaml(text: &str) -> Result<Self, InvalidStateFile> {
        Ok(serde_norway::from_str(text)?)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn secrets(state: &State) -> Vec<&str> {
        let keys = state.access_keys.iter().flat_map(|key| {
            std::iter::once(key.secret_key.expose_secret())
                .chain(key.security_token.as_ref().map(ExposeSecret::expose_secret))
        });
        let users = state.users.iter().map(|user| user.password.expose_secret());
        let tokens = state.tokens.iter().map(|token| token.token.expose_secret());
        keys.chain(users).chain(tokens).collect()
    }

    #[test]
    fn the_state_file_that_is_shown_is_the_default() {
        let shown = State::from_yaml(State::DEFAULT_YAML).unwrap();
        let default = State::default();
        assert_eq!(format!("{shown:#?}"), format!("{default:#?}"));
        assert_eq!(secrets(&shown), secrets(&default));
    }

    #[test]
    fn what_is_left_out_is_the_default() {
        let state = State::from_yaml("region: eu-west-0\ninstances: []").unwrap();
        assert_eq!(state.region, "eu-west-0");
        assert_eq!(state.instances, []);
        assert_eq!(state.users.len(), State::default().users.len());
    }

    #[test]
    fn what_does_not_fit_is_said_with_its_place() {
        for (text, part) in [
            ("regoin: x", "unknown field `regoin`"),
            ("instances:\n  - id: 3\n    scopes: no", "line 3"),
            ("instances:\n  - {id: a, status: RUNNING}", "unknown variant `RUNNING`"),
            ("users: [", "did not find"),
        ] {
            let error = State::from_yaml(text).unwrap_err().to_string();
            assert!(error.contains(part), "{text}: {error}");
        }
    }

    #[test]
    fn secrets_that_do_not_fit_are_not_shown() {
        for text in ["tokens: [s3cret]", "tokens: 's3\", expected cret'", "users:\n  - s3cret"] {
            let error = State::from_yaml(text).unwrap_err();
            let shown = format!("{error} {error:?}");
            assert!(shown.contains("a text, expected"), "{shown}");
            assert!(!shown.contains("s3") && !shown.contains("cret"), "{shown}");
        }
    }
}
