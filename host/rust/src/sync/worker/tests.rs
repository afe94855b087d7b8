//! The worker on a table in memory, against raw servers on loopback.

mod endpoint;
mod table;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use self::endpoint::{Endpoint, judge};
use self::table::{Table, id};
use super::*;
use crate::config::Compression;
use crate::sync::testing::{Server, Stream, answer};

/// No test comes near it.
const LONG: Duration = Duration::from_secs(60);

fn options(endpoint: &str, rows: u64) -> SyncOptions {
    SyncOptions {
        endpoint: endpoint.into(),
        api_key_file: None,
        ca_file: None,
        client_cert_file: None,
        client_key_file: None,
        compression: Compression::None,
        max_batch_rows: rows,
        max_batch_bytes: 1 << 20,
        timeout_ms: 5_000,
    }
}

fn key() -> ApiKey {
    ApiKey::find_in(Some("abx_live_0123456789".into()), None).unwrap().unwrap()
}

fn worker(table: &Table, endpoint: &str, rows: u64) -> SyncWorker {
    SyncWorker::start_on(table.courier(), options(endpoint, rows), key(), judge()).unwrap()
}

#[track_caller]
fn wait_for(worker: &SyncWorker, enough: impl FnMut(&Progress) -> bool) -> Progress {
    let mut enough = enough;
    let progress = worker.wait(LONG, &mut enough);
    assert!(enough(&progress), "{progress:?}");
    progress
}

#[test]
fn everything_that_waits_is_delivered_in_order_and_once() {
    let (table, endpoint) = (Table::new(1..1_001), Endpoint::taking());
    let worker = worker(&table, endpoint.url(), 100);
    wait_for(&worker, |progress| progress.drained);
    assert_eq!(worker.stop(LONG), Stopped { delivered: 1_000, dead: 0, pending: 0 });
    assert_eq!(table.count("COMPLETED"), 1_000);
    assert_eq!(endpoint.batches().concat(), (1..1_001).map(id).collect::<Vec<_>>());
    assert_eq!(endpoint.batches().len(), 10);
}

#[test]
fn what_is_stored_later_wakes_the_worker() {
    let (table, endpoint) = (Table::new(1..2), Endpoint::taking());
    let worker = worker(&table, endpoint.url(), 100);
    wait_for(&worker, |progress| progress.counts.delivered == 1);
    wait_for(&worker, |progress| progress.status == Status::Idle);
    assert_eq!(table.holder(), None, "an idle worker keeps no lease");
    table.append(2..5);
    wait_for(&worker, |progress| progress.counts.delivered == 4);
}

#[test]
fn stop_sends_what_waits_and_answers_the_same_again() {
    let (table, endpoint) = (Table::new(1..301), Endpoint::taking());
    let worker = worker(&table, endpoint.url(), 100);
    let stopped = worker.stop(LONG);
    assert_eq!(stopped, Stopped { delivered: 300, dead: 0, pending: 0 });
    assert_eq!(worker.stop(Duration::ZERO), stopped);
    assert_eq!(table.holder(), None);
    table.append(301..302);
    assert_eq!(worker.stop(LONG), stopped, "it has ended");
}

#[test]
fn stop_does_not_wait_longer_than_its_deadline() {
    let table = Table::new(1..11);
    let server = Server::start(|stream: &mut Stream| while !stream.wait(Duration::from_secs(1)) {});
    let worker = worker(&table, server.url(), 100);
    wait_for(&worker, |_| !server.requests().is_empty());
    let start = Instant::now();
    assert_eq!(worker.stop(Duration::from_millis(50)), Stopped { delivered: 0, dead: 0, pending: 10 });
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
    assert_eq!(table.holder(), None, "another worker need not wait");
}

#[test]
fn stop_ends_when_the_endpoint_takes_nothing() {
    let (table, server) = (Table::new(1..11), Server::start(answer("503 Service Unavailable", "", "")));
    let worker = worker(&table, server.url(), 100);
    wait_for(&worker, |progress| matches!(progress.status, Status::BackingOff { .. }));
    assert_eq!(worker.stop(LONG), Stopped { delivered: 0, dead: 0, pending: 10 });
    assert_eq!(table.state().0, "backing_off", "people can see what is wrong when the worker has gone");
}

