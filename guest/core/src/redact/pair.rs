//! Pairs: `{"name": "DB_PASSWORD", "value": …}`, where one member names what the other holds, lists of headers,
//! `[["Authorization", "…"], …]`, and the Secrets of Kubernetes.

use crate::json::{Fault, Kind, Reader, Str};
use crate::policy::{Keys, fold};
use std::borrow::Cow;
use std::collections::VecDeque;

/// What a member is to its object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Its key says what it is.
    Plain,
    /// It names the other half of a pair, and is no secret itself, even under `key`.
    Name,
    /// The other half has the name of a secret, or of a counter that may hold one.
    Secret { counter: bool },
}

/// The half of a pair that a key announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Half {
    Name,
    /// What is named is a place to type into.
    Field,
    Value,
    /// The value of a field that stands before it: names and texts have nothing to do with each other.
    Typed,
    /// In Kubernetes, what an object is, and that it is one.
    Kind,
    Version,
    /// What an object of Kubernetes holds (its API reference, "Secret v1 core").
    Data,
}

const HALVES: [(&str, Half); 15] = [
    ("key", Half::Name),
    ("name", Half::Name),
    ("field", Half::Name),
    ("header", Half::Name),
    ("variable", Half::Name),
    ("parameter", Half::Name),
    ("element", Half::Field),
    ("selector", Half::Field),
    ("value", Half::Value),
    ("values", Half::Value),
    ("text", Half::Typed),
    ("kind", Half::Kind),
    ("apiversion", Half::Version),
    ("data", Half::Data),
    ("stringdata", Half::Data),
];

/// What a name stands for. Of several names of one object the greatest counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
enum Stands {
    #[default]
    Nothing,
    Counter,
    Secret,
}

/// What the members of an object make of each other.
#[derive(Debug, Clone, Copy, Default)]
struct Facts {
    name: Stands,
    field: Stands,
    has_value: bool,
    /// It is a Secret.
    is_secret: bool,
    has_version: bool,
}

impl Facts {
    /// Adds what the member says whose value comes next.
    fn add(&mut self, half: Half, reader: &Reader<'_>, keys: &Keys) {
        match half {
            Half::Name => self.name = self.name.max(stands(reader, keys)),
            Half::Field => self.field = self.field.max(stands(reader, keys)),
            Half::Value | Half::Typed => self.has_value = true,
            Half::Kind => self.is_secret |= next_text(reader).is_some_and(|kind| kind == "Secret"),
            Half::Version => self.has_version = true,
            Half::Data => {}
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            name: self.name.max(other.name),
            field: self.field.max(other.field),
            has_value: self.has_value || other.has_value,
            is_secret: self.is_secret || other.is_secret,
            has_version: self.has_version || other.has_version,
        }
    }
}

/// What is known so far of an object that may be a pair.
#[derive(Debug, Default)]
pub(crate) struct Pair {
    facts: Facts,
    /// The members ahead have been looked at.
    looked: bool,
}

impl Pair {
    /// The role of the member whose key has just been read.
    pub(crate) fn role(&mut self, key: Str<'_>, reader: &Reader<'_>, keys: &Keys, ahead: &mut Ahead) -> Role {
        let Some(half) = half(key) else { return Role::Plain };
        self.facts.add(half, reader, keys);
        if !self.looked && asks(half, key, keys, self.facts) {
            self.looked = true;
            self.facts = self.facts.and(ahead.facts(reader, keys));
        }
        let Facts { name, field, has_value, is_secret, .. } = self.facts;
        let named = match half {
            Half::Name | Half::Field => return if has_value { Role::Name } else { Role::Plain },
            Half::Value => name.max(field),
            Half::Typed => field,
            Half::Data if is_secret => Stands::Secret,
            Half::Data | Half::Kind | Half::Version => Stands::Nothing,
        };
        match named {
            Stands::Nothing => Role::Plain,
            Stands::Counter => Role::Secret { counter: true },
            Stands::Secret => Role::Secret { counter: false },
        }
    }
}

/// What lies ahead of the walk. The first member of an object that must know of those behind it has them looked at, and
/// with them all that lies between, so that nothing is looked at twice however deep it is.
#[derive(Debug, Default)]
pub(crate) struct Ahead {
    /// Up to where has been looked.
    end: usize,
    /// For each member that will ask, where it stands.
    known: VecDeque<(u32, Facts)>,
}

/// A list or an object that is being looked at.
struct Open {
    kind: Kind,
    facts: Facts,
    /// Its place in `known`, when one of its members will ask.
    known: Option<usize>,
}

