//! House rules that a machine can check.

use regex_lite::Regex;

use crate::source::{files, read, sources};

/// The lints say so as well; this holds when somebody weakens them.
#[test]
fn no_shipped_code_panics_is_unsafe_or_allows_a_lint() {
    let forbidden = Regex::new(
        r#"\.unwrap\(\)|\.expect\("|\b(panic|todo|unimplemented|unreachable|dbg|assert|assert_eq)!|\bunsafe\b|#!?\[allow"#,
    )
    .unwrap();
    for source in [sources("guest/"), sources("host/rust/src")].concat() {
        for (number, line) in &source.lines {
            assert!(!forbidden.is_match(line), "{}:{number}: {line}", source.path);
        }
    }
}

#[test]
fn no_file_names_a_folder_of_somebodys_machine() {
    // In pieces, or this file would.
    let folders = ["work", "root", "home"].map(|folder| format!("/{folder}/"));
    for path in files() {
        for (number, line) in (1..).zip(read(&path).lines()) {
            assert!(!folders.iter().any(|folder| line.contains(folder)), "{path}:{number}: {line}");
        }
    }
}

#[test]
fn a_source_file_can_be_read_in_one_sitting() {
    for path in files().into_iter().filter(|path| path.ends_with(".rs")) {
        let lines = read(&path).lines().count();
        assert!(lines <= 450, "{path} has {lines} lines");
    }
}

#[test]
fn every_shipped_module_says_what_it_is_for() {
    for source in [sources("guest/"), sources("host/")].concat() {
        assert!(read(&source.path).starts_with("//! "), "{}", source.path);
    }
}
