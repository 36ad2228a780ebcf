//! Credentials of a client, and where they come from.

mod environment;
pub(crate) mod iam;
mod ini;
#[cfg(feature = "metadata")]
mod metadata;
mod origin;
mod profile;

use std::fmt;
use std::path::Path;
use std::sync::Arc;

pub(crate) use self::environment::RegionAddresses;
pub use self::iam::PasswordLogin;
pub use self::origin::{CredentialsKind, CredentialsOrigin};
pub use self::profile::{Profile, ProfileFile};

use self::iam::Session;
use crate::auth::{
    AccessKey, CredentialsError, Identity, ProvideCredentials, ProviderContext, Token,
};
use crate::error::Error;
use crate::note::Note;
use crate::variables::{self, Lookup};

/// Credentials of a client.
///
/// `Debug` shows which kind they are and no secret. Clones share the token of a login.
/// Invalid credentials are reported when the client is built.
///
/// Each secret is kept once in memory and wiped when the last clone is dropped. That does
/// not include the copies that the HTTP stack and TLS make in their buffers, nor those of
/// the caller, the environment or a file.
#[derive(Clone)]
pub struct Credentials {
    source: IdentitySource,
    origin: Option<Arc<CredentialsOrigin>>,
    found: Arc<Found>,
}

/// What was found beside a key, where it was found.
#[derive(Debug, Default)]
struct Found {
    project_id: Option<String>,
    region: Option<String>,
    endpoint: Option<String>,
    iam_endpoint: Option<String>,
    notes: Vec<Note>,
}

#[derive(Clone)]
enum IdentitySource {
    Static(Identity),
    PasswordLogin(Arc<Session>),
    Provider(Arc<dyn ProvideCredentials>),
    /// The given credentials are invalid.
    Invalid(CredentialsError),
}

impl Credentials {
    /// The section of a profile file that is read by default, as in Huawei's SDKs: `basic`.
    pub const DEFAULT_PROFILE_SECTION: &'static str = profile::SECTION;

    /// A user token of IAM: the value of the header `X-Subject-Token` in the response to
    /// a login. It is sent as `X-Auth-Token` and is valid for 24 hours, only in the
    /// region that it was issued for.
    #[must_use]
    pub fn token(token: impl Into<String>) -> Self {
        Self::of(Identity::token(token).map(IdentitySource::Static))
    }

    /// An access key (AK) and its secret key (SK), which sign every request with
    /// `SDK-HMAC-SHA256`. The service refuses signatures whose time differs from its own
    /// by more than 15 minutes, and locks a key for five minutes after five wrong ones.
    #[must_use]
    pub fn access_key(access_key: impl Into<String>, secret_key: impl Into<String>) -> Self {
        Self::of(Identity::access_key(access_key, secret_key).map(IdentitySource::Static))
    }

    /// Makes the access key a temporary one, with its security token. On other credentials
    /// than an access key it is an error of [`build`](crate::ClientBuilder::build).
    #[must_use]
    pub fn with_security_token(mut self, security_token: impl Into<String>) -> Self {
        let source = match self.source {
            IdentitySource::Static(Identity::AccessKey(key)) => key
                .with_security_token(security_token)
                .map_or_else(IdentitySource::Invalid, |key| {
                    IdentitySource::Static(Identity::AccessKey(key))
                }),
            invalid @ IdentitySource::Invalid(_) => invalid,
            IdentitySource::Static(_)
            | IdentitySource::PasswordLogin(_)
            | IdentitySource::Provider(_) => IdentitySource::Invalid(
                CredentialsError::new("a security token belongs to an access key only")
                    .help("give it to `Credentials::access_key`"),
            ),
        };
        self.source = source;
        self
    }

    /// A login at IAM with the password of a user, made when a call first needs it, and
    /// renewed before its token expires. Clients with clones of these credentials share
    /// their logins.
    #[must_use]
    pub fn iam_password(login: PasswordLogin) -> Self {
        Self::of(
            Session::new(login).map(|session| IdentitySource::PasswordLogin(Arc::new(session))),
        )
    }

    /// The access key of the environment: `HUAWEICLOUD_SDK_AK`, `HUAWEICLOUD_SDK_SK` and,
    /// for a temporary key, `HUAWEICLOUD_SDK_SECURITY_TOKEN`.
    /// `HUAWEICLOUD_SDK_PROJECT_ID` is the client's project unless another is set. An
    /// empty variable counts as unset.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Credentials`](crate::ErrorKind::Credentials), with the name of the
    /// variable that is missing or invalid, never with a value.
    pub fn from_env() -> Result<Self, Error> {
        Ok(Self::of_environment(&variables::of_process)?)
    }

    /// The access key in the section `[basic]` of the profile file, which is read at once.
    /// The file is the one that `HUAWEICLOUD_SDK_CREDENTIALS_FILE` names, else
    /// `~/.huaweicloud/credentials`: an INI file in UTF-8 with the keys `ak` and `sk` and, where
    /// they are wanted, `security_token`, `region`, `project_id`, `endpoint` and
    /// `iam_endpoint`. The client uses these unless its builder has others; an endpoint counts
    /// more than a region, wherever either comes from.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Credentials`](crate::ErrorKind::Credentials) with file and
    /// line, never with a value.
    pub fn from_profile() -> Result<Self, Error> {
        Ok(Self::of_profile(&variables::of_process, Self::DEFAULT_PROFILE_SECTION)?)
    }

