//! The size cap: a record over the limit is made to fit, the least important first. Identity and decision survive.

mod fit;

use crate::event::schema::{self, Kind as Field};
use crate::json::{Blanks, Fault, Kind, Reader, json_string, write_string};
use crate::policy::CapStrategy;
use crate::receipt::MAX_LISTED;
use crate::redact::Place;
use fit::{fit, fit_items, fit_record, level, shorten};
use std::borrow::Cow;

/// Texts are cut to no less than this at first, quotes included: a start that says what they were.
const MIN_TEXT_BYTES: usize = 64;
/// Less than this of a value says nothing; it goes whole.
const MIN_VALUE_BYTES: usize = 24;

/// Fields that make way after the unknown ones, in this order.
const EXPENDABLE: [&str; 10] = [
    "payload",
    "tool_args",
    "workflow",
    "contracts_evaluated",
    "hooks_evaluated",
    "principal",
    "result_summary",
    "error",
    "reason",
    "decision_name",
];

/// What is capped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    /// A record: the schema says what its members are worth.
    Record,
    /// Any value: all its members are worth the same.
    Payload,
}

/// A member of the object that is capped.
struct Member<'a> {
    /// With its quotes.
    key: &'a str,
    name: Cow<'a, str>,
    value: Cow<'a, str>,
    worth: Worth,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Worth {
    /// A note that something was cut.
    Note,
    /// A scalar of the schema.
    Scalar,
    /// Any other field of the schema, by its place in `EXPENDABLE`.
    Field(usize),
    Unknown,
}

/// Cuts a JSON value to at most `max` bytes, and names what was cut.
pub(crate) fn cap(text: String, max: usize, strategy: CapStrategy, what: What) -> (String, Vec<String>) {
    if text.len() <= max {
        return (text, Vec::new());
    }
    let mut cut = Vec::new();
    let Ok(Some(mut capped)) = Capped::read(&text, max, what) else {
        let mut lengths = Vec::new();
        fit::text_lengths(&text, MIN_TEXT_BYTES, &mut lengths);
        let length = level(&lengths, text.len() - max).max(MIN_TEXT_BYTES);
        let text = shorten(&text, length, &Place::ROOT, &mut cut).unwrap_or(text);
        return (fit(&text, max, 0, &Place::ROOT, &mut cut), cut);
    };
    capped.note(strategy);
    capped.shorten_texts(|worth| matches!(worth, Worth::Field(_) | Worth::Unknown));
    capped.drop_members();
    capped.shorten_texts(|worth| worth == Worth::Scalar);
    (capped.write(), capped.cut)
}

/// An object that is being made to fit.
struct Capped<'a> {
    members: Vec<Member<'a>>,
    max: usize,
    cut: Vec<String>,
}

impl<'a> Capped<'a> {
    /// None when the text is no object.
    fn read(text: &'a str, max: usize, what: What) -> Result<Option<Self>, Fault> {
        let mut reader = Reader::looking(text, Blanks::Keep);
        if reader.kind()? != Kind::Object {
            return Ok(None);
        }
        reader.open()?;
        let mut members = Vec::new();
        while let Some((mark, key)) = reader.next_key(members.is_empty())? {
            let written = reader.since_mark(mark);
            let name = key.text();
            let value = reader.skip()?;
            let worth = match what {
                What::Record => worth(&name),
                What::Payload => Worth::Unknown,
            };
            members.push(Member { key: written.trim_end_matches(':'), name, value: Cow::Borrowed(value), worth });
        }
        Ok(Some(Self { members, max, cut: Vec::new() }))
    }

    fn len(&self) -> usize {
        let members: usize = self.members.iter().map(|member| member.key.len() + 1 + member.value.len() + 1).sum();
        // Two braces, and a comma less than members.
        (members + 1).max(2)
    }

    fn excess(&self) -> usize {
        self.len().saturating_sub(self.max)
    }

