//! From the text of a configuration to a policy, and back. The keys are those of `wit/schema/config.schema.json`.

use super::hash::HashKey;
use super::keys::MAX_NAME_BYTES;
use super::outbox::Outbox;
use super::rows::{self, Kind};
use super::section::{Checked, Section, nearest};
use super::{Action, CapStrategy, Custom, Keys, MAX_SCALAR_BYTES, Matching, OnFailure, Policy, Sink, sync};
use crate::error::Error;
use crate::json::{json_string, parts, write_string};
use std::borrow::Cow;

/// More patterns than this slow every event down.
const MAX_PATTERNS: usize = 100;
/// Each is handed a copy of every record.
const MAX_SINKS: usize = 100;
/// The names of choices, the default first.
const ON_FAILURE: [&str; 2] = ["open", "closed"];
const STRATEGIES: [&str; 2] = ["replace", "shrink"];
const MATCHINGS: [&str; 2] = ["substring", "word"];
/// Names that mean something else in a receipt.
const TAKEN: [&str; 3] = ["stdout", "file", "outbox"];

impl Policy {
    /// `rules` are the ids of the built-in rules, at their places.
    ///
    /// # Errors
    ///
    /// `InvalidJson`, or `InvalidConfig` with the place and what was expected.
    pub(crate) fn parse(text: &str, rules: &[&'static str]) -> Checked<Self> {
        let mut top = Section::new(String::new(), text)?;
        let mut policy = Self::default();
        if let Some(stdout) = top.boolean("stdout")? {
            policy.stdout = stdout;
        }
        policy.file = file(&mut top)?;
        top.nullable("sync");
        let syncs = top.has("sync");
        policy.outbox = Outbox::parse(&mut top, syncs)?;
        policy.sync = sync::parse(&mut top)?;
        if policy.sync.is_some() && policy.outbox.is_none() {
            return Err(top.expected("sync", "`outbox` beside it, with `true` or an object: what is sent waits there"));
        }
        policy.sinks = sinks(&mut top)?;
        policy.on_failure =
            if top.choice("on_failure", &ON_FAILURE)? == 0 { OnFailure::Open } else { OnFailure::Closed };
        if let Some(value) = top.take("agent_id") {
            let agent_id = parts::text(value).filter(|agent_id| agent_id.len() <= MAX_SCALAR_BYTES);
            let expected = || top.expected("agent_id", &format!("a text of at most {MAX_SCALAR_BYTES} bytes"));
            policy.agent_id = agent_id.ok_or_else(expected)?;
        }
        if let Some(bytes) = top.number("max_event_bytes", 4096..=256 << 20)? {
            policy.max_event_bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
        }
        if let Some(bytes) = top.number("max_payload_bytes", 4096..=16 << 20)? {
            policy.max_payload_bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
        }
        policy.cap_strategy =
            if top.choice("cap_strategy", &STRATEGIES)? == 0 { CapStrategy::Replace } else { CapStrategy::Shrink };
        if let Some(redaction) = top.take("redaction") {
            policy.redaction(Section::new(top.path("redaction"), redaction)?, rules)?;
        }
        top.end()?;
        Ok(policy)
    }

    fn redaction(&mut self, mut section: Section<'_>, rules: &[&'static str]) -> Checked<()> {
        self.sensitive_keys = section.names("sensitive_keys")?;
        self.safe_keys = section.names("safe_keys")?;
        self.matching =
            if section.choice("key_matching", &MATCHINGS)? == 0 { Matching::Substring } else { Matching::Word };
        for (index, pair) in section.list("custom_patterns", MAX_PATTERNS)?.into_iter().enumerate() {
            let path = || format!("{}/{index}", section.path("custom_patterns"));
            let texts = match parts::items(pair).as_deref() {
                Some([pattern, replacement]) => parts::text(pattern).zip(parts::text(replacement)),
                _ => None,
            };
            let Some((pattern, replacement)) = texts else {
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
            let Some((place, known)) = rules.iter().copied().enumerate().find(|(_, known)| known == id) else {
                let message = match nearest(id, rules) {
                    _ if id.starts_with("custom-") => "custom patterns have replacements, not actions".to_owned(),
                    Some(near) => format!("unknown rule; did you mean `{near}`?"),
                    None => "unknown rule; `catalog.rules` lists them".to_owned(),
                };
                return Err(Error::config(given.path(id), message));
            };
            let Some(action) = parts::text(value).and_then(|name| Action::named(&name)) else {
                return Err(given.expected(id, "`replace`, `mask`, `hash`, `drop` or `off`"));
            };
            self.rules.push((known, action));
            self.actions.set(place, action);
        }
        Ok(())
    }

    /// The configuration in force, every default filled in.
    pub(crate) fn to_json(&self) -> String {
        let choice = |first, [a, b]: [&'static str; 2]| if first { a } else { b };
        let on_failure = choice(self.on_failure == OnFailure::Open, ON_FAILURE);
        let cap_strategy = choice(self.cap_strategy == CapStrategy::Replace, STRATEGIES);
        let key_matching = choice(self.matching == Matching::Substring, MATCHINGS);
        let mut json = String::from("{");
        member(&mut json, "stdout", boolean(self.stdout));
        member(&mut json, "file", self.file.as_deref().unwrap_or("null"));
        member(&mut json, "outbox", self.outbox.as_ref().map_or("null", |outbox| &outbox.written));
        member(&mut json, "sync", self.sync.as_deref().unwrap_or("null"));
        member(&mut json, "sinks", "{");
        for Sink { name, max_queued } in &self.sinks {
            member(&mut json, name, "{");
            member(&mut json, "max_queued", &max_queued.to_string());
            json.push('}');
        }
        json.push('}');
        member(&mut json, "on_failure", &json_string(on_failure));
        member(&mut json, "agent_id", &json_string(&self.agent_id));
        member(&mut json, "max_event_bytes", &self.max_event_bytes.to_string());
        member(&mut json, "max_payload_bytes", &self.max_payload_bytes.to_string());
        member(&mut json, "cap_strategy", &json_string(cap_strategy));
        member(&mut json, "redaction", "{");
        member(&mut json, "sensitive_keys", &texts(self.sensitive_keys.iter()));
        member(&mut json, "safe_keys", &texts(self.safe_keys.iter()));
        member(&mut json, "key_matching", &json_string(key_matching));
        member(&mut json, "custom_patterns", "[");
        for (at, (pattern, replacement)) in self.patterns.iter().enumerate() {
            json.push_str(if at > 0 { "," } else { "" });
            json.push_str(&texts([pattern, replacement].into_iter()));
        }
        json.push(']');
        member(&mut json, "detect_secret_values", boolean(self.detect_secret_values));
        member(&mut json, "rules", "{");
        for (id, action) in &self.rules {
            member(&mut json, id, &json_string(action.name()));
        }
        json.push('}');
        member(&mut json, "hash_key", &self.actions.key.as_ref().map_or("null".to_owned(), HashKey::to_json));
        json + "}}"
    }
}

/// Writes a member; a value that is only opened goes on.
pub(super) fn member(json: &mut String, key: &str, value: &str) {
    if !json.ends_with('{') {
        json.push(',');
    }
    write_string(key, json);
    json.push(':');
    json.push_str(value);
}

fn boolean(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

fn texts<'a>(texts: impl Iterator<Item = &'a String>) -> String {
    let mut list = String::from("[");
    for text in texts {
        list.push_str(if list.len() > 1 { "," } else { "" });
        write_string(text, &mut list);
    }
    list + "]"
}

/// The section in force, written out.
fn file(top: &mut Section<'_>) -> Checked<Option<String>> {
    top.nullable("file");
    let Some(value) = top.take("file") else { return Ok(None) };
    if !value.starts_with(['"', '{']) {
        return Err(Error::config(top.path("file"), "expected a path, an object or null"));
    }
    // A path alone is the short form.
    let value =
        if value.starts_with('"') { Cow::Owned(format!(r#"{{"path":{value}}}"#)) } else { Cow::Borrowed(value) };
    let mut section = Section::new(top.path("file"), value.as_ref())?;
    let path = path(&mut section, "path")?.ok_or_else(|| Error::config(section.path("path"), EXPECTED_PATH))?;
    let mut written = String::from("{");
    member(&mut written, "path", &json_string(&path));
    let rows = [
        ("fsync", Kind::Choice(&["never", "always"], 0)),
        ("max_bytes", Kind::Limit(4096, None)),
        ("keep", Kind::Number(0, 1000, 5)),
    ];
    rows::write(&mut section, &rows, &mut written)?;
    section.end()?;
    written.push('}');
    Ok(Some(written))
}

const EXPECTED_PATH: &str = "expected the path of a file";

pub(super) fn path(section: &mut Section<'_>, key: &'static str) -> Checked<Option<String>> {
    match section.text(key)? {
        Some(path) if path.is_empty() => Err(Error::config(section.path(key), EXPECTED_PATH)),
        path => Ok(path),
    }
}

fn sinks(top: &mut Section<'_>) -> Checked<Vec<Sink>> {
    let path = top.path("sinks");
    let Some(value) = top.take("sinks") else { return Ok(Vec::new()) };
    let named = Section::new(path.clone(), value)?;
    if named.members.len() > MAX_SINKS {
        return Err(Error::config(path, format!("expected at most {MAX_SINKS} sinks")));
    }
    let mut sinks = Vec::new();
    for (name, value) in &named.members {
        let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
        if !plain || !(1..=MAX_NAME_BYTES).contains(&name.len()) || TAKEN.contains(&name.as_ref()) {
            let taken = TAKEN.join("`, `");
            let expected =
                format!("a name of 1 to {MAX_NAME_BYTES} letters, digits, `-`, `_` and `.`, and none of `{taken}`");
            return Err(named.expected(name, &expected));
        }
        let mut section = Section::new(named.path(name), value)?;
        let max_queued = section.number("max_queued", 1..=1_000_000)?.unwrap_or(1000);
        section.end()?;
        sinks.push(Sink { name: name.clone().into_owned(), max_queued });
    }
    Ok(sinks)
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
    fn nothing_that_is_told_of_a_policy_holds_the_key_of_hashes() {
        let key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
        let config = format!(r#"{{"redaction":{{"rules":{{"key":"hash"}},"hash_key":{{"id":"k1","key":"{key}"}}}}}}"#);
        let policy = Policy::parse(&config, &["key"]).unwrap();
        let told = format!("{policy:?} {}", policy.to_json());
        assert!(told.contains("k1") && !told.contains("0102") && !told.contains("[0, 1, 2"), "{told}");
        for wrong in [config.replace("0102", "01!!"), config.replace("k1", "k 1"), config.clone() + "x"] {
            let error = Policy::parse(&wrong, &["key"]).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("0405"), "{error:?}");
        }
    }

    #[test]
    fn more_sinks_than_anybody_has_are_refused() {
        let named = |count: usize| (0..count).map(|n| format!(r#""s{n}":{{}}"#)).collect::<Vec<_>>().join(",");
        let parse = |count| Policy::parse(&format!(r#"{{"sinks":{{{}}}}}"#, named(count)), &[]);
        assert_eq!(parse(MAX_SINKS).unwrap().sinks().count(), MAX_SINKS + 1);
        assert_eq!(parse(MAX_SINKS + 1).unwrap_err(), Error::config("/sinks", "expected at most 100 sinks"));
    }
}
