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
use names::is_secret_setting;
use std::ops::Range;
use value::text_of;

/// No name of a setting is longer.
const MAX_NAME_BYTES: usize = 128;

/// How far back the line of an option is looked for.
const MAX_LINE_BYTES: usize = 2048;

/// What a text has of commands.
pub(super) struct Shell<'a> {
    text: &'a [u8],
    context: Context,
    keys: &'a Keys,
    /// Up to where it has been read.
    done: usize,
    /// It is a command, and nothing has been seen yet for which it would have to be read.
    waits: bool,
    spans: Vec<Span>,
}

impl<'a> Shell<'a> {
    /// Reads a text that begins like a command. One that is a command is read when there is something in it that could tell
    /// of a secret.
    pub(super) fn new(text: &'a str, place: &Place<'_>, keys: &'a Keys) -> Self {
        let text = text.as_bytes();
        let mut shell = Self { text, context: Context::Prose, keys, done: 0, waits: false, spans: Vec::new() };
        let word = text.iter().position(|b| *b <= b' ').unwrap_or(text.len());
        if word == text.len() && !text.contains(&b'=') {
            // One word is no command with anything in it.
            shell.done = word;
            return shell;
        }
        shell.context = place.context();
        let begins = || table::bears(text.get(..word).unwrap_or_default());
        match shell.context {
            Context::Command => (shell.waits, shell.done) = (true, text.len()),
            Context::Open if begins() => shell.read(0..text.len(), Trust::Likely),
            Context::Open | Context::Prose => {}
        }
        shell
    }

    /// A text that has been judged as one of several arguments.
    pub(super) fn judged(text: &'a str, keys: &'a Keys, spans: Vec<Span>) -> Self {
        let (text, context, done) = (text.as_bytes(), Context::Command, text.len());
        Self { text, context, keys, done, waits: false, spans }
    }

    /// Whether it must be told what there is in the text.
    pub(super) fn waits(&self) -> bool {
        self.waits
    }

    /// Looks at a word, an option or a sign at `at`, whether a command must be read for it: most say nothing of secrets.
    pub(super) fn see(&mut self, at: usize) {
        let (before, rest) = self.text.split_at_checked(at).unwrap_or_default();
        let needed = match rest {
            [b'=', ..] => {
                let in_name = |b: &&u8| b.is_ascii_alphanumeric() || b"_-.[]".contains(b);
                let len = before.iter().rev().take(MAX_NAME_BYTES).take_while(in_name).count();
                before
                    .get(before.len() - len..)
                    .is_some_and(|name| self.keys.is_sensitive(text_of(name)) || is_secret_setting(name))
            }
            [b'-', b'p', behind @ ..] => !behind.first().is_some_and(u8::is_ascii_alphanumeric),
            // What a word is made of is only known when it is read: `m''ysql`.
            [b'-', b'"' | b'\'' | b'\\', ..] => true,
            [b'"' | b'\'' | b'\\', behind @ ..] => {
                behind.first().is_some_and(|b| b.is_ascii_alphanumeric() || b"\"'".contains(b))
            }
            [b'-' | b':', ..] => false,
            _ => table::tells(rest),
        };
        if needed {
            self.read_all();
        }
    }

    /// Reads a command that has waited.
    pub(super) fn read_all(&mut self) {
        if std::mem::take(&mut self.waits) {
            self.read(0..self.text.len(), Trust::Command);
        }
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
        let start = range.start;
        let place = |inside: Range<usize>| start + inside.start..start + inside.end;
        self.spans.extend(judge.spans.into_iter().map(|span| Span { range: place(span.range), ..span }));
        self.done = range.end;
    }

    /// What was found, and a span without anything in it where something begins that is no secret, although its name says so.
    pub(super) fn into_spans(self) -> Vec<Span> {
        self.spans
    }
}
