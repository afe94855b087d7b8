//! Values in parts, each as it is written: for the little JSON that is not an event.

use super::{Blanks, Fault, Kind, Reader};
use std::borrow::Cow;

/// Checks that a text is one JSON value.
///
/// # Errors
///
/// When it is not.
pub(crate) fn check(text: &str) -> Result<(), Fault> {
    let mut reader = Reader::looking(text, Blanks::Keep);
    reader.skip()?;
    reader.end()
}

/// A key's characters, and its value as it is written.
pub(crate) type Member<'a> = (Cow<'a, str>, &'a str);

/// The members of an object; none when the value is anything else.
///
/// # Errors
///
/// When the text is not one JSON value.
pub(crate) fn members(text: &str) -> Result<Option<Vec<Member<'_>>>, Fault> {
    let mut reader = Reader::looking(text, Blanks::Keep);
    if reader.kind()? != Kind::Object {
        return check(text).map(|()| None);
    }
    reader.open()?;
    let mut members = Vec::new();
    while let Some((_, key)) = reader.next_key(members.is_empty())? {
        members.push((key.text(), reader.skip()?));
    }
    reader.end()?;
    Ok(Some(members))
}

/// The items of a list; none when the text is anything else.
pub(crate) fn items(text: &str) -> Option<Vec<&str>> {
    let mut reader = Reader::looking(text, Blanks::Keep);
    if reader.kind() != Ok(Kind::List) {
        return None;
    }
    reader.open().ok()?;
    let mut items = Vec::new();
    while reader.next_item(items.is_empty()).ok()? {
        items.push(reader.skip().ok()?);
    }
    reader.end().ok()?;
    Some(items)
}

/// The characters of a string; none when the text is anything else.
pub(crate) fn text(written: &str) -> Option<String> {
    let mut reader = Reader::looking(written, Blanks::Keep);
    if reader.kind() != Ok(Kind::String) {
        return None;
    }
    let text = reader.string().ok()?.text().into_owned();
    reader.end().ok()?;
    Some(text)
}
