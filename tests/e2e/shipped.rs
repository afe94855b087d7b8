//! `auditbox sync` against `auditbox receiver`: two programs, one outbox, and a network that fails.
#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::harness::{Live, Run, Scene, calls};

const KEY: &str = "abx-live-canary-51f0c7";

/// A receiver, and where it listens.
fn receiver(scene: &Scene, arguments: &str) -> (Live, String) {
    let live = Live::start(with_key(&mut scene.command(&format!("receiver {arguments}")), KEY));
    let url = live.line().trim_end().strip_prefix("listening on ").unwrap().to_owned();
    (live, url)
}

fn with_key<'a>(command: &'a mut Command, key: &str) -> &'a mut Command {
    command.env("AUDITBOX_API_KEY", key)
}

fn run(scene: &Scene, arguments: &str, key: &str) -> Run {
    Live::start(with_key(&mut scene.command(arguments), key)).finish()
}

#[track_caller]
fn end(live: Live) -> Run {
    kill_process(Pid::from_child(&live.child), Signal::INT).unwrap();
    live.finish().exits(130)
}

/// What is in the receiver's store: different events, and those that came more than once.
fn received(scene: &Scene) -> (u64, u64) {
    let store = rusqlite::Connection::open(scene.path("received.db")).unwrap();
    let count = |sql: &str| store.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap().unsigned_abs();
    (count("SELECT count(*) FROM event"), count("SELECT count(*) FROM event WHERE times > 1"))
}

#[test]
fn lost_answers_and_a_receiver_that_refuses_lose_nothing_and_double_nothing() {
    let scene = Scene::new();
    scene.run("emit --quiet", calls(0..200)).exits(0).ignore();
    let (live, url) = receiver(&scene, "--store received.db --lose-answers 20% --refuse 503:1 --seed 3");
    scene.write("auditbox.json", format!(r#"{{"sync":{{"endpoint":"{url}","max_batch_rows":20}}}}"#));
    run(&scene, "sync --drain 60s --config auditbox.json", KEY)
        .exits(0)
        .tells("200 delivered, 0 dead, 0 pending")
        .ignore();
    let (events, twice) = received(&scene);
    assert!(events == 200 && twice > 0, "{events}, {twice}");
    end(live).tells("200 events in 10 batches").ignore();
}

#[test]
fn a_sync_without_an_end_sends_what_comes_and_ends_with_ctrl_c() {
    let scene = Scene::new();
    let (live, url) = receiver(&scene, "--store received.db");
    scene.run("emit --quiet", calls(0..50)).exits(0).ignore();
    let sync = Live::start(with_key(&mut scene.command(&format!("sync --endpoint {url}")), KEY));
    let deadline = Instant::now() + Duration::from_secs(100);
    while received(&scene).0 < 50 {
        assert!(Instant::now() < deadline, "it sends nothing");
        thread::yield_now();
    }
    end(sync).tells("50 delivered, 0 dead, 0 pending").ignore();
    end(live).ignore();
}

#[test]
fn the_api_key_is_nowhere_but_in_the_request() {
    let scene = Scene::new();
    scene.run("emit --quiet", calls(0..5)).exits(0).ignore();
    let (live, url) = receiver(&scene, "--store received.db");
    let mut said = String::new();
    for (arguments, key, code) in [
        (format!("sync check --endpoint {url}"), KEY, 0),
        (format!("sync check --json --endpoint {url}/elsewhere"), KEY, 3),
        ("sync --once --endpoint http://127.0.0.1:1".into(), KEY, 3),
        ("sync --once --endpoint https://auditbox.invalid".into(), KEY, 3),
        (format!("sync --once --endpoint {url}"), "abx-live-canary-51f0c7-of-another", 3),
        (format!("sync --once --endpoint {url}"), "abx-live-canary-51f0c7 of two words", 2),
        (format!("sync --once --endpoint {url}"), KEY, 0),
    ] {
        let Run { code: got, stdout, stderr } = run(&scene, &arguments, key);
        assert_eq!(got, Some(code), "{arguments}: {stdout}{stderr}");
        said += &(stdout + &stderr);
    }
    let Run { stdout, stderr, .. } = end(live);
    said += &(stdout + &stderr);
    assert!(!said.contains("canary"), "{said}");
    assert_eq!(with_canary(&scene.path("")), Vec::<String>::new());
}

fn with_canary(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(with_canary(&path));
        } else if fs::read(&path).unwrap().windows(6).any(|window| window == b"canary") {
            found.push(path.display().to_string());
        }
    }
    found
}
