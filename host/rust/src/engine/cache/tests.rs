use tempfile::TempDir;

use super::*;

#[test]
fn a_new_folder_is_made_for_this_user_alone() {
    let parent = TempDir::new().unwrap();
    let folder = prepare(&parent.path().join("a/b")).unwrap();
    assert!(folder.is_absolute());
    #[cfg(unix)]
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(prepare(&folder).unwrap(), folder, "and used again");
}

#[test]
#[cfg(unix)]
fn a_folder_that_others_can_write_is_not_used() {
    let parent = TempDir::new().unwrap();
    let folder = parent.path().join("cache");
    for open in [0o720, 0o702, 0o1777] {
        fs::create_dir_all(&folder).unwrap();
        chmod(&folder, open);
        assert!(prepare(&folder).is_err(), "mode {open:o}");
    }
    chmod(&folder, 0o755);
    assert!(prepare(&folder).is_ok(), "others may read");
}

#[test]
#[cfg(unix)]
fn a_folder_that_others_can_rename_is_not_used() {
    let parent = TempDir::new().unwrap();
    let folder = parent.path().join("open/cache");
    fs::create_dir_all(&folder).unwrap();
    chmod(&parent.path().join("open"), 0o777);
    chmod(&folder, 0o700);
    assert!(prepare(&folder).is_err());
    chmod(&parent.path().join("open"), 0o1777);
    assert!(prepare(&folder).is_ok(), "as in `/tmp`");
}

#[test]
#[cfg(unix)]
fn a_symbolic_link_is_not_followed() {
    let parent = TempDir::new().unwrap();
    let (folder, link) = (parent.path().join("cache"), parent.path().join("link"));
    fs::create_dir(&folder).unwrap();
    std::os::unix::fs::symlink(&folder, &link).unwrap();
    assert!(prepare(&link).is_err());
}

#[test]
#[cfg(unix)]
fn another_users_folder_is_not_used() {
    // Root's own would not do as an example when the tests run as root, so the tests' is given away then.
    let parent = TempDir::new().unwrap();
    let folder = match rustix::process::geteuid().is_root() {
        true => {
            std::os::unix::fs::chown(parent.path(), Some(12345), None).unwrap();
            parent.path().to_owned()
        }
        false => PathBuf::from("/"),
    };
    assert!(prepare(&folder).is_err());
}

#[test]
fn a_file_in_the_folders_place_means_no_cache() {
    let parent = TempDir::new().unwrap();
    let file = parent.path().join("file");
    fs::write(&file, "").unwrap();
    assert!(prepare(&file).is_err());
    assert!(prepare(&file.join("below")).is_err());
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

#[cfg(unix)]
fn chmod(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}
