//! The faults of `shim.c`, as one test sees them: compiled once, and told what to do through a file of numbers.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// What goes wrong, in the order of `shim.c`.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fault {
    /// How many writes of a thousand fail.
    Writes = 0,
    /// How many syncs of a thousand fail.
    Syncs = 1,
    /// How many opens of a thousand fail.
    Opens = 2,
    /// The error that they fail with.
    Errno = 3,
    /// Whether half of what is to be written is, before it fails.
    Torn = 4,
    /// By how much the clock is wrong, in milliseconds.
    OffsetMs = 5,
    /// The process stops with the write of this number.
    StopAt = 6,
    /// Whether `getppid` is `fork`.
    Fork = 7,
    Seed = 8,
    /// How many writes there were.
    Wrote = 9,
    /// How many calls have failed.
    Failed = 12,
}

const NUMBERS: u64 = 13;

/// One set of faults, for all processes that are given it.
pub(crate) struct Shim {
    library: &'static Path,
    file: PathBuf,
}

impl Shim {
    /// `None`, and a word about it, where there is no C compiler.
    pub(crate) fn new(folder: &Path) -> Option<Self> {
        static LIBRARY: OnceLock<Option<PathBuf>> = OnceLock::new();
        let library = LIBRARY.get_or_init(compile).as_deref();
        if library.is_none() || !cfg!(target_os = "linux") {
            println!("skipped: no C compiler for the faults");
            return None;
        }
        let file = folder.join("shim");
        fs::write(&file, vec![0; NUMBERS as usize * 8]).unwrap();
        let shim = Self { library: library?, file };
        // EIO.
        shim.set(Fault::Errno, 5);
        Some(shim)
    }

    pub(crate) fn set(&self, fault: Fault, value: i64) {
        let file = File::options().write(true).open(&self.file).unwrap();
        file.write_all_at(&value.to_ne_bytes(), fault as u64 * 8).unwrap();
    }

    pub(crate) fn get(&self, fault: Fault) -> i64 {
        let mut value = [0; 8];
        File::open(&self.file).unwrap().read_exact_at(&mut value, fault as u64 * 8).unwrap();
        i64::from_ne_bytes(value)
    }

    /// Makes the process have these faults.
    pub(crate) fn given_to(&self, command: &mut Command) {
        command.env("LD_PRELOAD", self.library).env("AUDITBOX_SHIM", &self.file);
    }
}

fn compile() -> Option<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/faults/shim.c");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let library = folder.join("faults-shim.so");
    let made = folder.join(format!("faults-shim-{}.so", std::process::id()));
    let mut cc = Command::new("cc");
    let done = cc.args(["-shared", "-fPIC", "-O1", "-o"]).arg(&made).arg(source).arg("-ldl").output().ok()?;
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    // Other runs of these tests may have it loaded.
    fs::rename(made, &library).unwrap();
    Some(library)
}
