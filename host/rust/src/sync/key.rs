//! The key of the endpoint's API: where it comes from, and that it goes nowhere but into one header.
//!
//! Wiped when it is no longer used. The HTTP library has a copy in its buffer while a request is under way; there is no
//! other.

use std::ffi::OsString;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use bytes::Bytes;
use ureq::http::HeaderValue;
use zeroize::Zeroizing;

use crate::error::{Error, ErrorKind};

/// Where the key is looked for first.
pub(crate) const VARIABLE: &str = "AUDITBOX_API_KEY";

/// Longest key, in bytes, with the blanks around it: servers refuse headers that are longer than 8 KiB.
const LONGEST: usize = 4 << 10;
/// Longest private file of other sorts: a client's key with its chain.
const LONGEST_PEM: usize = 256 << 10;

/// A key. It is not to be cloned, and `Debug` does not show it.
pub(crate) struct ApiKey(Zeroizing<Vec<u8>>);

impl ApiKey {
    /// The key in the environment's `AUDITBOX_API_KEY`, else in the file. `None`: in neither; empty is as good as none.
    ///
    /// # Errors
    /// When the file cannot be read, or by others than its owner as well, and when what is there can be no key.
    pub(crate) fn find(file: Option<&Path>) -> Result<Option<Self>, Error> {
        Self::find_in(std::env::var_os(VARIABLE), file)
    }

    pub(crate) fn find_in(variable: Option<OsString>, file: Option<&Path>) -> Result<Option<Self>, Error> {
        // No copy: the bytes of the variable themselves are wiped later.
        let given = variable.map(|text| Zeroizing::new(text.into_encoded_bytes()));
        if let Some(key) = given.map(|bytes| Self::from_bytes(bytes, &format!("`{VARIABLE}`"))).transpose()?.flatten() {
            return Ok(Some(key));
        }
        let Some(path) = file else { return Ok(None) };
        let bytes = read_private(path, "API key", LONGEST)?;
        Self::from_bytes(bytes, &format!("the API key file `{}`", path.display()))
    }

    /// Trims in place, so that nothing is left of it elsewhere.
    fn from_bytes(mut bytes: Zeroizing<Vec<u8>>, place: &str) -> Result<Option<Self>, Error> {
        let end = bytes.trim_ascii_end().len();
        bytes.truncate(end);
        let blanks = end - bytes.trim_ascii_start().len();
        bytes.drain(..blanks);
        let refused = if bytes.is_empty() {
            return Ok(None);
        } else if bytes.len() > LONGEST {
            "it is longer than 4096 bytes"
        } else if !bytes.iter().all(u8::is_ascii_graphic) {
            "it holds a blank, a line break or another character that is not visible ASCII"
        } else {
            return Ok(Some(Self(bytes)));
        };
        Err(Error::new(ErrorKind::Config, format!("{place} holds no API key: {refused}")))
    }

    /// The value of `Authorization`, marked as sensitive. It shares its bytes with all its clones, and the last wipes
    /// them.
    pub(super) fn header(&self) -> Result<HeaderValue, Error> {
        let mut text = Zeroizing::new(Vec::with_capacity(b"Bearer ".len() + self.0.len()));
        text.extend_from_slice(b"Bearer ");
        text.extend_from_slice(&self.0);
        let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(text))
            .map_err(|_| Error::new(ErrorKind::Internal, "the API key cannot be sent in a header"))?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// Whether this is the key that somebody sent. It takes as long whatever it is.
    #[cfg(feature = "cli")]
    pub(crate) fn is(&self, other: &[u8]) -> bool {
        let differences = self.0.iter().zip(other).fold(0, |found, (one, two)| found | (one ^ two));
        (differences == 0) & (self.0.len() == other.len())
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey([REDACTED])")
    }
}

/// The PEM file of a client's private key.
pub(super) fn read_private_pem(path: &Path) -> Result<Zeroizing<Vec<u8>>, Error> {
    read_private(path, "client key", LONGEST_PEM)
}

/// Reads a file that only its owner, who is this user or root, can read. Nothing of it is left in memory but the result.
fn read_private(path: &Path, what: &str, longest: usize) -> Result<Zeroizing<Vec<u8>>, Error> {
    let place = format!("the {what} file `{}`", path.display());
    let refuse = |reason: &str| Error::new(ErrorKind::Config, format!("{place} {reason}"));
    let unreadable = |error: io::Error| refuse(&format!("cannot be read: {error}"));
    // Looked at before it is opened, which would wait for the writer of a pipe.
    if !path.metadata().map_err(unreadable)?.is_file() {
        return Err(refuse("is not a regular file: name one"));
    }
    let mut file = File::open(path).map_err(unreadable)?;
    if let Some(reason) = not_private(&file.metadata().map_err(unreadable)?) {
        return Err(refuse(&reason));
    }
    // Never grown: that would leave a copy behind.
    let mut bytes = Zeroizing::new(vec![0; longest + 1]);
    let mut filled = 0;
    while let Some(room) = bytes.get_mut(filled..).filter(|room| !room.is_empty()) {
        match file.read(room) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(unreadable(error)),
        }
    }
    if filled > longest {
        return Err(refuse(&format!("is longer than {longest} bytes: name the right one")));
    }
    bytes.truncate(filled);
    Ok(bytes)
}

#[cfg(unix)]
fn not_private(metadata: &std::fs::Metadata) -> Option<String> {
    use std::os::unix::fs::MetadataExt;

    let (owner, us) = (metadata.uid(), rustix::process::geteuid().as_raw());
    if owner != us && owner != 0 {
        return Some(format!("belongs to user {owner}, who could change it: it must be this user's or root's"));
    }
    let rights = metadata.mode() & 0o777;
    (rights & 0o077 != 0)
        .then(|| format!("is open to others than its owner (mode {rights:03o}): close it by `chmod 600`"))
}

/// Who may read a file is told in other ways here.
#[cfg(not(unix))]
fn not_private(_: &std::fs::Metadata) -> Option<String> {
    None
}

#[cfg(test)]
mod tests;
