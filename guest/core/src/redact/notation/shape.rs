//! What a value looks like: a secret, a word, a piece of source code, prose.

use super::bytes::{BLANKS, QUOTES, Set};
use super::name::{Strength, strength};
use crate::redact::words::{Hash, List, starts_with};

/// No more of a value is looked at, in bytes: a secret shows in its head that it is one.
const HEAD: usize = 48;

/// Signs that stand in passwords more than in words.
const MARKS: Set = Set::of(b"!#$%&*+=?@^~");
/// Signs that stand in source code.
const CODE: Set = Set::of(b"()[]{}<>|").and(QUOTES).and(BLANKS);

/// How many bytes of each kind the head of a text has.
#[derive(Debug, Clone, Copy, Default)]
struct Made {
    other: usize,
    digits: usize,
    lower: usize,
    upper: usize,
    /// `_`, `-` and dots.
    joints: usize,
    slashes: usize,
    colons: usize,
    marks: usize,
    code: usize,
}

/// The kind of each byte, by its place in `Made`.
static KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut byte = 0;
    while byte < 128 {
        #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler; there are more than 128")]
        {
            kinds[byte as usize] = match byte {
                b'0'..=b'9' => 1,
                b'a'..=b'z' => 2,
                b'A'..=b'Z' => 3,
                b'_' | b'-' | b'.' => 4,
                b'/' | b'\\' => 5,
                b':' => 6,
                _ if MARKS.has(byte) => 7,
                _ if CODE.has(byte) => 8,
                _ => 0,
            };
        }
        byte += 1;
    }
    kinds
};

impl Made {
    fn of(text: &str) -> Self {
        let mut counts = [0_u8; 9];
        for b in text.bytes().take(HEAD) {
            let kind = KINDS.get(usize::from(b)).copied().unwrap_or_default();
            if let Some(count) = counts.get_mut(usize::from(kind)) {
                *count += 1;
            }
        }
        let [other, digits, lower, upper, joints, slashes, colons, marks, code] = counts.map(usize::from);
        Self { other, digits, lower, upper, joints, slashes, colons, marks, code }
    }

    fn letters(self) -> usize {
        self.lower + self.upper
    }

    /// Whether there are only letters, and what joins words.
    fn is_name(self) -> bool {
        self.digits + self.marks + self.slashes + self.colons + self.code + self.other == 0
    }
}

/// Whether a word has the shape of a secret: letters and digits mixed, signs inside, or length.
pub(super) fn looks_secret(word: &str) -> bool {
    let made = Made::of(word);
    if word.len() < 6 || made.code > 0 || made.letters() == 0 {
        return false;
    }
    let inner = word.get(1..word.len() - 1).unwrap_or_default();
    let marked = made.marks > 0 && inner.bytes().any(|b| MARKS.has(b));
    let long = word.len() > 21 && made.is_name() && made.joints == 0 && made.lower.min(made.upper) == 0;
    (marked || made.digits > 0 || long) && !is_something_else(word, made)
}

/// The same for a word that nothing else speaks for: not a word with one digit behind it, such as `refresh2`.
pub(super) fn looks_random(word: &str) -> bool {
    let letters = word.strip_suffix(|c: char| c.is_ascii_digit()).unwrap_or_default();
    looks_secret(word) && (letters.is_empty() || !letters.bytes().all(|b| b.is_ascii_alphabetic()))
}

/// The same for a word in quotes behind a name in quotes, which is hardly source code.
pub(super) fn looks_given(word: &str) -> bool {
    let made = Made::of(word);
    looks_random(word)
        || word.len() > 5 && made.digits > 0 && made.code == 0 && made.letters() > 0 && !is_technical(word)
}

/// Whether what has digits or signs in it is a number with its unit, a version, a time, an address, a path, a colour, a name.
fn is_something_else(word: &str, made: Made) -> bool {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let unit = word.get(digits..).unwrap_or_default();
    // 30s, 4096MB, 100000ms, and 2048-bit.
    let number = || digits > 0 && (UNITS.has(unit) || unit.starts_with('-') && Made::of(unit).is_name());
    // 1.2.3-rc1, v2.0.1, 2026-01-05T09:00, 10:30am.
    let figures = |word: &str| word.bytes().take_while(|b| b.is_ascii_digit() || b".-:".contains(b)).count();
    let version = || {
        let number = word.strip_prefix(['v', 'V']).unwrap_or(word);
        let (figures, rest) = number.split_at_checked(figures(number)).unwrap_or_default();
        figures.len() > 2
            && (figures.len() * 2 >= word.len() || figures.contains('.') && rest.starts_with(['+', '~', '-']))
    };
    let marked = made.marks > 0 && (is_argument(word) || is_filled_in(word) || is_colour(word) || is_address(word));
    let joined = made.joints + made.colons > 0 && (version() || word.contains("::") || is_words(word, made));
    let slashed = made.slashes > 0 && (word.contains("://") || is_path(word)) || word.starts_with('~');
    marked || joined || slashed || number() || starts_with(word, "0x") || is_technical(word)
}

