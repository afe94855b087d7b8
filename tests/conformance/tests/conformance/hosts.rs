//! What is asked of the hosts in other languages beside the vectors.

use auditbox::component::AUDITBOX;
use auditbox_conformance::difference;
use auditbox_conformance::hosts::{Host, ready, root};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::{fs, io, thread};

/// Does something with every host at the same time, and fails with all that went wrong.
fn with_each(work: impl Fn(&Host) -> io::Result<()> + Sync) {
    let failures: Vec<String> = thread::scope(|scope| {
        let runs: Vec<_> = ready().unwrap().iter().map(|host| scope.spawn(|| work(host))).collect();
        runs.into_iter().filter_map(|run| run.join().unwrap().err()).map(|error| error.to_string()).collect()
    });
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_host_passes_its_own_tests() {
    let artifacts = artifacts().unwrap();
    with_each(|host| {
        let said = host.ask("test", &[], &[("AUDITBOX_ARTIFACTS", &artifacts)])?;
        // What was not tried is for people to see.
        let skipped: Vec<&str> = said.lines().filter(|line| line.contains("skipped")).collect();
        io::Write::write_all(
            &mut io::stderr(),
            format!("host/{}: passed\n{}\n", host.name, skipped.join("\n")).as_bytes(),
        )
    });
}

/// Components that no host should trust, by name.
fn artifacts() -> io::Result<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("artifacts");
    fs::create_dir_all(&folder)?;
    for (name, bytes) in [
        ("misbehaving", auditbox_artifacts::MISBEHAVING.to_vec()),
        ("core-module", auditbox_artifacts::CORE_MODULE.to_vec()),
        ("garbage", auditbox_artifacts::GARBAGE.to_vec()),
        ("other-version", auditbox_artifacts::of_another_version(AUDITBOX)),
        ("unknown-import", auditbox_artifacts::with_unknown_import(AUDITBOX)),
    ] {
        fs::write(folder.join(name).with_extension("wasm"), bytes)?;
    }
    Ok(folder)
}

#[test]
fn every_host_carries_the_component_that_the_rust_host_runs() {
    let hex = |bytes: &[u8]| Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let (component, core) = (hex(AUDITBOX), hex(core_module(AUDITBOX).unwrap()));
    with_each(|host| {
        let carried = host.ask("component", &[], &[])?;
        if [format!("component {component}"), format!("core {core}")].contains(&carried.trim().to_owned()) {
            return Ok(());
        }
        Err(io::Error::other(format!("host/{} carries {carried}, not component {component}, core {core}", host.name)))
    });
}

/// The first core module of a component: the section with id 1 (Component Model, Binary Format).
fn core_module(component: &[u8]) -> Option<&[u8]> {
    let mut rest = component.get(8..)?;
    loop {
        let (id, behind) = rest.split_first()?;
        let end = behind.iter().position(|byte| byte & 0x80 == 0)? + 1;
        let (length, behind) = behind.split_at(end);
        let length = length.iter().rev().fold(0, |length, byte| length << 7 | usize::from(byte & 0x7f));
        let (section, behind) = behind.split_at_checked(length)?;
        if *id == 1 {
            return Some(section);
        }
        rest = behind;
    }
}

#[test]
fn the_sample_program_prints_the_same_in_every_language() {
    let examples = root().join("examples");
    let wanted = fs::read_to_string(examples.join("quickstart.out")).unwrap();
    with_each(|host| {
        let (_, extension) = language(host)?;
        let program = examples.join("quickstart").with_extension(&extension);
        let printed = host.ask("example", &[&program.to_string_lossy()], &[])?;
        match difference::texts(&wanted, &printed) {
            None => Ok(()),
            Some(difference) => Err(io::Error::other(format!("examples/quickstart.{extension}: {difference}"))),
        }
    });
}

#[test]
fn the_readme_has_a_program_for_each_language_and_it_runs_as_written() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("readme");
    fs::create_dir_all(&folder).unwrap();
    with_each(|host| {
        let (word, extension) = language(host)?;
        let (_, program) = readme
            .split_once(&format!("\n```{word}\n"))
            .ok_or_else(|| io::Error::other(format!("README.md has no ```{word} for host/{}", host.name)))?;
        let (program, _) = program.split_once("\n```").unwrap_or((program, ""));
        let file = folder.join("readme").with_extension(extension);
        fs::write(&file, program)?;
        let printed = host.ask("example", &[&file.to_string_lossy()], &[])?;
        if printed.contains("[REDACTED]") && !printed.contains("hunter2") {
            return Ok(());
        }
        Err(io::Error::other(format!("README.md, {word}: printed {printed}")))
    });
}

/// The word of its language in Markdown, and the extension of its files.
fn language(host: &Host) -> io::Result<(String, String)> {
    let said = host.ask("language", &[], &[])?;
    let (word, extension) = said.trim().split_once(' ').unwrap_or((said.trim(), said.trim()));
    Ok((word.to_owned(), extension.to_owned()))
}
