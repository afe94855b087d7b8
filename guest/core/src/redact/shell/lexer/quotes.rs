//! Quotes, escapes, expansions.

use super::{Dialect, Lexer, MAX_NESTING, Nest};
use crate::redact::shell::word::Quote;

impl Lexer<'_, '_, '_> {
    pub(super) fn single_quotes(&mut self) {
        let (open, start) = (self.at, self.at + 1);
        let end = self.find(start, |b| b == b'\'');
        self.at = (end + 1).min(self.bytes.len());
        let has_sign = self.bytes.get(start..end).is_some_and(|inside| inside.contains(&b'='));
        self.with_word(open, |words, word| {
            words.add(word, start..end);
            word.has_sign |= has_sign;
            word.quoted(Quote { open, start, end, literal: true });
        });
    }

    pub(super) fn double_quotes(&mut self, len: usize) {
        if self.nests.len() == MAX_NESTING {
            return self.literal(len);
        }
        let open = self.at;
        self.at += len;
        self.with_word(open, |_, _| {});
        self.nests.push(Nest::Quote { open, start: self.at });
    }

    /// Reads on in double quotes.
    pub(super) fn quote(&mut self, open: usize, start: usize) {
        let power = self.dialect == Dialect::PowerShell;
        let mut has_sign = false;
        let inside = self.rest().iter().take_while(|b| {
            has_sign |= **b == b'=';
            !matches!(b, b'"' | b'$' | b'`' | b'\\')
        });
        let plain = inside.count();
        if plain > 0 {
            self.literal(plain);
            self.with_word(open, |_, word| word.has_sign |= has_sign);
        }
        match (self.peek(0), self.peek(1)) {
            (Some(b'"'), _) => {
                let end = self.at;
                self.at += 1;
                self.nests.pop();
                self.with_word(open, |_, word| word.quoted(Quote { open, start, end, literal: false }));
            }
            (Some(b'`'), _) if power => self.escaped(),
            (Some(b'`'), _) => self.backtick(),
            (Some(b'$'), Some(b'(' | b'{')) => self.dollar(),
            (Some(b'$'), _) => {
                self.note_power();
                self.literal(1);
            }
            (Some(b'\\'), next) => {
                self.note_path();
                match next {
                    // Of a path, or at its end.
                    Some(b'"') if self.dialect == Dialect::Cmd && self.peek(2).is_none_or(|b| b <= b' ') => {
                        self.literal(1)
                    }
                    Some(b'"') if !power => self.escaped(),
                    Some(b'$' | b'`' | b'\\' | b'\n') if self.dialect == Dialect::Posix => self.escaped(),
                    _ => self.literal(1),
                }
            }
            _ => {}
        }
    }

    /// Takes the character behind an escape as what it is; a line break is taken away.
    fn escaped(&mut self) {
        match (self.peek(1), self.peek(2)) {
            (Some(b'\n'), _) => self.at += 2,
            (Some(b'\r'), Some(b'\n')) => self.at += 3,
            (Some(_), _) => {
                let start = self.at;
                self.at += 1;
                self.with_word(start, |_, _| {});
                self.literal_char();
            }
            (None, _) => self.literal(1),
        }
    }

    /// A sign that is an escape in one of the dialects.
    pub(super) fn escape(&mut self, sign: u8) {
        if sign == b'\\' {
            self.note_path();
        }
        let escapes = match self.dialect {
            Dialect::Posix | Dialect::Code => sign == b'\\',
            Dialect::Cmd => sign == b'^',
            Dialect::PowerShell => false,
        };
        if !escapes {
            return self.literal(1);
        }
        match self.peek(1) {
            // In a text that has been escaped once more than it should be, these are a line break and a tab.
            Some(b'n' | b'r') if self.looks_escaped() => {
                self.end_command(false);
                self.at += 2;
            }
            Some(b't') if self.looks_escaped() => {
                self.end_word();
                self.at += 2;
            }
            // An alias is kept away, or what follows was another escape.
            Some(next) if next.is_ascii_alphanumeric() && self.command.word.is_none() => {
                self.at += 1;
                self.with_word(self.at, |_, _| {});
                self.end_word();
            }
            _ => self.escaped(),
        }
    }

    /// Whether a backslash and a letter are what is left of an escape, rather than a part of a name.
    fn looks_escaped(&self) -> bool {
        let behind = |b: u8| b.is_ascii_whitespace() || b == b'\\' || b.is_ascii_lowercase();
        self.command.word.is_some() && self.peek(2).is_none_or(behind)
    }

    /// `C:\folder` and `\\host\share` are cmd's; a backslash is at `at`.
    fn note_path(&mut self) {
        let (before, behind) = self.bytes.split_at_checked(self.at).unwrap_or_default();
        let is_gap = |b: Option<&u8>| b.is_none_or(|b| *b <= b' ' || b"\"'=".contains(b));
        let path = match (before, behind) {
            ([before @ .., drive, b':'], _) => drive.is_ascii_alphabetic() && is_gap(before.last()),
            (before, [_, b'\\', host @ ..]) => {
                let digits = host.iter().take(3).take_while(|b| b.is_ascii_digit()).count();
                let sign = host.get(digits).copied().unwrap_or_default();
                let is_host = if digits == 0 { sign.is_ascii_alphabetic() } else { sign == b'.' };
                is_host && is_gap(before.last())
            }
            _ => false,
        };
        if path && self.dialect == Dialect::Posix {
            self.dialect = Dialect::Cmd;
        }
    }

    /// `$env:NAME` is PowerShell's; a dollar sign is at `at`.
    fn note_power(&mut self) {
        let name = self.rest().get(1..5);
        if self.dialect == Dialect::Posix && name.is_some_and(|name| name.eq_ignore_ascii_case(b"env:")) {
            self.dialect = Dialect::PowerShell;
        }
    }

    pub(super) fn backtick(&mut self) {
        if self.dialect == Dialect::PowerShell {
            return self.escaped();
        }
        // PowerShell's line continuation: no command begins with a line break.
        if matches!(self.rest(), [_, b'\n', ..] | [_, b'\r', b'\n', ..]) {
            self.end_word();
            self.dialect = if self.dialect == Dialect::Posix { Dialect::PowerShell } else { self.dialect };
            return self.escaped();
        }
        match self.nests.iter().rposition(|nest| matches!(nest, Nest::Commands { close: b'`', .. })) {
            Some(open) => {
                self.unwind(open + 1);
                self.end_command(false);
                self.at += 1;
                self.close();
            }
            None => self.open_commands(Nest::Commands { start: self.at, close: b'`' }, 1),
        }
    }

    pub(super) fn dollar(&mut self) {
        let quoted = matches!(self.nests.last(), Some(Nest::Quote { .. } | Nest::Parameter));
        match self.rest() {
            [_, b'(', b'(', ..] => self.open_arithmetic(3),
            [_, b'(', ..] => self.open_commands(Nest::Commands { start: self.at, close: b')' }, 2),
            [_, b'{', ..] if self.nests.len() < MAX_NESTING => {
                self.literal(2);
                self.nests.push(Nest::Parameter);
            }
            [_, b'\'', ..] if !quoted => self.ansi_quotes(),
            [_, b'"', ..] if !quoted => self.double_quotes(2),
            _ => {
                self.note_power();
                self.literal(1);
            }
        }
    }

    /// `$'…'`: with escapes as in C.
    fn ansi_quotes(&mut self) {
        let open = self.at;
        let start = open + 2;
        self.at = start;
        loop {
            let end = self.find(self.at, |b| matches!(b, b'\'' | b'\\'));
            if end > self.at {
                self.literal(end - self.at);
            }
            let meant = match self.rest() {
                [b'\\', b'n', ..] => b'\n',
                [b'\\', b't', ..] => b'\t',
                [b'\\', _, ..] => {
                    self.at += 1;
                    self.literal_char();
                    continue;
                }
                _ => break,
            };
            self.at += 2;
            self.with_word(open, |words, word| words.add_byte(word, meant, end));
        }
        let end = self.at;
        self.at = (end + 1).min(self.bytes.len());
        let has_sign = self.bytes.get(start..end).is_some_and(|inside| inside.contains(&b'='));
        self.with_word(open, |_, word| {
            word.has_sign |= has_sign;
            word.begins(open);
            word.quoted(Quote { open, start, end, literal: true });
        });
    }

    /// Reads on in `${…}`, which is kept as it is.
    pub(super) fn parameter(&mut self) {
        let special = |b: u8| matches!(b, b'}' | b'"' | b'$' | b'`' | b'\\');
        let end = self.find(self.at, special);
        if end > self.at {
            self.literal(end - self.at);
        }
        match self.peek(0) {
            Some(b'}') => {
                self.literal(1);
                self.nests.pop();
            }
            // The quotes that it stands in end here: nothing has closed it.
            Some(b'"') if matches!(self.nests.iter().rev().nth(1), Some(Nest::Quote { .. })) => {
                self.nests.pop();
            }
            Some(b'"') => self.double_quotes(1),
            Some(b'`') => self.backtick(),
            Some(b'$') => self.dollar(),
            Some(_) => self.escaped(),
            None => {}
        }
    }
}
