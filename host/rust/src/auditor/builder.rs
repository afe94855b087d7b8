//! From a configuration to an auditor.

use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};

use serde_json::{Map, Value, json};

use super::delivery::Delivery;
use super::{Auditor, Inner};
use crate::config::Effective;
use crate::engine::{Pool, Program};
use crate::error::{Error, ErrorKind};

/// Makes an [`Auditor`]. What is not said is as the component has it by default: records go to the standard output.
///
/// The setters win over [`Builder::config`], in whatever order they are called.
#[derive(Clone, Default)]
#[must_use = "nothing happens before `build`"]
pub struct Builder {
    config: Option<String>,
    component: Option<Vec<u8>>,
    said: Map<String, Value>,
    /// Said in words that JSON does not have.
    unsayable: Option<Error>,
    opens: Opens,
}

/// What `build` opens of what the configuration names.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Opens {
    #[default]
    Everything,
    /// All but the sync worker.
    NoWorker,
    Nothing,
}

impl Builder {
    /// Takes a configuration as JSON text (`wit/schema/config.schema.json`).
    pub fn config(mut self, json: impl Into<String>) -> Self {
        self.config = Some(json.into());
        self
    }

    /// Whether records go to the standard output.
    pub fn stdout(self, on: bool) -> Self {
        self.say("stdout", Value::Bool(on))
    }

    /// Appends records to this file, one a line. The file's other settings are those of the configuration.
    pub fn file(self, path: impl AsRef<Path>) -> Self {
        self.say_path("file", path.as_ref(), Value::String)
    }

    /// Stores records durably in this SQLite file, which must be auditbox's own.
    pub fn outbox(self, path: impl AsRef<Path>) -> Self {
        self.say_path("outbox", path.as_ref(), |path| json!({ "path": path }))
    }

    /// Stores records durably in this user's outbox: in `AUDITBOX_DIR`, else in the user's state directory.
    pub fn default_outbox(self) -> Self {
        self.say("outbox", Value::Bool(true))
    }

    /// Stores records in no outbox, whatever the configuration says.
    pub fn no_outbox(self) -> Self {
        self.say("outbox", Value::Null)
    }

    /// Opens nothing, whatever the configuration says: for an auditor that only redacts and caps.
    pub fn no_effects(self) -> Self {
        self.stdout(false).no_outbox().say("file", Value::Null).say("on_failure", json!("open"))
    }

    /// Sends what is in the outbox to this endpoint. Its other settings are those of the configuration.
    #[cfg(feature = "cli")]
    pub(crate) fn endpoint(self, url: &str) -> Self {
        self.say("sync", url.into())
    }

    /// Starts no sync worker, whatever the configuration says: another process sends what this one stores, for example
    /// `auditbox sync`.
    pub fn no_worker(mut self) -> Self {
        self.opens = Opens::NoWorker;
        self
    }

    /// Opens nothing, and forgets nothing of the configuration: for a look at it.
    #[cfg(feature = "cli")]
    pub(crate) fn only_checked(mut self) -> Self {
        self.opens = Opens::Nothing;
        self
    }

    /// Runs this component and not the one that the crate carries: the bytes of an `auditbox.wasm` of the same
    /// interface version.
    pub fn component(mut self, wasm: impl Into<Vec<u8>>) -> Self {
        self.component = Some(wasm.into());
        self
    }

    /// Compiles the component, unless that was done before, checks the configuration, opens the outbox and the sinks,
    /// and starts the sync worker when the configuration has an endpoint and there is an API key.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidJson`] and [`ErrorKind::Config`] when the configuration is wrong, [`ErrorKind::Component`]
    /// when the component is not one that this version can run, [`ErrorKind::Outbox`] and [`ErrorKind::Sink`] when
    /// those cannot be opened.
    pub fn build(self) -> Result<Auditor, Error> {
        if let Some(error) = self.unsayable {
            return Err(error);
        }
        let program = match &self.component {
            Some(wasm) => Program::new(wasm)?,
            None => Program::embedded()?,
        };
        let (pool, config) = Pool::new(program, text(self.config, self.said))?;
        let mut effective = Effective::parse(&config)?;
        if self.opens == Opens::Nothing {
            (effective.stdout, effective.file, effective.outbox) = (false, None, None);
        }
        let max_event_bytes = effective.max_event_bytes;
        let log = effective.file.as_ref().map(|file| file.path.clone());
        let sync = effective.sync.clone();
        let delivery = Delivery::open(effective)?;
        let (pool, later, worker) = (Arc::new(pool), OnceLock::new(), Mutex::new(None));
        let auditor = Auditor(Arc::new(Inner { pool, config, max_event_bytes, log, delivery, later, sync, worker }));
        if self.opens == Opens::Everything {
            auditor.start_sync()?;
        }
        Ok(auditor)
    }

    fn say(mut self, key: &str, value: Value) -> Self {
        self.said.insert(key.to_owned(), value);
        self
    }

    fn say_path(mut self, key: &str, path: &Path, value: impl FnOnce(String) -> Value) -> Self {
        match path.to_str() {
            Some(path) => self.say(key, value(path.to_owned())),
            None => {
                let message = format!("`{}` is not UTF-8: choose another path", path.display());
                self.unsayable = Some(Error::at(ErrorKind::Config, format!("/{key}"), message));
                self
            }
        }
    }
}

/// Without the configuration, which may hold the key of hashes.
impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder").field("said", &self.said).finish_non_exhaustive()
    }
}

/// The configuration's text with what was said beside it.
fn text(config: Option<String>, said: Map<String, Value>) -> String {
    let text = config.unwrap_or_else(|| "{}".into());
    if said.is_empty() {
        return text;
    }
    // What is no object is left to the guest, which says what is wrong with it.
    let Ok(mut config) = serde_json::from_str::<Map<String, Value>>(&text) else { return text };
    for (key, value) in said {
        match (config.get_mut(&key), value) {
            (Some(Value::Object(sync)), Value::String(url)) if key == "sync" => {
                sync.insert("endpoint".into(), url.into());
            }
            (_, Value::String(url)) if key == "sync" => {
                config.insert(key, json!({ "endpoint": url }));
            }
            (Some(Value::Object(file)), Value::String(path)) => {
                file.insert("path".into(), path.into());
            }
            (_, value) => {
                config.insert(key, value);
            }
        }
    }
    Value::Object(config).to_string()
}

#[cfg(test)]
mod tests;
