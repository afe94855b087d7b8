//! Files that cannot be read or written: each with the documented exit code and the way out, and nothing lost that was
//! acknowledged.

use std::fs;
use std::process::Command;

use crate::harness::{Scene, call, calls, event_id, ids, json};

#[test]
fn an_input_that_is_missing_or_a_folder_is_named() {
    let scene = Scene::new();
    fs::create_dir(scene.path("folder")).unwrap();
    for verb in ["emit", "redact", "cap"] {
        let run = scene.run(&format!("{verb} folder"), "").exits(2);
        run.tells("error: cannot read `folder`: it is a folder, name a file in it\n").ignore();
        scene.run(&format!("{verb} missing"), "").exits(2).tells("error: cannot read `missing`: ").ignore();
    }
}

#[test]
fn each_exit_code_is_the_documented_one() {
    let scene = Scene::new();
    scene.write("text.db", "this is a text");
    scene.write("misbehaving.wasm", auditbox_artifacts::MISBEHAVING);
    scene.write("no.json", r#"{"stdout":"#);
    scene.write("unknown.json", r#"{"stdot":true}"#);
    let event = call(1, "search");
    let runs = [
        (0, "emit", event.as_str()),
        (0, "emit --help", ""),
        (0, "--version", ""),
        (1, "emit", "[]"),
        (1, "redact", "["),
        (1, "log NOTE [", ""),
        (2, "", ""),
        (2, "emit --nonsense", ""),
        (2, "emit --outbox other.db --no-outbox", ""),
        (2, "emit missing", ""),
        (2, "emit --config missing.json", ""),
        (2, "emit --config no.json", ""),
        (2, "emit --config unknown.json", ""),
        (2, "redact --config unknown.json", ""),
        (2, "emit --component missing.wasm", ""),
        (2, "completions klingon", ""),
        (2, "outbox show nothing", ""),
        (3, "emit --outbox text.db", event.as_str()),
        (3, "outbox status --outbox text.db", ""),
        (3, "emit --file .", event.as_str()),
        (4, "redact --component misbehaving.wasm", "\"trap-me\""),
    ];
    for (code, arguments, stdin) in runs {
        let run = scene.run(arguments, stdin);
        assert_eq!(run.code, Some(code), "auditbox {arguments}: {}", run.stderr);
    }
}

#[test]
fn an_unknown_option_or_configuration_key_names_the_nearest_known_one() {
    let scene = Scene::new();
    scene.run("emit --recipts", "").exits(2).tells("'--receipts'").ignore();
    scene.write("config.json", r#"{"redaction":{"sensitive_key":[]}}"#);
    let run =
        scene.run("emit --config config.json", "").exits(2).tells("error: `config.json`: `/redaction/sensitive_key`");
    run.tells("`sensitive_keys`").ignore();
}

/// Emits into an outbox that cannot be used: nothing is shown or written anywhere.
#[track_caller]
fn refused_outbox(scene: &Scene, reason: &str) {
    let run = scene.run("emit --file audit.jsonl", calls(0..3)).exits(3).tells("error: ").tells(reason);
    assert_eq!(run.stdout, "");
    assert!(!scene.path("audit.jsonl").exists());
}

#[test]
fn an_outbox_that_is_something_else_is_left_as_it_is() {
    let scene = Scene::new();
    fs::create_dir(scene.path("state")).unwrap();
    let text = "once upon a time there was a file that was no database\n".repeat(100);
    scene.write("state/outbox.db", &text);
    refused_outbox(&scene, "it is not an SQLite file: choose another file");
    assert_eq!(scene.read("state/outbox.db"), text);

    fs::remove_file(scene.path("state/outbox.db")).unwrap();
    let other = rusqlite::Connection::open(scene.path("state/outbox.db")).unwrap();
    other.execute_batch("CREATE TABLE bookmarks (url TEXT); INSERT INTO bookmarks VALUES ('a')").unwrap();
    refused_outbox(&scene, "is not an outbox but another application's database: choose another file");
    let tables: Vec<String> = other
        .prepare("SELECT name FROM sqlite_schema")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(tables, ["bookmarks"]);

    drop(other);
    fs::remove_file(scene.path("state/outbox.db")).unwrap();
    fs::create_dir(scene.path("state/outbox.db")).unwrap();
    refused_outbox(&scene, "is a folder: name a file in it");
}

#[test]
fn an_outbox_of_a_newer_version_is_left_as_it_is() {
    let scene = Scene::new();
    scene.run("emit", calls(0..1)).exits(0).ignore();
    let outbox = rusqlite::Connection::open(scene.path("state/outbox.db")).unwrap();
    outbox.pragma_update(None, "user_version", 99).unwrap();
    refused_outbox(&scene, "was written by a newer auditbox (schema 99, this one knows 2): upgrade auditbox");
    scene.run("outbox status", "").exits(3).tells("newer auditbox").ignore();
    assert_eq!(scene.stored_ids(), [event_id(0)]);
}

#[test]
fn an_outbox_that_can_only_be_read_is_refused_and_left_as_it_is() {
    let scene = Scene::new();
    fs::create_dir(scene.path("state")).unwrap();
    // Rights do not stop root; a file system that is read-only does.
    let Some(disk) = Disk::mount(&scene, "size=4m") else { return };
    scene.run("emit", calls(0..2)).exits(0).ignore();
    disk.remount("ro");
    let run = scene.run("emit --file audit.jsonl", calls(2..4)).exits(3).tells("error: ").tells("outbox.db`");
    assert_eq!(run.stdout, "");
    // SQLite cannot even look at it there: it keeps two more files beside it.
    scene.run("outbox list", "").exits(3).tells("check the rights on it, and on its folder").ignore();
    disk.remount("rw");
    scene.run("emit", calls(2..4)).exits(0).ignore();
    assert_eq!(scene.stored_ids(), [event_id(0), event_id(1), event_id(2), event_id(3)]);
}

#[test]
fn on_a_full_disk_what_has_a_receipt_without_failure_is_stored() {
    let scene = Scene::new();
    fs::create_dir(scene.path("state")).unwrap();
    let Some(_disk) = Disk::mount(&scene, "size=1m") else { return };
    let large = |number: usize| {
        call(number, &"x".repeat(900)).replace("{\"n\":", &format!("{{\"text\":\"{}\",\"n\":", "y".repeat(8000)))
    };
    let input: String = (0..400).map(large).collect();
    let run =
        scene.run("emit --receipts --file audit.jsonl", &input).exits(3).tells("`outbox`: ").tells("free some space");
    let receipts: Vec<_> = run.stdout.lines().map(json).collect();
    assert_eq!(receipts.len(), 400);
    let acknowledged: Vec<_> = receipts
        .iter()
        .filter(|receipt| receipt["failures"].as_array().unwrap().is_empty())
        .map(|receipt| receipt["event_id"].as_str().unwrap().to_owned())
        .collect();
    assert!(acknowledged.len() < 400);
    assert_eq!(scene.stored_ids(), acknowledged);
    // Under `open` the other sinks still get everything.
    assert_eq!(ids(&scene.read("audit.jsonl")).len(), 400);

    scene.write("config.json", r#"{"on_failure":"closed","outbox":true,"file":"closed.jsonl","stdout":false}"#);
    scene.run("emit --config config.json", &input).exits(3).tells("free some space").ignore();
    let stored = scene.stored_ids();
    // There may be no room even to open the outbox: then there is no such file.
    let closed = fs::read_to_string(scene.path("closed.jsonl")).unwrap_or_default();
    assert!(ids(&closed).iter().all(|id| stored.contains(id)));
}

#[test]
fn a_log_that_cannot_be_written_is_found_before_the_first_event() {
    let scene = Scene::new();
    fs::create_dir(scene.path("folder")).unwrap();
    scene.write("text", "");
    for (path, reason) in
        [("folder", "name a file, not a folder"), ("text/audit.jsonl", "a part of the path is a file, not a folder")]
    {
        let run = scene.run(&format!("emit --file {path}"), calls(0..1)).exits(3);
        assert_eq!(run.stdout, "");
        run.tells(&format!("error: cannot open the log `{path}`: ")).tells(reason).ignore();
    }
    let stored = scene.path("state/outbox.db").exists().then(|| scene.stored_ids());
    assert!(stored.is_none_or(|ids| ids.is_empty()));
}

/// As `cat` does: it would write what it reads, without end.
#[test]
fn a_log_that_is_the_input_is_refused_or_read_once() {
    let scene = Scene::new();
    scene.write("events.jsonl", calls(0..1));
    let live = scene.start("emit --no-outbox events.jsonl --file events.jsonl");
    let records = (0..10).map_while(|_| live.next()).count();
    drop(live);
    assert!(records <= 1, "it reads its own records");
}

#[test]
fn stdout_that_cannot_be_written_is_a_failed_delivery() {
    let scene = Scene::new();
    let Ok(full) = fs::OpenOptions::new().write(true).open("/dev/full") else {
        return println!("skipped: no /dev/full here");
    };
    scene.write("events.jsonl", calls(0..2));
    for (verb, told) in [
        ("emit events.jsonl", "line 1: `stdout`: cannot write to the standard output: "),
        ("emit --receipts events.jsonl", "cannot write to the standard output"),
        ("redact events.jsonl", "cannot write to the standard output"),
        ("outbox status", "cannot write to the standard output"),
    ] {
        let output = scene.command(verb).stdout(full.try_clone().unwrap()).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{verb}: {stderr}");
        assert!(stderr.contains(told), "{verb}: {stderr}");
    }
    assert_eq!(scene.stored_ids(), [event_id(0), event_id(1)]);
}

/// A small file system in memory at the test's `state`, as long as this lives.
pub(crate) struct Disk(std::path::PathBuf);

impl Disk {
    /// `None`, and a word about it, where this user may not mount.
    pub(crate) fn mount(scene: &Scene, options: &str) -> Option<Self> {
        let folder = scene.path("state");
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(&folder).output();
        if mount.is_ok_and(|output| output.status.success()) {
            return Some(Self(folder));
        }
        println!("skipped: cannot mount a file system here");
        None
    }

    pub(crate) fn remount(&self, how: &str) {
        let status = Command::new("mount").args(["-o", &format!("remount,{how}")]).arg(&self.0).status();
        assert!(status.unwrap().success());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn a_damaged_outbox_is_put_aside_and_that_is_said() {
    let scene = Scene::new();
    scene.run("emit --quiet", calls(0..20)).exits(0).ignore();
    let mut bytes = fs::read(scene.path("state/outbox.db")).unwrap();
    bytes.iter_mut().skip(5 * 4096).take(4 * 4096).for_each(|byte| *byte ^= 0x5a);
    scene.write("state/outbox.db", &bytes);
    let run = scene.run("emit --quiet", calls(20..21)).exits(0).tells("error: ").tells("it is kept as `");
    run.tells("a new one takes its place").ignore();
    let status = scene.run("outbox status --json", "").exits(0).stdout;
    assert_eq!(json(&status)["quarantined"], 1);
    let listed = scene.run("outbox list --type auditbox.damaged --json", "").exits(0).stdout;
    assert_eq!(listed.lines().count(), 1);
}
