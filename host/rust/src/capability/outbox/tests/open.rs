use std::fs;
use std::process::Command;

use rusqlite::OpenFlags;
use tempfile::TempDir;

use super::super::super::testing::{Disk, child, given_path, mode, without_rights};
use super::*;

fn refusal(path: &Path) -> String {
    Outbox::open(Options::unlimited(path)).err().unwrap().to_string()
}

#[test]
fn an_outbox_is_made_for_this_user_alone() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("new/folder/outbox.db");
    let outbox = outbox(&path);
    store(&outbox, "1").unwrap();
    for folder in ["new", "new/folder"].map(|name| folder.path().join(name)) {
        assert_eq!(mode(&folder), 0o700);
    }
    for file in ["outbox.db", "outbox.db-wal", "outbox.db-shm"] {
        assert_eq!(mode(&path.with_file_name(file)), 0o600);
    }
    assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 3);
}

#[test]
fn the_table_is_the_one_that_others_know() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("outbox.db");
    drop(outbox(&path));
    let connection = sqlite(&path);
    let columns: Vec<String> = connection
        .prepare("SELECT name FROM pragma_table_info('audit_queue') ORDER BY cid")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let expected = "id event_id event_type payload created_at sync_status retry_count next_attempt_at last_error agent_id \
         producer";
    assert_eq!(columns.join(" "), expected);
    let strict: bool = connection
        .query_row("SELECT strict FROM pragma_table_list WHERE name = 'audit_queue'", [], |row| row.get(0))
        .unwrap();
    assert!(strict);
}

#[test]
fn a_commit_is_on_the_disk_and_nothing_waits_inside_sqlite() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("outbox.db");
    drop(outbox(&path));
    let patience = Duration::ZERO;
    let connection = store::connect(&path, &path, OpenFlags::SQLITE_OPEN_READ_WRITE, patience).unwrap();
    let setting =
        |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0)).unwrap();
    assert_eq!(setting("journal_mode"), "wal".to_owned().into());
    assert_eq!(setting("synchronous"), 2.into());
    assert_eq!(setting("fullfsync"), 1.into());
    assert_eq!(setting("busy_timeout"), 0.into());
    assert_eq!(setting("mmap_size"), 0.into());
}

#[test]
fn an_sqlite_that_can_lose_commits_is_refused() {
    for fixed in [3_044_006, 3_044_099, 3_050_007, 3_051_003, 3_052_000, 4_000_000] {
        assert!(store::has_wal_reset_fix(fixed), "{fixed}");
    }
    for broken in [3_040_001, 3_044_005, 3_045_000, 3_050_006, 3_051_000, 3_051_002] {
        assert!(!store::has_wal_reset_fix(broken), "{broken}");
    }
    assert!(store::has_wal_reset_fix(rusqlite::version_number()));
}

#[test]
fn a_text_file_is_refused_and_left_alone() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("notes");
    for text in ["xy", "some notes, no records", &"a longer text\n".repeat(1_000)] {
        fs::write(&path, text).unwrap();
        let refused = refusal(&path);
        let expected = "file is not a database: it is not an SQLite file: choose another file";
        assert_eq!(refused, format!("cannot open the outbox `{}`: {expected}", path.display()));
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
}

#[test]
fn another_applications_database_is_refused_and_left_alone() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("other.db");
    for schema in [
        "CREATE TABLE audit_queue (id INTEGER PRIMARY KEY, event_type TEXT, payload TEXT)",
        "PRAGMA application_id = 1",
        "PRAGMA user_version = 1",
        "PRAGMA application_id = 1635082872; CREATE TABLE t (a)",
    ] {
        let _ = fs::remove_file(&path);
        sqlite(&path).execute_batch(schema).unwrap();
        let before = fs::read(&path).unwrap();
        let refused = refusal(&path);
        assert!(refused.contains("is not an outbox but another application's database: choose another"), "{refused}");
        assert!(fs::read(&path).unwrap() == before, "the file was written: {schema}");
    }
}

#[test]
fn a_newer_schema_is_refused_and_left_alone() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("outbox.db");
    drop(outbox(&path));
    sqlite(&path).pragma_update(None, "user_version", 7).unwrap();
    let before = fs::read(&path).unwrap();
    let expected = format!(
        "the outbox `{}` was written by a newer auditbox (schema 7, this one knows 2): upgrade auditbox or choose \
         another file",
        path.display()
    );
    assert_eq!(refusal(&path), expected);
    assert_eq!(Reader::open(&path).err().unwrap().to_string(), expected);
    assert!(fs::read(&path).unwrap() == before);
}

#[test]
fn what_is_no_file_is_refused() {
    let folder = TempDir::new().unwrap();
    let refused = refusal(folder.path());
    assert_eq!(refused, format!("the outbox `{}` is a folder: name a file in it", folder.path().display()));

    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    assert!(refusal(&pipe).ends_with("is not a regular file: choose another"));

    fs::write(folder.path().join("file"), "").unwrap();
    let refused = refusal(&folder.path().join("file/outbox.db"));
    assert!(refused.ends_with("a part of the path is a file, not a folder: choose another path"), "{refused}");
}

