//! Python with peers from its registry, in an environment of its own below `target/`. What is not to be had is skipped, and
//! that is said.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::{env, fs, io};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/peers")
}

/// Its interpreter.
pub(crate) fn environment() -> Option<PathBuf> {
    let folder = folder();
    let python = folder.join("bin/python");
    if !python.is_file() {
        let base = env::var("AUDITBOX_PYTHON").unwrap_or_else(|_| "python3".into());
        let made = run(Command::new(&base).args(["-m", "venv", "--clear"]).arg(&folder));
        if let Err(error) = made {
            println!("skipped: all peers in Python: `{base} -m venv`: {error} (AUDITBOX_PYTHON names another Python)");
            return None;
        }
    }
    Some(python)
}

/// Whether a peer is installed now.
pub(crate) fn install(python: &Path, requirement: &str) -> io::Result<bool> {
    let stamp = folder().join(requirement);
    if stamp.is_file() {
        return Ok(true);
    }
    let pip = ["-m", "pip", "--quiet", "--disable-pip-version-check", "install", requirement];
    match run(Command::new(python).args(pip)) {
        Ok(_) => {
            fs::write(stamp, "")?;
            Ok(true)
        }
        Err(error) => {
            println!("skipped: {requirement}: {error}");
            Ok(false)
        }
    }
}

pub(crate) fn run(command: &mut Command) -> io::Result<Output> {
    let output = command.stdin(Stdio::null()).output()?;
    if output.status.success() {
        return Ok(output);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(said.lines().last().unwrap_or("it says nothing").to_owned()))
}
