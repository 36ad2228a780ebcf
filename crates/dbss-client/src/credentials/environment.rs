//! The environment variables of Huawei's SDKs. Source: their READMEs.
//!
//! Their file of regions, `HUAWEICLOUD_SDK_REGIONS_FILE`, is not read: it is YAML.

use super::{Credentials, Found};
use crate::auth::{AccessKey, CredentialsError};
use crate::variables::{self, Lookup};

const AK: &str = "HUAWEICLOUD_SDK_AK";
const SK: &str = "HUAWEICLOUD_SDK_SK";
const SECURITY_TOKEN: &str = "HUAWEICLOUD_SDK_SECURITY_TOKEN";
const PROJECT_ID: &str = "HUAWEICLOUD_SDK_PROJECT_ID";
const IAM_ENDPOINT: &str = "HUAWEICLOUD_SDK_IAM_ENDPOINT";
const REGION_PREFIX: &str = "HUAWEICLOUD_SDK_REGION_DBSS_";

/// The addresses of the service in a region.
pub(crate) struct RegionAddresses {
    /// The name of the variable.
    pub(crate) variable: String,
    /// The one that is used.
    pub(crate) first: String,
    /// How many are not.
    pub(crate) ignored: usize,
}

/// The addresses of the service in a region, from `HUAWEICLOUD_SDK_REGION_DBSS_<REGION>`: the
/// region in upper case with `_` for `-`. They override the contract's, and the contract need
/// not list the region. Of several, separated by commas, the first one is used; there is no
/// failover. The caller checks it.
pub(super) fn endpoint_of_region(lookup: Lookup<'_>, region: &str) -> Option<RegionAddresses> {
    let variable = format!("{REGION_PREFIX}{}", region.to_ascii_uppercase().replace('-', "_"));
    // An operating system may panic on an invalid name.
    if variable.contains(['=', '\0']) {
        return None;
    }
    let value = lookup(&variable)?;
    let value = value.to_string_lossy();
    let mut addresses = value.split(',').map(str::trim).filter(|address| !address.is_empty());
    let first = addresses.next()?.to_owned();
    Some(RegionAddresses { variable, first, ignored: addresses.count() })
}

/// The IAM endpoint of `HUAWEICLOUD_SDK_IAM_ENDPOINT`. The caller checks it.
pub(crate) fn iam_endpoint(lookup: Lookup<'_>) -> Option<(&'static str, String)> {
    variables::first(lookup, &[IAM_ENDPOINT])
}

/// The access key of the environment; `None` if neither variable is set.
pub(super) fn credentials(lookup: Lookup<'_>) -> Result<Option<Credentials>, CredentialsError> {
    let (ak, sk) = match (variable(lookup, AK)?, variable(lookup, SK)?) {
        (None, None) => return Ok(None),
        (Some(_), None) => return Err(half(AK, SK)),
        (None, Some(_)) => return Err(half(SK, AK)),
        (Some(ak), Some(sk)) => (ak, sk),
    };
    let named = |error: CredentialsError| {
        CredentialsError::new(format!("the key pair of the environment does not fit: {error}"))
    };
    let mut key = AccessKey::new(ak, sk).map_err(named)?;
    if let Some(token) = variable(lookup, SECURITY_TOKEN)? {
        key = key.with_security_token(token).map_err(named)?;
    }
    let found = Found { project_id: variable(lookup, PROJECT_ID)?, ..Found::default() };
    Ok(Some(Credentials::of_key(key, found)))
}

/// The error of an environment without an access key.
pub(super) fn missing() -> CredentialsError {
    CredentialsError::new(format!("the environment has no credentials: {AK} and {SK} are not set"))
        .help("set both, and for a temporary key HUAWEICLOUD_SDK_SECURITY_TOKEN")
}

fn half(there: &str, missing: &str) -> CredentialsError {
    CredentialsError::new(format!("{there} is set and {missing} is not"))
        .help("set both, or neither")
}

