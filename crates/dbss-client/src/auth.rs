//! Authentication of requests: tokens and signatures.

mod access_key;
mod canonical;
mod error;
mod identity;
mod provider;
pub(crate) mod secret_bytes;
mod signing;

pub use self::access_key::AccessKey;
pub use self::error::CredentialsError;
pub(crate) use self::error::IamErrorResponse;
pub use self::identity::{Identity, Token};
pub use self::provider::{IdentityFuture, ProvideCredentials, ProviderContext};
