//! Where the outbox is, and that it is a file of our own.

use std::ffi::OsStr;
use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;

use super::super::{create_folder_of, folder_of, identity};
use super::OutboxError;

/// The file that is used when the user names none: `outbox.db` in `AUDITBOX_DIR`, else in `auditbox` in the user's
/// state directory.
///
/// # Errors
/// When `AUDITBOX_DIR` is not set and the user has no home directory.
pub(crate) fn default_path() -> Result<PathBuf, OutboxError> {
    default_path_in(std::env::var_os("AUDITBOX_DIR").as_deref())
}

pub(super) fn default_path_in(auditbox_dir: Option<&OsStr>) -> Result<PathBuf, OutboxError> {
    if let Some(folder) = auditbox_dir.filter(|folder| !folder.is_empty()) {
        return Ok(Path::new(folder).join("outbox.db"));
    }
    let base = etcetera::choose_base_strategy().map_err(|_| {
        OutboxError::lasting("this user has no home directory for the outbox: set `AUDITBOX_DIR` to a folder".into())
    })?;
    Ok(base.state_dir().unwrap_or_else(|| base.data_dir()).join("auditbox").join("outbox.db"))
}

/// The path to give to SQLite, if there is a file.
///
/// # Errors
/// When something else than a regular file is there, or it is not to be seen.
pub(super) fn find(path: &Path) -> Result<Option<PathBuf>, OutboxError> {
    refuse_network(path)?;
    let found = resolve(path).and_then(|file| Ok((fs::symlink_metadata(&file)?.file_type(), file)));
    let reason = match found {
        Ok((kind, file)) if kind.is_file() => return Ok(Some(file)),
        Ok((kind, _)) if kind.is_dir() => "is a folder: name a file in it",
        Ok((kind, _)) if kind.is_symlink() => "is a symbolic link: name the file that it leads to",
        Ok(_) => "is not a regular file: choose another",
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(OutboxError::io("open", path, &error)),
    };
    Err(OutboxError::lasting(format!("the outbox `{}` {reason}", path.display())))
}

/// File systems of other machines, by the number that `statfs` knows them by (linux/magic.h and the file systems' own
/// sources). SQLite's WAL needs memory that all its users share, and locks that hold: there they do neither.
#[cfg(target_os = "linux")]
const NETWORKS: [(i64, &str); 11] = [
    (0x6969, "NFS"),
    (0x517B, "SMB"),
    (0xFE53_4D42, "SMB2"),
    (0xFF53_4D42, "CIFS"),
    (0x5346_414F, "AFS"),
    (0x7375_7245, "Coda"),
    (0x00C3_6400, "Ceph"),
    (0x0BD0_0BD0, "Lustre"),
    (0x0116_1970, "GFS2"),
    (0x7461_636F, "OCFS2"),
    (0x1983_0326, "BeeGFS"),
];

/// # Errors
/// When the folder of `path` is on another machine.
pub(super) fn refuse_network(path: &Path) -> Result<(), OutboxError> {
    #[cfg(target_os = "linux")]
    if let Ok(found) = rustix::fs::statfs(folder_of(path)) {
        let magic = found.f_type & 0xFFFF_FFFF;
        return network(magic).map_or(Ok(()), |name| {
            Err(OutboxError::lasting(format!(
                "the outbox `{}` would be on a network file system ({name}), where SQLite cannot keep processes apart: \
                 choose a path on a disk of this machine, for example by `AUDITBOX_DIR`",
                path.display()
            )))
        });
    }
    let _ = path;
    Ok(())
}

#[cfg(target_os = "linux")]
pub(super) fn network(magic: i64) -> Option<&'static str> {
    NETWORKS.iter().find(|(known, _)| *known == magic).map(|(_, name)| *name)
}

/// A new outbox under a name of its own, until it is finished.
pub(super) struct Draft {
    /// What SQLite is to fill.
    pub(super) file: PathBuf,
    /// Where it belongs.
    target: PathBuf,
}

impl Draft {
    /// Makes the folder, and an empty file that is this user's alone before SQLite sees it.
    ///
    /// # Errors
    /// When the folder or the file cannot be made, or a part of another outbox is there.
    pub(super) fn create(path: &Path) -> Result<Self, OutboxError> {
        create_folder_of(path).map_err(|error| OutboxError::io("create the folder of", path, &error))?;
        refuse_network(path)?;
        let create = || {
            let target = resolve(path)?;
            let number = getrandom::u64().map_err(|error| io::Error::other(error.to_string()))?;
            let draft = Self { file: with_suffix(&target, &format!(".{number:016x}.new")), target };
            let mut how = OpenOptions::new();
            how.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut how, 0o600);
            how.open(&draft.file).map(|_| draft)
        };
        let draft = create().map_err(|error| OutboxError::io("create", path, &error))?;
        // In this order: another process may be making both.
        if wal(&draft.target).exists() && !draft.target.exists() {
            return Err(orphaned(path));
        }
        Ok(draft)
    }

    /// Gives the finished file its name, unless another process was faster: `false`. Nobody ever meets half an outbox.
    ///
    /// # Errors
    /// When it cannot be renamed.
    pub(super) fn publish(self, path: &Path) -> Result<bool, OutboxError> {
        let published = match fs::hard_link(&self.file, &self.target) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            // A file system without links.
            Err(_) if !self.target.exists() => fs::rename(&self.file, &self.target).map(|()| true),
            done => done.map(|()| true),
        };
        published.map_err(|error| OutboxError::io("create", path, &error))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        for suffix in ["", "-journal", "-wal", "-shm"] {
            let _ = fs::remove_file(with_suffix(&self.file, suffix));
        }
    }
}

/// What SQLite keeps beside `file`, in the order in which it makes them.
pub(super) fn parts(file: &Path) -> [PathBuf; 2] {
    [wal(file), with_suffix(file, "-shm")]
}

/// Where SQLite keeps what is committed and not yet in `file`.
pub(super) fn wal(file: &Path) -> PathBuf {
    with_suffix(file, "-wal")
}

/// A WAL without its database is a part of an outbox that was moved, and may hold records. SQLite would delete it, or
/// mix it with another one.
pub(super) fn orphaned(path: &Path) -> OutboxError {
    OutboxError::passing(format!(
        "the outbox `{0}` was moved or deleted, but `{0}-wal`, which may hold records of it, is still there: put them \
         together again, or move the rest away, too",
        path.display()
    ))
}

/// Another file has taken the place of the one that was open.
pub(super) fn replaced(path: &Path) -> OutboxError {
    OutboxError::passing(format!("the outbox `{}` was replaced while it was written: try again", path.display()))
}

/// A name beside `file` for what is put aside: nobody has it.
pub(super) fn free_name(file: &Path) -> Result<PathBuf, OutboxError> {
    let number = getrandom::u64().map_err(|error| OutboxError::passing(format!("no randomness: {error}")))?;
    Ok(with_suffix(file, &format!(".damaged-{number:016x}")))
}

pub(super) fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Which file it is, whatever its name.
pub(super) type Identity = (u64, u64);

/// Which file is there now, if any.
pub(super) fn identity_at(file: &Path) -> Option<Identity> {
    fs::symlink_metadata(file).ok().map(|metadata| identity(&metadata))
}

/// Follows the links to the folder, as SQLite is told to follow none: a link that somebody puts there later, or one in
/// the file's own place, cannot lead it elsewhere.
fn resolve(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or(io::ErrorKind::IsADirectory)?;
    Ok(fs::canonicalize(folder_of(path))?.join(name))
}
