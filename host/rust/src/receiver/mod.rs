//! A small receiver to try things out and to test with: what a platform does with batches, and what it does wrong when
//! it is told to. On loopback only. It knows nothing of the outbox or of who sends.

mod batch;
mod connection;
mod fault;
mod http;
mod store;

use std::collections::HashMap;
use std::io;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde::Serialize;

use self::fault::Mishaps;
pub(crate) use self::fault::{Faults, Refusal};
use self::store::Store;
use crate::error::{Error, ErrorKind};
use crate::sync::ApiKey;

/// Connections at once. A further one waits until another has ended.
const CONNECTIONS: usize = 64;

/// What a receiver listens to, keeps and does wrong.
pub(crate) struct ReceiverOptions {
    /// Where it listens; port 0 is one that is free.
    pub(crate) listen: SocketAddr,
    /// The SQLite file of what it has taken; `None`: in memory.
    pub(crate) store: Option<PathBuf>,
    /// The key that it wants; `None`: any, or none.
    pub(crate) key: Option<ApiKey>,
    pub(crate) faults: Faults,
}

/// A receiver. Dropping it ends it, whatever is under way.
pub(crate) struct Receiver {
    url: String,
    address: SocketAddr,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

/// What a receiver has seen so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Stats {
    /// Different events that it has.
    pub(crate) events: u64,
    /// Events as they came, whether new or not.
    pub(crate) received: u64,
    /// Events that came more than once.
    pub(crate) received_twice: u64,
    /// Batches, by their idempotency keys.
    pub(crate) batches: u64,
    /// Batches that came more than once.
    pub(crate) batches_twice: u64,
    /// How often a key came with other events than before.
    pub(crate) key_conflicts: u64,
    /// Events that were rejected in an answer.
    pub(crate) rejected: u64,
    /// Requests, of all sorts.
    pub(crate) requests: u64,
    /// Requests whose answer was an error.
    pub(crate) refused: u64,
    /// Answers that were lost after storing.
    pub(crate) answers_lost: u64,
    /// What chance was drawn from.
    pub(crate) seed: u64,
}

struct Shared {
    store: Mutex<Store>,
    mishaps: Mutex<Mishaps>,
    faults: Faults,
    key: Option<ApiKey>,
    requests: AtomicU64,
    refused: AtomicU64,
    rejected: AtomicU64,
    lost: AtomicU64,
    ended: AtomicBool,
    /// Open connections by their numbers.
    open: Mutex<HashMap<u64, TcpStream>>,
    changed: Condvar,
}

impl Receiver {
    /// Starts to listen.
    ///
    /// # Errors
    /// When the address is not on loopback or taken, or the store cannot be used.
    pub(crate) fn start(options: ReceiverOptions) -> Result<Self, Error> {
        let ReceiverOptions { listen, store, key, faults } = options;
        if !listen.ip().is_loopback() {
            let message = format!("`{listen}` can be reached by others: the receiver listens on loopback only");
            return Err(Error::new(ErrorKind::Config, message));
        }
        let failed =
            |what: String, error: &dyn std::fmt::Display| Error::new(ErrorKind::Sink, format!("{what}: {error}"));
        let cannot_listen = |error: io::Error| failed(format!("cannot listen on `{listen}`"), &error);
        let listener = TcpListener::bind(listen).map_err(cannot_listen)?;
        let address = listener.local_addr().map_err(cannot_listen)?;
        let store = Store::open(store.as_deref()).map_err(|error| failed("cannot use the store".into(), &error))?;
        let shared = Arc::new(Shared {
            store: Mutex::new(store),
            mishaps: Mutex::new(Mishaps::new(&faults)),
            faults,
            key,
            requests: AtomicU64::new(0),
            refused: AtomicU64::new(0),
            rejected: AtomicU64::new(0),
            lost: AtomicU64::new(0),
            ended: AtomicBool::new(false),
            open: Mutex::new(HashMap::new()),
            changed: Condvar::new(),
        });
        let ours = Arc::clone(&shared);
        let thread = thread::Builder::new()
            .name("auditbox-receiver".into())
            .spawn(move || accept(&listener, &ours))
            .map_err(|error| failed("cannot start the receiver's thread".into(), &error))?;
        Ok(Self { url: format!("http://{address}"), address, shared, thread: Some(thread) })
    }

    /// `http://127.0.0.1:PORT`: what senders take as their endpoint.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// What it has seen so far.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(crate) fn stats(&self) -> Result<Stats, Error> {
        self.shared.stats().map_err(|error| Error::new(ErrorKind::Sink, format!("cannot read the store: {error}")))
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::SeqCst);
        self.shared.changed.notify_all();
        // Wakes whoever waits for a connection or for a request.
        let _ = TcpStream::connect(self.address);
        for stream in self.shared.open().values() {
            let _ = stream.shutdown(Shutdown::Both);
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn stats(&self) -> rusqlite::Result<Stats> {
        let count = |counter: &AtomicU64| counter.load(Ordering::SeqCst);
        let stored = self.store().stats()?;
        Ok(Stats {
            rejected: count(&self.rejected),
            requests: count(&self.requests),
            refused: count(&self.refused),
            answers_lost: count(&self.lost),
            seed: self.mishaps().seed(),
            ..stored
        })
    }

    fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn mishaps(&self) -> MutexGuard<'_, Mishaps> {
        self.mishaps.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(&self) -> MutexGuard<'_, HashMap<u64, TcpStream>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has_ended(&self) -> bool {
        self.ended.load(Ordering::SeqCst)
    }

    /// Lets the time go by, unless this is the end.
    fn wait(&self, time: Duration) {
        let going_on = |_: &mut HashMap<_, _>| !self.has_ended();
        drop(self.changed.wait_timeout_while(self.open(), time, going_on));
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for number in 0.. {
        let full = |open: &mut HashMap<_, _>| open.len() >= CONNECTIONS && !shared.has_ended();
        drop(shared.changed.wait_while(shared.open(), full));
        let accepted = listener.accept();
        if shared.has_ended() {
            break;
        }
        let Ok((stream, _)) = accepted else {
            // For want of files, most likely: there is no use in asking at once again.
            shared.wait(Duration::from_millis(100));
            continue;
        };
        let Ok(known) = stream.try_clone() else { continue };
        shared.open().insert(number, known);
        let ours = Arc::clone(shared);
        let thread = thread::Builder::new().name("auditbox-receive".into());
        let started = thread.spawn(move || {
            connection::serve(&stream, &ours);
            ours.open().remove(&number);
            ours.changed.notify_all();
        });
        if started.is_err() {
            shared.open().remove(&number);
        }
    }
    // Their sockets are shut down.
    let busy = |open: &mut HashMap<_, _>| !open.is_empty();
    let _ = shared.changed.wait_timeout_while(shared.open(), Duration::from_secs(5), busy);
}

#[cfg(test)]
mod tests;
