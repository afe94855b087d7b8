//! Names of secrets in a text, and how much a name says.
//!
//! The key of an object says what its value is, so a word anywhere in it is enough (`policy::Keys`). In a text the same
//! letters are prose and source code: `token_type`, `monkey`, `sort(key=…)`, "the key is". There a name counts by its last
//! words, for it is those that say what it holds: `access_token`, `DB_PASSWORD`, `apiKey`. `key` alone says nothing,
//! `token` alone that the value must look like a secret, too.

use super::words::find;
use std::ops::Range;

/// No name is longer, in bytes.
pub(super) const MAX_BYTES: usize = 64;

/// How much a name says of its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    Nothing,
    /// It is a secret when it looks like one.
    Hint,
    /// It is a secret unless it looks like something else.
    Secret,
}

/// A name in a text.
#[derive(Debug, Clone)]
pub(super) struct Name<'a> {
    pub(super) text: &'a str,
    pub(super) range: Range<usize>,
    pub(super) strength: Strength,
}

impl<'a> Name<'a> {
    /// The name that the byte at `at` belongs to, none of it before `floor`, and where the letters end that it is of. No name
    /// when there are too many.
    pub(super) fn around(text: &'a str, floor: usize, at: usize) -> (Option<Self>, usize) {
        let bytes = text.as_bytes();
        let (head, tail) = bytes.split_at_checked(at).unwrap_or_default();
        let head = head.get(floor..).unwrap_or_default();
        let before = head.iter().rev().take(MAX_BYTES).take_while(|b| is_letter(**b)).count();
        let behind = tail.iter().take(MAX_BYTES).take_while(|b| is_letter(**b)).count();
        let end = at + behind;
        if before + behind >= MAX_BYTES {
            return (None, end);
        }
        let mut start = at - before;
        // The letter of an escape is none of the name: `\npassword=…`.
        if start > 0 && bytes.get(start - 1) == Some(&b'\\') && bytes.get(start).is_some_and(|b| b"nrt".contains(b)) {
            start += 1;
        }
        let written = text.get(start..end).unwrap_or_default();
        let name = written.trim_start_matches(['-', '.']);
        start = end - name.len();
        let name = name.trim_end_matches(['-', '.']);
        let range = start..start + name.len();
        (Some(Self { text: name, range, strength: strength(name.as_bytes()) }), end)
    }

    /// The same name, said more by the word before it: `API key`, `next token`.
    pub(super) fn in_words(self, text: &str) -> Self {
        let one = self.text.bytes().all(|b| b.is_ascii_alphabetic());
        let before = text.as_bytes().get(..self.range.start).and_then(|head| head.strip_suffix(b" "));
        let Some(before) = before.filter(|_| one && self.text.len() < 8) else { return self };
        let letters = before.iter().rev().take(16).take_while(|b| b.is_ascii_alphabetic()).count();
        let word = before.get(before.len() - letters..).unwrap_or_default();
        let said = kind_of(self.text.as_bytes()).map(|(kind, plural)| qualified(word, kind, plural));
        // A sentence may only sound so: "refresh token: retry".
        let most = if is(word, "pragma") { Strength::Secret } else { Strength::Hint };
        Self { strength: said.map_or(self.strength, |said| said.min(most)), ..self }
    }

    /// Whether it is written like a variable of the environment.
    pub(super) fn is_upper(&self) -> bool {
        self.text.len() > 2 && !self.text.bytes().any(|b| b.is_ascii_lowercase())
    }

    /// Whether it is a parameter that signs a URL.
    pub(super) fn is_signature(&self) -> bool {
        let (_, word) = last_word(self.text.as_bytes());
        is(word, "sig") || is(word, "signature")
    }

    /// Whether it speaks of a login, of which the user may be a part, or of the way to log in.
    pub(super) fn is_login(&self) -> bool {
        let (_, word) = last_word(self.text.as_bytes());
        find(word, &["auth", "authorization", "credential", "credentials"], |word| word).is_some()
    }

    /// Whether its last word is that of a secret, whatever comes before it: `A_KEY`.
    pub(super) fn ends_in_secret(&self) -> bool {
        let (_, word) = last_word(self.text.as_bytes());
        self.strength != Strength::Nothing || kind_of(word).is_some()
    }
}

pub(super) fn is_letter(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_' || b == b'-' || b == b'.'
}

const KEY: u8 = 1;
const TOKEN: u8 = 2;
const SECRET: u8 = 4;
const PASS: u8 = 8;

