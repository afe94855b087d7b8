//! What people see: the sessions in `cli/` and in the README are played again, command by command.
//!
//! `SNAPSHOTS=overwrite cargo test --test e2e` writes down what came of it.

use std::fs;
use std::path::Path;
use std::{env, thread};

use regex_lite::Regex;
use snapbox::data::DataFormat;
use snapbox::{Assert, Data};

use crate::harness::{Scene, examples, workspace};

/// Plays each session of `tests/e2e/cli`, in a folder of its own with the example events in it.
#[test]
fn the_program_answers_as_its_transcripts_say() {
    let folder = workspace().join("tests/e2e/cli");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 8, "{files:?}");
    thread::scope(|scope| {
        for file in files {
            scope.spawn(move || {
                let scene = Scene::new();
                scene.write("events.jsonl", examples());
                let transcript = Data::read_from(&file, Some(DataFormat::Text)).raw();
                let played = play(&scene, &fs::read_to_string(&file).unwrap());
                Assert::new().action_env("SNAPSHOTS").eq(played, transcript);
            });
        }
    });
}

/// The first command of the README, in a folder like the repository's.
#[test]
fn the_readme_shows_what_its_first_command_prints() {
    let readme = fs::read_to_string(workspace().join("README.md")).unwrap();
    let session = readme.split("```console\n").nth(1).unwrap().split("```").next().unwrap();
    let mut shown = session.lines();
    let command = shown.next().unwrap().strip_prefix("$ cargo run -- ").unwrap();

    let scene = Scene::new();
    fs::create_dir(scene.path("examples")).unwrap();
    scene.write("examples/events.jsonl", examples());
    let printed = shell(&scene, &format!("auditbox {command}"));
    // For people an ellipsis stands for any lines, or for a part of a line.
    let mut left = printed.lines();
    for line in shown.take_while(|line| !line.starts_with("$ ")).filter(|line| *line != "…") {
        let pattern = format!("^{}$", regex_lite::escape(&stable(&scene, line)).replace('…', ".*"));
        let pattern = Regex::new(&pattern).unwrap();
        assert!(left.any(|line| pattern.is_match(line)), "the program does not print, or not in this order: {line}");
    }
    assert_eq!(left.next(), None, "the last line shown is the last one printed");
}

/// Runs the `$ ` lines of the `console` blocks by the shell, and puts what they print, and an exit code that is not 0,
/// behind them. All other text stays.
fn play(scene: &Scene, text: &str) -> String {
    let mut played = String::new();
    let mut inside = false;
    for line in text.lines() {
        if line.starts_with("```") {
            inside = line == "```console";
        }
        let command = line.strip_prefix("$ ").filter(|_| inside);
        if !inside || line.starts_with("```") || command.is_some() {
            played += line;
            played += "\n";
        }
        if let Some(command) = command {
            played += &shell(scene, command);
        }
    }
    played
}

fn shell(scene: &Scene, command: &str) -> String {
    let programs = Path::new(env!("CARGO_BIN_EXE_auditbox")).parent().unwrap();
    let path = env::join_paths(
        [programs.to_owned()].into_iter().chain(env::split_paths(&env::var_os("PATH").unwrap_or_default())),
    );
    let command = format!("exec 2>&1; {command}");
    let output = scene.at_home("sh").env("PATH", path.unwrap()).args(["-c", &command]).output().unwrap();
    let mut text = stable(scene, &String::from_utf8(output.stdout).unwrap());
    if !output.status.success() {
        text += &format!("? {}\n", output.status.code().unwrap());
    }
    text
}

/// Without what differs from run to run: ids, times and this folder.
fn stable(scene: &Scene, text: &str) -> String {
    let id = Regex::new("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}").unwrap();
    let time = Regex::new(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z").unwrap();
    let text = text.replace(scene.path("").to_str().unwrap().trim_end_matches('/'), "[HERE]");
    time.replace_all(&id.replace_all(&text, "[ID]"), "[TIME]").into_owned()
}