    /// Like [`from_profile`](Self::from_profile), from that section of the same file.
    ///
    /// # Errors
    ///
    /// Those of [`from_profile`](Self::from_profile).
    pub fn from_profile_section(section: &str) -> Result<Self, Error> {
        Ok(Self::of_profile(&variables::of_process, section)?)
    }

    /// Like [`from_profile`](Self::from_profile), from that section of that file.
    ///
    /// # Errors
    ///
    /// Those of [`from_profile`](Self::from_profile).
    pub fn from_profile_at(path: impl AsRef<Path>, section: &str) -> Result<Self, Error> {
        let path = path.as_ref();
        let found = Self::at(path, section)?;
        Ok(found.ok_or_else(|| profile::missing(Some(path)))?)
    }

    /// The first of [`from_env`](Self::from_env) and [`from_profile`](Self::from_profile)
    /// that has credentials, and with the feature `metadata`, after them, `ecs_metadata`: the
    /// order of Huawei's SDKs. An incomplete key in the environment is an error; the profile is
    /// not tried then. The metadata service is asked when a call first needs a key, and only
    /// if there was none elsewhere.
    ///
    /// # Errors
    ///
    /// Those of [`from_env`](Self::from_env) and [`from_profile`](Self::from_profile), or
    /// [`ErrorKind::Credentials`](crate::ErrorKind::Credentials) with all places if none
    /// has credentials. That of the metadata service is an error of the call.
    pub fn default_chain() -> Result<Self, Error> {
        Ok(Self::of_chain(&variables::of_process)?)
    }

    /// The temporary access key of the ECS instance that the program runs on, by its metadata
    /// service: that of the agency of the instance. It is asked for when a call first needs it,
    /// and renewed before it expires: 40 minutes, or a quarter of its life. A machine that is no
    /// instance is given up after a second or two.
    ///
    /// The variable `DBSS_METADATA` has the address of another metadata service, or turns it
    /// off with the value `off`, which makes these credentials invalid. No proxy is used.
    #[cfg(feature = "metadata")]
    #[must_use]
    pub fn ecs_metadata() -> Self {
        let metadata = metadata::EcsMetadata::of_environment(&variables::of_process);
        let off = || CredentialsError::new("DBSS_METADATA turns the metadata service off");
        Self::of(metadata.map(|it| IdentitySource::Provider(Arc::new(it))).ok_or_else(off))
            .found_in(CredentialsOrigin::EcsMetadata)
    }

    /// A custom credentials provider: one for other sources than the above, such as a vault.
    #[must_use]
    pub fn provider(provider: impl ProvideCredentials) -> Self {
        Self::of(Ok(IdentitySource::Provider(Arc::new(provider))))
    }

    fn of(source: Result<IdentitySource, CredentialsError>) -> Self {
        let source = source.unwrap_or_else(IdentitySource::Invalid);
        Self { source, origin: None, found: Arc::default() }
    }

    /// An access key, with what was found beside it.
    fn of_key(key: AccessKey, found: Found) -> Self {
        let source = IdentitySource::Static(Identity::AccessKey(key));
        Self { source, origin: None, found: Arc::new(found) }
    }

    /// What they are; `None` if they are invalid.
    #[must_use]
    pub fn kind(&self) -> Option<CredentialsKind> {
        Some(match &self.source {
            IdentitySource::Static(Identity::Token(_)) => CredentialsKind::Token,
            IdentitySource::Static(Identity::AccessKey(key)) => match key.security_token() {
                Some(_) => CredentialsKind::TemporaryAccessKey,
                None => CredentialsKind::AccessKey,
            },
            IdentitySource::PasswordLogin(_) => CredentialsKind::Login,
            IdentitySource::Provider(_) => CredentialsKind::Provider,
            IdentitySource::Invalid(_) => return None,
        })
    }

    /// The id of the access key (AK), if they are one. It is no secret, and worth masking where
    /// others read it.
    #[must_use]
    pub fn access_key_id(&self) -> Option<&str> {
        match &self.source {
            IdentitySource::Static(Identity::AccessKey(key)) => Some(key.id()),
            _ => None,
        }
    }

    /// Where they were found; `None` if the program gave them.
    #[must_use]
    pub fn origin(&self) -> Option<&CredentialsOrigin> {
        self.origin.as_deref()
    }

    fn found_in(mut self, origin: CredentialsOrigin) -> Self {
        self.origin = Some(Arc::new(origin));
        self
    }

    fn of_environment(lookup: Lookup<'_>) -> Result<Self, CredentialsError> {
        Self::in_environment(lookup)?.ok_or_else(environment::missing)
    }

    fn in_environment(lookup: Lookup<'_>) -> Result<Option<Self>, CredentialsError> {
        let found = environment::credentials(lookup)?;
        Ok(found.map(|found| found.found_in(CredentialsOrigin::Environment)))
    }

