//! An endpoint that stores by `event_id`, unless its test answers in its stead; and a judge that is not worth a guest.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::*;

pub(super) struct Endpoint {
    server: Server,
    stored: Arc<Mutex<HashSet<String>>>,
}

impl Endpoint {
    /// Takes everything.
    pub(super) fn taking() -> Self {
        Self::start(|_, _| false)
    }

    /// `instead` sees each batch's ids after they have been stored, and says whether it has answered. What it refuses is
    /// not to count as stored.
    pub(super) fn start(instead: impl Fn(&mut Stream, &[String]) -> bool + Send + Sync + 'static) -> Self {
        let stored = Arc::new(Mutex::new(HashSet::new()));
        let ours = Arc::clone(&stored);
        let server = Server::start(move |stream: &mut Stream| {
            let ids = ids(&stream.body());
            ours.lock().unwrap().extend(ids.iter().cloned());
            if !instead(stream, &ids) {
                let body = format!(r#"{{"accepted":{},"rejected":[]}}"#, ids.len());
                stream.write(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
            }
        });
        Self { server, stored }
    }

    pub(super) fn url(&self) -> &str {
        self.server.url()
    }

    /// How many different events have come.
    pub(super) fn stored(&self) -> usize {
        self.stored.lock().unwrap().len()
    }

    /// The ids of each request.
    pub(super) fn batches(&self) -> Vec<Vec<String>> {
        self.server.requests().iter().map(|(_, body)| ids(body)).collect()
    }

    pub(super) fn keys(&self) -> Vec<String> {
        let key = |line: &str| line.to_ascii_lowercase().strip_prefix("idempotency-key: ").map(str::to_owned);
        self.server.requests().iter().map(|(head, _)| head.lines().find_map(key).unwrap()).collect()
    }
}

fn ids(body: &[u8]) -> Vec<String> {
    let body: Value = serde_json::from_slice(body).unwrap();
    body["events"].as_array().unwrap().iter().map(|event| event["event_id"].as_str().unwrap().to_owned()).collect()
}

/// The judge's rules in short, with times for the impatient.
pub(super) fn judge() -> Judge {
    Box::new(|batch, answer| {
        let (batch, answer): (Value, Value) =
            (serde_json::from_str(batch).unwrap(), serde_json::from_str(answer).unwrap());
        let ids = batch["event_ids"].as_array().unwrap();
        let later = |verdict: &str, min: u64, reason: &str| json!({"verdict": verdict, "min_ms": min, "max_ms": min + 10, "reason": reason});
        let verdict = match answer["status"].as_u64() {
            Some(200) if answer["body"] == "" => json!({"verdict": "settle", "accepted": ids.len(), "rejected": []}),
            Some(200) => {
                let body: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
                json!({"verdict": "settle", "accepted": body["accepted"], "rejected": body["rejected"]})
            }
            Some(413 | 422) if ids.len() > 1 => json!({"verdict": "split", "reason": "too large"}),
            Some(413 | 422) => {
                json!({"verdict": "reject", "rejected": [{"event_id": ids[0], "reason": "refused"}]})
            }
            Some(401) => later("pause", 20, "look at the key"),
            _ => match answer["retry_after"].as_str() {
                Some(seconds) => later("retry", seconds.parse::<u64>().unwrap() * 1_000, "later"),
                None => later("retry", 1, "later"),
            },
        };
        Ok(verdict.to_string())
    })
}
