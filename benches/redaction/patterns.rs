//! The catalogue as regular expressions, made of its rows, for the `regex` crate: what would be used without tables.
//!
//! A format that needs words before it has them up to so many bytes before, as public scanners write that. What only code
//! checks (checksums, proofs, blocks) is left out: these find a little more, with less work.

use regex::bytes::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use serde_json::Value;
use std::fs;
use std::ops::Range;
use std::path::Path;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Rows name their alphabets.
const ALPHABETS: [(&str, &str); 26] = [
    ("ALNUM", "[A-Za-z0-9]"),
    ("ALPHA", "[A-Za-z]"),
    ("BASE32", "[A-Z2-7]"),
    ("BASE64", "[A-Za-z0-9+/]"),
    ("DIGITS", "[0-9]"),
    ("DOTTED", "[A-Za-z0-9_.-]"),
    ("ENTRA", "[A-Za-z0-9_.~-]"),
    ("EQUALS", "="),
    ("ESCAPED", "[A-Za-z0-9+/=_%-]"),
    ("HEX", "[0-9A-Fa-f]"),
    ("KEBAB", "[a-z0-9-]"),
    ("LOWER", "[a-z]"),
    ("LOWER_ALNUM", "[a-z0-9]"),
    ("LOWER_BASE32", "[a-z2-7]"),
    ("LOWER_HEX", "[0-9a-f]"),
    ("PADDED", "[A-Za-z0-9+/=]"),
    ("PADDED_WORD", "[A-Za-z0-9_=-]"),
    ("TOKEN", "[A-Za-z0-9_.~+/^-]"),
    ("UPPER", "[A-Z]"),
    ("UPPER_ALNUM", "[A-Z0-9]"),
    ("UPPER_HEX", "[0-9A-F]"),
    ("VISIBLE", r#"[!-~&&[^"'`\\]]"#),
    ("WORD", "[A-Za-z0-9_-]"),
    ("UUID", "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
    ("Part::Begin", ""),
    ("Part::Block", ""),
];
/// As `near.rs` has it.
const REACH: usize = 48;
const MARKER: &[u8] = b"[REDACTED]";

/// Enough for all of them at once, in bytes: it is not to be slow for want of memory.
const SIZE_LIMIT: usize = 256 << 20;

/// All formats, in the two ways to use them.
pub(crate) struct Patterns {
    passes: Vec<Regex>,
    set: RegexSet,
}

impl Patterns {
    pub(crate) fn of_the_catalogue() -> Outcome<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../guest/core/src/redact/formats");
        let mut patterns = Vec::new();
        for group in ["ai", "chat", "cloud", "code", "data", "identity", "payment", "saas"] {
            patterns.extend(rows(&fs::read_to_string(folder.join(group).with_extension("rs"))?)?);
        }
        Ok(Self {
            passes: patterns.iter().map(|pattern| expression(pattern)).collect::<Result<_, _>>()?,
            set: RegexSetBuilder::new(&patterns)
                .unicode(false)
                .size_limit(SIZE_LIMIT)
                .dfa_size_limit(SIZE_LIMIT)
                .build()?,
        })
    }

    pub(crate) fn len(&self) -> usize {
        self.passes.len()
    }

    /// How many of the vectors' secrets they find, and how many there are: whether they are the same formats.
    pub(crate) fn found_of_vectors(&self) -> Outcome<(usize, usize)> {
        let (mut found, mut all) = (0, 0);
        for file in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/redact/formats"))? {
            let vector: Value = serde_json::from_slice(&fs::read(file?.path())?)?;
            let cases = vector["cases"].as_array().into_iter().flatten();
            for case in cases.filter(|case| case["want_receipt"]["redactions"].is_array()) {
                let text = written(&case["input"]);
                found += usize::from(self.by_the_set(text.as_bytes()) != text.as_bytes());
                all += 1;
            }
        }
        Ok((found, all))
    }

    /// Each pattern over the whole text.
    pub(crate) fn in_passes(&self, text: &[u8]) -> Vec<u8> {
        redact(text, self.passes.iter())
    }

    /// All patterns at once, to ask which there are, and only these over the whole text.
    pub(crate) fn by_the_set(&self, text: &[u8]) -> Vec<u8> {
        redact(text, self.set.matches(text).iter().filter_map(|at| self.passes.get(at)))
    }
}