/// An argument by its name, `capture_output=True`.
fn is_argument(word: &str) -> bool {
    let parts = word.split_once('=');
    parts.is_some_and(|(name, value)| Made::of(name).is_name() && !value.trim_matches('=').is_empty())
}

/// What a shell fills in, `user:$PASSWORD`.
fn is_filled_in(word: &str) -> bool {
    word.split_once('$').is_some_and(|(_, name)| {
        let name = name.strip_prefix('{').unwrap_or(name).bytes();
        name.take_while(|b| b.is_ascii_uppercase() || *b == b'_').count() > 2
    })
}

fn is_colour(word: &str) -> bool {
    word.len() < 10 && word.strip_prefix('#').is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))
}

static UNITS: List<13> = List::of("b d gb h kb m mb min ms ns px s us");

/// An address of mail.
fn is_address(word: &str) -> bool {
    let Some((user, host)) = word.rsplit_once('@') else { return false };
    let name = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_+".contains(&b));
    let top = host.rsplit_once('.').map_or("", |(_, top)| top);
    top.len() > 1 && top.bytes().all(|b| b.is_ascii_alphabetic()) && name(user) && name(host)
}

/// A path of files: each step in small letters, or without digits.
pub(crate) fn is_path(word: &str) -> bool {
    let rooted = word.starts_with(['/', '~']) || word.starts_with("./") || word.starts_with("../");
    let drive = matches!(word.as_bytes(), [drive, b':', b'\\' | b'/', ..] if drive.is_ascii_alphabetic());
    let step = |step: &str| {
        let made = Made::of(step);
        made.upper.min(made.digits) == 0 && step.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-~*@#".contains(&b))
    };
    drive || (rooted || word.contains('/')) && word.split(['/', '\\']).all(step)
}

/// Words that are joined, each with or without a number behind it: `sha256-digest`, `self.db2`, `initCustomSecret_avx512`.
fn is_words(word: &str, made: Made) -> bool {
    let piece = |piece: &str| {
        let letters = piece.trim_end_matches(|c: char| c.is_ascii_digit());
        letters.bytes().all(|b| b.is_ascii_alphabetic())
            && is_camel(Made::of(letters))
            && piece.len() - letters.len() < 6
    };
    made.joints > 0 && word.split(['_', '-', '.']).all(piece)
}

/// Whether letters are of one case, or have a capital now and then, as names of source code have and random letters have not.
fn is_camel(made: Made) -> bool {
    made.lower == 0 || made.upper * 3 <= made.lower + 1
}

/// Whether an unquoted word is rather a type of source code, with a number in it: `X509RequestOptions`, `PULONG64`.
pub(super) fn is_type_name(word: &str) -> bool {
    let made = Made::of(word);
    let one = word.trim_matches(|c: char| !c.is_ascii_digit()).len() == made.digits;
    let name = made.digits < 4 && one && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    name && word.starts_with(|c: char| c.is_ascii_uppercase()) && is_camel(made) && (word.len() > 11 || made.lower == 0)
}

/// A type, an algorithm, a variable, with a number however joined: `SHA-256`, `oauth2`, `uint64`.
pub(super) fn is_technical(word: &str) -> bool {
    let letters = word.bytes().take(HEAD).filter(|b| !b.is_ascii_digit() && !b"-_".contains(b));
    TECHNICAL.has_hash(letters.fold(Hash::NONE, Hash::with))
}

static TECHNICAL: List<39> = List::of(
    "aes arg argon argonid array auth base bcrypt blake bytes char ed es field float group hash hmacsha hs http \
    idx int item key node oauth param pbkdf pkcs python rs rsa sha string test uint utf value mt",
);

/// Types, and words of forms, that stand behind the name of a secret and are none.
pub(super) fn is_type(word: &str) -> bool {
    TYPES.has(word)
}

