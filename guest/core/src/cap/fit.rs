//! Making one value fit into a number of bytes. The values here are in canonical form.

use super::{MIN_VALUE_BYTES, add};
use crate::event::schema::Field;
use crate::json::{Blanks, Fault, Kind, Reader, cut, json_string, parts, write_string};
use crate::redact::Place;
use std::borrow::Cow;

/// Values nested deeper than this are not looked into: each level is read once more.
const MAX_LEVELS: u8 = 8;

/// A value in at most `max` bytes (at least five): texts by their start, lists by their first items, objects with every key
/// as long as the keys alone fit.
pub(super) fn fit(value: &str, max: usize, levels: u8, place: &Place<'_>, paths: &mut Vec<String>) -> String {
    if value.len() <= max {
        return value.to_owned();
    }
    let mut reader = Reader::looking(value, Blanks::Keep);
    let kind = reader.kind();
    let fitted = match kind {
        Ok(Kind::String) => reader.string().map(|string| {
            let mut out = String::new();
            write_string(&cut(&string.text(), max), &mut out);
            add(paths, || place.pointer());
            out
        }),
        Ok(Kind::List) if levels < MAX_LEVELS => fit_list(&mut reader, max, levels, place, paths),
        Ok(Kind::Object) if levels < MAX_LEVELS => fit_object(&mut reader, max, levels, place, paths),
        _ => {
            add(paths, || place.pointer());
            Ok(match kind {
                Ok(Kind::List) => "[]".to_owned(),
                Ok(Kind::Object) => "{}".to_owned(),
                // A number cannot be cut.
                _ => "null".to_owned(),
            })
        }
    };
    fitted.unwrap_or_else(|_| "null".to_owned())
}

fn fit_list(
    reader: &mut Reader<'_>,
    max: usize,
    levels: u8,
    place: &Place<'_>,
    paths: &mut Vec<String>,
) -> Result<String, Fault> {
    let mut out = String::from("[");
    reader.open()?;
    let mut index = 0;
    while reader.next_item(index == 0)? {
        let item = reader.skip()?;
        // The comma and the bracket.
        let room = max.saturating_sub(out.len() + 2);
        if item.len() > room {
            if room >= MIN_VALUE_BYTES {
                separate(&mut out);
                out.push_str(&fit(item, room, levels + 1, &place.item(index), paths));
            }
            add(paths, || place.pointer());
            break;
        }
        separate(&mut out);
        out.push_str(item);
        index += 1;
    }
    out.push(']');
    Ok(out)
}

