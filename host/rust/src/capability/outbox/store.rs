//! The SQLite file behind the outbox: how it is opened, and one transaction.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, MAIN_DB, OpenFlags, Transaction, TransactionBehavior};

use super::books::Books;
use super::error::READ_ONLY_REMEDY;
use super::handle::{Entered, Handle};
use super::place::Identity;
use super::{OutboxError, check, place};

const CONNECTION: &str = include_str!("../../../sql/connection.sql");
const IDENTITY: &str = include_str!("../../../sql/identity.sql");
const JOURNAL: &str = include_str!("../../../sql/journal.sql");

/// From the schema before it to each: `user_version` is how many of them have been run.
const SCHEMAS: [&str; 2] = [include_str!("../../../sql/schema/1.sql"), include_str!("../../../sql/schema/2.sql")];
const SCHEMA_VERSION: i64 = SCHEMAS.len() as i64;

/// `application_id` of schema/1.sql.
pub(super) const APPLICATION_ID: i64 = 0x6175_6278;

/// An open connection that may write.
pub(super) struct Store {
    pub(super) connection: Handle,
    path: PathBuf,
    /// What SQLite knows as `path`; and which file that was when it was opened, and which its WAL.
    pub(super) file: PathBuf,
    pub(super) identity: Option<Identity>,
    wal: Option<Identity>,
    shm: Option<Identity>,
    /// How long a locked file is tried again.
    patience: Duration,
}

/// Why a transaction was not committed.
pub(super) struct Failure {
    pub(super) error: OutboxError,
    pub(super) cause: Cause,
}

/// What a failure means for the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    /// Nothing: it may be tried again.
    Passing,
    /// There is no room on the disk.
    Full,
    /// The path leads to another file by now.
    Moved,
    /// It has seen an error after which nothing it says may be believed.
    Poisoned,
    /// So it has, and the file is damaged.
    Damaged,
}

/// Whose file it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// An empty file.
    Nobody,
    /// An auditbox that had this schema, which may be an older one.
    Us(i64),
    /// An auditbox that has this schema.
    Newer(i64),
    /// Another application.
    Other,
}

impl Store {
    /// Opens the outbox at `path`, or creates it, brings it to this schema, and proves that it can be written. A file that
    /// is ours and damaged is put aside, and what can be read of it goes into a new one.
    ///
    /// # Errors
    /// When it is not an outbox, is a newer one, cannot be written, or stays locked longer than `patience`.
    pub(super) fn open(path: &Path, patience: Duration) -> Result<Self, OutboxError> {
        let file = match place::find(path)? {
            Some(file) => file,
            None => {
                let draft = place::Draft::create(path)?;
                drop(Self::open_file(path, draft.file.clone(), patience)?);
                let _ = draft.publish(path)?;
                place::find(path)?.ok_or_else(|| {
                    OutboxError::passing(format!(
                        "the outbox `{}` was deleted as it was made: try again",
                        path.display()
                    ))
                })?
            }
        };
        let before = place::identity_at(&file);
        let opened = Self::open_file(path, file.clone(), patience).and_then(|mut store| {
            let found = check::quick(&mut store.connection);
            found.map(|()| store).map_err(|damage| OutboxError::damaged(path, &damage))
        });
        match opened {
            Err(error) if error.is_damage() && check::is_ours(&file) => {
                check::replace(path, &file, before, patience, &error)
            }
            opened => opened,
        }
    }

    /// Opens a file that is there.
    pub(super) fn open_file(path: &Path, file: PathBuf, patience: Duration) -> Result<Self, OutboxError> {
        let connection = connect(path, &file, OpenFlags::SQLITE_OPEN_READ_WRITE, patience)?;
        let identity = place::identity_at(&file);
        let mut store = Self { connection, path: path.to_owned(), file, identity, wal: None, shm: None, patience };
        store.prepare()?;
        // By now SQLite has made both.
        patiently(patience, || identify(&store.connection))
            .map_err(|error| OutboxError::sqlite("open", path, &error))?;
        [store.wal, store.shm] = store.parts();
        Ok(store)
    }

