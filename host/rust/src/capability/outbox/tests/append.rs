use std::collections::BTreeSet;
use std::fs;
use std::sync::Barrier;
use std::sync::mpsc::channel;

use rusqlite::Transaction;
use tempfile::TempDir;

use super::super::super::testing::{child, given_path, run_together, wait_for_start};
use super::super::queue::Queue;
use super::super::writer::Writer;
use super::*;

/// Keeps the file locked as another process would.
fn lock(connection: &Connection) -> Transaction<'_> {
    Transaction::new_unchecked(connection, rusqlite::TransactionBehavior::Immediate).unwrap()
}

/// Transactions since the last checkpoint, as the WAL has them: the frame that ends one tells the size of the database
/// (sqlite.org/fileformat.html, section 4.1).
fn commits(path: &Path) -> usize {
    let wal = fs::read(path.with_extension("db-wal")).unwrap();
    let (header, frames) = wal.split_at(32);
    let page_size = u32::from_be_bytes(header[8..12].try_into().unwrap()) as usize;
    frames.chunks_exact(24 + page_size).filter(|frame| frame[4..8] != [0; 4]).count()
}

#[test]
fn many_producers_share_one_commit() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("outbox.db");
    let outbox = outbox(&path);
    let other = sqlite(&path);
    store(&outbox, "first").unwrap();
    let before = commits(&path);
    let locked = lock(&other);
    std::thread::scope(|scope| {
        let (queued, queue) = channel();
        for producer in 0..20 {
            let (outbox, queued) = (&outbox, queued.clone());
            scope.spawn(move || {
                let tickets =
                    [0, 1, 2].map(|n| outbox.append(rows([format!("{producer} {n}").as_str()]), true).unwrap());
                queued.send(()).unwrap();
                for ticket in tickets {
                    assert_eq!(ticket.wait().unwrap(), [Stored::New]);
                }
            });
        }
        assert_eq!(queue.iter().take(20).count(), 20);
        drop(locked);
    });
    assert_eq!(stored(&path).len(), 61);
    // What the writer had already taken, and everything else.
    assert!(commits(&path) - before <= 2, "{} commits", commits(&path) - before);
}

#[test]
fn rows_stay_in_the_order_of_their_append() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("outbox.db");
    let outbox = outbox(&path);
    let ids: Vec<String> = (0..3_000).map(|n| n.to_string()).collect();
    let tickets: Vec<_> =
        ids.chunks(7).map(|ids| outbox.append(rows(ids.iter().map(String::as_str)), true).unwrap()).collect();
    for ticket in tickets {
        assert!(ticket.wait().unwrap().iter().all(|stored| *stored == Stored::New));
    }
    assert_eq!(stored(&path), ids);
}

#[test]
fn a_second_event_of_an_id_is_a_duplicate_and_changes_nothing() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("outbox.db");
    let outbox = outbox(&path);
    let batch = outbox.append(rows(["1", "2", "1"]), true).unwrap().wait().unwrap();
    assert_eq!(batch, [Stored::New, Stored::New, Stored::Duplicate]);
    let other = Row { body: "{}".into(), ..row("2") };
    let batch = outbox.append(vec![other, row("3")], true).unwrap().wait().unwrap();
    assert_eq!(batch, [Stored::Duplicate, Stored::New]);
    assert_eq!(stored(&path), ["1", "2", "3"]);
    let kept = Reader::open(&path).unwrap().show("2").unwrap().unwrap();
    assert_eq!(kept.payload.get(), row("2").body);
}

#[test]
fn the_id_of_a_deleted_row_is_not_given_out_again() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("outbox.db");
    let outbox = outbox(&path);
    store(&outbox, "a").unwrap();
    sqlite(&path).execute("DELETE FROM audit_queue", []).unwrap();
    store(&outbox, "b").unwrap();
    let reader = Reader::open(&path).unwrap();
    assert!(reader.show("1").unwrap().is_none());
    assert_eq!(reader.show("2").unwrap().unwrap().entry.event_id, "b");
}

#[test]
fn an_empty_batch_is_stored_at_once() {
    let folder = TempDir::new().unwrap();
    let outbox = outbox(&folder.path().join("outbox.db"));
    assert_eq!(outbox.append(Vec::new(), true).unwrap().wait().unwrap(), []);
}

#[test]
fn a_batch_is_stored_whole_or_not_at_all() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("outbox.db");
    let outbox = outbox(&path);
    let trigger = "CREATE TRIGGER t BEFORE INSERT ON audit_queue WHEN new.event_id = '2999' \
                   BEGIN SELECT raise(ABORT, 'refused'); END";
    sqlite(&path).execute_batch(trigger).unwrap();
    // Larger than what is otherwise put into one transaction.
    let ids: Vec<String> = (0..3_000).map(|n| n.to_string()).collect();
    let batch = || rows(ids.iter().map(String::as_str));
    let error = outbox.append(batch(), true).unwrap().wait().unwrap_err();
    assert!(!error.is_retryable());
    assert_eq!(stored(&path), [""; 0]);

    sqlite(&path).execute_batch("DROP TRIGGER t").unwrap();
    outbox.append(batch(), true).unwrap().wait().unwrap();
    assert_eq!(stored(&path).len(), 3_000);
}

