#![cfg(unix)]

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use super::super::testing::{Disk, child, given_path, mode, run_together, wait_for_start, without_rights};
use super::*;

fn options(path: &Path) -> FileOptions {
    FileOptions { path: path.to_owned(), fsync: Fsync::Never, max_bytes: None, keep: 5 }
}

fn sink(options: &FileOptions) -> FileSink {
    FileSink::open(options.clone()).unwrap()
}

fn refusal(path: &Path) -> String {
    FileSink::open(options(path)).err().unwrap().to_string()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

fn another(test: &str, name: &str, path: &Path) -> Command {
    let mut command = child(module_path!(), test, path);
    command.env("AUDITBOX_TEST_NAME", name);
    command
}

/// `log`, `log.1`, `log.2` and so on, and all their lines.
fn all_lines(log: &Path) -> Vec<String> {
    let rotated = (1..).map(|number| log.with_extension(number.to_string())).take_while(|path| path.exists());
    let files = rotated.chain([log.to_owned()].into_iter().filter(|path| path.exists()));
    files.flat_map(|path| read(&path).lines().map(String::from).collect::<Vec<_>>()).collect()
}

#[test]
fn the_options_are_those_of_the_configuration_in_force() {
    let options: FileOptions =
        serde_json::from_str(r#"{"path":"a/b.jsonl","fsync":"always","max_bytes":null,"keep":5}"#).unwrap();
    assert_eq!(options.path, Path::new("a/b.jsonl"));
    assert_eq!((options.fsync, options.max_bytes, options.keep), (Fsync::Always, None, 5));
}

#[test]
fn records_are_appended_to_a_file_of_this_user_alone() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("new/folder/log");
    sink(&options(&path)).write(&["1", "2"]).unwrap();
    sink(&options(&path)).write(&["3"]).unwrap();
    assert_eq!(read(&path), "1\n2\n3\n");
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(&folder.path().join("new")), 0o700);
    assert_eq!(mode(&folder.path().join("new/folder")), 0o700);
}

#[test]
fn what_is_no_file_is_refused() {
    let folder = TempDir::new().unwrap();
    let refused = refusal(folder.path());
    assert!(refused.contains(&format!("cannot open the log `{}`", folder.path().display())), "{refused}");
    assert!(refused.ends_with("name a file, not a folder"), "{refused}");

    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let refused = refusal(&pipe);
    assert!(refused.ends_with("it is neither a file nor a device: choose another path"), "{refused}");

    fs::write(folder.path().join("file"), "").unwrap();
    let refused = refusal(&folder.path().join("file/log"));
    assert!(refused.ends_with("a part of the path is a file, not a folder: choose another path"), "{refused}");
}

#[test]
fn a_folder_without_rights_is_refused() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("locked/log");
    fs::create_dir(folder.path().join("locked")).unwrap();
    Command::new("chmod").args(["-R", "0555"]).arg(folder.path()).status().unwrap();
    let mut command = child(module_path!(), "is_refused", &path);
    if without_rights(&mut command) {
        let said = String::from_utf8(command.output().unwrap().stdout).unwrap();
        assert!(said.contains("give this user the right to read and write there, or choose another path"), "{said}");
    }
    Command::new("chmod").args(["-R", "0755"]).arg(folder.path()).status().unwrap();
}

#[test]
#[ignore = "the other process of the test above"]
fn is_refused() {
    if let Some(path) = given_path() {
        println!("{}", refusal(&path));
    }
}

#[test]
fn lines_of_several_processes_never_interleave() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("log");
    run_together(["a", "b", "c"].map(|name| another("writes_many_lines", name, &path)), || {});
    let mut whole = 0;
    for line in read(&path).lines() {
        let name = line.get(..1).unwrap();
        assert!(line.len() > 1_000 && line == name.repeat(line.len()), "two writers share a line");
        whole += 1;
    }
    assert_eq!(whole, 3 * 1_200);
}

#[test]
#[ignore = "the other process of the test above"]
fn writes_many_lines() {
    let Some(path) = given_path() else { return };
    let name = std::env::var("AUDITBOX_TEST_NAME").unwrap();
    wait_for_start();
    let sink = sink(&options(&path));
    for call in 0..300 {
        let line = name.repeat(1_001 + 37 * call);
        sink.write(&[line.as_str(); 4]).unwrap();
    }
}

#[test]
fn a_torn_line_does_not_swallow_the_next() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("log");
    fs::write(&path, "1\n{\"half").unwrap();
    let sink = sink(&options(&path));
    sink.write(&["2", "3"]).unwrap();
    // Another process is killed in the middle of its line.
    fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(b"{\"ha").unwrap();
    sink.write(&["4"]).unwrap();
    assert_eq!(read(&path), "1\n{\"half\n2\n3\n{\"ha\n4\n");
}

#[test]
fn a_full_disk_fails_what_did_not_fit_and_nothing_else() {
    let folder = TempDir::new().unwrap();
    let Some(_disk) = Disk::mount(folder.path(), "size=64k") else { return };
    let ballast = folder.path().join("ballast");
    fs::write(&ballast, [0; 8_192]).unwrap();
    let path = folder.path().join("log");
    let sink = sink(&options(&path));
    let record = "x".repeat(999);
    let error = sink.write(&[record.as_str(); 100]).unwrap_err();
    assert!(error.message.ends_with("free some space, then try again"), "{error}");
    assert!(error.retryable && !error.closed);

    let text = read(&path);
    let (whole, torn) = text.rsplit_once('\n').unwrap();
    assert_eq!(whole.lines().filter(|line| *line == record).count(), error.written);
    assert_eq!(whole.lines().count(), error.written);
    assert!(error.written > 40 && !torn.is_empty(), "the disk is expected to be full inside a line");

    fs::write(ballast, "").unwrap();
    sink.write(&["fits"]).unwrap();
    assert_eq!(read(&path), format!("{text}\nfits\n"));
}

