//! Everything that can fail, with canaries in every event.

use std::fs;
use std::io::Write;
use std::thread;

use super::events::{HASH_KEY, config, hash_key, planted};
use super::watch::stem;
use super::{Cage, OUTBOX};
use crate::harness::{Live, call};
use crate::places::Disk;
use auditbox_artifacts::{BABBLE, GROW, MISBEHAVING, TRAP};
use serde_json::{Value, json};

/// A cage with this configuration in `config.json`, beside that of the rules.
fn configured(others: Value) -> Cage {
    let mut cage = Cage::new();
    cage.write("config.json", config(others));
    cage
}

/// Events of their own, so many times two.
fn many(count: usize) -> String {
    (0..count).flat_map(|number| planted(number * 2 + 1).lines).map(|line| line + "\n").collect()
}

#[test]
fn nothing_is_loose_when_all_goes_well() {
    let mut cage =
        configured(json!({ "file": { "path": "audit.jsonl", "max_bytes": 16_384, "keep": 9 }, "outbox": true }));
    cage.write("events.jsonl", cage.input());
    let run = cage.run("emit --config config.json events.jsonl", "").exits(0);
    assert_eq!(run.stdout.lines().count(), 2);
    // The markers, masks, hashes and what took the place of the pattern show that all rules were at work.
    for sign in ["[REDACTED]", "****", "hmac:k1:", "acct-#"] {
        assert!(run.stdout.contains(sign), "{sign}: {}", run.stdout);
    }
    let run = cage.run("emit --receipts --config config.json", many(20)).exits(0);
    assert!(run.stdout.contains("\"redactions\":[{"));
    for arguments in [
        "redact --config config.json",
        "redact --explain --config config.json",
        "redact --receipts --config config.json",
        "redact --text --explain --config config.json",
        "cap --receipts",
    ] {
        // `cap` does not redact: only its receipts are looked at.
        cage.run(arguments, cage.input()).exits(0).ignore();
    }
    cage.run_command(cage.command("redact --explain --config config.json").env("CLICOLOR_FORCE", "1"), cage.input())
        .exits(0)
        .tells("\u{1b}[1;33m")
        .ignore();
    for question in ["status", "list --json", "show 1 --json", "show 2"] {
        cage.run(&format!("outbox {question}"), "").exits(0).ignore();
    }
    cage.run("rules", "").exits(0).ignore();
    let logs: Vec<String> = (1..10).map(|number| format!("audit.jsonl.{number}")).collect();
    let logs: Vec<&str> = logs.iter().map(String::as_str).chain(["audit.jsonl"]).collect();
    cage.leaves(&logs);
    assert!(cage.files().iter().filter(|name| logs.contains(&name.as_str())).count() > 2);
}

/// Beside the compiled component nothing is cached.
#[test]
fn nothing_is_loose_in_the_cache() {
    let cage = configured(json!({}));
    let mut command = cage.command("redact --config config.json");
    command.env("AUDITBOX_CACHE_DIR", cage.scene.path("cache"));
    cage.run_command(&mut command, cage.input()).exits(0).ignore();
    let files = cage.files();
    assert!(files.iter().all(|name| name.starts_with("cache/rust/")), "{files:?}");
}

#[test]
fn nothing_is_loose_when_events_are_broken() {
    let cage = configured(json!({ "file": "audit.jsonl" }));
    let mut broken = String::new();
    for event in &cage.events.lines {
        // Cut inside each canary and behind it.
        for name in &cage.events.names {
            let Some(at) = event.find(&stem(name)) else { continue };
            broken += &format!("{}\n{}\n", event.split_at(at + 9).0, event.split_at(at + 20).0);
        }
        for field in
            ["action", "event_id", "timestamp", "tool_args", "mode", "principal", "hooks_evaluated", "event_type"]
        {
            let token = format!("ghp_{}0123456789abcdef", stem("run_id"));
            let (behind, before) = (event.strip_prefix('{').unwrap(), event.strip_suffix('}').unwrap());
            broken += &format!("{{\"{field}\":\"{token}\",{behind}\n");
            broken += &format!("{before},\"{field}\":[\"{token}\"]}}\n");
            broken += &format!("{before},\"{field}\":\"{token}\",\"{field}\":\"{token}\"}}\n");
        }
        broken += &format!("{event} {}\n{event}{event}\n[{event}]\n{}\n", stem("a key"), Value::from(&**event));
        broken += &format!("{{\"{}\":{event}\n", stem("a key"));
    }
    let mut bytes = broken.into_bytes();
    bytes.extend(
        cage.events
            .lines
            .iter()
            .flat_map(|line| [line.as_bytes(), b"\xff\n", b"\xc3\x28", line.as_bytes(), b"\n"].concat()),
    );
    for arguments in [
        "emit --config config.json",
        "emit --receipts --config config.json",
        "emit --strict --config config.json",
        "redact --explain --config config.json",
    ] {
        cage.run(arguments, &bytes).exits(1).ignore();
    }
    cage.run("cap --receipts", &bytes).exits(1).ignore();
    cage.leaves(&["audit.jsonl"]);
}

