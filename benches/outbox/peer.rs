//! deconvolute from PyPI, on its own SQLite.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::Outcome;
use crate::environment::{environment, install, run};

/// The library with the table that ours is named after.
const DECONVOLUTE: &str = "deconvolute==0.1.5";

/// Its `log_event`, so many times: the whole of it, then the median, the 99th percentile, and the longest.
pub(crate) fn deconvolute(scratch: &Path, payload: &str, calls: usize) -> Outcome<Option<[Duration; 4]>> {
    let Some(python) = environment() else { return Ok(None) };
    if !install(&python, DECONVOLUTE)? {
        return Ok(None);
    }
    let file = scratch.join("payload.json");
    fs::write(&file, payload)?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("outbox/peer.py");
    let mut command = Command::new(python);
    command.arg(script).arg(&file).arg(calls.to_string()).env("DECONVOLUTE_CACHE_DIR", scratch);
    let said = String::from_utf8(run(&mut command)?.stdout)?;
    let mut times = said.split_whitespace().map(str::parse);
    let mut next = || Ok::<_, Box<dyn std::error::Error>>(Duration::from_nanos(times.next().ok_or("a number")??));
    Ok(Some([next()?, next()?, next()?, next()?]))
}
