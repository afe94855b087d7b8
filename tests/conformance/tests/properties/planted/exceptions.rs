//! What is not as it should be, each with its reason. One that is not needed any more fails the test.

use super::notation::Notation;
use super::position::Position;
use super::secret::Secret;

/// A row. An empty name stands for all.
#[derive(Debug)]
pub(super) struct Exception {
    pub(super) what: What,
    rules: &'static [&'static str],
    notations: &'static [&'static str],
    positions: &'static [&'static str],
    pub(super) why: &'static str,
}

/// What happens instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// The secret is gone, but more than it, or not all that should go with it.
    Other,
    /// The secret stays, or a part of it.
    Kept,
}

/// Instead of rules: those whose secrets need a name before them.
const NAMED: &str = "(named)";

/// Those whose secrets need a name and are long.
const LONG: &[&str] = &[
    "azure-storage-key",
    "coinbase-api-secret",
    "confluent-secret",
    "elastic-key",
    "ghost-admin-key",
    "hetzner-cloud-token",
    "influxdb-token",
    "kraken-private-key",
    "linode-token",
    "sentry-token",
    "sumologic-access-key",
];

/// Those whose secrets end with what fills base64 up.
const PADDED: &[&str] = &[
    "azure-key",
    "azure-shared-access-key",
    "azure-storage-key",
    "bitwarden-access-token",
    "elastic-key",
    "influxdb-token",
    "kraken-private-key",
    "wireguard-private-key",
];

pub(super) const EXCEPTIONS: &[Exception] = &[
    Exception {
        what: What::Kept,
        rules: &[NAMED, "private-key"],
        notations: &[],
        positions: &["key"],
        why: "a key names something: of secrets that need a name, only those of names that tell a vendor are looked for",
    },
    Exception {
        what: What::Kept,
        rules: &[],
        notations: &[
            "query",
            "form",
            "fragment",
            "user info",
            "percent-encoded",
            "percent-encoded, all",
            "unicode escapes",
            "hexadecimal escapes",
            "entities",
            "entities, json",
            "unseen",
            "soft break",
            "base64",
            "base64 of json",
            "hexadecimal",
        ],
        positions: &["key"],
        why: "keys are read as they are written",
    },
    Exception {
        what: What::Other,
        rules: &[],
        notations: &[],
        positions: &["key"],
        why: "a key that holds the name of a secret has its value redacted, and of the key itself only what has a format",
    },
    Exception {
        what: What::Other,
        rules: &["putty-private-key"],
        notations: &[],
        positions: &[],
        why: "it is a file of several lines: words behind its last line are taken for a part of it",
    },
    Exception {
        what: What::Kept,
        rules: &["putty-private-key"],
        notations: &["bearer", "curl bearer", "cookie", "set-cookie"],
        positions: &[],
        why: "and a header is in one line",
    },
    Exception {
        what: What::Kept,
        rules: &["adyen-api-key"],
        notations: &[],
        positions: &[],
        why: "its alphabet has nearly every sign, so that what is glued to its end could be of it",
    },
    Exception {
        what: What::Kept,
        rules: &[
            "azure-devops-token",
            "opsgenie-api-key",
            "splunk-hec-token",
            "kubeadm-bootstrap-token",
            "okta-api-token",
        ],
        notations: &["json, a pair", "json, a list of pairs"],
        positions: &[],
        why: "the vendor's word is looked for in a text and its key, not in the name beside it, and that is no secret's name",
    },
    Exception {
        what: What::Kept,
        rules: &[NAMED],
        notations: &["json, an argument vector"],
        positions: &[],
        why: "nor is it looked for in another argument, when that is no option for a secret",
    },
    Exception {
        what: What::Kept,
        rules: &[],
        notations: &["soft break"],
        positions: &["in square brackets", "between commas"],
        why: "what is glued to the end is of an assignment's value, and that does not go on in the next line",
    },
    Exception {
        what: What::Kept,
        rules: PADDED,
        notations: &["unseen", "soft break"],
        positions: &[],
        why: "what fills base64 up at the end of a line is a soft break itself",
    },
    Exception {
        what: What::Other,
        rules: &[],
        notations: &["xml, a key and a value"],
        positions: &[],
        why: "where a command can be, `key=` is a variable of that name",
    },
    Exception {
        what: What::Other,
        rules: &[NAMED],
        notations: &["code, a call by keyword"],
        positions: &[],
        why: "a shell would take the comma behind the quotes for a part of the value",
    },
    Exception {
        what: What::Other,
        rules: LONG,
        notations: &["prose", "prose, the key"],
        positions: &[],
        why: "of a value of 60 bytes or more the sign that ends the sentence is taken for a part",
    },
    Exception {
        what: What::Other,
        rules: &["postmark-token"],
        notations: &["yaml, block"],
        positions: &[],
        why: "its name is a header's, and of a header all that is in the line goes, here the sign of the block",
    },
    Exception {
        what: What::Other,
        rules: &["twitter-secret"],
        notations: &["percent-encoded, all"],
        positions: &[],
        why: "the digits of an escape in front are of its alphabet",
    },
    Exception {
        what: What::Other,
        rules: &[],
        notations: &["bearer", "cookie", "set-cookie"],
        positions: &[
            "in round brackets",
            "in square brackets",
            "in angle brackets",
            "between commas",
            "between semicolons",
            "between letters that are no ASCII",
        ],
        why: "a header begins a line or a string, and goes to its end",
    },
    Exception {
        what: What::Other,
        rules: &[NAMED],
        notations: &[
            "dotenv",
            "dotenv, quoted",
            "export",
            "cmd",
            "dockerfile",
            "form",
            "percent-encoded",
            "unseen",
            "percent-encoded, all",
            "powershell",
            "properties",
            "words",
            "fence",
            "grep",
            "code, go",
            "code, an index",
            "unicode escapes",
            "hexadecimal escapes",
        ],
        positions: &[
            "in square brackets",
            "in angle brackets",
            "in double quotes",
            "in single quotes",
            "in back quotes",
            "between commas",
            "between semicolons",
        ],
        why: "a sign or a quote that is glued to an assigned value could be of it",
    },
];

impl Exception {
    pub(super) fn covers(&self, secret: &Secret, notation: &Notation, position: &Position) -> bool {
        let has = |names: &[&str], name: &str| names.is_empty() || names.contains(&name);
        (has(self.rules, &secret.rule) || secret.name.is_some() && self.rules.contains(&NAMED))
            && has(self.notations, notation.id)
            && has(self.positions, position.id)
    }

    /// All that it names.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        let rules = self.rules.iter().filter(|rule| **rule != NAMED);
        rules.chain(self.notations).chain(self.positions).copied()
    }

    /// Whether it says that this may come of a secret.
    pub(super) fn allows(&self, what: What) -> bool {
        self.what == What::Kept || self.what == what
    }
}
