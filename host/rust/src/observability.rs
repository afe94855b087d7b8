//! Deconvolute's names for the same thing: one backend for the process, made when it is first asked for, that keeps
//! telemetry events in the outbox and ships them when there is a key.
//!
//! ```
//! # let folder = std::env::temp_dir().join(format!("auditbox-doc-{}", std::process::id()));
//! use auditbox::observability::{LocalObservabilityBackend, ObservabilityBackend};
//!
//! let config = format!(r#"{{"stdout":false,"outbox":{{"path":{:?}}}}}"#, folder.join("outbox.db"));
//! let backend = LocalObservabilityBackend::with_config(&config);
//! backend.log_event("SESSION_DISCOVERY", r#"{"tools_found_count":3}"#)?;
//! backend.close();
//! # std::fs::remove_dir_all(folder).ok();
//! # Ok::<(), auditbox::Error>(())
//! ```

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::auditor::Auditor;
use crate::error::Error;
use crate::receipt::Receipt;
use crate::sync::{Stopped, SyncWorker};

/// The endpoint and the file of the API key, as `sync.endpoint` and `sync.api_key_file` of the configuration.
const ENDPOINT: &str = "AUDITBOX_SYNC__ENDPOINT";
const API_KEY_FILE: &str = "AUDITBOX_SYNC__API_KEY_FILE";
/// How long `close` and `stop` go on sending what waits.
const FLUSH: Duration = Duration::from_secs(2);

/// Where telemetry events go.
pub trait ObservabilityBackend: Send + Sync {
    /// Records an event: its type, for example `SESSION_ACCESS`, and its payload, a JSON value.
    ///
    /// # Errors
    /// As [`Auditor::log_event`]. Who does not want to know ignores it: nothing breaks.
    fn log_event(&self, event_type: &str, payload: &str) -> Result<Receipt, Error>;

    /// Stores and sends what is waiting, for at most two seconds, and closes everything. A second call does nothing; the
    /// next event opens it again.
    fn close(&self);
}

/// The backend of this process, for [`configure_observability`] and [`get_backend`].
static BACKEND: Mutex<Option<Arc<LocalObservabilityBackend>>> = Mutex::new(None);

/// Makes the backend of this process, unless there is one: the outbox in `AUDITBOX_DIR` or the user's state directory,
/// and a sync worker when `AUDITBOX_SYNC__ENDPOINT` names an endpoint and there is a key: `AUDITBOX_API_KEY`, or the file
/// that `AUDITBOX_SYNC__API_KEY_FILE` names.
///
/// # Errors
/// When the outbox cannot be opened, or the endpoint is none.
pub fn configure_observability() -> Result<(), Error> {
    get_backend()?.live().map(drop)
}

/// The backend of this process, which is made when there is none.
///
/// # Errors
/// As [`configure_observability`].
pub fn get_backend() -> Result<Arc<LocalObservabilityBackend>, Error> {
    let mut backend = BACKEND.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(backend) = &*backend {
        return Ok(Arc::clone(backend));
    }
    let new = Arc::new(LocalObservabilityBackend::new());
    new.live()?;
    Ok(Arc::clone(backend.insert(new)))
}

/// A backend that keeps events in an outbox on this machine, which is opened with the first event. In a fork of a process
/// that has it open, every event is an error that says so, as SQLite cannot be used there: close it before the fork.
pub struct LocalObservabilityBackend {
    config: String,
    live: Mutex<Option<Live>>,
}

/// What is open, and in which process.
struct Live {
    auditor: Auditor,
    process: u32,
}

/// An open outbox, for a [`TelemetrySyncWorker`].
#[derive(Clone)]
pub struct Store(Auditor);

impl LocalObservabilityBackend {
    /// A backend with the user's outbox, and the endpoint that the environment names.
    pub fn new() -> Self {
        let mut config = Map::from_iter([("stdout".into(), json!(false)), ("outbox".into(), json!(true))]);
        let variable = |name| std::env::var(name).ok().filter(|text| !text.is_empty());
        if let Some(endpoint) = variable(ENDPOINT) {
            config.insert("sync".into(), json!({ "endpoint": endpoint, "api_key_file": variable(API_KEY_FILE) }));
        }
        Self::with_config(&Value::Object(config).to_string())
    }

    /// A backend with this configuration, as JSON text (`wit/schema/config.schema.json`).
    pub fn with_config(config: &str) -> Self {
        Self { config: config.to_owned(), live: Mutex::new(None) }
    }

    /// The outbox, which is opened when it is not.
    ///
    /// # Errors
    /// As [`configure_observability`].
    pub fn store(&self) -> Result<Store, Error> {
        Ok(Store(self.live()?))
    }

    fn live(&self) -> Result<Auditor, Error> {
        let mut live = self.lock();
        match live.take() {
            Some(there) if there.process == std::process::id() => Ok(live.insert(there).auditor.clone()),
            inherited => {
                // It is the parent's: its threads and its file are not ours to end.
                std::mem::forget(inherited);
                let auditor = Auditor::builder().config(&self.config).build()?;
                let process = std::process::id();
                Ok(live.insert(Live { auditor, process }).auditor.clone())
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Live>> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for LocalObservabilityBackend {
    fn default() -> Self {
        Self::new()
    }
}

impl ObservabilityBackend for LocalObservabilityBackend {
    fn log_event(&self, event_type: &str, payload: &str) -> Result<Receipt, Error> {
        self.live()?.log_event(event_type, payload)
    }

    fn close(&self) {
        let live = self.lock().take();
        match live {
            Some(live) if live.process == std::process::id() => drop(live.auditor.close(FLUSH)),
            inherited => std::mem::forget(inherited),
        }
    }
}

/// Ships what is in a store, in threads of its own.
pub struct TelemetrySyncWorker {
    store: Store,
    worker: Mutex<Option<SyncWorker>>,
}

impl TelemetrySyncWorker {
    /// A worker that has not begun.
    pub fn new(store: Store) -> Self {
        Self { store, worker: Mutex::new(None) }
    }

    /// Begins, unless it has: needs `sync.endpoint` in the store's configuration, and a key.
    ///
    /// # Errors
    /// When there is no endpoint or no key, with the way to give one.
    pub fn start(&self) -> Result<(), Error> {
        let mut worker = self.worker.lock().unwrap_or_else(PoisonError::into_inner);
        if worker.is_none() {
            *worker = Some(self.store.0.sync_worker()?);
        }
        Ok(())
    }

    /// Sends what is waiting, for at most two seconds, and ends; a second call does nothing. It can be started again.
    pub fn stop(&self) -> Stopped {
        let worker = self.worker.lock().unwrap_or_else(PoisonError::into_inner).take();
        worker.map(|worker| worker.stop(FLUSH)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
