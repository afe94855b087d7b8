//! A file of `tests/vectors`: one behaviour, in cases. Unknown keys are refused. What each key means is in `README.md`.

use crate::compact::{Members, Text, compact, object};
use crate::protocol::{Refusal, Request};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Stands in configurations for the folder that is the driver's to write into.
pub const DIR: &str = "${dir}";

/// A behaviour.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vector {
    /// Where it was read from.
    #[serde(skip)]
    pub path: PathBuf,
    /// The behaviour in words.
    pub note: String,
    /// What is called.
    pub op: Op,
    /// The configuration of all its cases; the runner adds where records go.
    #[serde(default, deserialize_with = "given")]
    pub config: Option<Box<RawValue>>,
    /// What is given and what comes of it. They run in order, under one configuration.
    pub cases: Vec<Case>,
}

/// What a vector calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// `configure`: every case is a configuration.
    Configure,
    /// `emit`
    Emit,
    /// `emit_batch`
    EmitBatch,
    /// `log_event`
    LogEvent,
    /// `redact`
    Redact,
    /// `cap_payload`
    CapPayload,
    /// `finish`
    Finish,
    /// `judge`
    Judge,
}

/// One call.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What is special about it.
    pub note: Option<String>,
    /// `log_event`: the type.
    pub event_type: Option<String>,
    /// What is given, as JSON; passed on without white space.
    #[serde(default, deserialize_with = "given")]
    pub input: Option<Box<RawValue>>,
    /// What is given, as the exact text.
    pub input_text: Option<Text>,
    /// `finish`: the outcomes; the receipt is the input.
    #[serde(default, deserialize_with = "given")]
    pub outcomes: Option<Box<RawValue>>,
    /// `finish`: the outcomes, as the exact text.
    pub outcomes_text: Option<Text>,
    /// `judge`: the answer; the batch is the input.
    #[serde(default, deserialize_with = "given")]
    pub answer: Option<Box<RawValue>>,
    /// `judge`: the answer, as the exact text.
    pub answer_text: Option<Text>,
    /// What comes of it: the value, configuration, verdict, record or answers. When nothing is wanted, nothing must come.
    #[serde(default, deserialize_with = "given")]
    pub want: Option<Box<RawValue>>,
    /// The record of a tool call, without the fields that have their defaults.
    #[serde(default, deserialize_with = "given")]
    pub want_fields: Option<Box<RawValue>>,
    /// Why it is refused.
    pub want_error: Option<Refusal>,
    /// Whether the record was to be on the disk before anybody was told.
    pub want_durable: Option<bool>,
    /// The receipt, without the fields that say that nothing happened.
    #[serde(default, deserialize_with = "given")]
    pub want_receipt: Option<Box<RawValue>>,
}

/// The record of `{"action": …}`, in which a vector's `want_fields` are put. Twice the guest's table on purpose: it holds
/// the guest to it.
const FIELDS: [(&str, &str); 31] = [
    ("schema_version", "\"0.3.0\""),
    ("event_id", "\"<uuid7>\""),
    ("timestamp", "\"<now>\""),
    ("run_id", "\"\""),
    ("call_id", "\"\""),
    ("call_index", "0"),
    ("parent_call_id", "null"),
    ("session_id", "null"),
    ("parent_session_id", "null"),
    ("tool_name", "\"\""),
    ("tool_args", "{}"),
    ("side_effect", "\"\""),
    ("environment", "\"\""),
    ("principal", "null"),
    ("action", "\"call_executed\""),
    ("decision_source", "null"),
    ("decision_name", "null"),
    ("reason", "null"),
    ("hooks_evaluated", "[]"),
    ("contracts_evaluated", "[]"),
    ("workflow", "null"),
    ("tool_success", "null"),
    ("postconditions_passed", "null"),
    ("duration_ms", "0"),
    ("error", "null"),
    ("result_summary", "null"),
    ("session_attempt_count", "0"),
    ("session_execution_count", "0"),
    ("mode", "\"enforce\""),
    ("policy_version", "null"),
    ("policy_error", "false"),
];

/// Fields of a receipt that say that nothing happened, in their order; the last two are an event's only.
const QUIET: [(&str, &str); 5] =
    [("redactions", "[]"), ("redactions_total", "0"), ("truncated", "[]"), ("duplicate", "false"), ("failures", "[]")];

impl Vector {
    /// Reads every vector below a folder, in the order of their paths.
    ///
    /// # Errors
    ///
    /// When a file cannot be read or is no vector.
    pub fn read_all(folder: &Path) -> io::Result<Vec<Self>> {
        let mut entries: Vec<PathBuf> =
            fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
        entries.sort();
        let mut vectors = Vec::new();
        for path in entries {
            if path.is_dir() {
                vectors.extend(Self::read_all(&path)?);
            } else {
                let vector = serde_json::from_str(&fs::read_to_string(&path)?);
                let vector = vector.map_err(|error| io::Error::other(format!("{}: {error}", path.display())))?;
                vectors.push(Self { path, ..vector });
            }
        }
        Ok(vectors)
    }

