//! What is said of answers that settle nothing, and whether they pass by themselves.

/// Why nothing is settled: what is wrong, and what to do about it.
#[derive(Clone, Copy)]
pub(super) struct Reason {
    /// Somebody has to change something first.
    pub(super) lasts: bool,
    pub(super) text: &'static str,
}

const fn passes(text: &'static str) -> Reason {
    Reason { lasts: false, text }
}

const fn lasts(text: &'static str) -> Reason {
    Reason { lasts: true, text }
}

pub(super) const CUT_OFF: Reason = passes("the answer was cut off: nothing to do unless it lasts");
pub(super) const FOREIGN: Reason =
    passes("the answer is not the endpoint's: look for a login page or proxy on the way");
pub(super) const WRONG: Reason =
    passes("the answer is not about the events that were sent: look into the endpoint's log");
pub(super) const REFUSED: Reason = lasts("the endpoint refuses every record: check `sync.endpoint` and its log");
const NOT_HTTP: Reason = passes("the answer is not HTTP: check `sync.endpoint` and proxies on the way");
const NOTHING_THERE: Reason = lasts("nothing takes events there: check the path of `sync.endpoint`");
const NOT_NOW: Reason = passes("the endpoint cannot take events now: nothing to do unless it lasts");

/// Why there may be no answer, by its name.
pub(super) const FAILURES: [(&str, Reason); 6] = [
    ("dns", passes("the endpoint's name has no address: check `sync.endpoint` and the network")),
    ("connect", passes("the endpoint cannot be reached: check `sync.endpoint` and the network")),
    ("tls", lasts("the endpoint's certificate is not trusted: check it, `sync.ca_file` and the clock")),
    ("timeout", passes("no answer in time: check the network, or raise `sync.timeout_ms`")),
    ("reset", passes("the connection broke off: check the network and proxies on the way")),
    ("protocol", NOT_HTTP),
];

/// Statuses that say more than their class does.
const STATUSES: [(u64, Reason); 8] = [
    (401, lasts("the API key is not known: set AUDITBOX_API_KEY or `sync.api_key_file` to a valid one")),
    (403, lasts("the API key may not do this: give it the right to write events, or use another")),
    (404, NOTHING_THERE),
    (405, NOTHING_THERE),
    (408, NOT_NOW),
    (410, NOTHING_THERE),
    (425, NOT_NOW),
    (429, passes("the endpoint asks for fewer requests: nothing to do unless it lasts")),
];

/// What a status says that is neither of success nor of records that are refused.
pub(super) fn of_status(status: u64) -> Reason {
    match STATUSES.iter().find(|(known, _)| *known == status) {
        Some((_, reason)) => *reason,
        None if status / 100 == 3 => lasts("redirects are not followed: set `sync.endpoint` to where the endpoint is"),
        None if status / 100 == 4 => {
            lasts("requests like ours are refused: check `sync.endpoint` and proxies on the way")
        }
        None if status / 100 == 5 => NOT_NOW,
        None => NOT_HTTP,
    }
}
