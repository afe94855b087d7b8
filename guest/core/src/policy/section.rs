//! An object of the configuration, read member by member. What is wrong is told with its place.

use super::keys::MAX_NAME_BYTES;
use crate::error::Error;
use crate::json::parts;
use std::ops::RangeInclusive;

/// More names than anybody has; each costs a little for each key of each event.
const MAX_NAMES: usize = 1000;

pub(super) type Checked<T> = Result<T, Error>;

/// An object of the configuration, whose members are taken out one by one. What is left at the end is unknown.
pub(super) struct Section<'a> {
    pub(super) path: String,
    pub(super) members: Vec<parts::Member<'a>>,
    known: Vec<&'static str>,
}

impl<'a> Section<'a> {
    pub(super) fn new(path: String, value: &'a str) -> Checked<Self> {
        let members = parts::members(value).map_err(|fault| match fault.into() {
            // Too deep, in whatever it is.
            Error::InvalidEvent { message, .. } => Error::config(path.clone(), message),
            other => other,
        })?;
        let Some(members) = members else { return Err(Error::config(path, "expected an object")) };
        let section = Self { path, members, known: Vec::new() };
        for (at, (key, _)) in section.members.iter().enumerate() {
            if section.members.iter().take(at).any(|(earlier, _)| earlier == key) {
                return Err(Error::config(section.path(key), "expected this key once, it is given twice"));
            }
        }
        Ok(section)
    }

    pub(super) fn path(&self, key: &str) -> String {
        format!("{}/{}", self.path, key.replace('~', "~0").replace('/', "~1"))
    }

    pub(super) fn take(&mut self, key: &'static str) -> Option<&'a str> {
        self.known.push(key);
        let at = self.members.iter().position(|(name, _)| name == key)?;
        Some(self.members.remove(at).1)
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.members.iter().any(|(name, _)| name == key)
    }

    /// Null in a member is the same as its absence.
    pub(super) fn nullable(&mut self, key: &str) {
        self.members.retain(|(name, value)| name != key || *value != "null");
    }

    /// What is said of a member whose value is something else.
    pub(super) fn expected(&self, key: &str, what: &str) -> Error {
        Error::config(self.path(key), ["expected ", what].concat())
    }

    /// Takes a member that may be absent.
    fn take_as<T>(&mut self, key: &'static str, what: &str, read: fn(&'a str) -> Option<T>) -> Checked<Option<T>> {
        match self.take(key).map(read) {
            Some(None) => Err(self.expected(key, what)),
            Some(read) => Ok(read),
            None => Ok(None),
        }
    }

    pub(super) fn boolean(&mut self, key: &'static str) -> Checked<Option<bool>> {
        self.take_as(key, "`true` or `false`", |value| value.parse().ok())
    }

    pub(super) fn text(&mut self, key: &'static str) -> Checked<Option<String>> {
        self.take_as(key, "a text", parts::text)
    }

    pub(super) fn number(&mut self, key: &'static str, range: RangeInclusive<u64>) -> Checked<Option<u64>> {
        let Some(value) = self.take(key) else { return Ok(None) };
        if let Some(number) = value.parse().ok().filter(|number| range.contains(number)) {
            return Ok(Some(number));
        }
        Err(match *range.end() {
            u64::MAX => self.expected(key, &format!("a whole number of at least {}", range.start())),
            end => self.expected(key, &format!("a whole number from {} to {end}", range.start())),
        })
    }

    /// The place of one of the named values; the first's when the member is absent.
    pub(super) fn choice(&mut self, key: &'static str, names: &[&str]) -> Checked<usize> {
        self.choice_or(key, names, 0)
    }

    pub(super) fn choice_or(&mut self, key: &'static str, names: &[&str], default: usize) -> Checked<usize> {
        let Some(value) = self.take(key) else { return Ok(default) };
        let chosen = parts::text(value).and_then(|value| names.iter().position(|name| *name == value));
        chosen.ok_or_else(|| self.expected(key, &["`", &names.join("` or `"), "`"].concat()))
    }

    pub(super) fn list(&mut self, key: &'static str, max: usize) -> Checked<Vec<&'a str>> {
        let Some(value) = self.take(key) else { return Ok(Vec::new()) };
        let items = parts::items(value).filter(|items| items.len() <= max);
        items.ok_or_else(|| self.expected(key, &format!("a list of at most {max}")))
    }

    pub(super) fn names(&mut self, key: &'static str) -> Checked<Vec<String>> {
        let mut names = Vec::new();
        for item in self.list(key, MAX_NAMES)? {
            match parts::text(item).filter(|name| (1..=MAX_NAME_BYTES).contains(&name.len())) {
                Some(name) => names.push(name),
                None => {
                    let path = format!("{}/{}", self.path(key), names.len());
                    return Err(Error::config(path, format!("expected a text of 1 to {MAX_NAME_BYTES} bytes")));
                }
            }
        }
        Ok(names)
    }

    /// Fails when a member is left that nobody asked for.
    pub(super) fn end(self) -> Checked<()> {
        let Some((unknown, _)) = self.members.first() else { return Ok(()) };
        let message = match nearest(unknown, &self.known) {
            Some(known) => format!("unknown key; did you mean `{known}`?"),
            None => format!("unknown key; the keys here are `{}`", self.known.join("`, `")),
        };
        Err(Error::config(self.path(unknown), message))
    }
}

/// The known name that an unknown one was most likely meant to be.
pub(super) fn nearest<'k>(unknown: &str, known: &[&'k str]) -> Option<&'k str> {
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
