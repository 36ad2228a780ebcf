//! Where what calls prove their right with comes from.

mod environment;
pub(crate) mod iam;
mod ini;
mod profile;

use std::fmt;
use std::path::Path;
use std::sync::Arc;

pub use self::iam::PasswordLogin;

use self::environment::Lookup;
use self::iam::Session;
use crate::auth::{AccessKey, CredentialsError, Identity, ProvideCredentials, Surroundings};
use crate::error::Error;

/// Credentials of a client.
///
/// They never show their secrets: `Debug` prints which kind they are. Clones are
/// the same credentials: they share the token of a login. What does not fit is
/// reported when the client is built.
///
/// Secrets are held in one place in memory, which is wiped when the last clone is
/// dropped. That does not reach the copies that the HTTP stack and TLS make in
/// their buffers, nor what the caller, the environment or a file still holds.
#[derive(Clone)]
pub struct Credentials {
    kind: Kind,
    project_id: Option<Arc<str>>,
    iam_endpoint: Option<Arc<str>>,
}

#[derive(Clone)]
enum Kind {
    Fixed(Identity),
    Login(Arc<Session>),
    Provider(Arc<dyn ProvideCredentials>),
    /// What was given does not fit.
    Unfit(CredentialsError),
}

impl Credentials {
    /// The section of a profile file that counts unless another is asked for, as in
    /// Huawei's SDKs.
    pub const DEFAULT_PROFILE_SECTION: &'static str = profile::SECTION;

    /// A user token from IAM: the value of the `X-Subject-Token` header that
    /// answers a login. It is sent as `X-Auth-Token`, is valid for 24 hours, and
    /// only in the region that it was issued for.
    #[must_use]
    pub fn token(token: impl Into<String>) -> Self {
        Self::of(Identity::token(token).map(Kind::Fixed))
    }

    /// An access key (AK) and its secret key (SK), which sign every request with
    /// `SDK-HMAC-SHA256`. The service refuses signatures whose time is more than
    /// 15 minutes from its own, and locks a key for five minutes after five wrong
    /// ones.
    #[must_use]
    pub fn access_key(access_key: impl Into<String>, secret_key: impl Into<String>) -> Self {
        Self::of(Identity::access_key(access_key, secret_key).map(Kind::Fixed))
    }

    /// Makes the access key a temporary one, with the security token that came
    /// with it. For access keys only.
    #[must_use]
    pub fn with_security_token(mut self, security_token: impl Into<String>) -> Self {
        let kind = match self.kind {
            Kind::Fixed(Identity::AccessKey(key)) => key
                .with_security_token(security_token)
                .map_or_else(Kind::Unfit, |key| Kind::Fixed(Identity::AccessKey(key))),
            unfit @ Kind::Unfit(_) => unfit,
            Kind::Fixed(_) | Kind::Login(_) | Kind::Provider(_) => Kind::Unfit(
                CredentialsError::new("a security token belongs to an access key only")
                    .help("give it to `Credentials::access_key`"),
            ),
        };
        self.kind = kind;
        self
    }

    /// A login at IAM with the password of a user, made when it is first needed
    /// and renewed before its token ends. Clients with clones of these
    /// credentials share their logins.
    #[must_use]
    pub fn iam_password(login: PasswordLogin) -> Self {
        Self::of(Session::new(login).map(|session| Kind::Login(Arc::new(session))))
    }

    /// The key pair of the environment: `HUAWEICLOUD_SDK_AK`,
    /// `HUAWEICLOUD_SDK_SK` and, for a temporary key,
    /// `HUAWEICLOUD_SDK_SECURITY_TOKEN`. `HUAWEICLOUD_SDK_PROJECT_ID` is the
    /// client's project unless it is given another. An empty variable counts as
    /// not set.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Credentials`](crate::ErrorKind::Credentials) naming the
    /// variable that is missing or does not fit, never with a value.
    pub fn from_env() -> Result<Self, Error> {
        Ok(Self::of_environment(&environment::of_process)?)
    }

    /// The key pair in section `[basic]` of the profile file: the one that
    /// `HUAWEICLOUD_SDK_CREDENTIALS_FILE` names, else
    /// `~/.huaweicloud/credentials`. An INI file with the keys `ak`, `sk`,
    /// `security_token`, `project_id` and `iam_endpoint`. The file is read at
    /// once.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Credentials`](crate::ErrorKind::Credentials) with file and
    /// line, never with a value.
    pub fn from_profile() -> Result<Self, Error> {
        Ok(Self::of_profile(&environment::of_process, Self::DEFAULT_PROFILE_SECTION)?)
    }

    /// As [`from_profile`](Self::from_profile), from that section of the same file.
    ///
    /// # Errors
    ///
    /// As those of [`from_profile`](Self::from_profile).
    pub fn from_profile_section(section: &str) -> Result<Self, Error> {
        Ok(Self::of_profile(&environment::of_process, section)?)
    }

