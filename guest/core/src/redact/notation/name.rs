//! Names of secrets in a text, and how much a name says.
//!
//! The key of an object says what its value is, so a word anywhere in it is enough (`policy::Keys`). In a text the same
//! letters are prose and source code: `token_type`, `monkey`, `sort(key=…)`, "the key is". There a name counts by its last
//! words, for it is those that say what it holds: `access_token`, `DB_PASSWORD`, `apiKey`. `key` alone says nothing,
//! `token` alone that the value must look like a secret, too.

use crate::redact::words::List;
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
        let said = End::of(self.text.as_bytes()).filter(|(end, glued)| end.needs_another() && glued.is_empty());
        let said = said.map(|(end, _)| end.behind(word));
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

    /// Whether it ends with `pass` or `secret`.
    pub(super) fn is_pass(&self) -> bool {
        let (_, word) = last_word(self.text.as_bytes());
        is(word, "pass") || is(word, "secret")
    }

    /// Whether it speaks of a login, of which the user may be a part, or of the way to log in.
    pub(super) fn is_login(&self) -> bool {
        let (_, word) = last_word(self.text.as_bytes());
        ["auth", "authorization", "credential", "credentials"].iter().any(|login| is(word, login))
    }

    /// Whether its last word is that of a secret, whatever comes before it: `A_KEY`.
    pub(super) fn ends_in_secret(&self) -> bool {
        let (_, word) = last_word(self.text.as_bytes());
        self.strength != Strength::Nothing || End::of(word).is_some_and(|(_, glued)| glued.is_empty())
    }
}

pub(super) fn is_letter(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_' || b == b'-' || b == b'.'
}

/// Words that make the name of a secret of `key` behind them, and of `token`, `secret`, `pass`.
static KEYS: List<52> = List::of(
    "access account admin aes algolia anthropic api app application auth authentication aws azure cipher client \
    consumer crypto datadog db deploy encrypt encryption github gitlab google hmac integration jwt license \
    master oauth openai pragma private secret security server service session shared signing smtp ssh storage \
    stripe subscription token twilio user vault webhook wifi",
);
static TOKENS: List<54> = List::of(
    "access account admin anthropic api app application auth authentication authorization aws azure bearer bot \
    client datadog db deploy discord gh git github gitlab google id identity integration jwt login master npm \
    oauth openai personal private refresh registration registry root runner secret security server service \
    session shared slack storage sts telegram twilio user vault webhook",
);
static SECRETS: List<41> = List::of(
    "access account admin api app application auth authentication aws azure bot client consumer cookie db discord \
    encryption github gitlab google hmac jwt login master oauth private refresh registry server service session \
    shared signing slack stripe token totp twilio user vault webhook",
);
static PASSES: List<43> = List::of(
    "account admin api app auth bind cert client db email ftp git github gitlab http keystore ldap login mail \
    master mongo mq my mysql pg postgres proxy rabbitmq redis registry require root server service smtp ssh ssl \
    sudo truststore user vault vnc wifi",
);

/// Words behind which `token` and `secret` name something else: a place in a list, another object.
static HARMLESS: List<12> =
    List::of("cancellation continuation existing image next nextpage page pagination pull sync tls watermark");

/// How the last word of a name makes it that of a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// By itself, and however it is joined to what is before it.
    Secret,
    /// By itself, if the value looks like one.
    Hint,
    /// Behind another word.
    Key,
    Token,
    Secrets,
    Pass,
    /// Behind `key`, as Rails' `secret_key_base`.
    Base,
    /// Behind `password`.
    Hash,
}

const ENDS: [(&str, End); 22] = [
    ("password", End::Secret),
    ("passwords", End::Secret),
    ("passwd", End::Secret),
    ("passphrase", End::Secret),
    ("passcode", End::Secret),
    ("pwd", End::Secret),
    ("pw", End::Secret),
    ("key", End::Key),
    ("keys", End::Key),
    ("token", End::Token),
    ("tokens", End::Token),
    ("secret", End::Secrets),
    ("secrets", End::Secrets),
    ("pass", End::Pass),
    ("auth", End::Hint),
    ("authorization", End::Hint),
    ("bearer", End::Hint),
    ("cookie", End::Hint),
    ("credential", End::Hint),
    ("credentials", End::Hint),
    ("base", End::Base),
    ("hash", End::Hash),
];

impl End {
    /// The end of a word, and what of it is before that.
    fn of(word: &[u8]) -> Option<(Self, &[u8])> {
        let last = word.last()?.to_ascii_lowercase();
        let mut ends = ENDS.iter().filter(|(end, _)| end.as_bytes().last() == Some(&last));
        let (end, glued) = ends.find_map(|(end, kind)| Some((*kind, before_end(word, end)?)))?;
        let whole = glued.is_empty() || !matches!(end, Self::Base | Self::Hash);
        whole.then_some((end, glued))
    }

    fn needs_another(self) -> bool {
        !matches!(self, Self::Secret | Self::Hint)
    }

    /// How much it says behind a word.
    fn behind(self, before: &[u8]) -> Strength {
        let known = match self {
            Self::Secret => return Strength::Secret,
            Self::Hint => return Strength::Hint,
            Self::Base => is(before, "key"),
            Self::Hash => is(before, "password"),
            _ if before.is_empty() => false,
            _ if HARMLESS.has(before) => return Strength::Nothing,
            Self::Key => KEYS.has(before),
            Self::Token => TOKENS.has(before),
            Self::Secrets => SECRETS.has(before),
            Self::Pass => PASSES.has(before),
        };
        match self {
            _ if known => Strength::Secret,
            Self::Key | Self::Base | Self::Hash => Strength::Nothing,
            _ => Strength::Hint,
        }
    }
}

/// How much a name says, by its last words.
pub(super) fn strength(name: &[u8]) -> Strength {
    let (rest, word) = last_word(name);
    let Some((end, glued)) = End::of(word) else { return Strength::Nothing };
    let plural = end != End::Secret && word.ends_with(b"s") && end != End::Pass;
    let said = match glued {
        [] => end.behind(last_word(rest).1),
        // Words that end alike, `monkey` and `compass`; Git's `user.signingkey` is a public one, HTML's `accesskey` a letter.
        _ if is(word, "signingkey") || is(word, "accesskey") => Strength::Nothing,
        _ => match end.behind(glued) {
            Strength::Hint if end == End::Pass || end == End::Hint || plural => Strength::Nothing,
            said => said,
        },
    };
    if plural { said.min(Strength::Hint) } else { said }
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
    use super::*;

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
