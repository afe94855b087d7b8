#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auditbox_fuzz::judge(bytes));
