//! A driver's process: requests in, answers out.

use crate::protocol::{Answer, Request};
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

/// No request takes a tenth of it, on any machine.
const DEADLINE: Duration = Duration::from_secs(120);

/// A driver that runs until it is dropped.
#[derive(Debug)]
pub struct Process {
    child: Child,
    requests: Option<ChildStdin>,
    answers: Receiver<io::Result<String>>,
    name: String,
}

impl Process {
    /// Starts a driver in a folder.
    ///
    /// # Errors
    ///
    /// When it does not start.
    pub fn start(name: &str, command: &[String], folder: &Path) -> io::Result<Self> {
        let (program, arguments) =
            command.split_first().ok_or_else(|| io::Error::other("a driver without a command"))?;
        // The user's own outbox is none of a test's business.
        let mut child = Command::new(program)
            .args(arguments)
            .env("AUDITBOX_DIR", folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| io::Error::other(format!("driver `{name}` does not start: {program}: {error}")))?;
        let output = child.stdout.take().ok_or_else(|| io::Error::other("a driver without an output"))?;
        let (sender, answers) = channel();
        thread::spawn(move || {
            for line in BufReader::new(output).lines() {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Ok(Self { requests: child.stdin.take(), child, answers, name: name.to_owned() })
    }

    /// Puts a request to the driver and waits for its answer.
    ///
    /// # Errors
    ///
    /// When it gives none, or none of the protocol's.
    pub fn ask(&mut self, request: &Request) -> io::Result<Answer> {
        let mut line = serde_json::to_string(request)?;
        line.push('\n');
        let requests = self.requests.as_mut().ok_or_else(|| io::Error::other("the driver was stopped"))?;
        requests.write_all(line.as_bytes())?;
        let answer = self.answers.recv_timeout(DEADLINE);
        let answer = answer.map_err(|_| io::Error::other(format!("driver `{}` ended or hangs", self.name)))??;
        serde_json::from_str(&answer)
            .map_err(|error| io::Error::other(format!("driver `{}` answers `{answer}`: {error}", self.name)))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // The end of its input is its sign to end, the end of its output that it did.
        drop(self.requests.take());
        while self.answers.recv_timeout(DEADLINE).is_ok() {}
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
