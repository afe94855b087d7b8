//! What the library tells whoever embeds it, said on stderr: losses, damage, a full disk.

use ::log::{Level, LevelFilter, Log, Metadata, Record};

use super::report::tell;

struct Notices;

/// Has them said; with `quiet` only what is an error.
pub(super) fn say(quiet: bool) {
    // Somebody who has a logger already hears them there.
    if ::log::set_logger(&Notices).is_ok() {
        ::log::set_max_level(if quiet { LevelFilter::Error } else { LevelFilter::Warn });
    }
}

impl Log for Notices {
    /// Of this crate alone: what its libraries say may quote what they were given.
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().split("::").next() == Some(env!("CARGO_CRATE_NAME"))
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            let level = if record.level() == Level::Error { "error" } else { "warning" };
            let text = record.args().to_string();
            tell(&format_args!("{level}: {}", text.strip_prefix("auditbox: ").unwrap_or(&text)));
        }
    }

    fn flush(&self) {}
}