/// With the marker for every match.
fn redact<'a>(text: &[u8], patterns: impl Iterator<Item = &'a Regex>) -> Vec<u8> {
    let found = |pattern: &Regex| -> Vec<Range<usize>> {
        pattern.captures_iter(text).filter_map(|found| found.name("secret")).map(|secret| secret.range()).collect()
    };
    let mut secrets: Vec<_> = patterns.flat_map(found).collect();
    secrets.sort_by_key(|range| range.start);
    let (mut redacted, mut copied) = (Vec::with_capacity(text.len()), 0);
    for secret in secrets {
        if secret.start >= copied {
            redacted.extend_from_slice(&text[copied..secret.start]);
            redacted.extend_from_slice(MARKER);
        }
        copied = copied.max(secret.end);
    }
    redacted.extend_from_slice(&text[copied.min(text.len())..]);
    redacted
}

/// The patterns of a file's rows.
fn rows(source: &str) -> Outcome<Vec<String>> {
    let code: Vec<&str> = source.lines().map(str::trim).filter(|line| !line.starts_with("//")).collect();
    let shape = expression(r#"\b(shape|bare)\(\s*"#)?;
    let code = code.join(" ");
    let starts: Vec<_> = shape.find_iter(code.as_bytes()).map(|found| found.range()).collect();
    let ends = starts.iter().skip(1).map(|next| next.start).chain([code.len()]);
    starts.iter().zip(ends).map(|(start, end)| pattern(&code[start.end..end], &code[start.clone()])).collect()
}

/// The pattern of one shape: `shape(` or `bare(`, and what stands behind that.
fn pattern(row: &str, kind: &str) -> Outcome<String> {
    let texts = expression(r#""([^"]*)""#)?;
    let (prefixes, parts) = if kind.starts_with("bare") { ("", row) } else { row.split_once(']').ok_or(row)? };
    let prefixes: Vec<String> =
        texts.captures_iter(prefixes.as_bytes()).map(|found| regex::escape(&utf8(&found[1]))).collect();
    let end = expression(r"\)\s*\.[a-z]")?.find(parts.as_bytes()).map_or(parts.len(), |found| found.start());
    let (parts, proof) = parts.split_at(end);
    let part = expression(r#"(exact|open|between)\((\w+), (\d+)(?:, (\d+))?\)|text\("([^"]*)"\)|(UUID|Part::\w+)"#)?;
    let (mut body, mut begin) = (String::new(), false);
    for found in part.captures_iter(parts.as_bytes()) {
        let group = |at: usize| found.get(at).map(|group| utf8(group.as_bytes()));
        match (group(1).as_deref(), group(5), group(6).as_deref()) {
            (Some(kind), ..) => {
                let least = group(3).unwrap_or_default();
                let most = match kind {
                    "exact" => least.clone(),
                    "open" => String::new(),
                    _ => group(4).unwrap_or_default(),
                };
                body += &format!("{}{{{least},{most}}}", alphabet(&group(2).unwrap_or_default())?);
            }
            (_, Some(text), _) => body += &regex::escape(&text),
            (.., Some("Part::Begin")) => {
                begin = true;
                body += "(?P<secret>";
            }
            (.., name) => body += alphabet(name.unwrap_or_default())?,
        }
    }
    let body = format!("(?:{}){body}", prefixes.join("|"));
    let body = if begin { format!("{body})") } else { format!("(?P<secret>{body})") };
    let near = proof.split_once("near(").and_then(|(_, near)| near.split('"').nth(1)).unwrap_or_default();
    let words: Vec<String> = near.split('&').next().unwrap_or_default().trim().split('|').map(regex::escape).collect();
    let near = if near.is_empty() { String::new() } else { format!(r"(?i:{})[^\n]{{0,{REACH}}}?", words.join("|")) };
    Ok(format!(r"{near}\b{body}"))
}

/// All texts in a value, one behind the other.
fn written(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(written).collect(),
        Value::Object(members) => members.values().map(written).collect(),
        _ => String::new(),
    }
}

fn expression(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(pattern).unicode(false).size_limit(SIZE_LIMIT).build()
}

fn alphabet(name: &str) -> Outcome<&'static str> {
    let found = ALPHABETS.iter().find(|(alphabet, _)| *alphabet == name);
    found.map(|(_, class)| *class).ok_or_else(|| format!("no pattern for `{name}`").into())
}

fn utf8(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}
