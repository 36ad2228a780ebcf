//! Stand-ins for IAM and for time in tests: prepared responses, and a clock that only
//! tests move.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use scripted_server::{CannedResponse, Step};

use crate::Client;
use crate::auth::ProviderContext;
use crate::credentials::Credentials;
use crate::time::{Clock, Sleep};

/// A response without a content type.
pub(crate) fn respond(status: u16, body: impl Into<Vec<u8>>) -> Step {
    respond_with(status, &[], body)
}

/// The same with headers.
pub(crate) fn respond_with(
    status: u16,
    headers: &[(&str, &str)],
    body: impl Into<Vec<u8>>,
) -> Step {
    let response = CannedResponse::new(status, body).without_content_type();
    let add =
        |response: CannedResponse, (name, value): &(&str, &str)| response.header(name, *value);
    Step::Respond(headers.iter().fold(response, add))
}

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub(crate) struct StoppedClock {
    start: SystemTime,
    elapsed: Mutex<Duration>,
}

impl StoppedClock {
    pub(crate) fn advance(&self, by: Duration) {
        *self.elapsed.lock().unwrap() += by;
    }
}

impl Clock for StoppedClock {
    fn now(&self) -> SystemTime {
        self.start + self.elapsed()
    }

    fn elapsed(&self) -> Duration {
        *self.elapsed.lock().unwrap()
    }

    fn sleep(&self, _: Duration) -> Sleep {
        Box::pin(std::future::ready(()))
    }
}

/// The HTTP client of a client of this crate.
pub(crate) fn http() -> reqwest::Client {
    let builder =
        Client::builder().endpoint("http://127.0.0.1").credentials(Credentials::token("t"));
    builder.build().unwrap().shared.http.clone()
}

/// A context with the region `cn-north-4`, that IAM endpoint, and the clock, at
/// 2026-01-15 08:30:00.
pub(crate) fn context(iam: &str) -> (ProviderContext, Arc<StoppedClock>) {
    let start = SystemTime::UNIX_EPOCH + Duration::from_secs(1_768_465_800);
    let clock = Arc::new(StoppedClock { start, elapsed: Mutex::default() });
    let context = ProviderContext::new(http())
        .with_region("cn-north-4")
        .with_iam_endpoint(iam)
        .with_clock(Arc::clone(&clock) as Arc<dyn Clock>);
    (context, clock)
}

/// A response to a login: that token, valid for that many hours from the start of the
/// clock of [`context`].
pub(crate) fn issued(token: &str, hours: u64) -> Step {
    let body = format!(
        r#"{{"token":{{"issued_at":"2026-01-{:02}T08:30:00.000000Z","expires_at":"2026-01-{:02}T{:02}:30:00.000000Z","project":{{"id":"p1","name":"cn-north-4"}}}}}}"#,
        15,
        15 + (8 + hours) / 24,
        (8 + hours) % 24,
    );
    respond_with(201, &[("X-Subject-Token", token)], body)
}
