//! The sample program.

use crate::harness::{Scene, workspace};
use std::fs;

#[test]
fn the_sample_program_prints_what_it_does_in_every_other_language() {
    let scene = Scene::new();
    // Beside the program: cargo builds both for these tests.
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_auditbox")).with_file_name("examples").join("quickstart");
    let output = scene.at_home(program).output().unwrap();
    let wanted = fs::read_to_string(workspace().join("examples/quickstart.out")).unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), wanted);
}
