//! Sections that are the host's business: the guest checks them by their rows, and tells them again with every default.

use super::config::{member, path};
use super::section::{Checked, Section};
use crate::json::json_string;

/// What a member may be.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// The path of a file; null, the default, is none.
    Path,
    /// A number from the least to the most, and the default.
    Number(u64, u64, u64),
    /// A number of at least so much, or null; and the default.
    Limit(u64, Option<u64>),
    /// One of these, the default the one at this place.
    Choice(&'static [&'static str], usize),
}

/// Checks the members of a section, and writes them. For each there is a bit, the last one's the lowest: a path is given, or
/// another than the first choice is in force.
pub(super) fn write(section: &mut Section<'_>, rows: &[(&'static str, Kind)], written: &mut String) -> Checked<u64> {
    let mut bits = 0;
    for &(key, kind) in rows {
        let (value, bit) = match kind {
            Kind::Path => {
                section.nullable(key);
                let path = path(section, key)?;
                (path.as_deref().map(json_string), path.is_some())
            }
            Kind::Number(least, most, default) => {
                (Some(section.number(key, least..=most)?.unwrap_or(default).to_string()), false)
            }
            Kind::Limit(least, default) => {
                let given = section.has(key);
                section.nullable(key);
                let limit = section.number(key, least..=u64::MAX)?.or(default.filter(|_| !given));
                (limit.map(|limit| limit.to_string()), false)
            }
            Kind::Choice(names, default) => {
                let place = section.choice_or(key, names, default)?;
                (names.get(place).copied().map(json_string), place > 0)
            }
        };
        member(written, key, value.as_deref().unwrap_or("null"));
        bits = bits << 1 | u64::from(bit);
    }
    Ok(bits)
}