    fn prepare(&self) -> Result<(), OutboxError> {
        let failed = |error| OutboxError::sqlite("open", &self.path, &error);
        if patiently(self.patience, || identify(&self.connection)).map_err(failed)? == Owner::Nobody {
            // Only a file without tables can still be told.
            patiently(self.patience, || self.connection.execute_batch("PRAGMA auto_vacuum = INCREMENTAL"))
                .map_err(failed)?;
        }
        let owner = patiently(self.patience, || {
            let transaction = Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate)?;
            // Looked at under the lock, and before anything is written.
            let owner = identify(&transaction)?;
            let missing = match owner {
                Owner::Nobody => SCHEMAS.as_slice(),
                Owner::Us(schema) => SCHEMAS.get(usize::try_from(schema).unwrap_or_default()..).unwrap_or_default(),
                Owner::Newer(_) | Owner::Other => return Ok(owner),
            };
            for schema in missing {
                transaction.execute_batch(schema)?;
            }
            transaction.commit()?;
            Ok(owner)
        });
        owner.map_err(failed)?.accept(&self.path)?;
        let journal = || self.connection.query_row(JOURNAL, [], |row| row.get::<_, String>(0));
        let mode = patiently(self.patience, journal).map_err(failed)?;
        if mode != "wal" {
            return Err(OutboxError::lasting(format!(
                "the outbox `{}` is on a file system that SQLite cannot share between processes (journal mode \
                 `{mode}`): choose a local one",
                self.path.display()
            )));
        }
        Ok(())
    }

    /// Whether the path still leads to the file that is open. If not, another may take its place.
    ///
    /// # Errors
    /// When it may not yet: the WAL of the open one is still there.
    pub(super) fn is_current(&self) -> Result<bool, OutboxError> {
        if self.identity.is_some() && place::identity_at(&self.file) == self.identity {
            return Ok(true);
        }
        let wal = place::identity_at(&place::wal(&self.file));
        if wal.is_some() && wal == self.wal { Err(place::orphaned(&self.path)) } else { Ok(false) }
    }

    fn parts(&self) -> [Option<Identity>; 2] {
        place::parts(&self.file).map(|part| place::identity_at(&part))
    }

    /// When what SQLite keeps beside the file is not what this connection has open, others see neither its locks nor what
    /// it commits. What is in a lost WAL can still be brought home, as long as the locks are those of everybody.
    fn rescue(&self) -> Result<(), OutboxError> {
        let [wal, shm] = self.parts();
        if shm == self.shm && wal != self.wal { self.checkpoint() } else { Ok(()) }
    }

    /// After another connection was lost: what that one wrote last may be in the system's cache and not on the disk,
    /// and a commit behind such a hole in the WAL would be lost with it. So it all goes to the database file, which is
    /// forced to the disk, and the WAL starts anew. On a full disk it also gives the WAL's room back.
    pub(super) fn checkpoint(&self) -> Result<(), OutboxError> {
        let deadline = Instant::now() + self.patience;
        loop {
            let blocked: bool = patiently(self.patience, || {
                self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
            })
            .map_err(|error| OutboxError::sqlite("repair", &self.path, &error))?;
            if !blocked {
                return Ok(());
            }
            if Instant::now() > deadline {
                let path = self.path.display();
                return Err(OutboxError::passing(format!(
                    "cannot repair the outbox `{path}` after an error while other processes use it: try again"
                )));
            }
            thread::sleep(pause());
        }
    }

    /// Runs one transaction of this producer: what other programs stored is counted first, and everything is booked at
    /// its end. While it runs the path leads to this file.
    pub(super) fn transact<T>(
        &self,
        producer: i64,
        work: impl FnOnce(&Transaction<'_>, &mut Books) -> rusqlite::Result<T>,
    ) -> Result<T, Failure> {
        let transaction =
            patiently(self.patience, || Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate))
                .map_err(|error| self.failure(&error))?;
        match self.is_current() {
            Ok(true) if self.parts() == [self.wal, self.shm] => {}
            Ok(true) => {
                drop(transaction);
                self.rescue().map_err(|error| Failure { error, cause: Cause::Poisoned })?;
                return Err(Failure { error: place::replaced(&self.path), cause: Cause::Moved });
            }
            Ok(false) => return Err(Failure { error: place::replaced(&self.path), cause: Cause::Moved }),
            Err(error) => return Err(Failure { error, cause: Cause::Passing }),
        }
        let run = || {
            let mut books = Books::of(producer);
            books.adopt(&transaction)?;
            let done = work(&transaction, &mut books)?;
            books.close(&transaction)?;
            transaction.commit()?;
            Ok(done)
        };
        run().map_err(|error| self.failure(&error))
    }

    fn failure(&self, error: &rusqlite::Error) -> Failure {
        let cause = match error.sqlite_error_code() {
            // It could not even roll back.
            _ if !self.connection.is_autocommit() => Cause::Poisoned,
            _ if is_locked(error) => Cause::Passing,
            Some(ErrorCode::DiskFull) => Cause::Full,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Cause::Damaged,
            _ => Cause::Poisoned,
        };
        Failure { error: OutboxError::sqlite("write to", &self.path, error), cause }
    }

    /// Gives free pages at the end of the file back, when they have become many.
    pub(super) fn shrink(&self) -> rusqlite::Result<()> {
        let pragma = |name: &str| self.connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        let (free, pages) = (pragma("freelist_count")?, pragma("page_count")?);
        if free > 1_024 && free > pages / 4 {
            // It frees a page for each step.
            let mut vacuum = self.connection.prepare("PRAGMA incremental_vacuum(2048)")?;
            let mut rows = vacuum.query([])?;
            while rows.next()?.is_some() {}
        }
        Ok(())
    }
}

