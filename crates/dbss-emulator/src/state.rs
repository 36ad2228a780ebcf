//! What the emulator holds when it starts: account, credentials, instances.

mod check;
mod credentials;
mod defaults;
mod instance;
#[cfg(feature = "yaml")]
mod yaml;

use serde::{Deserialize, Serialize};

pub use self::check::InvalidState;
pub use self::credentials::{AccessKey, Token, User};
pub use self::instance::{Instance, InstanceStatus, Scope, Task};
#[cfg(feature = "yaml")]
pub use self::yaml::InvalidStateFile;

/// The state that an emulator starts with.
///
/// [`Default`] is what the crate's front page lists. A state file has the same
/// fields; whatever it leaves out is as in the default.
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
    /// The region that this service stands in.
    pub region: String,
    /// The account that everything belongs to.
    pub account: Account,
    /// The account's projects. A project is named after its region.
    pub projects: Vec<Project>,
    /// The account's IAM users.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<User>,
    /// Key pairs for signed requests.
    #[serde(skip_serializing)]
    pub access_keys: Vec<AccessKey>,
    /// Tokens that exist without a login.
    #[serde(skip_serializing)]
    pub tokens: Vec<Token>,
    /// The audit instances.
    pub instances: Vec<Instance>,
}

/// An account, which IAM calls a domain.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// A project of the account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Project {
    /// Its id, 32 to 64 characters.
    pub id: String,
    /// Its name: a region, as in `cn-north-4`, or a region and more after a `_`.
    pub name: String,
}

impl Project {
    /// The region that its name says it is in.
    #[must_use]
    pub fn region(&self) -> &str {
        self.name.split_once('_').map_or(self.name.as_str(), |(region, _)| region)
    }
}
