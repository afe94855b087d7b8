//! An outbox in memory, with one lease that a test can take away.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use crate::capability::outbox::{Claimed, Options, Outbox, OutboxError, Settlement, State};
use crate::sync::rows::{Rows, Wake};

#[derive(Clone, Default)]
pub(super) struct Table(Arc<(Mutex<Inner>, Condvar)>);

#[derive(Default)]
struct Inner {
    rows: BTreeMap<i64, Row>,
    holder: Option<&'static str>,
    failing: HashMap<&'static str, u32>,
    state: (&'static str, Option<String>),
    beats: u32,
    calls: u32,
    rung: bool,
}

struct Row {
    payload: String,
    status: &'static str,
    error: Option<String>,
    retries: i64,
}

pub(super) struct Courier(Table);

pub(super) fn id(number: i64) -> String {
    format!("019cf5a6-e32c-7940-b859-{number:012x}")
}

impl Table {
    pub(super) fn new(numbers: Range<i64>) -> Self {
        let table = Self::default();
        table.append(numbers);
        table
    }

    pub(super) fn courier(&self) -> Courier {
        Courier(self.clone())
    }

    pub(super) fn append(&self, numbers: Range<i64>) {
        self.with(|inner| {
            for number in numbers {
                let payload = format!(r#"{{"event_id":"{}","n":{number}}}"#, id(number));
                inner.rows.insert(number, Row { payload, status: "PENDING", error: None, retries: 0 });
            }
            inner.rung = true;
        });
        self.0.1.notify_all();
    }

    pub(super) fn spoil(&self, number: i64, payload: &str) {
        self.with(|inner| inner.rows.get_mut(&number).unwrap().payload = payload.into());
    }

    pub(super) fn hold(&self, holder: &'static str) {
        self.with(|inner| inner.holder = Some(holder));
    }

    pub(super) fn free(&self) {
        self.with(|inner| inner.holder = None);
    }

    /// The next calls of that name fail.
    pub(super) fn fail(&self, call: &'static str, times: u32) {
        self.with(|inner| inner.failing.insert(call, times));
    }

    pub(super) fn count(&self, status: &str) -> usize {
        self.with(|inner| inner.rows.values().filter(|row| row.status == status).count())
    }

    pub(super) fn dead(&self) -> Vec<(i64, String)> {
        self.with(|inner| {
            let dead = inner.rows.iter().filter(|(_, row)| row.status == "DEAD");
            dead.map(|(number, row)| (*number, row.error.clone().unwrap())).collect()
        })
    }

    pub(super) fn retries(&self, number: i64) -> i64 {
        self.with(|inner| inner.rows[&number].retries)
    }

    pub(super) fn holder(&self) -> Option<&'static str> {
        self.with(|inner| inner.holder)
    }

    pub(super) fn state(&self) -> (&'static str, Option<String>) {
        self.with(|inner| inner.state.clone())
    }

    pub(super) fn beats(&self) -> u32 {
        self.with(|inner| inner.beats)
    }

    pub(super) fn calls(&self) -> u32 {
        self.with(|inner| inner.calls)
    }

    fn with<T>(&self, look: impl FnOnce(&mut Inner) -> T) -> T {
        look(&mut self.0.0.lock().unwrap())
    }

    fn call<T>(&self, name: &'static str, act: impl FnOnce(&mut Inner) -> T) -> Result<T, OutboxError> {
        self.with(|inner| {
            inner.calls += 1;
            match inner.failing.get_mut(name).filter(|left| **left > 0) {
                Some(left) => {
                    *left -= 1;
                    // Any will do.
                    Err(Outbox::open(Options::unlimited(Path::new("/"))).map(drop).unwrap_err())
                }
                None => Ok(act(inner)),
            }
        })
    }
}

impl Rows for Courier {
    fn take_lease(&mut self) -> Result<bool, OutboxError> {
        self.0.call("take_lease", |inner| *inner.holder.get_or_insert("us") == "us")
    }

    fn beat(&mut self) -> Result<bool, OutboxError> {
        self.0.call("beat", |inner| {
            inner.beats += 1;
            inner.holder == Some("us")
        })
    }

    fn release(&mut self) -> Result<(), OutboxError> {
        self.0.call("release", |inner| inner.holder = inner.holder.filter(|holder| *holder != "us"))
    }

    fn claim(&mut self, after_id: i64, max_rows: usize, max_bytes: usize) -> Result<Vec<Claimed>, OutboxError> {
        self.0.call("claim", |inner| {
            let (mut claimed, mut bytes) = (Vec::new(), 0);
            let pending = inner.rows.range(after_id + 1..).filter(|(_, row)| row.status == "PENDING");
            for (number, row) in pending.take(max_rows) {
                bytes += row.payload.len();
                if bytes > max_bytes && !claimed.is_empty() {
                    break;
                }
                let (payload, retry_count) = (row.payload.clone(), row.retries);
                claimed.push(Claimed { id: *number, event_id: id(*number), payload, retry_count });
            }
            claimed
        })
    }

    fn settle(&mut self, settlement: Settlement) -> Result<bool, OutboxError> {
        self.0.call("settle", |inner| {
            if inner.holder != Some("us") {
                return false;
            }
            for number in settlement.delivered {
                let row = inner.rows.get_mut(&number).unwrap();
                assert_eq!(row.status, "PENDING", "row {number} is settled twice");
                row.status = "COMPLETED";
            }
            for (number, reason) in settlement.dead {
                let row = inner.rows.get_mut(&number).unwrap();
                assert_eq!(row.status, "PENDING", "row {number} is settled twice");
                (row.status, row.error) = ("DEAD", Some(reason));
            }
            for number in settlement.retried.into_iter().flat_map(|retried| retried.ids) {
                inner.rows.get_mut(&number).unwrap().retries += 1;
            }
            true
        })
    }

    fn show_state(&mut self, state: State<'_>) -> Result<(), OutboxError> {
        self.0.call("show_state", |inner| inner.state = (state.name, state.reason.map(str::to_owned)))
    }

    fn pending(&self) -> Result<u64, OutboxError> {
        self.0.call("pending", |inner| inner.rows.values().filter(|row| row.status == "PENDING").count() as u64)
    }

    fn wait(&self, timeout: Duration) -> bool {
        let (inner, rung) = &*self.0.0;
        let quiet = |inner: &mut Inner| !inner.rung;
        let mut inner = rung.wait_timeout_while(inner.lock().unwrap(), timeout, quiet).unwrap().0;
        std::mem::take(&mut inner.rung)
    }

    fn waker(&self) -> Wake {
        let table = self.0.clone();
        Box::new(move || {
            table.with(|inner| inner.rung = true);
            table.0.1.notify_all();
        })
    }
}