    /// The configuration of its cases: what it says itself, and records into the outbox and the file unless it says
    /// otherwise. Never to the standard output, which is the protocol's.
    ///
    /// # Errors
    ///
    /// When its configuration is no object.
    pub fn configuration(&self) -> serde_json::Result<String> {
        let own = self.config.as_ref().map_or("{}", |config| config.get());
        let own: Members = serde_json::from_str(&compact(own)?)?;
        let places =
            [("stdout", "false"), ("outbox", r#"{"path":"${dir}/outbox.db"}"#), ("file", r#""${dir}/audit.jsonl""#)];
        let places = places.into_iter().filter(|(key, _)| !own.0.iter().any(|(own, _)| own == key));
        Ok(object(own.0.iter().map(|(key, value)| (key.as_str(), value.get())).chain(places)))
    }
}

impl Case {
    /// What to ask the driver.
    ///
    /// # Errors
    ///
    /// When what is given is not of its form.
    pub fn request(&self, op: Op) -> serde_json::Result<Request> {
        let input = text(self.input.as_deref(), self.input_text.as_ref())?;
        Ok(match op {
            Op::Configure => Request::Configure { config: input },
            Op::Emit => Request::Emit { event: input },
            Op::EmitBatch => Request::EmitBatch { events: input },
            Op::LogEvent => {
                Request::LogEvent { event_type: self.event_type.clone().unwrap_or_default(), payload: input }
            }
            Op::Redact => Request::Redact { value: input },
            Op::CapPayload => Request::CapPayload { payload: input },
            Op::Finish => {
                let outcomes = text(self.outcomes.as_deref(), self.outcomes_text.as_ref())?;
                Request::Finish { receipt: input, outcomes }
            }
            Op::Judge => {
                let answer = text(self.answer.as_deref(), self.answer_text.as_ref())?;
                Request::Judge { batch: input, answer }
            }
        })
    }

    /// What comes of it, as text; none when it is refused or nothing is recorded.
    ///
    /// # Errors
    ///
    /// When what is wanted is not of its form.
    pub fn wanted(&self) -> serde_json::Result<Option<String>> {
        if let Some(fields) = &self.want_fields {
            return record(&compact(fields.get())?).map(Some);
        }
        self.want.as_ref().map(|want| compact(want.get())).transpose()
    }

    /// The receipt, as text; of an event when its id is given.
    ///
    /// # Errors
    ///
    /// When what is wanted is not of its form.
    pub fn wanted_receipt(&self, event_id: Option<&str>) -> serde_json::Result<String> {
        let said = self.want_receipt.as_ref().map_or("{}", |receipt| receipt.get());
        let Members(said) = serde_json::from_str(&compact(said)?)?;
        let count = match said.iter().find(|(key, _)| key == "redactions") {
            Some((_, redactions)) => serde_json::from_str::<Vec<&RawValue>>(redactions.get())?.len(),
            None => 0,
        };
        let (id, count) = (event_id.map(|id| format!("\"{id}\"")), count.to_string());
        let quiet = QUIET.iter().take(if id.is_some() { 5 } else { 3 });
        let quiet = quiet.map(|(key, value)| {
            let value = if *key == "redactions_total" { count.as_str() } else { *value };
            (*key, said.iter().find(|(said, _)| said == key).map_or(value, |(_, said)| said.get()))
        });
        Ok(object(id.iter().map(|id| ("event_id", id.as_str())).chain(quiet)))
    }
}

/// A null that is given is one, and not nothing.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Box<RawValue>>, D::Error> {
    Box::deserialize(deserializer).map(Some)
}

fn text(json: Option<&RawValue>, text: Option<&Text>) -> serde_json::Result<String> {
    match (json, text) {
        (Some(json), _) => compact(json.get()),
        (None, text) => Ok(text.map(Text::whole).unwrap_or_default()),
    }
}

/// The record that has these fields, and of all others their defaults. Fields that are none of the schema's, or optional,
/// stand behind, in their order.
fn record(fields: &str) -> serde_json::Result<String> {
    let Members(given) = serde_json::from_str(fields)?;
    let known = FIELDS.iter().map(|(name, default)| {
        let given = given.iter().find(|(key, _)| key == name);
        (*name, given.map_or(*default, |(_, value)| value.get()))
    });
    let others = given.iter().filter(|(key, _)| !FIELDS.iter().any(|(name, _)| name == key));
    Ok(object(known.chain(others.map(|(key, value)| (key.as_str(), value.get())))))
}

/// The inverse of `record`: the fields of a tool call's record that do not have their defaults, as an object; none when
/// it is not in the schema's order.
///
/// # Errors
///
/// When it is not a JSON object.
pub fn fields(whole: &str) -> serde_json::Result<Option<String>> {
    let Members(members) = serde_json::from_str(whole)?;
    let said = members.iter().filter(|(key, value)| !FIELDS.iter().any(|(k, v)| k == key && *v == value.get()));
    let said = object(said.map(|(key, value)| (key.as_str(), value.get())));
    Ok((record(&said)? == whole).then_some(said))
}

/// The inverse of `wanted_receipt`: the fields of a receipt that do not say that nothing happened, as an object; none when
/// there is none.
///
/// # Errors
///
/// When it is not a JSON object.
pub fn receipt_fields(whole: &str) -> serde_json::Result<Option<String>> {
    let Members(members) = serde_json::from_str(whole)?;
    let mut count = 0;
    let mut said = Vec::new();
    for (key, value) in &members {
        let value = value.get();
        if key == "redactions" {
            count = serde_json::from_str::<Vec<&RawValue>>(value)?.len();
        }
        let quiet = QUIET.iter().any(|(k, v)| k == key && *v == value)
            || key == "event_id"
            || key == "redactions_total" && value == count.to_string();
        if !quiet {
            said.push((key.as_str(), value));
        }
    }
    Ok((!said.is_empty()).then(|| object(said)))
}
