//! JSON text without white space, and the ways of the vectors to write long text short.

use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::fmt;

/// A text, or the pieces that make one.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Text {
    /// The text itself.
    Plain(String),
    /// Pieces, one behind the other.
    Pieces(Vec<Piece>),
}

/// A piece of a text.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Piece {
    /// As it is.
    Plain(String),
    /// A text so many times.
    Repeat {
        /// The text, and how often.
        repeat: (String, usize),
    },
}

impl Text {
    /// The text in one piece.
    pub fn whole(&self) -> String {
        match self {
            Self::Plain(text) => text.clone(),
            Self::Pieces(pieces) => pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Plain(text) => text.clone(),
                    Piece::Repeat { repeat: (text, count) } => text.repeat(*count),
                })
                .collect(),
        }
    }
}

/// Marks a string that is given in pieces: `{"$text":[…]}`.
const MARK: &str = "{\"$text\":";

/// JSON text as the vectors have it, as the text it stands for: without white space between tokens, strings in pieces
/// put together. Everything else stays as it is written.
///
/// # Errors
///
/// When the pieces of a string are not of their form.
pub fn compact(json: &str) -> serde_json::Result<String> {
    let mut text = String::with_capacity(json.len());
    let (mut in_string, mut escaped) = (false, false);
    for c in json.chars() {
        if in_string || !c.is_ascii_whitespace() {
            text.push(c);
        }
        in_string ^= c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
    }
    let mut whole = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once(MARK) {
        let mut pieces = serde_json::Deserializer::from_str(after).into_iter::<Text>();
        let string = pieces.next().transpose()?.map(|text| text.whole()).unwrap_or_default();
        whole += before;
        whole += &serde_json::to_string(&string)?;
        rest = after.get(pieces.byte_offset() + 1..).unwrap_or_default();
    }
    Ok(whole + rest)
}

/// The fewest repetitions that are written short.
const MIN_RUN: usize = 24;

/// The inverse of `compact` for texts that are long because a character is repeated in a string.
///
/// # Errors
///
/// When it is not JSON.
pub fn shorten(json: &str) -> serde_json::Result<String> {
    let mut short = String::with_capacity(json.len());
    let mut rest = json;
    while let Some((before, after)) = rest.split_once('"') {
        let mut strings = serde_json::Deserializer::from_str(rest.get(before.len()..).unwrap_or_default()).into_iter();
        let string: String = strings.next().transpose()?.unwrap_or_default();
        let (written, behind) = after.split_at(strings.byte_offset() - 1);
        short += before;
        match pieces(&string) {
            // A key must be a plain string.
            Some(pieces) if !behind.starts_with(':') => short += &format!("{MARK}{pieces}}}"),
            _ => short += &format!("\"{written}"),
        }
        rest = behind;
    }
    Ok(short + rest)
}

/// A string with long runs in pieces, as JSON; none when it has none.
fn pieces(text: &str) -> Option<String> {
    let mut pieces: Vec<serde_json::Value> = Vec::new();
    let mut plain = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let mut run = String::from(c);
        while let Some(next) = chars.next_if_eq(&c) {
            run.push(next);
        }
        let count = run.chars().count();
        if count < MIN_RUN {
            plain += &run;
            continue;
        }
        if !plain.is_empty() {
            pieces.push(std::mem::take(&mut plain).into());
        }
        pieces.push(serde_json::json!({ "repeat": [c, count] }));
    }
    if pieces.is_empty() {
        return None;
    }
    if !plain.is_empty() {
        pieces.push(plain.into());
    }
    Some(serde_json::Value::from(pieces).to_string())
}

/// The members of an object in their order, duplicates included.
#[derive(Debug)]
pub struct Members(pub Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

/// An object of members, as text.
pub fn object<'m>(members: impl IntoIterator<Item = (&'m str, &'m str)>) -> String {
    let members: Vec<String> =
        members.into_iter().map(|(key, value)| format!("{}:{value}", serde_json::Value::from(key))).collect();
    format!("{{{}}}", members.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_goes_and_everything_else_stays_as_it_is_written() {
        let text = " { \"a b\" : [ 1.50 , -0 , \" \\\" x \" ] ,\n\t\"a b\":1E5 } ";
        assert_eq!(compact(text).unwrap(), r#"{"a b":[1.50,-0," \" x "],"a b":1E5}"#);
    }

    #[test]
    fn strings_in_pieces_are_put_together_and_taken_apart_again() {
        let short = r#"{"a":{"$text":["x\"",{"repeat":["y",30]},"..."]},"b":"z"}"#;
        let whole = format!(r#"{{"a":"x\"{}...","b":"z"}}"#, "y".repeat(30));
        assert_eq!(compact(short).unwrap(), whole);
        assert_eq!(shorten(&whole).unwrap(), short);
        let plain = r#"[{"k":"v"},"\u0000",""]"#;
        assert_eq!(shorten(plain).unwrap(), plain);
    }
}
