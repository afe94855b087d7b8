//! One request, one answer: moves bytes to the endpoint and back, and decides nothing. It knows no rows and no verdicts.
//!
//! Everything has an end: a request as a whole, connecting, the size of the answer's head and of its body. Redirects
//! are answers like others.

use std::io::Read;
use std::net::IpAddr;
use std::time::{Duration, SystemTime};

use serde::Serialize;
use ureq::http::{HeaderMap, HeaderName, HeaderValue, Uri, header};
use ureq::{Agent, Proxy, ProxyProtocol};

use super::failure::{self, Failure};
use super::key::ApiKey;
use super::tls;
use crate::config::SyncOptions;
use crate::error::{Error, ErrorKind};

/// Longest name resolution, and longest way to a connection that is ready.
const CONNECT: Duration = Duration::from_secs(10);
/// How much of an answer's body is read: an answer that rejects each of 10,000 events with a reason fits well.
const LONGEST_BODY: u64 = 1 << 20;
/// How much of an answer's head is read.
const LONGEST_HEAD: usize = 32 << 10;
/// Below the 75 s after which common servers close; a connection that was closed meanwhile is noticed.
const IDLE: Duration = Duration::from_secs(60);

/// A way to one endpoint, with the connection that is kept open between requests.
pub(crate) struct Transport {
    agent: Agent,
    events: Uri,
    authorization: HeaderValue,
}

/// What is sent.
pub(crate) struct Request<'a> {
    /// The body as it travels.
    pub(crate) body: &'a [u8],
    /// How it is compressed; `None`: not at all.
    pub(crate) encoding: Option<&'static str>,
    /// The same for the same batch, however often it is sent.
    pub(crate) idempotency_key: &'a str,
}

/// What came back; serialises to the judge's answer.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Answer {
    /// The endpoint, or something on the way, has answered.
    Response {
        status: u16,
        retry_after: Option<String>,
        date: Option<String>,
        /// Unix time of this machine, in seconds.
        now: u64,
        /// Its beginning, when it is not complete; what is not UTF-8 is replaced.
        body: String,
        body_complete: bool,
    },
    /// There was no answer.
    Failure { failure: Failure, message: String },
}

impl Transport {
    /// Prepares the way; nothing is sent yet.
    ///
    /// # Errors
    /// When the endpoint is none, when the proxy of the environment cannot be used, and as [`tls::config`].
    pub(crate) fn new(options: &SyncOptions, key: &ApiKey) -> Result<Self, Error> {
        let proxy = std::env::var("ALL_PROXY").or_else(|_| std::env::var("all_proxy"));
        let proxy = std::env::var("HTTPS_PROXY").or_else(|_| std::env::var("https_proxy")).or(proxy);
        let no_proxy = std::env::var("NO_PROXY").or_else(|_| std::env::var("no_proxy"));
        Self::with_proxy(options, key, &proxy.unwrap_or_default(), &no_proxy.unwrap_or_default())
    }

    /// As `new`, with a proxy and the hosts that are not behind it instead of those of the environment; may be empty.
    pub(super) fn with_proxy(options: &SyncOptions, key: &ApiKey, proxy: &str, no_proxy: &str) -> Result<Self, Error> {
        let events = format!("{}/v1/events", options.endpoint.trim_end_matches('/'));
        let events: Uri = events.parse().map_err(|_| not_an_endpoint())?;
        let loopback = is_loopback(events.host().ok_or_else(not_an_endpoint)?);
        let encrypted = match events.scheme_str() {
            Some("https") => true,
            Some("http") if loopback => false,
            _ => return Err(not_an_endpoint()),
        };
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            .https_only(encrypted)
            .max_redirects(0)
            .proxy(if loopback { None } else { find_proxy(proxy, no_proxy)? })
            .user_agent(concat!("auditbox/", env!("CARGO_PKG_VERSION")))
            .accept("application/json")
            .max_response_header_size(LONGEST_HEAD)
            .max_idle_connections(1)
            .max_idle_age(IDLE)
            .timeout_global(Some(Duration::from_millis(options.timeout_ms)))
            .timeout_resolve(Some(CONNECT))
            .timeout_connect(Some(CONNECT));
        if encrypted {
            config = config.tls_config(tls::config(options)?);
        }
        Ok(Self { agent: config.build().new_agent(), events, authorization: key.header()? })
    }

    /// Sends one batch, and waits for the answer: no longer than `timeout_ms` says.
    pub(crate) fn send(&self, request: &Request<'_>) -> Answer {
        let post = self
            .agent
            .post(&self.events)
            .header(header::AUTHORIZATION, &self.authorization)
            .header(header::CONTENT_TYPE, "application/json")
            .header(HeaderName::from_static("idempotency-key"), request.idempotency_key);
        let post = match request.encoding {
            Some(encoding) => post.header(header::CONTENT_ENCODING, encoding),
            None => post,
        };
        match post.send(request.body) {
            Ok(response) => Answer::read(response),
            Err(error) => {
                let (failure, message) = failure::of(&error);
                Answer::Failure { failure, message }
            }
        }
    }
}

impl Answer {
    fn read(response: ureq::http::Response<ureq::Body>) -> Self {
        let (head, body) = response.into_parts();
        let mut bytes = Vec::new();
        // The status counts even where the rest does not come. A connection that is not read to the end is closed.
        let read = body.into_reader().take(LONGEST_BODY + 1).read_to_end(&mut bytes);
        let longest = usize::try_from(LONGEST_BODY).unwrap_or(usize::MAX);
        let body_complete = read.is_ok() && bytes.len() <= longest;
        bytes.truncate(longest);
        Self::Response {
            status: head.status.as_u16(),
            retry_after: text(&head.headers, &header::RETRY_AFTER),
            date: text(&head.headers, &header::DATE),
            now: SystemTime::UNIX_EPOCH.elapsed().map_or(0, |elapsed| elapsed.as_secs()),
            body: String::from_utf8_lossy(&bytes).into_owned(),
            body_complete,
        }
    }
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

fn is_loopback(host: &str) -> bool {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    bare.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The configuration is checked by the guest; this is for those who come another way.
fn not_an_endpoint() -> Error {
    Error::new(ErrorKind::Config, "the endpoint is not `https://host[:port][/path]`, nor `http://` on loopback")
}

/// It may hold a password, and is therefore not repeated.
fn find_proxy(proxy: &str, no_proxy: &str) -> Result<Option<Proxy>, Error> {
    if proxy.is_empty() {
        return Ok(None);
    }
    let refused = || {
        let message = "the proxy of the environment (`HTTPS_PROXY`) is not `http://host:port` or `https://host:port`";
        Error::new(ErrorKind::Config, message)
    };
    let given = Proxy::new(proxy).map_err(|_| refused())?;
    if !matches!(given.protocol(), ProxyProtocol::Http | ProxyProtocol::Https) {
        return Err(refused());
    }
    let mut built = Proxy::builder(given.protocol()).host(given.host()).port(given.port());
    if let Some(name) = given.username() {
        built = built.username(name);
    }
    if let Some(password) = given.password() {
        built = built.password(password);
    }
    for host in no_proxy.split(',').map(str::trim).filter(|host| !host.is_empty()) {
        built = built.no_proxy(host);
    }
    built.build().map(Some).map_err(|_| refused())
}

#[cfg(test)]
mod tests;
