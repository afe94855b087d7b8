//! The component does what the native core does, byte for byte.

use crate::event::{Still, capped, event};
use crate::generate::{json, near_json};
use crate::planted;
use crate::some;
use auditbox::Auditor;
use auditbox_core::Pipeline;
use std::fs;
use std::path::Path;

#[test]
fn the_component_redacts_caps_and_refuses_as_the_core_does() {
    for config in [
        "{}",
        r#"{"redaction":{"key_matching":"word","custom_patterns":[["(a)\\d*","<\\1>"]]},"max_payload_bytes":4096}"#,
    ] {
        let (native, guest) =
            (Pipeline::new(config).unwrap(), Auditor::builder().config(config).no_effects().build().unwrap());
        let generated = some(json(), 400).into_iter().chain(some(near_json(), 400));
        for value in generated.chain(planted::values(8)).chain(in_all_blocks()) {
            let native = [native.redact(&value), native.cap_payload(&value)];
            let guest = [guest.redact(&value), guest.cap_payload(&value)];
            for (native, guest) in native.into_iter().zip(guest) {
                match (native, guest) {
                    (Ok(native), Ok(guest)) => {
                        assert_eq!(
                            (native.value, native.receipt.to_json()),
                            (guest.value, guest.receipt.as_json().to_owned())
                        );
                    }
                    (Err(native), Err(guest)) => assert_eq!(native.to_string(), guest.to_string(), "{value}"),
                    (native, guest) => panic!("{value}: natively {native:?}, in the component {guest:?}"),
                }
            }
        }
    }
}

/// Planted secrets at every distance from the edges of the scanner's blocks, which are other code in the component.
fn in_all_blocks() -> impl Iterator<Item = String> {
    let behind = |text: &str| (0..48).map(|lines| "\n".repeat(lines) + text).collect::<Vec<_>>();
    planted::texts(1).into_iter().map(move |text| serde_json::Value::from(behind(&text)).to_string())
}

#[test]
fn the_component_records_what_the_core_does() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("properties");
    fs::create_dir_all(&folder).unwrap();
    for (number, (_, config)) in some(capped(), 4).into_iter().enumerate() {
        let native = Pipeline::new(&config).unwrap();
        let file = folder.join(format!("{number}.jsonl"));
        let _ = fs::remove_file(&file);
        let guest = Auditor::builder().config(config).no_effects().file(&file).build().unwrap();
        // Records are events, and those have their ids and times.
        let events: Vec<String> =
            some(event(), 30).iter().map(|event| native.emit(event, &mut Still).unwrap().0.body).collect();
        let wide = Pipeline::new(r#"{"max_payload_bytes":1000000}"#).unwrap();
        let large = some(event(), 30);
        let large = large.iter().map(|event| wide.emit(event, &mut Still).unwrap().0.body);
        let events: Vec<String> = events.into_iter().chain(large).collect();
        let receipts = guest.emit_batch(&events.join("\n"));
        let records = fs::read_to_string(&file).unwrap();
        assert_eq!(records.lines().count(), events.len());
        for ((event, receipt), record) in events.iter().zip(receipts).zip(records.lines()) {
            let native = native.emit(event, &mut Still).unwrap();
            assert_eq!((native.0.body.as_str(), native.1.to_json().as_str()), (record, receipt.unwrap().as_json()));
        }
    }
}
