//! The outbox's section. All of it but `durability` is the host's business.

use super::config::member;
use super::rows::{self, Kind};
use super::section::{Checked, Section};

/// What a class of side effects can be.
const DURABILITIES: &[&str] = &["commit", "buffered"];
/// The classes; the last is that of events which have none. What changes nothing can be done again: its record is worth no
/// wait for the disk.
const CLASSES: [(&str, Kind); 5] = [
    ("pure", Kind::Choice(DURABILITIES, 1)),
    ("read", Kind::Choice(DURABILITIES, 1)),
    ("write", Kind::Choice(DURABILITIES, 0)),
    ("irreversible", Kind::Choice(DURABILITIES, 0)),
    ("other", Kind::Choice(DURABILITIES, 0)),
];
/// What may give way when the outbox is full.
const WHEN_FULL: &[&str] = &["block", "drop_oldest", "drop_newest", "fail"];

/// An outbox that is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Outbox {
    /// The section in force.
    pub(super) written: String,
    /// The bits of `CLASSES`.
    buffered: u64,
}

impl Outbox {
    /// `syncs` says that somebody empties the outbox, so that nothing needs to give way.
    pub(super) fn parse(top: &mut Section<'_>, syncs: bool) -> Checked<Option<Self>> {
        top.nullable("outbox");
        let value = match top.take("outbox") {
            None | Some("false") => return Ok(None),
            Some("true") => "{}",
            Some(value) if value.starts_with('{') => value,
            Some(_) => return Err(top.expected("outbox", "`true`, `false`, an object or null")),
        };
        let mut section = Section::new(top.path("outbox"), value)?;
        let mut written = String::from("{");
        let limits = [
            ("path", Kind::Path),
            ("max_rows", Kind::Limit(1, (!syncs).then_some(10_000))),
            ("max_bytes", Kind::Limit(1 << 20, Some(1 << 30))),
            ("max_age_s", Kind::Limit(60, None)),
            ("when_full", Kind::Choice(WHEN_FULL, usize::from(!syncs))),
            ("deadline_ms", Kind::Number(1, 600_000, 5000)),
        ];
        rows::write(&mut section, &limits, &mut written)?;
        member(&mut written, "durability", "{");
        let mut classes = Section::new(section.path("durability"), section.take("durability").unwrap_or("{}"))?;
        let buffered = rows::write(&mut classes, &CLASSES, &mut written)?;
        classes.end()?;
        written.push('}');
        rows::write(&mut section, &[("ballast_bytes", Kind::Number(0, 1 << 30, 1 << 20))], &mut written)?;
        section.end()?;
        written.push('}');
        Ok(Some(Self { written, buffered }))
    }

    /// Whether an event of this side effect is stored only when it is on the disk.
    pub(super) fn commits(&self, side_effect: &str) -> bool {
        let place = CLASSES.iter().position(|(class, _)| *class == side_effect).unwrap_or(CLASSES.len() - 1);
        self.buffered >> (CLASSES.len() - 1 - place) & 1 == 0
    }
}
