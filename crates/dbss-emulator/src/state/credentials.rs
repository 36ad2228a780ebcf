//! Users, key pairs and tokens.

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
    /// The name, as given in a login.
    pub name: String,
    /// The password, as given in a login.
    #[serde(skip_serializing)]
    pub password: SecretString,
    /// The ids of the operations that this user may not call; `*` means all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub denied: Vec<String>,
}

impl User {
    /// A user who may call every operation. The id is the name.
    #[must_use]
    pub fn new(name: impl Into<String>, password: impl Into<SecretString>) -> Self {
        let name = name.into();
        Self { id: name.clone(), name, password: password.into(), denied: Vec::new() }
    }

    /// The same user, who may not call that operation; `*` means all.
    #[must_use]
    pub fn with_denied_operation(mut self, operation_id: impl Into<String>) -> Self {
        self.denied.push(operation_id.into());
        self
    }
}

/// A key pair for signed requests.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct AccessKey {
    /// The access key (AK); not a secret.
    pub access_key: String,
    /// The secret key (SK).
    pub secret_key: SecretString,
    /// The name of the user to whom it belongs.
    pub user: String,
    /// The security token of a temporary key pair. Requests must carry it as
    /// `X-Security-Token`.
    #[serde(default)]
    pub security_token: Option<SecretString>,
    /// When it expires, in RFC 3339 in a state file; never if absent.
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

    /// The same key pair as a temporary one, with that security token.
    #[must_use]
    pub fn with_security_token(mut self, security_token: impl Into<SecretString>) -> Self {
        self.security_token = Some(security_token.into());
        self
    }

    /// The same credentials with a time of expiry.
    #[must_use]
    pub fn with_expires_at(mut self, time: SystemTime) -> Self {
        self.expires_at = Some(time);
        self
    }
}

/// A token that is valid without a login.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Token {
    /// The value of `X-Auth-Token`.
    pub token: SecretString,
    /// The name of the user to whom it was issued.
    pub user: String,
    /// The id of the project it is for; `None` if it is for the account and no project.
    #[serde(default)]
    pub project_id: Option<String>,
    /// When it expires, in RFC 3339 in a state file; never if absent.
    #[serde(default, deserialize_with = "time::deserialize")]
    pub expires_at: Option<SystemTime>,
}

impl Token {
    /// A token of that user for that project. It does not expire.
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

    /// The same credentials with a time of expiry.
    #[must_use]
    pub fn with_expires_at(mut self, time: SystemTime) -> Self {
        self.expires_at = Some(time);
        self
    }
}
