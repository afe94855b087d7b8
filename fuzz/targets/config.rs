//! Any configuration: refused with its place, or in force as its own answer, and redacting.
#![no_main]

use auditbox_core::{Error, Pipeline};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    match Pipeline::new(&text) {
        Ok(pipeline) => {
            let _ = pipeline.redact(r#"{"token":"a","note":"card 1234 sk-a1B2c3D4e5F6g7H8i9J0"}"#).expect("a value");
            let _ = pipeline.config();
        }
        Err(Error::InvalidJson { offset, .. }) => assert!(offset <= text.len()),
        Err(Error::InvalidConfig { path, message }) => assert!(path.len() + message.len() < 1 << 12),
        Err(other) => panic!("{other}"),
    }
});