#[test]
fn an_endpoint_that_fails_gets_the_same_batch_with_the_same_key_again() {
    let failures = AtomicUsize::new(3);
    let (table, endpoint) = (
        Table::new(1..51),
        Endpoint::start(move |stream, _| {
            let left = failures.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
            if left.is_err() {
                return false;
            }
            stream.write(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
            true
        }),
    );
    let worker = worker(&table, endpoint.url(), 20);
    // Rows that come meanwhile do not change what is sent again.
    table.append(51..61);
    wait_for(&worker, |progress| progress.counts.delivered == 60);
    let keys = endpoint.keys();
    assert_eq!(keys[0], format!("{}.{}.20", id(1), id(20)));
    assert!(keys[..4].iter().all(|key| *key == keys[0]), "{keys:?}");
    assert_eq!(table.retries(1), 3);
    assert_eq!(endpoint.stored(), 60);
}

#[test]
fn answers_that_are_lost_after_storing_have_no_double_effect() {
    let number = AtomicUsize::new(0);
    let (table, endpoint) = (
        Table::new(1..2_001),
        Endpoint::start(move |stream, _| {
            let lost = number.fetch_add(1, Ordering::SeqCst).is_multiple_of(5);
            if lost {
                stream.close();
            }
            lost
        }),
    );
    let worker = worker(&table, endpoint.url(), 50);
    wait_for(&worker, |progress| progress.drained);
    assert_eq!(worker.stop(LONG), Stopped { delivered: 2_000, dead: 0, pending: 0 });
    assert_eq!(endpoint.stored(), 2_000);
    assert!(endpoint.batches().len() >= 50, "{}", endpoint.batches().len());
}

#[test]
fn a_batch_that_is_too_large_is_halved_until_it_fits() {
    let (table, endpoint) = (
        Table::new(1..101),
        Endpoint::start(|stream, ids| {
            if ids.len() > 30 {
                stream.write(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n");
            }
            ids.len() > 30
        }),
    );
    let worker = worker(&table, endpoint.url(), 100);
    assert_eq!(worker.stop(LONG), Stopped { delivered: 100, dead: 0, pending: 0 });
    let lengths: Vec<_> = endpoint.batches().iter().map(Vec::len).collect();
    assert_eq!(lengths, [100, 50, 25, 25, 50, 25, 25]);
    let mut keys = endpoint.keys();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), 7, "each part has a key of its own");
}

#[test]
fn one_record_that_is_refused_is_found_by_halving_and_the_others_go_through() {
    let (table, endpoint) = (
        Table::new(1..1_001),
        Endpoint::start(|stream, ids| {
            let poison = ids.contains(&id(777));
            if poison {
                stream.write(b"HTTP/1.1 422 Unprocessable Content\r\nContent-Length: 0\r\n\r\n");
            }
            poison
        }),
    );
    let worker = worker(&table, endpoint.url(), 500);
    assert_eq!(worker.stop(LONG), Stopped { delivered: 999, dead: 1, pending: 0 });
    assert_eq!(table.dead(), [(777, "refused".to_owned())]);
    assert!(endpoint.batches().len() < 25, "{}", endpoint.batches().len());
}

