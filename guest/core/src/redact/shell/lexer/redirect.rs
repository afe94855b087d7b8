//! Redirections, here-strings and here-documents (POSIX, XCU 2.7).

use super::{Lexer, Nest};
use crate::redact::shell::judge::Stdin;
use crate::redact::shell::word::Word;

/// Nobody writes as many here-documents behind one command.
const MAX_DOCUMENTS: usize = 8;
/// The longest name of a blank to be filled in: `<your-token>`.
const MAX_BLANK_BYTES: usize = 64;

/// What the next word is, when it is no argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Redirect {
    File,
    HereString,
    Document { tabs: bool },
}

/// A here-document whose text is still to come.
#[derive(Debug)]
pub(super) struct Document {
    delimiter: Vec<u8>,
    tabs: bool,
    pub(super) stdin: Stdin,
}

impl Lexer<'_, '_, '_> {
    pub(super) fn redirect(&mut self, sign: u8) {
        let blank = if sign == b'<' { self.blank_to_fill_in() } else { None };
        if let Some(len) = blank {
            return self.literal(len);
        }
        let is_number = |word: Word| !word.is_quoted() && self.words.text(&word).iter().all(u8::is_ascii_digit);
        if self.command.word.is_some_and(is_number) {
            // The number of a file descriptor.
            self.command.word = None;
        }
        self.end_word();
        let (redirect, len) = match self.rest() {
            [b'<', b'<', b'<', ..] => (Redirect::HereString, 3),
            [b'<', b'<', b'-' | b'~', ..] => (Redirect::Document { tabs: true }, 3),
            [b'<', b'<', ..] => (Redirect::Document { tabs: false }, 2),
            [_, b'(', ..] => return self.open_commands(Nest::Commands { start: self.at, close: b')' }, 2),
            [_, b'&' | b'>' | b'|', ..] => (Redirect::File, 2),
            _ => (Redirect::File, 1),
        };
        self.at += len;
        let document = matches!(redirect, Redirect::Document { .. });
        self.command.redirect = (!document || self.begins_document()).then_some(redirect);
    }

    /// The length of `<your-token>`, when that is next.
    fn blank_to_fill_in(&self) -> Option<usize> {
        let inside = self.rest().get(1..)?;
        let in_name = |b: &&u8| b.is_ascii_alphanumeric() || b" _-.".contains(b);
        let len = inside.iter().take(MAX_BLANK_BYTES).take_while(in_name).count();
        let named = inside.first()?.is_ascii_alphabetic() && inside.get(len.checked_sub(1)?) != Some(&b' ');
        (named && inside.get(len) == Some(&b'>')).then_some(len + 2)
    }

    /// Whether what is next can be the delimiter of a here-document, and not the operand of `<<`.
    fn begins_document(&self) -> bool {
        let delimiter = self.peek(self.find(self.at, |b| b != b' ' && b != b'\t') - self.at);
        let begins = |b: u8| b.is_ascii_alphabetic() || matches!(b, b'\'' | b'"' | b'\\' | b'_' | b'$' | b'!');
        !self.no_documents && delimiter.is_some_and(begins)
    }

    /// Takes the word behind a sign of redirection.
    pub(super) fn redirected(&mut self, redirect: Redirect, word: Word) {
        match redirect {
            Redirect::File => {}
            Redirect::HereString => self.command.here_string = Some(word),
            Redirect::Document { tabs } => {
                let delimiter = self.words.text(&word).to_owned();
                if self.documents.len() < MAX_DOCUMENTS && !delimiter.is_empty() {
                    self.documents.push(Document { delimiter, tabs, stdin: Stdin::Other });
                }
            }
        }
    }

    /// Reads the here-documents of the line that has just ended.
    pub(super) fn read_documents(&mut self) {
        for document in std::mem::take(&mut self.documents) {
            let start = self.at;
            match self.end_of(&document) {
                Some((end, next)) => {
                    self.judge.document(&self.words, start..end, document.stdin);
                    self.at = next;
                }
                // What looked like one is something else, or the text was cut; what follows is read as commands.
                None if document.stdin == Stdin::Other => {
                    self.no_documents = true;
                    break;
                }
                None => {
                    self.judge.document(&self.words, start..self.bytes.len(), document.stdin);
                    self.at = self.bytes.len();
                }
            }
        }
        for command in self.commands.iter_mut().chain([&mut self.command]) {
            command.documents = 0;
            command.piped_documents = 0;
        }
    }

    /// Where a here-document ends that begins here, and where the line of its delimiter does.
    fn end_of(&self, document: &Document) -> Option<(usize, usize)> {
        let mut line = self.at;
        while line < self.bytes.len() {
            let end = self.find(line, |b| b == b'\n');
            let written = self.bytes.get(line..end)?;
            let written = written.strip_suffix(b"\r").unwrap_or(written);
            let tabs = written.iter().take_while(|b| document.tabs && matches!(b, b'\t' | b' ')).count();
            if written.get(tabs..) == Some(document.delimiter.as_slice()) {
                return Some((line, (end + 1).min(self.bytes.len())));
            }
            line = end + 1;
        }
        None
    }
}
