//! The profile file of Huawei's SDKs.

use std::fmt;
use std::fs::{File, Metadata};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use secrecy::zeroize::Zeroize as _;
use secrecy::{ExposeSecret as _, SecretString};

use super::ini::{self, Entry, Section};
use super::{Credentials, Found};
use crate::auth::{AccessKey, CredentialsError};
use crate::error::Error;
use crate::note::Note;
use crate::text;
use crate::variables::{self, Lookup};

/// The variable with the path of the file, if it is not [`DEFAULT`] in the home
/// directory.
const FILE: &str = "HUAWEICLOUD_SDK_CREDENTIALS_FILE";

const DEFAULT: [&str; 2] = [".huaweicloud", "credentials"];

/// The section of credentials for services of a region.
pub(super) const SECTION: &str = "basic";

/// The key of the security token of a temporary access key.
const SECURITY_TOKEN: &str = "security_token";

/// The largest file that is read; a profile has a few hundred bytes.
const LARGEST: u64 = 1 << 20;

/// The path of the profile file; `None` without a home directory.
pub(super) fn path(lookup: Lookup<'_>) -> Option<PathBuf> {
    let set = |name| lookup(name).filter(|value| !value.is_empty());
    if let Some(path) = set(FILE) {
        return Some(path.into());
    }
    let home = set(if cfg!(windows) { "USERPROFILE" } else { "HOME" })?;
    Some(DEFAULT.iter().fold(PathBuf::from(home), |path, part| path.join(part)))
}

/// The credentials of a section; `None` if there is no such file.
pub(super) fn credentials(
    path: &Path,
    section: &str,
) -> Result<Option<Credentials>, CredentialsError> {
    let Some(read) = read_if_there(path)? else { return Ok(None) };
    let sections = sections(path, &read)?;
    let Some(found) = sections.iter().find(|found| found.name == section) else {
        let (path, section) = (shown(path), text::without_login(section));
        return Err(CredentialsError::new(format!(
            "the profile file {path} has no section `[{}]`",
            text::escaped(&section)
        ))
        .help("put `ak` and `sk` into it"));
    };
    let key = key(path, found)?;
    let mut found = Found {
        project_id: value(found, "project_id"),
        region: value(found, "region"),
        endpoint: value(found, "endpoint"),
        iam_endpoint: value(found, "iam_endpoint"),
        notes: Vec::new(),
    };
    if read.readable_by_others {
        let note = Note::ProfileReadableByOthers { path: path.to_owned() };
        tracing::warn!("{note}");
        found.notes.push(note);
    }
    Ok(Some(Credentials::of_key(key, found)))
}

fn sections<'a>(path: &Path, read: &'a ReadFile) -> Result<Vec<Section<'a>>, CredentialsError> {
    ini::sections(read.text.expose_secret()).map_err(|error| located(path, error.line, &error.what))
}

/// The value of a key; an empty one counts as missing.
fn value(section: &Section<'_>, key: &str) -> Option<String> {
    entry(section, key).map(|entry| entry.value.to_owned())
}

fn entry<'a>(section: &'a Section<'_>, key: &str) -> Option<&'a Entry<'a>> {
    section.entries.iter().find(|entry| entry.key == key && !entry.value.is_empty())
}

/// The access key of a section.
fn key(path: &Path, section: &Section<'_>) -> Result<AccessKey, CredentialsError> {
    if let Some(fault) = &section.fault {
        return Err(located(path, fault.line, &fault.what));
    }
    let half = |missing: &str| {
        let name = text::without_login(section.name);
        let name = text::escaped(&name);
        let what = format!("the section `[{name}]` has no `{missing}`");
        Err(located(path, section.line, &what)
            .help("it needs both `ak` and `sk`; other kinds of login are not read from a profile"))
    };
    let at = |key: &str, error: &CredentialsError| {
        let line = entry(section, key).map_or(section.line, |entry| entry.line);
        located(path, line, error)
    };
    let (ak, sk) = match (value(section, "ak"), value(section, "sk")) {
        (Some(ak), Some(sk)) => (ak, sk),
        (None, Some(_)) => return half("ak"),
        (Some(_), None) => return half("sk"),
        (None, None) => return half("ak` and no `sk"),
    };
    let key = AccessKey::new(ak, sk).map_err(|error| at("ak", &error))?;
    match value(section, SECURITY_TOKEN) {
        Some(token) => key.with_security_token(token).map_err(|error| at(SECURITY_TOKEN, &error)),
        None => Ok(key),
    }
}

/// The error of a line of a file.
fn located(path: &Path, line: usize, what: &dyn fmt::Display) -> CredentialsError {
    CredentialsError::new(format!("profile file {}:{line}: {what}", shown(path)))
}

