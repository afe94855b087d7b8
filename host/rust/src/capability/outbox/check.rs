//! Whether a file is whole, and what happens when it is not: it is put aside, and a new one takes its place with
//! everything that can be read of it.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, named_params};

use super::books::Books;
use super::queue::{Queue, Work};
use super::store::{APPLICATION_ID, Store, connect};
use super::{OutboxError, place, salvage};

const CHECKED: &str = include_str!("../../../sql/checked.sql");

/// How long an open may be held up by looking: a file of some megabytes is looked at as a whole.
const QUICK: Duration = Duration::from_millis(50);
/// How long the check of the whole file may go on: while it reads, the WAL cannot be emptied.
const WHOLE: Duration = Duration::from_secs(60);
/// What a check that was not finished has found.
const UNFINISHED: &str = "not finished: the file is too large";

/// Looks at the file, as far as the time allows.
///
/// # Errors
/// What is wrong with it.
pub(super) fn quick(connection: &mut Connection) -> Result<(), String> {
    match run(connection, "PRAGMA quick_check(1)", QUICK).as_str() {
        "ok" | UNFINISHED => Ok(()),
        damage => Err(damage.to_owned()),
    }
}

/// Checks all of the file at `path`, indexes included: `ok`, or what is wrong.
///
/// # Errors
/// When it cannot be opened.
pub(super) fn whole(path: &Path, patience: Duration) -> Result<String, OutboxError> {
    let Some(file) = place::find(path)? else { return Ok("ok".into()) };
    let mut connection = connect(path, &file, OpenFlags::SQLITE_OPEN_READ_ONLY, patience)?;
    Ok(run(&mut connection, "PRAGMA integrity_check(1)", WHOLE))
}

fn run(connection: &mut Connection, check: &str, limit: Duration) -> String {
    let end = Instant::now() + limit;
    let _ = connection.progress_handler(1_000, Some(move || Instant::now() > end));
    let found = connection.query_row(check, [], |row| row.get::<_, String>(0));
    let _ = connection.progress_handler(0, None::<fn() -> bool>);
    match found {
        Ok(found) if found == "ok" => found,
        // SQLite names tables, pages and indexes; it quotes nothing of what is in them.
        Ok(found) => found.lines().last().unwrap_or_default().to_owned(),
        Err(error) => match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => error.to_string(),
            _ => UNFINISHED.into(),
        },
    }
}

/// After an unclean end: checks the whole file beside everything else, and has it replaced when it is damaged.
pub(super) fn in_background(path: &Path, queue: &Arc<Queue>, damaged: &Arc<AtomicBool>) {
    let (path, queue, damaged) = (path.to_owned(), Arc::clone(queue), Arc::clone(damaged));
    let check = move || match whole(&path, Duration::from_secs(10)) {
        Ok(result) => {
            if result != "ok" && result != UNFINISHED {
                log::error!("auditbox: the outbox `{}` is damaged: {result}", path.display());
                damaged.store(true, Ordering::Release);
            }
            queue.ask(Box::new(Checked(result)));
        }
        Err(error) => log::warn!("auditbox: {error}"),
    };
    // Without a thread it is not checked, and `auditbox outbox status` says so.
    let _ = thread::Builder::new().name("auditbox-check".into()).spawn(check);
}

/// Writes down what a check has found.
pub(super) struct Checked(pub(super) String);

impl Work for Checked {
    fn run(&mut self, transaction: &Transaction<'_>, _: &mut Books) -> rusqlite::Result<()> {
        transaction.execute(CHECKED, named_params! { ":result": self.0 }).map(drop)
    }

    fn settle(self: Box<Self>, _: Result<(), OutboxError>) {}
}

/// Whether a file that SQLite cannot make sense of was an outbox: by its `application_id`, or the text of its schema
/// (sqlite.org/fileformat.html, section 1.3).
pub(super) fn is_ours(file: &Path) -> bool {
    let mut start = Vec::new();
    let read = File::open(file).and_then(|file| file.take(4_096).read_to_end(&mut start));
    let id = u32::try_from(APPLICATION_ID).unwrap_or_default().to_be_bytes();
    read.is_ok() && (start.get(68..72) == Some(id.as_slice()) || start.windows(11).any(|text| text == b"audit_queue"))
}

/// Puts a damaged file aside and makes a new one, with what can be read of it.
///
/// # Errors
/// When that cannot be done.
pub(super) fn replace(path: &Path, file: &Path, patience: Duration, why: &OutboxError) -> Result<Store, OutboxError> {
    let before = place::identity_at(file);
    let aside = place::free_name(file)?;
    let failed = |error| OutboxError::io("put aside", path, &error);
    fs::rename(file, &aside).map_err(failed)?;
    if place::identity_at(&aside) != before {
        // Another process was faster, and this is its new one.
        fs::rename(&aside, file).map_err(failed)?;
        return Store::open_file(path, file.to_owned(), patience);
    }
    for part in ["-wal", "-shm"] {
        let _ = fs::rename(place::with_suffix(file, part), place::with_suffix(&aside, part));
    }
    log::error!("auditbox: {why}; it is kept as `{}`, and a new one takes its place", aside.display());
    let store = Store::open(path, patience)?;
    salvage::salvage(&store, path, &aside, patience)?;
    Ok(store)
}