/// Words that make a secret's name of `key`, `token`, `secret` or `pass` behind them.
const BEFORE: &[(&str, u8)] = &[
    ("access", KEY | TOKEN | SECRET),
    ("account", KEY | TOKEN | SECRET | PASS),
    ("admin", KEY | TOKEN | SECRET | PASS),
    ("aes", KEY),
    ("algolia", KEY),
    ("anthropic", KEY | TOKEN),
    ("api", KEY | TOKEN | SECRET | PASS),
    ("app", KEY | TOKEN | SECRET | PASS),
    ("application", KEY | TOKEN | SECRET),
    ("auth", KEY | TOKEN | SECRET | PASS),
    ("authentication", KEY | TOKEN | SECRET),
    ("authorization", TOKEN),
    ("aws", KEY | TOKEN | SECRET),
    ("azure", KEY | TOKEN | SECRET),
    ("bearer", TOKEN),
    ("bind", PASS),
    ("bot", TOKEN | SECRET),
    ("cert", PASS),
    ("cipher", KEY),
    ("client", KEY | TOKEN | SECRET | PASS),
    ("consumer", KEY | SECRET),
    ("cookie", SECRET),
    ("crypto", KEY),
    ("datadog", KEY | TOKEN),
    ("db", KEY | TOKEN | SECRET | PASS),
    ("deploy", KEY | TOKEN),
    ("discord", TOKEN | SECRET),
    ("email", PASS),
    ("encrypt", KEY),
    ("encryption", KEY | SECRET),
    ("ftp", PASS),
    ("gh", TOKEN),
    ("git", TOKEN | PASS),
    ("github", KEY | TOKEN | SECRET | PASS),
    ("gitlab", KEY | TOKEN | SECRET | PASS),
    ("google", KEY | TOKEN | SECRET),
    ("hmac", KEY | SECRET),
    ("http", PASS),
    ("id", TOKEN),
    ("identity", TOKEN),
    ("integration", KEY | TOKEN),
    ("jwt", KEY | TOKEN | SECRET),
    ("keystore", PASS),
    ("ldap", PASS),
    ("license", KEY),
    ("login", TOKEN | SECRET | PASS),
    ("mail", PASS),
    ("master", KEY | TOKEN | SECRET | PASS),
    ("mongo", PASS),
    ("mq", PASS),
    ("my", PASS),
    ("mysql", PASS),
    ("npm", TOKEN),
    ("oauth", KEY | TOKEN | SECRET),
    ("openai", KEY | TOKEN),
    ("personal", TOKEN),
    ("pg", PASS),
    ("postgres", PASS),
    ("pragma", KEY),
    ("private", KEY | TOKEN | SECRET),
    ("proxy", PASS),
    ("rabbitmq", PASS),
    ("redis", PASS),
    ("refresh", TOKEN | SECRET),
    ("registration", TOKEN),
    ("registry", TOKEN | SECRET | PASS),
    ("require", PASS),
    ("root", TOKEN | PASS),
    ("runner", TOKEN),
    ("secret", KEY | TOKEN),
    ("security", TOKEN | KEY),
    ("server", KEY | TOKEN | SECRET | PASS),
    ("service", KEY | TOKEN | SECRET | PASS),
    ("session", KEY | TOKEN | SECRET),
    ("shared", KEY | TOKEN | SECRET),
    ("signing", KEY | SECRET),
    ("slack", TOKEN | SECRET),
    ("smtp", KEY | PASS),
    ("ssh", KEY | PASS),
    ("ssl", PASS),
    ("storage", KEY | TOKEN),
    ("stripe", KEY | SECRET),
    ("sts", TOKEN),
    ("subscription", KEY),
    ("sudo", PASS),
    ("telegram", TOKEN),
    ("token", KEY | SECRET),
    ("totp", SECRET),
    ("truststore", PASS),
    ("twilio", KEY | TOKEN | SECRET),
    ("user", KEY | TOKEN | SECRET | PASS),
    ("vault", KEY | TOKEN | SECRET | PASS),
    ("vnc", PASS),
    ("webhook", KEY | TOKEN | SECRET),
    ("wifi", KEY | PASS),
];

/// Words behind which `token` and `secret` name something else: a place in a list, another object.
const HARMLESS: &[&str] = &[
    "cancellation",
    "continuation",
    "existing",
    "image",
    "next",
    "nextpage",
    "page",
    "pagination",
    "pull",
    "sync",
    "tls",
    "watermark",
];

/// Whether a word is one that needs another before it, which of them, and whether it speaks of several.
fn kind_of(word: &[u8]) -> Option<(u8, bool)> {
    let (_, kind, plural) = ENDINGS.iter().find(|(end, ..)| is(word, end))?;
    Some((*kind, *plural))
}

/// Words that need another before them.
const ENDINGS: &[(&str, u8, bool)] = &[
    ("key", KEY, false),
    ("keys", KEY, true),
    ("pass", PASS, false),
    ("secret", SECRET, false),
    ("secrets", SECRET, true),
    ("token", TOKEN, false),
    ("tokens", TOKEN, true),
];

