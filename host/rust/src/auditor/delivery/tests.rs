use std::sync::{Arc, Mutex};

use tempfile::TempDir;

use super::*;
use crate::capability::WriteError;
use crate::capability::outbox::Options;
use crate::engine::Write;

/// Remembers what it was given; takes only so many records.
#[derive(Clone)]
struct Fake {
    name: &'static str,
    takes: usize,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Fake {
    fn new(name: &'static str, takes: usize) -> Self {
        Self { name, takes, seen: Arc::default() }
    }

    fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

impl Sink for Fake {
    fn name(&self) -> &str {
        self.name
    }

    fn write(&self, records: &[&str]) -> Result<(), WriteError> {
        let taken = records.iter().take(self.takes).map(|record| (*record).to_owned());
        self.seen.lock().unwrap().extend(taken);
        if records.len() <= self.takes {
            return Ok(());
        }
        Err(WriteError { written: self.takes, message: "full".into(), retryable: true, closed: self.name == "stdout" })
    }
}

fn delivery(outbox: Option<Outbox>, sinks: &[&Fake], on_failure: OnFailure) -> Delivery {
    let sinks = sinks.iter().map(|sink| Box::new((*sink).clone()) as Box<dyn Sink>).collect();
    Delivery { outbox: outbox.map(Arc::new), sinks, on_failure, reader_gone: AtomicBool::new(false) }
}

/// Events of these ids, each with a record for `stdout` and `file`.
fn handed(ids: &[u32]) -> Handed {
    let mut handed = Handed::default();
    for (line, id) in (0..).zip(ids) {
        let (event_id, body) = (format!("00000000-0000-7000-8000-{id:012}"), format!("{{\"line\":{line}}}"));
        let row = Row { event_id, event_type: "X".into(), agent_id: String::new(), body: body.clone(), durable: true };
        handed.rows.push((line, row));
        for sink in ["stdout", "file"] {
            handed.writes.push(Write { line, sink: sink.into(), body: body.clone() });
        }
    }
    handed
}

fn full(target: &str) -> Outcome {
    Outcome::Failed { target: target.into(), message: "full".into(), retryable: true }
}

/// An outbox whose file is taken away, so that it can store nothing more.
fn broken_outbox(folder: &TempDir) -> Outbox {
    let path = folder.path().join("outbox.db");
    let outbox = Outbox::open(Options::unlimited(&path)).unwrap();
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    outbox
}

#[test]
fn each_sink_gets_all_records_of_a_call_in_order() {
    let (stdout, file) = (Fake::new("stdout", 9), Fake::new("file", 9));
    let outcomes = delivery(None, &[&stdout, &file], OnFailure::Open).carry_out(handed(&[1, 2]), |_| true);
    assert!(outcomes.is_empty());
    for sink in [stdout, file] {
        assert_eq!(sink.seen(), ["{\"line\":0}", "{\"line\":1}"]);
    }
}

#[test]
fn nothing_is_carried_out_for_a_refused_event() {
    let folder = TempDir::new().unwrap();
    let (outbox, stdout) =
        (Outbox::open(Options::unlimited(&folder.path().join("outbox.db"))).unwrap(), Fake::new("stdout", 9));
    let delivery = delivery(Some(outbox), &[&stdout], OnFailure::Open);
    delivery.carry_out(handed(&[1, 2]), |line| line == 1);
    assert_eq!(stdout.seen(), ["{\"line\":1}"]);
    assert!(delivery.carry_out(handed(&[1]), |_| true).is_empty(), "the first was not stored");
}

#[test]
fn a_sink_that_fails_is_named_and_the_others_get_everything() {
    let (stdout, file) = (Fake::new("stdout", 1), Fake::new("file", 9));
    let delivery = delivery(None, &[&stdout, &file], OnFailure::Closed);
    let outcomes = delivery.carry_out(handed(&[1, 2, 3]), |_| true);
    assert_eq!(outcomes, BTreeMap::from([(1, vec![full("stdout")]), (2, vec![full("stdout")])]));
    assert_eq!(file.seen().len(), 3);
    assert!(delivery.reader_gone());
}

#[test]
fn a_duplicate_shows_in_no_sink() {
    let folder = TempDir::new().unwrap();
    let (outbox, stdout) =
        (Outbox::open(Options::unlimited(&folder.path().join("outbox.db"))).unwrap(), Fake::new("stdout", 9));
    let delivery = delivery(Some(outbox), &[&stdout], OnFailure::Open);
    let outcomes = delivery.carry_out(handed(&[1, 1, 2]), |_| true);
    assert_eq!(outcomes, BTreeMap::from([(1, vec![Outcome::Duplicate { target: OUTBOX, duplicate: true }])]));
    assert_eq!(stdout.seen(), ["{\"line\":0}", "{\"line\":2}"]);
}

#[test]
fn what_could_not_be_stored_shows_in_no_sink_when_closed_and_in_all_when_open() {
    for (on_failure, shown) in [(OnFailure::Closed, 0), (OnFailure::Open, 2)] {
        let folder = TempDir::new().unwrap();
        let stdout = Fake::new("stdout", 9);
        let delivery = delivery(Some(broken_outbox(&folder)), &[&stdout], on_failure);
        let outcomes = delivery.carry_out(handed(&[1, 2]), |_| true);
        assert_eq!(outcomes.keys().collect::<Vec<_>>(), [&0, &1]);
        assert!(matches!(outcomes[&0][..], [Outcome::Failed { ref target, .. }] if target == OUTBOX));
        assert_eq!(stdout.seen().len(), shown, "{on_failure:?}");
    }
}

#[test]
fn outcomes_are_written_as_the_contract_says() {
    let duplicate = Outcome::Duplicate { target: OUTBOX, duplicate: true };
    let text = serde_json::to_string(&[full("file"), duplicate]).unwrap();
    let want = r#"[{"target":"file","message":"full","retryable":true},{"target":"outbox","duplicate":true}]"#;
    assert_eq!(text, want);
}
