//! The transport against raw servers on loopback that answer, and misbehave, byte by byte.

mod refusals;
mod secure;

use std::time::{Duration, Instant};

use super::*;
use crate::config::Compression;
use crate::sync::testing::{Server, Stream, answer};

const KEY: &str = "abx_live_0123456789";

fn options(endpoint: &str) -> SyncOptions {
    SyncOptions {
        endpoint: endpoint.into(),
        api_key_file: None,
        ca_file: None,
        client_cert_file: None,
        client_key_file: None,
        compression: Compression::None,
        max_batch_rows: 500,
        max_batch_bytes: 1 << 20,
        timeout_ms: 5_000,
    }
}

fn key() -> ApiKey {
    ApiKey::find_in(Some(KEY.into()), None).unwrap().unwrap()
}

fn transport(options: &SyncOptions) -> Transport {
    Transport::with_proxy(options, &key(), "", "").unwrap()
}

fn send(transport: &Transport) -> Answer {
    let body = br#"{"events":[]}"#;
    transport.send(&Request { body, encoding: None, idempotency_key: "one.two.2" })
}

#[track_caller]
fn status(answer: &Answer) -> (u16, &str, bool) {
    match answer {
        Answer::Response { status, body, body_complete, .. } => (*status, body, *body_complete),
        Answer::Failure { .. } => panic!("{answer:?}"),
    }
}

#[track_caller]
fn failed(answer: &Answer, wanted: Failure) -> &str {
    match answer {
        Answer::Failure { failure, message } if *failure == wanted => {
            assert!(!message.contains(KEY), "{message}");
            message
        }
        _ => panic!("{answer:?}"),
    }
}

