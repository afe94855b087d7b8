//! What the capabilities' tests share: another process, and a small disk.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// This test program again, running only the ignored test `name` of `module` (its `module_path!()`).
pub(super) fn child(module: &str, name: &str, path: &Path) -> Command {
    let (_, module) = module.split_once("::").unwrap();
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([&format!("{module}::{name}"), "--exact", "--ignored", "--nocapture", "--test-threads=1"]);
    command.env("AUDITBOX_TEST_PATH", path);
    command
}

/// In the child: the path its parent gave it. `None`: somebody ran all ignored tests.
pub(super) fn given_path() -> Option<PathBuf> {
    std::env::var_os("AUDITBOX_TEST_PATH").map(PathBuf::from)
}

/// Runs children at the same time, and `meanwhile` beside them; all are to succeed.
pub(super) fn run_together(children: impl IntoIterator<Item = Command>, meanwhile: impl FnOnce()) {
    let spawn = |mut command: Command| command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let mut children: Vec<_> = children.into_iter().map(spawn).collect();
    // The end of their input is the signal to start.
    children.iter_mut().for_each(|child| drop(child.stdin.take()));
    meanwhile();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
}

/// In a child of `run_together`: until the others are there, too.
pub(super) fn wait_for_start() {
    std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
}

/// A small file system in memory, as long as this lives.
pub(super) struct Disk(PathBuf);

impl Disk {
    /// `None`, and a word about it, where this user may not mount.
    pub(super) fn mount(folder: &Path, options: &str) -> Option<Self> {
        let done = Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(folder).output();
        if done.is_ok_and(|output| output.status.success()) {
            return Some(Self(folder.to_owned()));
        }
        println!("skipped: cannot mount a file system here");
        None
    }

    pub(super) fn make_read_only(&self) {
        assert!(Command::new("mount").args(["-o", "remount,ro"]).arg(&self.0).status().unwrap().success());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// The rights on a file or folder.
#[cfg(unix)]
pub(super) fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// Lets a child run as a user without rights, when this one has them all; `false` where that cannot be tried.
#[cfg(unix)]
pub(super) fn without_rights(command: &mut Command) -> bool {
    use std::os::unix::process::CommandExt;
    if rustix::process::geteuid().is_root() {
        command.uid(65_534).gid(65_534);
        // The program itself may be out of that user's reach.
        let reached = Command::new(command.get_program()).arg("--list").uid(65_534).gid(65_534).output();
        if !reached.is_ok_and(|output| output.status.success()) {
            println!("skipped: the test program is out of another user's reach");
            return false;
        }
    }
    true
}
