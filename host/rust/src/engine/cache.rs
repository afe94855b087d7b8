//! Where compiled code is kept between runs. Who can write there can run code as us, so it must be a folder that only
//! this user can write; without one there is no cache, which costs time and nothing else.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use etcetera::BaseStrategy;
use wasmtime::{Cache, CacheConfig};

/// Names another folder.
const VARIABLE: &str = "AUDITBOX_CACHE_DIR";

/// wasmtime's cache in this user's folder, in one of its own there: it deletes what it does not know. `None` when there is no
/// folder that is safe.
pub(super) fn open() -> Option<Cache> {
    let folder = match env::var_os(VARIABLE) {
        Some(folder) if folder.is_empty() => return None,
        Some(folder) => PathBuf::from(folder),
        None => etcetera::choose_base_strategy().ok()?.cache_dir().join("auditbox"),
    };
    let mut config = CacheConfig::new();
    config.with_directory(prepare(&folder.join("rust")).ok()?);
    Cache::new(config).ok()
}

/// Creates the folder if need be, and answers with its absolute path.
///
/// # Errors
/// When it cannot be created, is a symbolic link, or anybody else could write it or put another in its place.
fn prepare(folder: &Path) -> io::Result<PathBuf> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    if fs::symlink_metadata(folder)?.is_symlink() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let folder = folder.canonicalize()?;
    #[cfg(unix)]
    check(&folder)?;
    Ok(folder)
}

/// The folder is ours and closed to others' writes; those above are ours or root's, and let nobody else rename what is
/// in them.
#[cfg(unix)]
fn check(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;

    let user = rustix::process::geteuid().as_raw();
    for (depth, place) in folder.ancestors().enumerate() {
        let found = fs::metadata(place)?;
        let shared = found.mode() & 0o022 != 0;
        let sticky = found.mode() & 0o1000 != 0;
        let safe = match depth {
            0 => found.uid() == user && !shared,
            _ => [user, 0].contains(&found.uid()) && (!shared || sticky),
        };
        if !safe {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
