//! Secrets by the way a text is written around them: `password = "…"`, `<token>…</token>`, `IDENTIFIED BY '…'`.
//!
//! What all notations have in common is the name of a secret. So the names are looked for, by three letters of each word
//! that makes one, wherever they stand; what is around a name tells which notation it is written in. Signs would be found
//! as easily, but most signs of a text have nothing to do with secrets.
//!
//! Every look back and ahead is bounded, or ends where the next one starts: a text is not read again for each name.

mod assignment;
mod block;
mod bytes;
mod call;
mod glued;
mod header;
mod literal;
mod markup;
mod name;
mod pair;
mod placeholder;
mod prose;
mod shape;
mod url;
mod value;

pub(crate) use placeholder::is_placeholder;
pub(crate) use shape::is_path;

use crate::lanes::Letters;
use crate::policy::Keys;
use crate::redact::text::Spans;
use crate::redact::words::is_one;
use assignment::line;
use name::{Name, Strength};
use value::{Quote, Quoted};

/// What names of secrets, and some notations without one, are found by.
struct Word {
    text: &'static str,
    /// Where its telling letters are: the three that other words have least.
    at: usize,
    /// Words of one bucket of the tables have their letters confused with each other: those that make few words then.
    bucket: u8,
}

const fn word(text: &'static str, at: usize, bucket: u8) -> Word {
    Word { text, at, bucket }
}

const WORDS: [Word; 15] = [
    word("pass", 0, 0),
    word("pwd", 0, 1),
    word("pw:", 0, 1),
    word("pw=", 0, 1),
    word("key", 0, 2),
    word("cookie", 3, 2),
    word("token", 0, 3),
    word("identified", 4, 3),
    word("secret", 1, 4),
    word("oracle:", 2, 4),
    word("credential", 2, 5),
    word("bearer", 0, 5),
    word("sig", 0, 6),
    word("auth", 1, 6),
    word("://", 0, 7),
];

/// Where the telling letters of a word can be, for sixteen bytes at a time.
pub(super) static LETTERS: Letters = {
    let mut letters = Letters::NONE;
    let mut rest: &[Word] = &WORDS;
    while let Some((word, others)) = rest.split_first() {
        if let Some((_, tail)) = word.text.as_bytes().split_at_checked(word.at)
            && let Some(telling) = tail.first_chunk()
        {
            letters = letters.with(*telling, word.bucket);
        }
        rest = others;
    }
    letters
};

/// Reads the notations of a text, name by name.
pub(super) struct Notation<'a> {
    text: &'a str,
    keys: &'a Keys,
    /// Up to where names have been read.
    done: usize,
    /// Up to where sentences have been.
    read: usize,
    /// Up to where colons are those of one long record: no values are behind them.
    record: usize,
    next: url::Next,
    /// There was a word that makes a name.
    seen: bool,
}

/// A name, and where it stands.
struct Site<'a> {
    text: &'a str,
    keys: &'a Keys,
    name: Name<'a>,
    /// The quotes that are around it.
    quote: Option<Quote>,
    /// Where the name begins, with its quote.
    start: usize,
    /// Where it ends, with its quote and the bracket of an index.
    end: usize,
}

impl<'a> Notation<'a> {
    pub(super) fn new(text: &'a str, keys: &'a Keys) -> Self {
        Self { text, keys, done: 0, read: 0, record: 0, next: url::Next::default(), seen: false }
    }

    /// Reads what is written around the letters at `at`.
    pub(super) fn at(&mut self, at: usize, spans: &mut Spans<'_>) {
        if at < self.done || !is_word(self.text.as_bytes(), at) {
            return;
        }
        match self.text.as_bytes().get(at) {
            Some(b':') => return url::read(self.text, at, &mut self.next, spans),
            Some(b'a' | b'A') => return url::oracle(self.text, at - 2, spans),
            _ => self.seen = true,
        }
        let floor = self.done.max(spans.end_before(at));
        let (name, end) = Name::around(self.text, floor, at);
        self.done = end;
        if let Some(name) = name {
            self.name(name.in_words(self.text), spans);
        }
    }

