//! Sources of credentials, and their order.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::ffi::OsString;
use std::path::PathBuf;

use super::*;
use crate::auth::IdentityFuture;

/// An environment with only those variables.
pub(super) fn environment(variables: &[(&str, &str)]) -> impl Fn(&str) -> Option<OsString> + use<> {
    let variables: Vec<(String, OsString)> =
        variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
    move |name| variables.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
}

/// The access key of credentials that have one.
pub(super) fn key_of(credentials: &Credentials) -> &AccessKey {
    match &credentials.source {
        IdentitySource::Static(Identity::AccessKey(key)) => key,
        _ => panic!("{credentials:?} is no key pair"),
    }
}

const ENVIRONMENT: [(&str, &str); 2] =
    [("HUAWEICLOUD_SDK_AK", "AKENV"), ("HUAWEICLOUD_SDK_SK", "s3cret")];

fn profile_file() -> (tempfile::TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("credentials");
    std::fs::write(&path, "[basic]\nak = AKFILE\nsk = s3cret\n").unwrap();
    (directory, path)
}

#[test]
fn prefers_environment_over_profile() {
    let (_directory, path) = profile_file();
    let file = ("HUAWEICLOUD_SDK_CREDENTIALS_FILE", path.to_str().unwrap());
    let [ak, sk] = ENVIRONMENT;
    for (variables, expected) in [
        (&[ak, sk, file][..], Ok("AKENV")),
        (&[file][..], Ok("AKFILE")),
        (&[sk, file][..], Err("HUAWEICLOUD_SDK_SK is set and HUAWEICLOUD_SDK_AK is not")),
    ] {
        let found = Credentials::of_chain(&environment(variables));
        match expected {
            Ok(id) => assert_eq!(key_of(&found.unwrap()).id(), id),
            Err(start) => assert!(found.unwrap_err().to_string().starts_with(start)),
        }
    }
}

#[test]
fn names_the_place_where_a_key_was_found() {
    let (_directory, path) = profile_file();
    let file = ("HUAWEICLOUD_SDK_CREDENTIALS_FILE", path.to_str().unwrap());
    let [ak, sk] = ENVIRONMENT;
    let section = "basic".to_owned();
    let profile = CredentialsOrigin::Profile { path: path.clone(), section };
    for (variables, id, origin) in [
        (&[ak, sk, file][..], "AKENV", &CredentialsOrigin::Environment),
        (&[file][..], "AKFILE", &profile),
    ] {
        let found = Credentials::of_chain(&environment(variables)).unwrap();
        assert_eq!((found.access_key_id(), found.origin()), (Some(id), Some(origin)));
        assert_eq!(found.kind(), Some(CredentialsKind::AccessKey));
    }
    let named = Credentials::from_profile_at(&path, "basic").unwrap();
    assert_eq!(named.origin(), Some(&profile));

    let key = Credentials::access_key("AK", "s3cret");
    for (given, kind) in [
        (Credentials::token("t0ken"), Some(CredentialsKind::Token)),
        (key.clone().with_security_token("t0ken"), Some(CredentialsKind::TemporaryAccessKey)),
        (key, Some(CredentialsKind::AccessKey)),
        (Credentials::token(""), None),
    ] {
        assert_eq!((given.kind(), given.origin()), (kind, None));
    }
}

#[test]
fn reports_searched_places_when_chain_finds_nothing() {
    let off = ("DBSS_METADATA", "off");
    let lookup = environment(&[("HUAWEICLOUD_SDK_CREDENTIALS_FILE", "no-such-file"), off]);
    let error = Credentials::of_chain(&lookup).unwrap_err().to_string();
    for part in ["HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK are not set", "no-such-file"] {
        assert!(error.contains(part), "{error}");
    }
    let error = Credentials::of_chain(&environment(&[off])).unwrap_err().to_string();
    assert!(error.contains("no home directory"), "{error}");
}

#[test]
fn reports_missing_credentials_of_a_single_source() {
    let nothing = environment(&[]);
    let error = Credentials::of_environment(&nothing).unwrap_err().to_string();
    assert!(error.starts_with("the environment has no credentials"), "{error}");
    let error = Credentials::of_profile(&nothing, profile::SECTION).unwrap_err().to_string();
    assert!(error.starts_with("there is no home directory"), "{error}");
    let error = Credentials::from_profile_at("no-such-file", "basic").unwrap_err().to_string();
    assert!(error.contains("there is no profile file no-such-file"), "{error}");
}

#[test]
fn reports_invalid_credentials_when_client_is_built() {
    let token = Credentials::token("s3cret\n");
    let key = Credentials::access_key("AK1", "").with_security_token("s3cret");
    let mixed = Credentials::token("t0ken").with_security_token("s3cret");
    let login = Credentials::iam_password(PasswordLogin::new("account", "", "s3cret"));
    for (credentials, expected) in [
        (token, "the token has a character that a header cannot carry, such as a line break"),
        (key, "the secret key (SK) is empty"),
        (mixed, "a security token belongs to an access key only"),
        (login, "the user of the IAM login is empty"),
    ] {
        let fault = credentials.invalid_reason().unwrap();
        assert!(fault.starts_with(expected), "{fault}");
        assert!(!format!("{credentials:?}").contains("s3cret"), "{credentials:?}");
    }
    assert!(
        Credentials::access_key("AK1", "SK").with_security_token("ST").invalid_reason().is_none()
    );
}

#[test]
fn debug_shows_the_kind_and_no_secret() {
    #[derive(Debug)]
    struct Vault;
    impl ProvideCredentials for Vault {
        fn provide<'a>(&'a self, _: &'a ProviderContext) -> IdentityFuture<'a> {
            Box::pin(async { Err(CredentialsError::new("sealed")) })
        }
    }
    let login = PasswordLogin::new("account", "user", "s3cret");
    for (credentials, expected) in [
        (Credentials::token("s3cret"), "Credentials::token(…)"),
        (Credentials::access_key("AK1", "s3cret"), "Credentials::AccessKey(AK1, …)"),
        (Credentials::provider(Vault), "Credentials::provider(Vault)"),
        (
            Credentials::iam_password(login),
            "Credentials::iam_password(user `user` of account `account`)",
        ),
    ] {
        assert_eq!(format!("{credentials:?}"), expected);
    }
}

#[test]
fn reads_another_section_of_default_profile() {
    let (_directory, path) = profile_file();
    std::fs::write(&path, "[basic]\nak=A\nsk=B\n[test]\nak = AKTEST\nsk = s3cret\n").unwrap();
    let variables = [("HUAWEICLOUD_SDK_CREDENTIALS_FILE", path.to_str().unwrap())];
    let lookup = environment(&variables);
    let of = |section| Credentials::of_profile(&lookup, section);
    assert_eq!(key_of(&of("test").unwrap()).id(), "AKTEST");
    assert_eq!(key_of(&of(Credentials::DEFAULT_PROFILE_SECTION).unwrap()).id(), "A");
    assert!(of("none").unwrap_err().to_string().contains("has no section `[none]`"));
}
