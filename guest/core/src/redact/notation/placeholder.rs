//! What stands where a secret would, and is none.

use super::shape::looks_secret;
use crate::policy::MARKER;
use crate::redact::stand_in::is_stand_in;
use crate::redact::words::{List, starts_with};

/// Texts that stand where a secret would: what a secret was made, a variable, a blank to fill in.
pub(crate) fn is_placeholder(text: &str) -> bool {
    let Some(&first) = text.as_bytes().first() else { return true };
    let long = text.len() > MAX_BYTES;
    let filled = || text.len() > 2 && text.bytes().all(|b| b == first);
    let told = match first {
        b'$' => !is_hash(text),
        b'<' => text.ends_with('>'),
        b'{' => text.ends_with('}'),
        b'%' => is_variable(text),
        b'*' | b'x' | b'X' | b'.' | b'-' | b'_' => filled(),
        0xe2 => text.chars().all(|c| matches!(c, '•' | '…')),
        _ => {
            !long
                && ENVIRONMENTS.iter().any(|start| start.as_bytes().first() == Some(&first) && text.starts_with(start))
        }
    };
    told || text.len() < 10 && EMPTY.has(text)
        || is_blank_to_fill(text)
        || is_stand_in(text)
        // What is left of a text that has been looked at before.
        || !long
            && text.bytes().any(|b| b == b'[')
            && text.contains(MARKER)
            && !looks_secret(&text.replace(MARKER, ""))
}

/// What is longer, in bytes, is not told by its beginning or by a marker in it: it would be read again for each name that is in
/// it, too.
const MAX_BYTES: usize = 1024;

/// What says that there is no value.
static EMPTY: List<8> = List::of("[] false nil none null redacted true undefined");

/// How programs ask their environment for a value.
const ENVIRONMENTS: &[&str] = &[
    "Deno.env",
    "ENV[",
    "System.getenv",
    "env(",
    "getenv(",
    "import.meta.env",
    "os.environ",
    "os.getenv",
    "process.env",
    "std::env",
];

/// No such hash is longer, in bytes.
const MAX_HASH: usize = 160;

/// A password's hash, as `crypt` writes it, begins like a variable: `$2b$12$…`.
fn is_hash(text: &str) -> bool {
    let text = text.get(..text.floor_char_boundary(MAX_HASH)).unwrap_or_default();
    let id = text.bytes().skip(1).position(|b| b == b'$');
    id.is_some_and(|len| (1..10).contains(&len) && text.len() > len + 10) && !text.contains(['(', '{', ' '])
}

/// `%VAR%` of cmd, `%s` and `%(name)s` of format strings.
fn is_variable(text: &str) -> bool {
    let inside = text.get(1..).unwrap_or_default();
    let name = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    inside.len() == 1 || inside.starts_with('(') && inside.contains(')') || inside.strip_suffix('%').is_some_and(name)
}

/// `YOUR_API_KEY`, `your-token-here`.
fn is_blank_to_fill(text: &str) -> bool {
    ["your", "insert", "enter"].into_iter().filter(|start| starts_with(text, start)).any(|start| {
        let rest = text.get(start.len()..).unwrap_or_default();
        rest.starts_with(['_', '-', ' ']) && rest.bytes().all(|b| b.is_ascii_alphabetic() || b"_- ".contains(&b))
    })
}
