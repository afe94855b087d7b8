//! Rows as the body of a request. What is no record is set aside, so that it spoils no batch.

use std::borrow::Cow;
use std::io::{self, Write};

use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};

use crate::capability::outbox::Claimed;
use crate::config::Compression;

/// Fast, and two thirds of what the best level saves.
const LEVEL: u32 = 1;
const HEAD: &[u8] = br#"{"events":["#;
const TAIL: &[u8] = b"]}";

/// Records that travel together. Never empty.
pub(super) struct Batch {
    records: Vec<Claimed>,
}

/// What the judge is told of a batch.
#[derive(Serialize)]
struct Told<'a> {
    event_ids: Vec<&'a str>,
    attempt: u32,
    refused_in_row: u64,
}

impl Batch {
    /// The records among the rows, if there are any; and the ids of the other rows, each with what is wrong with it.
    pub(super) fn of(claimed: Vec<Claimed>) -> (Option<Self>, Vec<(i64, String)>) {
        let mut records = Vec::with_capacity(claimed.len());
        let mut dead = Vec::new();
        for row in claimed {
            match fault(&row) {
                None => records.push(row),
                Some(fault) => dead.push((row.id, format!("not a record: {fault}"))),
            }
        }
        ((!records.is_empty()).then_some(Self { records }), dead)
    }

    pub(super) fn len(&self) -> usize {
        self.records.len()
    }

    /// The number of each row.
    pub(super) fn ids(&self) -> impl Iterator<Item = i64> {
        self.records.iter().map(|record| record.id)
    }

    /// The rows' numbers and their events'.
    pub(super) fn events(&self) -> impl Iterator<Item = (i64, &str)> {
        self.records.iter().map(|record| (record.id, record.event_id.as_str()))
    }

    /// The same for the same records, in this process and the next.
    pub(super) fn idempotency_key(&self) -> String {
        let id = |record: Option<&Claimed>| record.map(|record| record.event_id.clone()).unwrap_or_default();
        format!("{}.{}.{}", id(self.records.first()), id(self.records.last()), self.len())
    }

    /// Two batches of about one size; the second is `None` when there is but one record.
    pub(super) fn split(mut self) -> (Self, Option<Self>) {
        let second = self.records.split_off(self.records.len().div_ceil(2));
        (self, (!second.is_empty()).then_some(Self { records: second }))
    }

    /// The judge's `batch`.
    pub(super) fn told(&self, attempt: u32, refused_in_row: u64) -> Result<String, serde_json::Error> {
        let event_ids = self.records.iter().map(|record| record.event_id.as_str()).collect();
        serde_json::to_string(&Told { event_ids, attempt, refused_in_row })
    }

    /// The body of the request, and how it says that it is compressed. Where the compressor fails, which is for want of
    /// memory, it is not.
    pub(super) fn body(&self, compression: Compression) -> (Vec<u8>, Option<&'static str>) {
        let plain = self.plain();
        let compressed = match compression {
            Compression::None => None,
            Compression::Gzip => gzip(&plain).ok().map(|body| (body, Some("gzip"))),
            Compression::Zstd => {
                zstd::bulk::compress(&plain, LEVEL.cast_signed()).ok().map(|body| (body, Some("zstd")))
            }
        };
        compressed.unwrap_or((plain, None))
    }

    fn plain(&self) -> Vec<u8> {
        let mut body = Vec::with_capacity(self.bytes());
        body.extend_from_slice(HEAD);
        for (number, record) in self.records.iter().enumerate() {
            if number > 0 {
                body.push(b',');
            }
            body.extend_from_slice(record.payload.as_bytes());
        }
        body.extend_from_slice(TAIL);
        body
    }

    fn bytes(&self) -> usize {
        let records: usize = self.records.iter().map(|record| record.payload.len() + 1).sum();
        HEAD.len() + records + TAIL.len()
    }
}

/// The most bytes of records that may be asked for, so that the body keeps to `max_bytes`.
pub(super) fn room(max_rows: usize, max_bytes: usize) -> usize {
    max_bytes.saturating_sub(HEAD.len() + TAIL.len() + max_rows).max(1)
}

fn gzip(plain: &[u8]) -> io::Result<Vec<u8>> {
    let mut gzip = GzEncoder::new(Vec::with_capacity(plain.len() / 4), flate2::Compression::new(LEVEL));
    gzip.write_all(plain)?;
    gzip.finish()
}

/// Why a row is no record, without any part of it: it would make the whole body something else than JSON, or nobody
/// could tell whether the endpoint has it already.
fn fault(row: &Claimed) -> Option<&'static str> {
    #[derive(Deserialize)]
    struct Record<'a> {
        #[serde(borrow)]
        event_id: Cow<'a, str>,
    }
    if !is_uuid(&row.event_id) {
        return Some("its event_id is no UUID");
    }
    if row.payload.contains(['\n', '\r']) {
        return Some("it is more than one line");
    }
    // A list would be taken for the fields in their order.
    if !row.payload.starts_with('{') {
        return Some("it is no JSON object");
    }
    match serde_json::from_str::<Record<'_>>(&row.payload) {
        Ok(record) if record.event_id == row.event_id => None,
        Ok(_) => Some("its event_id is not the one of its row"),
        Err(error) if error.is_data() => Some("it has no event_id, or several"),
        Err(_) => Some("it is no JSON object"),
    }
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests;
