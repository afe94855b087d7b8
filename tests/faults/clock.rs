//! A clock that jumps.

use serde_json::json;
use tempfile::TempDir;

use crate::child::{Child, auditor, config};
use crate::law::{self, sqlite};
use crate::shim::{Fault, Shim};

const HOUR: i64 = 3_600_000;
const YEAR: i64 = 8_766 * HOUR;

#[test]
fn a_clock_that_jumps_expires_nothing_and_holds_nobody_up() {
    let folder = TempDir::new().unwrap();
    let Some(shim) = Shim::new(folder.path()) else { return };
    let path = folder.path().join("outbox.db");
    let config = config(&path, &json!({ "max_age_s": 3_600, "deadline_ms": 30_000 }));
    let mut old = Child::start("obeys", &config, |command| shim.given_to(command));
    old.tell("open");
    let mut ids = Vec::new();
    // Before 1970, too.
    for offset in [0, HOUR, -HOUR, 30 * YEAR, -30 * YEAR, -60 * YEAR, 400 * YEAR, 0] {
        shim.set(Fault::OffsetMs, offset);
        assert!(old.tell("write").starts_with("D "), "{offset}");
        assert!(old.tell("read").starts_with("B "), "{offset}");
        // Another process comes with that time, finds the first alive, and goes.
        let mut new = Child::start("obeys", &config, |command| shim.given_to(command));
        new.tell("open");
        assert!(new.tell("write").starts_with("D "), "{offset}");
        new.tell("close");
        new.finish();
        ids.append(&mut new.durable);
    }
    old.tell("close");
    old.finish();
    ids.extend(old.durable.iter().chain(&old.buffered).cloned());
    drop(auditor(&config).unwrap());
    let books = law::hold(&path, &ids);
    assert!(ids.iter().all(|id| books.ids.contains(id)));
    assert_eq!((books.accepted, books.expired, books.dropped), (24, 0, 0));
    assert!(books.notices.is_empty(), "{:?}", books.notices);
    // In the order in which they came, whatever the time was.
    let sequence = "SELECT max(id) = count(*) FROM audit_queue";
    assert!(sqlite(&path).query_row(sequence, [], |row| row.get::<_, bool>(0)).unwrap());
}
