//! Keys that are taken, and files that are refused.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use tempfile::TempDir;

use super::*;

const KEY: &str = "abx_live_0123456789";

fn file(folder: &TempDir, contents: impl AsRef<[u8]>, mode: u32) -> PathBuf {
    let path = folder.path().join("key");
    fs::write(&path, contents).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    path
}

fn refusal(contents: impl AsRef<[u8]>, mode: u32) -> String {
    let folder = TempDir::new().unwrap();
    let path = file(&folder, contents, mode);
    let error = ApiKey::find_in(None, Some(&path)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    let text = error.to_string();
    assert!(text.contains(path.to_str().unwrap()), "{text}");
    assert!(!text.contains(KEY), "{text}");
    text
}

#[test]
fn the_key_of_the_environment_goes_before_the_file() {
    let folder = TempDir::new().unwrap();
    let path = file(&folder, "of-the-file", 0o600);
    let found = |variable: Option<&str>| ApiKey::find_in(variable.map(Into::into), Some(&path)).unwrap().unwrap();
    assert!(found(Some(KEY)).is(KEY.as_bytes()));
    assert!(found(None).is(b"of-the-file"));
    assert!(found(Some(" \n")).is(b"of-the-file"), "a blank variable is none");
}

#[test]
fn blanks_around_a_key_do_not_belong_to_it() {
    let folder = TempDir::new().unwrap();
    let key = ApiKey::find_in(None, Some(&file(&folder, format!("\n  {KEY}\r\n"), 0o400))).unwrap().unwrap();
    assert!(key.is(KEY.as_bytes()));
    assert!(!key.is(&KEY.as_bytes()[1..]) && !key.is(b"") && !key.is(format!("{KEY}x").as_bytes()));
}

#[test]
fn an_empty_key_is_none() {
    let folder = TempDir::new().unwrap();
    assert!(ApiKey::find_in(None, Some(&file(&folder, "\n", 0o600))).unwrap().is_none());
    assert!(ApiKey::find_in(None, None).unwrap().is_none());
}

#[test]
fn a_file_that_others_can_read_is_refused_with_the_way_out() {
    for mode in [0o640, 0o604, 0o610, 0o602] {
        let text = refusal(KEY, mode);
        assert!(text.contains(&format!("mode {mode:03o}")) && text.contains("chmod 600"), "{text}");
    }
}

#[test]
fn a_file_of_another_user_is_refused() {
    if !rustix::process::geteuid().is_root() {
        println!("skipped: only root can give a file away");
        return;
    }
    let folder = TempDir::new().unwrap();
    let path = file(&folder, KEY, 0o600);
    std::os::unix::fs::chown(&path, Some(65_534), None).unwrap();
    assert!(ApiKey::find_in(None, Some(&path)).unwrap_err().to_string().contains("belongs to user 65534"));
}

#[test]
fn what_can_be_no_key_is_refused_without_being_shown() {
    assert!(refusal("x".repeat(4097), 0o600).contains("longer than 4096 bytes"));
    for contents in [format!("{KEY} {KEY}"), format!("{KEY}\nX-Other: 1"), format!("{KEY}é"), format!("{KEY}\0")] {
        assert!(refusal(contents, 0o600).contains("not visible ASCII"));
    }
    let error = ApiKey::find_in(Some(format!("{KEY} {KEY}").into()), None).unwrap_err().to_string();
    assert!(error.contains("`AUDITBOX_API_KEY`") && !error.contains(KEY), "{error}");
}

#[test]
fn a_folder_a_pipe_and_a_missing_file_are_refused() {
    let folder = TempDir::new().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for path in [folder.path(), &pipe] {
        let text = ApiKey::find_in(None, Some(path)).unwrap_err().to_string();
        assert!(text.contains("not a regular file"), "{text}");
    }
    let text = ApiKey::find_in(None, Some(&folder.path().join("none"))).unwrap_err().to_string();
    assert!(text.contains("cannot be read"), "{text}");
}

#[test]
fn a_link_to_a_private_file_is_followed() {
    let folder = TempDir::new().unwrap();
    let link = folder.path().join("link");
    std::os::unix::fs::symlink(file(&folder, KEY, 0o600), &link).unwrap();
    assert!(ApiKey::find_in(None, Some(&link)).unwrap().unwrap().is(KEY.as_bytes()));
}

#[test]
fn debug_shows_neither_the_key_nor_its_header() {
    let key = ApiKey::find_in(Some(KEY.into()), None).unwrap().unwrap();
    let header = key.header().unwrap();
    assert_eq!(header.as_bytes(), format!("Bearer {KEY}").as_bytes());
    assert_eq!(format!("{key:?}"), "ApiKey([REDACTED])");
    assert!(!format!("{header:?}").contains(KEY));
}
