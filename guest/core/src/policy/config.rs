//! From the text of a configuration to a policy, and back. The keys are those of `wit/schema/config.schema.json`.

use super::hash::HashKey;
use super::keys::MAX_NAME_BYTES;
use super::{Action, CapStrategy, Custom, File, Keys, MAX_SCALAR_BYTES, Matching, OnFailure, Policy, Sink};
use crate::error::Error;
use crate::json::{json_string, parts, write_string};
use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::RangeInclusive;

/// More patterns than this slow every event down.
const MAX_PATTERNS: usize = 100;
/// More names than anybody has; each costs a little for each key of each event.
const MAX_NAMES: usize = 1000;
/// Each is handed a copy of every record.
const MAX_SINKS: usize = 100;
/// Names that mean something else in a receipt.
const TAKEN: [&str; 3] = ["stdout", "file", "outbox"];

type Checked<T> = Result<T, Error>;

impl Policy {
    /// `rules` are the ids of the built-in rules, at their places.
    ///
    /// # Errors
    ///
    /// `InvalidJson`, or `InvalidConfig` with the place and what was expected.
    pub(crate) fn parse(text: &str, rules: &[&'static str]) -> Checked<Self> {
        let mut top = Section::new("", text)?;
        let mut policy = Self::default();
        if let Some(stdout) = top.boolean("stdout")? {
            policy.stdout = stdout;
        }
        policy.file = file(&mut top)?;
        policy.outbox = outbox(&mut top)?;
        policy.sinks = sinks(&mut top)?;
        policy.on_failure = top.choice("on_failure", &[("open", OnFailure::Open), ("closed", OnFailure::Closed)])?;
        let expected = format!("a text of at most {MAX_SCALAR_BYTES} bytes");
        let agent_id = |value| parts::text(value).filter(|agent_id| agent_id.len() <= MAX_SCALAR_BYTES);
        policy.agent_id = top.take_as("agent_id", &expected, agent_id)?.unwrap_or_default();
        if let Some(bytes) = top.number("max_event_bytes", 4096..=256 << 20)? {
            policy.max_event_bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
        }
        if let Some(bytes) = top.number("max_payload_bytes", 4096..=16 << 20)? {
            policy.max_payload_bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
        }
        let strategies = [("replace", CapStrategy::Replace), ("shrink", CapStrategy::Shrink)];
        policy.cap_strategy = top.choice("cap_strategy", &strategies)?;
        if let Some(redaction) = top.take("redaction") {
            policy.redaction(Section::new(top.path("redaction"), redaction)?, rules)?;
        }
        top.end()?;
        Ok(policy)
    }

    fn redaction(&mut self, mut section: Section<'_>, rules: &[&'static str]) -> Checked<()> {
        self.sensitive_keys = section.names("sensitive_keys")?;
        self.safe_keys = section.names("safe_keys")?;
        let matchings = [("substring", Matching::Substring), ("word", Matching::Word)];
        self.matching = section.choice("key_matching", &matchings)?;
        for (index, pair) in section.list("custom_patterns", MAX_PATTERNS)?.into_iter().enumerate() {
            let path = || format!("{}/{index}", section.path("custom_patterns"));
            let texts =
                parts::items(pair).and_then(|items| items.into_iter().map(parts::text).collect::<Option<Vec<_>>>());
            let Some(Ok([pattern, replacement])) = texts.map(<[String; 2]>::try_from) else {
                return Err(Error::config(path(), "expected a list of two texts: a pattern and its replacement"));
            };
            self.custom.push(Custom::new(&pattern, &replacement).map_err(|message| Error::config(path(), message))?);
            self.patterns.push((pattern, replacement));
        }
        if let Some(detect) = section.boolean("detect_secret_values")? {
            self.detect_secret_values = detect;
        }
        if let Some(given) = section.take("rules") {
            self.rules(&Section::new(section.path("rules"), given)?, rules)?;
        }
        section.nullable("hash_key");
        if let Some(given) = section.take("hash_key") {
            let mut key = Section::new(section.path("hash_key"), given)?;
            let (id, secret) = (key.take("id"), key.take("key"));
            self.actions.key = Some(HashKey::new(&key.path, id, secret)?);
            key.end()?;
        }
        let hashed = self.rules.iter().find(|(_, action)| *action == Action::Hash && self.actions.key.is_none());
        if let Some((id, _)) = hashed {
            let path = format!("{}/{id}", section.path("rules"));
            return Err(Error::config(path, "`hash` needs a key: expected `hash_key` beside `rules`"));
        }
        self.keys = Keys::new(self.matching, &self.sensitive_keys, &self.safe_keys);
        section.end()
    }

