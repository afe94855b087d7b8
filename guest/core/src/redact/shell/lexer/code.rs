//! Source code and prose: commands stand in texts in quotes, and on lines of their own.

use super::{Lexer, MAX_WORDS, Nest};
use crate::redact::shell::word::{Quote, Word};

fn is_quote(b: u8) -> bool {
    matches!(b, b'"' | b'\'' | b'`')
}

impl Lexer<'_, '_, '_> {
    /// Reads on in source code that stands in a command: `name(…)`.
    pub(super) fn nested_code(&mut self, depth: usize) {
        let depth = match self.peek(0) {
            Some(b'(') => depth + 1,
            Some(b')') if depth == 0 => {
                self.at += 1;
                return self.close();
            }
            Some(b')') => depth - 1,
            _ => return self.code(),
        };
        self.at += 1;
        self.nests.pop();
        self.nests.push(Nest::Code { depth });
    }

    /// Reads on in source code: texts in quotes with nothing but commas between them are the words of a command.
    pub(super) fn code(&mut self) {
        let Some(b) = self.peek(0) else { return };
        match b {
            b if is_quote(b) => self.string(b),
            b'\n' => {
                self.at += 1;
                self.line();
            }
            b if b.is_ascii_whitespace() || matches!(b, b',' | b'[' | b'(') => self.at += 1,
            _ => {
                self.end_strings();
                self.at = self.find(self.at + 1, |b| is_quote(b) || matches!(b, b'\n' | b',' | b'[' | b'(' | b')'));
            }
        }
    }

    pub(super) fn end_strings(&mut self) {
        let own = self.words.list.get(self.command.first..).unwrap_or_default();
        if !own.is_empty() {
            self.judge.strings(&self.words, own);
            self.words.cut(self.command.level);
        }
    }

    /// A text in quotes, on one line but for those in backticks.
    fn string(&mut self, quote: u8) {
        let kind = usize::from(quote != b'"') + usize::from(quote == b'`');
        let (open, start) = (self.at, self.at + 1);
        self.at = start;
        if self.unclosed.get(kind).is_some_and(|known| *known > open) {
            return;
        }
        let mut word = Word::at(open);
        let mut at = start;
        let end = loop {
            let found = self.find(at, |b| b == quote || b == b'\\' || b == b'\n' && quote != b'`');
            if found > at {
                self.words.add(&mut word, at..found);
            }
            at = found;
            match self.bytes.get(at..).unwrap_or_default() {
                [b'\\', b'n', ..] => {
                    self.words.add_byte(&mut word, b'\n', at);
                    at += 2;
                }
                [b'\\', _, rest @ ..] => {
                    let len = 1 + rest.iter().take_while(|b| **b & 0xc0 == 0x80).count();
                    self.words.add(&mut word, at + 1..at + 1 + len);
                    at += 1 + len;
                }
                [b, ..] if *b == quote => break at,
                _ => {
                    if let Some(known) = self.unclosed.get_mut(kind) {
                        *known = at;
                    }
                    return;
                }
            }
        };
        word.has_sign = self.bytes.get(start..end).is_some_and(|inside| inside.contains(&b'='));
        word.quoted(Quote { open, start, end, literal: true });
        self.at = end + 1;
        word.ends(self.at);
        self.words.list.push(word);
        if self.words.list.len() - self.command.first >= MAX_WORDS {
            self.end_strings();
        }
    }

    /// At the start of a line: it can be a command as a whole.
    pub(super) fn line(&mut self) {
        self.end_strings();
        if self.nests.is_empty() {
            let end = self.find(self.at, |b| b == b'\n');
            self.judge.line(&self.words, self.at..end);
        }
    }
}
