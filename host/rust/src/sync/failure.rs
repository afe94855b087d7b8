//! Why a request got no answer, in the judge's few words. Nothing of what the other side has sent is in them, nor of the
//! request.

use std::io::{self, ErrorKind};

use serde::Serialize;
use ureq::Timeout;

use super::tls;

/// What sort of failure it was; the judge decides by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Failure {
    /// The host's name leads nowhere.
    Dns,
    /// Nothing listens there, or it is out of reach.
    Connect,
    /// The handshake failed.
    Tls,
    /// No answer in time.
    Timeout,
    /// The connection broke.
    Reset,
    /// What came back is not HTTP as we know it.
    Protocol,
}

/// The sort of failure, and a short text for people.
pub(super) fn of(error: &ureq::Error) -> (Failure, String) {
    let (failure, message) = match error {
        ureq::Error::Io(error) => return of_io(error),
        ureq::Error::Rustls(error) => (Failure::Tls, tls::reason(error)),
        ureq::Error::Tls(_) | ureq::Error::TlsRequired => (Failure::Tls, "the TLS handshake failed"),
        ureq::Error::HostNotFound | ureq::Error::Timeout(Timeout::Resolve) => (Failure::Dns, NO_NAME),
        ureq::Error::Timeout(Timeout::Connect) => (Failure::Connect, "no connection within 10 s"),
        ureq::Error::Timeout(_) => (Failure::Timeout, TOO_LATE),
        ureq::Error::ConnectionFailed => (Failure::Connect, "no connection"),
        // It has but the proxy's status code in it.
        ureq::Error::ConnectProxyFailed(_) => (Failure::Connect, "the proxy does not let the connection through"),
        ureq::Error::LargeResponseHeader(..) => (Failure::Protocol, "the head of the answer is too large"),
        _ => (Failure::Protocol, "the answer is no HTTP/1.1"),
    };
    (failure, message.into())
}

const NO_NAME: &str = "the name of the host cannot be resolved";
const TOO_LATE: &str = "no whole answer in time";

fn of_io(error: &io::Error) -> (Failure, String) {
    if let Some(error) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        return (Failure::Tls, tls::reason(error).into());
    }
    if let Some(error) = error.get_ref().and_then(|inner| inner.downcast_ref::<ureq::Error>()) {
        return of(error);
    }
    let failure = match error.kind() {
        ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe
        | ErrorKind::UnexpectedEof
        | ErrorKind::NotConnected => Failure::Reset,
        ErrorKind::TimedOut | ErrorKind::WouldBlock => return (Failure::Timeout, TOO_LATE.into()),
        ErrorKind::InvalidData => return (Failure::Protocol, "the answer is no HTTP/1.1".into()),
        // The standard library has a text for it, and no kind.
        _ if error.to_string().starts_with("failed to lookup address") => return (Failure::Dns, NO_NAME.into()),
        _ => Failure::Connect,
    };
    let what = if failure == Failure::Reset { "the connection broke" } else { "no connection" };
    // Of the operating system only its name for what happened.
    (failure, format!("{what}: {}", error.kind()))
}