#[test]
fn nothing_is_loose_when_events_are_too_large_or_too_deep() {
    let with = |more: &str, line: &String| line.replacen('{', &format!("{{{more},"), 1) + "\n";
    let cage = configured(json!({ "max_event_bytes": 4096 }));
    let long: String =
        cage.events.lines.iter().map(|line| with(&format!("\"x\":\"{}\"", "x".repeat(4096)), line)).collect();
    let run = cage.run("emit --config config.json", &long).exits(1);
    run.tells("line 2: expected at most 4096 bytes (`max_event_bytes`)").ignore();
    cage.run("redact --config config.json", &long).exits(1).ignore();
    let deep: String = cage
        .events
        .lines
        .iter()
        .map(|line| with(&format!("\"x\":{}1{}", "[".repeat(200), "]".repeat(200)), line))
        .collect();
    cage.run("emit --config config.json", &deep).exits(1).tells("line 2: expected at most 128 lists").ignore();
    cage.leaves(&[]);
}

/// Wherever the cap cuts.
#[test]
fn nothing_is_loose_when_records_are_cut() {
    for strategy in ["replace", "shrink"] {
        let cage = configured(json!({ "max_payload_bytes": 4096, "cap_strategy": strategy, "file": "audit.jsonl" }));
        let long = |number: usize| {
            let line = planted(number * 2 + 1).lines.swap_remove(0);
            line.replace(r"\nsee acct-", &format!(r"\n{} acct-", "é".repeat(number * 61)))
                .replace("Accept", &"a".repeat(number * 7))
                + "\n"
        };
        let run = cage.run("emit --config config.json", (0..60).map(long).collect::<String>()).exits(0);
        assert!(run.stdout.matches("\"_truncated\":true").count() > 10, "{}", run.stdout.len());
        cage.leaves(&["audit.jsonl"]);
    }
}

