//! Secrets in a text: known formats anywhere, and what assignments, options, URLs and headers say is one.
//!
//! One pass. Sixteen bytes at a time are asked where something can begin; only there is looked closer.

use super::formats;
use super::place::Place;
use super::rules::Rule;
use super::runs::{self, Runs};
use super::shell::{self, Commands};
use super::stand_in::is_stand_in;
use crate::lanes::{self, Classes, WIDTH};
use crate::policy::{Action, MARKER, Policy};
use std::ops::Range;

/// A secret's place in a text, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) range: Range<usize>,
    pub(crate) rule: Rule,
}

/// Finds the secrets in a text, in order and without overlap.
pub(crate) fn secrets(text: &str, place: &Place<'_>, policy: &Policy) -> Vec<Span> {
    // Too short for any format: only a sign could tell of a secret.
    if text.len() < runs::SHORTEST && !text.bytes().any(|b| matches!(b, b'=' | b':' | b'-')) {
        return Vec::new();
    }
    let mut scan = Scan { text, place, policy, commands: Commands::new(text), assigned: 0, spans: Vec::new() };
    scan.run();
    scan.spans
}

/// Finds the secrets of known formats only, as in a key.
pub(crate) fn formats_in(text: &str) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let bytes = text.as_bytes();
    let mut before = b' ';
    for (at, &byte) in bytes.iter().enumerate() {
        // Behind another it may be glued to it.
        let end = spans.last().map_or(0, |last| last.range.end);
        if (end == at || end < at && !before.is_ascii_alphanumeric())
            && let Some((rule, len)) = formats::at_start(bytes.get(at..).unwrap_or_default())
        {
            spans.push(Span { range: at..at + len, rule });
        }
        before = byte;
    }
    spans
}

struct Scan<'a> {
    text: &'a str,
    place: &'a Place<'a>,
    policy: &'a Policy,
    commands: Commands<'a>,
    /// Up to where the last value of an assignment goes.
    assigned: usize,
    spans: Vec<Span>,
}

/// What the last byte of the step before was, as the bit before the first.
#[derive(Clone, Copy)]
struct Carry {
    word: u32,
    gap: u32,
    slash: u32,
}

impl Scan<'_> {
    fn run(&mut self) {
        let bytes = self.text.as_bytes();
        let mut carry = Carry { word: 0, gap: 1, slash: 0 };
        let mut runs = Runs::default();
        let mut at = 0;
        // One more step than there is text: tokens are followed one step behind.
        while at < bytes.len() + WIDTH {
            let classes = lanes::classes(bytes, at).unwrap_or_default();
            self.step(at, &classes, &mut carry, &mut runs);
            at += WIDTH;
        }
    }

    /// Looks closer at what can begin in a step, and at the tokens of the step before.
    #[inline(always)]
    fn step(&mut self, at: usize, classes: &Classes, carry: &mut Carry, runs: &mut Runs) {
        // What an escape's letter comes before begins a token: `\nghp_…`.
        let word = classes.word & !(classes.slash << 1 | carry.slash);
        let gap = classes.blank | classes.quote;
        let mut starts = runs.step(classes, classes.word & !(word << 1 | carry.word));
        while starts != 0 {
            let start = at - WIDTH + starts.trailing_zeros() as usize;
            if formats::may_begin(self.text.as_bytes(), start) {
                self.candidate(start);
            }
            starts &= starts - 1;
        }
        let mut candidates = classes.joint | classes.dash & (gap << 1 | carry.gap);
        let last = |mask: u32| mask >> (WIDTH - 1) & 1;
        *carry = Carry { word: last(word), gap: last(gap), slash: last(classes.slash) };
        while candidates != 0 {
            self.candidate(at + candidates.trailing_zeros() as usize);
            candidates &= candidates - 1;
        }
    }

    fn candidate(&mut self, at: usize) {
        if self.spans.last().is_some_and(|last| last.range.contains(&at)) {
            return;
        }
        let rest = self.text.as_bytes().get(at..).unwrap_or_default();
        // A name does not reach into a secret before it.
        let seen = self.spans.last().map_or(0, |last| last.range.end).min(at);
        match rest.first() {
            Some(b'=') => {
                // What stands in a value that has been read is not assigned once more.
                if at >= self.assigned
                    && let Some((range, secret)) =
                        shell::assigned(self.text, seen..at, &self.policy.keys, &mut self.commands)
                {
                    self.assigned = range.end;
                    if secret {
                        self.push(range, Rule::ASSIGNMENT);
                    }
                }
            }
            Some(b':') if rest.starts_with(b"://") => {
                if let Some(range) = url_password(self.text, at) {
                    self.push(range, Rule::URL_PASSWORD);
                }
            }
            Some(b':') => {
                if let Some(range) = header(self.text, at) {
                    self.push(range, Rule::AUTHORIZATION);
                }
            }
            Some(b'-') => {
                if let Some(range) = shell::option_value(self.text, at, self.place, &mut self.commands) {
                    self.push(range, Rule::OPTION);
                }
            }
            _ => {
                let mut at = at;
                // Another may be glued to it.
                while let Some((rule, len)) = formats::at_start(self.text.as_bytes().get(at..).unwrap_or_default()) {
                    self.push(at..at + len, rule);
                    at += len;
                }
            }
        }
    }

    /// Adds a span, unless its rule is off; what is a placeholder is no secret. Spans come nearly in order: one that was found from a sign before it
    /// can be behind one that comes later.
    fn push(&mut self, range: Range<usize>, rule: Rule) {
        let off = self.policy.actions.of(rule.place()) == Action::Off;
        if off || self.text.get(range.clone()).is_none_or(is_placeholder) {
            return;
        }
        let at = self.spans.iter().rposition(|span| span.range.end <= range.start).map_or(0, |before| before + 1);
        match self.spans.get_mut(at) {
            Some(span) if span.range.start < range.end => {
                span.range = span.range.start.min(range.start)..span.range.end.max(range.end);
            }
            _ => self.spans.insert(at, Span { range, rule }),
        }
    }
}

