//! The host in Rust through its public interface, as the second driver: the real component, outbox and file.

use auditbox::{Auditor, Error, ErrorKind};
use auditbox_conformance::protocol::{Answer, Driver, Refusal, Reply, Request, Row, serve};
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;
use std::fs;
use wasmtime::component::{Component, ComponentType, Instance, Lift, Linker};
use wasmtime::{Cache, CacheConfig, Config, Engine, OptLevel, Store};

fn main() -> std::io::Result<()> {
    serve(Rust::default())
}

/// A host, and how much of what it has written has been read back.
#[derive(Default)]
struct Rust {
    auditor: Option<Auditor>,
    guest: Option<Guest>,
    last_id: i64,
    lines: usize,
}

impl Driver for Rust {
    fn answer(&mut self, request: Request) -> Result<Reply, Refusal> {
        let auditor = || self.auditor.as_ref().ok_or_else(|| broken("`configure` comes first"));
        match request {
            Request::Configure { config } => {
                // Closes what the one before has open.
                let guest = self.guest.take();
                *self = Self { guest, ..Self::default() };
                // Nothing is to be sent, and the files of a key are made up.
                let auditor = Auditor::builder().config(config).no_worker().build().map_err(refusal)?;
                let effective = auditor.config().to_owned();
                self.auditor = Some(auditor);
                Ok(Reply::Text(effective))
            }
            Request::Emit { event } => receipt(auditor()?.emit(&event)),
            Request::LogEvent { event_type, payload } => receipt(auditor()?.log_event(&event_type, &payload)),
            Request::EmitBatch { events } => Ok(Reply::Text(
                auditor()?
                    .emit_batch(&events)
                    .into_iter()
                    .map(|answer| match answer {
                        Ok(receipt) => receipt.as_json().to_owned() + "\n",
                        Err(error) => line(&Answer::Error(refusal(error))),
                    })
                    .collect(),
            )),
            Request::Redact { value } => rewritten(auditor()?.redact(&value)),
            Request::CapPayload { payload } => rewritten(auditor()?.cap_payload(&payload)),
            Request::Finish { receipt, outcomes } => {
                let config = auditor()?.config().to_owned();
                let guest = match &mut self.guest {
                    Some(guest) => guest,
                    none => none.insert(Guest::new().map_err(broken)?),
                };
                guest.finish(config, receipt, outcomes)
            }
            Request::Judge { batch, answer } => auditor()?.judge(&batch, &answer).map(Reply::Text).map_err(refusal),
            Request::Rules {} => {
                let rules = auditor()?.rules().map_err(refusal)?;
                serde_json::to_string(&*rules).map(Reply::Text).map_err(broken)
            }
            Request::Records {} => self.records(),
        }
    }
}

impl Rust {
    fn records(&mut self) -> Result<Reply, Refusal> {
        let config = self.auditor.as_ref().map_or("{}", Auditor::config);
        let config: Value = serde_json::from_str(config).map_err(broken)?;
        let path = |target: &str| config.pointer(&format!("/{target}/path")).and_then(Value::as_str);
        let (mut outbox, mut file) = (Vec::new(), Vec::new());
        if let Some(path) = path("outbox") {
            // Some are acknowledged before they are there.
            self.auditor.as_ref().map_or(Ok(()), Auditor::flush).map_err(refusal)?;
            let rows = rows_after(path, self.last_id).map_err(broken)?;
            self.last_id = rows.last().map_or(self.last_id, |(id, _)| *id);
            outbox = rows.into_iter().map(|(_, row)| row).collect();
        }
        if let Some(path) = path("file") {
            let text = fs::read_to_string(path).map_err(broken)?;
            file = text.lines().skip(self.lines).map(str::to_owned).collect();
            self.lines += file.len();
        }
        Ok(Reply::Records { outbox, file })
    }
}

fn rows_after(path: &str, id: i64) -> rusqlite::Result<Vec<(i64, Row)>> {
    let outbox = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let select = "SELECT id, event_id, event_type, agent_id, payload FROM audit_queue WHERE id > ?1 ORDER BY id";
    let mut statement = outbox.prepare(select)?;
    let rows = statement.query_map([id], |row| {
        let (event_id, event_type, agent_id, body) = (row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?);
        Ok((row.get(0)?, Row { event_id, event_type, agent_id, body, durable: None }))
    })?;
    rows.collect()
}

fn receipt(result: Result<auditbox::Receipt, Error>) -> Result<Reply, Refusal> {
    Ok(Reply::Text(result.map_err(refusal)?.as_json().to_owned()))
}

