//! The initial state of an emulator: account, credentials, instances.

mod credentials;
mod defaults;
mod details;
mod instance;
mod shape;
mod validate;
#[cfg(feature = "yaml")]
mod yaml;

use serde::{Deserialize, Serialize};

pub use self::credentials::{AccessKey, Token, User};
pub use self::instance::{Instance, InstanceStatus, Scope, Task};
pub(crate) use self::shape::INSTANCES;
pub use self::validate::InvalidState;
#[cfg(feature = "yaml")]
pub use self::yaml::InvalidStateFile;

/// How many bytes a state file may have, and the text of a state.
const MAX_BYTES: usize = 1024 * 1024;

/// The initial state of an emulator.
///
/// The [`Default`] state is listed on the crate's front page. A state file has the same
/// fields; those that it leaves out are as in the default state.
///
/// ```
/// use dbss_emulator::{Instance, Scope, State};
///
/// let mut state = State::default();
/// state.instances = vec![
///     Instance::new("00000000000000000000000000000001").with_scope(Scope::enabled("scope-1")),
/// ];
/// ```
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct State {
    /// The region of the emulated service.
    pub region: String,
    /// The account, which owns everything else.
    pub account: Account,
    /// The account's projects. A project is named after its region.
    pub projects: Vec<Project>,
    /// The account's IAM users.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<User>,
    /// Key pairs for signed requests.
    #[serde(skip_serializing)]
    pub access_keys: Vec<AccessKey>,
    /// Tokens that are valid without a login.
    #[serde(skip_serializing)]
    pub tokens: Vec<Token>,
    /// The audit instances.
    pub instances: Vec<Instance>,
}

/// An account, which IAM calls a domain.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Account {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

impl Account {
    /// An account with that id and name.
    #[must_use]
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self { id: id.into(), name: name.into() }
    }
}

/// A project of the account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Project {
    /// Its id, 32 to 64 characters.
    pub id: String,
    /// Its name: a region such as `cn-north-4`, or a region followed by `_` and a name.
    pub name: String,
}

impl Project {
    /// A project with that id and name.
    #[must_use]
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self { id: id.into(), name: name.into() }
    }

    /// The region of the project, from its name.
    #[must_use]
    pub fn region(&self) -> &str {
        self.name.split_once('_').map_or(self.name.as_str(), |(region, _)| region)
    }
}
