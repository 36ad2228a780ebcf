//! Requests of the official SDK, signed again: the results are equal byte by byte.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;

use super::*;
use crate::auth::Identity;

#[derive(Deserialize)]
struct Vectors {
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    name: String,
    ak: String,
    sk: String,
    project_id: Option<String>,
    method: String,
    url: String,
    headers: BTreeMap<String, String>,
    body: Option<String>,
    seconds: u64,
    canonical_request: String,
    string_to_sign: String,
    request_target: String,
    authorization: String,
}

impl Vector {
    fn request(&self) -> Request {
        let method = self.method.parse().unwrap();
        let mut request = Request::new(method, Url::parse(&self.url).unwrap());
        for (name, value) in &self.headers {
            let name = name.parse::<HeaderName>().unwrap();
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        *request.body_mut() = self.body.clone().map(Into::into);
        request
    }
}

fn vectors() -> Vec<Vector> {
    let text = include_str!("../../../tests/data/signing-vectors.json");
    serde_json::from_str::<Vectors>(text).unwrap().vectors
}

fn time() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_768_465_800)
}

fn request(url: &str) -> Request {
    Request::new(reqwest::Method::POST, Url::parse(url).unwrap())
}

fn key() -> AccessKey {
    AccessKey::new("AK1", "SK1").unwrap()
}

#[test]
fn signs_requests_as_the_official_sdk_does() {
    let vectors = vectors();
    assert_eq!(vectors.len(), 4);
    for vector in vectors {
        let name = &vector.name;
        let key = AccessKey::new(vector.ak.clone(), vector.sk.clone()).unwrap();
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(vector.seconds);
        let mut request = vector.request();
        sign(&mut request, &key, vector.project_id.as_deref(), time).unwrap();

        let headers = canonical::signed_headers(request.headers());
        let canonical = canonical_request(&request, &headers).unwrap();
        assert_eq!(String::from_utf8_lossy(&canonical), vector.canonical_request, "{name}");
        let date = date::sdk(time).unwrap();
        let signed = string_to_sign(&canonical, &date);
        assert_eq!(String::from_utf8_lossy(&signed), vector.string_to_sign, "{name}");
        let target = &request.url()[url::Position::BeforePath..];
        assert_eq!(target, vector.request_target, "{name}");
        assert_eq!(request.headers()[AUTHORIZATION], vector.authorization, "{name}");
    }
}

#[test]
fn replaces_signature_when_signed_again() {
    let identity = Identity::AccessKey(key().with_security_token("ST").unwrap());
    let mut request = request("https://dbss.example.com:8443/v1/a?b=c+d");
    let sign = |request: &mut Request, time| identity.authenticate(request, Some("p1"), time);
    sign(&mut request, time()).unwrap();
    let first = request.headers().clone();
    sign(&mut request, time() + Duration::from_secs(1)).unwrap();
    assert_ne!(request.headers()[AUTHORIZATION], first[AUTHORIZATION]);
    assert_eq!(request.headers()[X_SDK_DATE], "20260115T083001Z");
    sign(&mut request, time()).unwrap();
    assert_eq!(*request.headers(), first);
    assert_eq!(first[HOST], "dbss.example.com:8443");
    assert_eq!(first["x-project-id"], "p1");
    assert_eq!(request.url().query(), Some("b=c%20d"));
}

#[test]
fn leaves_bodies_other_than_json_unsigned() {
    for (content_type, unsigned) in [
        (None, false),
        (Some("application/json"), false),
        (Some("Application/JSON;charset=utf-8"), false),
        (Some("application/bson"), false),
        (Some("application/xml"), true),
        (Some("application/js"), true),
    ] {
        let mut request = request("https://dbss.example.com/");
        *request.body_mut() = Some("<a/>".into());
        if let Some(value) = content_type {
            request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(value));
        }
        sign(&mut request, &key(), None, time()).unwrap();
        let headers = canonical::signed_headers(request.headers());
        let text = String::from_utf8(canonical_request(&request, &headers).unwrap()).unwrap();
        assert_eq!(text.ends_with("\nUNSIGNED-PAYLOAD"), unsigned, "{content_type:?}");
        assert_eq!(request.headers().contains_key(X_CONTENT_HASH), unsigned, "{content_type:?}");
    }
}

#[test]
fn hashes_missing_body_as_empty() {
    let mut request = request("https://dbss.example.com/");
    request.headers_mut().insert(X_CONTENT_HASH, HeaderValue::from_static("stated"));
    let ends_in = |request: &Request, end: &str| {
        let canonical = canonical_request(request, &[]).unwrap();
        assert!(canonical.ends_with(end.as_bytes()), "{}", String::from_utf8_lossy(&canonical));
    };
    let empty = String::from_utf8_lossy(&EMPTY);
    ends_in(&request, &empty);
    *request.body_mut() = Some("".into());
    ends_in(&request, &empty);
    *request.body_mut() = Some("x".into());
    ends_in(&request, "\nstated");
    assert_eq!(EMPTY, hex(Sha256::digest(b"").into()));
}

#[test]
fn reports_help_when_signing_is_impossible() {
    let mut streaming = request("https://dbss.example.com/");
    *streaming.body_mut() = Some(reqwest::Body::wrap(reqwest::Body::from("{}")));
    let error = sign(&mut streaming, &key(), None, time()).unwrap_err().to_string();
    assert!(error.starts_with("a body that is a stream cannot be signed (give"), "{error}");
    streaming.headers_mut().insert(X_CONTENT_HASH, UNSIGNED);
    assert!(sign(&mut streaming, &key(), None, time()).is_ok());

    let mut request = request("https://dbss.example.com/");
    let before = SystemTime::UNIX_EPOCH - Duration::from_secs(1);
    let error = sign(&mut request, &key(), None, before).unwrap_err().to_string();
    assert!(error.starts_with("the clock is not within the years 1970 to 9999"), "{error}");
    let error = sign(&mut request, &key(), Some("a\nb"), time()).unwrap_err().to_string();
    assert_eq!(error, "the project's id has a character that a header cannot carry");
}
