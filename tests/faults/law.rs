//! What is true of an outbox after every fault: nothing is lost unless it is counted, nothing is counted twice, and the
//! counters say what the rows are.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

/// What an outbox holds that keeps the law.
#[derive(Debug, Clone, Default)]
pub(crate) struct Books {
    pub(crate) accepted: i64,
    pub(crate) delivered: i64,
    pub(crate) pending: i64,
    pub(crate) dead: i64,
    pub(crate) expired: i64,
    pub(crate) dropped: i64,
    pub(crate) quarantined: i64,
    /// The ids of all rows.
    pub(crate) ids: BTreeSet<String>,
    /// Type and payload of the events of the outbox's own, oldest first.
    pub(crate) notices: Vec<(String, serde_json::Value)>,
}

/// Another program's connection.
pub(crate) fn sqlite(path: &Path) -> Connection {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).unwrap();
    connection.busy_timeout(Duration::from_secs(60)).unwrap();
    connection
}

/// Asserts the law for the outbox at `path`, which others may be using, and that every one of the `durable` ids is there,
/// or was delivered, is dead, expired or dropped, by the counters.
#[track_caller]
pub(crate) fn hold<'a>(path: &Path, durable: impl IntoIterator<Item = &'a String>) -> Books {
    let mut connection = sqlite(path);
    let books = read(&mut connection);
    let missing: Vec<_> = durable.into_iter().filter(|id| !books.ids.contains(*id)).collect();
    let gone = books.accepted - i64::try_from(books.ids.len()).unwrap();
    let first = missing.iter().take(3).collect::<Vec<_>>();
    assert!(missing.len() as i64 <= gone, "{} are missing, {gone} are accounted for: {first:?}", missing.len());
    books
}

#[track_caller]
fn read(connection: &mut Connection) -> Books {
    // One moment of it.
    let transaction = Transaction::new(connection, TransactionBehavior::Deferred).unwrap();
    let number = |sql: &str| transaction.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    let account = |column: &str| number(&format!("SELECT {column} FROM audit_account"));
    let consumer = |column: &str| number(&format!("SELECT {column} FROM audit_consumer WHERE name = 'platform'"));
    // Rows that nobody has counted yet are in no counter.
    let rows = |status: &str| {
        number(&format!("SELECT count(*) FROM audit_queue WHERE producer IS NOT NULL AND sync_status LIKE '{status}'"))
    };
    let texts = |sql: &str| {
        let mut select = transaction.prepare(sql).unwrap();
        let text = |row: &rusqlite::Row<'_>, column| {
            String::from_utf8_lossy(row.get_ref(column).unwrap().as_bytes().unwrap()).into_owned()
        };
        let rows = select.query_map([], |row| Ok((text(row, 0), text(row, 1)))).unwrap();
        rows.map(Result::unwrap).collect::<Vec<_>>()
    };
    let own = "SELECT event_type, payload FROM audit_queue WHERE event_type LIKE 'auditbox.%' AND json_valid(payload) ORDER BY id";
    let books = Books {
        accepted: account("accepted"),
        delivered: consumer("delivered"),
        pending: account("pending_rows"),
        dead: consumer("dead"),
        expired: consumer("expired"),
        dropped: number("SELECT coalesce(sum(events), 0) FROM audit_dropped WHERE consumer = 'platform'"),
        quarantined: account("quarantined"),
        ids: texts("SELECT event_id, '' FROM audit_queue WHERE producer IS NOT NULL")
            .into_iter()
            .map(|(id, _)| id)
            .collect(),
        notices: texts(own)
            .into_iter()
            .map(|(name, payload)| {
                (name, serde_json::from_str::<serde_json::Value>(&payload).unwrap()["payload"].take())
            })
            .collect(),
    };
    let Books { accepted, delivered, pending, dead, expired, dropped, .. } = books;
    let counters = format!(
        "accepted {accepted}, delivered {delivered}, pending {pending}, dead {dead}, expired {expired}, dropped {dropped}"
    );
    assert_eq!(accepted, delivered + pending + dead + expired + dropped, "{counters}");
    assert_eq!(pending, rows("PENDING"), "pending rows: {counters}");
    assert_eq!(account("dead_rows"), rows("DEAD"), "dead rows: {counters}");
    assert!(dead >= rows("DEAD") && delivered >= rows("COMPLETED"), "{counters}");
    assert_eq!(account("stored_rows"), rows("%"), "stored rows: {counters}");
    let bytes = number("SELECT coalesce(sum(octet_length(payload)), 0) FROM audit_queue WHERE producer IS NOT NULL");
    assert_eq!(account("stored_bytes"), bytes, "stored bytes: {counters}");
    books
}

impl Books {
    /// The payloads of the outbox's own events of this type.
    pub(crate) fn notices(&self, name: &str) -> Vec<&serde_json::Value> {
        self.notices.iter().filter(|(found, _)| found == name).map(|(_, payload)| payload).collect()
    }

    /// How many events `auditbox.loss` tells of for this reason.
    pub(crate) fn told(&self, reason: &str) -> i64 {
        let told = self.notices("auditbox.loss").into_iter().filter(|loss| loss["reason"] == reason);
        told.map(|loss| loss["count"].as_i64().unwrap()).sum()
    }
}

/// Asserts that SQLite finds nothing wrong with the whole file.
#[track_caller]
pub(crate) fn is_whole(path: &Path) {
    let found: String = sqlite(path).query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(found, "ok");
}

/// Waits until this is true; it is to be within a minute.
#[track_caller]
pub(crate) fn until(what: &str, mut is_true: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !is_true() {
        assert!(Instant::now() < deadline, "{what}: not within a minute");
        std::thread::park_timeout(Duration::from_millis(5));
    }
}