    pub(super) fn has_seen_names(&self) -> bool {
        self.seen
    }

    /// Reads what is written around the name before the sign at `at`, if it is one of the user's own.
    pub(super) fn own(&mut self, at: usize, spans: &mut Spans<'_>) {
        let bytes = self.text.as_bytes();
        let blanks =
            bytes.get(..at).unwrap_or_default().iter().rev().take(3).take_while(|b| b" \"'".contains(b)).count();
        let Some(last) = (at - blanks).checked_sub(1).filter(|last| *last >= self.done) else { return };
        let (name, end) = Name::around(self.text, self.done.max(spans.end_before(at)), last);
        self.done = end;
        if let Some(name) = name.filter(|name| self.keys.is_own(name.text)) {
            self.name(Name { strength: Strength::Secret, ..name }, spans);
        }
    }

    fn name(&mut self, name: Name<'a>, spans: &mut Spans<'_>) {
        // Only what is certain to be an assignment gives a value to a name that says nothing by itself.
        let assigned = self.text.as_bytes().get(name.range.end) == Some(&b'=');
        if name.strength == Strength::Nothing && !assigned && !prose::is_statement(&name) {
            return;
        }
        if name.range.end < self.record && self.text.as_bytes().get(name.range.end) == Some(&b':') {
            return;
        }
        let Some(site) = Site::new(self.text, self.keys, name) else { return };
        let bytes = self.text.as_bytes();
        let sign = skip_blank(bytes, site.end);
        let glued = sign == site.end;
        match bytes.get(sign) {
            Some(b'=' | b'+' | b'?' | b'|') => assignment::equals(&site, sign, spans),
            Some(b':') => assignment::colon(&site, sign, &mut self.record, spans),
            Some(b'>' | b' ' | b'\n' | b'a'..=b'z' | b'A'..=b'Z') if markup::opens(&site) => {
                markup::element(&site, spans)
            }
            Some(b'<') if glued => markup::content(&site, spans),
            Some(b'(') if glued => call::call(&site, spans),
            Some(b',') if site.quote.is_some() => call::argument(&site, sign, spans),
            Some(b) if !glued && (b.is_ascii_alphanumeric() || b"\"'`$\xe2\xc2".contains(b)) => {
                prose::read(&site, sign, &mut self.read, spans)
            }
            _ => {}
        }
        pair::read(&site, spans);
    }
}

impl<'a> Site<'a> {
    fn new(text: &'a str, keys: &'a Keys, name: Name<'a>) -> Option<Self> {
        let bytes = text.as_bytes();
        let (mut start, mut end) = (name.range.start, name.range.end);
        let open = Quote::before(bytes, start);
        // `"user password": …` is quoted, too.
        let close = Quote::at(bytes, end);
        let quote = close.filter(|close| {
            open == Some(*close) || open.is_none() && bytes.get(end + close.len).is_some_and(|b| b":=".contains(b))
        });
        if let Some(quote) = quote {
            start -= open.map_or(0, |_| quote.len);
            end += quote.len;
        }
        let before = start.checked_sub(1).and_then(|before| bytes.get(before));
        let rest = bytes.get(end..)?;
        match rest {
            [b']', ..] if before == Some(&b'[') || quote.is_none() => end += 1,
            [b'?' | b'!', b':', ..] => end += 1,
            [b'%', b'5', b'D' | b'd', ..] => end += 3,
            // Markdown's.
            [b'*', b'*', ..] => end += 2,
            _ => {}
        }
        Some(Self { text, keys, name, quote, start, end })
    }

    /// The byte before the name and its quote.
    fn before(&self) -> Option<u8> {
        self.byte(self.start.checked_sub(1)?)
    }

