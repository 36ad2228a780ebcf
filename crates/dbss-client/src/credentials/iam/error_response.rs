//! Error responses of IAM, or of the gateway before it.

use http::header::HeaderMap;

use super::login::SUBJECT_TOKEN;
use crate::auth::{CredentialsError, IamErrorResponse, ProviderContext};
use crate::http::headers::retry_after;
use crate::http::{ErrorBody, RawResponse, request_id};

/// Longer texts are truncated.
const LONGEST: usize = 500;

/// The error of a response that is not the expected one.
pub(crate) fn error_response(
    context: &ProviderContext,
    response: &RawResponse,
    what: impl Into<String>,
) -> CredentialsError {
    CredentialsError::error_response(what, read(context, response))
}

/// The same without the parts of the response that repeat the password.
pub(super) fn error_response_to_login(
    context: &ProviderContext,
    response: &RawResponse,
    what: String,
    password: &str,
) -> CredentialsError {
    let mut parsed = read(context, response);
    let mut hidden = false;
    let texts = [&mut parsed.code, &mut parsed.message, &mut parsed.page_title];
    for part in texts.into_iter().chain([&mut parsed.request_id]) {
        if part.as_deref().is_some_and(|text| repeats(text, password)) {
            *part = None;
            hidden = true;
        }
    }
    let what = if hidden { what + ", in words that repeat the password" } else { what };
    CredentialsError::error_response(what, parsed)
}

fn read(context: &ProviderContext, response: &RawResponse) -> IamErrorResponse {
    let received_at = context.clock().now();
    let parsed = ErrorBody::read(response);
    let other = parsed.other.unwrap_or_default();
    let in_header = request_id(&response.headers).or_else(|| trace_id(&response.headers));
    IamErrorResponse {
        status: response.status,
        code: parsed.code.map(cut),
        message: parsed.message.map(cut),
        page_title: other.title.map(cut),
        encoding: other.encoding.map(cut),
        retry_after: retry_after(&response.headers, received_at),
        request_id: in_header.map(str::to_owned).or(parsed.request_id).map(cut),
        headers: without_token(&response.headers),
        received_at,
    }
}

/// The headers without the token that IAM sends beside a body that cannot be read.
fn without_token(headers: &HeaderMap) -> HeaderMap {
    let mut headers = headers.clone();
    headers.remove(SUBJECT_TOKEN);
    headers
}

/// Whether a text of IAM repeats the password. A password that is a plain word may be a word
/// of the text: "The username or password is wrong." says nothing about the password `wrong`,
/// and hiding the sentence would tell that it does. IAM itself requires two kinds of
/// characters in a password.
fn repeats(text: &str, password: &str) -> bool {
    let is_word = password.chars().all(|c| c.is_ascii_alphabetic());
    text.match_indices(password).any(|(start, _)| {
        let before = text.get(..start).and_then(|text| text.chars().next_back());
        let after = text.get(start + password.len()..).and_then(|text| text.chars().next());
        let is_in_sentence = before.is_none_or(|c| c == ' ')
            && after.is_none_or(|c| matches!(c, ' ' | '.' | ',' | ';' | '!' | '?'));
        !is_word || !is_in_sentence
    })
}

/// IAM's own request id.
fn trace_id(headers: &HeaderMap) -> Option<&str> {
    headers.get("x-iam-trace-id")?.to_str().ok().filter(|id| !id.is_empty())
}

fn cut(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(end);
    }
    text
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue, StatusCode};

    use super::*;
    use crate::credentials::iam::testing::http;

    fn error(headers: &[(&'static str, &'static str)], body: &str) -> CredentialsError {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        let response = RawResponse {
            status: StatusCode::UNAUTHORIZED,
            headers: headers.iter().map(pair).collect(),
            body: body.to_owned().into(),
            truncated: false,
        };
        error_response(&ProviderContext::new(http()), &response, "IAM refused it")
    }

    #[test]
    fn reads_each_format_of_error_response() {
        let iam = r#"{"error":{"code":401,"message":"wrong","title":"Unauthorized"}}"#;
        let gateway = r#"{"error_msg":"no","error_code":"APIGW.0301","request_id":"g-1"}"#;
        for (headers, body, code, message, request_id) in [
            (&[("x-iam-trace-id", "t-1")][..], iam, Some("401"), Some("wrong"), Some("t-1")),
            (
                &[("x-request-id", "r-1"), ("x-iam-trace-id", "t-1")],
                gateway,
                Some("APIGW.0301"),
                Some("no"),
                Some("r-1"),
            ),
            (&[], gateway, Some("APIGW.0301"), Some("no"), Some("g-1")),
            (&[], r#"{"code":"x","message":""}"#, Some("x"), None, None),
            (&[], "<html>", None, None, None),
            (&[], "[1]", None, None, None),
            (&[("x-request-id", "")], "", None, None, None),
        ] {
            let error = error(headers, body);
            assert_eq!(
                (error.status(), error.code(), error.message(), error.request_id()),
                (Some(401), code, message, request_id),
                "{body}"
            );
        }
    }

    #[test]
    fn truncates_long_messages() {
        let body = format!(r#"{{"message":"{}"}}"#, "é".repeat(LONGEST + 1));
        let error = error(&[], &body);
        assert_eq!(error.message().map(|message| message.chars().count()), Some(LONGEST));
    }
}
