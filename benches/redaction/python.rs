//! The peers from Python's registry.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;
use std::{env, fs};

use crate::environment::{environment, install};

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
        let Some(python) = environment() else { return Ok(None) };
        let mut peers = Vec::new();
        for requirement in requirements.lines().filter(|line| line.contains("==")) {
            let name = requirement.split("==").next().unwrap_or_default();
            if install(&python, requirement)? {
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
