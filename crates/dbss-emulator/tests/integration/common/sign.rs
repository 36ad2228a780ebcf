//! Signs requests as the official SDKs do. It shares no code with the emulator or the
//! client, so that neither is tested against itself. It supports only paths and
//! queries that need no encoding.

use std::fmt::Write as _;
use std::time::SystemTime;

use hmac::{Hmac, KeyInit as _, Mac as _};
use http::Request;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

/// A key pair, and when and how to sign with it.
pub(crate) struct Signer<'a> {
    pub(crate) access_key: &'a str,
    pub(crate) secret_key: &'a str,
    pub(crate) signed_at: SystemTime,
    /// The headers to sign; those that the request lacks are left out.
    pub(crate) headers: &'a [&'a str],
}

impl Signer<'_> {
    pub(crate) fn sign(&self, mut request: Request<String>, host: &str) -> Request<String> {
        let date =
            Timestamp::try_from(self.signed_at).unwrap().strftime("%Y%m%dT%H%M%SZ").to_string();
        let headers = request.headers_mut();
        headers.insert("host", host.parse().unwrap());
        headers.insert("x-sdk-date", date.parse().unwrap());
        let mut names: Vec<&str> =
            self.headers.iter().copied().filter(|name| headers.contains_key(*name)).collect();
        names.sort_unstable();
        let lines: String = names.iter().fold(String::new(), |mut lines, name| {
            writeln!(lines, "{name}:{}", request.headers()[*name].to_str().unwrap()).unwrap();
            lines
        });
        let mut query: Vec<&str> = request.uri().query().unwrap_or_default().split('&').collect();
        query.sort_unstable();
        let canonical = format!(
            "{}\n{}/\n{}\n{lines}\n{}\n{}",
            request.method(),
            request.uri().path(),
            query.join("&"),
            names.join(";"),
            hex(&Sha256::digest(request.body())),
        );
        let hash = hex(&Sha256::digest(&canonical));
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret_key.as_bytes()).unwrap();
        mac.update(format!("SDK-HMAC-SHA256\n{date}\n{hash}").as_bytes());
        let authorization = format!(
            "SDK-HMAC-SHA256 Access={}, SignedHeaders={}, Signature={}",
            self.access_key,
            names.join(";"),
            hex(&mac.finalize().into_bytes()),
        );
        request.headers_mut().insert("authorization", authorization.parse().unwrap());
        request
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    })
}
