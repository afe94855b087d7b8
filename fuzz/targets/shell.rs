//! Any text as a command.
#![no_main]

use auditbox_core::Pipeline;
use auditbox_fuzz::{quoted, redacted};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static DEFAULT: LazyLock<Pipeline> = LazyLock::new(Pipeline::default);

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    redacted(&DEFAULT, &format!("{{\"command\":{}}}", quoted(&text)));
    let words: Vec<String> = text.split(' ').map(quoted).collect();
    redacted(&DEFAULT, &format!("{{\"args\":[{}]}}", words.join(",")));
});
