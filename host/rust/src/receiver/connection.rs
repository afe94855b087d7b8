//! One connection: requests in, answers out, and whatever is to go wrong.

use std::io::{self, Read};
use std::net::TcpStream;
use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::json;

use super::batch::{self, Batch};
use super::http::{self, Fault, Request};
use super::{Shared, fault};

/// A connection on which nothing comes for so long is closed.
const IDLE: Duration = Duration::from_secs(90);

/// What becomes of a request.
struct Reply {
    status: u16,
    head: String,
    body: String,
    /// Whether not a byte of it is sent.
    lost: bool,
}

/// Serves until the other side goes, or this is the end.
pub(super) fn serve(stream: &TcpStream, shared: &Shared) {
    let _ = stream.set_nodelay(true);
    let _ = stream.set_read_timeout(Some(IDLE));
    let _ = stream.set_write_timeout(Some(IDLE));
    let (mut stream, mut buffer) = (stream, Vec::new());
    while !shared.has_ended() {
        let (reply, close) = match http::read(&mut stream, &mut buffer) {
            Ok(request) => (reply(&request, shared), !request.keep_alive),
            Err(Fault::Refused(status, why)) => (Reply::refused(status, why), true),
            Err(Fault::Gone) => return,
        };
        shared.requests.fetch_add(1, Ordering::SeqCst);
        if reply.status >= 300 {
            shared.refused.fetch_add(1, Ordering::SeqCst);
        }
        if !shared.faults.delay.is_zero() {
            shared.wait(shared.faults.delay);
        }
        if reply.lost {
            shared.lost.fetch_add(1, Ordering::SeqCst);
            return;
        }
        if http::answer(&mut stream, reply.status, &reply.head, &reply.body, close).is_err() {
            return;
        }
        if close {
            return leave(stream);
        }
    }
}

/// What the other side still sends would make the system take the answer back.
fn leave(stream: &TcpStream) {
    let _ = stream.shutdown(std::net::Shutdown::Write);
    let _ = stream.set_read_timeout(Some(Duration::from_secs(1)));
    let _ = io::copy(&mut stream.take(http::LONGEST_BODY as u64), &mut io::sink());
}

fn reply(request: &Request, shared: &Shared) -> Reply {
    match (request.method.as_str(), request.path.split('?').next().unwrap_or_default()) {
        ("GET", "/v1/stats") => match shared.stats().map(|stats| serde_json::to_string(&stats)) {
            Ok(Ok(stats)) => Reply::good(stats),
            _ => Reply::refused(500, "the store cannot be read"),
        },
        ("POST", "/v1/events") => events(request, shared),
        (_, "/v1/stats" | "/v1/events") => Reply::refused(405, "no such method here"),
        _ => Reply::refused(404, "there are only /v1/events and /v1/stats"),
    }
}

fn events(request: &Request, shared: &Shared) -> Reply {
    if let Some(key) = &shared.key {
        let given = request.authorization.as_deref().unwrap_or_default();
        if !key.is(given.strip_prefix(b"Bearer ").unwrap_or_default()) {
            return Reply::refused(401, "another key is wanted");
        }
    }
    if let Some(status) = shared.mishaps().refuse() {
        return Reply::refused(status, "told to refuse");
    }
    let body = match batch::decode(&request.body, request.encoding.as_deref()) {
        Ok(body) => body,
        Err((status, why)) => return Reply::refused(status, why),
    };
    let batch = match Batch::parse(&body) {
        Ok(batch) => batch,
        Err(why) => return Reply::refused(400, why),
    };
    if let Some(seconds) = shared.mishaps().throttle(batch.events.len()) {
        let head = format!("Retry-After: {seconds}\r\n");
        return Reply { head, ..Reply::refused(429, "told to be slower") };
    }
    let (refused, taken): (Vec<_>, Vec<_>) =
        batch.events.iter().partition(|event| shared.faults.reject.iter().any(|name| *name == event.event_type));
    if shared.store().put(request.idempotency_key.as_deref(), batch.digest(), &taken).is_err() {
        return Reply::refused(500, "the store cannot be written");
    }
    shared.rejected.fetch_add(refused.len() as u64, Ordering::SeqCst);
    let rejected: Vec<_> = refused
        .iter()
        .map(|event| json!({"event_id": event.event_id, "reason": "this receiver was told to reject the type"}))
        .collect();
    let lost = !batch.events.is_empty() && shared.mishaps().lose();
    Reply { lost, ..Reply::good(json!({"accepted": taken.len(), "rejected": rejected}).to_string()) }
}

impl Reply {
    fn good(body: String) -> Self {
        Self { status: 200, head: String::new(), body, lost: false }
    }

    fn refused(status: u16, why: &str) -> Self {
        let head = fault::head_of(status);
        Self { status, head, body: json!({"error": why}).to_string(), lost: false }
    }
}
