//! Secrets in command lines: what stands in a command, and what known commands take.
//!
//! `lexer` finds the words of each command, `judge` says which of them are secrets by what `table` knows of the command.
//! Lists of arguments are judged in the same way (`arguments`).

pub(super) mod arguments;
mod inside;
mod judge;
mod lexer;
mod names;
mod spec;
mod table;
mod value;
mod word;

use crate::policy::Keys;
use crate::redact::place::{Context, Place};
use crate::redact::text::Span;
use judge::{Judge, Trust};
use lexer::{Dialect, read};
use std::ops::Range;

/// How far back the line of an option is looked for.
const MAX_LINE_BYTES: usize = 2048;

/// What a text has of commands.
pub(super) struct Shell<'a> {
    text: &'a [u8],
    context: Context,
    keys: &'a Keys,
    /// Up to where it has been read.
    done: usize,
    spans: Vec<Span>,
}

impl<'a> Shell<'a> {
    /// Reads a text that is a command, or begins like one.
    pub(super) fn new(text: &'a str, place: &Place<'_>, keys: &'a Keys) -> Self {
        let text = text.as_bytes();
        let mut shell = Self { text, context: Context::Prose, keys, done: 0, spans: Vec::new() };
        let word = text.iter().position(|b| *b <= b' ').unwrap_or(text.len());
        if word == text.len() && !text.contains(&b'=') {
            // One word is no command with anything in it.
            shell.done = word;
            return shell;
        }
        shell.context = place.context();
        let begins = || table::bears(text.get(..word).unwrap_or_default());
        match shell.context {
            Context::Command => shell.read(0..text.len(), Trust::Command),
            Context::Open if begins() => shell.read(0..text.len(), Trust::Likely),
            Context::Open | Context::Prose => {}
        }
        shell
    }

    /// A text that has been judged as one of several arguments.
    pub(super) fn judged(text: &'a str, keys: &'a Keys, spans: Vec<Span>) -> Self {
        Self { text: text.as_bytes(), context: Context::Command, keys, done: text.len(), spans }
    }

    /// Looks at an option, its dash at `at`, of a text that is no command as a whole: its line can be one.
    pub(super) fn option(&mut self, at: usize) {
        let Some(rest) = self.text.get(at..).filter(|_| at >= self.done) else { return };
        let letter = rest.iter().position(|b| *b != b'-').unwrap_or_default();
        if letter > 2 || !rest.get(letter).is_some_and(u8::is_ascii_alphabetic) {
            return;
        }
        let floor = self.done.max(at.saturating_sub(MAX_LINE_BYTES));
        let before = self.text.get(floor..at).unwrap_or_default();
        let line = before.iter().rposition(|b| *b == b'\n').map_or(0, |line| line + 1);
        let leads = before.get(line..).unwrap_or_default().trim_ascii().is_empty();
        // A character that the bound has cut is none that matters.
        let cut = before.get(line..).unwrap_or_default().iter().take_while(|b| **b & 0xc0 == 0x80).count();
        let start = floor + line + cut;
        let name = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || b"-_.".contains(b)).count();
        let name = rest.get(..name).unwrap_or_default();
        if self.context == Context::Open && (name == b"-p" || names::is_secret_option(name)) {
            self.read(start..self.line_end(at), Trust::Likely);
        } else if !leads {
            self.read_as(start..self.line_end(at), Dialect::Code, Trust::Prose);
        }
    }

    /// Where the line at `at` ends, with those that continue it.
    fn line_end(&self, at: usize) -> usize {
        let mut before = b' ';
        let end = self.text.get(at..).unwrap_or_default().iter().position(|b| {
            let ends = *b == b'\n' && before != b'\\';
            before = *b;
            ends
        });
        end.map_or(self.text.len(), |end| at + end)
    }

    fn read(&mut self, range: Range<usize>, trust: Trust) {
        let dialect = Dialect::of(self.text.get(range.clone()).unwrap_or_default());
        self.read_as(range, dialect, trust);
    }

    fn read_as(&mut self, range: Range<usize>, dialect: Dialect, trust: Trust) {
        let mut judge = Judge::new(self.keys, trust);
        read(self.text.get(range.clone()).unwrap_or_default(), dialect, &mut judge);
        let moved = |span: Span| Span { range: range.start + span.range.start..range.start + span.range.end, ..span };
        self.spans.extend(judge.into_spans().into_iter().map(moved));
        self.done = range.end;
    }

    /// What was found, in order and without overlap.
    pub(super) fn into_spans(self) -> Vec<Span> {
        self.spans
    }
}
