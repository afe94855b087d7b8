use std::fs;

use tempfile::TempDir;

use super::super::courier::write;
use super::super::options::WhenFull;
use super::super::retention;
use super::super::store::Store;
use super::*;

#[expect(dead_code, reason = "the tests of faults use all of it")]
#[path = "../../../../../../tests/faults/law.rs"]
mod law;

fn limited(path: &Path, when_full: WhenFull) -> Arc<Outbox> {
    let options = Options { max_rows: Some(3), when_full, ..Options::unlimited(path) };
    Arc::new(Outbox::open(options).unwrap())
}

#[test]
fn what_waits_for_room_is_stored_when_rows_are_settled() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("outbox.db");
    let outbox = limited(&path, WhenFull::Block);
    let mut courier = outbox.courier();
    assert!(courier.take_lease().unwrap());
    let ids: Vec<String> = ["1", "2", "3", "4", "5"].map(str::to_owned).into();
    for id in &ids[..3] {
        store(&outbox, id).unwrap();
    }
    let waiting = outbox.append(rows(["4"]), true).unwrap();
    let claimed = courier.claim(0, 10, 1 << 20).unwrap();
    assert_eq!(claimed.iter().map(|row| row.id).collect::<Vec<_>>(), [1, 2, 3]);
    let dead = vec![(2, "refused".to_owned())];
    assert!(courier.settle(Settlement { delivered: vec![1], dead, retried: None }).unwrap());
    assert_eq!(waiting.wait().unwrap(), [Stored::New]);
    // The dead give way, too, and stay counted.
    assert_eq!(store(&outbox, "5").unwrap(), [Stored::New]);
    let books = law::hold(&path, &ids);
    assert_eq!((books.accepted, books.delivered, books.dead, books.pending), (5, 1, 1, 3));
    assert_eq!(stored(&path), ["3", "4", "5"]);
}

#[test]
fn rows_of_another_program_are_settled_once() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("outbox.db");
    let outbox = Arc::new(outbox(&path));
    let mut courier = outbox.courier();
    assert!(courier.take_lease().unwrap());
    // More than are counted at once.
    let many = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)
                INSERT INTO audit_queue (event_id, event_type, payload, created_at, agent_id)
                SELECT 'other ' || i, '', '{}', '', '' FROM n";
    sqlite(&path).execute_batch(many).unwrap();
    let delivered: Vec<i64> = courier.claim(0, 10_000, 1 << 20).unwrap().iter().map(|row| row.id).collect();
    assert_eq!(delivered.len(), 2_500);
    for _ in 0..2 {
        let delivered = delivered.clone();
        assert!(courier.settle(Settlement { delivered, ..Settlement::default() }).unwrap());
    }
    let books = law::hold(&path, []);
    assert_eq!((books.accepted, books.delivered, books.pending), (2_500, 2_500, 0));
}

#[test]
fn what_is_too_old_is_deleted_and_counted() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("outbox.db");
    let outbox = Arc::new(outbox(&path));
    let mut courier = outbox.courier();
    assert!(courier.take_lease().unwrap());
    let ids: Vec<String> = (0..6).map(|n| n.to_string()).collect();
    outbox.append(rows(ids.iter().map(String::as_str)), true).unwrap().wait().unwrap();
    let dead = vec![(2, "refused".to_owned())];
    courier.settle(Settlement { delivered: vec![1], dead, retried: None }).unwrap();
    sqlite(&path).execute("UPDATE audit_queue SET created_at = '2026-01-02T03:04:05.006Z' WHERE id <= 4", []).unwrap();
    let more = write(outbox.queue(), |transaction, books| retention::expire(transaction, books, 3_600)).unwrap();
    assert!(!more);
    let books = law::hold(&path, &ids);
    assert_eq!((books.delivered, books.dead, books.expired, books.pending), (1, 1, 2, 2));
    assert_eq!(stored(&path), ["4", "5"]);
}

#[test]
fn the_room_of_many_deleted_rows_is_given_back() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("outbox.db");
    let outbox = outbox(&path);
    let batch: Vec<Row> = (0..2_000)
        .map(|n| Row { body: format!("{{\"text\":\"{}\"}}", "x".repeat(5_000)), ..row(&n.to_string()) })
        .collect();
    outbox.append(batch, true).unwrap().wait().unwrap();
    while write(outbox.queue(), |transaction, books| {
        let there = books.account(transaction)?;
        let options =
            Options { max_rows: Some(10), when_full: WhenFull::DropOldest, ..Options::unlimited(Path::new("")) };
        retention::admit(transaction, books, &options, 0, 0).map(|_| there.rows > 10)
    })
    .unwrap()
    {}
    drop(outbox);
    let before = fs::metadata(&path).unwrap().len();
    let store = Store::open(&path, PATIENCE).unwrap();
    store.shrink().unwrap();
    drop(store);
    let after = fs::metadata(&path).unwrap().len();
    assert!(before > 5 << 20 && after < before / 2, "{before} {after}");
    let books = law::hold(&path, []);
    // The events that tell of the losses need room, too.
    assert!(books.dropped >= 1_990);
    law::is_whole(&path);
}