    /// The words before the name, the last first.
    fn words_before(&self) -> impl Iterator<Item = &'a str> {
        let head = self.text.get(..self.start).unwrap_or_default();
        let from = head.floor_char_boundary(head.len().saturating_sub(MAX_BEFORE));
        head.get(from..).unwrap_or_default().split_ascii_whitespace().rev()
    }

    /// Whether a value looks like a secret, as far as the name does not say it.
    fn looks_secret(&self, value: &str) -> bool {
        match self.name.strength {
            Strength::Nothing => false,
            Strength::Hint => shape::looks_random(value),
            Strength::Secret => shape::looks_secret(value),
        }
    }

    /// Whether the name is an argument of an option: `--set password=x`.
    fn follows_option(&self) -> bool {
        let head = self.text.get(..self.start).unwrap_or_default().as_bytes();
        let Some(head) = head.strip_suffix(b" ") else { return false };
        let len = head.iter().rev().take(32).take_while(|b| !b.is_ascii_whitespace()).count();
        head.get(head.len() - len..).is_some_and(|word| word.starts_with(b"-"))
    }

    /// Whether the name is that of something that was found wrong: `unexpected token: …`.
    fn follows_complaint(&self) -> bool {
        let complaints = ["bad", "expected", "illegal", "invalid", "missing", "unexpected", "unknown"];
        self.words_before().next().is_some_and(|word| is_one(word, &complaints))
    }

    /// A quoted value, as it is written.
    fn written(&self, quoted: &Quoted) -> &'a str {
        self.text.get(quoted.range.clone()).unwrap_or_default()
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    /// Whether only blanks, and what marks an item, a comment or a changed line, are before it in its line.
    fn begins_line(&self) -> bool {
        let head = self.text.as_bytes().get(..self.start).unwrap_or_default();
        let marks = |b: &&u8| matches!(b, b' ' | b'\t' | b'-' | b'+' | b'#' | b'*' | b'>' | b'<');
        let marks = head.iter().rev().take(MAX_INDENT).take_while(marks).count();
        head.len().checked_sub(marks + 1).is_none_or(|at| matches!(head.get(at), Some(b'\n' | b'\r')))
    }

    /// Whether a blank is before it.
    fn is_indented(&self) -> bool {
        matches!(self.before(), Some(b' ' | b'\t'))
    }

    /// The columns before the name in its line, when there are only blanks and the dash of an item.
    fn indent(&self) -> Option<usize> {
        let head = self.text.as_bytes().get(..self.start)?;
        let blanks = head.iter().rev().take(MAX_INDENT).take_while(|b| matches!(b, b' ' | b'-')).count();
        let begins = head.len().checked_sub(blanks + 1).is_none_or(|at| head.get(at) == Some(&b'\n'));
        begins.then_some(blanks)
    }
}

/// Whether an unquoted word is rather a name of source code.
fn is_code(word: &str) -> bool {
    shape::is_variable(word) || shape::is_type_name(word)
}

/// How far back words are looked at, in bytes.
const MAX_BEFORE: usize = 80;
/// Nothing is indented by more.
const MAX_INDENT: usize = 64;

/// Whether the letters at `at` are those of a word.
fn is_word(bytes: &[u8], at: usize) -> bool {
    let Some(letter) = bytes.get(at).map(u8::to_ascii_lowercase) else { return false };
    WORDS.iter().filter(|word| word.text.as_bytes().get(word.at) == Some(&letter)).any(|word| {
        let start = at.checked_sub(word.at);
        let written = start.and_then(|start| bytes.get(start..start + word.text.len()));
        written.is_some_and(|written| written.eq_ignore_ascii_case(word.text.as_bytes()))
    })
}

/// The offset of the first byte at or after `at` that is neither a space nor a tab.
fn skip_blank(bytes: &[u8], at: usize) -> usize {
    let blanks =
        bytes.get(at..).unwrap_or_default().iter().take(MAX_INDENT).take_while(|b| matches!(b, b' ' | b'\t')).count();
    at + blanks
}
