//! From the text of a configuration to a policy, and back. The keys are those of `wit/schema/config.schema.json`.

use super::keys::MAX_NAME_BYTES;
use super::{CapStrategy, Custom, File, Keys, Matching, OnFailure, Policy};
use crate::error::Error;
use crate::json::write_string;
use serde_json::{Map, Value};
use std::fmt::Write as _;
use std::ops::RangeInclusive;

/// More patterns than this slow every event down.
const MAX_PATTERNS: usize = 100;
/// More names than anybody has; each costs a little for each key of each event.
const MAX_NAMES: usize = 1000;

type Checked<T> = Result<T, Error>;

impl Policy {
    /// # Errors
    ///
    /// `InvalidJson`, or `InvalidConfig` with the place and what was expected.
    pub(crate) fn parse(text: &str) -> Checked<Self> {
        let value: Value = serde_json::from_str(text).map_err(|error| not_json(text, &error))?;
        let mut top = Section::new("", value)?;
        let mut policy = Self::default();
        if let Some(stdout) = top.boolean("stdout")? {
            policy.stdout = stdout;
        }
        policy.file = file(&mut top)?;
        policy.outbox = outbox(&mut top)?;
        policy.on_failure = top.choice("on_failure", &[("open", OnFailure::Open), ("closed", OnFailure::Closed)])?;
        if let Some(agent_id) = top.text("agent_id")? {
            policy.agent_id = agent_id;
        }
        if let Some(bytes) = top.number("max_event_bytes", 4096..=256 << 20)? {
            policy.max_event_bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
        }
        if let Some(bytes) = top.number("max_payload_bytes", 4096..=16 << 20)? {
            policy.max_payload_bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
        }
        let strategies = [("replace", CapStrategy::Replace), ("shrink", CapStrategy::Shrink)];
        policy.cap_strategy = top.choice("cap_strategy", &strategies)?;
        if let Some(redaction) = top.take("redaction") {
            policy.redaction(Section::new(top.path("redaction"), redaction)?)?;
        }
        top.end()?;
        Ok(policy)
    }

    fn redaction(&mut self, mut section: Section) -> Checked<()> {
        self.sensitive_keys = section.names("sensitive_keys")?;
        self.safe_keys = section.names("safe_keys")?;
        let matchings = [("substring", Matching::Substring), ("word", Matching::Word)];
        self.matching = section.choice("key_matching", &matchings)?;
        for (index, pair) in section.list("custom_patterns", MAX_PATTERNS)?.into_iter().enumerate() {
            let path = || format!("{}/{index}", section.path("custom_patterns"));
            let (pattern, replacement) = match serde_json::from_value::<[String; 2]>(pair) {
                Ok([pattern, replacement]) => (pattern, replacement),
                Err(_) => {
                    return Err(Error::config(path(), "expected a list of two texts: a pattern and its replacement"));
                }
            };
            self.custom.push(Custom::new(&pattern, &replacement).map_err(|message| Error::config(path(), message))?);
            self.patterns.push((pattern, replacement));
        }
        if let Some(detect) = section.boolean("detect_secret_values")? {
            self.detect_secret_values = detect;
        }
        self.keys = Keys::new(self.matching, &self.sensitive_keys, &self.safe_keys);
        section.end()
    }

