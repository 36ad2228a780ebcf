//! Who may call: users, key pairs, tokens.

use std::time::SystemTime;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::time;

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
    /// The operations that this user may not call, by their ids; `*` is all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub denied: Vec<String>,
}

impl User {
    /// A user who may call everything. The name serves as id.
    #[must_use]
    pub fn new(name: impl Into<String>, password: impl Into<SecretString>) -> Self {
        let name = name.into();
        Self { id: name.clone(), name, password: password.into(), denied: Vec::new() }
    }

    /// The same, who may not call that operation; `*` is all of them.
    #[must_use]
    pub fn without(mut self, operation_id: impl Into<String>) -> Self {
        self.denied.push(operation_id.into());
        self
    }
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
    /// When it ends, in RFC 3339 in a state file; never if absent.
    #[serde(default, deserialize_with = "time::deserialize")]
    pub expires_at: Option<SystemTime>,
}

impl AccessKey {
    /// A permanent key pair of that user.
    #[must_use]
    pub fn new(
        access_key: impl Into<String>,
        secret_key: impl Into<SecretString>,
        user: impl Into<String>,
    ) -> Self {
        Self {
            access_key: access_key.into(),
            secret_key: secret_key.into(),
            user: user.into(),
            security_token: None,
            expires_at: None,
        }
    }

    /// The same as a temporary pair with that security token.
    #[must_use]
    pub fn temporary(mut self, security_token: impl Into<SecretString>) -> Self {
        self.security_token = Some(security_token.into());
        self
    }

    /// The same with an end.
    #[must_use]
    pub fn until(mut self, end: SystemTime) -> Self {
        self.expires_at = Some(end);
        self
    }
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
    /// When it ends, in RFC 3339 in a state file; never if absent.
    #[serde(default, deserialize_with = "time::deserialize")]
    pub expires_at: Option<SystemTime>,
}

impl Token {
    /// A token of that user for that project, which never ends.
    #[must_use]
    pub fn new(
        token: impl Into<SecretString>,
        user: impl Into<String>,
        project_id: impl Into<String>,
    ) -> Self {
        Self {
            token: token.into(),
            user: user.into(),
            project_id: Some(project_id.into()),
            expires_at: None,
        }
    }

    /// The same with an end.
    #[must_use]
    pub fn until(mut self, end: SystemTime) -> Self {
        self.expires_at = Some(end);
        self
    }
}
