//! The receiver by plain sockets, and by the worker with the real judge and the real outbox.

mod drained;

use std::io::{Read, Write};

use serde_json::Value;

use super::*;

pub(super) fn options() -> ReceiverOptions {
    ReceiverOptions { listen: "127.0.0.1:0".parse().unwrap(), store: None, key: None, faults: Faults::default() }
}

fn id(number: usize) -> String {
    format!("019cf5a6-e32c-7940-b859-{number:012x}")
}

fn events(numbers: std::ops::Range<usize>) -> String {
    let event = |number| format!(r#"{{"event_id":"{}","event_type":"T{}"}}"#, id(number), number % 2);
    format!(r#"{{"events":[{}]}}"#, numbers.map(event).collect::<Vec<_>>().join(","))
}

/// Sends bytes, and reads until the other side closes.
fn raw(receiver: &Receiver, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(receiver.address).unwrap();
    stream.write_all(request).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn request(method: &str, path: &str, head: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\nContent-Length: {length}\r\n{head}\r\n");
    [head.as_bytes(), body].concat()
}

fn post(receiver: &Receiver, head: &str, body: &str) -> (u16, Value) {
    answer(&raw(receiver, &request("POST", "/v1/events", head, body.as_bytes())))
}

#[track_caller]
fn answer(text: &str) -> (u16, Value) {
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{text:?}"));
    (head.split(' ').nth(1).unwrap().parse().unwrap(), serde_json::from_str(body).unwrap())
}

#[test]
fn events_are_stored_once_and_counted_as_often_as_they_come() {
    let receiver = Receiver::start(options()).unwrap();
    let (status, body) = post(&receiver, "Idempotency-Key: a\r\n", &events(0..3));
    assert_eq!((status, body), (200, serde_json::json!({"accepted": 3, "rejected": []})));
    assert_eq!(post(&receiver, "Idempotency-Key: a\r\n", &events(0..3)).0, 200);
    assert_eq!(post(&receiver, "Idempotency-Key: a\r\n", &events(2..4)).1["accepted"], 2);
    let stats = receiver.stats().unwrap();
    let counts = (stats.events, stats.received, stats.received_twice, stats.batches, stats.batches_twice);
    assert_eq!((counts, stats.key_conflicts, stats.requests), ((4, 8, 3, 1, 1), 1, 3));
    let (status, body) = answer(&raw(&receiver, &request("GET", "/v1/stats", "", b"")));
    assert_eq!((status, &body["events"], &body["received_twice"]), (200, &4.into(), &3.into()));
}

#[test]
fn bodies_come_compressed_and_bombs_do_not() {
    let receiver = Receiver::start(options()).unwrap();
    let gzip = |text: &[u8]| {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(1));
        gzip.write_all(text).unwrap();
        gzip.finish().unwrap()
    };
    let send = |encoding: &str, body: &[u8]| {
        let head = format!("Content-Encoding: {encoding}\r\n");
        answer(&raw(&receiver, &request("POST", "/v1/events", &head, body))).0
    };
    assert_eq!(send("gzip", &gzip(events(0..5).as_bytes())), 200);
    assert_eq!(send("zstd", &zstd::encode_all(events(5..9).as_bytes(), 1).unwrap()), 200);
    assert_eq!(send("gzip", events(0..1).as_bytes()), 400);
    assert_eq!(send("br", b"x"), 415);
    let mebibyte = zstd::encode_all(vec![b' '; 1 << 20].as_slice(), 1).unwrap();
    assert_eq!(send("zstd", &mebibyte.repeat(65)), 413);
    assert_eq!(receiver.stats().unwrap().events, 9);
}

#[test]
fn what_is_no_request_is_refused() {
    let receiver = Receiver::start(options()).unwrap();
    let status = |bytes: &[u8]| answer(&raw(&receiver, bytes)).0;
    assert_eq!(status(b"nonsense\r\n\r\n"), 400);
    assert_eq!(status(b"POST /v1/events HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"), 411);
    assert_eq!(status(b"POST /v1/events HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n"), 413);
    assert_eq!(status(b"POST /v1/events HTTP/1.1\r\nContent-Length: -1\r\n\r\n"), 400);
    assert_eq!(status(&request("PUT", "/v1/events", "", b"")), 405);
    assert_eq!(status(&request("GET", "/", "", b"")), 404);
    assert_eq!(status(format!("GET / HTTP/1.1\r\nX: {}", "x".repeat(70_000)).as_bytes()), 431);
    for body in ["", "[]", "{}", r#"{"events":{}}"#, r#"{"events":[{}]}"#, r#"{"events":[5]}"#] {
        assert_eq!(post(&receiver, "", body).0, 400, "{body}");
    }
    assert_eq!(post(&receiver, "", r#"{"events":[]}"#).0, 200);
    assert_eq!(receiver.stats().unwrap().events, 0);
}

#[test]
fn requests_may_follow_each_other_on_one_connection() {
    let receiver = Receiver::start(options()).unwrap();
    let body = events(0..1);
    let first = format!("POST /v1/events HTTP/1.1\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let text = raw(&receiver, &[first.as_bytes(), &request("GET", "/v1/stats", "", b"")].concat());
    assert_eq!(text.matches("HTTP/1.1 200 OK").count(), 2, "{text}");
}

#[test]
fn another_key_is_refused_when_one_is_wanted() {
    let key = ApiKey::find_in(Some("right".into()), None).unwrap();
    let receiver = Receiver::start(ReceiverOptions { key, ..options() }).unwrap();
    assert_eq!(post(&receiver, "", &events(0..1)).0, 401);
    assert_eq!(post(&receiver, "Authorization: Bearer wrong\r\n", &events(0..1)).0, 401);
    assert_eq!(post(&receiver, "Authorization: Bearer right\r\n", &events(0..1)).0, 200);
}

#[test]
fn it_refuses_throttles_rejects_and_loses_when_it_is_told_to() {
    let start = |faults| Receiver::start(ReceiverOptions { faults, ..options() }).unwrap();
    let refuse = start(Faults { refuse: Some("503:2".parse().unwrap()), ..Faults::default() });
    let statuses: Vec<_> = (0..3).map(|_| post(&refuse, "", &events(0..1)).0).collect();
    assert_eq!(statuses, [503, 503, 200]);

    let throttle = start(Faults { throttle: Some(0.001), ..Faults::default() });
    assert_eq!(post(&throttle, "", &events(0..10)).0, 200);
    let text = raw(&throttle, &request("POST", "/v1/events", "", events(10..11).as_bytes()));
    assert!(text.starts_with("HTTP/1.1 429") && text.contains("Retry-After: "), "{text}");

    let reject = start(Faults { reject: vec!["T1".into()], ..Faults::default() });
    let (_, body) = post(&reject, "", &events(0..4));
    assert_eq!((&body["accepted"], body["rejected"].as_array().unwrap().len()), (&2.into(), 2));
    assert_eq!(body["rejected"][0]["event_id"], id(1));

    let lose = start(Faults { lose_percent: 100.0, ..Faults::default() });
    assert_eq!(raw(&lose, &request("POST", "/v1/events", "", events(0..4).as_bytes())), "");
    let stats = lose.stats().unwrap();
    assert_eq!((stats.events, stats.answers_lost), (4, 1));
}

#[test]
fn the_same_seed_loses_the_same_share() {
    let lost = |seed| {
        let mut mishaps = Mishaps::new(&Faults { lose_percent: 20.0, seed: Some(seed), ..Faults::default() });
        (0..10_000).map(|_| mishaps.lose()).collect::<Vec<_>>()
    };
    assert_eq!(lost(7), lost(7));
    let share = lost(7).iter().filter(|lost| **lost).count();
    assert!((1_800..2_200).contains(&share), "{share}");
}

#[test]
fn only_loopback_is_listened_to() {
    for listen in ["0.0.0.0:0", "192.0.2.1:1", "[::]:0"] {
        let error = Receiver::start(ReceiverOptions { listen: listen.parse().unwrap(), ..options() });
        assert!(error.map(drop).unwrap_err().to_string().contains("loopback only"));
    }
}

#[test]
fn what_was_stored_is_there_after_a_restart() {
    let folder = tempfile::TempDir::new().unwrap();
    let store = Some(folder.path().join("received.db"));
    for _ in 0..2 {
        let receiver = Receiver::start(ReceiverOptions { store: store.clone(), ..options() }).unwrap();
        post(&receiver, "Idempotency-Key: a\r\n", &events(0..3));
    }
    let stats = Receiver::start(ReceiverOptions { store, ..options() }).unwrap().stats().unwrap();
    assert_eq!((stats.events, stats.received_twice, stats.batches_twice), (3, 3, 1));
}

#[test]
fn refusals_are_read_and_nonsense_is_not() {
    assert_eq!("401".parse(), Ok(Refusal { status: 401, times: None }));
    assert_eq!("503:2 times".parse(), Ok(Refusal { status: 503, times: Some(2) }));
    for text in ["", "200", "600", "x", "503:", "503:x", "503:-1"] {
        assert!(text.parse::<Refusal>().is_err(), "{text}");
    }
}
