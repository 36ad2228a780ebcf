//! Which credentials a command uses: the first that it finds.

use dbss_client::text::{escaped, without_login};
use dbss_client::{Credentials, PasswordLogin};

use crate::failure::{Cause, Input, InputSource, LoginPart, ReadError, TokenSource};
use crate::global_options::GlobalOptions;
use crate::input::{Reader, STDIN_ARGUMENT};
use crate::output::Warning;
use crate::paths;
use crate::settings::variable;
use crate::setup::Source;

const USER: &str = "DBSS_USER";
const ACCOUNT: &str = "DBSS_ACCOUNT";
const PASSWORD: &str = "DBSS_PASSWORD";

/// The profile file, where no variable names another.
const PROFILE_FILE: &str = "~/.huaweicloud/credentials";

/// Credentials, and where they were found.
pub(crate) struct Found {
    pub(crate) credentials: Credentials,
    pub(crate) source: Source,
}

impl From<Credentials> for Found {
    fn from(credentials: Credentials) -> Self {
        let source = Source::Found(credentials.origin().cloned());
        Self { credentials, source }
    }
}

/// The first credentials found, in the order that the README documents: what flags name comes
/// before all variables.
pub(crate) async fn find(
    options: &GlobalOptions,
    reader: &mut Reader,
    warn: &mut dyn FnMut(Warning),
) -> Result<Found, Cause> {
    if let Some(text) = &options.token {
        if text == STDIN_ARGUMENT {
            let text = reader.secret_stdin(Input::Token, "Token: ".to_owned()).await?;
            return token(text.trim(), TokenSource::Stdin);
        }
        warn(Warning::TokenInArguments);
        return token(text, TokenSource::Argument);
    }
    if let Some(profile) = options.profile.clone() {
        let path = profile_path(&profile).map(|(path, _)| path.to_owned());
        return Ok(read_profile(reader, path, move || named_profile(&profile)).await?.into());
    }
    if options.user.is_some() || options.account.is_some() {
        let source = Source::Login { is_flag: true };
        return Ok(Found { credentials: login(options, reader).await?, source });
    }
    if let Some(text) = variable("DBSS_TOKEN") {
        return token(&text, TokenSource::Environment);
    }
    if [USER, ACCOUNT, PASSWORD].into_iter().any(|name| variable(name).is_some()) {
        let source = Source::Login { is_flag: false };
        return Ok(Found { credentials: login(options, reader).await?, source });
    }
    let chain = || Credentials::default_chain().map_err(Cause::NoCredentials);
    Ok(read_profile(reader, None, chain).await?.into())
}

fn token(text: &str, source: TokenSource) -> Result<Found, Cause> {
    if text.is_empty() {
        return Err(Cause::EmptyToken(source));
    }
    Ok(Found { credentials: Credentials::token(text), source: Source::Token(source) })
}

/// The login of an IAM user. Only its password may have to be asked for, and never is an
/// argument, which others could see.
async fn login(options: &GlobalOptions, reader: &Reader) -> Result<Credentials, Cause> {
    let part = |flag: &Option<String>, name, part| {
        let given = flag.clone().filter(|text| !text.is_empty()).or_else(|| variable(name));
        given.ok_or(Cause::IncompleteLogin(part))
    };
    let user = part(&options.user, USER, LoginPart::User)?;
    let account = part(&options.account, ACCOUNT, LoginPart::Account)?;
    let password = match variable(PASSWORD) {
        Some(password) => password,
        None => {
            // Somebody may have given an address, with a password.
            let shown = |text: &str| escaped(&without_login(text)).into_owned();
            let prompt =
                format!("Password of user {} of account {}: ", shown(&user), shown(&account));
            reader.secret(Input::Password, prompt).await.map_err(without_terminal)?
        }
    };
    if password.is_empty() {
        return Err(Cause::IncompleteLogin(LoginPart::Password));
    }
    Ok(Credentials::iam_password(PasswordLogin::new(account, user, password)))
}

fn without_terminal(cause: Cause) -> Cause {
    match cause {
        Cause::UnreadableInput { error: ReadError::NoTerminal, .. } => {
            Cause::IncompleteLogin(LoginPart::Password)
        }
        cause => cause,
    }
}

/// Reads from a profile file: the one at the path, else the default one. The file
/// may be a pipe that nobody writes to.
pub(crate) async fn read_profile<T: Send + 'static>(
    reader: &Reader,
    path: Option<String>,
    read: impl FnOnce() -> Result<T, Cause> + Send + 'static,
) -> Result<T, Cause> {
    reader.blocking(|| Ok(read())).await.unwrap_or_else(|error| {
        let named = || variable("HUAWEICLOUD_SDK_CREDENTIALS_FILE");
        let path = path.or_else(named).unwrap_or_else(|| PROFILE_FILE.to_owned());
        let source = InputSource::File(path);
        Err(Cause::UnreadableInput { input: Input::Profile, source, error })
    })
}

/// The value of `--profile`: `SECTION`, `FILE` or `FILE#SECTION`.
fn named_profile(value: &str) -> Result<Credentials, Cause> {
    let credentials = match profile_path(value) {
        Some((path, section)) => Credentials::from_profile_at(paths::with_home(path), section),
        None => Credentials::from_profile_section(value),
    };
    credentials.map_err(Cause::Profile)
}

/// The file and the section that a value of `--profile` names; `None` if that is a section of the
/// default file.
pub(crate) fn profile_path(value: &str) -> Option<(&str, &str)> {
    match value.rsplit_once('#') {
        Some(parts) => Some(parts),
        None => {
            value.contains(['/', '\\']).then_some((value, Credentials::DEFAULT_PROFILE_SECTION))
        }
    }
}
