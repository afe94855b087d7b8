//! Commands in commands: scripts that are arguments, here-documents, and commands that stand in other texts.

use super::judge::{Judge, Stdin, Trust};
use super::lexer::{Dialect, read};
use super::table;
use super::value::is_nothing;
use super::word::{Word, Words};
use crate::redact::rules::Rule;
use crate::redact::text::Span;
use std::ops::Range;

/// How many texts deep commands are followed.
const MAX_NESTING: u8 = 3;

impl Judge<'_> {
    /// Reads a text that is inside of this one; what is found there is where `place` says.
    fn inside(&mut self, text: &[u8], dialect: Dialect, trust: Trust, place: &dyn Fn(Range<usize>) -> Range<usize>) {
        if self.nesting == MAX_NESTING {
            return;
        }
        let mut inner =
            Judge { nesting: self.nesting + 1, asked: self.asked, ..Judge::new(self.keys, trust.max(self.trust)) };
        read(text, dialect, &mut inner);
        self.spans.extend(inner.spans.into_iter().map(|Span { range, rule }| {
            let first = || place(range.start..range.start + 1).start;
            Span { range: if range.is_empty() { first()..first() } else { place(range.clone()) }, rule }
        }));
    }

    fn inside_word(&mut self, words: &Words<'_>, word: &Word, offset: usize, dialect: Dialect, trust: Trust) {
        let text = words.text(word).get(offset..).unwrap_or_default();
        let place = |span: Range<usize>| words.part(word, offset + span.start..offset + span.end);
        self.inside(text, dialect, trust, &place);
    }

    fn inside_range(&mut self, words: &Words<'_>, range: Range<usize>, dialect: Dialect, trust: Trust) {
        let text = words.source.get(range.clone()).unwrap_or_default();
        self.inside(text, dialect, trust, &|span| range.start + span.start..range.start + span.end);
    }

    /// A word that is a script, from this offset of its meaning on.
    pub(super) fn script(&mut self, words: &Words<'_>, word: &Word, offset: usize) {
        let dialect = Dialect::of(words.text(word).get(offset..).unwrap_or_default());
        self.inside_word(words, word, offset, dialect, self.trust);
    }

    /// A word that is source code.
    pub(super) fn program(&mut self, words: &Words<'_>, word: &Word, offset: usize) {
        self.inside_word(words, word, offset, Dialect::Code, Trust::Prose);
    }

    /// Source code, or prose.
    pub(super) fn code(&mut self, words: &Words<'_>, range: Range<usize>) {
        self.inside_range(words, range, Dialect::Code, Trust::Prose);
    }

    /// A line of it, which can be a command.
    pub(super) fn line(&mut self, words: &Words<'_>, range: Range<usize>) {
        let line = words.source.get(range.clone()).unwrap_or_default();
        let prompt = line.iter().take_while(|b| b"$>+-* \t".contains(b)).count();
        let start = range.start + prompt;
        if table::bears(first_word(line.get(prompt..).unwrap_or_default())) {
            self.inside_range(words, start..range.end, Dialect::Posix, Trust::Prose);
        }
    }

    /// A here-document.
    pub(super) fn document(&mut self, words: &Words<'_>, range: Range<usize>, stdin: Stdin) {
        let text = words.source.get(range.clone()).unwrap_or_default();
        match stdin {
            Stdin::Other => self.code(words, range),
            Stdin::Script => self.inside_range(words, range, Dialect::Posix, self.trust),
            Stdin::Secret => {
                let start = range.start + text.len() - text.trim_ascii_start().len();
                self.written(words, start..start + text.trim_ascii().len());
            }
            Stdin::Login => {
                let mut start = range.start;
                for line in text.split_inclusive(|b| *b == b'\n') {
                    let end = start + line.trim_ascii_end().len();
                    if let Some(sign) = line.iter().position(|b| *b == b':') {
                        self.written(words, start + sign + 1..end);
                    }
                    start += line.len();
                }
            }
        }
    }

    /// A secret that is as it is written.
    fn written(&mut self, words: &Words<'_>, range: Range<usize>) {
        if !words.source.get(range.clone()).is_none_or(|text| is_nothing(text, false)) {
            self.spans.push(Span { range, rule: Rule::STDIN });
        }
    }

    /// A quoted word behind a command: it can be one itself.
    pub(super) fn quoted(&mut self, words: &Words<'_>, word: &Word, offset: usize, trust: Trust) {
        let text = words.text(word).get(offset..).unwrap_or_default();
        if !word.is_quoted() || !text.iter().any(u8::is_ascii_whitespace) {
            return;
        }
        if words.is_cut(word) {
            // It is not known what is quoted: what looks like a quote is something else, or the text was cut.
            self.script(words, word, offset);
        } else if trust == Trust::Quoted || table::bears(first_word(text)) {
            self.inside_word(words, word, offset, Dialect::Posix, trust);
        }
    }

    /// Texts of source code with only commas between them: the words of a command, or each for itself.
    pub(super) fn strings(&mut self, words: &Words<'_>, own: &[Word]) {
        let name = own.first().map_or(&b""[..], |first| words.text(first));
        if own.len() > 1 && !table::rows(name).is_empty() {
            let trust = self.trust;
            self.trust = trust.max(Trust::Quoted);
            self.simple(words, own);
            self.trust = trust;
            return;
        }
        for word in own {
            let first = first_word(words.text(word));
            if first.contains(&b'/') || !table::rows(first).is_empty() {
                self.quoted(words, word, 0, Trust::Quoted);
            }
        }
    }
}

/// The word that a command would begin with.
fn first_word(text: &[u8]) -> &[u8] {
    let text = text.trim_ascii_start();
    let in_name = |b: &&u8| b.is_ascii_alphanumeric() || b"_-./\\".contains(b);
    text.get(..text.iter().take_while(in_name).count()).unwrap_or_default()
}
