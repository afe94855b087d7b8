//! Redaction: walks a JSON value once, replaces what is secret, and keeps account of it without the value.

mod formats;
mod pair;
mod place;
mod rules;
mod shell;
mod text;

pub(crate) use pair::{Pair, Role};
pub(crate) use place::Place;
pub use rules::catalogue;
pub(crate) use text::MARKER;

use rules::Rule;
use shell::arguments::Arguments;

use crate::json::{Blanks, Fault, Kind, Mark, Reader, Str, write_string};
use crate::policy::Policy;
use crate::receipt::Findings;

/// How many strings deep JSON inside strings is followed.
const MAX_NESTING: u8 = 4;

/// One value's redaction.
pub(crate) struct Redactor<'p> {
    policy: &'p Policy,
    pub(crate) findings: Findings,
}

impl<'p> Redactor<'p> {
    pub(crate) fn new(policy: &'p Policy) -> Self {
        Self { policy, findings: Findings::default() }
    }

    /// Redacts the value that the reader is at, in its copy.
    pub(crate) fn value(&mut self, reader: &mut Reader<'_>, place: &Place<'_>) -> Result<(), Fault> {
        match reader.kind()? {
            Kind::Null | Kind::Bool | Kind::Number => reader.scalar().map(drop),
            Kind::String => {
                let mark = reader.mark();
                let string = reader.string()?;
                self.string(reader, mark, string, place);
                Ok(())
            }
            Kind::List => {
                reader.open()?;
                let header = place.is_item() && pair::is_header(reader, &self.policy.keys);
                let mut arguments = Arguments::default();
                let mut index = 0;
                while reader.next_item(index == 0)? {
                    let place = place.item(index);
                    if header && index == 1 {
                        self.secret(reader, false, Rule::KEY, &place)?;
                    } else if arguments.is_secret(reader, &place) && self.policy.detect_secret_values {
                        self.secret(reader, false, Rule::OPTION, &place)?;
                    } else {
                        self.value(reader, &place)?;
                    }
                    index += 1;
                }
                Ok(())
            }
            Kind::Object => {
                reader.open()?;
                let mut pair = Pair::default();
                let mut first = true;
                while let Some((mark, key)) = reader.next_key(first)? {
                    first = false;
                    let role = pair.role(key, reader, &self.policy.keys);
                    self.member(reader, mark, key, role, place)?;
                }
                Ok(())
            }
        }
    }

    /// Redacts a member whose key has been read, the key at the mark.
    pub(crate) fn member(
        &mut self,
        reader: &mut Reader<'_>,
        mark: Mark,
        key: Str<'_>,
        role: Role,
        place: &Place<'_>,
    ) -> Result<(), Fault> {
        let name = key.text();
        let shown = self.key(&name, place);
        if shown.is_some() || !reader.keeps(key) {
            reader.replace(mark, |out| {
                write_string(shown.as_deref().unwrap_or(&name), out);
                out.push(':');
            });
        }
        let place = place.key(shown.as_deref().unwrap_or(&name));
        match role {
            Role::Secret { counter } => self.secret(reader, counter, Rule::KEY, &place),
            Role::Plain if self.policy.keys.is_sensitive(&name) => {
                self.secret(reader, self.policy.keys.is_counter(&name), Rule::KEY, &place)
            }
            Role::Plain | Role::Name => self.value(reader, &place),
        }
    }

    /// Replaces a value that its place says is a secret; that of a counter only when it is neither a number nor a boolean.
    fn secret(&mut self, reader: &mut Reader<'_>, counter: bool, rule: Rule, place: &Place<'_>) -> Result<(), Fault> {
        let kind = reader.kind()?;
        let mark = reader.mark();
        let bytes = match kind {
            Kind::Null => return reader.scalar().map(drop),
            Kind::Bool | Kind::Number => {
                let written = reader.scalar()?;
                if counter {
                    return Ok(());
                }
                written.len()
            }
            Kind::String => {
                let text = reader.string()?.text();
                if text == MARKER {
                    reader.replace(mark, |out| write_string(MARKER, out));
                    return Ok(());
                }
                text.len()
            }
            Kind::List | Kind::Object => reader.skip()?.len(),
        };
        self.findings.add(|| place.pointer(), || rule.id(), bytes);
        reader.replace(mark, |out| write_string(MARKER, out));
        Ok(())
    }