impl Ahead {
    /// The facts of the object of which the reader is at a member's value; they may leave out what members before it say.
    fn facts(&mut self, reader: &Reader<'_>, keys: &Keys) -> Facts {
        while self.known.front().is_some_and(|(at, _)| (*at as usize) < reader.at()) {
            self.known.pop_front();
        }
        if reader.at() < self.end {
            let asked = self.known.pop_front_if(|(at, _)| *at as usize == reader.at());
            return asked.map(|(_, facts)| facts).unwrap_or_default();
        }
        let mut ahead = reader.ahead(usize::MAX);
        // What is not JSON is not redacted as such: then nothing of this counts, and nothing is looked at again.
        let facts = self.look(&mut ahead, keys);
        self.end = if facts.is_ok() { ahead.at() } else { usize::MAX };
        facts.unwrap_or_default()
    }

    fn look(&mut self, reader: &mut Reader<'_>, keys: &Keys) -> Result<Facts, Fault> {
        // Of the first object the answer is enough.
        let mut open = Open { kind: Kind::Object, facts: Facts::default(), known: Some(usize::MAX) };
        let mut outer = Vec::new();
        loop {
            let kind = reader.kind()?;
            let mut first = matches!(kind, Kind::List | Kind::Object);
            if first {
                reader.open()?;
                outer.push(std::mem::replace(&mut open, Open { kind, facts: Facts::default(), known: None }));
            } else {
                reader.skip()?;
            }
            while !self.next(reader, &mut open, first, keys)? {
                first = false;
                if let Some((_, facts)) = open.known.and_then(|at| self.known.get_mut(at)) {
                    *facts = open.facts;
                }
                let Some(around) = outer.pop() else { return Ok(open.facts) };
                open = around;
            }
        }
    }

    /// Goes to the next value of what is open; false when it has ended.
    fn next(&mut self, reader: &mut Reader<'_>, open: &mut Open, first: bool, keys: &Keys) -> Result<bool, Fault> {
        if open.kind == Kind::List {
            return reader.next_item(first);
        }
        let Some((_, key)) = reader.next_key(first)? else { return Ok(false) };
        if let Some(half) = half(key) {
            open.facts.add(half, reader, keys);
            if open.known.is_none() && asks(half, key, keys, open.facts) {
                open.known = Some(self.known.len());
                self.known.push_back((reader.at() as u32, Facts::default()));
            }
        }
        Ok(true)
    }
}

/// Whether the list that has just been opened is a header of two texts, the first the name of a secret.
pub(crate) fn is_header(reader: &Reader<'_>, keys: &Keys) -> bool {
    let mut ahead = reader.ahead(usize::MAX);
    let mut read = || {
        let first = ahead.next_item(true)? && stands(&ahead, keys) != Stands::Nothing;
        let second = first && ahead.skip().is_ok() && ahead.next_item(false)? && ahead.kind()? == Kind::String;
        Ok(second && ahead.skip().is_ok() && !ahead.next_item(false)?)
    };
    let read: Result<bool, Fault> = read();
    read.unwrap_or(false)
}

/// Whether the item that comes next is the name of a secret.
pub(crate) fn is_secret_name(reader: &Reader<'_>, keys: &Keys) -> bool {
    stands(reader, keys) != Stands::Nothing
}

/// Whether what is known so far does not tell what it is, because members behind it could.
fn asks(half: Half, key: Str<'_>, keys: &Keys, facts: Facts) -> bool {
    match half {
        Half::Value => true,
        Half::Typed | Half::Kind | Half::Version => false,
        Half::Name | Half::Field => keys.is_sensitive(&key.text()),
        // Much is called data.
        Half::Data => !facts.is_secret && facts.has_version,
    }
}

fn half(key: Str<'_>) -> Option<Half> {
    let written = key.raw;
    let name = if key.escaped || !written.is_ascii() { Cow::Owned(fold(&key.text())) } else { Cow::Borrowed(written) };
    HALVES.iter().find(|(known, _)| known.eq_ignore_ascii_case(&name)).map(|(_, half)| *half)
}

/// What the name stands for that comes next.
fn stands(reader: &Reader<'_>, keys: &Keys) -> Stands {
    match next_text(reader) {
        Some(name) if !keys.is_sensitive(&name) => Stands::Nothing,
        Some(name) if keys.is_counter(&name) => Stands::Counter,
        Some(_) => Stands::Secret,
        None => Stands::Nothing,
    }
}

/// The text that comes next, if it is one.
fn next_text<'a>(reader: &Reader<'a>) -> Option<Cow<'a, str>> {
    let mut ahead = reader.ahead(usize::MAX);
    if ahead.kind() != Ok(Kind::String) {
        return None;
    }
    ahead.string().ok().map(Str::text)
}
