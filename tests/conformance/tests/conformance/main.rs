//! The one runner: every driver against every vector, byte for byte. `README.md` says how to add a host and how to let
//! the native driver rewrite what the vectors want. Beside it, what else is asked of the hosts in other languages.
// So that clippy knows that the helpers are tests, too.
#![cfg(test)]

mod bless;
mod check;
mod hosts;
mod one_file;
mod rules;

use auditbox_conformance::hosts::ready;
use auditbox_conformance::process::Process;
use auditbox_conformance::vector::{Op, Vector};
use check::{Checked, check};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::{env, fs, thread};

/// Lets the native driver rewrite the vectors first.
const BLESS: &str = "AUDITBOX_BLESS";
/// Runs only vectors whose path holds this.
const ONLY: &str = "AUDITBOX_VECTORS";

/// Passed and failed, by driver and area.
type Matrix = BTreeMap<(String, String), (usize, usize)>;

#[test]
fn every_driver_does_what_every_vector_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors");
    let read = || {
        let mut vectors = Vector::read_all(&folder).unwrap();
        let cases: usize = vectors.iter().map(|vector| vector.cases.len()).sum();
        assert!(cases >= 250, "{cases} cases in {}: is this the folder of the vectors?", folder.display());
        if let Ok(only) = env::var(ONLY) {
            vectors.retain(|vector| vector.path.to_string_lossy().contains(&only));
        }
        vectors
    };
    let mut vectors = read();
    if env::var_os(BLESS).is_some() {
        bless::rewrite(&vectors, &native().1, &folder_of("bless").unwrap()).unwrap();
        vectors = read();
    }

    let drivers = drivers();
    let all: Vec<Vec<Checked>> = thread::scope(|scope| {
        let vectors = &vectors;
        let runs: Vec<_> =
            drivers.iter().map(|(name, command)| scope.spawn(move || run(name, command, vectors))).collect();
        runs.into_iter().map(|run| run.join().unwrap().unwrap()).collect()
    });

    let mut matrix = Matrix::new();
    let mut failures = Vec::new();
    for ((driver, _), checked) in drivers.iter().zip(all) {
        for (vector, number, failure) in checked {
            let path = vector.path.strip_prefix(&folder).unwrap();
            let area = path.parent().unwrap().to_string_lossy().into_owned();
            let (passed, failed) = matrix.entry((driver.clone(), area)).or_default();
            match failure {
                None => *passed += 1,
                Some(failure) => {
                    *failed += 1;
                    failures.push(format!("tests/vectors/{} case {number}, {driver}:\n{failure}", path.display()));
                }
            }
        }
    }
    show(&matrix).unwrap();
    assert!(failures.is_empty(), "\n{}\n\n{} cases failed", failures.join("\n\n"), failures.len());
}

/// Starts a driver and puts every vector to it.
fn run<'v>(name: &str, command: &[String], vectors: &'v [Vector]) -> io::Result<Vec<Checked<'v>>> {
    let folder = folder_of(name)?;
    let mut process = Process::start(name, command, &folder)?;
    let mut checked = Vec::new();
    for (number, vector) in vectors.iter().enumerate() {
        let dir = folder.join(number.to_string());
        fs::create_dir(&dir)?;
        checked.extend(check(&mut process, vector, &dir));
    }
    Ok(checked)
}

fn native() -> (String, Vec<String>) {
    ("native".to_owned(), vec![env!("CARGO_BIN_EXE_driver-native").to_owned()])
}

fn rust() -> (String, Vec<String>) {
    ("rust".to_owned(), vec![env!("CARGO_BIN_EXE_driver-rust").to_owned()])
}

/// Name and command of each.
fn drivers() -> Vec<(String, Vec<String>)> {
    let others = ready().unwrap().iter().map(|host| (host.name.clone(), host.driver()));
    [native(), rust()].into_iter().chain(others).collect()
}

/// A new folder for a driver's files.
fn folder_of(driver: &str) -> io::Result<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("conformance").join(driver);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Past the test harness, which keeps what is printed from those whose tests pass.
fn show(matrix: &Matrix) -> io::Result<()> {
    let drivers: BTreeSet<&String> = matrix.keys().map(|(driver, _)| driver).collect();
    let areas: BTreeSet<&String> = matrix.keys().map(|(_, area)| area).collect();
    let mut lines = format!("\n{:20}", "");
    for driver in &drivers {
        lines += &format!("{driver:>12}");
    }
    for area in areas {
        lines += &format!("\n{area:20}");
        for driver in &drivers {
            let key = ((*driver).clone(), area.clone());
            let (passed, failed) = matrix.get(&key).copied().unwrap_or_default();
            lines += &format!("{:>12}", format!("{passed}/{}", passed + failed));
        }
    }
    io::stderr().write_all((lines + "\n\n").as_bytes())
}

#[test]
fn vectors_that_hold_an_unknown_key_are_refused() {
    for wrong in [
        r#"{"note":"","op":"redact","cases":[],"case":[]}"#,
        r#"{"note":"","op":"redact","cases":[{"input":1,"wants":1}]}"#,
        r#"{"note":"","op":"redact","cases":[{"input":1,"want_error":{"kind":"invalid-json","offset":1}}]}"#,
        r#"{"note":"","op":"reduct","cases":[]}"#,
    ] {
        assert!(serde_json::from_str::<Vector>(wrong).is_err(), "{wrong}");
    }
    let right = r#"{"note":"","op":"redact","cases":[]}"#;
    assert_eq!(serde_json::from_str::<Vector>(right).unwrap().op, Op::Redact);
}
