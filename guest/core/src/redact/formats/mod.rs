//! Secrets that are known by their shape: one table, a row a format.
//!
//! A format is found where one of its prefixes begins a token: behind the start, or behind anything but a letter or a
//! digit. Adding one is adding a row.

mod alphabet;
mod checksum;
mod index;
mod shape;

use super::rules::{About, Kind, Rule};
use alphabet::Alphabet;
use checksum::Checksum;
use index::{Entry, Index};
use shape::{Part, Proof, exact, open};

/// A vendor's format.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Format {
    id: &'static str,
    vendor: &'static str,
    /// What it is, for people.
    what: &'static str,
    prefixes: &'static [&'static str],
    parts: &'static [Part],
    proof: Proof,
    checksum: Checksum,
}

const fn row(
    id: &'static str,
    vendor: &'static str,
    what: &'static str,
    prefixes: &'static [&'static str],
    parts: &'static [Part],
) -> Format {
    Format { id, vendor, what, prefixes, parts, proof: Proof::None, checksum: Checksum::None }
}

impl Format {
    const fn proof(self, proof: Proof) -> Self {
        Self { proof, ..self }
    }

    const fn checksum(self, checksum: Checksum) -> Self {
        Self { checksum, ..self }
    }
}

// Sources: OpenAI and Anthropic API reference, "Authentication"; AWS IAM user guide, "IAM identifiers" (unique id
// prefixes); RFC 7519 (a JWT's header is JSON, and base64url of `{"` is `eyJ`); GitHub docs, "GitHub's token formats";
// Slack API docs, "Token types".
pub(super) static FORMATS: [Format; 9] = [
    row("sk-key", "OpenAI, Anthropic and others", "a secret API key", &["sk-"], &[open(Alphabet::WORD, 20)])
        .proof(Proof::Random),
    row(
        "sk-key",
        "OpenAI, Anthropic and others",
        "a secret API key",
        &["sk-ant-", "sk-proj-", "sk-or-", "sk-svcacct-", "sk-admin-"],
        &[open(Alphabet::WORD, 16)],
    )
    .proof(Proof::Digit),
    row("aws-access-key-id", "AWS", "the id of an access key", &["AKIA"], &[open(Alphabet::UPPER_DIGITS, 16)]),
    row("jwt", "", "a JSON Web Token", &["eyJ"], &[open(Alphabet::DOTTED, 20)]),
    row("github-token", "GitHub", "a personal access token", &["ghp_"], &[open(Alphabet::ALNUM, 36)])
        .checksum(Checksum::Crc32Base62),
    row(
        "github-fine-grained-token",
        "GitHub",
        "a fine-grained personal access token",
        &["github_pat_"],
        &[exact(Alphabet::ALNUM, 22), Part::Text("_"), exact(Alphabet::ALNUM, 59)],
    ),
    row("google-api-key", "Google", "an API key", &["AIza"], &[exact(Alphabet::WORD, 35)]),
    row("digitalocean-token", "DigitalOcean", "a personal access token", &["dop_v1_"], &[exact(Alphabet::HEX, 64)]),
    row(
        "slack-token",
        "Slack",
        "a token of an app, a bot or a user",
        &["xoxb-", "xoxp-", "xoxa-", "xoxs-"],
        &[open(Alphabet::WORD, 10)],
    ),
];

static INDEX: Index<{ index::count(&FORMATS) }> = Index::new(&FORMATS);

/// Whether a secret can begin there.
#[inline]
pub(crate) fn may_begin(text: &[u8], at: usize) -> bool {
    INDEX.may_begin(text, at)
}

/// The rule of the secret that begins a text, and its length in bytes. What stands before is the caller's to check.
pub(crate) fn at_start(text: &[u8]) -> Option<(Rule, usize)> {
    longest(INDEX.entries(text), text)
}

/// The longest of the secrets that begin a text; of two alike the one whose prefix says more.
fn longest(entries: &[Entry], text: &[u8]) -> Option<(Rule, usize)> {
    let found = entries.iter().filter_map(|entry| {
        let (format, prefix) = entry.get()?;
        Some((format.len_in(prefix, text)?, prefix.len(), entry.row))
    });
    let (len, _, row) = found.max()?;
    Some((Rule::format(usize::from(row)), len))
}

impl Entry {
    fn get(&self) -> Option<(&'static Format, &'static str)> {
        let format = FORMATS.get(usize::from(self.row))?;
        Some((format, format.prefixes.get(usize::from(self.prefix))?))
    }
}

impl Format {
    pub(super) fn about(&self) -> About {
        About { id: self.id, kind: Kind::Format, vendor: self.vendor, description: self.what }
    }

    fn len_in(&self, prefix: &str, text: &[u8]) -> Option<usize> {
        let body = text.strip_prefix(prefix.as_bytes())?;
        let fewest = self.fewest(body)?;
        // A checksum says where a token ends, and so does another that begins there.
        let ends = self.checksum.holds(body.get(..fewest)?) || begins(body.get(fewest..)?);
        let len = if ends { fewest } else { shape::most(self.parts, body, fewest)? };
        Some(prefix.len() + len)
    }

    fn fewest(&self, body: &[u8]) -> Option<usize> {
        shape::fewest(self.parts, body).filter(|_| self.proof.holds(body, self.parts))
    }
}

/// Whether what looks like a secret begins a text, however it ends.
fn begins(text: &[u8]) -> bool {
    INDEX.entries(text).iter().any(|entry| {
        let Some((format, prefix)) = entry.get() else { return false };
        text.strip_prefix(prefix.as_bytes()).is_some_and(|body| format.fewest(body).is_some())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::runs::SHORTEST;

    #[test]
    fn every_prefix_is_looked_for_and_none_is_too_short() {
        for format in &FORMATS {
            for prefix in format.prefixes {
                assert!(may_begin(prefix.as_bytes(), 0), "{}", format.id);
                assert!(prefix.len() + format.parts.iter().map(Part::min).sum::<usize>() >= SHORTEST, "{}", format.id);
            }
        }
    }
}
