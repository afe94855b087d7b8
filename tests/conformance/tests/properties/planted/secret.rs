//! The secrets that are planted: of every row of the catalogue those that its vectors have.

use auditbox_conformance::vector::{Case, Vector};
use std::path::Path;

/// One secret.
#[derive(Debug)]
pub(super) struct Secret {
    /// The rule whose format it has.
    pub(super) rule: String,
    /// What must be before it, so that it is known for what it is: the name of a variable. None when it needs nothing.
    pub(super) name: Option<String>,
    /// What is glued to its front and stays: the address in front of a webhook's path.
    pub(super) lead: String,
    pub(super) text: String,
}

/// How the notes of the generated vectors go on behind the rule's id.
const NOTES: [&str; 2] = [": alone", ": behind its word"];

/// Of the rows whose vectors are written by hand.
const MORE: [(&str, &str); 3] = [
    ("sk-key", "sk-a1B2c3D4e5F6g7H8i9J0"),
    (
        "private-key",
        "-----BEGIN PRIVATE KEY----- MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgFAKE+a/b8c7d6e5f4g3h2i1j0K9L== -----END PRIVATE KEY-----",
    ),
    (
        "putty-private-key",
        "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: x\nPublic-Lines: 1\nAAAAC3NzaC1lZDI1NTE5FAKE\n\
         Private-Lines: 1\nAAAAIFakeFakeFakeFakeFakeFakeFakeFakeFakeFake\nPrivate-MAC: 0123456789abcdef0123456789abcdef",
    ),
];

/// Every secret of the vectors that hold the rows, in their order.
pub(super) fn all() -> Vec<Secret> {
    let vectors = vectors();
    let cases = vectors.iter().flat_map(|vector| &vector.cases);
    let more =
        MORE.map(|(rule, text)| Secret { rule: rule.into(), name: None, lead: String::new(), text: text.into() });
    cases.filter_map(of).chain(more).collect()
}

/// The texts of the vectors that only look like secrets.
pub(super) fn near_misses() -> Vec<String> {
    let vectors = vectors();
    let cases = vectors.iter().flat_map(|vector| &vector.cases).filter(|case| case.want_receipt.is_none());
    cases.filter_map(|case| serde_json::from_str(&case.wanted().ok()??).ok()).collect()
}

fn vectors() -> Vec<Vector> {
    Vector::read_all(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors/redact/formats")).unwrap()
}

/// The secret of a positive vector.
fn of(case: &Case) -> Option<Secret> {
    let note = case.note.as_ref()?;
    let rule = NOTES.iter().find_map(|kind| note.strip_suffix(kind))?;
    let text = |json: Option<String>| json.and_then(|json| serde_json::from_str::<String>(&json).ok());
    let auditbox_conformance::protocol::Request::Redact { value } =
        case.request(auditbox_conformance::vector::Op::Redact).ok()?
    else {
        return None;
    };
    let (input, want) = (text(Some(value))?, text(case.wanted().ok()?)?);
    let (before, after) = want.split_once("[REDACTED]")?;
    assert_eq!(after, "", "{note}");
    let secret = input.strip_prefix(before)?.to_owned();
    let (name, lead) = name(before);
    Some(Secret { rule: rule.to_owned(), name, lead, text: secret })
}

/// The name in what stands before a secret, or what stands before it, if that is no name: `A_KEY=`, `PrivateKey = `, words,
/// or the beginning of an address.
fn name(before: &str) -> (Option<String>, String) {
    let name = before.trim_end_matches(['=', ':', ' ']);
    let last = name.rsplit(['\n', ';', ':']).next().unwrap_or_default();
    let is_name = |text: &str| text.bytes().all(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'-' | b' '));
    match before {
        "" => (None, String::new()),
        _ if name != before && is_name(last) => (Some(last.replace(' ', "_")), String::new()),
        _ => (None, before.to_owned()),
    }
}
