//! What a value looks like: a secret, a word, a piece of source code, a blank to fill in.

use super::name::{Strength, strength};
use crate::policy::MARKER;
use crate::redact::stand_in::is_stand_in;

/// No more of a value is looked at, in bytes: a secret shows in its head that it is one.
const HEAD: usize = 64;

/// Words that are written where a value is to come, or that say that there is none.
const EMPTY: [&str; 10] = ["...", "…", "false", "nil", "none", "null", "true", "undefined", "[]", "{}"];

/// Texts that stand where a secret would, and are none: what a secret was made, a variable, a blank to fill in.
pub(crate) fn is_placeholder(text: &str) -> bool {
    let between = |open: &str, close: &str| text.starts_with(open) && text.ends_with(close);
    let Some(first) = text.bytes().next() else { return true };
    match first {
        b'[' | b'h' | b'*' if is_stand_in(text) => return true,
        b'$' => return !is_hash(text),
        b'<' => return text.ends_with('>'),
        b'{' => return text.ends_with('}'),
        b'%' if is_percent_variable(text) => return true,
        b'*' | b'x' | b'X' | b'.' | b'-' | b'_' if text.len() > 2 && text.bytes().all(|b| b == first) => return true,
        _ => {}
    }
    text.contains(MARKER) && text.replace(MARKER, "").bytes().all(|b| b.is_ascii_punctuation())
        || EMPTY.iter().any(|word| word.eq_ignore_ascii_case(text))
        || between("\u{2022}", "\u{2022}")
        || is_blank_to_fill(text)
        || ENVIRONMENTS.iter().any(|start| text.starts_with(start))
}

/// A password's hash, as `crypt` writes it, begins as a variable does: `$2b$12$…`.
fn is_hash(text: &str) -> bool {
    let end = text.bytes().skip(1).position(|b| b == b'$');
    end.is_some_and(|end| (1..10).contains(&end) && text.len() > end + 10 && !text.contains(['(', '{', ' ']))
}

/// `%VAR%` of cmd, `%s` and `%(name)s` of format strings.
fn is_percent_variable(text: &str) -> bool {
    let inside = text.strip_prefix('%').unwrap_or_default();
    let variable = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    inside.strip_suffix('%').is_some_and(variable)
        || inside.len() == 1
        || inside.starts_with('(') && inside.contains(')')
        || inside.starts_with('{') && inside.ends_with('}')
}

/// `YOUR_API_KEY`, `your-token-here`.
fn is_blank_to_fill(text: &str) -> bool {
    let rest = |start: &str| text.get(start.len()..).filter(|_| starts_with(text, start));
    let words = |rest: &str| {
        rest.starts_with(['_', '-', ' '])
            && rest.bytes().all(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'-' | b' '))
    };
    ["your", "insert", "enter"].iter().any(|start| rest(start).is_some_and(words))
}

/// How programs ask their environment for a value.
const ENVIRONMENTS: [&str; 11] = [
    "ENV[",
    "Deno.env",
    "System.getenv",
    "env(",
    "env.",
    "getenv(",
    "import.meta.env",
    "os.environ",
    "os.getenv",
    "process.env",
    "std::env",
];

pub(super) fn starts_with(text: &str, start: &str) -> bool {
    text.as_bytes().get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start.as_bytes()))
}

/// What the bytes of a text are.
#[derive(Debug, Clone, Copy, Default)]
struct Made {
    digits: usize,
    lower: usize,
    upper: usize,
    /// Signs that stand in passwords more than in words.
    marks: usize,
    /// `_`, `-` and dots.
    joints: usize,
    slashes: usize,
    colons: usize,
    /// Brackets, blanks, quotes.
    code: usize,
    other: usize,
}

impl Made {
    fn of(text: &str) -> Self {
        let mut made = Self::default();
        for b in text.bytes().take(HEAD) {
            match b {
                b'0'..=b'9' => made.digits += 1,
                b'a'..=b'z' => made.lower += 1,
                b'A'..=b'Z' => made.upper += 1,
                b'!' | b'#' | b'$' | b'%' | b'&' | b'*' | b'+' | b'=' | b'?' | b'@' | b'^' | b'~' => made.marks += 1,
                b'_' | b'-' | b'.' => made.joints += 1,
                b'/' | b'\\' => made.slashes += 1,
                b':' => made.colons += 1,
                b' ' | b'\n' | b'\r' | b'\t' | b'(' | b')' | b'[' | b']' | b'{' | b'}' | b'<' | b'>' | b'|' | b'`'
                | b'"' | b'\'' => made.code += 1,
                _ => made.other += 1,
            }
        }
        made
    }

    fn letters(self) -> usize {
        self.lower + self.upper
    }
}