fn rewritten(result: Result<auditbox::Rewritten, Error>) -> Result<Reply, Refusal> {
    let rewritten = result.map_err(refusal)?;
    Ok(Reply::Rewritten { receipt: rewritten.receipt.as_json().to_owned(), value: rewritten.value })
}

fn line(answer: &Answer) -> String {
    serde_json::to_string(answer).unwrap_or_default() + "\n"
}

fn refusal(error: Error) -> Refusal {
    let (path, message) = (error.path().unwrap_or_default().to_owned(), error.message().to_owned());
    match error.kind() {
        ErrorKind::InvalidJson => {
            Refusal::InvalidJson { offset: error.offset().unwrap_or(u64::MAX), expected: message }
        }
        ErrorKind::InvalidEvent => Refusal::InvalidEvent { path, message },
        ErrorKind::Config => Refusal::InvalidConfig { path, message },
        ErrorKind::Unavailable => Refusal::Unavailable { message },
        _ => broken(error),
    }
}

fn broken(why: impl std::fmt::Display) -> Refusal {
    Refusal::Broken { message: why.to_string() }
}

/// The component by itself, for `delivery.finish`, of which the host makes no function: it calls it when an effect fails.
struct Guest {
    store: Store<()>,
    instance: Instance,
}

/// `auditbox:audit/types.error`
#[derive(ComponentType, Lift)]
#[component(variant)]
enum WitError {
    #[component(name = "invalid-json")]
    InvalidJson(Position),
    #[component(name = "invalid-event")]
    InvalidEvent(Problem),
    #[component(name = "invalid-config")]
    InvalidConfig(Problem),
    #[component(name = "unavailable")]
    Unavailable(String),
}

#[derive(ComponentType, Lift)]
#[component(record)]
struct Position {
    offset: u64,
    expected: String,
}

#[derive(ComponentType, Lift)]
#[component(record)]
struct Problem {
    path: String,
    message: String,
}

impl Guest {
    fn new() -> wasmtime::Result<Self> {
        let mut config = Config::new();
        // Three calls in its life: not worth the compiler's best, and compiled once for all runs.
        config.cranelift_opt_level(OptLevel::None);
        let mut cache = CacheConfig::new();
        cache.with_directory(std::env::current_exe()?.with_extension("cache"));
        config.cache(Some(Cache::new(cache)?));
        let engine = Engine::new(&config)?;
        let component = Component::from_binary(&engine, auditbox::component::AUDITBOX)?;
        let mut linker = Linker::new(&engine);
        linker.define_unknown_imports_as_traps(&component)?;
        let mut store = Store::new(&engine, ());
        let instance = linker.instantiate(&mut store, &component)?;
        Ok(Self { store, instance })
    }

    fn finish(&mut self, config: String, receipt: String, outcomes: String) -> Result<Reply, Refusal> {
        self.call("auditor", "configure", (config,)).map_err(broken)?.map_err(refusal_of)?;
        let finished = self.call("delivery", "finish", (receipt, outcomes)).map_err(broken)?;
        Ok(Reply::Text(finished.map_err(refusal_of)?))
    }

    fn call<P>(&mut self, interface: &str, function: &str, arguments: P) -> wasmtime::Result<Result<String, WitError>>
    where
        P: wasmtime::component::ComponentNamedList + wasmtime::component::Lower,
    {
        let interface = format!("auditbox:audit/{interface}@0.1.0");
        let missing = || wasmtime::Error::msg(format!("the component has no `{interface}` with `{function}`"));
        let interface_index = self.instance.get_export_index(&mut self.store, None, &interface).ok_or_else(missing)?;
        let function_index =
            self.instance.get_export_index(&mut self.store, Some(&interface_index), function).ok_or_else(missing)?;
        let function =
            self.instance.get_typed_func::<P, (Result<String, WitError>,)>(&mut self.store, function_index)?;
        Ok(function.call(&mut self.store, arguments)?.0)
    }
}

fn refusal_of(error: WitError) -> Refusal {
    match error {
        WitError::InvalidJson(Position { offset, expected }) => Refusal::InvalidJson { offset, expected },
        WitError::InvalidEvent(Problem { path, message }) => Refusal::InvalidEvent { path, message },
        WitError::InvalidConfig(Problem { path, message }) => Refusal::InvalidConfig { path, message },
        WitError::Unavailable(message) => Refusal::Unavailable { message },
    }
}
