//! The outbox's section. All of it but `durability` is the host's business: it is checked here, and told with every default.

use super::config::{member, null_or, path};
use super::section::{Checked, Section};
use crate::json::json_string;

/// Classes of side effects; the last is that of events which have none.
const CLASSES: [&str; 5] = ["pure", "read", "write", "irreversible", "other"];
/// What a class can be.
const DURABILITIES: [&str; 2] = ["commit", "buffered"];
/// What may give way when the outbox is full.
const WHEN_FULL: [&str; 4] = ["block", "drop_oldest", "drop_newest", "fail"];

/// An outbox that is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Outbox {
    /// The section in force.
    pub(super) written: String,
    /// What each class is, by its place among `DURABILITIES`.
    durability: [usize; CLASSES.len()],
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
        section.nullable("path");
        member(&mut written, "path", &null_or(path(&mut section, "path")?.as_deref().map(json_string)));
        for (key, least, default) in [
            ("max_rows", 1, (!syncs).then_some(10_000)),
            ("max_bytes", 1 << 20, Some(1 << 30)),
            ("max_age_s", 60, None),
        ] {
            member(&mut written, key, &null_or(section.number_or_null(key, least..=u64::MAX, default)?));
        }
        let default = if syncs { 0 } else { 1 };
        section.named(&mut written, "when_full", &WHEN_FULL, default)?;
        section.numbered(&mut written, "deadline_ms", 1..=600_000, 5000)?;
        member(&mut written, "durability", "{");
        let given = section.take("durability").unwrap_or("{}");
        let mut classes = Section::new(section.path("durability"), given)?;
        let mut durability = [0; CLASSES.len()];
        for ((place, class), chosen) in CLASSES.into_iter().enumerate().zip(&mut durability) {
            // What changes nothing can be done again, and its record is worth no wait for the disk.
            let default = usize::from(place < 2);
            *chosen = classes.named(&mut written, class, &DURABILITIES, default)?;
        }
        classes.end()?;
        written.push('}');
        section.numbered(&mut written, "ballast_bytes", 0..=1 << 30, 1 << 20)?;
        section.end()?;
        written.push('}');
        Ok(Some(Self { written, durability }))
    }

    /// Whether an event of this side effect is stored only when it is on the disk.
    pub(super) fn commits(&self, side_effect: &str) -> bool {
        let place = CLASSES.iter().position(|class| *class == side_effect).unwrap_or(CLASSES.len() - 1);
        self.durability.get(place) == Some(&0)
    }
}