#[test]
fn records_that_the_answer_rejects_are_dead_with_its_reason() {
    let (table, endpoint) = (
        Table::new(1..11),
        Endpoint::start(|stream, _| {
            let body = format!(r#"{{"accepted":9,"rejected":[{{"event_id":"{}","reason":"too old"}}]}}"#, id(4));
            stream.write(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
            true
        }),
    );
    let worker = worker(&table, endpoint.url(), 100);
    assert_eq!(worker.stop(LONG), Stopped { delivered: 9, dead: 1, pending: 0 });
    assert_eq!(table.dead(), [(4, "too old".to_owned())]);
}

#[test]
fn rows_that_are_no_records_are_dead_and_the_others_go_through() {
    let (table, endpoint) = (Table::new(1..10_001), Endpoint::taking());
    table.spoil(5_000, "no json");
    table.spoil(1, "");
    table.spoil(10_000, r#"{"event_id":"another"}"#);
    let worker = worker(&table, endpoint.url(), 1_000);
    assert_eq!(worker.stop(LONG), Stopped { delivered: 9_997, dead: 3, pending: 0 });
    assert!(table.dead().iter().all(|(_, reason)| reason.starts_with("not a record: ")), "{:?}", table.dead());
}

#[test]
fn nothing_but_rows_that_are_no_records_is_drained_too() {
    let (table, endpoint) = (Table::new(1..4), Endpoint::taking());
    (1..4).for_each(|row| table.spoil(row, "[]"));
    let worker = worker(&table, endpoint.url(), 2);
    wait_for(&worker, |progress| progress.drained && progress.counts.dead == 3);
    assert!(endpoint.batches().is_empty());
}

#[test]
fn a_refused_key_pauses_without_loss_and_a_new_one_in_the_file_is_tried() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("key");
    let write = |key: &str| {
        use std::os::unix::fs::PermissionsExt;
        std::fs::write(&path, key).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    };
    write("old");
    let table = Table::new(1..11);
    let server = Server::start(|stream: &mut Stream| {
        let good = stream.head().to_ascii_lowercase().contains("authorization: bearer new");
        stream.write(if good {
            b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        } else {
            b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"
        });
    });
    let options = SyncOptions { api_key_file: Some(path.clone()), ..options(server.url(), 100) };
    let worker = SyncWorker::start_on(table.courier(), options, key(), judge()).unwrap();
    let paused = wait_for(&worker, |progress| matches!(progress.status, Status::Paused { .. }));
    assert_eq!((paused.counts.delivered, paused.counts.dead), (0, 0));
    write("new");
    wait_for(&worker, |progress| progress.counts.delivered == 10);
}

#[test]
fn a_missing_certificate_pauses_and_says_so() {
    let table = Table::new(1..2);
    let options = SyncOptions { ca_file: Some("/nowhere/ca.pem".into()), ..options("https://localhost:1", 100) };
    let worker = SyncWorker::start_on(table.courier(), options, key(), judge()).unwrap();
    let paused = wait_for(&worker, |progress| matches!(progress.status, Status::Paused { .. }));
    assert!(format!("{paused:?}").contains("/nowhere/ca.pem"), "{paused:?}");
    assert_eq!(table.state().0, "paused");
    assert_eq!(worker.stop(LONG).pending, 1);
}

#[test]
fn one_of_two_workers_stands_by_and_takes_over() {
    let (table, endpoint) = (Table::new(1..1), Endpoint::taking());
    table.hold("another process");
    table.append(1..11);
    let worker = worker(&table, endpoint.url(), 100);
    wait_for(&worker, |progress| progress.status == Status::StandingBy);
    assert!(endpoint.batches().is_empty());
    table.free();
    wait_for(&worker, |progress| progress.counts.delivered == 10);
}

#[test]
fn a_lost_lease_stops_the_worker_and_nothing_is_settled() {
    let table = Table::new(1..101);
    let stolen = std::sync::Arc::new(AtomicBool::new(false));
    let (thief, seen) = (table.clone(), std::sync::Arc::clone(&stolen));
    let endpoint = Endpoint::start(move |_, _| {
        if !seen.swap(true, Ordering::SeqCst) {
            thief.hold("another process");
        }
        false
    });
    let worker = worker(&table, endpoint.url(), 10);
    wait_for(&worker, |progress| progress.status == Status::StandingBy);
    assert_eq!(table.count("COMPLETED"), 0);
    table.free();
    wait_for(&worker, |progress| progress.counts.delivered == 100);
    assert_eq!(endpoint.stored(), 100);
}

#[test]
fn the_lease_beats_while_an_answer_is_slow() {
    let (table, server) = (
        Table::new(1..2),
        Server::start(|stream: &mut Stream| {
            let _ = stream.wait(Duration::from_millis(2_500));
            stream.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        }),
    );
    let worker = worker(&table, server.url(), 100);
    wait_for(&worker, |progress| progress.counts.delivered == 1);
    assert!(table.beats() >= 2, "{}", table.beats());
}

#[test]
fn an_outbox_that_fails_for_a_while_loses_nothing() {
    let (table, endpoint) = (Table::new(1..101), Endpoint::taking());
    table.fail("settle", 2);
    table.fail("claim", 1);
    let worker = worker(&table, endpoint.url(), 10);
    wait_for(&worker, |progress| progress.counts.delivered == 100);
    assert_eq!(table.count("COMPLETED"), 100);
    assert_eq!(endpoint.stored(), 100);
}

#[test]
fn a_judge_that_fails_loses_nothing() {
    let (table, endpoint) = (Table::new(1..11), Endpoint::taking());
    let (first, judge) = (AtomicBool::new(true), judge());
    let broken: Judge = Box::new(move |batch, answer| match first.swap(false, Ordering::SeqCst) {
        true => Err(Error::new(ErrorKind::Trap, "trapped")),
        false => judge(batch, answer),
    });
    let worker = SyncWorker::start_on(table.courier(), options(endpoint.url(), 100), key(), broken).unwrap();
    wait_for(
        &worker,
        |progress| matches!(&progress.status, Status::BackingOff { reason, .. } if reason.contains("bug")),
    );
    assert_eq!(worker.stop(LONG).pending, 10);
}

#[test]
fn a_row_larger_than_a_batch_goes_alone() {
    let (table, endpoint) = (Table::new(1..4), Endpoint::taking());
    table.spoil(2, &format!(r#"{{"event_id":"{}","x":"{}"}}"#, id(2), "x".repeat(2 << 20)));
    let worker = worker(&table, endpoint.url(), 100);
    assert_eq!(worker.stop(LONG).delivered, 3);
    assert_eq!(endpoint.batches().iter().map(Vec::len).collect::<Vec<_>>(), [1, 1, 1]);
}

#[test]
fn waiting_costs_no_processor_time() {
    let (table, server) =
        (Table::new(1..11), Server::start(answer("503 Service Unavailable", "Retry-After: 3600\r\n", "")));
    let worker = worker(&table, server.url(), 100);
    wait_for(&worker, |progress| matches!(progress.status, Status::BackingOff { .. }));
    let before = table.calls();
    worker.wait(Duration::from_millis(1_500), |_| false);
    let calls = table.calls() - before;
    assert!(calls < 20, "{calls} calls in 1.5 s");
}
