//! What an error says of a certificate that is not accepted. The platform's own
//! implementations have words of their own.

use dbss_client::{Error, ErrorKind};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, date_time_ymd,
};

use crate::server::{Authority, authority, https_with, plain, served};
use crate::{INSTANCE, builder};

/// A certificate for 127.0.0.1.
fn params() -> CertificateParams {
    let mut params = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
    params.distinguished_name.push(DnType::CommonName, "the service");
    params
}

async fn failure(authority: &Authority, params: &CertificateParams, trusted: &str) -> Error {
    let served = served(authority, params);
    let endpoint = format!("https://{}", https_with(vec![served.0], served.1).await);
    failed_call(&endpoint, trusted).await
}

async fn failed_call(endpoint: &str, trusted: &str) -> Error {
    let client = builder(endpoint).ca_certificate(trusted).build().unwrap();
    client.stop_audit_instance().instance_id(INSTANCE).await.unwrap_err()
}

fn assert_says(error: &Error, parts: &[&str]) {
    let shown = error.to_string();
    assert_eq!(error.kind(), ErrorKind::Tls, "{shown}");
    for part in parts {
        assert!(shown.contains(part), "no {part:?} in {shown:?}");
    }
    // Names of Rust types are nothing to an operator.
    for word in ["Error(", "Context", "UnknownIssuer", "CaUsedAsEndEntity", "InvalidContentType"] {
        assert!(!shown.contains(word), "{word:?} in {shown:?}");
    }
}

#[tokio::test]
async fn says_when_a_certificate_was_and_will_be_valid() {
    let authority = authority("one");
    let mut expired = params();
    expired.not_before = date_time_ymd(2020, 1, 1);
    expired.not_after = date_time_ymd(2021, 2, 3);
    let error = failure(&authority, &expired, &authority.pem).await;
    assert_says(&error, &["the server's certificate", "expired on 2021-02-03"]);

    let mut early = params();
    early.not_before = date_time_ymd(2999, 4, 5);
    early.not_after = date_time_ymd(3000, 1, 1);
    let error = failure(&authority, &early, &authority.pem).await;
    assert_says(&error, &["the server's certificate", "not valid before 2999-04-05"]);
}

#[tokio::test]
async fn names_the_certificate_of_the_chain_that_expired() {
    let root = authority("root");
    let mut middle = CertificateParams::new(Vec::new()).unwrap();
    middle.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    middle.distinguished_name.push(DnType::CommonName, "middle");
    middle.not_before = date_time_ymd(2020, 1, 1);
    middle.not_after = date_time_ymd(2021, 2, 3);
    let middle = root.authority_below(middle);
    let (leaf, key) = served(&middle, &params());
    let endpoint = https_with(vec![leaf, middle.der.clone()], key).await;
    let error = failed_call(&format!("https://{endpoint}"), &root.pem).await;
    assert_says(&error, &["`middle`", "expired on 2021-02-03"]);
}

#[tokio::test]
async fn names_the_authority_that_is_not_trusted() {
    let error = failure(&authority("Example Proxy CA"), &params(), &authority("other").pem).await;
    assert_says(
        &error,
        &["the server's certificate", "issued by `Example Proxy CA`", "not trusted"],
    );
}

#[tokio::test]
async fn says_that_a_certificate_is_self_signed() {
    let key = rcgen::KeyPair::generate().unwrap();
    let der = params().self_signed(&key).unwrap().der().clone();
    let endpoint = https_with(vec![der], key).await;
    let error = failed_call(&format!("https://{endpoint}"), &authority("other").pem).await;
    assert_says(&error, &["the server's certificate", "self-signed", "not trusted"]);
}

#[tokio::test]
async fn names_the_hosts_that_a_certificate_is_for() {
    let authority = authority("one");
    let names = ["dbss.example.com".to_owned(), "*.example.org".to_owned()];
    let error = failure(&authority, &CertificateParams::new(names).unwrap(), &authority.pem).await;
    assert_says(
        &error,
        &["the server's certificate", "dbss.example.com", "*.example.org", "127.0.0.1"],
    );

    let error = failure(&authority, &CertificateParams::new([]).unwrap(), &authority.pem).await;
    assert_says(&error, &["the server's certificate", "not for `127.0.0.1`"]);
}

#[tokio::test]
async fn says_that_an_authority_is_presented_as_a_server() {
    let authority = authority("one");
    let mut own = params();
    own.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let error = failure(&authority, &own, &authority.pem).await;
    assert_says(&error, &["the server's certificate", "authority (CA)"]);
}

#[tokio::test]
async fn says_that_an_issuer_is_no_authority() {
    let root = authority("root");
    let middle = root.authority_below(params());
    let (leaf, key) = served(&middle, &params());
    let endpoint = https_with(vec![leaf, middle.der.clone()], key).await;
    let error = failed_call(&format!("https://{endpoint}"), &root.pem).await;
    assert_says(&error, &["no authority (CA)"]);
}

#[tokio::test]
async fn says_that_a_certificate_is_for_another_purpose() {
    let authority = authority("one");
    let mut params = params();
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    let error = failure(&authority, &params, &authority.pem).await;
    assert_says(&error, &["the server's certificate", "not for servers"]);
}

#[tokio::test]
async fn says_that_the_server_does_not_speak_tls() {
    let endpoint = format!("https://{}", plain().await);
    assert_says(&failed_call(&endpoint, &authority("one").pem).await, &["does not speak TLS"]);
}
