//! The lexer: POSIX shell (XCU 2.3, "Token Recognition") with what bash and zsh add, and as much of PowerShell and cmd as
//! it takes to tell their words apart.
//!
//! It goes over a text once, whatever the text is. What is nested (substitutions, and quotes in them) is on a stack of its
//! own, not on the program's; each simple command is judged when it ends, and forgotten.

mod code;
mod quotes;
mod redirect;

use super::judge::{Judge, Stdin};
use super::word::{Level, Quote, Word, Words};
use redirect::{Document, Redirect};

/// More nesting than this is read as plain text.
const MAX_NESTING: usize = 48;
/// More words than this are read as a command of their own.
const MAX_WORDS: usize = 1024;

/// Whose rules are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    Posix,
    /// The backtick escapes.
    PowerShell,
    /// The caret escapes; a backslash is a path's.
    Cmd,
    /// Not a shell: of source code, or of prose, only texts in quotes and whole lines are read.
    Code,
}

impl Dialect {
    /// What a text begins as. Some is only known later: `$env:NAME`, `C:\folder`.
    pub(super) fn of(text: &[u8]) -> Self {
        let starts = match text {
            [b'$', rest @ ..] => {
                let name = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b':')).count();
                let behind = rest.get(name..).unwrap_or_default();
                name > 0 && behind.trim_ascii_start().starts_with(b"=")
            }
            // `Verb-Noun`
            [b'A'..=b'Z', rest @ ..] => {
                let verb = rest.iter().take_while(|b| b.is_ascii_lowercase()).count();
                matches!(rest.get(verb..), Some([b'-', b'A'..=b'Z', noun, ..]) if noun.is_ascii_alphabetic())
            }
            _ => false,
        };
        if starts { Self::PowerShell } else { Self::Posix }
    }
}

/// What is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Nest {
    /// Commands of their own, up to a closing sign: `$(…)`, `(…)`, `<(…)`, backticks.
    Commands { start: usize, close: u8 },
    /// `"…"`
    Quote { open: usize, start: usize },
    /// `${…}`
    Parameter,
    /// `((…))`
    Arithmetic { start: usize, depth: usize },
    /// `name(…)`: source code.
    Code { depth: usize },
}

/// A simple command that is being read.
#[derive(Debug, Clone, Copy, Default)]
struct Command {
    /// What there was before its list.
    level: Level,
    /// Where the words of the command that is piped into it begin, and its own.
    piped: usize,
    first: usize,
    word: Option<Word>,
    redirect: Option<Redirect>,
    here_string: Option<Word>,
    /// Where the here-documents of the command that is piped into it begin, and its own.
    piped_documents: usize,
    documents: usize,
}

/// What a byte begins outside of quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Plain,
    Blank,
    Sign,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Plain; 256];
    let signs = b"\n;&|()<>'\"`$\\#^=";
    let blanks = b" \t\r\x0b\x0c";
    let mut at = 0;
    #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
    while at < signs.len() {
        classes[signs[at] as usize] = Class::Sign;
        if at < blanks.len() {
            classes[blanks[at] as usize] = Class::Blank;
        }
        at += 1;
    }
    classes
};

fn is(b: u8, class: Class) -> bool {
    CLASSES.get(usize::from(b)).is_some_and(|own| *own == class)
}

/// Reads a text, and has each of its commands judged.
pub(super) fn read(text: &[u8], dialect: Dialect, judge: &mut Judge<'_>) {
    let mut lexer = Lexer {
        bytes: text,
        words: Words::new(text),
        at: 0,
        dialect,
        nests: Vec::new(),
        commands: Vec::new(),
        command: Command::default(),
        documents: Vec::new(),
        no_documents: false,
        unclosed: [0; 3],
        judge,
    };
    lexer.run();
}

struct Lexer<'a, 'j, 'k> {
    bytes: &'a [u8],
    words: Words<'a>,
    at: usize,
    dialect: Dialect,
    nests: Vec<Nest>,
    /// Those that the nests have interrupted.
    commands: Vec<Command>,
    command: Command,
    documents: Vec<Document>,
    /// One had no end: what looks like one here is something else.
    no_documents: bool,
    /// Up to where there is no other quote of each kind in source code.
    unclosed: [usize; 3],
    judge: &'j mut Judge<'k>,
}