/// Texts that stand where a secret would, and are none: what a secret was made, a variable, a blank to fill in.
pub(crate) fn is_placeholder(text: &str) -> bool {
    let filler = |c: char| text.len() > 2 && text.chars().all(|other| other == c);
    let between = |open: char, close: char| text.starts_with(open) && text.ends_with(close);
    let all_marker = || text.replace(MARKER, "").bytes().all(|b| b.is_ascii_punctuation());
    text.is_empty()
        || is_stand_in(text)
        || text.contains(MARKER) && all_marker()
        || text.starts_with('$')
        || between('<', '>')
        || between('{', '}')
        || filler('*')
        || filler('x')
}

/// The password in a URL's user information (RFC 3986, section 3.2.1), its `://` at `at`.
fn url_password(text: &str, at: usize) -> Option<Range<usize>> {
    let start = at + 3;
    let rest = text.get(start..)?;
    let end = rest.find(|c: char| c.is_whitespace() || "/?#\"'<>\\`,;|".contains(c)).unwrap_or(rest.len());
    let authority = rest.get(..end)?;
    let host = authority.rfind('@')?;
    let colon = authority.get(..host)?.find(':')?;
    Some(start + colon + 1..start + host)
}

/// Headers whose value is a secret as a whole (the first two behind the name of a scheme).
const HEADERS: [&str; 12] = [
    "authorization",
    "proxy-authorization",
    "api-key",
    "apikey",
    "cookie",
    "private-token",
    "set-cookie",
    "x-amz-security-token",
    "x-api-key",
    "x-auth-token",
    "x-vault-token",
    "x-xsrf-token",
];

/// Authentication schemes (IANA, HTTP authentication scheme registry, and some in wide use).
const SCHEMES: [&str; 7] = ["basic", "bearer", "dpop", "negotiate", "token", "apikey", "oauth"];

/// Schemes with a list of parameters, which go on to the end of the header.
const LIST_SCHEMES: [&str; 5] = ["digest", "aws4-hmac-sha256", "hawk", "sharedkey", "signature"];

/// The credentials of `Authorization: Bearer x`, the colon at `at`.
fn header(text: &str, at: usize) -> Option<Range<usize>> {
    let before = text.get(..at)?;
    let before = before.strip_suffix(['"', '\'']).unwrap_or(before);
    // The last letters of all of them; most colons are behind something else.
    if !before.ends_with(['e', 'n', 'y', 'E', 'N', 'Y']) {
        return None;
    }
    let name = HEADERS.iter().find(|name| ends_with_word(before, name))?;
    let mut start = skip_blank(text, at + 1)?;
    // A string of source code may have a letter before its quote.
    let rest = text.get(start..)?;
    let prefix = rest.find(|c: char| !c.is_ascii_alphabetic()).filter(|len| *len < 2).unwrap_or(0);
    if rest.get(prefix..)?.starts_with(['"', '\'']) {
        start += prefix + 1;
    }
    let rest = text.get(start..)?;
    let word = rest.find(|c: char| c.is_whitespace() || "\"'\\,;".contains(c)).unwrap_or(rest.len());
    let scheme = rest.get(..word)?;
    let is_one_of = |schemes: &[&str]| schemes.iter().any(|known| known.eq_ignore_ascii_case(scheme));
    if is_one_of(&SCHEMES) {
        let start = skip_blank(text, start + word)?;
        let rest = text.get(start..)?;
        let end = rest.find(|c: char| c.is_whitespace() || "\"'\\".contains(c));
        return Some(start..start + end.unwrap_or(rest.len()));
    }
    // At the start of a line or of a quoted text it is a header, and all of it the value; elsewhere it may be prose.
    let head = before.get(..before.len() - name.len())?;
    let credentials = name.ends_with("authorization") && !scheme.bytes().all(|b| b.is_ascii_lowercase());
    if !(head.is_empty() || head.ends_with(['\n', '"', '\'']) || credentials) {
        return None;
    }
    if is_one_of(&LIST_SCHEMES) {
        start = skip_blank(text, start + word)?;
    }
    let rest = text.get(start..)?;
    // A list of parameters has quotes of its own.
    let quote = head.chars().next_back().filter(|c| "\"'".contains(*c)).unwrap_or('\n');
    Some(start..start + rest.find([quote, '\n', '\r']).unwrap_or(rest.len()))
}

fn ends_with_word(text: &str, word: &str) -> bool {
    let Some(start) = text.len().checked_sub(word.len()) else { return false };
    text.as_bytes().get(start..).is_some_and(|end| end.eq_ignore_ascii_case(word.as_bytes()))
        && !text.as_bytes().get(..start).and_then(<[u8]>::last).is_some_and(|&b| b.is_ascii_alphanumeric() || b == b'-')
}

/// The offset of the first byte at or after `at` that is neither a space nor a tab.
pub(crate) fn skip_blank(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    Some(text.len() - rest.trim_start_matches([' ', '\t']).len())
}
