//! What the emulator holds when it starts: account, credentials, instances.

mod check;
mod defaults;
mod instance;
#[cfg(feature = "yaml")]
mod yaml;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

pub use self::check::InvalidState;
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

/// An IAM user.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct User {
    /// The id.
    pub id: String,
    /// The name, which a login gives.
    pub name: String,
    /// The password, which a login gives.
    #[serde(skip_serializing)]
    pub password: SecretString,
    /// The operations that this user may not call, by their ids.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub denied: Vec<String>,
}

/// A key pair for signed requests.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct AccessKey {
    /// The access key, AK; not a secret.
    pub access_key: String,
    /// The secret key, SK.
    pub secret_key: SecretString,
    /// The name of the user it belongs to.
    pub user: String,
    /// What makes it a temporary pair: requests must carry it as `X-Security-Token`.
    #[serde(default)]
    pub security_token: Option<SecretString>,
    /// When it ends, in RFC 3339; never if absent.
    #[serde(default)]
    pub expires_at: Option<String>,
}

/// A token that exists without a login.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Token {
    /// The value of `X-Auth-Token`.
    pub token: SecretString,
    /// The name of the user it was issued to.
    pub user: String,
    /// The project it is for; none if it is for the whole account.
    #[serde(default)]
    pub project_id: Option<String>,
    /// When it ends, in RFC 3339; never if absent.
    #[serde(default)]
    pub expires_at: Option<String>,
}
