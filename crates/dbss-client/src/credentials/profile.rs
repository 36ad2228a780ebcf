//! The profile file of Huawei's SDKs.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret as _, SecretString};

use super::{Credentials, environment, ini};
use crate::auth::{AccessKey, CredentialsError};
use crate::text;
use crate::variables::Lookup;

/// The variable with the path of the file, if it is not [`DEFAULT`] in the home
/// directory.
const FILE: &str = "HUAWEICLOUD_SDK_CREDENTIALS_FILE";

const DEFAULT: [&str; 2] = [".huaweicloud", "credentials"];

/// The section of credentials for services of a region.
pub(super) const SECTION: &str = "basic";

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
    let shown = shown(path);
    let shown_section = text::without_login(section);
    let shown_section = text::escaped(&shown_section);
    let text = match read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(CredentialsError::new(format!("cannot read the profile file {shown}"))
                .with_source(error));
        }
    };
    let found =
        ini::section(text.expose_secret(), section).map_err(|ini::ParseError { line, what }| {
            CredentialsError::new(format!("profile file {shown}:{line}: {what}"))
        })?;
    let Some((line, entries)) = found else {
        return Err(CredentialsError::new(format!(
            "the profile file {shown} has no section `[{shown_section}]`"
        ))
        .help("put `ak` and `sk` into it"));
    };
    let entry =
        |key: &str| entries.iter().find(|entry| entry.key == key && !entry.value.is_empty());
    let value = |key: &str| entry(key).map(|entry| entry.value.to_owned());
    let half = |missing: &str| {
        Err(CredentialsError::new(format!(
            "profile file {shown}:{line}: the section `[{shown_section}]` has no `{missing}`"
        ))
        .help("it needs both `ak` and `sk`; other kinds of login are not read from a profile"))
    };
    let at = |key: &str, error: &CredentialsError| {
        let line = entry(key).map_or(line, |entry| entry.line);
        CredentialsError::new(format!("profile file {shown}:{line}: {error}"))
    };
    let (ak, sk) = match (value("ak"), value("sk")) {
        (Some(ak), Some(sk)) => (ak, sk),
        (None, Some(_)) => return half("ak"),
        (Some(_), None) => return half("sk"),
        (None, None) => return half("ak` and no `sk"),
    };
    let mut key = AccessKey::new(ak, sk).map_err(|error| at("ak", &error))?;
    if let Some(token) = value("security_token") {
        key = key.with_security_token(token).map_err(|error| at("security_token", &error))?;
    }
    let iam_endpoint = value("iam_endpoint").as_deref().and_then(environment::address);
    Ok(Some(Credentials::found(key, value("project_id"), iam_endpoint)))
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

fn read(path: &Path) -> io::Result<SecretString> {
    let mut file = File::open(path)?.take(LARGEST);
    let length = file.get_ref().metadata()?.len().min(LARGEST);
    // The buffer has its final size, since one that grows leaves copies behind.
    let mut text = String::with_capacity(usize::try_from(length).unwrap_or_default() + 1);
    let read = file.read_to_string(&mut text);
    let text = SecretString::from(text);
    if read? as u64 == LARGEST {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is larger than 1 MiB"));
    }
    Ok(text)
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