    /// The configuration in force, every default filled in.
    pub(crate) fn to_json(&self) -> String {
        let text = |text: &str| Value::from(text).to_string();
        let file = self.file.as_ref().map_or("null".to_owned(), |file| {
            let max_bytes = file.max_bytes.map_or("null".to_owned(), |bytes| bytes.to_string());
            let (path, fsync, keep) = (text(&file.path), file.fsync, file.keep);
            format!(r#"{{"path":{path},"fsync":"{fsync}","max_bytes":{max_bytes},"keep":{keep}}}"#)
        });
        let outbox = self.outbox.as_ref().map_or("null".to_owned(), |path| {
            format!(r#"{{"path":{}}}"#, path.as_deref().map_or("null".to_owned(), text))
        });
        let on_failure = match self.on_failure {
            OnFailure::Open => "open",
            OnFailure::Closed => "closed",
        };
        let cap_strategy = match self.cap_strategy {
            CapStrategy::Replace => "replace",
            CapStrategy::Shrink => "shrink",
        };
        let key_matching = match self.matching {
            Matching::Substring => "substring",
            Matching::Word => "word",
        };
        let mut patterns = String::new();
        for (pattern, replacement) in &self.patterns {
            patterns.push_str(if patterns.is_empty() { "[" } else { ",[" });
            write_string(pattern, &mut patterns);
            patterns.push(',');
            write_string(replacement, &mut patterns);
            patterns.push(']');
        }
        let mut json = String::new();
        // Writing to a string cannot fail.
        let _ = write!(
            json,
            r#"{{"stdout":{},"file":{file},"outbox":{outbox},"on_failure":"{on_failure}","agent_id":{},"max_event_bytes":{},"max_payload_bytes":{},"cap_strategy":"{cap_strategy}","redaction":{{"sensitive_keys":{},"safe_keys":{},"key_matching":"{key_matching}","custom_patterns":[{patterns}],"detect_secret_values":{}}}}}"#,
            self.stdout,
            text(&self.agent_id),
            self.max_event_bytes,
            self.max_payload_bytes,
            Value::from(self.sensitive_keys.as_slice()),
            Value::from(self.safe_keys.as_slice()),
            self.detect_secret_values,
        );
        json
    }
}

fn file(top: &mut Section) -> Checked<Option<File>> {
    let value = match top.take("file") {
        None | Some(Value::Null) => return Ok(None),
        // A path alone is the short form.
        Some(Value::String(path)) => Value::Object(Map::from_iter([("path".to_owned(), Value::from(path))])),
        Some(value) => value,
    };
    let mut section = Section::new(top.path("file"), value)?;
    let path = path(&mut section)?.ok_or_else(|| Error::config(section.path("path"), EXPECTED_PATH))?;
    section.nullable("max_bytes");
    let file = File {
        path,
        fsync: section.choice("fsync", &[("never", "never"), ("always", "always")])?,
        max_bytes: section.number("max_bytes", 4096..=u64::MAX)?,
        keep: section.number("keep", 0..=1000)?.unwrap_or(5),
    };
    section.end()?;
    Ok(Some(file))
}

const EXPECTED_PATH: &str = "expected the path of a file";

fn path(section: &mut Section) -> Checked<Option<String>> {
    match section.text("path")? {
        Some(path) if path.is_empty() => Err(Error::config(section.path("path"), EXPECTED_PATH)),
        path => Ok(path),
    }
}

fn outbox(top: &mut Section) -> Checked<Option<Option<String>>> {
    match top.take("outbox") {
        None | Some(Value::Null | Value::Bool(false)) => Ok(None),
        Some(Value::Bool(true)) => Ok(Some(None)),
        Some(value) => {
            let mut section = Section::new(top.path("outbox"), value)?;
            section.nullable("path");
            let path = path(&mut section)?;
            section.end()?;
            Ok(Some(path))
        }
    }
}

/// An object of the configuration, whose members are taken out one by one. What is left at the end is unknown.
struct Section {
    path: String,
    members: Map<String, Value>,
    known: Vec<&'static str>,
}

impl Section {
    fn new(path: impl Into<String>, value: Value) -> Checked<Self> {
        let path = path.into();
        match value {
            Value::Object(members) => Ok(Self { path, members, known: Vec::new() }),
            _ => Err(Error::config(path, "expected an object")),
        }
    }

    fn path(&self, key: &str) -> String {
        format!("{}/{}", self.path, key.replace('~', "~0").replace('/', "~1"))
    }

    fn take(&mut self, key: &'static str) -> Option<Value> {
        self.known.push(key);
        self.members.remove(key)
    }

    /// Null in a member is the same as its absence.
    fn nullable(&mut self, key: &str) {
        if self.members.get(key).is_some_and(Value::is_null) {
            self.members.remove(key);
        }
    }

    /// Takes a member that may be absent.
    fn take_as<T>(
        &mut self,
        key: &'static str,
        expected: &str,
        read: impl FnOnce(Value) -> Option<T>,
    ) -> Checked<Option<T>> {
        match self.take(key) {
            None => Ok(None),
            Some(value) => match read(value) {
                Some(value) => Ok(Some(value)),
                None => Err(Error::config(self.path(key), format!("expected {expected}"))),
            },
        }
    }

    fn boolean(&mut self, key: &'static str) -> Checked<Option<bool>> {
        self.take_as(key, "`true` or `false`", |value| value.as_bool())
    }

    fn text(&mut self, key: &'static str) -> Checked<Option<String>> {
        self.take_as(key, "a text", |value| value.as_str().map(str::to_owned))
    }

    fn number(&mut self, key: &'static str, range: RangeInclusive<u64>) -> Checked<Option<u64>> {
        let expected = match *range.end() {
            u64::MAX => format!("a whole number of at least {}", range.start()),
            end => format!("a whole number from {} to {end}", range.start()),
        };
        self.take_as(key, &expected, |value| value.as_u64().filter(|number| range.contains(number)))
    }

    /// One of the named values; the first when the member is absent.
    fn choice<T: Copy>(&mut self, key: &'static str, choices: &[(&str, T)]) -> Checked<T> {
        let names: Vec<String> = choices.iter().map(|(name, _)| format!("`{name}`")).collect();
        let expected = names.join(" or ");
        let find =
            |value: Value| choices.iter().find(|(name, _)| value.as_str() == Some(name)).map(|(_, choice)| *choice);
        let chosen = self.take_as(key, &expected, find)?;
        let default = choices.first().map(|(_, choice)| *choice);
        chosen.or(default).ok_or_else(|| Error::config(self.path(key), expected))
    }

    fn list(&mut self, key: &'static str, max: usize) -> Checked<Vec<Value>> {
        let expected = format!("a list of at most {max}");
        let list = self.take_as(key, &expected, |value| match value {
            Value::Array(items) if items.len() <= max => Some(items),
            _ => None,
        })?;
        Ok(list.unwrap_or_default())
    }

    fn names(&mut self, key: &'static str) -> Checked<Vec<String>> {
        let items = self.list(key, MAX_NAMES)?;
        let names = items.into_iter().enumerate().map(|(index, item)| match item {
            Value::String(name) if !name.is_empty() && name.len() <= MAX_NAME_BYTES => Ok(name),
            _ => Err(Error::config(
                format!("{}/{index}", self.path(key)),
                format!("expected a text of 1 to {MAX_NAME_BYTES} bytes"),
            )),
        });
        names.collect()
    }

    /// Fails when a member is left that nobody asked for.
    fn end(self) -> Checked<()> {
        let Some(unknown) = self.members.keys().next() else { return Ok(()) };
        let nearest = self.known.iter().min_by_key(|known| distance(known, unknown));
        let message = match nearest {
            Some(known) if distance(known, unknown) <= known.len().max(4) / 2 => {
                format!("unknown key; did you mean `{known}`?")
            }
            _ => format!("unknown key; the keys here are `{}`", self.known.join("`, `")),
        };
        Err(Error::config(self.path(unknown), message))
    }
}

/// How many letters must be changed, added or left out to make one name of the other (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, y) in row.iter_mut().zip(std::iter::once(None).chain(b.chars().map(Some))) {
            let Some(y) = y else {
                *cell = left;
                continue;
            };
            let up = *cell;
            left = (diagonal + usize::from(x != y)).min(up + 1).min(left + 1);
            diagonal = up;
            *cell = left;
        }
    }
    row.last().copied().unwrap_or_default()
}

fn not_json(text: &str, error: &serde_json::Error) -> Error {
    let line_start: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    Error::InvalidJson {
        offset: (line_start + error.column().saturating_sub(1)).min(text.len()),
        expected: "a JSON value",
    }
}
