//! The table against itself and against the vectors.

use super::*;
use crate::redact::shell::spec::Takes;

#[test]
fn every_row_is_found_by_each_of_its_names_and_reads_well() {
    for Commands { names, row } in THEMES.iter().copied().flatten() {
        for name in names.split(' ') {
            let found = |name: &str| {
                let same = |found: &Row| found.subs == row.subs && found.takes.entries().eq(row.takes.entries());
                rows(name.as_bytes()).iter().any(same)
            };
            assert!(found(name) && found(&format!("/usr/bin/{name}")), "{name}: its rows do not stand together");
            assert!(!row.takes.tells() || tells(name.as_bytes()), "{name}: no command of it is read");
        }
        let entries: Vec<_> = row.takes.entries().collect();
        let kind = |name: &[u8]| match name.first() {
            _ if name.starts_with(b"--") => 3,
            Some(b'-') if name.len() > 2 => 2,
            Some(b'-') => 1,
            Some(b'/') => 0,
            _ => 4,
        };
        assert!(entries.is_sorted_by_key(|entry| kind(entry.name)), "{names}: not in their order");
        for entry in entries {
            assert!(entry.takes().is_some(), "{names}: {}", String::from_utf8_lossy(entry.name));
        }
    }
}

/// What a vector wants of a command: its line, with the marker in it.
fn wanted() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/redact");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap());
    let own = files.filter(|file| {
        let name = file.file_name().into_string().unwrap();
        name.starts_with("shell_") || name.starts_with("argument_vectors")
    });
    let texts: Vec<String> = own.map(|file| std::fs::read_to_string(file.path()).unwrap()).collect();
    let lines = texts.iter().flat_map(|text| text.lines());
    lines.filter(|line| line.contains("\"want\"") && line.contains("[REDACTED]")).map(str::to_lowercase).collect()
}

#[test]
fn everything_that_is_known_of_secrets_has_a_vector() {
    let wanted = wanted();
    let plain = |text: &str| text.replace(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-', " ");
    let plain_lines: Vec<(&String, String)> = wanted.iter().map(|line| (line, plain(line))).collect();
    let has = |line: &str, word: &str| line.contains(&format!(" {} ", plain(&word.to_lowercase())));
    for Commands { names, row } in THEMES.iter().copied().flatten().filter(|commands| commands.row.takes.bears()) {
        let named = |line: &str| names.split(' ').any(|name| has(line, name));
        let about = |line: &str| row.subs.split('|').any(|sub| sub.split(' ').all(|word| has(line, word)));
        let lines = plain_lines.iter().filter(|(_, plain)| named(plain) && about(plain));
        let lines: Vec<&String> = lines.map(|(line, _)| *line).collect();
        assert!(!lines.is_empty(), "{names} {}", row.subs);
        for entry in row.takes.entries().filter(|entry| entry.takes().is_some_and(Takes::is_secret)) {
            let name = std::str::from_utf8(entry.name).unwrap().to_lowercase();
            let letter = name.strip_prefix('-').filter(|letter| letter.len() == 1);
            let said = |line: &&&String| {
                let short =
                    |letter: &str| line.split([' ', '"']).any(|word| word.starts_with('-') && word.contains(letter));
                !name.starts_with(['-', '/']) || line.contains(&name) || letter.is_some_and(short)
            };
            assert!(lines.iter().any(|line| said(&line)), "{names} {}: {name}", row.subs);
        }
    }
}
