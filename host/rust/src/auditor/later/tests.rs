use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

use tempfile::TempDir;

use super::*;
use crate::capability::outbox::{Filter, Reader};

/// A runtime of one future; it counts how often it was polled.
fn block_on<T>(future: impl Future<Output = T>) -> (T, usize) {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = pin!(future);
    for polls in 1.. {
        if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return (value, polls);
        }
        thread::park_timeout(Duration::from_secs(60));
    }
    panic!("a future that is never ready")
}

const EVENT: &str = r#"{"action":"call_executed","tool_name":"bash","side_effect":"write"}"#;

fn auditor(folder: &TempDir) -> Auditor {
    Auditor::builder().stdout(false).outbox(folder.path().join("outbox.db")).build().unwrap()
}

fn stored(folder: &TempDir) -> usize {
    Reader::open(&folder.path().join("outbox.db")).unwrap().list(&Filter::default(), false, 1_000).unwrap().len()
}

#[test]
fn a_future_is_ready_once_the_event_is_stored() {
    let folder = TempDir::new().unwrap();
    let auditor = auditor(&folder);
    let (receipt, _) = block_on(auditor.emit_async(EVENT));
    assert!(receipt.unwrap().failures.is_empty());
    assert_eq!(stored(&folder), 1);
}

#[test]
fn many_futures_share_commits_and_no_thread_of_theirs_waits() {
    let folder = TempDir::new().unwrap();
    let auditor = auditor(&folder);
    // All of them are under way before the first is waited for, on one thread.
    let futures: Vec<_> = (0..200).map(|_| auditor.emit_async(EVENT)).collect();
    for future in futures {
        assert!(block_on(future).0.unwrap().failures.is_empty());
    }
    assert_eq!(stored(&folder), 200);
}

#[test]
fn an_event_is_stored_though_nobody_waits_for_it() {
    let folder = TempDir::new().unwrap();
    let auditor = auditor(&folder);
    drop(auditor.emit_async(EVENT));
    // They go the same way in their order.
    block_on(auditor.emit_async(EVENT)).0.unwrap();
    assert_eq!(stored(&folder), 2);
}

#[test]
fn a_refused_event_is_an_error_at_once() {
    let folder = TempDir::new().unwrap();
    let auditor = auditor(&folder);
    let (refused, polls) = block_on(auditor.emit_async("{"));
    assert_eq!((refused.unwrap_err().kind(), polls), (ErrorKind::InvalidJson, 1));
}