/// The path in a message. Somebody may have given an address instead, with a password.
fn shown(path: &Path) -> String {
    let path = path.to_string_lossy();
    text::escaped(&text::without_login(&path)).into_owned()
}

/// The error of a missing file.
pub(super) fn missing(path: Option<&Path>) -> CredentialsError {
    match path {
        Some(path) => CredentialsError::new(format!("there is no profile file {}", shown(path))),
        None => CredentialsError::new("there is no home directory to look for a profile file in"),
    }
    .help("HUAWEICLOUD_SDK_CREDENTIALS_FILE says where it is")
}

/// A file that was read.
struct ReadFile {
    text: SecretString,
    readable_by_others: bool,
}

/// Reads a file; `None` if there is none.
fn read_if_there(path: &Path) -> Result<Option<ReadFile>, CredentialsError> {
    match read(path) {
        Ok(read) => Ok(Some(read)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => {
            let reason = text::io_error(&error);
            let what = format!("cannot read the profile file {}: {reason}", shown(path));
            Err(CredentialsError::new(what).with_source(error))
        }
    }
}

fn read(path: &Path) -> io::Result<ReadFile> {
    let mut file = File::open(path)?.take(LARGEST);
    let metadata = file.get_ref().metadata()?;
    let length = metadata.len().min(LARGEST);
    // The buffer has its final size, since one that grows leaves copies behind.
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default() + 1);
    let read = file.read_to_end(&mut bytes);
    let text = String::from_utf8(bytes).map_err(|error| {
        let mut bytes = error.into_bytes();
        let is_utf_16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
        bytes.zeroize();
        if is_utf_16 { UTF_16 } else { "it is not UTF-8" }
    });
    let text = text.map(SecretString::from);
    if read? as u64 == LARGEST {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is larger than 1 MiB"));
    }
    let text = text.map_err(|reason| io::Error::new(io::ErrorKind::InvalidData, reason))?;
    // Without a mark at its beginning, UTF-16 of ASCII is UTF-8 with NUL.
    if text.expose_secret().contains('\0') {
        return Err(io::Error::new(io::ErrorKind::InvalidData, UTF_16));
    }
    Ok(ReadFile { text, readable_by_others: is_readable_by_others(&metadata) })
}

/// Why a file in UTF-16 is not read.
const UTF_16: &str = "it is UTF-16: save it as UTF-8";

#[cfg(unix)]
fn is_readable_by_others(metadata: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.permissions().mode() & 0o044 != 0
}

#[cfg(not(unix))]
fn is_readable_by_others(_: &Metadata) -> bool {
    false
}

/// A profile file: which profiles it has, without their secrets.
#[derive(Debug, Clone)]
pub struct ProfileFile {
    path: PathBuf,
    profiles: Vec<Profile>,
    readable_by_others: bool,
}

/// A section of a profile file, without its secrets.
#[derive(Debug, Clone)]
pub struct Profile {
    name: String,
    line: usize,
    access_key: Option<String>,
    has_security_token: bool,
    region: Option<String>,
    project_id: Option<String>,
    endpoint: Option<String>,
    iam_endpoint: Option<String>,
    problem: Option<String>,
}

impl ProfileFile {
    /// Reads the file that [`Credentials::from_profile`] reads.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Credentials`](crate::ErrorKind::Credentials) if there is none, if it cannot
    /// be read, or if a line of it cannot be parsed; never with a value.
    pub fn read() -> Result<Self, Error> {
        match path(&variables::of_process) {
            Some(path) => Self::read_at(path),
            None => Err(missing(None).into()),
        }
    }

    /// Reads that file.
    ///
    /// # Errors
    ///
    /// Those of [`read`](Self::read).
    pub fn read_at(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let read = read_if_there(path)?.ok_or_else(|| missing(Some(path)))?;
        let sections = sections(path, &read)?;
        let profiles = sections.iter().map(|section| Profile::of(path, section)).collect();
        let readable_by_others = read.readable_by_others;
        Ok(Self { path: path.to_owned(), profiles, readable_by_others })
    }

    /// The path of the file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its sections, in order.
    #[must_use]
    pub fn profiles(&self) -> &[Profile] {
        &self.profiles
    }

    /// Whether its permissions let other users of the machine read it; not known on Windows.
    #[must_use]
    pub fn is_readable_by_others(&self) -> bool {
        self.readable_by_others
    }
}

impl Profile {
    fn of(path: &Path, section: &Section<'_>) -> Self {
        // Somebody may have put an address with a password anywhere.
        let value = |key| Some(text::without_login(&value(section, key)?).into_owned());
        Self {
            name: text::without_login(section.name).into_owned(),
            line: section.line,
            access_key: value("ak"),
            has_security_token: value(SECURITY_TOKEN).is_some(),
            region: value("region"),
            project_id: value("project_id"),
            endpoint: value("endpoint"),
            iam_endpoint: value("iam_endpoint"),
            problem: key(path, section).err().map(|error| error.to_string()),
        }
    }