/// Opens `file`, which the user knows as `path`.
pub(super) fn connect(path: &Path, file: &Path, access: OpenFlags, patience: Duration) -> Result<Handle, OutboxError> {
    let entered = Entered::enter()?;
    let version = rusqlite::version_number();
    if !has_wal_reset_fix(version) {
        return Err(OutboxError::lasting(format!(
            "SQLite {} can lose committed records (its WAL-reset bug): build auditbox with 3.51.3 or newer",
            rusqlite::version()
        )));
    }
    let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let failed = |error| OutboxError::sqlite("open", path, &error);
    let connection = entered.with(Connection::open_with_flags(file, flags).map_err(failed)?);
    connection.set_prepared_statement_cache_capacity(64);
    // SQLite makes do with less than it was asked for.
    if access.contains(OpenFlags::SQLITE_OPEN_READ_WRITE) && connection.is_readonly(MAIN_DB).map_err(failed)? {
        let path = path.display();
        return Err(OutboxError::lasting(format!("the outbox `{path}` can only be read: {READ_ONLY_REMEDY}")));
    }
    patiently(patience, || connection.execute_batch(CONNECTION)).map_err(failed)?;
    Ok(connection)
}

/// The versions with the fix: 3.51.3 and later, and of the older lines 3.50.7 and 3.44.6.
pub(super) fn has_wal_reset_fix(version: i32) -> bool {
    version >= 3_051_003 || (3_050_007..3_051_000).contains(&version) || (3_044_006..3_045_000).contains(&version)
}

/// Whose file this is.
pub(super) fn identify(connection: &Connection) -> rusqlite::Result<Owner> {
    connection.query_row(IDENTITY, [], |row| {
        Ok(match (row.get(0)?, row.get(1)?, row.get(2)?) {
            (0, 0, 0) => Owner::Nobody,
            (APPLICATION_ID, schema @ 1..=SCHEMA_VERSION, _) => Owner::Us(schema),
            (APPLICATION_ID, schema, _) if schema > SCHEMA_VERSION => Owner::Newer(schema),
            _ => Owner::Other,
        })
    })
}

impl Owner {
    /// # Errors
    /// When the file is not ours to touch.
    pub(super) fn accept(self, path: &Path) -> Result<(), OutboxError> {
        let path = path.display();
        Err(OutboxError::lasting(match self {
            Self::Nobody | Self::Us(_) => return Ok(()),
            Self::Newer(schema) => format!(
                "the outbox `{path}` was written by a newer auditbox (schema {schema}, this one knows \
                 {SCHEMA_VERSION}): upgrade auditbox or choose another file"
            ),
            Self::Other => {
                format!("`{path}` is not an outbox but another application's database: choose another file")
            }
        }))
    }

    /// Whether it has every table that is looked at.
    pub(super) fn is_up_to_date(self) -> bool {
        self == Self::Us(SCHEMA_VERSION)
    }
}

/// Tries again while somebody else has the file locked. Pauses of random length are fair between processes.
pub(super) fn patiently<T>(
    patience: Duration,
    mut attempt: impl FnMut() -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    let deadline = Instant::now() + patience;
    loop {
        match attempt() {
            Err(error) if is_locked(&error) && Instant::now() < deadline => thread::sleep(pause()),
            done => return done,
        }
    }
}

pub(super) fn is_locked(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

/// 0.1 to 1.5 ms.
fn pause() -> Duration {
    let random = getrandom::u32().unwrap_or_default();
    Duration::from_micros(100 + u64::from(random % 1_400))
}
