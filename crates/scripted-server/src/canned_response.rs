//! A prepared response.

/// A prepared response. By default it has a `Content-Length` and the content type JSON, and
/// the connection ends with it.
#[derive(Clone, Debug)]
pub struct CannedResponse {
    status: u16,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
    content_type: Option<String>,
    chunked: bool,
    keep_alive: bool,
}

impl CannedResponse {
    /// A response with that status and body.
    #[must_use]
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.into(),
            content_type: Some("application/json".to_owned()),
            chunked: false,
            keep_alive: false,
        }
    }

    /// Adds a header; its value may be any bytes.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Sets the `Content-Type`.
    #[must_use]
    pub fn content_type(mut self, value: &str) -> Self {
        self.content_type = Some(value.to_owned());
        self
    }

    /// Sends no `Content-Type`.
    #[must_use]
    pub fn without_content_type(mut self) -> Self {
        self.content_type = None;
        self
    }

    /// Sends the body in chunks rather than by length.
    #[must_use]
    pub fn chunked(mut self) -> Self {
        self.chunked = true;
        self
    }

    /// Sends the body with a `Content-Length`, which is the default.
    #[must_use]
    pub fn with_content_length(mut self) -> Self {
        self.chunked = false;
        self
    }

    /// Keeps the connection for another request.
    #[must_use]
    pub fn keep_alive(mut self) -> Self {
        self.keep_alive = true;
        self
    }

    /// The body before it is framed.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    pub(crate) fn keeps_connection(&self) -> bool {
        self.keep_alive
    }

    /// Everything before the body.
    pub(crate) fn head(&self) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} Status\r\n", self.status).into_bytes();
        let mut line = |name: &str, value: &[u8]| {
            head.extend_from_slice(name.as_bytes());
            head.extend_from_slice(b": ");
            head.extend_from_slice(value);
            head.extend_from_slice(b"\r\n");
        };
        for (name, value) in &self.headers {
            line(name, value);
        }
        if let Some(content_type) = &self.content_type {
            line("Content-Type", content_type.as_bytes());
        }
        if self.chunked {
            line("Transfer-Encoding", b"chunked");
        } else if !matches!(self.status, 100..=199 | 204 | 304) {
            line("Content-Length", self.body.len().to_string().as_bytes());
        }
        if !self.keep_alive {
            line("Connection", b"close");
        }
        head.extend_from_slice(b"\r\n");
        head
    }

    /// The body as it stands on the wire.
    pub(crate) fn framed_body(&self) -> Vec<u8> {
        if !self.chunked {
            return self.body.clone();
        }
        let mut framed = Vec::new();
        for chunk in self.body.chunks(16) {
            framed.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
            framed.extend_from_slice(chunk);
            framed.extend_from_slice(b"\r\n");
        }
        framed.extend_from_slice(b"0\r\n\r\n");
        framed
    }
}
