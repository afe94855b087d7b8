//! The schemas of the contract, ready to be asked: as much of JSON Schema (draft 2020-12) as they use. A keyword that is
//! not known here is a complaint, so that none is silently not checked.

use auditbox_conformance::compact::Members;
use regex_lite::Regex;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::path::Path;

/// A schema of `wit/schema`.
pub(crate) struct Schema(Value);

/// What is wrong, and where.
type Complaint = Option<String>;

impl Schema {
    /// The schema of that name.
    pub(crate) fn named(name: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../wit/schema/{name}.schema.json"));
        Self(std::fs::read_to_string(path).ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }

    /// A definition of it, as a schema.
    pub(crate) fn part(&self, name: &str) -> Self {
        Self(serde_json::json!({ "$ref": format!("#/$defs/{name}"), "$defs": self.0.get("$defs") }))
    }

    /// What is wrong with JSON text; none when nothing is.
    pub(crate) fn complaint(&self, text: &str) -> Complaint {
        match serde_json::from_str(text).and_then(value) {
            Ok(value) => self.check(&self.0, &value, ""),
            Err(error) => Some(error.to_string()),
        }
    }

    fn check(&self, schema: &Value, value: &Value, path: &str) -> Complaint {
        let Value::Object(schema) = schema else {
            return (*schema != Value::Bool(true)).then(|| format!("`{path}`: not allowed"));
        };
        schema.iter().find_map(|(keyword, wanted)| {
            self.keyword(schema, keyword, wanted, value, path)
                .or_else(|| (!holds(keyword, wanted, value)?).then(|| format!("`{path}`: {keyword} {wanted}")))
        })
    }

    /// Keywords that hold other schemas.
    fn keyword(
        &self,
        schema: &Map<String, Value>,
        keyword: &str,
        wanted: &Value,
        value: &Value,
        path: &str,
    ) -> Complaint {
        let accepts = |schema: &Value| self.check(schema, value, path).is_none();
        let branches = || wanted.as_array().into_iter().flatten();
        let (members, items) = (value.as_object(), value.as_array());
        match keyword {
            "$ref" => {
                let target = wanted.as_str().and_then(|target| self.0.pointer(target.strip_prefix('#')?));
                self.check(target.unwrap_or(&Value::Null), value, path)
            }
            "properties" => members?.iter().find_map(|(name, member)| {
                wanted.get(name).and_then(|schema| self.check(schema, member, &format!("{path}/{name}")))
            }),
            "additionalProperties" => {
                let known = |name: &String| schema.get("properties").is_some_and(|known| known.get(name).is_some());
                members?
                    .iter()
                    .filter(|(name, _)| !known(name))
                    .find_map(|(name, member)| self.check(wanted, member, &format!("{path}/{name}")))
            }
            "propertyNames" => members?
                .keys()
                .find_map(|name| self.check(wanted, &Value::from(name.as_str()), &format!("{path}/{name}"))),
            "items" => {
                items?.iter().enumerate().find_map(|(at, item)| self.check(wanted, item, &format!("{path}/{at}")))
            }
            "prefixItems" => items?.iter().zip(branches()).find_map(|(item, schema)| self.check(schema, item, path)),
            "anyOf" => (!branches().any(accepts)).then(|| format!("`{path}`: none of anyOf")),
            "oneOf" => (branches().filter(|schema| accepts(schema)).count() != 1).then(|| format!("`{path}`: oneOf")),
            "not" => accepts(wanted).then(|| format!("`{path}`: not {wanted}")),
            "if" => {
                let branch = schema.get(if accepts(wanted) { "then" } else { "else" });
                branch.and_then(|branch| self.check(branch, value, path))
            }
            _ => None,
        }
    }
}

/// A value as serde_json has it; numbers that it has not are brought into their range.
fn value(raw: &RawValue) -> serde_json::Result<Value> {
    match raw.get().as_bytes().first() {
        Some(b'{') => {
            let Members(members) = serde_json::from_str(raw.get())?;
            members.into_iter().map(|(name, member)| Ok((name, value(&member)?))).collect()
        }
        Some(b'[') => serde_json::from_str::<Vec<&RawValue>>(raw.get())?.into_iter().map(value).collect(),
        Some(b'-' | b'0'..=b'9') => {
            let number: f64 = raw.get().parse().unwrap_or_default();
            Ok(serde_json::from_str(raw.get()).unwrap_or_else(|_| number.clamp(f64::MIN, f64::MAX).into()))
        }
        _ => serde_json::from_str(raw.get()),
    }
}

/// Whether a keyword that holds no other schema holds for a value; none when it is of another kind.
fn holds(keyword: &str, wanted: &Value, value: &Value) -> Option<bool> {
    let limit = wanted.as_f64();
    let size = |size: Option<usize>| size.map(|size| size as f64);
    let has = |names: &Value| {
        names.as_array().into_iter().flatten().all(|name| value.get(name.as_str().unwrap_or("")).is_some())
    };
    let items = || size(value.as_array().map(Vec::len));
    let characters = || size(value.as_str().map(|text| text.chars().count()));
    match keyword {
        "type" => Some(match wanted {
            Value::Array(types) => types.iter().any(|wanted| is_of_type(value, wanted)),
            wanted => is_of_type(value, wanted),
        }),
        "enum" => Some(wanted.as_array().is_some_and(|values| values.contains(value))),
        "const" => Some(wanted == value),
        "required" => value.as_object().map(|_| has(wanted)),
        "dependentRequired" => {
            let needs = wanted.as_object()?;
            Some(value.as_object()?.keys().all(|name| needs.get(name).is_none_or(has)))
        }
        "minimum" => Some(value.as_f64()? >= limit?),
        "maximum" => Some(value.as_f64()? <= limit?),
        "maxProperties" => Some(size(value.as_object().map(Map::len))? <= limit?),
        "minItems" => Some(items()? >= limit?),
        "maxItems" => Some(items()? <= limit?),
        "minLength" => Some(characters()? >= limit?),
        "maxLength" => Some(characters()? <= limit?),
        "pattern" => Some(
            Regex::new(wanted.as_str()?).is_ok_and(|pattern| value.as_str().is_none_or(|text| pattern.is_match(text))),
        ),
        "format" => Some(*wanted == "date-time" && value.as_str().is_none_or(is_date_time)),
        "$ref"
        | "properties"
        | "additionalProperties"
        | "propertyNames"
        | "items"
        | "prefixItems"
        | "anyOf"
        | "oneOf"
        | "not"
        | "if"
        | "then"
        | "else"
        | "$defs"
        | "$id"
        | "$schema"
        | "title"
        | "description"
        | "default"
        | "examples" => None,
        _ => Some(false),
    }
}

fn is_of_type(value: &Value, wanted: &Value) -> bool {
    match wanted.as_str() {
        Some("null") => value.is_null(),
        Some("boolean") => value.is_boolean(),
        Some("integer") => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        Some("number") => value.is_number(),
        Some("string") => value.is_string(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        _ => false,
    }
}

/// RFC 3339, but for how many days a month has.
fn is_date_time(text: &str) -> bool {
    let form = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$";
    Regex::new(form).is_ok_and(|form| form.is_match(text))
}

#[test]
fn the_catalogue_is_as_its_schema_says() {
    assert_eq!(Schema::named("rules").complaint(&auditbox_core::catalogue()), None);
}

#[test]
fn what_a_schema_refuses_is_told_from_what_it_accepts() {
    let receipt = Schema::named("receipt");
    let quiet = r#"{"redactions":[],"redactions_total":0,"truncated":["/a~1b"]}"#;
    assert_eq!(receipt.complaint(quiet), None);
    for wrong in [
        "{}",
        "[]",
        r#"{"redactions":[],"redactions_total":-1,"truncated":[]}"#,
        r#"{"redactions":[],"redactions_total":0.5,"truncated":[]}"#,
        r#"{"redactions":[],"redactions_total":0,"truncated":["a"]}"#,
        r#"{"redactions":[],"redactions_total":0,"truncated":[],"x":1}"#,
        r#"{"redactions":[],"redactions_total":0,"truncated":[],"duplicate":true}"#,
        r#"{"redactions":[{"path":"","rule":"","action":"replace","bytes":1}],"redactions_total":0,"truncated":[]}"#,
    ] {
        assert!(receipt.complaint(wrong).is_some(), "{wrong}");
    }
    assert!(Schema(serde_json::json!({"maxLenght": 5})).complaint("1").is_some());
    assert!(Schema::named("no such").complaint("1").is_some());
}