static TYPES: List<57> = List::of(
    "any array auto basic binary blob bool boolean bytes char compat date datetime default digest disabled \
    enabled expired files float hidden int integer invalid json list map missing never no nullable number object \
    off on option optional plain plaintext read required self str string systemd text this type unknown unset \
    val value varchar void write wrong yes",
);

/// Whether an unquoted word can be a value where a name that says so gives it one on a line of its own, as in a file of
/// settings.
pub(super) fn is_plain_value(word: &str) -> bool {
    let made = Made::of(word);
    // Names of variables and types: `newPassword`, `String`, `args.password`, `db_password`.
    let joined = word.contains(['_', '.']);
    let name = made.is_name() && (made.upper.min(made.lower) > 0 || joined) || joined && is_words(word, made);
    let value = made.letters() + made.digits > 0 && made.code == 0;
    value && !name && !is_type(word) && !is_path(word) && !word.contains("://")
}

/// Whether an unquoted word is rather a variable of source code, by its name: `password2`.
pub(super) fn is_variable(word: &str) -> bool {
    let name = |b: u8| b.is_ascii_alphanumeric() || b"_.-".contains(&b);
    word.bytes().all(name) && strength(word.as_bytes()) > Strength::Nothing
}

/// Whether a quoted text is for people, such as a label, or says where the value is, and is no value itself.
pub(super) fn is_label(text: &str) -> bool {
    let text = text.get(..text.floor_char_boundary(MAX_LABEL)).unwrap_or_default().trim_ascii();
    if text.ends_with([':', '?', '…']) {
        return true;
    }
    if text.contains(' ') {
        let glue = |word: &str| GLUE.has(word.trim_matches([',', '.', ':', '?', '!', '(', ')', '\'']));
        return text.ends_with(['.', '!']) || text.split(' ').any(glue);
    }
    let word = text.trim_end_matches(['.', '*', '!']);
    let made = Made::of(word);
    let capital = word.starts_with(|c: char| c.is_ascii_uppercase()) && made.lower > 0 && made.is_name();
    // `Password`, `required|min:8`, `GITHUB_TOKEN`, `#password` of CSS, `auth.password.label`, `/run/secrets/db`.
    let named = |word: &str| is_type(word) || is_variable(word) || starts_with(word, "pass");
    let reference = made.joints > 0 && made.is_name() && (made.lower == 0 || word.contains('.'));
    // An identifier of objects, a version.
    let figures = made.letters() == 0 && text.contains('.');
    figures
        || capital && named(word)
        || text.split_once('|').is_some_and(|(rule, _)| is_type(rule))
        || text.strip_prefix(['#', '.']).is_some_and(is_variable)
        || reference
        || text.starts_with(['/', '~', '.']) && is_path(text)
}

/// A text that is longer than this is no label, in bytes.
const MAX_LABEL: usize = 160;

/// Words that join others to a sentence, or name what is asked for.
static GLUE: List<34> = List::of(
    "a an and are at be can cannot change enter for forgot in invalid is key must new no not of or password \
    please required reset secret should the this to token with your",
);

/// Whether a text is made by a program when it runs: `{token}`, `${pw}`, `#{pw}`.
pub(super) fn is_template(text: &str) -> bool {
    let head = text.get(..text.floor_char_boundary(HEAD)).unwrap_or_default();
    head.contains("%(") || head.contains("%s") || head.split_once('{').is_some_and(|(_, rest)| rest.contains('}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_told_by_its_shape() {
        for secret in [
            "hunter2",
            "abc123",
            "p@ssw0rd!",
            "Tr0ub4dor&3",
            "t0ken-abc123",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "correcthorsebatterystaple",
            "123e4567-e89b-12d3-a456-426614174000",
            "aHVudGVyMg==",
            "dGVzdA-dGVzd_A1",
        ] {
            assert!(looks_secret(secret), "{secret}");
        }
        for other in [
            "swordfish",
            "abc12",
            "SHA-256",
            "oauth2",
            "uint256",
            "v1.2.3",
            "1.2.3-rc1",
            "2026-01-05T09:00:00Z",
            "100000ms",
            "2048-bit",
            "a1b2@example.com",
            "/etc/key1.pem",
            "src/main2.rs",
            "0x7ffd1234",
            "#1a2b3c",
            "db-creds-2",
            "self.db2",
            "f(x1)",
            "https://h1/x",
        ] {
            assert!(!looks_secret(other), "{other}");
        }
    }
}