#[test]
fn a_locked_file_fails_the_batch_after_a_while_and_not_the_next() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("outbox.db");
    let outbox = Outbox::open_with(Options::unlimited(&path), Duration::from_millis(200)).unwrap();
    let other = sqlite(&path);
    let locked = lock(&other);
    let error = store(&outbox, "1").unwrap_err();
    assert!(error.is_retryable());
    assert!(error.to_string().contains("another process does not let go of it"), "{error}");
    drop(locked);
    assert_eq!(store(&outbox, "1").unwrap(), [Stored::New]);
}

#[test]
fn dropping_the_outbox_stores_what_is_waiting() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("outbox.db");
    let outbox = outbox(&path);
    let other = sqlite(&path);
    let locked = lock(&other);
    let ids: Vec<String> = (0..50).map(|n| n.to_string()).collect();
    let tickets: Vec<_> = ids.iter().map(|id| outbox.append(rows([id.as_str()]), true).unwrap()).collect();
    std::thread::scope(|scope| {
        scope.spawn(move || drop(outbox));
        drop(locked);
    });
    assert_eq!(stored(&path), ids);
    for ticket in tickets {
        assert_eq!(ticket.wait().unwrap(), [Stored::New]);
    }
}

#[test]
fn several_processes_and_threads_share_one_file() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("outbox.db");
    let processes = ["a", "b"].map(|name| {
        let mut command = child(module_path!(), "appends_many", &path);
        command.env("AUDITBOX_TEST_NAME", name);
        command
    });
    // None of them finds a file: they race for making it.
    run_together(processes, || {
        let start = Barrier::new(3);
        std::thread::scope(|scope| {
            for name in ["c", "d", "e"] {
                scope.spawn(|| {
                    start.wait();
                    append_many(&path, name);
                });
            }
        });
    });
    let ids = stored(&path);
    assert_eq!((ids.len(), ids.iter().collect::<BTreeSet<_>>().len()), (5 * 200, 5 * 200));
    let check: String = sqlite(&path).query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(check, "ok");
}

#[test]
#[ignore = "the other process of the test above"]
fn appends_many() {
    if let Some(path) = given_path() {
        wait_for_start();
        append_many(&path, &std::env::var("AUDITBOX_TEST_NAME").unwrap());
    }
}

fn append_many(path: &Path, name: &str) {
    let outbox = Outbox::open(Options::unlimited(path)).unwrap();
    for call in 0..40 {
        let ids: Vec<String> = (0..5).map(|n| format!("{name} {call} {n}")).collect();
        let ticket = outbox.append(rows(ids.iter().map(String::as_str)), true).unwrap();
        assert_eq!(ticket.wait().unwrap(), [Stored::New; 5]);
    }
}

#[test]
fn a_full_queue_holds_its_producers_up() {
    let queue = Queue::default();
    let batch = || (0..1_000).map(|n| row(&n.to_string())).collect();
    std::thread::scope(|scope| {
        let (pushed, progress) = channel();
        let queue = &queue;
        scope.spawn(move || {
            for _ in 0..5 {
                pushed.send(queue.push(batch(), true, PATIENCE).map(drop)).unwrap();
            }
        });
        for _ in 0..4 {
            progress.recv().unwrap().unwrap();
        }
        assert!(progress.recv_timeout(Duration::from_millis(50)).is_err());
        assert_eq!(
            queue.take(PATIENCE).unwrap().batches.iter().map(|batch| batch.rows.len()).collect::<Vec<_>>(),
            [1_000]
        );
        progress.recv().unwrap().unwrap();
    });
}

#[test]
fn a_batch_larger_than_the_queue_gets_through_alone() {
    let queue = Queue::default();
    let _ticket = queue.push((0..5_000).map(|n| row(&n.to_string())).collect(), true, PATIENCE).unwrap();
    assert_eq!(queue.take(PATIENCE).unwrap().batches.len(), 1);
}

#[test]
fn without_a_writer_everybody_learns_it() {
    let folder = TempDir::new().unwrap();
    let queue = Arc::new(Queue::default());
    let path = folder.path().join("outbox.db");
    let options = Options::unlimited(&path);
    let writer = Writer::open(Arc::clone(&queue), Arc::default(), path, options, Duration::ZERO).unwrap();
    let ticket = queue.push(rows(["1"]), true, PATIENCE).unwrap();
    drop(writer);
    assert!(ticket.wait().is_err());
    assert!(queue.push(rows(["2"]), true, PATIENCE).is_err());
    assert!(queue.take(PATIENCE).is_none());
}
