//! The repository's files, and Rust sources without what does not ship.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A Rust file as it ships: no comments, no tests.
#[derive(Clone)]
pub(crate) struct Source {
    /// From the repository's root.
    pub(crate) path: String,
    /// The lines by their number; those that do not ship are empty.
    pub(crate) lines: Vec<(usize, String)>,
}

pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_owned()
}

pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(workspace().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every file of the repository that is text, from its root: what git knows, and what it would be told by `git add`.
pub(crate) fn files() -> Vec<String> {
    let listed = Command::new("git")
        .current_dir(workspace())
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .output()
        .unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let is_text = |path: &&str| fs::read_to_string(workspace().join(path)).is_ok();
    let files: Vec<String> = listed.split_terminator('\0').filter(is_text).map(str::to_owned).collect();
    assert!(files.len() > 100, "git does not know this folder: {} files", files.len());
    files
}

/// The Rust files in a folder, as they ship.
pub(crate) fn sources(folder: &str) -> Vec<Source> {
    let sources: Vec<Source> = files()
        .into_iter()
        .filter(|path| path.starts_with(folder) && path.ends_with(".rs"))
        .filter(|path| !path.ends_with("/tests.rs") && !path.ends_with("/testing.rs") && !path.contains("/tests/"))
        .map(|path| Source { lines: shipped(&read(&path)), path })
        .collect();
    assert!(!sources.is_empty(), "no sources in {folder}");
    sources
}

fn shipped(text: &str) -> Vec<(usize, String)> {
    let mut lines = Vec::new();
    // Up to and with this line nothing ships; empty: it is not known yet.
    let mut skipping: Option<String> = None;
    for (number, line) in (1..).zip(text.lines()) {
        let code = line.split("//").next().unwrap_or_default().trim_end();
        if let Some(end) = &mut skipping {
            if end.is_empty() && !code.trim_start().starts_with('#') {
                *end = if code.ends_with(';') || code.ends_with('}') { code.into() } else { indentation(code) + "}" };
            }
            if !end.is_empty() && code == end {
                skipping = None;
            }
            lines.push((number, String::new()));
        } else if code.trim_start().starts_with("#[cfg(test)]") {
            skipping = Some(String::new());
            lines.push((number, String::new()));
        } else {
            lines.push((number, code.to_owned()));
        }
    }
    lines
}

fn indentation(line: &str) -> String {
    line.chars().take_while(|letter| *letter == ' ').collect()
}

#[test]
fn comments_and_tests_do_not_ship() {
    let text = "use a; // why\n/// doc\nfn b() {}\n#[cfg(test)]\nmod tests;\n#[cfg(test)]\n#[path = \"x\"]\nmod more {\n    fn c() {\n    }\n}\nfn d() {}\n";
    let kept: Vec<_> = shipped(text).into_iter().filter(|(_, line)| !line.is_empty()).collect();
    assert_eq!(kept, [(1, "use a;".into()), (3, "fn b() {}".into()), (12, "fn d() {}".into())]);
}
