//! The commands that are known, by what they are for, and how to find one.

mod cloud;
mod containers;
mod databases;
mod development;
mod directory;
mod files;
mod messaging;
mod network;
mod plain;
mod runners;
mod secrets;
mod windows;

use super::spec::Spec;

/// What is known of a command, or of several that take the same.
#[derive(Debug)]
pub(super) struct Row {
    /// Its names, with blanks between them.
    names: &'static str,
    /// Only these subcommands, with bars between them; empty: every other.
    subs: &'static str,
    pub(super) takes: Spec,
}

const fn row(names: &'static str, subs: &'static str, takes: &'static str) -> Row {
    Row { names, subs, takes: Spec::new(takes) }
}

/// Their rows. Those of one command stand together.
const THEMES: [&[Row]; 12] = [
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

/// As many places as keep the way to a name short.
const PLACES: usize = 2048;

/// For each name, at its hash or behind it, where it stands.
static INDEX: [Slot; PLACES] = index();

/// A name's place in the table: theme, row, how many rows are its own, and where in the row's names it stands. In one number,
/// as there are many of them.
#[derive(Clone, Copy)]
struct Slot(u32);

impl Slot {
    const EMPTY: Self = Self(u32::MAX);

    const fn new(theme: usize, row: usize, rows: usize, start: usize, len: usize) -> Self {
        Self((theme << 28 | row << 20 | rows << 16 | start << 6 | len) as u32)
    }

    const fn part(self, from: u32, bits: u32) -> usize {
        (self.0 >> from & ((1 << bits) - 1)) as usize
    }
}

const fn index() -> [Slot; PLACES] {
    let mut index = [Slot::EMPTY; PLACES];
    let mut theme = 0;
    #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
    while theme < THEMES.len() {
        let mut row = 0;
        while row < THEMES[theme].len() {
            let names = THEMES[theme][row].names.as_bytes();
            let mut start = 0;
            let mut end = 0;
            while end <= names.len() {
                if end == names.len() || names[end] == b' ' {
                    // Rows of one name stand together: only the first one is entered, with how many there are.
                    if row == 0 || !holds(THEMES[theme][row - 1].names.as_bytes(), names, start, end) {
                        let mut rows = 1;
                        while row + rows < THEMES[theme].len()
                            && holds(THEMES[theme][row + rows].names.as_bytes(), names, start, end)
                        {
                            rows += 1;
                        }
                        let mut hash = SEED;
                        let mut at = start;
                        while at < end {
                            hash = step(hash, names[at]);
                            at += 1;
                        }
                        let mut place = hash as usize % PLACES;
                        while index[place].0 != Slot::EMPTY.0 {
                            place = (place + 1) % PLACES;
                        }
                        index[place] = Slot::new(theme, row, rows, start, end - start);
                    }
                    start = end + 1;
                }
                end += 1;
            }
            row += 1;
        }
        theme += 1;
    }
    index
}

// FNV-1a.
const SEED: u32 = 0x811c_9dc5;

const fn step(hash: u32, b: u8) -> u32 {
    (hash ^ b.to_ascii_lowercase() as u32).wrapping_mul(0x0100_0193)
}

/// Whether a name is one of several.
#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const fn holds(names: &[u8], other: &[u8], start: usize, end: usize) -> bool {
    let mut from = 0;
    while from + (end - start) <= names.len() {
        let to = from + (end - start);
        let mut same = (from == 0 || names[from - 1] == b' ') && (to == names.len() || names[to] == b' ');
        let mut at = 0;
        while same && at < end - start {
            same = names[from + at] == other[start + at];
            at += 1;
        }
        if same {
            return true;
        }
        from += 1;
    }
    false
}

/// What is known of a command: its rows, none when it is not known.
pub(super) fn rows(command: &[u8]) -> &'static [Row] {
    let command = name(command);
    if command.len() >= 64 {
        return &[];
    }
    let mut place = command.iter().fold(SEED, |hash, b| step(hash, *b)) as usize % PLACES;
    while let Some(slot) = INDEX.get(place).filter(|slot| slot.0 != Slot::EMPTY.0) {
        let theme = THEMES.get(slot.part(28, 4)).copied().unwrap_or_default();
        let rows = theme.get(slot.part(20, 8)..).unwrap_or_default();
        let start = slot.part(6, 10);
        let own = rows.first().and_then(|row| row.names.as_bytes().get(start..start + slot.part(0, 6)));
        if own.is_some_and(|own| own.eq_ignore_ascii_case(command)) {
            return rows.get(..slot.part(16, 4)).unwrap_or_default();
        }
        place = (place + 1) % PLACES;
    }
    // `python3.12`
    let version = command.iter().rev().take_while(|b| b.is_ascii_digit() || **b == b'.').count();
    match command.get(..command.len() - version) {
        Some(plain) if version > 0 && !plain.is_empty() => rows(plain),
        _ => &[],
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
mod tests {
    use super::*;

    #[test]
    fn every_row_is_found_by_each_of_its_names_and_reads_well() {
        for row in THEMES.iter().copied().flatten() {
            for name in row.names.split(' ') {
                let found = |name: &str| {
                    rows(name.as_bytes()).iter().any(|found| (found.names, found.subs) == (row.names, row.subs))
                };
                assert!(found(name) && found(&format!("/usr/bin/{name}")), "{name}: its rows do not stand together");
            }
            let entries: Vec<_> = row.takes.entries().collect();
            let kind = |name: &[u8]| match name.first() {
                Some(b'/') => 0,
                Some(b'-') => 1,
                _ => 2,
            };
            assert!(entries.is_sorted_by_key(|entry| kind(entry.name)), "{}: options first", row.names);
            for entry in entries {
                assert!(entry.takes().is_some(), "{}: {}", row.names, String::from_utf8_lossy(entry.name));
            }
        }
    }
}
