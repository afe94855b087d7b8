//! Events: from the caller's text to the record's, checked, redacted and in the schema's order.

pub(crate) mod schema;
mod time;

use crate::error::Error;
use crate::json::{Blanks, Kind as Json, Reader, parts, write_string};
use crate::policy::{MARKER, MAX_SCALAR_BYTES, Policy};
use crate::receipt::Findings;
use crate::redact::{Pair, Place, Redactor};
use crate::stamp::Stamp;
use schema::{AUDIT_EVENT, Absence, Field, Kind, TELEMETRY};
use std::ops::Range;
pub(crate) use time::{unix_seconds, uuid};

/// How many digits a number of the schema may have.
const MAX_DIGITS: usize = 64;
/// The longest `result_summary`, in characters, its `...` included.
const MAX_SUMMARY_CHARS: usize = 500;

/// An event that has become a record, before the cap.
pub(crate) struct Event {
    pub(crate) event_id: String,
    /// `action`, or the telemetry event's type.
    pub(crate) event_type: String,
    pub(crate) agent_id: String,
    /// Of a tool call; empty when it does not say, or there is none.
    pub(crate) side_effect: String,
    pub(crate) body: String,
    pub(crate) findings: Findings,
    pub(crate) truncated: Vec<String>,
}

/// Checks, redacts, orders and stamps an event.
///
/// # Errors
///
/// `InvalidJson`; `InvalidEvent` with the place and what was expected there.
pub(crate) fn read(text: &str, policy: &Policy, stamp: &mut dyn Stamp) -> Result<Event, Error> {
    // Nearly every event is a tool call. Whether it is shows at its end; only then, or when it fails as one, is it
    // read for what else it may be.
    let call = Parser::new(text, policy).parse(&AUDIT_EVENT, stamp);
    match call {
        Err(Error::InvalidEvent { .. }) if !has_key(text, "action")? && has_key(text, "event_type")? => {
            Parser::new(text, policy).parse(&TELEMETRY, stamp)
        }
        result => result,
    }
}

/// Whether a text is an object with such a key at its top.
fn has_key(text: &str, wanted: &str) -> Result<bool, Error> {
    let mut reader = Reader::looking(text, Blanks::Keep);
    if reader.kind()? != Json::Object {
        return Ok(false);
    }
    reader.open()?;
    let mut first = true;
    while let Some((_, key)) = reader.next_key(first)? {
        if key.text() == wanted {
            return Ok(true);
        }
        reader.skip()?;
        first = false;
    }
    Ok(false)
}

/// Where the members of an object are in the reader's copy.
struct Pieces {
    fields: &'static [Field],
    /// The value of each field, in the schema's order.
    known: Vec<Option<Range<usize>>>,
    /// All other members with their keys, in the caller's order.
    unknown: Vec<Range<usize>>,
}

