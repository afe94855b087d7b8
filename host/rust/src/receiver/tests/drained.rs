//! An outbox, the worker, the guest's own judge and a receiver: what everything is for.

use std::path::Path;
use std::sync::LazyLock;
use std::time::Instant;

use tempfile::TempDir;

use super::*;
use crate::auditor::Auditor;
use crate::capability::outbox::{Options, Outbox, Row};
use crate::config::{Compression, SyncOptions};
use crate::sync::{Judge, Progress, Status, Stopped, SyncWorker};

/// No test comes near it.
const LONG: Duration = Duration::from_secs(120);

fn outbox(path: &Path) -> Arc<Outbox> {
    Arc::new(Outbox::open(Options::unlimited(path)).unwrap())
}

fn row(number: usize, body: String) -> Row {
    Row { event_id: id(number), event_type: "T".into(), agent_id: String::new(), body, durable: true }
}

fn append(outbox: &Outbox, numbers: std::ops::Range<usize>) {
    let rows = numbers.map(|number| {
        let event = format!(r#"{{"event_id":"{}","event_type":"T{}","payload":{number}}}"#, id(number), number % 10);
        row(number, event)
    });
    outbox.append(rows.collect(), true).unwrap().wait().unwrap();
}

fn sync(endpoint: &str, rows: u64) -> SyncOptions {
    SyncOptions {
        endpoint: endpoint.into(),
        api_key_file: None,
        ca_file: None,
        client_cert_file: None,
        client_key_file: None,
        compression: Compression::Gzip,
        max_batch_rows: rows,
        max_batch_bytes: 1 << 20,
        timeout_ms: 10_000,
    }
}

/// The guest, whose waits are a hundredth for the impatient.
fn judge() -> Judge {
    // Compiling it takes longer than all these tests.
    static AUDITOR: LazyLock<Auditor> = LazyLock::new(|| Auditor::builder().no_effects().build().unwrap());
    Box::new(|batch, answer| {
        let mut verdict: Value = serde_json::from_str(&AUDITOR.judge(batch, answer)?).unwrap();
        for bound in ["min_ms", "max_ms"] {
            if let Some(time) = verdict[bound].as_u64() {
                verdict[bound] = (time / 100).into();
            }
        }
        Ok(verdict.to_string())
    })
}

fn worker(outbox: &Arc<Outbox>, endpoint: &str, rows: u64) -> SyncWorker {
    let key = ApiKey::find_in(Some("right".into()), None).unwrap().unwrap();
    SyncWorker::start(outbox, sync(endpoint, rows), key, judge()).unwrap()
}

fn receiver(faults: Faults) -> Receiver {
    let key = ApiKey::find_in(Some("right".into()), None).unwrap();
    Receiver::start(ReceiverOptions { key, faults, ..options() }).unwrap()
}

#[track_caller]
fn wait_for(worker: &SyncWorker, mut enough: impl FnMut(&Progress) -> bool) -> Progress {
    let progress = worker.wait(LONG, &mut enough);
    assert!(enough(&progress), "{progress:?}");
    progress
}

#[test]
fn a_fifth_of_the_answers_lost_makes_no_double_effect_and_no_loss() {
    let folder = TempDir::new().unwrap();
    let outbox = outbox(&folder.path().join("outbox.db"));
    append(&outbox, 0..5_000);
    let receiver = receiver(Faults { lose_percent: 20.0, seed: Some(1), ..Faults::default() });
    let worker = worker(&outbox, receiver.url(), 100);
    wait_for(&worker, |progress| progress.drained);
    assert_eq!(worker.stop(LONG), Stopped { delivered: 5_000, dead: 0, pending: 0 });
    let stats = receiver.stats().unwrap();
    assert_eq!((stats.events, stats.key_conflicts), (5_000, 0));
    assert!(stats.answers_lost > 0 && stats.received_twice > 0, "{stats:?}");
}

#[test]
fn a_receiver_that_restarts_in_between_gets_everything_once() {
    let folder = TempDir::new().unwrap();
    let store = Some(folder.path().join("received.db"));
    let start = |listen: &str| {
        let faults = Faults { delay: Duration::from_millis(5), ..Faults::default() };
        let listen = listen.parse().unwrap();
        let options = || ReceiverOptions { listen, store: store.clone(), key: None, faults: faults.clone() };
        // The port may be in use for a moment after the first one.
        let deadline = Instant::now() + LONG;
        loop {
            match Receiver::start(options()) {
                Ok(receiver) => return receiver,
                Err(error) => assert!(Instant::now() < deadline, "{error}"),
            }
        }
    };
    let outbox = outbox(&folder.path().join("outbox.db"));
    append(&outbox, 0..5_000);
    let first = start("127.0.0.1:0");
    let address = first.address.to_string();
    let worker = worker(&outbox, first.url(), 50);
    wait_for(&worker, |progress| progress.counts.delivered >= 1_000);
    drop(first);
    wait_for(&worker, |progress| matches!(progress.status, Status::BackingOff { .. }));
    let second = start(&address);
    wait_for(&worker, |progress| progress.drained);
    assert_eq!(worker.stop(LONG), Stopped { delivered: 5_000, dead: 0, pending: 0 });
    let stats = second.stats().unwrap();
    assert_eq!((stats.events, stats.key_conflicts), (5_000, 0));
}

#[test]
fn rejected_events_are_dead_and_the_others_are_not() {
    let folder = TempDir::new().unwrap();
    let outbox = outbox(&folder.path().join("outbox.db"));
    append(&outbox, 0..1_000);
    let receiver = receiver(Faults { reject: vec!["T3".into()], ..Faults::default() });
    let worker = worker(&outbox, receiver.url(), 300);
    assert_eq!(worker.stop(LONG), Stopped { delivered: 900, dead: 100, pending: 0 });
    assert_eq!(receiver.stats().unwrap().events, 900);
}

#[test]
fn refusals_that_pass_lose_nothing() {
    for status in [408, 429, 500, 503] {
        let folder = TempDir::new().unwrap();
        let outbox = outbox(&folder.path().join("outbox.db"));
        append(&outbox, 0..100);
        let refuse = Some(Refusal { status, times: Some(3) });
        let receiver = receiver(Faults { refuse, ..Faults::default() });
        let worker = worker(&outbox, receiver.url(), 30);
        wait_for(&worker, |progress| progress.counts.delivered == 100);
        assert_eq!(receiver.stats().unwrap().received_twice, 0, "{status}");
    }
}

#[test]
fn refusals_that_stay_pause_and_lose_nothing() {
    for status in [301, 308, 401, 403, 404, 405] {
        let folder = TempDir::new().unwrap();
        let outbox = outbox(&folder.path().join("outbox.db"));
        append(&outbox, 0..100);
        let refuse = Some(Refusal { status, times: None });
        let receiver = receiver(Faults { refuse, ..Faults::default() });
        let worker = worker(&outbox, receiver.url(), 30);
        let paused = wait_for(&worker, |progress| matches!(progress.status, Status::Paused { .. }));
        assert_eq!((paused.counts.delivered, paused.counts.dead), (0, 0), "{status}");
        assert_eq!(worker.stop(LONG).pending, 100, "{status}");
    }
}

#[test]
fn an_endpoint_that_refuses_everything_kills_few_records() {
    for status in [400, 413, 422] {
        let folder = TempDir::new().unwrap();
        let outbox = outbox(&folder.path().join("outbox.db"));
        append(&outbox, 0..200);
        let receiver = receiver(Faults { refuse: Some(Refusal { status, times: None }), ..Faults::default() });
        let worker = worker(&outbox, receiver.url(), 64);
        let paused = wait_for(&worker, |progress| matches!(progress.status, Status::Paused { .. }));
        assert!(paused.counts.dead <= 10 && paused.counts.delivered == 0, "{status}: {paused:?}");
        let stopped = worker.stop(LONG);
        assert_eq!(stopped.dead + stopped.pending, 200, "{status}");
    }
}

#[test]
fn one_poison_row_among_ten_thousand_spoils_nothing() {
    let folder = TempDir::new().unwrap();
    let outbox = outbox(&folder.path().join("outbox.db"));
    append(&outbox, 0..5_000);
    outbox.append(vec![row(5_000, "not a record at all".into())], true).unwrap().wait().unwrap();
    append(&outbox, 5_001..10_000);
    let receiver = receiver(Faults::default());
    let worker = worker(&outbox, receiver.url(), 1_000);
    assert_eq!(worker.stop(LONG), Stopped { delivered: 9_999, dead: 1, pending: 0 });
}

#[test]
fn a_throttled_sender_comes_back_in_time() {
    let folder = TempDir::new().unwrap();
    let outbox = outbox(&folder.path().join("outbox.db"));
    append(&outbox, 0..300);
    let receiver = receiver(Faults { throttle: Some(1_000.0), ..Faults::default() });
    let worker = worker(&outbox, receiver.url(), 100);
    wait_for(&worker, |progress| progress.drained);
    assert_eq!(receiver.stats().unwrap().events, 300);
}

#[test]
fn two_workers_on_one_outbox_deliver_everything_once() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("outbox.db");
    let (one, two) = (outbox(&path), outbox(&path));
    append(&one, 0..1_000);
    append(&two, 1_000..2_000);
    let receiver = receiver(Faults::default());
    let workers = [worker(&one, receiver.url(), 50), worker(&two, receiver.url(), 50)];
    workers.iter().for_each(|worker| drop(wait_for(worker, |progress| progress.drained)));
    let delivered: u64 = workers.iter().map(|worker| worker.stop(LONG).delivered).sum();
    let stats = receiver.stats().unwrap();
    assert_eq!((delivered, stats.events, stats.received_twice), (2_000, 2_000, 0));
}
