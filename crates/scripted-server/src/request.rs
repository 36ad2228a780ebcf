//! A request as received.

use std::io;

use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;

/// No request of the tests is longer.
const LIMIT: usize = 1 << 20;

/// A request as received.
#[derive(Clone, Debug)]
pub struct Request {
    /// Its method.
    pub method: String,
    /// Its path, with the query.
    pub path: String,
    /// The version of HTTP, as in `HTTP/1.1`.
    pub version: String,
    /// Its headers in order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: Vec<u8>,
}

impl Request {
    /// Its first line.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{} {} {}", self.method, self.path, self.version)
    }

    /// The first header of that name, which is given in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Reads one request; nothing if the connection ends first.
pub(crate) async fn read(stream: &mut TcpStream) -> io::Result<Option<Request>> {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        if bytes.len() > LIMIT || stream.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
    };
    let rest = bytes.split_off(head);
    let Some(mut request) = parse(&String::from_utf8_lossy(&bytes)) else { return Ok(None) };
    let length = request.header("content-length").and_then(|value| value.parse().ok());
    let length: usize = length.unwrap_or(0);
    let mut body = rest.get(4..).unwrap_or_default().to_vec();
    while body.len() < length.min(LIMIT) {
        if stream.read_buf(&mut body).await? == 0 {
            return Ok(None);
        }
    }
    body.truncate(length);
    request.body = body;
    Ok(Some(request))
}

fn parse(head: &str) -> Option<Request> {
    let mut lines = head.split("\r\n");
    let mut start = lines.next()?.split(' ');
    let mut word = || start.next().map(str::to_owned);
    let (method, path, version) = (word()?, word()?, word()?);
    let headers = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    Some(Request { method, path, version, headers, body: Vec::new() })
}