#[test]
fn a_rotated_log_moves_up_until_it_is_too_old() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("log");
    let sink = sink(&FileOptions { max_bytes: Some(10), keep: 2, ..options(&path) });
    for record in ["1111", "2222", "3333", "a line of its own", "4444", "5555", "6666"] {
        sink.write(&[record]).unwrap();
    }
    assert_eq!(read(&path), "6666\n");
    assert_eq!(read(&folder.path().join("log.1")), "4444\n5555\n");
    assert_eq!(read(&folder.path().join("log.2")), "a line of its own\n");
    assert!(!folder.path().join("log.3").exists());
    assert_eq!(mode(&path), 0o600);
}

#[test]
fn one_call_may_fill_several_logs() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("log");
    let sink = sink(&FileOptions { max_bytes: Some(10), fsync: Fsync::Always, ..options(&path) });
    sink.write(&["1111", "2222", "3333", "4444", "5555"]).unwrap();
    assert_eq!(all_lines(&path), ["3333", "4444", "1111", "2222", "5555"]);
}

#[test]
fn a_writer_that_rests_does_not_hold_up_the_rotation() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("log");
    let (resting, rotating) = (sink(&options(&path)), sink(&FileOptions { max_bytes: Some(5), ..options(&path) }));
    resting.write(&["1111"]).unwrap();
    rotating.write(&["2222"]).unwrap();
    resting.write(&["3333"]).unwrap();
    assert_eq!(all_lines(&path), ["1111", "2222", "3333"]);
}

#[test]
fn logs_beyond_a_smaller_keep_are_deleted() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("log");
    for number in 1..=5 {
        fs::write(folder.path().join(format!("log.{number}")), "").unwrap();
    }
    let sink = sink(&FileOptions { max_bytes: Some(5), keep: 3, ..options(&path) });
    sink.write(&["1111", "2222"]).unwrap();
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 4);
    assert_eq!(read(&folder.path().join("log.1")), "1111\n");
}

#[test]
fn without_a_kept_log_only_the_newest_lines_stay() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("log");
    let sink = sink(&FileOptions { max_bytes: Some(10), keep: 0, ..options(&path) });
    sink.write(&["1111", "2222", "3333"]).unwrap();
    assert_eq!(read(&path), "3333\n");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn rotation_by_several_writers_loses_no_line() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("log");
    run_together(["a", "b"].map(|name| another("writes_and_rotates", name, &path)), || {
        std::thread::scope(|scope| {
            for name in ["c", "d"] {
                scope.spawn(|| write_and_rotate(&path, name));
            }
        });
    });
    let lines = all_lines(&path);
    let distinct: BTreeSet<_> = lines.iter().collect();
    assert_eq!((lines.len(), distinct.len()), (4 * 600, 4 * 600));
    assert!(folder.path().join("log.100").exists(), "it is expected to have been rotated often");
    for number in (1..).map(|number| folder.path().join(format!("log.{number}"))).take_while(|path| path.exists()) {
        assert!(read(&number).len() > 130, "a log that was not full was rotated");
    }
}

#[test]
#[ignore = "the other process of the test above"]
fn writes_and_rotates() {
    if let Some(path) = given_path() {
        wait_for_start();
        write_and_rotate(&path, &std::env::var("AUDITBOX_TEST_NAME").unwrap());
    }
}

fn write_and_rotate(path: &Path, name: &str) {
    let sink = sink(&FileOptions { max_bytes: Some(150), keep: 100_000, ..options(path) });
    for number in 0..200 {
        let records = ["x", "y", "z"].map(|part| format!("{name} {number} {part}"));
        sink.write(&records.each_ref().map(String::as_str)).unwrap();
    }
}

#[test]
fn a_log_that_somebody_renames_or_deletes_is_opened_anew() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("logs/log");
    let sink = sink(&options(&path));
    sink.write(&["1"]).unwrap();
    fs::rename(&path, folder.path().join("moved")).unwrap();
    sink.write(&["2"]).unwrap();
    assert_eq!(read(&folder.path().join("moved")), "1\n");
    assert_eq!(read(&path), "2\n");
    fs::remove_dir_all(folder.path().join("logs")).unwrap();
    sink.write(&["3"]).unwrap();
    assert_eq!(read(&path), "3\n");
}

#[test]
fn a_log_that_cannot_be_opened_anew_is_tried_again_at_the_next_write() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("logs/log");
    let sink = sink(&options(&path));
    fs::remove_dir_all(folder.path().join("logs")).unwrap();
    fs::write(folder.path().join("logs"), "in the way").unwrap();
    let error = sink.write(&["1"]).unwrap_err();
    assert_eq!((error.written, error.retryable), (0, true));
    assert!(error.message.contains(&format!("`{}`", path.display())), "{error}");
    fs::remove_file(folder.path().join("logs")).unwrap();
    sink.write(&["2"]).unwrap();
    assert_eq!(read(&path), "2\n");
}

#[test]
fn a_line_that_could_not_be_forced_to_the_disk_is_not_written() {
    // A device that takes everything and cannot sync.
    let null = Path::new("/dev/null");
    sink(&options(null)).write(&["1"]).unwrap();
    let error = sink(&FileOptions { fsync: Fsync::Always, ..options(null) }).write(&["1"]).unwrap_err();
    assert_eq!(error.written, 0);
}
