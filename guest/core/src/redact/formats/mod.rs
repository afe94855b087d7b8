//! Secrets that are known by their shape: one table, a row a format.
//!
//! A format is found where one of its prefixes begins a token: behind the start, or behind anything but a letter or a
//! digit. Adding one is adding a row.

use super::rules::{About, Kind, Rule};
use crate::lanes::Prefixes;

/// Which characters the rest of a secret is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Alphabet {
    /// `A-Z 0-9`
    Upper,
    /// `A-Z a-z 0-9`
    Alnum,
    /// `A-Z a-z 0-9 _ -`, the alphabet of base64url.
    Word,
    /// `A-Z a-z 0-9 _ - .`: base64url with dots between its parts.
    Dotted,
}

/// What the rest of a secret must have, where names of other things look alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Proof {
    None,
    Digit,
}

/// A vendor's format.
#[derive(Debug)]
pub(crate) struct Format {
    id: &'static str,
    vendor: &'static str,
    /// What it is, for people.
    what: &'static str,
    prefix: &'static [u8],
    alphabet: Alphabet,
    /// Fewest characters behind the prefix.
    min: usize,
    proof: Proof,
}

const fn row(
    (id, vendor, what): (&'static str, &'static str, &'static str),
    prefix: &'static [u8],
    alphabet: Alphabet,
    min: usize,
    proof: Proof,
) -> Format {
    Format { id, vendor, what, prefix, alphabet, min, proof }
}

const SLACK: (&str, &str, &str) = ("slack-token", "Slack", "a token of an app, a bot or a user");

// Sources: OpenAI and Anthropic API reference, "Authentication"; AWS IAM user guide, "IAM identifiers" (unique id
// prefixes); RFC 7519 (a JWT's header is JSON, and base64url of `{"` is `eyJ`); GitHub docs, "GitHub's token formats";
// Slack API docs, "Token types".
pub(super) static FORMATS: [Format; 8] = [
    row(("sk-key", "OpenAI, Anthropic and others", "a secret API key"), b"sk-", Alphabet::Word, 20, Proof::Digit),
    row(("aws-access-key-id", "AWS", "the id of an access key"), b"AKIA", Alphabet::Upper, 16, Proof::None),
    row(("jwt", "", "a JSON Web Token"), b"eyJ", Alphabet::Dotted, 20, Proof::None),
    row(("github-token", "GitHub", "a personal access token"), b"ghp_", Alphabet::Alnum, 36, Proof::None),
    row(SLACK, b"xoxb-", Alphabet::Word, 10, Proof::None),
    row(SLACK, b"xoxp-", Alphabet::Word, 10, Proof::None),
    row(SLACK, b"xoxa-", Alphabet::Word, 10, Proof::None),
    row(SLACK, b"xoxs-", Alphabet::Word, 10, Proof::None),
];

/// Where in a secret its proof must stand. Vendors' secrets are random from their start.
const HEAD: usize = 64;

/// Fewest bytes that any format takes.
pub(crate) const SHORTEST: usize = 15;

/// Where a prefix can begin, for sixteen bytes at a time.
pub(crate) static PREFIXES: Prefixes = {
    let mut prefixes = Prefixes::NONE;
    let mut rest: &[Format] = &FORMATS;
    while let Some((format, others)) = rest.split_first() {
        if let Some(prefix) = format.prefix.first_chunk() {
            // Prefixes that begin alike share a bucket.
            let [a, b, _] = prefix;
            prefixes = prefixes.with(prefix, (*a ^ *b) & 7);
        }
        rest = others;
    }
    prefixes
};

/// The rule of the secret that begins a text, and its length in bytes. What stands before is the caller's to check.
pub(crate) fn at_start(text: &[u8]) -> Option<(Rule, usize)> {
    FORMATS.iter().enumerate().find_map(|(row, format)| Some((Rule::format(row), format.len_in(text)?)))
}

impl Format {
    pub(super) fn about(&self) -> About {
        About { id: self.id, kind: Kind::Format, vendor: self.vendor, description: self.what }
    }

    fn len_in(&self, text: &[u8]) -> Option<usize> {
        let body = text.strip_prefix(self.prefix)?;
        let run = |bytes: &[u8]| bytes.iter().take_while(|&&b| self.alphabet.has(b)).count();
        // Its head alone tells whether it is one: the rest is read only of what will be passed over.
        let head = body.get(..run(body.get(..HEAD).unwrap_or(body)))?;
        let proven = match self.proof {
            Proof::None => true,
            Proof::Digit => head.iter().any(u8::is_ascii_digit),
        };
        if head.len() < self.min || !proven {
            return None;
        }
        let mut len = run(body);
        // The dot that ends a sentence is not the token's.
        while self.alphabet == Alphabet::Dotted && len > 0 && body.get(len - 1) == Some(&b'.') {
            len -= 1;
        }
        let ends = !body.get(len).is_some_and(u8::is_ascii_alphanumeric);
        (len >= self.min && ends).then_some(self.prefix.len() + len)
    }
}

impl Alphabet {
    fn has(self, b: u8) -> bool {
        match self {
            Self::Upper => b.is_ascii_uppercase() || b.is_ascii_digit(),
            Self::Alnum => b.is_ascii_alphanumeric(),
            Self::Word => b.is_ascii_alphanumeric() || b == b'_' || b == b'-',
            Self::Dotted => b.is_ascii_alphanumeric() || b == b'_' || b == b'-' || b == b'.',
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_prefix_passes_the_tables_and_the_shortest_is_true() {
        for format in &FORMATS {
            let mut text = [0_u8; 18];
            for (to, from) in text.iter_mut().zip(format.prefix) {
                *to = *from;
            }
            let classes = crate::lanes::classes(&text, 0, &PREFIXES).unwrap();
            assert_eq!(classes.prefix & 1, 1, "{}", format.id);
            assert!(format.prefix.len() + format.min >= SHORTEST, "{}", format.id);
        }
    }
}
