//! A process that forks while it has the outbox open, as servers do that start their workers that way.

use serde_json::json;
use tempfile::TempDir;

use crate::child::{Child, auditor, config};
use crate::law;
use crate::shim::{Fault, Shim};

#[test]
fn a_fork_is_told_what_to_do_and_harms_no_outbox() {
    let folder = TempDir::new().unwrap();
    let Some(shim) = Shim::new(folder.path()) else { return };
    let path = folder.path().join("outbox.db");
    let config = config(&path, &json!({}));
    let mut parent = Child::start("obeys", &config, |command| shim.given_to(command));
    parent.tell("open");
    // The child of the fork ends without closing what it has inherited, and closes it.
    for end in ["fork 0", "fork 1"] {
        parent.tell("write");
        parent.tell("read");
        shim.set(Fault::Fork, 1);
        for event in ["write", "read"] {
            let said = if event == "write" { parent.tell(end) } else { parent.answer() };
            let expected = "> forked: this process was forked from the one that opened the outbox: ";
            assert!(said.starts_with(expected), "{said}");
        }
        // Its SQLite believes that it has the locks of the parent: it must not open the file once more.
        let said = parent.answer();
        assert!(said.contains("open it only after the fork"), "{said}");
        assert!(parent.answer().starts_with("> parent of "));
        shim.set(Fault::Fork, 0);
        parent.tell("write");
        // Another process, while the parent goes on.
        drop(auditor(&config).unwrap());
        parent.tell("read");
    }
    parent.tell("close");
    let books = law::hold(&path, parent.durable.iter().chain(&parent.buffered));
    assert_eq!((books.accepted, books.notices.len()), (8, 0));
    // After all is closed, a fork may open it.
    parent.finish();
    law::is_whole(&path);
}