/// The value of a variable; an empty one counts as unset.
pub(super) fn variable(lookup: Lookup<'_>, name: &str) -> Result<Option<String>, CredentialsError> {
    match lookup(name).map(std::ffi::OsString::into_string) {
        None => Ok(None),
        Some(Ok(value)) => Ok(Some(value).filter(|value| !value.is_empty())),
        // The error would contain the value.
        Some(Err(_)) => Err(CredentialsError::new(format!("{name} is not valid Unicode"))),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::ffi::OsString;

    use super::*;
    use crate::credentials::tests::{environment, key_of};

    #[test]
    fn reads_key_pair_with_token_and_project() {
        let lookup = environment(&[
            (AK, "AK1"),
            (SK, "s3cret"),
            (SECURITY_TOKEN, "t0ken"),
            (PROJECT_ID, "p1"),
        ]);
        let found = credentials(&lookup).unwrap().unwrap();
        let key = key_of(&found);
        assert_eq!((key.id(), key.secret_key()), ("AK1", "s3cret"));
        assert_eq!(key.security_token().unwrap(), "t0ken");
        assert_eq!(found.project_id(), Some("p1"));
    }

    #[test]
    fn treats_empty_variables_as_unset() {
        assert!(credentials(&environment(&[(AK, ""), (SK, "")])).unwrap().is_none());
        let lookup = environment(&[(AK, "AK1"), (SK, "s"), (SECURITY_TOKEN, ""), (PROJECT_ID, "")]);
        let found = credentials(&lookup).unwrap().unwrap();
        assert!(key_of(&found).security_token().is_none());
        assert_eq!(found.project_id(), None);
    }

    #[test]
    fn reports_missing_variables_without_values() {
        for (variables, expected) in [
            (&[(AK, "s3cret")][..], "HUAWEICLOUD_SDK_AK is set and HUAWEICLOUD_SDK_SK is not"),
            (&[(SK, "s3cret")][..], "HUAWEICLOUD_SDK_SK is set and HUAWEICLOUD_SDK_AK is not"),
            (
                &[(AK, "AK1"), (SK, "s3cret\n")][..],
                "the key pair of the environment does not fit: the secret key (SK) has a character",
            ),
        ] {
            let error = credentials(&environment(variables)).unwrap_err();
            assert!(error.to_string().starts_with(expected), "{error}");
            assert!(!format!("{error:?}").contains("s3cret"), "{error:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn rejects_non_unicode_variables_without_showing_them() {
        use std::os::unix::ffi::OsStringExt as _;

        let lookup = |_: &str| Some(OsString::from_vec(b"s3cret\xff".to_vec()));
        let error = credentials(&lookup).unwrap_err();
        assert_eq!(error.to_string(), "HUAWEICLOUD_SDK_AK is not valid Unicode");
        assert!(!format!("{error:?}").contains("s3cret"));
    }

    #[test]
    fn reads_endpoints_of_regions_and_iam() {
        let lookup = environment(&[
            (
                "HUAWEICLOUD_SDK_REGION_DBSS_CN_NORTH_4",
                "dbss.one.example, https://dbss.two.example",
            ),
            ("HUAWEICLOUD_SDK_REGION_DBSS_EU_WEST_101", "http://127.0.0.1:8080"),
            (IAM_ENDPOINT, " iam.example "),
        ]);
        let of =
            |region| endpoint_of_region(&lookup, region).map(|found| (found.first, found.ignored));
        assert_eq!(of("cn-north-4"), Some(("dbss.one.example".to_owned(), 1)));
        assert_eq!(of("eu-west-101"), Some(("http://127.0.0.1:8080".to_owned(), 0)));
        assert_eq!(of("cn-north-1"), None);
        assert_eq!(of("a=b"), None);
        assert_eq!(iam_endpoint(&lookup), Some((IAM_ENDPOINT, "iam.example".to_owned())));
        assert_eq!(iam_endpoint(&environment(&[])), None);
        assert_eq!(iam_endpoint(&environment(&[(IAM_ENDPOINT, "")])), None);
    }
}