#[test]
fn a_link_in_the_place_of_the_file_is_not_followed() {
    let folder = TempDir::new().unwrap();
    let victim = folder.path().join("victim.db");
    for path in [folder.path().join("outbox.db"), folder.path().join("dangling.db")] {
        std::os::unix::fs::symlink(&victim, &path).unwrap();
        let refused = refusal(&path);
        assert!(refused.ends_with("is a symbolic link: name the file that it leads to"), "{refused}");
        let error = store::connect(&path, &path, OpenFlags::SQLITE_OPEN_READ_WRITE, Duration::ZERO).err();
        assert!(error.is_some(), "SQLite itself is to follow no link, wherever it comes from");
        fs::write(&victim, "").unwrap();
    }
    assert_eq!(fs::metadata(&victim).unwrap().len(), 0);
}

#[test]
fn a_link_to_the_folder_is_followed() {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("real")).unwrap();
    std::os::unix::fs::symlink("real", folder.path().join("link")).unwrap();
    store(&outbox(&folder.path().join("link/outbox.db")), "1").unwrap();
    assert_eq!(stored(&folder.path().join("real/outbox.db")), ["1"]);
}

#[test]
fn a_file_that_may_only_be_read_is_refused() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("outbox.db");
    drop(outbox(&path));
    Command::new("chmod").arg("0444").arg(&path).status().unwrap();
    Command::new("chmod").arg("0777").arg(folder.path()).status().unwrap();
    let mut command = child(module_path!(), "is_refused", &path);
    if without_rights(&mut command) {
        let said = String::from_utf8(command.output().unwrap().stdout).unwrap();
        let expected = "can only be read: give this user the right to write it and its folder, or choose another file";
        assert!(said.contains(&format!("the outbox `{}` {expected}", path.display())), "{said}");
    }
}

#[test]
#[ignore = "the other process of the tests here"]
fn is_refused() {
    if let Some(path) = given_path() {
        println!("{}", refusal(&path));
    }
}

#[test]
fn a_folder_without_rights_is_refused() {
    let folder = TempDir::new().unwrap();
    let (new, old) = (folder.path().join("new.db"), folder.path().join("old.db"));
    drop(outbox(&old));
    Command::new("chmod").arg("0666").arg(&old).status().unwrap();
    Command::new("chmod").arg("0555").arg(folder.path()).status().unwrap();
    for (path, expected) in [(&new, "create"), (&old, "open")] {
        let mut command = child(module_path!(), "is_refused", path);
        if without_rights(&mut command) {
            let said = String::from_utf8(command.output().unwrap().stdout).unwrap();
            assert!(said.contains(&format!("cannot {expected} the outbox `{}`", path.display())), "{said}");
            assert!(said.contains("give this user the right to"), "{said}");
        }
    }
    Command::new("chmod").arg("0755").arg(folder.path()).status().unwrap();
}

#[test]
fn a_read_only_file_system_is_refused() {
    let folder = TempDir::new().unwrap();
    let Some(disk) = Disk::mount(folder.path(), "size=1m") else { return };
    let path = folder.path().join("outbox.db");
    drop(outbox(&path));
    disk.make_read_only();
    let refused = refusal(&path);
    assert!(refused.contains("can only be read: give this user the right to write it"), "{refused}");
    let refused = refusal(&folder.path().join("new.db"));
    assert!(refused.ends_with("choose a path on a file system that can be written"), "{refused}");
}

#[test]
fn a_full_disk_is_refused_until_there_is_room() {
    let folder = TempDir::new().unwrap();
    let Some(_disk) = Disk::mount(folder.path(), "size=128k") else { return };
    let ballast = folder.path().join("ballast");
    let mut file = fs::File::create(&ballast).unwrap();
    while std::io::Write::write(&mut file, &[0; 4_096]).is_ok() {}
    drop(file);
    let path = folder.path().join("outbox.db");
    let error = Outbox::open(Options::unlimited(&path)).err().unwrap();
    assert!(error.is_retryable());
    assert!(error.to_string().ends_with("free some space, then try again"), "{error}");
    fs::write(ballast, "").unwrap();
    drop(outbox(&path));
}

#[test]
fn a_wal_that_has_lost_its_database_is_not_thrown_away() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("outbox.db");
    let wal = folder.path().join("outbox.db-wal");
    fs::write(&wal, "records").unwrap();
    let refused = refusal(&path);
    assert!(
        refused.contains(&format!("`{}-wal`, which may hold records of it, is still there", path.display())),
        "{refused}"
    );
    assert_eq!(fs::read(&wal).unwrap(), b"records");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn an_empty_file_becomes_an_outbox() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("outbox.db");
    fs::write(&path, "").unwrap();
    store(&outbox(&path), "1").unwrap();
    assert_eq!(stored(&path), ["1"]);
}

#[test]
fn a_name_that_sqlite_would_read_as_a_uri_is_a_name() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("file:a?mode=memory#ü");
    store(&outbox(&path), "1").unwrap();
    assert!(path.exists());
    assert_eq!(stored(&path), ["1"]);
}

#[test]
fn the_default_place_is_auditbox_dir_or_the_users_state() {
    let place = |folder: Option<&str>| place::default_path_in(folder.map(str::as_ref)).unwrap();
    assert_eq!(place(Some("some/folder")), Path::new("some/folder/outbox.db"));
    assert!(place(None).ends_with("auditbox/outbox.db"));
    assert!(place(None).is_absolute());
    assert_eq!(place(Some("")), place(None));
}

#[test]
#[cfg(target_os = "linux")]
fn network_file_systems_are_known_by_their_numbers() {
    // From linux/magic.h, and ext4, tmpfs and overlayfs, which are none.
    for (magic, expected) in [(0x6969, Some("NFS")), (0xFE53_4D42, Some("SMB2")), (0xEF53, None), (0x0102_1994, None)] {
        assert_eq!(place::network(magic), expected);
    }
}
