//! Any value: never over the cap, and still JSON. The first byte chooses the strategy.
#![no_main]

use auditbox_core::Pipeline;
use auditbox_fuzz::quoted;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

const CAP: usize = 4096;

static STRATEGIES: LazyLock<[Pipeline; 2]> = LazyLock::new(|| {
    ["replace", "shrink"].map(|strategy| {
        let config = format!("{{\"max_payload_bytes\":{CAP},\"cap_strategy\":\"{strategy}\"}}");
        Pipeline::new(&config).expect("a configuration")
    })
});

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let pipeline = &STRATEGIES[usize::from(first & 1)];
    // Long enough for the cap, whatever the fuzzer thinks of.
    let text = String::from_utf8_lossy(rest).repeat(1 + usize::from(first >> 1));
    for value in [text.clone(), quoted(&text), format!("{{\"tool_args\":{text},\"x\":[{}]}}", quoted(&text))] {
        let Ok(capped) = pipeline.cap_payload(&value) else { continue };
        assert!(capped.value.len() <= CAP, "{} bytes", capped.value.len());
        let again = pipeline.cap_payload(&capped.value).map(|again| again.value);
        assert_eq!(again.ok(), Some(capped.value));
    }
});
