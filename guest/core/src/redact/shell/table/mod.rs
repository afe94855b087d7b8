//! The commands that are known, by what they are for, and how to find one.

mod cloud;
mod containers;
mod databases;
mod development;
mod directory;
mod files;
mod index;
mod messaging;
mod network;
mod plain;
mod runners;
mod secrets;
mod windows;

use super::spec::Spec;

/// What is known of a command, or of several that take the same.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    /// Only these subcommands, with bars between them; empty: every other.
    subs: &'static str,
    pub(super) takes: Spec,
}

/// A row, and the names of the commands that it is about, with blanks between them.
struct Commands {
    names: &'static str,
    row: Row,
}

const fn row(names: &'static str, subs: &'static str, takes: &'static str) -> Commands {
    Commands { names, row: Row { subs, takes: Spec::new(takes) } }
}

/// All rows, each under the names of its commands. Those of one command stand together.
const THEMES: [&[Commands]; 12] = [
    plain::ROWS,
    runners::ROWS,
    files::ROWS,
    network::ROWS,
    containers::ROWS,
    databases::ROWS,
    cloud::ROWS,
    development::ROWS,
    secrets::ROWS,
    directory::ROWS,
    messaging::ROWS,
    windows::ROWS,
];

/// What is known of a command: its rows, none when it is not known.
pub(super) fn rows(command: &[u8]) -> &'static [Row] {
    let command = name(command);
    let rows = index::rows(command);
    // `python3.12`
    let version = command.iter().rev().take_while(|b| b.is_ascii_digit() || **b == b'.').count();
    match command.get(..command.len() - version) {
        Some(plain) if rows.is_empty() && version > 0 => index::rows(plain),
        _ => rows,
    }
}

impl Row {
    /// Whether it is about no subcommand.
    pub(super) fn is_base(&self) -> bool {
        self.subs.is_empty()
    }

    /// How many of a command's first operands are the subcommand that this row is about.
    fn matches(&self, operands: &[&[u8]]) -> Option<usize> {
        if self.is_base() {
            return Some(0);
        }
        let first = operands.first()?.first()?.to_ascii_lowercase();
        let matching = |sub: &[u8]| {
            if sub.first()?.to_ascii_lowercase() != first {
                return None;
            }
            let mut words = 0;
            let mut operands = operands.iter();
            let all = sub.split(|b| *b == b' ').all(|word| {
                words += 1;
                operands.next().is_some_and(|operand| operand.eq_ignore_ascii_case(word))
            });
            all.then_some(words)
        };
        self.subs.as_bytes().split(|b| *b == b'|').filter_map(matching).max()
    }
}

/// Of a command's rows the one that says most of its subcommand, and how many operands that is.
pub(super) fn pick(rows: &'static [Row], operands: &[&[u8]]) -> (Spec, usize) {
    let matching = rows.iter().filter_map(|row| Some((row.takes, row.matches(operands)?)));
    matching.max_by_key(|(_, words)| *words).unwrap_or((Spec::NONE, 0))
}

/// What a command takes before its subcommand.
pub(super) fn base(rows: &'static [Row]) -> Spec {
    rows.iter().find(|row| row.subs.is_empty()).map_or(Spec::NONE, |row| row.takes)
}

/// Whether a command is known to take secrets.
pub(super) fn bears(command: &[u8]) -> bool {
    rows(command).iter().any(|row| row.takes.bears())
}

/// No name of a command is longer, in bytes.
const MAX_NAME_BYTES: usize = 64;

/// Whether the name of a command begins a text of which more is known than that it is harmless.
pub(super) fn tells(text: &[u8]) -> bool {
    if !index::may_begin(text) {
        return false;
    }
    let tell = |name: &[u8]| rows(name).iter().any(|row| row.takes.tells());
    let text = text.get(..MAX_NAME_BYTES).unwrap_or(text);
    let name = text.iter().take_while(|b| b.is_ascii_alphanumeric() || b"-_.".contains(b)).count();
    // What is glued to it may not be its own, as the dot that ends a sentence.
    let word = text.iter().take_while(|b| b.is_ascii_alphanumeric()).count();
    text.get(..name).is_some_and(tell) || word < name && text.get(..word).is_some_and(tell)
}

/// A command's name without its folder, and without what Windows has at its end.
pub(super) fn name(word: &[u8]) -> &[u8] {
    let folder = word.iter().rposition(|b| matches!(b, b'/' | b'\\'));
    let name = folder.and_then(|folder| word.get(folder + 1..)).unwrap_or(word);
    match name {
        [plain @ .., b'.', a, b, c]
            if [b"exe", b"cmd", b"bat", b"ps1"].iter().any(|end| end.eq_ignore_ascii_case(&[*a, *b, *c])) =>
        {
            plain
        }
        _ => name,
    }
}

#[cfg(test)]
mod tests;