impl Lexer<'_, '_, '_> {
    fn run(&mut self) {
        if self.dialect == Dialect::Code {
            self.line();
        }
        while self.at < self.bytes.len() {
            match self.nests.last().copied() {
                None if self.dialect == Dialect::Code => self.code(),
                None | Some(Nest::Commands { .. }) => self.commands(),
                Some(Nest::Quote { open, start }) => self.quote(open, start),
                Some(Nest::Parameter) => self.parameter(),
                Some(Nest::Arithmetic { start, depth }) => self.arithmetic(start, depth),
                Some(Nest::Code { depth }) => self.nested_code(depth),
            }
        }
        self.unwind(0);
        if self.dialect == Dialect::Code {
            self.end_strings();
        }
        self.end_command(false);
    }

    fn rest(&self) -> &[u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    /// The offset of the next byte that is wanted, from this one on; the end when there is none.
    fn find(&self, from: usize, wanted: impl Fn(u8) -> bool) -> usize {
        let rest = self.bytes.get(from..).unwrap_or_default();
        rest.iter().position(|b| wanted(*b)).map_or(self.bytes.len(), |at| from + at)
    }

    /// Changes the word that is being read, begun there when there is none.
    fn with_word(&mut self, start: usize, change: impl FnOnce(&mut Words<'_>, &mut Word)) {
        let word = self.command.word.get_or_insert_with(|| Word::at(start));
        change(&mut self.words, word);
        word.ends(self.at);
    }

    /// Takes so many bytes as what they are.
    fn literal(&mut self, len: usize) {
        let piece = self.at..self.at + len;
        self.at += len;
        self.with_word(piece.start, |words, word| words.add(word, piece));
    }

    /// Takes the character that is next as what it is, whatever it is.
    fn literal_char(&mut self) {
        let behind = self.bytes.get(self.at + 1..).unwrap_or_default();
        self.literal(1 + behind.iter().take_while(|b| **b & 0xc0 == 0x80).count());
    }

    fn end_word(&mut self) {
        let Some(word) = self.command.word.take() else { return };
        match self.command.redirect.take() {
            None => self.words.list.push(word),
            Some(redirect) => self.redirected(redirect, word),
        }
        if self.words.list.len() - self.command.first >= MAX_WORDS {
            self.judge_command();
            // What follows are more arguments of it.
            self.words.list.truncate(self.command.first + 1);
        }
    }

    fn judge_command(&mut self) {
        let own = self.words.list.get(self.command.first..).unwrap_or_default();
        if own.is_empty() {
            return;
        }
        let piped = self.words.list.get(self.command.piped..self.command.first).unwrap_or_default();
        let stdin = self.judge.command(&self.words, own, piped, self.command.here_string.as_ref());
        if stdin != Stdin::Other {
            // Of what is piped into it, `cat` hands on what it is given.
            let copied = piped.first().is_some_and(|first| self.words.text(first) == b"cat");
            let from = if copied { self.command.piped_documents } else { self.command.documents };
            for document in self.documents.get_mut(from..).unwrap_or_default() {
                document.stdin = stdin;
            }
        }
    }

    /// Ends a simple command; the next one is of the same pipeline when this one is piped into it.
    fn end_command(&mut self, pipe: bool) {
        self.end_word();
        self.judge_command();
        let command = &mut self.command;
        command.redirect = None;
        command.here_string = None;
        if pipe {
            // Of the commands before it only the last one speaks to it.
            if command.piped < command.first {
                self.words.list.drain(command.piped..command.first);
            }
            command.piped_documents = command.documents;
        } else {
            self.words.cut(command.level);
            command.piped = self.words.list.len();
            command.piped_documents = self.documents.len();
        }
        command.first = self.words.list.len();
        command.documents = self.documents.len();
    }

    /// Begins commands of their own inside of a word or a list.
    fn open_commands(&mut self, nest: Nest, len: usize) {
        if self.nests.len() == MAX_NESTING {
            return self.literal(len);
        }
        self.nests.push(nest);
        self.commands.push(self.command);
        self.at += len;
        let (first, documents) = (self.words.list.len(), self.documents.len());
        let level = self.words.level();
        self.command =
            Command { level, piped: first, first, piped_documents: documents, documents, ..Command::default() };
    }

    /// Ends what the last nest is, its closing sign behind `at`.
    fn close(&mut self) {
        match self.nests.pop() {
            Some(Nest::Commands { start, .. }) => {
                self.end_command(false);
                self.command = self.commands.pop().unwrap_or_default();
                self.substitution(start);
            }
            Some(Nest::Code { .. }) => {
                self.end_strings();
                self.command = self.commands.pop().unwrap_or_default();
                self.with_word(self.at, |_, _| {});
            }
            Some(Nest::Quote { open, start }) => {
                let end = self.at;
                self.with_word(open, |_, word| word.quoted(Quote { open, start, end, literal: false }));
            }
            Some(Nest::Arithmetic { start, .. }) => self.substitution(start),
            Some(Nest::Parameter) | None => {}
        }
    }

    fn substitution(&mut self, start: usize) {
        let written = start..self.at;
        self.with_word(start, |words, word| words.add_substitution(word, written));
    }

    /// Ends all nests but so many.
    fn unwind(&mut self, left: usize) {
        while self.nests.len() > left {
            self.close();
        }
    }

    /// Reads on outside of quotes.
    fn commands(&mut self) {
        let plain = self.rest().iter().take_while(|b| is(**b, Class::Plain)).count();
        if plain > 0 {
            self.literal(plain);
        }
        let Some(b) = self.peek(0) else { return };
        match b {
            b'\n' => {
                self.at += 1;
                self.end_command(false);
                if !self.documents.is_empty() {
                    self.read_documents();
                }
            }
            b';' => self.separator(1, false),
            b'&' if self.peek(1) == Some(b'>') => {
                self.end_word();
                self.at += 1;
            }
            b'&' => self.separator(1, false),
            b'|' => match self.peek(1) {
                Some(b'|') => self.separator(2, false),
                Some(b'&') => self.separator(2, true),
                _ => self.separator(1, true),
            },
            b'(' => self.parenthesis(),
            b')' if matches!(self.nests.last(), Some(Nest::Commands { close: b')', .. })) => {
                self.end_command(false);
                self.at += 1;
                self.close();
            }
            // The pattern of a case.
            b')' => self.separator(1, false),
            b'<' | b'>' => self.redirect(b),
            b'\'' => self.single_quotes(),
            b'"' => self.double_quotes(1),
            b'`' => self.backtick(),
            b'$' => self.dollar(),
            b'\\' | b'^' => self.escape(b),
            b'=' => {
                self.literal(1);
                self.with_word(self.at, |_, word| word.has_sign = true);
            }
            b'#' if self.command.word.is_none() => {
                let end = self.find(self.at, |b| b == b'\n');
                self.judge.code(&self.words, self.at + 1..end);
                self.at = end;
            }
            b'#' => self.literal(1),
            _ => {
                self.end_word();
                self.at += 1;
            }
        }
    }

    fn separator(&mut self, len: usize, pipe: bool) {
        self.end_command(pipe);
        self.at += len;
    }

    fn parenthesis(&mut self) {
        match self.command.word {
            // A function is defined.
            Some(_) if self.peek(1) == Some(b')') => {
                self.command.word = None;
                self.separator(2, false);
            }
            Some(_) => self.open_commands(Nest::Code { depth: 0 }, 1),
            None if self.words.list.len() == self.command.first && self.peek(1) == Some(b'(') => {
                self.open_arithmetic(2)
            }
            None => self.open_commands(Nest::Commands { start: self.at, close: b')' }, 1),
        }
    }

    fn open_arithmetic(&mut self, len: usize) {
        if self.nests.len() == MAX_NESTING {
            return self.literal(len);
        }
        self.nests.push(Nest::Arithmetic { start: self.at, depth: 0 });
        self.at += len;
    }

    /// Reads on in `((…))`, of which nothing is kept.
    fn arithmetic(&mut self, start: usize, depth: usize) {
        self.at = self.find(self.at, |b| matches!(b, b'(' | b')' | b'\n'));
        let depth = match self.rest() {
            [b'(', ..] => depth + 1,
            [b')', ..] if depth > 0 => depth - 1,
            [b')', b')', ..] => {
                self.at += 2;
                return self.close();
            }
            [b')', ..] => {
                self.at += 1;
                return self.close();
            }
            // It was something else.
            _ => return self.close(),
        };
        self.at += 1;
        self.nests.pop();
        self.nests.push(Nest::Arithmetic { start, depth });
    }
}