    /// What a key becomes when there is a secret in itself.
    fn key(&mut self, name: &str, place: &Place<'_>) -> Option<String> {
        let formats = self.policy.detect_secret_values && name.len() >= formats::SHORTEST;
        let spans = if formats { text::formats_in(name) } else { Vec::new() };
        if spans.is_empty() && self.policy.custom.is_empty() {
            return None;
        }
        let mut findings = Vec::new();
        let shown = self.rewrite(name, &spans, &mut |rule, bytes| findings.push((rule, bytes)))?;
        let place = place.key(&shown);
        for (rule, bytes) in findings {
            self.findings.add(|| place.pointer(), || rule.id(), bytes);
        }
        Some(shown)
    }

    fn string(&mut self, reader: &mut Reader<'_>, mark: Mark, string: Str<'_>, place: &Place<'_>) {
        let text = string.text();
        match self.text(&text, place) {
            Some(new) => reader.replace(mark, |out| write_string(&new, out)),
            None if !reader.keeps(string) => reader.replace(mark, |out| write_string(&text, out)),
            None => {}
        }
    }

    /// Redacts a text; none when nothing in it is secret.
    pub(crate) fn text(&mut self, text: &str, place: &Place<'_>) -> Option<String> {
        if let Some(inside) = self.json_inside(text, place) {
            return inside;
        }
        let spans =
            if self.policy.detect_secret_values { text::secrets(text, place, &self.policy.keys) } else { Vec::new() };
        if spans.is_empty() && self.policy.custom.is_empty() {
            return None;
        }
        let mut found = Vec::new();
        let new = self.rewrite(text, &spans, &mut |rule, bytes| found.push((rule, bytes)));
        for (rule, bytes) in found {
            self.findings.add(|| place.pointer(), || rule.id(), bytes);
        }
        new
    }

    /// Redacts a text that is a JSON object or list as what it is: some when it is one, and then some again when anything
    /// in it is secret. All else in it stays as it was written.
    #[expect(clippy::option_option, reason = "not JSON, and JSON without a secret, go on differently")]
    fn json_inside(&mut self, text: &str, place: &Place<'_>) -> Option<Option<String>> {
        let trimmed = text.trim_ascii();
        let bracketed =
            trimmed.starts_with('{') && trimmed.ends_with('}') || trimmed.starts_with('[') && trimmed.ends_with(']');
        if !bracketed || place.nesting == MAX_NESTING {
            return None;
        }
        let before = self.findings.mark();
        let mut reader = Reader::new(text, Blanks::Keep);
        let read = self.value(&mut reader, &place.inside()).and_then(|()| reader.end());
        if read.is_err() {
            self.findings.reset(before);
            return None;
        }
        Some((self.findings.mark() != before).then(|| reader.into_copy()))
    }

    /// The text with the marker for each span, and then every custom pattern applied; none when nothing changed.
    fn rewrite(&self, text: &str, spans: &[text::Span], found: &mut dyn FnMut(Rule, usize)) -> Option<String> {
        let mut new = (!spans.is_empty()).then(|| {
            let mut new = String::with_capacity(text.len());
            let mut at = 0;
            for span in spans {
                new.push_str(text.get(at..span.range.start).unwrap_or_default());
                new.push_str(MARKER);
                at = span.range.end;
                found(span.rule, span.range.len());
            }
            new.push_str(text.get(at..).unwrap_or_default());
            new
        });
        for (index, custom) in self.policy.custom.iter().enumerate() {
            if let Some((replaced, lengths)) = custom.apply(new.as_deref().unwrap_or(text)) {
                for bytes in lengths {
                    found(Rule::custom(index), bytes);
                }
                new = Some(replaced);
            }
        }
        new
    }
}
