//! The README: its two commands are those that are run before anything lands, and its program is one.

use crate::source::read;

/// That it compiles is the test.
mod program {
    include!(concat!(env!("OUT_DIR"), "/readme.rs"));
}

#[test]
fn the_program_of_the_readme_compiles() {
    assert!(read("README.md").contains("```rust\n"));
    let _: fn() -> Result<(), Box<dyn std::error::Error>> = program::readme;
}

/// The `$ ` lines of the first `console` block.
fn commands() -> Vec<String> {
    let readme = read("README.md");
    let (_, rest) = readme.split_once("\n## Two commands\n").expect("a section of two commands");
    let session = rest.split("```console\n").nth(1).unwrap().split("```").next().unwrap();
    session.lines().filter_map(|line| line.strip_prefix("$ ")).map(str::to_owned).collect()
}

#[test]
fn there_are_two_commands_and_what_must_pass_runs_both_in_order() {
    // Where the files are does not matter.
    let run = read(".ci/run").replace("\"$scratch/", "").replace('"', "");
    let mut lines = run.lines();
    let commands = commands();
    assert_eq!(commands.len(), 2, "{commands:?}");
    for command in commands {
        let same = |line: &str| {
            line.strip_prefix(command.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        assert!(lines.any(same), ".ci/run does not run `{command}`, or not in this order");
    }
}