/// Whether a word has the shape of a secret: letters and digits mixed, signs inside, or length.
pub(super) fn looks_secret(word: &str) -> bool {
    let made = Made::of(word);
    if word.len() < 6 || made.code > 0 || made.letters() == 0 || is_known_word(word) {
        return false;
    }
    let inner = word.get(1..word.len() - 1).unwrap_or_default();
    let marked = made.marks > 0 && inner.bytes().any(|b| b"!#$%^&*+=?@~".contains(&b));
    let mixed = made.digits > 0;
    // A long word of one case, and one whose cases change as no name's do.
    let long = word.len() >= 22
        && made.joints + made.slashes + made.colons + made.marks == 0
        && made.lower.min(made.upper) == 0;
    (marked || mixed || long) && !is_something_else(word, made)
}

/// The same for a word that nothing else speaks for: not a word with one digit behind it, such as `refresh2`.
pub(super) fn looks_random(word: &str) -> bool {
    let letters = word.strip_suffix(|c: char| c.is_ascii_digit()).unwrap_or_default();
    looks_secret(word) && (letters.is_empty() || !letters.bytes().all(|b| b.is_ascii_alphabetic()))
}

/// Whether an unquoted word is rather a variable of source code, by its name: `password2`.
pub(super) fn is_variable(word: &str) -> bool {
    let name = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'.';
    word.bytes().all(name) && strength(word.as_bytes()) > Strength::Nothing
}

/// What has digits or signs in it, and is a version, a number with its unit, a time, an address, a path, a name.
fn is_something_else(word: &str, made: Made) -> bool {
    let bytes = word.as_bytes();
    let digits = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
    let unit = word.get(digits..).unwrap_or_default();
    // 30s, 4096MB, 100000ms, and 2048-bit.
    let number = digits > 0
        && (UNITS.contains(&unit) || unit.starts_with('-') && unit.bytes().skip(1).all(|b| b.is_ascii_alphabetic()));
    // 1.2.3-rc1, v2.0.1, 2026-01-05T09:00, 10:30am.
    let v = usize::from(matches!(bytes.first(), Some(b'v' | b'V')));
    let figures = bytes.iter().skip(v).take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b':')).count();
    let version = figures > 2 && made.joints + made.colons > 0 && figures * 2 >= word.len();
    number
        || version
        || starts_with(word, "0x")
        || word.contains("://")
        || is_address(word)
        || is_path(word)
        || is_words(word, made)
}

const UNITS: [&str; 22] = [
    "B", "GB", "GiB", "KB", "KiB", "MB", "MiB", "TB", "b", "d", "h", "k", "kb", "m", "mb", "min", "ms", "ns", "px",
    "s", "us", "x",
];

/// An address of mail, or a name of the domain system with a port.
fn is_address(word: &str) -> bool {
    let Some((user, host)) = word.rsplit_once('@') else { return false };
    let name = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'+'));
    let top = host.rsplit('.').next().unwrap_or_default();
    host.contains('.') && name(user) && name(host) && top.len() > 1 && top.bytes().all(|b| b.is_ascii_alphabetic())
}

/// A path of files: each step in small letters, or of letters only.
pub(super) fn is_path(word: &str) -> bool {
    let rooted = word.starts_with(['/', '~']) || word.starts_with("./") || word.starts_with("../");
    let drive = matches!(word.as_bytes(), [drive, b':', b'\\' | b'/', ..] if drive.is_ascii_alphabetic());
    let step = |step: &str| {
        let small = !step.bytes().any(|b| b.is_ascii_uppercase());
        let letters = !step.bytes().any(|b| b.is_ascii_digit());
        (small || letters) && step.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-~*@".contains(&b))
    };
    let steps = || word.split(['/', '\\']).all(step);
    drive || (rooted || word.contains('/')) && steps()
}

/// Words that are joined, `sha256-digest`, `self.db2`, and one with a number: all of letters, but a number at the end of each.
fn is_words(word: &str, made: Made) -> bool {
    if made.joints == 0 || made.marks + made.slashes + made.colons + made.other > 0 {
        return false;
    }
    let piece = |piece: &str| {
        let letters = piece.trim_end_matches(|c: char| c.is_ascii_digit());
        let cased =
            letters.bytes().skip(1).any(|b| b.is_ascii_uppercase()) && letters.bytes().any(|b| b.is_ascii_lowercase());
        letters.bytes().all(|b| b.is_ascii_alphabetic())
            && piece.len() - letters.len() < 6
            && !(cased && made.digits > 3)
    };
    word.split(['_', '-', '.']).all(piece)
}

/// Words of technical prose that have digits in them or come behind one, without those digits.
const KNOWN: [&str; 44] = [
    "aes", "argon", "array", "arg", "auth", "authv", "base", "bcrypt", "blake", "bytes", "char", "digest", "ed", "es",
    "field", "float", "group", "hash", "hmac", "hs", "http", "i", "idx", "int", "item", "key", "md", "node", "oauth",
    "param", "pbkdf", "pkcs", "python", "rs", "rsa", "sha", "string", "test", "token", "uint", "utf", "v", "value",
    "var",
];

