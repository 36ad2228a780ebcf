//! `dbss profiles`: the profiles of a profile file, without their secrets.

use dbss_client::{Note, Profile, ProfileFile};
use serde::Serialize;

use crate::credentials;
use crate::failure::{Cause, Failure};
use crate::global_options::GlobalOptions;
use crate::input::Reader;
use crate::output::{Output, Warning};
use crate::settings::Settings;
use crate::signals::Interrupts;
use crate::{paths, whoami};

/// The name of the command.
pub(crate) const COMMAND: &str = "profiles";

/// The profiles of a file. Its serialized form is the output for scripts.
#[derive(Serialize)]
pub(crate) struct ProfileList {
    pub(crate) path: String,
    pub(crate) profiles: Vec<Entry>,
}

/// A profile without its secrets.
#[derive(Serialize)]
pub(crate) struct Entry {
    pub(crate) name: String,
    line: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) access_key: Option<String>,
    /// Whether the key is a temporary one.
    pub(crate) temporary: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) region: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) project_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) endpoint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) iam_endpoint: Option<String>,
    /// Why it cannot be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) problem: Option<String>,
}

/// Lists the profiles of the file that `--profile` names, else of the default one, unless it is
/// interrupted.
pub(crate) async fn list(
    options: &GlobalOptions,
    warn: &mut dyn FnMut(Warning),
    interrupts: &mut Interrupts,
) -> Result<Output, Failure> {
    let listed = tokio::select! {
        biased;
        () = interrupts.next() => Err(Cause::Interrupted),
        listed = read(options, warn) => listed,
    };
    Ok(Output::Profiles(listed?))
}

async fn read(
    options: &GlobalOptions,
    warn: &mut dyn FnMut(Warning),
) -> Result<ProfileList, Cause> {
    let reader = Reader::new(Settings::new(options)?.timeout);
    let path = options.profile.as_deref().and_then(credentials::profile_path);
    let path = path.map(|(path, _)| path.to_owned());
    let named = path.as_deref().map(paths::with_home);
    let read = move || {
        let file = named.map_or_else(ProfileFile::read, ProfileFile::read_at);
        file.map_err(Cause::Profile)
    };
    let file = credentials::read_profile(&reader, path, read).await?;
    if file.is_readable_by_others() {
        let path = file.path().to_owned();
        warn(Warning::Note(Note::ProfileReadableByOthers { path }));
    }
    let profiles = file.profiles().iter().map(Entry::new).collect();
    Ok(ProfileList { path: file.path().to_string_lossy().into_owned(), profiles })
}

impl Entry {
    fn new(profile: &Profile) -> Self {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Self {
            name: profile.name().to_owned(),
            line: profile.line(),
            access_key: profile.access_key().map(whoami::beginning),
            temporary: profile.has_security_token(),
            region: owned(profile.region()),
            project_id: owned(profile.project_id()),
            endpoint: owned(profile.endpoint()),
            iam_endpoint: owned(profile.iam_endpoint()),
            problem: owned(profile.problem()),
        }
    }
}