    /// As [`from_profile`](Self::from_profile), from that file and that section.
    pub fn from_profile_at(path: impl AsRef<Path>, section: &str) -> Result<Self, Error> {
        let path = path.as_ref();
        let found = profile::credentials(path, section)?;
        Ok(found.ok_or_else(|| profile::missing(Some(path)))?)
    }

    /// The first of [`from_env`](Self::from_env) and
    /// [`from_profile`](Self::from_profile) that has credentials, which is the
    /// order of Huawei's SDKs. Half a key pair in the first is an error, and not
    /// passed over.
    pub fn default_chain() -> Result<Self, Error> {
        Ok(Self::of_chain(&environment::of_process)?)
    }

    /// A provider of one's own.
    #[must_use]
    pub fn provider(provider: impl ProvideCredentials) -> Self {
        Self::of(Ok(Kind::Provider(Arc::new(provider))))
    }

    fn of(kind: Result<Kind, CredentialsError>) -> Self {
        let kind = kind.unwrap_or_else(Kind::Unfit);
        Self { kind, project_id: None, iam_endpoint: None }
    }

    /// A key pair that was found together with those.
    fn found(key: AccessKey, project_id: Option<String>, iam_endpoint: Option<String>) -> Self {
        Self {
            kind: Kind::Fixed(Identity::AccessKey(key)),
            project_id: project_id.map(Arc::from),
            iam_endpoint: iam_endpoint.map(Arc::from),
        }
    }

    fn of_environment(lookup: Lookup<'_>) -> Result<Self, CredentialsError> {
        environment::credentials(lookup)?.ok_or_else(environment::missing)
    }

    fn of_profile(lookup: Lookup<'_>, section: &str) -> Result<Self, CredentialsError> {
        let path = profile::path(lookup);
        let found = path.as_deref().map(|path| profile::credentials(path, section));
        found.transpose()?.flatten().ok_or_else(|| profile::missing(path.as_deref()))
    }

    fn of_chain(lookup: Lookup<'_>) -> Result<Self, CredentialsError> {
        if let Some(found) = environment::credentials(lookup)? {
            return Ok(found);
        }
        let path = profile::path(lookup);
        let found = path.as_deref().map(|path| profile::credentials(path, profile::SECTION));
        found.transpose()?.flatten().ok_or_else(|| {
            CredentialsError::new(format!(
                "no credentials were found: {}; {}",
                environment::missing(),
                profile::missing(path.as_deref())
            ))
        })
    }

    /// What the next attempt proves its right with. Cheap when nothing has to be
    /// renewed.
    pub(crate) async fn identity(
        &self,
        surroundings: &Surroundings,
    ) -> Result<Identity, CredentialsError> {
        match &self.kind {
            Kind::Fixed(identity) => Ok(identity.clone()),
            Kind::Login(session) => session.identity(surroundings).await,
            Kind::Provider(provider) => provider.provide(surroundings).await,
            Kind::Unfit(error) => Err(error.clone()),
        }
    }

    /// Whether something has to be sent to have an identity.
    pub(crate) fn is_login(&self) -> bool {
        matches!(self.kind, Kind::Login(_))
    }

    /// The service says that this identity is no longer valid: whether
    /// [`identity`](Self::identity) can give a new one.
    pub(crate) fn refused(&self, identity: &Identity) -> bool {
        match &self.kind {
            Kind::Fixed(_) | Kind::Unfit(_) => false,
            Kind::Login(session) => session.refused(identity),
            Kind::Provider(provider) => provider.refused(identity),
        }
    }

    /// What keeps these from being used, if anything does; never the secret.
    pub(crate) fn fault(&self) -> Option<String> {
        match &self.kind {
            Kind::Unfit(error) => Some(error.to_string()),
            _ => None,
        }
    }

    /// The project that was found with them.
    pub(crate) fn project_id(&self) -> Option<&str> {
        self.project_id.as_deref()
    }

    /// The address of IAM that was found with them.
    pub(crate) fn iam_endpoint(&self) -> Option<&str> {
        self.iam_endpoint.as_deref()
    }
}

/// The address of the service in that region as the environment has it.
pub(crate) fn endpoint_from_env(region: &str) -> Option<String> {
    environment::endpoint_of_region(&environment::of_process, region)
}

/// The address of IAM as the environment has it.
pub(crate) fn iam_endpoint_from_env() -> Option<String> {
    environment::iam_endpoint(&environment::of_process)
}

impl From<Identity> for Credentials {
    fn from(identity: Identity) -> Self {
        Self::of(Ok(Kind::Fixed(identity)))
    }
}

impl From<AccessKey> for Credentials {
    fn from(key: AccessKey) -> Self {
        Identity::AccessKey(key).into()
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Fixed(Identity::Token(_)) => f.write_str("Credentials::token(…)"),
            Kind::Fixed(Identity::AccessKey(key)) => write!(f, "Credentials::{key:?}"),
            Kind::Login(session) => write!(f, "Credentials::iam_password({session:?})"),
            Kind::Provider(provider) => write!(f, "Credentials::provider({provider:?})"),
            Kind::Unfit(error) => write!(f, "Credentials({error})"),
        }
    }
}

#[cfg(test)]
mod tests;
