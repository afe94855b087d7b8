//! Every host does what the core does, byte for byte, with values and configurations that nobody thought of.

use crate::event::event;
use crate::generate::{json, near_json, text};
use crate::some;
use auditbox_conformance::hosts::ready;
use auditbox_conformance::process::Process;
use auditbox_conformance::protocol::{Answer, Request};
use proptest::prelude::*;
use proptest::sample::select;
use std::path::Path;
use std::{fs, thread};

/// A configuration, most of which are accepted.
fn config() -> impl Strategy<Value = String> {
    let names = || prop::collection::vec(prop_oneof![4 => "[a-z_-]{1,9}", 1 => text()], 0..3);
    let pattern = select(&[r"\d{4}", r"(?i)(user|host)-(\w+)", "[", "(a)|b", "x*", r"\bcard (\d+)", "(?<n>é+)"][..]);
    let replacement = select(&["", r"<\1>", "$1$2", "$n", "[REDACTED]", r"\\"][..]);
    let redaction = (
        names(),
        names(),
        select(&["substring", "word"][..]),
        prop::collection::vec((pattern, replacement), 0..3),
        any::<bool>(),
    );
    let cap = (prop_oneof![4096_u64..9000, 4000_u64..4100], select(&["replace", "shrink"][..]));
    let whole = (redaction, cap).prop_map(|((sensitive, safe, matching, patterns, detect), (bytes, strategy))| {
        serde_json::json!({
            "stdout": false,
            "file": "${dir}/log",
            "max_payload_bytes": bytes,
            "cap_strategy": strategy,
            "redaction": {
                "sensitive_keys": sensitive,
                "safe_keys": safe,
                "key_matching": matching,
                "custom_patterns": patterns,
                "detect_secret_values": detect,
            },
        })
        .to_string()
    });
    let odd = near_json().prop_map(|json| format!("{{\"stdout\":false,\"redaction\":{json}}}"));
    prop_oneof![6 => whole, 1 => odd]
}

/// A record's id and time are its own: no host has to make any.
fn recorded(event: String) -> String {
    let marked = r#"{"event_id":"0198c0de-0000-7000-8000-000000000001","timestamp":"2026-11-22T09:30:00Z","#;
    event.replacen('{', marked, 1)
}

/// What is asked under one configuration after another.
fn requests(dir: &str) -> Vec<Request> {
    let values = some(prop_oneof![3 => json(), 1 => near_json()], 480);
    let events = some(event(), 240);
    let configs = some(config(), 24);
    let share = |all: &[String], number: usize| all.iter().skip(number).step_by(24).cloned().collect::<Vec<_>>();
    let mut requests = Vec::new();
    for (number, config) in configs.into_iter().enumerate() {
        requests.push(Request::Configure { config: config.replace("${dir}", &format!("{dir}/{number}")) });
        for value in share(&values, number) {
            requests.push(Request::Redact { value: value.clone() });
            requests.push(Request::CapPayload { payload: value });
        }
        for event in share(&events, number) {
            requests.push(Request::Emit { event: recorded(event) });
        }
        let batch: Vec<String> = share(&events, number + 5).into_iter().map(recorded).collect();
        requests.push(Request::EmitBatch { events: batch.join("\n") });
        requests.push(Request::Records {});
    }
    requests
}

#[test]
fn every_host_answers_whatever_is_asked_as_the_core_does() {
    let mut drivers = vec![
        ("native".to_owned(), vec![env!("CARGO_BIN_EXE_driver-native").to_owned()]),
        ("rust".to_owned(), vec![env!("CARGO_BIN_EXE_driver-rust").to_owned()]),
    ];
    drivers.extend(ready().unwrap().iter().map(|host| (host.name.clone(), host.driver())));
    let answers: Vec<Vec<(Request, String)>> = thread::scope(|scope| {
        let runs: Vec<_> = drivers.iter().map(|(name, command)| scope.spawn(move || answers(name, command))).collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    });
    let (native, others) = answers.split_first().unwrap();
    assert!(native.iter().filter(|(_, answer)| answer.starts_with("Ok")).count() > 700);
    for ((name, _), answers) in drivers.iter().skip(1).zip(others) {
        for ((request, wanted), (_, answer)) in native.iter().zip(answers) {
            assert_eq!(answer, wanted, "{name}: {request:?}");
        }
    }
}

/// Requests and answers. The folder's name, which differs, is taken out of them. A configuration that is refused is
/// followed by a default one, as nothing can be asked after it.
fn answers(name: &str, command: &[String]) -> Vec<(Request, String)> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("differential").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let dir = folder.to_string_lossy();
    let mut driver = Process::start(name, command, &folder).unwrap();
    let mut ask = |request: Request| {
        let answer = driver.ask(&request).unwrap();
        let shown = format!("{answer:?}").replace(&*dir, "${dir}");
        (request, shown, matches!(answer, Answer::Error(_)))
    };
    let mut answers = Vec::new();
    for request in requests(&dir) {
        let configures = matches!(request, Request::Configure { .. });
        let (request, shown, refused) = ask(request);
        answers.push((request, shown));
        if configures && refused {
            ask(Request::Configure { config: r#"{"stdout":false}"#.to_owned() });
        }
    }
    answers
}