#[test]
fn a_batch_is_posted_with_its_headers_and_the_answer_comes_back_whole() {
    let head = "Retry-After: 120\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n";
    let server = Server::start(answer("200 OK", head, r#"{"accepted":0}"#));
    let transport = transport(&options(&format!("{}/base/", server.url())));
    let body = [0x1f, 0x8b, 0, 255];
    let got = transport.send(&Request { body: &body, encoding: Some("gzip"), idempotency_key: "one.two.2" });
    let Answer::Response { status: 200, retry_after, date, now, body: text, body_complete: true } = got else {
        panic!("{got:?}")
    };
    assert_eq!((retry_after.as_deref(), date.as_deref()), (Some("120"), Some("Sun, 06 Nov 1994 08:49:37 GMT")));
    assert_eq!(text, r#"{"accepted":0}"#);
    assert!(now > 1_600_000_000);

    let (head, sent) = server.requests().remove(0);
    assert!(head.starts_with("POST /base/v1/events HTTP/1.1\r\n"), "{head}");
    let lines: Vec<String> = head.lines().map(str::to_ascii_lowercase).collect();
    for line in [
        &format!("authorization: bearer {KEY}"),
        "content-type: application/json",
        "content-encoding: gzip",
        "content-length: 4",
        "idempotency-key: one.two.2",
        concat!("user-agent: auditbox/", env!("CARGO_PKG_VERSION")),
    ] {
        assert!(lines.iter().any(|sent| sent == line), "{line} is not in {head}");
    }
    assert!(!lines.iter().any(|line| line.starts_with("accept-encoding") || line.starts_with("expect")), "{head}");
    assert_eq!(sent, body);
}

#[test]
fn an_uncompressed_body_names_no_encoding() {
    let server = Server::start(answer("200 OK", "", ""));
    send(&transport(&options(server.url())));
    let (head, body) = server.requests().remove(0);
    assert!(!head.to_ascii_lowercase().contains("content-encoding"), "{head}");
    assert_eq!(body, br#"{"events":[]}"#);
}

#[test]
fn one_connection_serves_many_batches() {
    let server = Server::start(answer("200 OK", "", "{}"));
    let transport = transport(&options(server.url()));
    for _ in 0..5 {
        assert_eq!(status(&send(&transport)), (200, "{}", true));
    }
    assert_eq!((server.requests().len(), server.connections()), (5, 1));
}

#[test]
fn every_status_is_an_answer_and_no_redirect_is_followed() {
    for (line, code) in [
        ("204 No Content", 204),
        ("301 Moved Permanently", 301),
        ("302 Found", 302),
        ("307 Temporary Redirect", 307),
        ("308 Permanent Redirect", 308),
        ("400 Bad Request", 400),
        ("401 Unauthorized", 401),
        ("403 Forbidden", 403),
        ("408 Request Timeout", 408),
        ("413 Content Too Large", 413),
        ("422 Unprocessable Content", 422),
        ("429 Too Many Requests", 429),
        ("500 Internal Server Error", 500),
        ("503 Service Unavailable", 503),
    ] {
        let elsewhere = Server::start(answer("200 OK", "", "{}"));
        let location = format!("Location: {}/\r\n", elsewhere.url());
        let server = Server::start(answer(line, &location, if code == 204 { "" } else { "why" }));
        let got = send(&transport(&options(server.url())));
        assert_eq!(status(&got).0, code);
        assert!(elsewhere.requests().is_empty(), "{line}");
    }
}

#[test]
fn answers_serialise_as_the_judge_reads_them() {
    let server = Server::start(answer("429 Too Many Requests", "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n", "x"));
    let json = serde_json::to_value(send(&transport(&options(server.url())))).unwrap();
    let now = json["now"].as_u64().unwrap();
    assert_eq!(
        json,
        serde_json::json!({
            "status": 429, "retry_after": "Sun, 06 Nov 1994 08:49:37 GMT", "date": null, "now": now,
            "body": "x", "body_complete": true,
        })
    );
    let failure = Answer::Failure { failure: Failure::Dns, message: "why".into() };
    let json = serde_json::to_value(failure).unwrap();
    assert_eq!(json, serde_json::json!({"failure": "dns", "message": "why"}));
}

#[test]
fn a_body_without_end_is_cut_and_its_connection_closed() {
    let server = Server::start(|stream: &mut Stream| {
        stream.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        let chunk = [&b"10000\r\n"[..], &[b'x'; 0x10000], b"\r\n"].concat();
        while stream.try_write(&chunk) {}
    });
    let transport = transport(&options(server.url()));
    for _ in 0..2 {
        let got = send(&transport);
        let (code, body, complete) = status(&got);
        assert_eq!((code, body.len(), complete), (200, 1 << 20, false));
    }
    assert_eq!(server.connections(), 2);
}

#[test]
fn a_body_of_the_largest_size_is_whole() {
    let body = "x".repeat(1 << 20);
    let server = Server::start(answer("200 OK", "", &body));
    let got = send(&transport(&options(server.url())));
    let (code, got, complete) = status(&got);
    assert_eq!((code, got.len(), complete), (200, body.len(), true));
}

#[test]
fn a_body_that_is_cut_off_is_said_to_be_incomplete() {
    let server = Server::start(|stream: &mut Stream| {
        stream.write(b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{\"accepted\"");
        stream.close();
    });
    assert_eq!(status(&send(&transport(&options(server.url())))), (200, r#"{"accepted""#, false));
}

#[test]
fn a_body_that_is_not_utf_8_is_no_trap() {
    let server = Server::start(|stream: &mut Stream| {
        stream.write(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n\xff{}");
    });
    assert_eq!(status(&send(&transport(&options(server.url())))), (200, "\u{fffd}{}", true));
}

#[test]
fn a_slow_answer_is_given_up_when_the_time_is_over() {
    let server = Server::start(|stream: &mut Stream| {
        stream.write(b"HTTP/1.1 200 OK\r\n");
        // One byte at a time, each in time for itself.
        while stream.try_write(b"X") && !stream.wait(Duration::from_millis(20)) {}
    });
    let mut options = options(server.url());
    options.timeout_ms = 300;
    let start = Instant::now();
    let got = send(&transport(&options));
    failed(&got, Failure::Timeout);
    let took = start.elapsed();
    assert!(took >= Duration::from_millis(300) && took < Duration::from_secs(20), "{took:?}");
}

#[test]
fn a_slow_body_leaves_the_status_but_is_given_up_in_time() {
    let server = Server::start(|stream: &mut Stream| {
        stream.write(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 100000\r\n\r\n");
        while stream.try_write(b"x") && !stream.wait(Duration::from_millis(20)) {}
    });
    let mut options = options(server.url());
    options.timeout_ms = 300;
    let got = send(&transport(&options));
    let (code, body, complete) = status(&got);
    assert!(code == 413 && body.starts_with('x') && !complete, "{got:?}");
}

#[test]
fn a_server_that_never_answers_is_given_up_when_the_time_is_over() {
    let server = Server::start(|stream: &mut Stream| while !stream.wait(Duration::from_secs(1)) {});
    let mut options = options(server.url());
    options.timeout_ms = 200;
    failed(&send(&transport(&options)), Failure::Timeout);
}
