//! Canaries in every field of an event, in the configuration, in the arguments and in the environment, through every way
//! in which something can fail: none of them is in anything that auditbox says or writes.

mod arguments;
mod events;
mod failures;
mod watch;

use std::process::Command;

use crate::harness::{Live, Run, Scene};
use events::{HASH_KEY, Planted, planted};
use watch::{Watch, stem};

/// The outbox in a test's folder.
const OUTBOX: &str = "state/outbox.db";

/// Variables that one could think are read.
const VARIABLES: [&str; 9] = [
    "AUDITBOX_API_KEY",
    "AUDITBOX_CONFIG",
    "AUDITBOX_HASH_KEY",
    "AUDITBOX_LOG",
    "AUDITBOX_OUTBOX",
    "AUDITBOX_PASSWORD",
    "AUDITBOX_TOKEN",
    "DATABASE_URL",
    "RUST_LOG",
];

/// A test's folder, in which no canary may get loose.
struct Cage {
    scene: Scene,
    watch: Watch,
    events: Planted,
    /// Files of the test itself.
    own: Vec<String>,
}

impl Cage {
    fn new() -> Self {
        let events = planted(1);
        let names = events.names.iter().map(String::as_str);
        let watch = Watch::new(names.chain([HASH_KEY]).chain(VARIABLES).chain(arguments::NAMES));
        Self { scene: Scene::new(), watch, events, own: Vec::new() }
    }

    /// All events, with a line break behind each.
    fn input(&self) -> String {
        self.events.lines.iter().map(|line| format!("{line}\n")).collect()
    }

    /// Writes a file that may hold canaries.
    fn write(&mut self, name: &str, contents: impl AsRef<[u8]>) {
        self.scene.write(name, contents);
        self.own.push(name.to_owned());
    }

    fn command(&self, arguments: &str) -> Command {
        self.alert(self.scene.command(arguments))
    }

    /// With a canary in each variable, and every panic told at length.
    fn alert(&self, mut command: Command) -> Command {
        command.envs(VARIABLES.map(|name| (name, stem(name)))).env("RUST_BACKTRACE", "1");
        command
    }

    /// Runs it to its end, and looks at everything.
    #[track_caller]
    fn run(&self, arguments: &str, stdin: impl AsRef<[u8]>) -> Run {
        self.run_command(&mut self.command(arguments), stdin)
    }

    #[track_caller]
    fn run_command(&self, command: &mut Command, stdin: impl AsRef<[u8]>) -> Run {
        let run = Live::start(command).feed(stdin).finish();
        self.look(&run);
        run
    }

    #[track_caller]
    fn look(&self, run: &Run) {
        self.watch.assert_not_in("stdout", &run.stdout);
        self.watch.assert_not_in("stderr", &run.stderr);
        assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
        self.files();
    }

    /// The files that are there, but for the test's own. There is no canary in them.
    #[track_caller]
    fn files(&self) -> Vec<String> {
        let own: Vec<&str> = self.own.iter().map(String::as_str).collect();
        self.watch.assert_not_below(&self.scene.path(""), &own)
    }

    /// Asserts that there are no files but the outbox's and these logs: no memory is copied to anywhere.
    #[track_caller]
    fn leaves(&self, logs: &[&str]) {
        let known = |name: &String| name.starts_with(OUTBOX) || logs.contains(&name.as_str());
        let others: Vec<_> = self.files().into_iter().filter(|name| !known(name)).collect();
        assert_eq!(others, Vec::<String>::new());
    }
}

#[test]
fn each_canary_would_be_seen() {
    let cage = Cage::new();
    let input = cage.input();
    let seen = cage.watch.found(input.as_bytes());
    for name in cage.events.names.iter().filter(|name| *name != "base64") {
        assert!(seen.contains(&format!("{name} (plain)")), "{name}");
    }
    assert!(seen.contains("base64 (base64)"));
}