    /// Puts notes in the place of the large fields, and the note that something was cut at the end.
    fn note(&mut self, strategy: CapStrategy) {
        let limit = if self.max.is_multiple_of(1024) {
            format!("{}KB", self.max / 1024)
        } else {
            format!("{} bytes", self.max)
        };
        let text = format!("payload exceeded {limit}");
        if !self.members.iter().any(|member| member.name == "_truncated") {
            // Its place in the schema is before what is not of the schema; a payload has no schema.
            let schema_end = self.members.iter().rposition(|member| member.worth != Worth::Unknown);
            let at = schema_end.map_or(self.members.len(), |last| last + 1);
            self.members.insert(
                at,
                Member {
                    key: "\"_truncated\"",
                    name: Cow::Borrowed("_truncated"),
                    value: Cow::Borrowed("true"),
                    worth: Worth::Note,
                },
            );
        }
        let first = |name: &str, members: &[Member<'_>]| members.iter().position(|member| member.name == name);
        if let Some(member) = first("_truncated", &self.members).and_then(|at| self.members.get_mut(at)) {
            member.value = Cow::Borrowed("true");
            member.worth = Worth::Note;
        }
        if strategy == CapStrategy::Shrink {
            return;
        }
        for name in ["tool_args", "result_summary"] {
            let Some(member) = first(name, &self.members).and_then(|at| self.members.get_mut(at)) else { continue };
            let note = match name {
                "tool_args" => format!(r#"{{"_redacted":{},"bytes":{}}}"#, json_string(&text), member.value.len()),
                _ => json_string(&text),
            };
            if note.len() < member.value.len() {
                member.value = Cow::Owned(note);
                member.worth = Worth::Note;
                add(&mut self.cut, || format!("/{name}"));
            }
        }
    }

    /// Cuts the longest texts first, all to the same length.
    fn shorten_texts(&mut self, which: impl Fn(Worth) -> bool) {
        let excess = self.excess();
        if excess == 0 {
            return;
        }
        let mut lengths = Vec::new();
        for member in self.members.iter().filter(|member| which(member.worth)) {
            fit::text_lengths(&member.value, MIN_TEXT_BYTES, &mut lengths);
        }
        let max = level(&lengths, excess).max(MIN_TEXT_BYTES);
        for member in self.members.iter_mut().filter(|member| which(member.worth)) {
            if member.value.len() > max {
                let place = Place::ROOT.key(&member.name);
                if let Some(shorter) = shorten(&member.value, max, &place, &mut self.cut) {
                    member.value = Cow::Owned(shorter);
                }
            }
        }
    }

    /// Cuts whole values: unknown members from the end, then what the schema can spare.
    fn drop_members(&mut self) {
        let mut excess = self.excess();
        let ranks = std::iter::once(Worth::Unknown).chain((0..EXPENDABLE.len()).map(Worth::Field));
        let order: Vec<usize> = ranks
            .flat_map(|worth| {
                let members = self.members.iter().enumerate().rev();
                members.filter(move |(_, member)| member.worth == worth).map(|(at, _)| at)
            })
            .collect();
        for at in order {
            let Some(member) = self.members.get_mut(at) else { continue };
            if excess == 0 {
                break;
            }
            let place = Place::ROOT.key(&member.name);
            let before = member.value.len();
            if member.worth == Worth::Unknown && before < excess + MIN_VALUE_BYTES {
                add(&mut self.cut, || place.pointer());
                excess = excess.saturating_sub(member.key.len() + 1 + before + 1);
                member.value = Cow::Borrowed("");
                continue;
            }
            let max = before.saturating_sub(excess).max(MIN_VALUE_BYTES);
            let shorter = match kind(&member.name) {
                Some(Field::RecordOrNull(fields)) if member.worth != Worth::Unknown => {
                    fit_record(&member.value, max, fields, &place, &mut self.cut)
                }
                Some(Field::Records(_)) if member.worth != Worth::Unknown => {
                    fit_items(&member.value, max, &place, &mut self.cut)
                }
                _ => fit(&member.value, max, 0, &place, &mut self.cut),
            };
            excess = excess.saturating_sub(before - shorter.len());
            member.value = Cow::Owned(shorter);
        }
        self.members.retain(|member| !member.value.is_empty());
    }

    fn write(&self) -> String {
        let mut out = String::with_capacity(self.len());
        out.push('{');
        for (index, member) in self.members.iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            out.push_str(member.key);
            out.push(':');
            out.push_str(&member.value);
        }
        out.push('}');
        out
    }
}

/// What the schema says of a field.
fn kind(name: &str) -> Option<Field> {
    schema::find(name).map(|field| field.kind)
}

fn worth(name: &str) -> Worth {
    if let Some(rank) = EXPENDABLE.iter().position(|expendable| *expendable == name) {
        return Worth::Field(rank);
    }
    match schema::find(name) {
        Some(field) if field.is_scalar() => Worth::Scalar,
        _ => Worth::Unknown,
    }
}

/// Rewrites a JSON value in canonical form: no white space between tokens, strings written in one way.
///
/// # Errors
///
/// When it is not JSON, or nests too deep.
pub(crate) fn canonical(text: &str) -> Result<String, Fault> {
    fn value(reader: &mut Reader<'_>) -> Result<(), Fault> {
        match reader.kind()? {
            Kind::String => {
                let mark = reader.mark();
                let string = reader.string()?;
                if !string.canonical {
                    reader.replace(mark, |out| string.write(out));
                }
            }
            Kind::List => {
                reader.open()?;
                let mut first = true;
                while reader.next_item(first)? {
                    value(reader)?;
                    first = false;
                }
            }
            Kind::Object => {
                reader.open()?;
                let mut first = true;
                while let Some((mark, key)) = reader.next_key(first)? {
                    if !key.canonical {
                        reader.replace(mark, |out| {
                            write_string(&key.text(), out);
                            out.push(':');
                        });
                    }
                    value(reader)?;
                    first = false;
                }
            }
            Kind::Null | Kind::Bool | Kind::Number => drop(reader.scalar()?),
        }
        Ok(())
    }
    let mut reader = Reader::new(text, Blanks::Drop);
    value(&mut reader)?;
    reader.end()?;
    Ok(reader.into_copy())
}

/// Adds a path to the list of what was cut, up to its limit.
fn add(cut: &mut Vec<String>, path: impl FnOnce() -> String) {
    if cut.len() < MAX_LISTED {
        cut.push(path());
    }
}
