//! Pairs: `{"name": "DB_PASSWORD", "value": …}`, where one member names what the other holds, and lists of headers,
//! `[["Authorization", "…"], …]`.

use crate::json::{Fault, Kind, Reader, Str};
use crate::policy::Keys;

/// How far ahead the other half of a pair is looked for, in bytes.
const MAX_AHEAD: usize = 512;

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

/// What is known so far of an object that may be a pair.
#[derive(Debug, Default)]
pub(crate) struct Pair {
    /// The role that the name gives the value; none when no name has been seen.
    named: Option<Role>,
    has_value: bool,
}

impl Pair {
    /// The role of the member whose key has just been read.
    pub(crate) fn role(&mut self, key: Str<'_>, reader: &Reader<'_>, keys: &Keys) -> Role {
        if is_name(key) {
            self.named = Some(named(&mut reader.ahead(MAX_AHEAD), keys));
            let paired = self.has_value || sibling(reader, is_value).is_some();
            return if paired { Role::Name } else { Role::Plain };
        }
        if !is_value(key) {
            return Role::Plain;
        }
        self.has_value = true;
        *self
            .named
            .get_or_insert_with(|| sibling(reader, is_name).map_or(Role::Plain, |mut name| named(&mut name, keys)))
    }
}

/// Whether the list that has just been opened is a header of two texts, the first the name of a secret.
pub(crate) fn is_header(reader: &Reader<'_>, keys: &Keys) -> bool {
    let mut ahead = reader.ahead(usize::MAX);
    let mut read = || {
        let first = ahead.next_item(true)? && matches!(named(&mut ahead, keys), Role::Secret { .. });
        let second = first && ahead.next_item(false)? && ahead.kind()? == Kind::String;
        Ok(second && ahead.skip().is_ok() && !ahead.next_item(false)?)
    };
    let read: Result<bool, Fault> = read();
    read.unwrap_or(false)
}

fn is_name(key: Str<'_>) -> bool {
    key.raw.eq_ignore_ascii_case("name") || key.raw.eq_ignore_ascii_case("key")
}

fn is_value(key: Str<'_>) -> bool {
    key.raw.eq_ignore_ascii_case("value")
}

/// The role of a value whose name comes next.
fn named(ahead: &mut Reader<'_>, keys: &Keys) -> Role {
    if ahead.kind() != Ok(Kind::String) {
        return Role::Plain;
    }
    match ahead.string().map(Str::text) {
        Ok(name) if keys.is_sensitive(&name) => Role::Secret { counter: keys.is_counter(&name) },
        _ => Role::Plain,
    }
}

/// The first of the members behind the value that comes next whose key is wanted: a reader at its value.
fn sibling<'a>(reader: &Reader<'a>, wanted: fn(Str<'_>) -> bool) -> Option<Reader<'a>> {
    let mut ahead = reader.ahead(MAX_AHEAD);
    // Lists and objects could hold pairs themselves, and be looked into again for each.
    if matches!(ahead.kind().ok()?, Kind::List | Kind::Object) {
        return None;
    }
    ahead.skip().ok()?;
    while let Some((_, key)) = ahead.next_key(false).ok()? {
        if wanted(key) {
            return Some(ahead);
        }
        ahead.skip().ok()?;
    }
    None
}
