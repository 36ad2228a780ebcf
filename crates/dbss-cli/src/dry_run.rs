//! `--dry-run`: the request as it would be sent, without its secrets.

use std::fmt::Write as _;
use std::process::ExitCode;

use dbss_client::descriptor::Operation;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::arguments::Mode;
use crate::colour::ASIDE;
use crate::screen::{Screen, plain};

/// Stands for a secret.
const MASK: &str = "***";

/// Headers whose values nobody may read, marked as such or not.
const SECRET: [&str; 5] =
    ["authorization", "cookie", "proxy-authorization", "x-auth-token", "x-security-token"];

/// A request that is not sent.
#[derive(Serialize)]
pub(crate) struct Rehearsed {
    operation: &'static str,
    dry_run: bool,
    method: String,
    url: String,
    headers: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Value>,
}

impl Rehearsed {
    pub(crate) fn new(operation: &Operation, request: &dbss_client::Request) -> Self {
        let mut headers = Map::new();
        // The HTTP client adds it when it sends, if it is not there yet.
        if let Some(host) = request.url().host_str() {
            let port = request.url().port().map(|port| format!(":{port}")).unwrap_or_default();
            headers.insert("host".to_owned(), format!("{host}{port}").into());
        }
        for (name, value) in request.headers() {
            let text = String::from_utf8_lossy(value.as_bytes());
            let secret = value.is_sensitive() || SECRET.contains(&name.as_str());
            let shown = if secret { masked(&text) } else { text.into_owned() };
            headers.insert(name.as_str().to_owned(), shown.into());
        }
        let body = request.body().and_then(|body| body.as_bytes()).map(|bytes| {
            let text = || Value::String(String::from_utf8_lossy(bytes).into_owned());
            serde_json::from_slice(bytes).unwrap_or_else(|_| text())
        });
        Self {
            operation: operation.id,
            dry_run: true,
            method: request.method().to_string(),
            url: request.url().to_string(),
            headers,
            body,
        }
    }

    pub(crate) fn print(&self, screen: &Screen) -> ExitCode {
        if screen.mode() == Mode::Json {
            return screen.print_json(self);
        }
        let mut text = format!("{} {}\n", self.method, plain(&self.url));
        for (name, value) in &self.headers {
            let _ = writeln!(text, "{name}: {}", plain(value.as_str().unwrap_or_default()));
        }
        if let Some(body) = &self.body {
            let _ = writeln!(text, "\n{body}");
        }
        screen.complain(&format!("{ASIDE}dry run: nothing was sent{ASIDE:#}\n"));
        screen.print(&text)
    }
}

/// What may be shown of a secret: of a signature, how it was made.
fn masked(text: &str) -> String {
    let signature = text.split_once(' ').filter(|(scheme, _)| scheme.starts_with("SDK-HMAC-"));
    let Some((scheme, rest)) = signature else { return MASK.to_owned() };
    let signed = rest.split(", ").find(|part| part.starts_with("SignedHeaders="));
    let signed = signed.map(|signed| format!("{signed}, ")).unwrap_or_default();
    format!("{scheme} Access={MASK}, {signed}Signature={MASK}")
}
