//! A folder for each test, the program in it, and what it leaves behind.

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Once;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// No line, and no end, takes a tenth of it on any machine.
const DEADLINE: Duration = Duration::from_secs(60);

/// Compiled components, for all tests and for the next run of them.
const CACHE: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/compiled");

/// Where the sources are.
pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_owned()
}

/// The made-up day of agents.
pub(crate) fn examples() -> String {
    fs::read_to_string(workspace().join("examples/events.jsonl")).unwrap()
}

/// A tool call of that name, with an id of its own: `number` is in it.
pub(crate) fn call(number: usize, tool: &str) -> String {
    let id = event_id(number);
    format!(r#"{{"event_id":"{id}","action":"call_executed","tool_name":"{tool}","tool_args":{{"n":{number}}}}}"#)
        + "\n"
}

/// As many tool calls.
pub(crate) fn calls(numbers: std::ops::Range<usize>) -> String {
    numbers.map(|number| call(number, "search")).collect()
}

/// The id of the event of that number.
pub(crate) fn event_id(number: usize) -> String {
    format!("019cf5a6-e32c-7940-b859-{number:012x}")
}

/// The `event_id` of each line.
pub(crate) fn ids(lines: &str) -> Vec<String> {
    lines.lines().map(|line| json(line)["event_id"].as_str().unwrap().to_owned()).collect()
}

/// A value that must be JSON.
#[track_caller]
pub(crate) fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// One test's folder. The program runs in it, and finds its outbox in `state`.
pub(crate) struct Scene(TempDir);

/// What a run has come to.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A run that is still going on.
pub(crate) struct Live {
    pub(crate) child: Child,
    stdin: Option<ChildStdin>,
    lines: Receiver<String>,
    stderr: Option<JoinHandle<String>>,
}

impl Scene {
    pub(crate) fn new() -> Self {
        static CACHE_IS_WARM: Once = Once::new();
        let scene = Self(TempDir::new().unwrap());
        CACHE_IS_WARM.call_once(|| scene.run("redact", "").exits(0).ignore());
        scene
    }

    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, contents: impl AsRef<[u8]>) {
        fs::write(self.path(name), contents).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// The program in this folder, with these arguments (they are split at white space).
    pub(crate) fn command(&self, arguments: &str) -> Command {
        let mut command = self.at_home(env!("CARGO_BIN_EXE_auditbox"));
        command.args(arguments.split_whitespace());
        command
    }

    /// Another program in this folder, which may run `auditbox`.
    pub(crate) fn at_home(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.0.path())
            .env("AUDITBOX_DIR", self.path("state"))
            .env("AUDITBOX_CACHE_DIR", CACHE)
            .env("COLUMNS", "100");
        command
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, arguments: &str, stdin: impl AsRef<[u8]>) -> Run {
        Live::start(&mut self.command(arguments)).feed(stdin).finish()
    }

    /// Starts the program, with its input open.
    pub(crate) fn start(&self, arguments: &str) -> Live {
        Live::start(&mut self.command(arguments))
    }

    /// The ids and records in the outbox, oldest first.
    pub(crate) fn stored(&self) -> Vec<(String, String)> {
        let outbox = rusqlite::Connection::open(self.path("state/outbox.db")).unwrap();
        let mut rows = outbox.prepare("SELECT event_id, payload FROM audit_queue ORDER BY id").unwrap();
        rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
    }

    /// The ids in the outbox, oldest first.
    pub(crate) fn stored_ids(&self) -> Vec<String> {
        self.stored().into_iter().map(|(id, _)| id).collect()
    }
}

impl Live {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (sender, lines) = channel();
        let stdout = child.stdout.take().unwrap();
        thread::spawn(move || {
            let mut stdout = BufReader::new(stdout);
            let mut line = Vec::new();
            while stdout.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
                if sender.send(String::from_utf8_lossy(&std::mem::take(&mut line)).into_owned()).is_err() {
                    return;
                }
            }
        });
        let mut stderr = child.stderr.take().unwrap();
        let stderr = thread::spawn(move || {
            let mut text = Vec::new();
            stderr.read_to_end(&mut text).unwrap();
            String::from_utf8_lossy(&text).into_owned()
        });
        Self { stdin: child.stdin.take(), child, lines, stderr: Some(stderr) }
    }

    /// Writes to its input. Whether it reads it is its business.
    pub(crate) fn feed(mut self, bytes: impl AsRef<[u8]>) -> Self {
        let _ = self.stdin.as_mut().unwrap().write_all(bytes.as_ref());
        self
    }

    /// Its input, to be written by another thread.
    pub(crate) fn take_stdin(&mut self) -> ChildStdin {
        self.stdin.take().unwrap()
    }

    /// Waits for its next line, and answers with it, line break included.
    #[track_caller]
    pub(crate) fn line(&self) -> String {
        self.next().expect("another line")
    }

    /// As `line`, but `None` when there is none, because it has ended.
    #[track_caller]
    pub(crate) fn next(&self) -> Option<String> {
        match self.lines.recv_timeout(DEADLINE) {
            Ok(line) => Some(line),
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => panic!("no line within {} s", DEADLINE.as_secs()),
        }
    }

    /// The largest its memory has been so far, in KiB. `None` where the system does not tell.
    pub(crate) fn peak_kib(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        peak.trim().strip_suffix(" kB")?.parse().ok()
    }

    /// Ends its input, and waits for its end. Lines that were waited for are not in the output.
    #[track_caller]
    pub(crate) fn finish(mut self) -> Run {
        drop(self.stdin.take());
        let deadline = Instant::now() + DEADLINE;
        let mut stdout = String::new();
        while let Some(line) = self.next() {
            stdout += &line;
            assert!(Instant::now() < deadline, "it does not end");
        }
        let code = self.child.wait().unwrap().code();
        Run { code, stdout, stderr: self.stderr.take().unwrap().join().unwrap() }
    }
}

impl Drop for Live {
    /// A test that has failed leaves no program behind.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Run {
    /// Asserts the exit code.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        self
    }

    /// Asserts that this is told on stderr.
    #[track_caller]
    pub(crate) fn tells(self, what: &str) -> Self {
        assert!(self.stderr.contains(what), "`{what}` is not in: {}", self.stderr);
        self
    }

    /// Nothing more is asked of it.
    pub(crate) fn ignore(self) {}
}
