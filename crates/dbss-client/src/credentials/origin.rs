//! What credentials are and where they were found, without their secrets.

use std::path::{Path, PathBuf};

/// The kind of [`Credentials`](crate::Credentials).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CredentialsKind {
    /// A token.
    Token,
    /// A permanent access key.
    AccessKey,
    /// An access key with a security token.
    TemporaryAccessKey,
    /// A login at IAM with the password of a user.
    Login,
    /// A custom provider.
    Provider,
}

/// Where [`Credentials`](crate::Credentials) were found that the program did not give itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CredentialsOrigin {
    /// The variables of the environment; see
    /// [`Credentials::from_env`](crate::Credentials::from_env).
    Environment,
    /// A section of a profile file.
    Profile {
        /// The path of the file.
        path: PathBuf,
        /// The name of the section.
        section: String,
    },
    /// The metadata service of the ECS instance, which is asked when a call first needs a key.
    EcsMetadata,
}

impl CredentialsOrigin {
    pub(super) fn profile(path: &Path, section: &str) -> Self {
        Self::Profile { path: path.to_owned(), section: section.to_owned() }
    }
}
