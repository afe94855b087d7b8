//! The outbox on a real SQLite, a file of its own for each test.

#![cfg(unix)]

mod append;
mod faults;
mod limits;
mod open;
mod reader;

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;

use super::*;

fn outbox(path: &Path) -> Outbox {
    Outbox::open(Options::unlimited(path)).unwrap()
}

fn row(event_id: &str) -> Row {
    Row {
        event_id: event_id.into(),
        event_type: "call_executed".into(),
        agent_id: "agent".into(),
        body: format!(r#"{{"event_id":"{event_id}","action":"call_executed"}}"#),
        durable: true,
    }
}

fn rows<'a>(event_ids: impl IntoIterator<Item = &'a str>) -> Vec<Row> {
    event_ids.into_iter().map(row).collect()
}

fn store(outbox: &Outbox, event_id: &str) -> Result<Vec<Stored>, OutboxError> {
    outbox.append(rows([event_id]), true).unwrap().wait()
}

/// All event ids in the order of their rows.
fn stored(path: &Path) -> Vec<String> {
    let reader = Reader::open(path).unwrap();
    reader.list(&Filter::default(), false, u32::MAX).unwrap().into_iter().map(|entry| entry.event_id).collect()
}

/// Another program's connection.
fn sqlite(path: &Path) -> Connection {
    Connection::open(path).unwrap()
}
