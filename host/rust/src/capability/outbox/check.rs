//! Whether a file is whole, and what happens when it is not: it is put aside, and a new one takes its place with
//! everything that can be read of it.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, named_params};

use super::books::Books;
use super::place::Identity;
use super::queue::{Queue, Work};
use super::store::{APPLICATION_ID, Store, connect, is_locked, patiently};
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
pub(super) fn in_background(path: &Path, queue: &Arc<Queue>, damaged: &Arc<Mutex<Option<Identity>>>) {
    let (path, queue, damaged) = (path.to_owned(), Arc::clone(queue), Arc::clone(damaged));
    let identity = place::identity_at(&path);
    let check = move || match whole(&path, Duration::from_secs(10)) {
        Ok(result) => {
            if result != "ok" && result != UNFINISHED {
                log::error!("auditbox: the outbox `{}` is damaged: {result}", path.display());
                *damaged.lock().unwrap_or_else(PoisonError::into_inner) = identity;
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

/// Puts a damaged file aside, unless that was done already, and makes a new one, with what can be read of it. The new one is finished before anybody
/// meets it: who is killed here leaves the damaged one in its place.
///
/// # Errors
/// When that cannot be done.
pub(super) fn replace(
    path: &Path,
    file: &Path,
    before: Option<Identity>,
    patience: Duration,
    why: &OutboxError,
) -> Result<Store, OutboxError> {
    let damaged = connect(path, file, OpenFlags::SQLITE_OPEN_READ_WRITE, patience).ok();
    // Where it can still be locked, nobody else replaces it, or stores what would not be copied.
    let begin = |damaged: &Connection| {
        patiently(patience, || damaged.execute_batch("BEGIN IMMEDIATE")).err().is_some_and(|error| is_locked(&error))
    };
    let locked = damaged.as_deref().is_some_and(begin);
    if place::identity_at(file) != before {
        // Another process has done it meanwhile, and what is locked now may be the new one.
        drop(damaged);
        return Store::open_file(path, file.to_owned(), patience);
    }
    if locked {
        return Err(OutboxError::passing(format!(
            "the outbox `{}` is damaged, and another process does not let go of it: end that process, or try again",
            path.display()
        )));
    }
    let aside = place::free_name(file)?;
    let draft = place::Draft::create(path)?;
    let fresh = Store::open_file(path, draft.file.clone(), patience)?;
    salvage::salvage(&fresh, path, &aside, damaged.as_deref())?;
    drop(fresh);

    let failed = |error| OutboxError::io("put aside", path, &error);
    if place::identity_at(file) == before {
        fs::rename(file, &aside).map_err(failed)?;
        for (part, aside) in place::parts(file).into_iter().zip(place::parts(&aside)) {
            let _ = fs::rename(part, aside);
        }
        log::error!("auditbox: {why}; it is kept as `{}`, and a new one takes its place", aside.display());
        if !draft.publish(path)? {
            // Somebody opened it just now, and found none.
            let store = Store::open_file(path, file.to_owned(), patience)?;
            salvage::salvage(&store, path, &aside, damaged.as_deref())?;
        }
    }
    // It has moved: closing it touches nothing that is in its place now.
    drop(damaged);
    Store::open_file(path, file.to_owned(), patience)
}
