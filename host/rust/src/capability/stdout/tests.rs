use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::Stdio;

use super::super::testing::{child, given_path};
use super::*;

#[test]
fn records_become_lines() {
    let (mut reader, mut writer) = io::pipe().unwrap();
    write_lines(&[r#"{"a":1}"#, "", "ü"], |bytes| writer.write(bytes)).unwrap();
    drop(writer);
    let mut text = String::new();
    reader.read_to_string(&mut text).unwrap();
    assert_eq!(text, "{\"a\":1}\n\nü\n");
}

#[test]
fn only_whole_records_count_as_written() {
    let mut room = 8;
    let mut full_disk = |bytes: &[u8]| match room.min(bytes.len()) {
        0 => Err(io::ErrorKind::StorageFull.into()),
        taken => {
            room -= taken;
            Ok(taken)
        }
    };
    let error = write_lines(&["123", "45", "678"], &mut full_disk).unwrap_err();
    assert_eq!((error.written, error.retryable, error.closed), (2, true, false));
}

#[test]
fn an_interrupted_write_is_tried_again() {
    let mut calls = 0;
    let interrupted = |bytes: &[u8]| {
        calls += 1;
        if calls == 1 { Err(io::ErrorKind::Interrupted.into()) } else { Ok(bytes.len()) }
    };
    write_lines(&["1"], interrupted).unwrap();
}

#[test]
fn a_reader_that_has_gone_closes_the_sink() {
    let mut process = child(module_path!(), "writes_until_its_reader_has_gone", "unused".as_ref())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap() == "a record"));
    drop(lines);
    let mut said = String::new();
    process.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    process.wait().unwrap();
    assert!(said.contains("closed true, retryable false: cannot write to the standard output: "), "{said}");
}

#[test]
#[ignore = "the other process of the test above"]
fn writes_until_its_reader_has_gone() {
    if given_path().is_none() {
        return;
    }
    let error = std::iter::repeat_with(|| Stdout.write(&["a record"])).find_map(Result::err).unwrap();
    eprintln!("closed {}, retryable {}: {error}", error.closed, error.retryable);
}
