//! State files are bounded, and what they hold is checked and shown safely.

use std::time::Duration;
#[cfg(feature = "yaml")]
use std::time::Instant;

use crate::common::get;
#[cfg(feature = "yaml")]
use crate::common::with_other_kinds;
use dbss_emulator::{AccessKey, Clock, Emulator, State};
#[cfg(feature = "yaml")]
use serde_json::Value;

#[cfg(feature = "yaml")]
#[test]
fn rejects_files_that_would_take_too_long_or_too_much() {
    let start = Instant::now();
    let indented = (0..1_000).fold(String::new(), |text, level| text + &" ".repeat(level) + "a:\n");
    for (text, part) in [
        ("[".repeat(200_000), "nested"),
        ("{a: ".repeat(50_000), "nested"),
        ("[[{".repeat(50_000), "nested"),
        ("- ".repeat(100_000), "nested"),
        ("? ".repeat(100_000), "nested"),
        ("&a [*a".repeat(50_000), "nested"),
        // What closes in a text or comment closes nothing.
        ("[\"]\",".repeat(20_000), "recursion limit"),
        (format!("x: {}", "[ a', ']',".repeat(100)), "nested"),
        (format!("x: {}", "[ #]\n ".repeat(100)), "nested"),
        (indented, "nested"),
        (" ".repeat(1024 * 1024 + 1), "larger than"),
        (format!("region: {}", "x".repeat(1024 * 1024)), "larger than"),
        (format!("instances: [{}]", "a,".repeat(500_000)), "300,000"),
        (format!("x: &x [{}]\ny: [{}]", "a,".repeat(1_000), "*x,".repeat(10_000)), ""),
        (
            format!(
                "users: [{{id: &x {}, name: n, password: p, denied: [{}]}}]",
                "x".repeat(100_000),
                "*x,".repeat(3_000)
            ),
            "aliases",
        ),
    ] {
        let error = State::from_yaml(&text).unwrap_err().to_string();
        assert!(error.contains(part), "{}: {error}", text.get(..20).unwrap());
    }
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

/// The value without its single values.
#[cfg(feature = "yaml")]
fn structure(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| (name.clone(), structure(value))).collect()
        }
        Value::Array(items) => items.iter().map(structure).collect(),
        _ => Value::Null,
    }
}

#[cfg(feature = "yaml")]
#[test]
fn rejects_values_of_another_kind_at_each_place() {
    let state = serde_json::json!({
        "region": "cn-north-4",
        "account": {"id": "a", "name": "n"},
        "projects": [{"id": "0123456789abcdef0123456789abcdef", "name": "cn-north-4"}],
        "users": [{"id": "u", "name": "u", "password": "p", "denied": ["*"]}],
        "access_keys": [{
            "access_key": "k", "secret_key": "s", "user": "u", "security_token": "t",
            "expires_at": "2026-01-01T00:00:00Z",
        }],
        "tokens": [{
            "token": "t", "user": "u", "project_id": "0123456789abcdef0123456789abcdef",
            "expires_at": "2026-01-01T00:00:00Z",
        }],
        "instances": [{
            "id": "00000000000000000000000000000001", "name": "n", "project_id": "p", "status": "ACTIVE",
            "task": "NO_TASK", "details": {"cpu": 4},
            "scopes": [{"id": "a", "name": "n", "enabled": true, "details": {"all_audit": true}}],
        }],
    });
    assert!(State::from_yaml(&state.to_string()).is_ok());
    // YAML reads a single value as text where text is wanted.
    let is_other_value = |other: &Value| structure(other) == structure(&state);
    for other in with_other_kinds(&state).iter().filter(|other| !is_other_value(other)) {
        let read = State::from_yaml(&other.to_string());
        assert!(read.is_err(), "{other}");
    }
    for tagged in ["instances: [!a {id: b}]", "instances: [{id: a, status: !ACTIVE null}]"] {
        assert!(State::from_yaml(tagged).is_err(), "{tagged}");
    }
}

#[tokio::test]
async fn rejects_empty_and_duplicate_tokens_and_keys() {
    let start = async |change: fn(&mut State)| {
        let mut state = State::default();
        change(&mut state);
        Emulator::builder().state(state).start().await.unwrap_err().to_string()
    };
    for (change, part) in [
        ((|state| state.tokens[0].token = "".into()) as fn(&mut State), "token 1 is empty"),
        (|state| state.tokens[1] = state.tokens[0].clone(), "token 2 is the same as token 1"),
        (|state| state.access_keys[0].access_key = String::new(), "access key 1 is empty"),
        (|state| state.access_keys[0].secret_key = "".into(), "its secret key is empty"),
        (
            |state| state.access_keys[1].security_token = Some("".into()),
            "its security token is empty",
        ),
        (
            |state| state.access_keys[1].access_key = state.access_keys[0].access_key.clone(),
            "occurs twice",
        ),
        (|state| state.users[0].password = "".into(), "its password is empty"),
        (|state| state.users[0].name = String::new(), "user 1 is empty"),
        (|state| state.tokens[0].token = "a\u{1b}b".into(), "token 1 cannot be sent"),
        (
            |state| state.access_keys[0] = AccessKey::new("a b", "s", "dbss-operator"),
            "cannot be sent",
        ),
    ] {
        let error = start(change).await;
        assert!(error.contains(part), "{part}: {error}");
        assert!(!error.contains("emulator-token"), "a token was shown: {error}");
    }
}

#[tokio::test]
async fn rejects_states_with_more_text_than_a_file_may_have() {
    let mut state = State::default();
    state.instances[0].name = "x".repeat(2 * 1024 * 1024);
    let error = Emulator::builder().state(state).start().await.unwrap_err().to_string();
    assert!(error.contains("larger than"), "{error}");
}

#[tokio::test]
async fn escapes_control_characters_in_errors() {
    let mut state = State::default();
    state.instances[0].id = "\u{1b}[2J\n\u{202e}".into();
    let error = Emulator::builder().state(state).start().await.unwrap_err().to_string();
    assert!(!error.contains(|c: char| c.is_control() || c == '\u{202e}'), "{error:?}");
    assert!(error.contains(r"\u{1b}[2J\n\u{202e}"), "{error:?}");
}

#[tokio::test]
async fn sends_the_time_of_its_clock_as_the_date() {
    let time = std::time::UNIX_EPOCH + Duration::from_secs(1_768_465_800);
    let emulator = Emulator::builder().clock(Clock::stopped_at(time)).start().await.unwrap();
    for path in ["/nowhere", "/_emulator", "/v3/projects"] {
        let response = get(&emulator, path).await;
        assert_eq!(response.header("date"), "Thu, 15 Jan 2026 08:30:00 GMT", "{path}");
    }
    emulator.advance(Duration::from_secs(60));
    assert_eq!(get(&emulator, "/x").await.header("date"), "Thu, 15 Jan 2026 08:31:00 GMT");
}
