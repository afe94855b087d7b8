//! Redaction: walks a JSON value once, replaces what is secret, and keeps account of it without the value.

mod disguise;
mod formats;
mod notation;
mod pair;
mod place;
mod rules;
mod runs;
mod shell;
mod stand_in;
mod text;
mod words;

pub(crate) use pair::{Pair, Role};
pub(crate) use place::Place;
pub use rules::catalogue;
pub(crate) use rules::rule_ids;

use pair::Ahead;
use rules::Rule;
use shell::arguments::Arguments;
use stand_in::{Seen, is_stand_in, stand_in};

use crate::json::{Fault, Kind, Mark, Reader, Str, write_string};
use crate::policy::{Action, MARKER, MAX_SEARCHED_AGAIN, Policy};
use crate::receipt::{Findings, Redaction};
use std::borrow::Cow;

/// How many strings deep JSON inside strings is followed.
const MAX_NESTING: u8 = 4;

/// One value's redaction.
pub(crate) struct Redactor<'p> {
    policy: &'p Policy,
    pub(crate) findings: Findings,
    ahead: Ahead,
    /// What custom patterns may still search.
    paid: usize,
}

impl<'p> Redactor<'p> {
    pub(crate) fn new(policy: &'p Policy) -> Self {
        Self { policy, findings: Findings::default(), ahead: Ahead::default(), paid: MAX_SEARCHED_AGAIN }
    }

