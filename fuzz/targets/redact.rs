//! Any text: as JSON where it is JSON, and as a string.
#![no_main]

use auditbox_core::Pipeline;
use auditbox_fuzz::{quoted, redacted};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static DEFAULT: LazyLock<Pipeline> = LazyLock::new(Pipeline::default);

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    redacted(&DEFAULT, &text);
    let quoted = quoted(&text);
    assert!(redacted(&DEFAULT, &quoted).is_some());
    redacted(&DEFAULT, &format!("{{\"content\":{quoted},\"password\":{quoted}}}"));
});
