//! What the component may call: the clock, randomness, and two functions that only collect. What is collected is
//! carried out after the component has returned, commit first.

use std::time::{SystemTime, UNIX_EPOCH};

use wasmtime::ResourceLimiter;
use wasmtime::component::{ComponentType, Lift, Linker, Lower};

use crate::bindings::auditbox::audit::{outbox, sinks, types};
use crate::capability::outbox::Row;

/// More than any accepted event needs; a component that asks for more has gone astray.
const MEMORY_LIMIT_BYTES: usize = 1 << 30;

/// What one instance has at hand.
#[derive(Default)]
pub(crate) struct Imports {
    pub(super) handed: Handed,
    pub(super) memory: Memory,
}

/// What one call has handed over. Numbers are those of the events within the call.
#[derive(Default)]
pub(crate) struct Handed {
    /// For the outbox.
    pub(crate) rows: Vec<(u32, Row)>,
    /// For the sinks.
    pub(crate) writes: Vec<Write>,
}

/// One record for one sink.
pub(crate) struct Write {
    pub(crate) line: u32,
    pub(crate) sink: String,
    pub(crate) body: String,
}

impl outbox::Host for Imports {
    fn append(
        &mut self,
        line: u32,
        event_id: String,
        event_type: String,
        agent_id: String,
        body: String,
        durability: outbox::Durability,
    ) -> Result<(), types::Error> {
        let durable = durability == outbox::Durability::Commit;
        self.handed.rows.push((line, Row { event_id, event_type, agent_id, body, durable }));
        Ok(())
    }
}

impl sinks::Host for Imports {
    fn write(&mut self, line: u32, sink: String, body: String) -> Result<(), types::Error> {
        self.handed.writes.push(Write { line, sink, body });
        Ok(())
    }
}

impl types::Host for Imports {}

/// Counts the linear memory of an instance, and keeps it within bounds.
#[derive(Default)]
pub(super) struct Memory {
    /// What it has grown to.
    pub(super) bytes: usize,
    /// Whether it was refused more.
    pub(super) exhausted: bool,
}

impl ResourceLimiter for Memory {
    fn memory_growing(&mut self, current: usize, desired: usize, _maximum: Option<usize>) -> wasmtime::Result<bool> {
        let total = self.bytes.saturating_add(desired.saturating_sub(current));
        self.exhausted = total > MEMORY_LIMIT_BYTES;
        if !self.exhausted {
            self.bytes = total;
        }
        Ok(!self.exhausted)
    }

    fn table_growing(&mut self, _current: usize, desired: usize, _maximum: Option<usize>) -> wasmtime::Result<bool> {
        Ok(desired <= 1 << 16)
    }
}

#[derive(ComponentType, Lift, Lower)]
#[component(record)]
struct Datetime {
    seconds: u64,
    nanoseconds: u32,
}

/// `wasi:clocks/wall-clock` and `wasi:random/random` by hand: they are four functions, and `wasmtime-wasi` would bring
/// files, sockets and an async runtime. Any 0.2 of them fits.
pub(super) fn add_wasi(linker: &mut Linker<Imports>) -> wasmtime::Result<()> {
    let mut clock = linker.instance("wasi:clocks/wall-clock@0.2.0")?;
    clock.func_wrap("now", |_, ()| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Ok((Datetime { seconds: now.as_secs(), nanoseconds: now.subsec_nanos() },))
    })?;
    clock.func_wrap("resolution", |_, ()| Ok((Datetime { seconds: 0, nanoseconds: 1 },)))?;

    let mut random = linker.instance("wasi:random/random@0.2.0")?;
    random.func_wrap("get-random-u64", |_, ()| Ok((getrandom::u64().map_err(wasmtime::Error::new)?,)))?;
    random.func_wrap("get-random-bytes", |_, (length,): (u64,)| {
        let mut bytes = vec![0; usize::try_from(length.min(1 << 16))?];
        getrandom::fill(&mut bytes).map_err(wasmtime::Error::new)?;
        Ok((bytes,))
    })
}