/// A type, an algorithm, a variable with a number, however the number is joined: `SHA-256`, `oauth2`, `token1`.
fn is_known_word(word: &str) -> bool {
    let mut letters =
        word.bytes().filter(|b| !b.is_ascii_digit() && !b"-_".contains(b)).map(|b| b.to_ascii_lowercase());
    let mut known = [0_u8; 8];
    let mut len = 0;
    for slot in &mut known {
        let Some(letter) = letters.next() else { break };
        *slot = letter;
        len += 1;
    }
    letters.next().is_none()
        && known.get(..len).is_some_and(|letters| KNOWN.iter().any(|word| word.as_bytes() == letters))
}

/// Types and words of forms that stand behind the name of a secret and are none.
const TYPES: [&str; 60] = [
    "any",
    "array",
    "auto",
    "basic",
    "binary",
    "blob",
    "bool",
    "boolean",
    "bytes",
    "char",
    "compat",
    "date",
    "datetime",
    "default",
    "digest",
    "disabled",
    "enabled",
    "expired",
    "files",
    "float",
    "hidden",
    "int",
    "integer",
    "invalid",
    "json",
    "list",
    "map",
    "missing",
    "never",
    "no",
    "number",
    "object",
    "off",
    "on",
    "option",
    "optional",
    "password",
    "plain",
    "plaintext",
    "ref",
    "required",
    "secret",
    "self",
    "set",
    "str",
    "string",
    "systemd",
    "tbd",
    "text",
    "this",
    "token",
    "type",
    "unknown",
    "unset",
    "value",
    "varchar",
    "void",
    "wrong",
    "xxx",
    "yes",
];

pub(super) fn is_type(word: &str) -> bool {
    TYPES.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// Whether an unquoted word can be a value where a name that says so gives it one on a line of its own, as in a file of settings.
pub(super) fn is_plain_value(word: &str) -> bool {
    let made = Made::of(word);
    if made.code > 0
        || TYPES.iter().any(|known| known.eq_ignore_ascii_case(word))
        || is_path(word)
        || word.contains("://")
    {
        return false;
    }
    // Names of variables and types: `newPassword`, `String`, `args.password`, `db_password`.
    let name = made.digits + made.marks + made.slashes + made.colons + made.other == 0;
    !(name && (made.upper > 0 && made.lower > 0 || made.joints > 0)) && !(made.joints > 0 && is_words(word, made))
}

/// Whether a quoted text is prose for people, such as a label, and not a value.
pub(super) fn is_label(text: &str) -> bool {
    let text = text.trim();
    let first = text.bytes().next().unwrap_or_default();
    if !text.contains(' ') {
        // `Password`, `Token:`.
        let word = text.trim_end_matches([':', '.', '*', '?', '!', '…']);
        let rules = text.split_once('|').is_some_and(|(rule, _)| is_type(rule));
        return rules || first.is_ascii_uppercase() && is_type(word);
    }
    let glue = |word: &str| {
        GLUE.contains(&word.trim_matches([',', '.', ':', '?', '!', '(', ')']).to_ascii_lowercase().as_str())
    };
    text.ends_with(['.', ':', '?', '!', '…']) || text.split(' ').take(12).any(glue)
}

/// Words that join others to a sentence or name what is asked for.
const GLUE: [&str; 34] = [
    "a", "an", "and", "are", "at", "be", "can", "cannot", "change", "enter", "for", "forgot", "in", "invalid", "is",
    "key", "must", "new", "no", "not", "of", "or", "password", "please", "required", "reset", "secret", "should",
    "the", "this", "to", "token", "with", "your",
];

/// Whether a quoted text is the name of where the value is: `GITHUB_TOKEN`, `auth.password.label`.
pub(super) fn is_reference(text: &str) -> bool {
    let upper = |b: u8| b.is_ascii_uppercase() || b == b'_';
    let variable = text.contains('_') && text.bytes().all(upper);
    // Of CSS.
    let selector = text.strip_prefix(['#', '.']).is_some_and(is_variable);
    let dotted = || {
        text.contains('.')
            && text
                .split('.')
                .all(|step| !step.is_empty() && step.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_'))
    };
    variable || selector || dotted() || is_path(text) && text.starts_with(['/', '~', '.'])
}

/// Whether a text is made by a program when it runs: `{token}`, `${pw}`, `#{pw}`.
pub(super) fn is_template(text: &str) -> bool {
    let head = text.get(..text.floor_char_boundary(HEAD)).unwrap_or_default();
    head.contains("%(") || head.split_once('{').is_some_and(|(_, rest)| rest.contains('}'))
}