    /// The action of each rule that is named. Custom patterns have replacements instead.
    fn rules(&mut self, given: &Section<'_>, rules: &[&'static str]) -> Checked<()> {
        for (id, value) in &given.members {
            let Some(known) = rules.iter().copied().find(|known| known == id) else {
                let message = match nearest(id, rules) {
                    _ if id.starts_with("custom-") => "custom patterns have replacements, not actions".to_owned(),
                    Some(near) => format!("unknown rule; did you mean `{near}`?"),
                    None => "unknown rule; `catalog.rules` lists them".to_owned(),
                };
                return Err(Error::config(given.path(id), message));
            };
            let named = parts::text(value).and_then(|name| Action::ALL.into_iter().find(|a| a.name() == name));
            let Some(action) = named else {
                let names = Action::ALL.map(|action| format!("`{}`", action.name()));
                return Err(Error::config(given.path(id), format!("expected {}", names.join(" or "))));
            };
            self.rules.push((known, action));
            // A format of several rows has as many places.
            for (place, _) in rules.iter().enumerate().filter(|(_, id)| **id == known) {
                self.actions.set(place, action);
            }
        }
        Ok(())
    }

    /// The configuration in force, every default filled in.
    pub(crate) fn to_json(&self) -> String {
        let file = self.file.as_ref().map_or("null".to_owned(), |file| {
            let max_bytes = file.max_bytes.map_or("null".to_owned(), |bytes| bytes.to_string());
            let (path, fsync, keep) = (json_string(&file.path), file.fsync, file.keep);
            format!(r#"{{"path":{path},"fsync":"{fsync}","max_bytes":{max_bytes},"keep":{keep}}}"#)
        });
        let outbox = self.outbox.as_ref().map_or("null".to_owned(), |path| {
            format!(r#"{{"path":{}}}"#, path.as_deref().map_or("null".to_owned(), json_string))
        });
        let sinks =
            self.sinks.iter().map(|Sink { name, max_queued }| format!(r#""{name}":{{"max_queued":{max_queued}}}"#));
        let sinks = sinks.collect::<Vec<_>>().join(",");
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
        let pairs = self.patterns.iter().map(|(pattern, replacement)| texts(&[pattern.clone(), replacement.clone()]));
        let patterns = pairs.collect::<Vec<_>>().join(",");
        let rules = self.rules.iter().map(|(id, action)| format!(r#""{id}":"{}""#, action.name()));
        let rules = rules.collect::<Vec<_>>().join(",");
        let hash_key = self.actions.key.as_ref().map_or("null".to_owned(), HashKey::to_json);
        let mut json = String::new();
        // Writing to a string cannot fail.
        let _ = write!(
            json,
            r#"{{"stdout":{},"file":{file},"outbox":{outbox},"sinks":{{{sinks}}},"on_failure":"{on_failure}","agent_id":{},"max_event_bytes":{},"max_payload_bytes":{},"cap_strategy":"{cap_strategy}","redaction":{{"sensitive_keys":{},"safe_keys":{},"key_matching":"{key_matching}","custom_patterns":[{patterns}],"detect_secret_values":{},"rules":{{{rules}}},"hash_key":{hash_key}}}}}"#,
            self.stdout,
            json_string(&self.agent_id),
            self.max_event_bytes,
            self.max_payload_bytes,
            texts(&self.sensitive_keys),
            texts(&self.safe_keys),
            self.detect_secret_values,
        );
        json
    }
}

fn texts(texts: &[String]) -> String {
    let mut list = String::from("[");
    for text in texts {
        list.push_str(if list.len() > 1 { "," } else { "" });
        write_string(text, &mut list);
    }
    list + "]"
}

fn file(top: &mut Section<'_>) -> Checked<Option<File>> {
    top.nullable("file");
    let Some(value) = top.take("file") else { return Ok(None) };
    if !value.starts_with(['"', '{']) {
        return Err(Error::config(top.path("file"), "expected a path, an object or null"));
    }
    // A path alone is the short form.
    let value =
        if value.starts_with('"') { Cow::Owned(format!(r#"{{"path":{value}}}"#)) } else { Cow::Borrowed(value) };
    let value = value.as_ref();
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

fn path(section: &mut Section<'_>) -> Checked<Option<String>> {
    match section.text("path")? {
        Some(path) if path.is_empty() => Err(Error::config(section.path("path"), EXPECTED_PATH)),
        path => Ok(path),
    }
}

fn outbox(top: &mut Section<'_>) -> Checked<Option<Option<String>>> {
    top.nullable("outbox");
    match top.take("outbox") {
        None | Some("false") => Ok(None),
        Some("true") => Ok(Some(None)),
        Some(value) if !value.starts_with('{') => {
            Err(Error::config(top.path("outbox"), "expected `true`, `false`, an object or null"))
        }
        Some(value) => {
            let mut section = Section::new(top.path("outbox"), value)?;
            section.nullable("path");
            let path = path(&mut section)?;
            section.end()?;
            Ok(Some(path))
        }
    }
}

fn sinks(top: &mut Section<'_>) -> Checked<Vec<Sink>> {
    let path = top.path("sinks");
    let Some(value) = top.take("sinks") else { return Ok(Vec::new()) };
    let named = Section::new(path.as_str(), value)?;
    if named.members.len() > MAX_SINKS {
        return Err(Error::config(path, format!("expected at most {MAX_SINKS} sinks")));
    }
    let read = |(name, value): &(Cow<'_, str>, &str)| {
        let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
        if !plain || !(1..=MAX_NAME_BYTES).contains(&name.len()) || TAKEN.contains(&name.as_ref()) {
            let taken = TAKEN.join("`, `");
            let expected = format!(
                "expected a name of 1 to {MAX_NAME_BYTES} letters, digits, `-`, `_` and `.`, and none of `{taken}`"
            );
            return Err(Error::config(named.path(name), expected));
        }
        let mut section = Section::new(named.path(name), value)?;
        let max_queued = section.number("max_queued", 1..=1_000_000)?.unwrap_or(1000);
        section.end()?;
        Ok(Sink { name: name.clone().into_owned(), max_queued })
    };
    named.members.iter().map(read).collect()
}

/// An object of the configuration, whose members are taken out one by one. What is left at the end is unknown.
struct Section<'a> {
    path: String,
    members: Vec<(Cow<'a, str>, &'a str)>,
    known: Vec<&'static str>,
}

impl<'a> Section<'a> {
    fn new(path: impl Into<String>, value: &'a str) -> Checked<Self> {
        let path = path.into();
        let members = parts::members(value)?.ok_or_else(|| Error::config(path.as_str(), "expected an object"))?;
        let section = Self { path, members, known: Vec::new() };
        for (at, (key, _)) in section.members.iter().enumerate() {
            if section.members.iter().take(at).any(|(earlier, _)| earlier == key) {
                return Err(Error::config(section.path(key), "expected this key once, it is given twice"));
            }
        }
        Ok(section)
    }

    fn path(&self, key: &str) -> String {
        format!("{}/{}", self.path, key.replace('~', "~0").replace('/', "~1"))
    }

    fn take(&mut self, key: &'static str) -> Option<&'a str> {
        self.known.push(key);
        let at = self.members.iter().position(|(name, _)| name == key)?;
        Some(self.members.remove(at).1)
    }

    /// Null in a member is the same as its absence.
    fn nullable(&mut self, key: &str) {
        self.members.retain(|(name, value)| name != key || *value != "null");
    }

    /// Takes a member that may be absent.
    fn take_as<T>(
        &mut self,
        key: &'static str,
        expected: &str,
        read: impl FnOnce(&'a str) -> Option<T>,
    ) -> Checked<Option<T>> {
        let Some(value) = self.take(key) else { return Ok(None) };
        read(value).map(Some).ok_or_else(|| Error::config(self.path(key), format!("expected {expected}")))
    }

    fn boolean(&mut self, key: &'static str) -> Checked<Option<bool>> {
        self.take_as(key, "`true` or `false`", |value| value.parse().ok())
    }

    fn text(&mut self, key: &'static str) -> Checked<Option<String>> {
        self.take_as(key, "a text", parts::text)
    }

    fn number(&mut self, key: &'static str, range: RangeInclusive<u64>) -> Checked<Option<u64>> {
        let expected = match *range.end() {
            u64::MAX => format!("a whole number of at least {}", range.start()),
            end => format!("a whole number from {} to {end}", range.start()),
        };
        self.take_as(key, &expected, |value| value.parse().ok().filter(|number| range.contains(number)))
    }

    /// One of the named values; the first when the member is absent.
    fn choice<T: Copy>(&mut self, key: &'static str, choices: &[(&str, T)]) -> Checked<T> {
        let names: Vec<String> = choices.iter().map(|(name, _)| format!("`{name}`")).collect();
        let expected = names.join(" or ");
        let find = |value| {
            let value = parts::text(value)?;
            choices.iter().find(|(name, _)| value == *name).map(|(_, choice)| *choice)
        };
        let chosen = self.take_as(key, &expected, find)?;
        let default = choices.first().map(|(_, choice)| *choice);
        chosen.or(default).ok_or_else(|| Error::config(self.path(key), expected))
    }

    fn list(&mut self, key: &'static str, max: usize) -> Checked<Vec<&'a str>> {
        let expected = format!("a list of at most {max}");
        let list = self.take_as(key, &expected, |value| parts::items(value).filter(|items| items.len() <= max))?;
        Ok(list.unwrap_or_default())
    }

    fn names(&mut self, key: &'static str) -> Checked<Vec<String>> {
        let items = self.list(key, MAX_NAMES)?;
        let names = items.into_iter().enumerate().map(|(index, item)| {
            let name = parts::text(item).filter(|name| (1..=MAX_NAME_BYTES).contains(&name.len()));
            name.ok_or_else(|| {
                let path = format!("{}/{index}", self.path(key));
                Error::config(path, format!("expected a text of 1 to {MAX_NAME_BYTES} bytes"))
            })
        });
        names.collect()
    }

    /// Fails when a member is left that nobody asked for.
    fn end(self) -> Checked<()> {
        let Some((unknown, _)) = self.members.first() else { return Ok(()) };
        let message = match nearest(unknown, &self.known) {
            Some(known) => format!("unknown key; did you mean `{known}`?"),
            None => format!("unknown key; the keys here are `{}`", self.known.join("`, `")),
        };
        Err(Error::config(self.path(unknown), message))
    }
}

/// The known name that an unknown one was most likely meant to be.
fn nearest<'k>(unknown: &str, known: &[&'k str]) -> Option<&'k str> {
    let nearest = known.iter().min_by_key(|known| distance(known, unknown))?;
    (distance(nearest, unknown) <= nearest.len().max(4) / 2).then_some(nearest)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sinks_of_the_hosts_own_come_last_and_in_the_order_given() {
        let config = r#"{"sinks":{"siem":{},"b.c":{"max_queued":7}},"file":"log"}"#;
        let policy = Policy::parse(config, &[]).unwrap();
        assert_eq!(policy.sinks().collect::<Vec<_>>(), ["stdout", "file", "siem", "b.c"]);
        let in_force = policy.to_json();
        assert!(in_force.contains(r#""sinks":{"siem":{"max_queued":1000},"b.c":{"max_queued":7}}"#), "{in_force}");
    }

    #[test]
    fn more_sinks_than_anybody_has_are_refused() {
        let named = |count: usize| (0..count).map(|n| format!(r#""s{n}":{{}}"#)).collect::<Vec<_>>().join(",");
        let parse = |count| Policy::parse(&format!(r#"{{"sinks":{{{}}}}}"#, named(count)), &[]);
        assert_eq!(parse(MAX_SINKS).unwrap().sinks().count(), MAX_SINKS + 1);
        assert_eq!(parse(MAX_SINKS + 1).unwrap_err(), Error::config("/sinks", "expected at most 100 sinks"));
    }
}
