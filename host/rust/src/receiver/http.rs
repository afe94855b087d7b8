//! As much of HTTP/1.1 as a sender of batches needs: requests with a length, one after the other, and short answers.

use std::io::{self, Read, Write};
use std::time::SystemTime;

/// Longest head of a request.
const LONGEST_HEAD: usize = 64 << 10;
/// Longest body, as it travels.
pub(super) const LONGEST_BODY: usize = 64 << 20;
const HEADERS: usize = 64;

/// A request that was read as a whole.
pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) authorization: Option<Vec<u8>>,
    pub(super) idempotency_key: Option<String>,
    pub(super) encoding: Option<String>,
    pub(super) body: Vec<u8>,
    /// Whether another one may follow.
    pub(super) keep_alive: bool,
}

/// Why there is no request.
pub(super) enum Fault {
    /// The other side has gone.
    Gone,
    /// It is to be told so, and then to go.
    Refused(u16, &'static str),
}

impl From<io::Error> for Fault {
    fn from(_: io::Error) -> Self {
        Self::Gone
    }
}

/// What the head says about the rest.
struct Head {
    request: Request,
    /// Of the head itself.
    length: usize,
    body: usize,
    expects: bool,
}

/// Reads one request. `buffer` keeps what was read of the next one.
pub(super) fn read(stream: &mut (impl Read + Write), buffer: &mut Vec<u8>) -> Result<Request, Fault> {
    let head = loop {
        if let Some(head) = parse(buffer)? {
            break head;
        }
        if buffer.len() > LONGEST_HEAD {
            return Err(Fault::Refused(431, "the head is too long"));
        }
        if fill(stream, buffer, 8 << 10)? == 0 {
            return Err(Fault::Gone);
        }
    };
    let Head { mut request, length, body, expects } = head;
    if body > LONGEST_BODY {
        return Err(Fault::Refused(413, "the body is longer than 64 MiB"));
    }
    if expects && buffer.len() < length + body {
        stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
    }
    buffer.reserve((length + body).saturating_sub(buffer.len()));
    while buffer.len() < length + body {
        let missing = length + body - buffer.len();
        if fill(stream, buffer, missing)? == 0 {
            return Err(Fault::Gone);
        }
    }
    let rest = buffer.split_off(length + body);
    request.body = buffer.split_off(length);
    *buffer = rest;
    Ok(request)
}

/// Reads once, at most so many bytes, to the end of the buffer; 0: there is no more.
fn fill(stream: &mut impl Read, buffer: &mut Vec<u8>, most: usize) -> io::Result<usize> {
    let start = buffer.len();
    buffer.resize(start + most.min(256 << 10), 0);
    let read = loop {
        match stream.read(buffer.get_mut(start..).unwrap_or_default()) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            done => break done,
        }
    };
    buffer.truncate(start + read.as_ref().copied().unwrap_or(0));
    read
}

fn parse(buffer: &[u8]) -> Result<Option<Head>, Fault> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS];
    let mut parsed = httparse::Request::new(&mut headers);
    let length = match parsed.parse(buffer) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(_) => return Err(Fault::Refused(400, "the head is no HTTP/1.1")),
    };
    let header = |name: &str| {
        parsed.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name)).map(|header| header.value)
    };
    let text = |name| header(name).map(|value| String::from_utf8_lossy(value).into_owned());
    if header("transfer-encoding").is_some() {
        return Err(Fault::Refused(411, "a body needs a Content-Length"));
    }
    let body = match text("content-length").map(|value| value.trim().parse()) {
        None => 0,
        Some(Ok(body)) => body,
        Some(Err(_)) => return Err(Fault::Refused(400, "the Content-Length is no number")),
    };
    let close = text("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"));
    let request = Request {
        method: parsed.method.unwrap_or_default().to_owned(),
        path: parsed.path.unwrap_or_default().to_owned(),
        authorization: header("authorization").map(<[u8]>::to_vec),
        idempotency_key: text("idempotency-key"),
        encoding: text("content-encoding"),
        body: Vec::new(),
        keep_alive: parsed.version == Some(1) && !close,
    };
    let expects = text("expect").is_some_and(|value| value.eq_ignore_ascii_case("100-continue"));
    Ok(Some(Head { request, length, body, expects }))
}

/// Writes an answer with a JSON body.
pub(super) fn answer(stream: &mut impl Write, status: u16, head: &str, body: &str, close: bool) -> io::Result<()> {
    let reason = reason(status);
    let date = httpdate::fmt_http_date(SystemTime::now());
    let length = body.len();
    let connection = if close { "close" } else { "keep-alive" };
    let text = format!(
        "HTTP/1.1 {status} {reason}\r\nDate: {date}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\
         Connection: {connection}\r\n{head}\r\n{body}"
    );
    stream.write_all(text.as_bytes())?;
    stream.flush()
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        411 => "Length Required",
        413 => "Content Too Large",
        422 => "Unprocessable Content",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        _ => "Other",
    }
}
