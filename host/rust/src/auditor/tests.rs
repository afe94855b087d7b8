use std::fs;

use tempfile::TempDir;

use super::*;

const EVENT: &str =
    r#"{"event_id":"01920000-0000-7000-8000-000000000001","action":"call_allowed","tool_name":"search"}"#;

#[test]
fn an_auditor_is_shared_between_threads() {
    fn shared<T: Clone + Send + Sync + 'static>() {}
    shared::<Auditor>();
}

#[test]
fn an_event_goes_into_the_outbox_and_the_file_and_is_stored_once() {
    let folder = TempDir::new().unwrap();
    let log = folder.path().join("log.jsonl");
    let auditor = Auditor::builder().stdout(false).file(&log).outbox(folder.path().join("outbox.db")).build().unwrap();
    let (first, second) = (auditor.emit(EVENT).unwrap(), auditor.emit(EVENT).unwrap());
    assert_eq!((first.duplicate, second.duplicate), (false, true));
    assert_eq!(first.event_id, second.event_id);
    assert_eq!(fs::read_to_string(log).unwrap().lines().count(), 1);
}

#[test]
fn a_receipt_names_the_sink_that_failed_and_under_closed_it_is_an_error() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("folder/log.jsonl");
    for (on_failure, refused) in [("open", false), ("closed", true)] {
        let config = format!(r#"{{"on_failure":"{on_failure}","stdout":false}}"#);
        let auditor = Auditor::builder().config(config).file(&path).build().unwrap();
        fs::remove_dir_all(folder.path().join("folder")).unwrap();
        fs::write(folder.path().join("folder"), "in the way").unwrap();
        match auditor.emit(EVENT) {
            Ok(receipt) => assert!(!refused && receipt.failures[0].target == "file"),
            Err(error) => assert!(refused && error.kind() == ErrorKind::Unavailable, "{error}"),
        }
        fs::remove_file(folder.path().join("folder")).unwrap();
    }
}

#[test]
fn a_receipt_keeps_the_components_text_with_the_event_id_first() {
    let auditor = Auditor::builder().stdout(false).build().unwrap();
    let receipt = auditor.emit(EVENT).unwrap();
    assert!(receipt.as_json().starts_with(r#"{"event_id":"01920000-"#), "{}", receipt.as_json());
    let rewritten = auditor.redact(r#"{"a":{"password":"hunter2"}}"#).unwrap();
    assert_eq!(rewritten.value, r#"{"a":{"password":"[REDACTED]"}}"#);
    assert_eq!((rewritten.receipt.event_id.as_str(), rewritten.receipt.redactions_total), ("", 1));
}

#[test]
fn a_telemetry_event_is_logged() {
    let folder = TempDir::new().unwrap();
    let log = folder.path().join("log.jsonl");
    let auditor = Auditor::builder().config(r#"{"agent_id":"a-1"}"#).stdout(false).file(&log).build().unwrap();
    auditor.log_event("TOOL_PINNED", r#"{"tool":"search"}"#).unwrap();
    let record = fs::read_to_string(log).unwrap();
    assert!(record.contains(r#""event_type":"TOOL_PINNED""#) && record.contains(r#""agent_id":"a-1""#), "{record}");
}

#[test]
fn no_error_repeats_a_value() {
    let auditor = Auditor::builder().stdout(false).build().unwrap();
    for event in [r#"{"action":"sk-hunter2"}"#, r#"{"action":"call_allowed","duration_ms":"hunter2"}"#, "hunter2"] {
        let error = auditor.emit(event).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
    }
}
