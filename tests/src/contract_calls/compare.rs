//! Compares what a call sent and got with what the contract says.

#![allow(clippy::indexing_slicing, reason = "a JSON value without the key is null")]

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::program::Call;

/// What is wrong with a call, given what the program printed of it.
#[must_use]
pub fn differences(call: &Call, printed: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let requests = printed.get("requests").and_then(Value::as_array);
    let request = match requests.map(Vec::as_slice) {
        Some([request]) => request,
        other => {
            let count = other.map_or(0, <[Value]>::len);
            return vec![format!("{count} requests were sent: {}", printed["result"])];
        }
    };
    let mut compare = |what: &str, expected: &dyn std::fmt::Debug, sent: &dyn std::fmt::Debug| {
        let (expected, sent) = (format!("{expected:?}"), format!("{sent:?}"));
        if expected != sent {
            found.push(format!("{what}: expected {expected}, but found {sent}"));
        }
    };
    compare("method", &call.method, &request["method"].as_str().unwrap_or_default());
    let target = request["path"].as_str().unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    compare("path", &call.path, &path.split('/').map(decoded).collect::<Vec<_>>());
    // Names may be in any order; the values of one name are in theirs.
    let mut expected = call.query.clone();
    expected.sort_by(|a, b| a.0.cmp(&b.0));
    let mut sent: Vec<(String, String)> = pairs(query).collect();
    sent.sort_by(|a, b| a.0.cmp(&b.0));
    compare("query", &expected, &sent);
    for (name, value) in &call.headers {
        compare(&format!("header {name}"), &[value], &headers(request, name));
    }
    let body = request["body"].as_str().unwrap_or_default();
    compare("content type", &call.body.is_some(), &!headers(request, "content-type").is_empty());
    let sent = if body.is_empty() { None } else { serde_json::from_str(body).ok() };
    if !is_same(call.body.as_ref(), sent.as_ref()) {
        compare("body", &call.body.as_ref().map(Value::to_string), &body);
    }
    let value = printed["result"].get("value").map(without_nulls);
    let expected = Some(call.response.as_ref().map_or(Value::Null, without_nulls));
    if !is_same(expected.as_ref(), value.as_ref()) {
        let expected = expected.map(|value| value.to_string());
        compare("result", &expected, &printed["result"].to_string());
    }
    found
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn pairs(query: &str) -> impl Iterator<Item = (String, String)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(&name.replace('+', " ")), decoded(&value.replace('+', " ")))
    })
}

fn headers<'r>(request: &'r Value, name: &str) -> Vec<&'r str> {
    let headers = request["headers"].as_array().into_iter().flatten();
    let named = headers
        .filter(|header| header[0].as_str().is_some_and(|found| found.eq_ignore_ascii_case(name)));
    named.filter_map(|header| header[1].as_str()).collect()
}

/// Properties that are null are left out: a value that is absent and one that is null are read as
/// the same.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let kept = object.iter().filter(|(_, value)| !value.is_null());
            kept.map(|(name, value)| (name.clone(), without_nulls(value))).collect()
        }
        Value::Array(items) => items.iter().map(without_nulls).collect(),
        other => other.clone(),
    }
}

/// Whether two values are equal, and numbers nearly: one may have been read as 32 bits.
fn is_same(expected: Option<&Value>, found: Option<&Value>) -> bool {
    match (expected, found) {
        (Some(Value::Number(expected)), Some(Value::Number(found))) => {
            if expected == found {
                return true;
            }
            let (Some(expected), Some(found)) = (expected.as_f64(), found.as_f64()) else {
                return false;
            };
            (expected - found).abs() <= expected.abs() * f64::from(f32::EPSILON)
        }
        (Some(Value::Array(expected)), Some(Value::Array(found))) => {
            let same = |(expected, found)| is_same(Some(expected), Some(found));
            expected.len() == found.len() && expected.iter().zip(found).all(same)
        }
        (Some(Value::Object(expected)), Some(Value::Object(found))) => {
            expected.len() == found.len()
                && expected.iter().all(|(name, value)| is_same(Some(value), found.get(name)))
        }
        (expected, found) => expected == found,
    }
}
