use std::sync::Barrier;
use std::thread;

use tempfile::TempDir;

use super::*;
use crate::capability::outbox::{Filter, Reader};

fn backend(folder: &TempDir) -> LocalObservabilityBackend {
    let path = folder.path().join("outbox.db");
    LocalObservabilityBackend::with_config(&json!({ "stdout": false, "outbox": { "path": path } }).to_string())
}

fn types(folder: &TempDir) -> Vec<String> {
    let reader = Reader::open(&folder.path().join("outbox.db")).unwrap();
    reader.list(&Filter::default(), false, 1_000).unwrap().into_iter().map(|row| row.event_type).collect()
}

#[test]
fn events_are_kept_and_a_closed_backend_can_be_used_again() {
    let folder = TempDir::new().unwrap();
    let backend = backend(&folder);
    backend.close();
    backend.log_event("SESSION_DISCOVERY", r#"{"tools_found_count":3}"#).unwrap();
    backend.close();
    backend.close();
    backend.log_event("SESSION_ACCESS", r#"{"tool_name":"bash"}"#).unwrap();
    backend.close();
    assert_eq!(types(&folder), ["SESSION_DISCOVERY", "SESSION_ACCESS"]);
}

#[test]
fn a_payload_that_is_no_json_is_an_error_and_breaks_nothing() {
    let folder = TempDir::new().unwrap();
    let backend = backend(&folder);
    assert!(
        backend.log_event("SESSION_ACCESS", "{secret-4711").is_err_and(|error| !error.to_string().contains("4711"))
    );
    backend.log_event("SESSION_ACCESS", "{}").unwrap();
}

#[test]
fn threads_that_need_a_backend_at_the_same_time_share_it() {
    let folder = TempDir::new().unwrap();
    let backend = backend(&folder);
    let start = Barrier::new(8);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                start.wait();
                for _ in 0..10 {
                    backend.log_event("SESSION_ACCESS", "{}").unwrap();
                }
            });
        }
    });
    let status = Reader::open(&folder.path().join("outbox.db")).unwrap().status().unwrap();
    assert_eq!((status.accepted, status.producers), (80, 1));
}

#[test]
fn a_worker_needs_an_endpoint_and_says_so() {
    let folder = TempDir::new().unwrap();
    let worker = TelemetrySyncWorker::new(backend(&folder).store().unwrap());
    let error = worker.start().unwrap_err().to_string();
    assert!(error.contains("`sync.endpoint`") && error.contains("`AUDITBOX_SYNC__ENDPOINT`"), "{error}");
    assert_eq!(worker.stop(), Stopped::default());
}