    fn at(path: &Path, section: &str) -> Result<Option<Self>, CredentialsError> {
        let found = profile::credentials(path, section)?;
        Ok(found.map(|found| found.found_in(CredentialsOrigin::profile(path, section))))
    }

    fn of_profile(lookup: Lookup<'_>, section: &str) -> Result<Self, CredentialsError> {
        let path = profile::path(lookup);
        let found = path.as_deref().map(|path| Self::at(path, section));
        found.transpose()?.flatten().ok_or_else(|| profile::missing(path.as_deref()))
    }

    fn of_chain(lookup: Lookup<'_>) -> Result<Self, CredentialsError> {
        if let Some(found) = Self::in_environment(lookup)? {
            return Ok(found);
        }
        let path = profile::path(lookup);
        let found = path.as_deref().map(|path| Self::at(path, profile::SECTION));
        if let Some(found) = found.transpose()?.flatten() {
            return Ok(found);
        }
        let missing = CredentialsError::new(format!(
            "no credentials were found: {}; {}",
            environment::missing(),
            profile::missing(path.as_deref())
        ));
        #[cfg(feature = "metadata")]
        if let Some(metadata) = metadata::EcsMetadata::of_environment(lookup) {
            let found = Self::provider(metadata.after(missing));
            return Ok(found.found_in(CredentialsOrigin::EcsMetadata));
        }
        Err(missing)
    }

    /// The identity of the next attempt. Cheap unless it has to be renewed.
    pub(crate) async fn identity(
        &self,
        context: &ProviderContext,
    ) -> Result<Identity, CredentialsError> {
        match &self.source {
            IdentitySource::Static(identity) => Ok(identity.clone()),
            IdentitySource::PasswordLogin(session) => session.identity(context).await,
            IdentitySource::Provider(provider) => provider.provide(context).await,
            IdentitySource::Invalid(error) => Err(error.clone()),
        }
    }

    /// Whether an identity needs a request to IAM.
    pub(crate) fn is_login(&self) -> bool {
        matches!(self.source, IdentitySource::PasswordLogin(_))
    }

    /// Whether identities come from a custom provider.
    pub(crate) fn is_provider(&self) -> bool {
        matches!(self.source, IdentitySource::Provider(_))
    }

    /// The service refused this identity. Returns whether [`identity`](Self::identity)
    /// can give a new one.
    pub(crate) fn invalidate(&self, identity: &Identity) -> bool {
        match &self.source {
            IdentitySource::Static(_) | IdentitySource::Invalid(_) => false,
            IdentitySource::PasswordLogin(session) => session.invalidate(identity),
            IdentitySource::Provider(provider) => provider.invalidate(identity),
        }
    }

    /// Why these credentials are invalid, if they are; never with a secret.
    pub(crate) fn invalid_reason(&self) -> Option<String> {
        match &self.source {
            IdentitySource::Invalid(error) => Some(error.to_string()),
            _ => None,
        }
    }

    /// The project that was found with them, in the environment or the profile. Like the
    /// following, it is used unless the builder has another.
    #[must_use]
    pub fn project_id(&self) -> Option<&str> {
        self.found.project_id.as_deref()
    }

    /// The region of the profile.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.found.region.as_deref()
    }

    /// The endpoint of the profile, which is checked when the client is built.
    #[must_use]
    pub fn endpoint(&self) -> Option<&str> {
        self.found.endpoint.as_deref()
    }

    /// The IAM endpoint of the profile, which is checked when the client is built.
    #[must_use]
    pub fn iam_endpoint(&self) -> Option<&str> {
        self.found.iam_endpoint.as_deref()
    }

    /// What is worth knowing of the place where they were found.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.found.notes
    }
}

/// The addresses of the service in that region, from the environment.
pub(crate) fn endpoint_from_env(region: &str) -> Option<RegionAddresses> {
    environment::endpoint_of_region(&variables::of_process, region)
}

/// The IAM endpoint of the environment, and the name of its variable.
pub(crate) fn iam_endpoint_from_env() -> Option<(&'static str, String)> {
    environment::iam_endpoint(&variables::of_process)
}

impl From<Identity> for Credentials {
    fn from(identity: Identity) -> Self {
        Self::of(Ok(IdentitySource::Static(identity)))
    }
}

impl From<Token> for Credentials {
    fn from(token: Token) -> Self {
        Identity::Token(token).into()
    }
}

impl From<AccessKey> for Credentials {
    fn from(key: AccessKey) -> Self {
        Identity::AccessKey(key).into()
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            IdentitySource::Static(Identity::Token(_)) => f.write_str("Credentials::token(…)"),
            IdentitySource::Static(Identity::AccessKey(key)) => write!(f, "Credentials::{key:?}"),
            IdentitySource::PasswordLogin(session) => {
                write!(f, "Credentials::iam_password({session:?})")
            }
            IdentitySource::Provider(provider) => write!(f, "Credentials::provider({provider:?})"),
            IdentitySource::Invalid(error) => write!(f, "Credentials({error})"),
        }
    }
}

#[cfg(test)]
mod tests;