#[test]
fn nothing_is_loose_when_the_configuration_is_wrong() {
    let mut cage = Cage::new();
    let canary = stem("a key");
    let key = hash_key();
    let wrong = [
        format!(r#"{{"on_failure":"{canary}"}}"#),
        format!(r#"{{"cap_strategy":"{canary}"}}"#),
        format!(r#"{{"stdout":"{canary}"}}"#),
        format!(r#"{{"agent_id":["{canary}"]}}"#),
        format!(r#"{{"max_payload_bytes":"{canary}"}}"#),
        format!(r#"{{"file":["{canary}"]}}"#),
        format!(r#"{{"file":{{"path":"a","fsync":"{canary}"}}}}"#),
        format!(r#"{{"outbox":"{canary}"}}"#),
        format!(r#"{{"sinks":{{"a":"{canary}"}}}}"#),
        format!(r#"{{"redaction":"{canary}"}}"#),
        format!(r#"{{"redaction":{{"key_matching":"{canary}"}}}}"#),
        format!(r#"{{"redaction":{{"sensitive_keys":["{canary}",5]}}}}"#),
        format!(r#"{{"redaction":{{"safe_keys":"{canary}"}}}}"#),
        format!(r#"{{"redaction":{{"rules":{{"key":"{canary}"}}}}}}"#),
        format!(r#"{{"redaction":{{"rules":["{canary}"]}}}}"#),
        format!(r#"{{"redaction":{{"custom_patterns":[["{canary}(","x"]]}}}}"#),
        format!(r#"{{"redaction":{{"custom_patterns":[["(?={canary})","x"]]}}}}"#),
        format!(r#"{{"redaction":{{"custom_patterns":[["{canary}\\p{{L}}[z-a]","x"]]}}}}"#),
        format!(r#"{{"redaction":{{"custom_patterns":[["a","{canary}$1"]]}}}}"#),
        format!(r#"{{"redaction":{{"custom_patterns":[["{canary}"]]}}}}"#),
        format!(r#"{{"redaction":{{"custom_patterns":{{"{canary}":1}}}}}}"#),
        format!(r#"{{"redaction":{{"hash_key":"{key}"}}}}"#),
        format!(r#"{{"redaction":{{"hash_key":{{"id":"k","key":"{canary}"}}}}}}"#),
        format!(r#"{{"redaction":{{"hash_key":{{"id":"k","key":"{key}!"}}}}}}"#),
        format!(r#"{{"redaction":{{"hash_key":{{"id":"{canary} {canary}","key":"{key}"}}}}}}"#),
        format!(r#"{{"redaction":{{"hash_key":{{"key":"{key}"}}}}}}"#),
        format!(r#"{{"redaction":{{"hash_key":{{"id":"k","key":"{key}"}}}},"nonsense":1}}"#),
        format!(r#"{{"redaction":{{"hash_key":{{"id":"k","key":"{key}"}}"#),
        format!(r#"{{"redaction":{{"hash_key":{{"id":"k","key":"{key}"#),
        format!(r#"{{"a":"{canary}" "b"}}"#),
        format!("redaction:\n  hash_key: {key}\n"),
        format!("\u{feff}\"{canary}\""),
    ];
    for config in wrong {
        cage.write("config.json", &config);
        let run = cage.run("emit --config config.json", cage.input());
        assert_eq!(run.code, Some(2), "{config}: {run:?}");
        // Those need no places for records.
        for verb in ["redact", "cap", "rules test jwt"] {
            cage.run(&format!("{verb} --config config.json"), "").ignore();
        }
    }
    cage.leaves(&[]);
    cage.watch.assert_not_in(
        "the configuration in force",
        auditbox::Auditor::builder().config(config(json!({}))).stdout(false).build().unwrap().config(),
    );
    assert!(cage.watch.found(stem(HASH_KEY).as_bytes()).len() == 1);
}

#[test]
fn nothing_is_loose_when_a_sink_fails() {
    if !std::path::Path::new("/dev/full").exists() {
        return println!("skipped: no /dev/full here");
    }
    for on_failure in ["open", "closed"] {
        let cage = configured(json!({ "on_failure": on_failure, "outbox": true, "file": "/dev/full" }));
        cage.run("emit --config config.json", many(1)).exits(3).ignore();
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        for (number, arguments) in [(2, "emit --receipts"), (4, "emit"), (6, "redact --explain")] {
            let arguments = format!("{arguments} --config config.json");
            let mut child = cage.command(&arguments);
            child
                .stdin(std::process::Stdio::piped())
                .stdout(full.try_clone().unwrap())
                .stderr(std::process::Stdio::piped());
            let mut child = child.spawn().unwrap();
            let _ = child.stdin.take().unwrap().write_all(many_from(number).as_bytes());
            let output = child.wait_with_output().unwrap();
            cage.watch.assert_not_in("stderr", &output.stderr);
            assert_eq!(output.status.code(), Some(3), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
        }
        cage.leaves(&[]);
    }
}

#[test]
fn nothing_is_loose_when_a_place_cannot_be_written() {
    let cage = configured(json!({ "outbox": true, "file": "state/audit.jsonl" }));
    fs::create_dir(cage.scene.path("state")).unwrap();
    let Some(disk) = Disk::mount(&cage.scene, "size=4m") else { return };
    cage.run("emit --config config.json", cage.input()).exits(0).ignore();
    disk.remount("ro");
    for arguments in ["emit --config config.json", "emit --no-outbox --config config.json", "outbox list"] {
        cage.run(arguments, many(3)).exits(3).ignore();
    }
    cage.leaves(&["state/audit.jsonl"]);
}

#[test]
fn nothing_is_loose_when_the_disk_is_full() {
    let cage = configured(json!({ "outbox": true, "file": "state/audit.jsonl" }));
    fs::create_dir(cage.scene.path("state")).unwrap();
    if let Some(_disk) = Disk::mount(&cage.scene, "size=300k") {
        cage.run("emit --receipts --config config.json", many(60)).exits(3).tells("free some space").ignore();
        cage.leaves(&["state/audit.jsonl"]);
    }
    // The same by a limit, as a signal, which ends it, and as an error. The limit is above what an empty outbox has.
    for trap in ["", "trap '' XFSZ; "] {
        let cage = configured(json!({ "outbox": { "ballast_bytes": 0 }, "file": "audit.jsonl" }));
        let mut command = cage.alert(cage.scene.at_home("sh"));
        let script = format!("{trap}ulimit -c 0; ulimit -f 300; exec \"$0\" emit --receipts --config config.json");
        command.args(["-c", &script, env!("CARGO_BIN_EXE_auditbox")]);
        let run = cage.run_command(&mut command, many(200));
        assert!(if trap.is_empty() { run.code.is_none() } else { run.code == Some(3) }, "{run:?}");
        assert!(fs::metadata(cage.scene.path("audit.jsonl")).unwrap().len() > 0);
        cage.leaves(&["audit.jsonl"]);
    }
}

#[test]
fn nothing_is_loose_when_the_outbox_is_no_good() {
    let cage = configured(json!({ "outbox": true, "on_failure": "closed" }));
    cage.run("emit --config config.json", many(10)).exits(0).ignore();
    let good = fs::read(cage.scene.path(OUTBOX)).unwrap();

    let outbox = rusqlite::Connection::open(cage.scene.path(OUTBOX)).unwrap();
    outbox.pragma_update(None, "user_version", 99).unwrap();
    drop(outbox);
    cage.run("emit --config config.json", many(12)).exits(3).tells("newer auditbox").ignore();

    // Torn in the middle, and cut.
    let mut torn = good.clone();
    let middle = torn.len() / 2;
    torn.iter_mut().skip(4096).take(middle).for_each(|byte| *byte ^= 0x5a);
    for bytes in [&torn[..], &good[..middle], b"SQLite format 3\0 and no more"] {
        cage.scene.write(OUTBOX, bytes);
        for arguments in ["emit --config config.json", "outbox list", "outbox show 3 --json"] {
            let run = cage.run(arguments, many(12));
            assert!(matches!(run.code, Some(0 | 2 | 3)), "{run:?}");
        }
    }
    cage.leaves(&[]);
}

#[test]
fn nothing_is_loose_when_the_outbox_is_locked() {
    let cage = configured(json!({ "outbox": true, "file": "audit.jsonl" }));
    let live = Live::start(&mut cage.command("emit --config config.json")).feed(call(901, "before"));
    live.line();
    let outbox = rusqlite::Connection::open(cage.scene.path(OUTBOX)).unwrap();
    outbox.execute_batch("BEGIN IMMEDIATE").unwrap();
    let run = live.feed(cage.input()).finish();
    cage.look(&run);
    run.exits(3).tells("`outbox`: ").ignore();
    cage.leaves(&["audit.jsonl"]);
}

#[test]
fn nothing_is_loose_when_the_component_traps() {
    let mut cage = configured(json!({ "outbox": true, "file": "audit.jsonl" }));
    cage.write("misbehaving.wasm", MISBEHAVING);
    for word in [TRAP, GROW, BABBLE] {
        let doomed = cage.input().replace("\"action\":", &format!("\"x\":\"{word}\",\"action\":"));
        let run = cage.run("emit --component misbehaving.wasm --config config.json", &doomed);
        assert!(matches!(run.code, Some(2 | 4)), "{run:?}");
        let run = cage.run("redact --component misbehaving.wasm", &doomed);
        assert!(matches!(run.code, Some(1 | 2 | 4)), "{run:?}");
        let mut command = cage.command("log --component misbehaving.wasm --config config.json");
        let run = cage.run_command(command.args([word, &format!("{{\"password\":\"{}\"}}", stem("a key"))]), "");
        assert_ne!(run.code, Some(0), "{run:?}");
    }
    cage.write("config.json", config(json!({ "agent_id": TRAP })));
    cage.run("emit --component misbehaving.wasm --config config.json", cage.input()).exits(4).ignore();
    cage.leaves(&["audit.jsonl"]);
}

/// Runs it with an input without end, ends it by a signal, and looks at what is left.
#[cfg(unix)]
#[test]
fn nothing_is_loose_when_it_is_killed() {
    use rustix::process::{Pid, Signal, kill_process};

    for signal in [Signal::INT, Signal::TERM, Signal::KILL] {
        let cage = configured(json!({ "outbox": true, "file": "audit.jsonl" }));
        let mut live = Live::start(&mut cage.command("emit --receipts --config config.json"));
        let mut stdin = live.take_stdin();
        let writer =
            thread::spawn(move || (0..).find(|round| stdin.write_all(many_from(round * 20).as_bytes()).is_err()));
        let seen: String = (0..50).map(|_| live.line()).collect();
        kill_process(Pid::from_child(&live.child), signal).unwrap();
        let run = live.finish();
        writer.join().unwrap();
        cage.watch.assert_not_in("stdout", seen);
        cage.look(&run);
        cage.leaves(&["audit.jsonl"]);
    }
}

fn many_from(first: usize) -> String {
    (first..first + 10).flat_map(|number| planted(number * 2 + 1).lines).map(|line| line + "\n").collect()
}

#[test]
fn nothing_is_loose_when_its_reader_goes() {
    let cage = configured(json!({ "outbox": true }));
    for arguments in ["emit", "emit --receipts", "redact", "redact --explain"] {
        let mut command = cage.alert(cage.scene.at_home("sh"));
        command.args(["-c", &format!("\"$0\" {arguments} --config config.json | head -c 10 >/dev/null")]);
        command.arg(env!("CARGO_BIN_EXE_auditbox"));
        cage.run_command(&mut command, many(30)).ignore();
    }
    cage.leaves(&[]);
}