fn fit_object(
    reader: &mut Reader<'_>,
    max: usize,
    levels: u8,
    place: &Place<'_>,
    paths: &mut Vec<String>,
) -> Result<String, Fault> {
    let mut members: Vec<(&str, Cow<'_, str>, &str)> = Vec::new();
    reader.open()?;
    while let Some((mark, key)) = reader.next_key(members.is_empty())? {
        let written = reader.since_mark(mark);
        members.push((written, key.text(), reader.skip()?));
    }
    // The keys with their colons, a comma each, the braces.
    let keys: usize = members.iter().map(|(written, ..)| written.len() + 1).sum::<usize>() + 1;
    let every_key = keys + members.len() * MIN_VALUE_BYTES <= max;
    let lengths: Vec<usize> = members.iter().map(|(.., value)| value.len()).collect();
    let values: usize = lengths.iter().sum();
    let share = if every_key { level(&lengths, (keys + values).saturating_sub(max)) } else { usize::MAX };
    let mut out = String::from("{");
    for (written, name, value) in members {
        // The key, the comma and the brace.
        let room = max.saturating_sub(out.len() + written.len() + 2);
        let share = share.max(MIN_VALUE_BYTES).min(room);
        if value.len() > share && room < MIN_VALUE_BYTES {
            add(paths, || place.pointer());
            break;
        }
        separate(&mut out);
        out.push_str(written);
        out.push_str(&fit(value, share, levels + 1, &place.key(&name), paths));
    }
    out.push('}');
    Ok(out)
}

/// An object of the schema in at most `max` bytes, if its own fields leave room: first what is not of the schema goes, then
/// objects in it are cut, then texts, to no less than their start. Its fields stay.
pub(super) fn fit_record(
    value: &str,
    max: usize,
    fields: &[Field],
    place: &Place<'_>,
    paths: &mut Vec<String>,
) -> String {
    let Ok(Some(members)) = parts::members(value) else { return fit(value, max, 0, place, paths) };
    let length = |(name, value): &parts::Member<'_>| json_string(name).len() + value.len() + 2;
    let mut excess = (members.iter().map(length).sum::<usize>() + 1).saturating_sub(max);
    // From the end: in the schema, objects stand last.
    let mut kept = Vec::new();
    for member in members.into_iter().rev() {
        if excess > 0 && fields.iter().all(|field| field.name != member.0) {
            add(paths, || place.key(&member.0).pointer());
            excess = excess.saturating_sub(length(&member));
        } else {
            kept.push(member);
        }
    }
    let mut fitted = Vec::new();
    for (name, value) in kept {
        let least = if value.starts_with('{') { 2 } else { MIN_VALUE_BYTES };
        let shorter = fit(value, value.len().saturating_sub(excess).max(least), 0, &place.key(&name), paths);
        excess = excess.saturating_sub(value.len().saturating_sub(shorter.len()));
        fitted.push((name, shorter));
    }
    let mut out = String::from("{");
    for (name, value) in fitted.iter().rev() {
        separate(&mut out);
        write_string(name, &mut out);
        out.push(':');
        out.push_str(value);
    }
    out.push('}');
    out
}

/// As many whole items from a list's start as fit into `max` bytes.
pub(super) fn fit_items(value: &str, max: usize, place: &Place<'_>, paths: &mut Vec<String>) -> String {
    let mut out = String::from("[");
    for item in parts::items(value).unwrap_or_default() {
        if out.len() + item.len() + 2 > max {
            add(paths, || place.pointer());
            break;
        }
        separate(&mut out);
        out.push_str(item);
    }
    out.push(']');
    out
}

fn separate(out: &mut String) {
    if out.len() > 1 {
        out.push(',');
    }
}

/// The greatest length that, when all longer ones are cut to it, saves at least `excess`; 0 when nothing saves as much.
pub(super) fn level(lengths: &[usize], excess: usize) -> usize {
    let saves = |level: usize| lengths.iter().map(|length| length.saturating_sub(level)).sum::<usize>() >= excess;
    let (mut low, mut high) = (0, lengths.iter().copied().max().unwrap_or(0));
    while low < high {
        let middle = (low + high).div_ceil(2);
        if saves(middle) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    low
}

/// The lengths of all texts in a value that are longer than `min`, as they are written.
pub(super) fn text_lengths(value: &str, min: usize, lengths: &mut Vec<usize>) {
    // The value has been read before: it is JSON.
    let _ = texts(&mut Reader::looking(value, Blanks::Keep), &Place::ROOT, &mut |reader, _| {
        let mark = reader.mark();
        reader.string()?;
        let length = reader.since_mark(mark).len();
        if length > min {
            lengths.push(length);
        }
        Ok(())
    });
}

/// The value with every text in it cut to `max` bytes as it is written; none when nothing was longer.
pub(super) fn shorten(value: &str, max: usize, place: &Place<'_>, paths: &mut Vec<String>) -> Option<String> {
    let mut reader = Reader::new(value, Blanks::Keep);
    let mut shorter = false;
    let read = texts(&mut reader, place, &mut |reader, place| {
        let mark = reader.mark();
        let string = reader.string()?;
        if reader.since_mark(mark).len() > max {
            reader.replace(mark, |out| write_string(&cut(&string.text(), max), out));
            add(paths, || place.pointer());
            shorter = true;
        }
        Ok(())
    });
    (read.is_ok() && shorter).then(|| reader.into_copy())
}

type Visit<'v> = dyn FnMut(&mut Reader<'_>, &Place<'_>) -> Result<(), Fault> + 'v;

/// Calls `visit` where the reader comes to a text.
fn texts(reader: &mut Reader<'_>, place: &Place<'_>, visit: &mut Visit<'_>) -> Result<(), Fault> {
    match reader.kind()? {
        Kind::String => visit(reader, place),
        Kind::List => {
            reader.open()?;
            let mut index = 0;
            while reader.next_item(index == 0)? {
                texts(reader, &place.item(index), visit)?;
                index += 1;
            }
            Ok(())
        }
        Kind::Object => {
            reader.open()?;
            let mut first = true;
            while let Some((_, key)) = reader.next_key(first)? {
                texts(reader, &place.key(&key.text()), visit)?;
                first = false;
            }
            Ok(())
        }
        Kind::Null | Kind::Bool | Kind::Number => reader.scalar().map(drop),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_level_saves_enough_and_not_more_than_it_must() {
        for (lengths, excess, want) in [
            (vec![10, 50, 20], 10, 40),
            (vec![10, 50, 20], 40, 15),
            (vec![10, 50, 20], 80, 0),
            (vec![10, 50, 20], 90, 0),
            (vec![30, 30, 30], 10, 26),
            (vec![], 1, 0),
        ] {
            let level = level(&lengths, excess);
            assert_eq!(level, want, "{lengths:?} {excess}");
        }
    }
}