    /// Redacts the value that the reader is at, in its copy.
    pub(crate) fn value(&mut self, reader: &mut Reader<'_>, place: &Place<'_>) -> Result<(), Fault> {
        match reader.kind()? {
            Kind::Null | Kind::Bool | Kind::Number => reader.scalar().map(drop),
            Kind::String => {
                let mark = reader.mark();
                let string = reader.string()?;
                self.string(reader, mark, string, place, None);
                Ok(())
            }
            Kind::List => {
                reader.open()?;
                let keys = self.is_on(Rule::KEY).then_some(&self.policy.keys);
                let header = place.is_item() && keys.is_some_and(|keys| pair::is_header(reader, keys));
                let flat = keys.filter(|_| place.is_flat());
                let mut named = false;
                let arguments = self.arguments(reader, place);
                let mut index = 0;
                while reader.next_item(index == 0)? {
                    let place = place.item(index);
                    let is_name = flat.is_some_and(|keys| index % 2 == 0 && pair::is_secret_name(reader, keys));
                    if header && index == 1 || std::mem::replace(&mut named, is_name) {
                        self.secret(reader, None, Rule::KEY, &place)?;
                    } else if let Some(spans) = arguments.of(index) {
                        self.argument(reader, &place, spans)?;
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
                    let role = self.role(&mut pair, key, reader);
                    self.member(reader, mark, key, role, place)?;
                }
                Ok(())
            }
        }
    }

    /// The role of the member of an object whose key has been read.
    pub(crate) fn role(&mut self, pair: &mut Pair, key: Str<'_>, reader: &Reader<'_>) -> Role {
        pair.role(key, reader, &self.policy.keys, &mut self.ahead)
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
        let keys = &self.policy.keys;
        let (secret, counter) = match role {
            Role::Secret { counter } => (true, counter),
            Role::Plain if keys.is_sensitive(&name) => (true, keys.is_counter(&name)),
            Role::Plain | Role::Name => (false, false),
        };
        let kept = counter && matches!(reader.kind()?, Kind::Bool | Kind::Number);
        if !secret || kept || !self.is_on(Rule::KEY) {
            return self.value(reader, &place);
        }
        // Without its value, a pair's name would be taken for a value itself.
        let member = (role == Role::Plain).then_some(mark);
        self.secret(reader, member, Rule::KEY, &place)
    }

    /// Redacts a value that its place says is a secret. Of what is dropped nothing is left when it is the member whose
    /// key is at the mark, and null when it must keep its place.
    fn secret(
        &mut self,
        reader: &mut Reader<'_>,
        member: Option<Mark>,
        rule: Rule,
        place: &Place<'_>,
    ) -> Result<(), Fault> {
        let kind = reader.kind()?;
        let mark = reader.mark();
        let written = match kind {
            Kind::Null => return reader.scalar().map(drop),
            Kind::Bool | Kind::Number => Cow::Borrowed(reader.scalar()?),
            Kind::List | Kind::Object => Cow::Borrowed(reader.skip()?),
            Kind::String => {
                let text = reader.string()?.text();
                if is_stand_in(&text) {
                    reader.replace(mark, |out| write_string(&text, out));
                    return Ok(());
                }
                text
            }
        };
        self.found(place, rule, written.len());
        match (self.policy.actions.of(rule.place()), member) {
            (Action::Drop, Some(member)) => reader.leave_out(member),
            (Action::Drop, None) => reader.replace(mark, |out| out.push_str("null")),
            // The end of a list or an object is no part of a secret.
            (Action::Mask, _) if matches!(kind, Kind::List | Kind::Object) => {
                reader.replace(mark, |out| write_string(MARKER, out));
            }
            (action, _) => {
                let stand_in = stand_in(&written, action, &self.policy.actions);
                reader.replace(mark, |out| write_string(&stand_in, out));
            }
        }
        Ok(())
    }

    fn is_on(&self, rule: Rule) -> bool {
        let looked_for = rule == Rule::KEY || self.policy.detect_secret_values;
        looked_for && self.policy.actions.of(rule.place()) != Action::Off
    }

    fn found(&mut self, place: &Place<'_>, rule: Rule, bytes: usize) {
        note(&mut self.findings, self.policy, place, rule, bytes);
    }

    /// What a key becomes when there is a secret in itself.
    fn key(&mut self, name: &str, place: &Place<'_>) -> Option<String> {
        let mut spans = if name.len() >= runs::SHORTEST { text::formats_in(name) } else { Vec::new() };
        spans.retain(|span| self.is_on(span.rule));
        if spans.is_empty() && self.policy.custom.is_empty() {
            return None;
        }
        let mut found = Vec::new();
        let seen = Seen::plain(name);
        let found_one = &mut |rule, bytes| found.push((rule, bytes));
        let shown = rewrite(name, &seen, &spans, self.policy, &mut self.paid, found_one)?;
        let place = place.key(&shown);
        for (rule, bytes) in found {
            self.found(&place, rule, bytes);
        }
        Some(shown)
    }

    /// What is known of a list as one of arguments.
    fn arguments(&self, reader: &Reader<'_>, place: &Place<'_>) -> Arguments {
        if self.policy.detect_secret_values {
            Arguments::ahead(reader, place, self.policy)
        } else {
            Arguments::default()
        }
    }

    /// Redacts an item of a list of arguments, in which these are secrets.
    fn argument(&mut self, reader: &mut Reader<'_>, place: &Place<'_>, spans: Vec<text::Span>) -> Result<(), Fault> {
        if reader.kind()? != Kind::String {
            return self.value(reader, place);
        }
        let mark = reader.mark();
        let text = reader.ahead(usize::MAX).string()?.text();
        if let [only] = spans.as_slice()
            && only.range == (0..text.len())
        {
            return self.secret(reader, None, only.rule, place);
        }
        let string = reader.string()?;
        self.string(reader, mark, string, place, Some(spans));
        Ok(())
    }

    fn string(
        &mut self,
        reader: &mut Reader<'_>,
        mark: Mark,
        string: Str<'_>,
        place: &Place<'_>,
        arguments: Option<Vec<text::Span>>,
    ) {
        let text = string.text();
        match self.text_or_argument(&text, place, arguments) {
            Some(new) => reader.replace(mark, |out| write_string(&new, out)),
            None if !reader.keeps(string) => reader.replace(mark, |out| write_string(&text, out)),
            None => {}
        }
    }

    /// Redacts a text; none when nothing in it is secret.
    pub(crate) fn text(&mut self, text: &str, place: &Place<'_>) -> Option<String> {
        self.text_or_argument(text, place, None)
    }

    /// The same for a text that can be an argument, in which these are secrets.
    fn text_or_argument(
        &mut self,
        text: &str,
        place: &Place<'_>,
        arguments: Option<Vec<text::Span>>,
    ) -> Option<String> {
        if let Some(inside) = self.json_inside(text, place) {
            return inside;
        }
        // An argument's spans are those of the text as it is.
        let seen = if arguments.is_some() { Seen::plain(text) } else { Seen::new(text, &self.policy.actions) };
        let detect = self.policy.detect_secret_values;
        let spans = if detect { text::secrets(&seen.text, place, self.policy, arguments) } else { Vec::new() };
        if spans.is_empty() && self.policy.custom.is_empty() {
            return None;
        }
        let Self { policy, findings, paid, .. } = self;
        rewrite(text, &seen, &spans, policy, paid, &mut |rule, bytes| note(findings, policy, place, rule, bytes))
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
        let mut reader = Reader::lenient(text);
        let around = std::mem::take(&mut self.ahead);
        let read = self.value(&mut reader, &place.inside()).and_then(|()| reader.end());
        self.ahead = around;
        if read.is_err() {
            self.findings.reset(before);
            return None;
        }
        Some((self.findings.mark() != before).then(|| reader.into_copy()))
    }
}

fn note(findings: &mut Findings, policy: &Policy, place: &Place<'_>, rule: Rule, bytes: usize) {
    let action = policy.actions.of(rule.place()).name();
    findings.add(|| Redaction { path: place.pointer(), rule: rule.id(), action: action.into(), bytes });
}

/// The text with what stands in for each span, and then every custom pattern applied; none when nothing changed.
fn rewrite(
    text: &str,
    seen: &Seen<'_>,
    spans: &[text::Span],
    policy: &Policy,
    paid: &mut usize,
    found: &mut dyn FnMut(Rule, usize),
) -> Option<String> {
    let actions = &policy.actions;
    let mut new = (!spans.is_empty()).then(|| {
        seen.rewrite(spans, |span, secret, new| {
            match stand_in(secret, actions.of(span.rule.place()), actions) {
                // Words behind a blank keep their places: the next one is not to be taken for the secret.
                nothing if nothing.is_empty() && new.ends_with(|c: char| c.is_whitespace()) => new.push_str("''"),
                stand_in => new.push_str(&stand_in),
            }
            found(span.rule, span.range.len());
        })
    });
    for (index, custom) in policy.custom.iter().enumerate() {
        if let Some((replaced, lengths)) = custom.apply(new.as_deref().unwrap_or(text), paid) {
            for bytes in lengths {
                found(Rule::custom(index), bytes);
            }
            new = Some(replaced);
        }
    }
    new
}
