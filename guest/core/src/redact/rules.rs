//! Every rule by its id: what finds a secret names its rule from here, and a rule that is not here cannot be named.
//!
//! Rules that need code of their own are rows of the table below; the known formats are those of their own table.

use super::formats;
use crate::json::write_string;
use std::borrow::Cow;

/// What a rule goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The name that a value has in its object.
    Key,
    /// The shape of the secret.
    Format,
    /// The way that a text is written around it.
    Notation,
    /// What is known of command lines.
    Shell,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Format => "format",
            Self::Notation => "notation",
            Self::Shell => "shell",
        }
    }
}

/// What is told of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct About {
    pub(crate) id: &'static str,
    pub(crate) kind: Kind,
    /// Whose format it is; empty when it is nobody's.
    pub(crate) vendor: &'static str,
    /// What it finds, for people.
    pub(crate) description: Cow<'static, str>,
}

/// A rule: its place among those of the table, then the formats, then the user's own patterns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rule(u16);

/// A constant of `Rule` for each row, so that there is none without.
macro_rules! rules {
    ($($rule:ident = $id:literal, $kind:ident, $description:literal;)*) => {
        #[expect(non_camel_case_types, clippy::upper_case_acronyms, reason = "the names of the constants")]
        enum Row { $($rule),* }

        impl Rule {
            $(pub(crate) const $rule: Self = Self(Row::$rule as u16);)*
        }

        static TABLE: &[About] =
            &[$(About { id: $id, kind: Kind::$kind, vendor: "", description: Cow::Borrowed($description) }),*];
    };
}

// Ids are written by people into configurations, and never change.
rules! {
    KEY = "key", Key, "the value of a key, a header or a pair whose name is that of a secret";
    ASSIGNMENT = "assignment", Notation, "the value that is assigned to the name of a secret: `API_KEY=…`";
    AUTHORIZATION = "authorization", Notation, "the credentials of an HTTP header: `Authorization: Bearer …`";
    URL_PASSWORD = "url-password", Notation, "the password in a URL: `https://user:…@host`";
    MARKUP = "markup", Notation, "the content of an element of XML or HTML: `<password>…</password>`";
    CALL = "call", Notation, "what a call in source code sets a secret to: `setPassword(\"…\")`";
    PROSE = "prose", Notation, "what a sentence or a statement says a secret is: `the password is …`, `IDENTIFIED BY '…'`";
    PRIVATE_KEY = "private-key", Format, "a private key from its first line to its last: PEM, OpenSSH, PGP";
    OPTION = "option", Shell, "the value of a command's option that takes a secret: `--password …`";
    ARGUMENT = "argument", Shell, "an operand of a command that is a secret by its place: `redis-cli AUTH …`";
    STDIN = "stdin", Shell, "what is given to a command that reads a secret: `echo … | docker login --password-stdin`";
}

/// Behind every format: no table is ever that long.
const CUSTOM: u16 = 1 << 15;

impl Rule {
    /// The rule of a row of the formats.
    pub(super) const fn format(row: usize) -> Self {
        Self((TABLE.len() + row) as u16)
    }

    /// The rule of one of the user's own patterns.
    pub(crate) const fn custom(index: usize) -> Self {
        Self(CUSTOM | index as u16)
    }

    /// Its place in `all`; a custom pattern has none there.
    pub(crate) fn place(self) -> usize {
        usize::from(self.0)
    }

    /// Whether the secret is told by its shape.
    pub(crate) fn is_format(self) -> bool {
        TABLE.get(self.place()).is_none_or(|about| about.kind == Kind::Format)
    }

    /// Whether it goes by the way that a text is written around a secret.
    pub(crate) fn is_notation(self) -> bool {
        TABLE.get(self.place()).is_some_and(|about| about.kind == Kind::Notation)
    }

    pub(crate) fn id(self) -> Cow<'static, str> {
        match ids().nth(self.place()) {
            Some(id) => Cow::Borrowed(id),
            None => Cow::Owned(format!("custom-{}", self.0 & !CUSTOM)),
        }
    }
}

/// Every rule that is built in, at its place.
fn all() -> impl Iterator<Item = About> {
    TABLE.iter().cloned().chain(formats::FORMATS.iter().map(formats::Format::about))
}

fn ids() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|about| about.id).chain(formats::FORMATS.iter().map(formats::Format::id))
}

/// The id of every rule that is built in, at its place.
pub(crate) fn rule_ids() -> Vec<&'static str> {
    ids().collect()
}

/// The rules as JSON (`wit/schema/rules.schema.json`), in their order.
pub fn catalogue() -> String {
    let mut json = String::from("[");
    for About { id, kind, vendor, description } in all() {
        json.push_str(if json.len() == 1 { r#"{"id":""# } else { r#",{"id":""# });
        json.push_str(id);
        json.push_str(r#"","kind":""#);
        json.push_str(kind.name());
        json.push_str(r#"","vendor":"#);
        match vendor {
            "" => json.push_str("null"),
            vendor => write_string(vendor, &mut json),
        }
        json.push_str(r#","description":"#);
        write_string(&description, &mut json);
        json.push_str(r#","action":"replace"}"#);
    }
    json + "]"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_told_apart_and_read_well() {
        let mut seen = Vec::new();
        for about in all() {
            let written = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
            assert!(about.id.bytes().all(written) && !about.id.starts_with("custom"), "{}", about.id);
            assert!(!about.description.is_empty() && !about.description.ends_with('.'), "{}", about.id);
            assert!(!seen.contains(&about.id), "{} comes again", about.id);
            seen.push(about.id);
        }
        assert!(seen.len() < usize::from(CUSTOM));
        assert_eq!((Rule::KEY.id(), Rule::format(0).id()), ("key".into(), formats::FORMATS[0].id().into()));
        assert_eq!(Rule::custom(7).id(), "custom-7");
    }
}