/// How much one of them says behind another word.
fn qualified(before: &[u8], kind: u8, plural: bool) -> Strength {
    if find(before, HARMLESS, |word| word).is_some() {
        return Strength::Nothing;
    }
    match find(before, BEFORE, |(word, _)| word) {
        Some((_, kinds)) if kinds & kind != 0 && !plural => Strength::Secret,
        Some((_, kinds)) if kinds & kind != 0 => Strength::Hint,
        _ if kind == KEY => Strength::Nothing,
        _ => Strength::Hint,
    }
}

/// Words that end the name of a secret by themselves, and however they are joined to what is before them.
const SECRETS: &[&str] = &["password", "passwords", "passwd", "passphrase", "passcode", "pwd", "pw"];
/// Words of which the value must look like a secret.
const HINTS: &[&str] = &["auth", "authorization", "bearer", "cookie", "credential", "credentials"];

/// How much a name says, by its last words.
pub(super) fn strength(name: &[u8]) -> Strength {
    let (rest, word) = last_word(name);
    let before = || last_word(rest).1;
    let ending = ENDINGS.iter().find_map(|(end, kind, plural)| Some((before_end(word, end)?, *kind, *plural)));
    if let Some((glued, kind, plural)) = ending {
        if glued.is_empty() {
            return qualified(before(), kind, plural);
        }
        // Other words end alike, `monkey` and `compass`; Git's `user.signingkey` is a public one, HTML's `accesskey` a letter.
        return match qualified(glued, kind, plural) {
            Strength::Hint if kind == PASS || plural => Strength::Nothing,
            _ if is(word, "signingkey") || is(word, "accesskey") => Strength::Nothing,
            said => said,
        };
    }
    // Rails' `secret_key_base`, Redis' `requirepass`.
    let more = is(word, "base") && is(before(), "key") || is(word, "hash") && is(before(), "password");
    match () {
        () if more || SECRETS.iter().any(|end| before_end(word, end).is_some()) => Strength::Secret,
        () if find(word, HINTS, |word| word).is_some() => Strength::Hint,
        () => Strength::Nothing,
    }
}

/// A name's last word, and what stands before it: words of snake, kebab and camel case, the last without digits behind it.
fn last_word(name: &[u8]) -> (&[u8], &[u8]) {
    let separates = |b: &u8| matches!(b, b'_' | b'-' | b'.');
    let trailing = name.iter().rev().take_while(|b| b.is_ascii_digit() || separates(b)).count();
    let name = name.get(..name.len() - trailing).unwrap_or_default();
    let mut start = name.len();
    while let Some(&[before, at]) = start.checked_sub(1).and_then(|last| name.get(last.checked_sub(1)?..=last)) {
        start -= 1;
        let next_is_lower = name.get(start + 1).is_some_and(u8::is_ascii_lowercase);
        let hump = at.is_ascii_uppercase() && (!before.is_ascii_uppercase() || next_is_lower);
        if hump || separates(&before) {
            return name.split_at_checked(start).unwrap_or_default();
        }
    }
    (&[], name)
}

fn is(word: &[u8], other: &str) -> bool {
    word.eq_ignore_ascii_case(other.as_bytes())
}

fn before_end<'w>(word: &'w [u8], end: &str) -> Option<&'w [u8]> {
    let (rest, tail) = word.split_at_checked(word.len().checked_sub(end.len())?)?;
    is(tail, end).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::super::words::sorted;
    use super::*;

    #[test]
    fn lists_are_sorted() {
        assert!(sorted(&BEFORE.iter().map(|(word, _)| *word).collect::<Vec<_>>()) && sorted(HARMLESS) && sorted(HINTS));
    }

    #[test]
    fn a_name_counts_by_its_last_words() {
        let of = |name: &str| strength(name.as_bytes());
        for name in [
            "password",
            "DB_PASSWORD",
            "dbPassword",
            "rootpw",
            "PGPASSWORD",
            "api_key",
            "apiKey",
            "APIKey",
            "X-Api-Key",
            "access_token",
            "client-secret",
            "clientsecret",
            "SECRET_KEY_BASE",
            "AccountKey",
            "SharedAccessKey",
            "db.password",
            "smtp_pass",
            "password2",
            "aws_secret_access_key",
            "passphrase",
            "SSHPASS",
            "requirepass",
        ] {
            assert_eq!(of(name), Strength::Secret, "{name}");
        }
        for name in
            ["token", "TOKEN", "csrf_token", "secret", "auth", "credentials", "api_keys", "tokens", "pass", "my.token"]
        {
            assert_eq!(of(name), Strength::Hint, "{name}");
        }
        for name in [
            "key",
            "monkey",
            "public_key",
            "primaryKey",
            "token_type",
            "tokenizer",
            "password_file",
            "passwordField",
            "nextPageToken",
            "compass",
            "bypass",
            "SharedAccessKeyName",
            "secretName",
            "existingSecret",
            "user.signingkey",
            "key_id",
            "",
        ] {
            assert_eq!(of(name), Strength::Nothing, "{name}");
        }
    }
}
