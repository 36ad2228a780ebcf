//! Authorities from files, and from the environment.

use std::path::Path;
use std::process::Command;

use dbss_client::{Error, ErrorKind};

use crate::server::{authority, https};
use crate::{INSTANCE, builder};

/// Set in the process that is started.
const ENDPOINT: &str = "DBSS_TESTS_ENDPOINT";

fn assert_refused(error: &Error, field: &str, parts: &[&str]) {
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    assert_eq!(error.problems().first().unwrap().field(), field, "{error}");
    for part in parts {
        assert!(error.to_string().contains(part), "no {part:?} in {error}");
    }
}

#[tokio::test]
async fn accepts_certificates_of_authorities_in_files() {
    let (one, other) = (authority("one"), authority("other"));
    let folder = tempfile::tempdir().unwrap();
    let files = [&one, &other].map(|it| {
        let path = folder.path().join(it.pem.len().to_string() + &it.pem[30..40].replace('/', "_"));
        std::fs::write(&path, &it.pem).unwrap();
        path
    });
    for authority in [&one, &other] {
        let endpoint = format!("https://{}", https(authority).await);
        let client = builder(endpoint).ca_file(&files[0]).ca_file(&files[1]).build().unwrap();
        client.stop_audit_instance().instance_id(INSTANCE).await.unwrap();
    }
}

#[test]
fn rejects_files_without_certificates_by_their_names() {
    let folder = tempfile::tempdir().unwrap();
    let written = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let invalid = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for (path, reason) in [
        (folder.path().join("missing.pem"), "no such file"),
        (folder.path().to_owned(), "directory"),
        (written("empty.pem", ""), "holds no certificate in PEM"),
        (written("text.pem", "a certificate"), "holds no certificate in PEM"),
        (written("invalid.pem", invalid), ""),
    ] {
        let error = builder("https://127.0.0.1").ca_file(&path).build().unwrap_err();
        assert_refused(&error, "ca_file", &[path.to_str().unwrap(), reason]);
    }
}

/// What a process prints that has that variable: the error of building a client or of a
/// call, or `called`.
async fn with_variable(test: &str, name: &str, value: &Path, endpoint: &str) -> Option<String> {
    if let Ok(endpoint) = std::env::var(ENDPOINT) {
        let printed = match builder(endpoint).build() {
            Ok(client) => {
                let call = client.stop_audit_instance().instance_id(INSTANCE).await;
                call.map_or_else(|error| error.to_string(), |_| "called".to_owned())
            }
            Err(error) => error.to_string(),
        };
        println!("{printed}");
        return None;
    }
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", &format!("authorities::{test}"), "--nocapture"]);
    command.env_remove("SSL_CERT_FILE").env_remove("SSL_CERT_DIR");
    command.env(name, value).env(ENDPOINT, endpoint);
    let ran = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    Some(String::from_utf8_lossy(&ran.stdout).into_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn trusts_the_file_of_the_environment() {
    let authority = authority("one");
    let endpoint = format!("https://{}", https(&authority).await);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, &authority.pem).unwrap();
    let test = "trusts_the_file_of_the_environment";
    let Some(printed) = with_variable(test, "SSL_CERT_FILE", &file, &endpoint).await else {
        return;
    };
    assert!(printed.contains("called"), "{printed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn rejects_files_of_the_environment_without_certificates() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.pem");
    std::fs::write(&empty, "").unwrap();
    let missing = folder.path().join("missing.pem");
    let mut cases = vec![
        ("SSL_CERT_FILE", &empty, "holds no certificate in PEM"),
        ("SSL_CERT_FILE", &missing, "there is no such file"),
    ];
    // Read where the platform's certificates are files.
    if cfg!(all(target_os = "linux", not(feature = "native-tls"))) {
        cases.push(("SSL_CERT_DIR", &missing, "holds no certificate in PEM"));
    }
    for (name, path, reason) in cases {
        let test = "rejects_files_of_the_environment_without_certificates";
        // Whether TLS is needed or not: a file that was meant is missing.
        for endpoint in ["https://127.0.0.1:9", "http://127.0.0.1:9"] {
            let Some(printed) = with_variable(test, name, path, endpoint).await else { return };
            for part in [&format!("`{name}`"), path.to_str().unwrap(), reason] {
                assert!(printed.contains(part), "no {part:?} in {printed}");
            }
        }
    }
}
