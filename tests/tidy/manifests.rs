//! Dependencies: each with its one reason beside it, at one version.

use std::collections::BTreeMap;

use regex_lite::Regex;

use crate::source::{files, read};

/// Line number, name and the whole line of every dependency, with whether a comment stands above it or above
/// the lines without a gap that it is in.
fn dependencies(manifest: &str) -> Vec<(usize, String, String, bool)> {
    let mut dependencies = Vec::new();
    let mut inside = false;
    let mut explained = false;
    for (number, line) in (1..).zip(read(manifest).lines()) {
        if line.starts_with('[') {
            inside = line.trim_end().ends_with("dependencies]");
            explained = false;
        } else if line.trim().is_empty() {
            explained = false;
        } else if line.starts_with('#') {
            explained = true;
        } else if inside && let Some((name, _)) = line.split_once('=') {
            // Lines of a list of features go on from the line above; so they begin with a blank or a bracket.
            if !line.starts_with([' ', ']', '}']) {
                let name = name.trim().split('.').next().unwrap().to_owned();
                dependencies.push((number, name, line.to_owned(), explained));
            }
        }
    }
    dependencies
}

fn manifests() -> Vec<String> {
    files().into_iter().filter(|path| path.ends_with("Cargo.toml")).collect()
}

#[test]
fn every_dependency_has_its_reason_beside_it() {
    for manifest in manifests() {
        for (number, name, _, explained) in dependencies(&manifest) {
            // Our own crates explain themselves.
            assert!(explained || name.starts_with("auditbox"), "{manifest}:{number}: why `{name}`?");
        }
    }
}

#[test]
fn a_dependency_has_the_same_version_everywhere() {
    let version = Regex::new(r#"= "(\d[^"]*)""#).unwrap();
    let mut seen = BTreeMap::<String, (String, String)>::new();
    for manifest in manifests() {
        for (number, name, line, _) in dependencies(&manifest) {
            let Some(found) = version.captures(&line) else { continue };
            let here = (found[1].to_owned(), format!("{manifest}:{number}"));
            let (first, place) = seen.entry(name.clone()).or_insert_with(|| here.clone());
            assert_eq!(*first, here.0, "`{name}` in {place} and {}", here.1);
        }
    }
    assert!(seen.len() > 15);
}

#[test]
fn every_package_has_the_version_of_the_workspace() {
    let version = |path: &str, pattern: &str| {
        let found = Regex::new(pattern).unwrap().captures(&read(path)).map(|found| found[1].to_owned());
        found.unwrap_or_else(|| panic!("{path} names no version"))
    };
    let wanted = version("Cargo.toml", r#"(?m)^version = "(.*)""#);
    // The Go module's is the tag that it is published under.
    assert_eq!(version("host/node/package.json", r#"(?m)^  "version": "(.*)""#), wanted);
    assert_eq!(version("host/node/package-lock.json", r#"(?m)^  "version": "(.*)""#), wanted);
    assert_eq!(version("host/python/pyproject.toml", r#"(?m)^version = "(.*)""#), wanted);
}
