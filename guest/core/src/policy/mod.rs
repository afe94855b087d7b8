//! The policy: the configuration, checked and made ready for use.

mod actions;
mod config;
mod custom;
mod hash;
mod keys;
mod outbox;
mod rows;
mod section;
mod sha256;
mod sync;

pub(crate) use actions::{Action, Actions, MARKER};
pub(crate) use custom::{Custom, MAX_SEARCHED_AGAIN};
pub(crate) use hash::{HASH_PREFIX, hash_len};
pub(crate) use keys::{Keys, Matching, fold};
pub(crate) use sha256::sha256;

/// The longest a scalar of the schema may be. Names and ids of every known tracer fit many times.
pub(crate) const MAX_SCALAR_BYTES: usize = 1024;

/// What becomes of an event whose record is safe nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnFailure {
    /// The receipt says so, and the caller carries on.
    Open,
    /// `emit` fails, so that the caller can refuse the tool call.
    Closed,
}

/// How a record over the limit is made to fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CapStrategy {
    /// `tool_args` and `result_summary` make way for a note.
    Replace,
    /// `tool_args` keeps every key; its largest leaves are cut.
    Shrink,
}

/// A sink of the host's own, beside `stdout` and `file`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Sink {
    name: String,
    /// Records that may wait for it.
    max_queued: u64,
}

/// The configuration in force.
#[derive(Debug, Clone)]
pub(crate) struct Policy {
    stdout: bool,
    /// Its section, written out: the file is the host's business.
    file: Option<String>,
    outbox: Option<outbox::Outbox>,
    /// Its section, written out.
    sync: Option<String>,
    sinks: Vec<Sink>,
    pub(crate) on_failure: OnFailure,
    pub(crate) agent_id: String,
    pub(crate) max_event_bytes: usize,
    pub(crate) max_payload_bytes: usize,
    pub(crate) cap_strategy: CapStrategy,
    matching: Matching,
    sensitive_keys: Vec<String>,
    safe_keys: Vec<String>,
    patterns: Vec<(String, String)>,
    /// As they are given; `actions` has them by their place.
    rules: Vec<(&'static str, Action)>,
    pub(crate) actions: Actions,
    pub(crate) detect_secret_values: bool,
    pub(crate) keys: Keys,
    pub(crate) custom: Vec<Custom>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            stdout: true,
            file: None,
            outbox: None,
            sync: None,
            sinks: Vec::new(),
            on_failure: OnFailure::Open,
            agent_id: String::new(),
            max_event_bytes: 16 << 20,
            max_payload_bytes: 32 << 10,
            cap_strategy: CapStrategy::Replace,
            matching: Matching::Substring,
            sensitive_keys: Vec::new(),
            safe_keys: Vec::new(),
            patterns: Vec::new(),
            rules: Vec::new(),
            actions: Actions::default(),
            detect_secret_values: true,
            keys: Keys::new(Matching::Substring, &[], &[]),
            custom: Vec::new(),
        }
    }
}

impl Policy {
    /// The sinks that records go to, in order.
    pub(crate) fn sinks(&self) -> impl Iterator<Item = &str> {
        let own = [self.stdout.then_some("stdout"), self.file.as_ref().map(|_| "file")];
        own.into_iter().flatten().chain(self.sinks.iter().map(|sink| sink.name.as_str()))
    }

    pub(crate) fn has_outbox(&self) -> bool {
        self.outbox.is_some()
    }

    /// Whether the outbox is to have an event of this side effect on the disk before its caller is told of success; empty
    /// is none.
    pub(crate) fn commits(&self, side_effect: &str) -> bool {
        self.outbox.as_ref().is_none_or(|outbox| outbox.commits(side_effect))
    }
}