    /// The name of the section.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The line where it begins, counted from one.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// The access key (AK), as it is given: it was not checked, and somebody may have put
    /// another value there.
    #[must_use]
    pub fn access_key(&self) -> Option<&str> {
        self.access_key.as_deref()
    }

    /// Whether it has a security token, so that its key is a temporary one.
    #[must_use]
    pub fn has_security_token(&self) -> bool {
        self.has_security_token
    }

    /// The region.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// The project.
    #[must_use]
    pub fn project_id(&self) -> Option<&str> {
        self.project_id.as_deref()
    }

    /// The endpoint of the service, as it is given, but without a user name and a password,
    /// which it cannot have.
    #[must_use]
    pub fn endpoint(&self) -> Option<&str> {
        self.endpoint.as_deref()
    }

    /// The endpoint of IAM, as it is given, like [`endpoint`](Self::endpoint).
    #[must_use]
    pub fn iam_endpoint(&self) -> Option<&str> {
        self.iam_endpoint.as_deref()
    }

    /// Why its key cannot be used, if it cannot; never with a value.
    #[must_use]
    pub fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::credentials::tests::{environment, key_of};

    fn written(text: impl AsRef<[u8]>) -> (tempfile::TempDir, PathBuf) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("credentials");
        std::fs::write(&path, text).unwrap();
        (directory, path)
    }

    #[test]
    fn reads_profile_file() {
        let (_directory, path) = written(
            "[basic]\nak = AK1\nsk = s3cret\nsecurity_token = t0ken\nproject_id = p1\n\
             iam_endpoint = iam.example\ndomain_id = ignored\n",
        );
        let found = credentials(&path, SECTION).unwrap().unwrap();
        let key = key_of(&found);
        assert_eq!((key.id(), key.secret_key()), ("AK1", "s3cret"));
        assert_eq!(key.security_token().unwrap(), "t0ken");
        assert_eq!(found.project_id(), Some("p1"));
        assert_eq!(found.iam_endpoint(), Some("iam.example"));
    }

    #[test]
    fn reads_another_section() {
        let (_directory, path) = written("[basic]\nak=A\nsk=B\n[test]\nak = AK2\nsk = C\n");
        assert_eq!(key_of(&credentials(&path, "test").unwrap().unwrap()).id(), "AK2");
    }

    #[test]
    fn reports_file_and_line_without_values() {
        for (text, expected) in [
            ("[basic]\nak = s3cret", ":1: the section `[basic]` has no `sk` (it needs both"),
            ("\n[basic]\nsk = s3cret", ":2: the section `[basic]` has no `ak` (it needs both"),
            ("[basic]\nak =\nsk =", ":1: the section `[basic]` has no `ak` and no `sk` (it needs"),
            ("[basic]\nak s3cret", ":2: neither a section, nor a comment, nor `key = value`"),
            ("[basic]\nsk = x\nak = s3cret,", ":3: the access key (AK) has a character"),
            (
                "[basic]\nsk=x\nak=y\nsecurity_token=s3cret\u{1}",
                ":4: the security token has a character",
            ),
            ("[global]\nak = s3cret", " has no section `[basic]` (put `ak` and `sk` into it)"),
        ] {
            let (_directory, path) = written(text);
            let error = credentials(&path, SECTION).unwrap_err();
            let whole = error.to_string();
            assert!(whole.contains(&format!("{}{expected}", path.display())), "{whole}");
            assert!(!format!("{whole}{error:?}").contains("s3cret"), "{error:?}");
        }
    }

    #[test]
    fn reports_cause_of_unreadable_file() {
        use std::error::Error as _;

        let (directory, path) = written(b"[basic]\nak = s3cret\xff");
        let large = directory.path().join("large");
        std::fs::write(&large, vec![b'\n'; 2 << 20]).unwrap();
        for path in [path.as_path(), &large, directory.path()] {
            let error = credentials(path, SECTION).unwrap_err();
            assert!(error.to_string().starts_with("cannot read the profile file "), "{error}");
            assert!(error.source().is_some());
            assert!(!format!("{error:?}").contains("s3cret"), "{error:?}");
        }
        assert!(credentials(&directory.path().join("none"), SECTION).unwrap().is_none());
    }

    #[test]
    fn finds_profile_by_variable_or_home_directory() {
        let home = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
        let at_home: PathBuf = ["home", ".huaweicloud", "credentials"].iter().collect();
        assert_eq!(path(&environment(&[(home, "home")])), Some(at_home.clone()));
        assert_eq!(path(&environment(&[(home, "home"), (FILE, "")])), Some(at_home));
        assert_eq!(path(&environment(&[(home, "home"), (FILE, "f")])), Some("f".into()));
        assert_eq!(path(&environment(&[])), None);
    }
}