struct Parser<'a> {
    reader: Reader<'a>,
    policy: &'a Policy,
    redactor: Redactor<'a>,
    truncated: Vec<String>,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str, policy: &'a Policy) -> Self {
        Self { reader: Reader::new(text, Blanks::Drop), policy, redactor: Redactor::new(policy), truncated: Vec::new() }
    }

    fn parse(mut self, fields: &'static [Field], stamp: &mut dyn Stamp) -> Result<Event, Error> {
        if self.reader.kind()? != Json::Object {
            // What is no JSON at all is told so.
            self.reader.skip()?;
            self.reader.end()?;
            return Err(Error::event("", "expected an object"));
        }
        let pieces = self.object(fields, &Place::ROOT)?;
        self.reader.end()?;
        let given = |name: &str| self.given(&pieces, name);
        let (seconds, nanoseconds) = stamp.now();
        let event_id = given("event_id").unwrap_or_else(|| time::uuid_v7(seconds, nanoseconds, stamp.random()));
        let body = self.assemble(&pieces, &|absence| match absence {
            Absence::NewId => event_id.clone(),
            Absence::Now => time::rfc3339(seconds, nanoseconds),
            _ => self.policy.agent_id.clone(),
        })?;
        // Telemetry events have a type and an agent, tool calls an action.
        let agent = fields.iter().any(|field| matches!(field.default, Absence::Agent));
        Ok(Event {
            event_type: given("event_type").or_else(|| given("action")).unwrap_or_default(),
            agent_id: given("agent_id").or_else(|| agent.then(|| self.policy.agent_id.clone())).unwrap_or_default(),
            side_effect: given("side_effect").unwrap_or_default(),
            event_id,
            body,
            findings: self.redactor.findings,
            truncated: self.truncated,
        })
    }

    /// The text of a field of the schema, if the caller gave it.
    fn given(&self, pieces: &Pieces, name: &str) -> Option<String> {
        let index = pieces.fields.iter().position(|field| field.name == name)?;
        parts::text(self.reader.piece(pieces.known.get(index)?.as_ref()?))
    }

    /// Reads an object of the schema.
    fn object(&mut self, fields: &'static [Field], place: &Place<'_>) -> Result<Pieces, Error> {
        let mut pieces = Pieces { fields, known: vec![None; fields.len()], unknown: Vec::new() };
        self.reader.open()?;
        let (mut first, mut expected) = (true, 0);
        let mut pair = Pair::default();
        while let Some((mark, key)) = self.reader.next_key(first)? {
            first = false;
            let name = key.text();
            // Most callers keep the schema's order.
            let found =
                (expected..fields.len()).chain(0..expected).find(|&i| fields.get(i).is_some_and(|f| f.name == name));
            let role = self.redactor.role(&mut pair, key, &self.reader);
            let Some((index, field)) = found.and_then(|i| Some((i, fields.get(i)?))) else {
                let mark = self.reader.start_piece(mark);
                self.redactor.member(&mut self.reader, mark, key, role, place)?;
                let piece = self.reader.end_piece(mark);
                // A member can be dropped.
                if !piece.is_empty() {
                    pieces.unknown.push(piece);
                }
                continue;
            };
            expected = index + 1;
            let place = place.key(field.name);
            self.reader.kind()?;
            let start = self.reader.mark();
            let start = self.reader.start_piece(start);
            self.field(field, &place)?;
            let piece = self.reader.end_piece(start);
            match pieces.known.get_mut(index) {
                Some(known @ None) => *known = Some(piece),
                _ => return Err(Error::event(place.pointer(), "expected this field once, it is given twice")),
            }
        }
        Ok(pieces)
    }

    /// Reads one field's value: checks it, and puts what belongs into the record in its place.
    fn field(&mut self, field: &Field, place: &Place<'_>) -> Result<(), Error> {
        let null = self.reader.kind()? == Json::Null;
        match field.kind {
            Kind::ScalarOrNull
            | Kind::FlagOrNull
            | Kind::TextOrNull
            | Kind::SummaryOrNull
            | Kind::ObjectOrNull
            | Kind::RecordOrNull(_)
                if null =>
            {
                self.reader.scalar()?;
                Ok(())
            }
            Kind::Name => {
                let start = self.reader.mark();
                self.text(place, "a text", cut_scalar)?;
                if self.reader.since_mark(start) == "\"\"" {
                    return Err(Error::event(place.pointer(), "expected a text that is not empty"));
                }
                Ok(())
            }
            Kind::Scalar => self.text(place, "a text", cut_scalar),
            Kind::ScalarOrNull => self.text(place, "a text or null", cut_scalar),
            Kind::Text => self.text(place, "a text", |_| None),
            Kind::TextOrNull => self.text(place, "a text or null", |_| None),
            Kind::SummaryOrNull => self.text(place, "a text or null", cut_summary),
            Kind::OneOf(names) => {
                self.checked(place, |text| names.contains(&text).then(|| text.to_owned()), || one_of(names))
            }
            Kind::EventId => self.checked(
                place,
                |text| time::is_uuid(text).then(|| text.to_ascii_lowercase()),
                || "a UUID, such as `01a1ee56-5e07-7fff-bfff-ffffffffffff`".to_owned(),
            ),
            Kind::Time => self
                .checked(place, time::in_utc, || "a time by RFC 3339, such as `2026-01-05T09:00:00.137Z`".to_owned()),
            Kind::TraceParent => self.checked(
                place,
                |text| time::is_traceparent(text).then(|| text.to_owned()),
                || "a `traceparent` of W3C Trace Context".to_owned(),
            ),
            Kind::Count => {
                self.number(place, "a whole number, not negative", |text| text.bytes().all(|b| b.is_ascii_digit()))
            }
            Kind::Amount => self.number(place, "a number, not negative", |text| !text.starts_with('-')),
            Kind::Flag => self.flag(place, "`true` or `false`"),
            Kind::FlagOrNull => self.flag(place, "`true`, `false` or null"),
            Kind::Object => self.any(&[Json::Object], place, "an object"),
            Kind::ObjectOrNull => self.any(&[Json::Object], place, "an object or null"),
            Kind::Any => Ok(self.redactor.value(&mut self.reader, place)?),
            Kind::RecordOrNull(fields) => self.record(fields, place, "an object or null"),
            Kind::Records(fields) => {
                self.expect(&[Json::List], place, "a list of objects")?;
                self.reader.open()?;
                let mut index = 0;
                while self.reader.next_item(index == 0)? {
                    self.record(fields, &place.item(index), "an object")?;
                    index += 1;
                }
                Ok(())
            }
        }
    }

    fn expect(&mut self, kinds: &[Json], place: &Place<'_>, expected: &str) -> Result<(), Error> {
        let kind = self.reader.kind()?;
        if kinds.contains(&kind) { Ok(()) } else { Err(Error::event(place.pointer(), format!("expected {expected}"))) }
    }

    fn any(&mut self, kinds: &[Json], place: &Place<'_>, expected: &str) -> Result<(), Error> {
        self.expect(kinds, place, expected)?;
        Ok(self.redactor.value(&mut self.reader, place)?)
    }

    fn flag(&mut self, place: &Place<'_>, expected: &str) -> Result<(), Error> {
        self.expect(&[Json::Bool], place, expected)?;
        self.reader.scalar()?;
        Ok(())
    }

    fn number(&mut self, place: &Place<'_>, expected: &str, accepts: impl Fn(&str) -> bool) -> Result<(), Error> {
        self.expect(&[Json::Number], place, expected)?;
        let text = self.reader.scalar()?;
        if text.len() > MAX_DIGITS {
            return Err(Error::event(place.pointer(), format!("expected a number of at most {MAX_DIGITS} digits")));
        }
        if accepts(text) { Ok(()) } else { Err(Error::event(place.pointer(), format!("expected {expected}"))) }
    }

    /// A text with a form of its own, in which there is nothing to redact.
    fn checked(
        &mut self,
        place: &Place<'_>,
        normal: impl Fn(&str) -> Option<String>,
        expected: impl Fn() -> String,
    ) -> Result<(), Error> {
        let wrong = || Error::event(place.pointer(), format!("expected {}", expected()));
        if self.reader.kind()? != Json::String {
            return Err(wrong());
        }
        let mark = self.reader.mark();
        let text = self.reader.string()?.text();
        let normal = normal(&text).ok_or_else(wrong)?;
        self.reader.replace(mark, |out| write_string(&normal, out));
        Ok(())
    }

    /// A free text: redacted first, then cut.
    fn text(&mut self, place: &Place<'_>, expected: &str, cut: fn(&str) -> Option<String>) -> Result<(), Error> {
        self.expect(&[Json::String], place, expected)?;
        let mark = self.reader.mark();
        let string = self.reader.string()?;
        let text = string.text();
        let redacted = self.redactor.text(&text, &place.prose());
        // A field of the schema cannot be dropped, and some may not be empty.
        let redacted = redacted.map(|new| if new.is_empty() { MARKER.to_owned() } else { new });
        let cut = cut(redacted.as_deref().unwrap_or(&text));
        if cut.is_some() {
            self.truncated.push(place.pointer());
        }
        match cut.or(redacted) {
            Some(new) => self.reader.replace(mark, |out| write_string(&new, out)),
            None if !string.canonical => self.reader.replace(mark, |out| write_string(&text, out)),
            None => {}
        }
        Ok(())
    }

    /// An object of the schema inside an event.
    fn record(&mut self, fields: &'static [Field], place: &Place<'_>, expected: &str) -> Result<(), Error> {
        self.expect(&[Json::Object], place, expected)?;
        let mark = self.reader.mark();
        let pieces = self.object(fields, place)?;
        // Nothing inside an event is stamped.
        let record = self.assemble(&pieces, &|_| String::new())?;
        self.reader.replace(mark, |out| out.push_str(&record));
        Ok(())
    }

    /// Writes the pieces in the schema's order, with the defaults of those that are not there; `stamped` gives those that
    /// differ from event to event.
    fn assemble(&self, pieces: &Pieces, stamped: &dyn Fn(Absence) -> String) -> Result<String, Error> {
        let size = pieces.known.iter().flatten().chain(&pieces.unknown).map(|piece| piece.len() + 32).sum::<usize>();
        let mut out = String::with_capacity(size + 256);
        out.push('{');
        for (field, piece) in pieces.fields.iter().zip(&pieces.known) {
            let value = piece.as_ref().map(|piece| self.reader.piece(piece));
            if value.is_none() && matches!(field.default, Absence::Required) {
                return Err(Error::event("", "expected `action` (a tool call) or `event_type` (a telemetry event)"));
            }
            if value.is_none() && matches!(field.default, Absence::Absent) {
                continue;
            }
            separate(&mut out);
            out.push('"');
            out.push_str(field.name);
            out.push_str("\":");
            match (value, field.default) {
                (Some(value), _) | (None, Absence::Json(value)) => out.push_str(value),
                (None, absence) => write_string(&stamped(absence), &mut out),
            }
        }
        for piece in &pieces.unknown {
            separate(&mut out);
            out.push_str(self.reader.piece(piece));
        }
        out.push('}');
        Ok(out)
    }
}

fn one_of(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    names.join(" or ")
}

fn separate(out: &mut String) {
    if !out.ends_with('{') {
        out.push(',');
    }
}

fn cut_scalar(text: &str) -> Option<String> {
    let end = text.len().min(MAX_SCALAR_BYTES);
    (text.len() > end).then(|| text.get(..text.floor_char_boundary(end)).unwrap_or_default().to_owned())
}

fn cut_summary(text: &str) -> Option<String> {
    if text.len() <= MAX_SUMMARY_CHARS || text.chars().count() <= MAX_SUMMARY_CHARS {
        return None;
    }
    let head: String = text.chars().take(MAX_SUMMARY_CHARS - 3).collect();
    Some(head + "...")
}
