//! The peers from Python's registry, in an environment of their own below `target/`. What is not there is skipped, and that is
//! said.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};
use std::time::Duration;
use std::{env, fs, io};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// A process that measures the peers, as `peers.py` describes it.
pub(crate) struct Python {
    child: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
    /// Those that are installed.
    pub(crate) peers: Vec<String>,
}

impl Python {
    /// Installs what `requirements.txt` names, unless that was done before. None when nothing could be installed.
    pub(crate) fn start() -> Outcome<Option<Self>> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("redaction");
        let requirements = fs::read_to_string(here.join("requirements.txt"))?;
        let folder = here.join("../../target/peers");
        let Some(python) = environment(&folder) else { return Ok(None) };
        let mut peers = Vec::new();
        for requirement in requirements.lines().filter(|line| line.contains("==")) {
            let name = requirement.split("==").next().unwrap_or_default();
            if install(&python, &folder, requirement)? {
                peers.push(name.to_owned());
            }
        }
        let mut child =
            Command::new(python).arg(here.join("peers.py")).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let requests = child.stdin.take().ok_or("no input")?;
        let answers = BufReader::new(child.stdout.take().ok_or("no output")?);
        Ok(Some(Self { child, requests, answers, peers }))
    }

    /// The median of so many calls, and what a peer makes of the event in a file.
    pub(crate) fn measure(&mut self, peer: &str, what: &str, file: &Path, times: usize) -> Outcome<(Duration, String)> {
        writeln!(self.requests, "{peer} {what} {} {times}", file.display())?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        let (nanoseconds, redacted) = answer.split_once(' ').ok_or_else(|| format!("`{peer}` did not answer"))?;
        Ok((Duration::from_nanos(nanoseconds.parse()?), redacted.to_owned()))
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The interpreter of the environment.
fn environment(folder: &Path) -> Option<PathBuf> {
    let python = folder.join("bin/python");
    if !python.is_file() {
        let base = env::var("AUDITBOX_PYTHON").unwrap_or_else(|_| "python3".into());
        let made = run(Command::new(&base).args(["-m", "venv", "--clear"]).arg(folder));
        if let Err(error) = made {
            println!("skipped: all peers in Python: `{base} -m venv`: {error} (AUDITBOX_PYTHON names another Python)");
            return None;
        }
    }
    Some(python)
}

/// Whether a peer is installed now.
fn install(python: &Path, folder: &Path, requirement: &str) -> Outcome<bool> {
    let stamp = folder.join(requirement);
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

fn run(command: &mut Command) -> io::Result<Output> {
    let output = command.stdin(Stdio::null()).output()?;
    if output.status.success() {
        return Ok(output);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(said.lines().last().unwrap_or("it says nothing").to_owned()))
}
