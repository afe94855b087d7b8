//! Redaction: valid, idempotent, and nothing but what it is for.

use crate::cases;
use crate::generate::{PIECES, SECRETS, json, near_json, text};
use auditbox_conformance::compact::{Members, compact};
use auditbox_core::{Error, Pipeline};
use proptest::prelude::*;
use serde_json::Value;
use serde_json::value::RawValue;

const MARKER: &str = "[REDACTED]";

fn pipelines() -> impl Iterator<Item = Pipeline> {
    let configs = [
        r#"{"redaction":{"key_matching":"substring"}}"#,
        r#"{"redaction":{"key_matching":"word","sensitive_keys":["badge"]}}"#,
        r#"{"redaction":{"detect_secret_values":false}}"#,
    ];
    configs.into_iter().filter_map(|config| Pipeline::new(config).ok())
}

/// A pipeline in which this becomes of what any rule finds.
fn with_action(action: &str) -> Option<Pipeline> {
    let rules: Vec<Value> = serde_json::from_str(&auditbox_core::catalogue()).ok()?;
    let rules: serde_json::Map<_, _> =
        rules.iter().filter_map(|rule| Some((rule["id"].as_str()?.to_owned(), action.into()))).collect();
    let hash_key = serde_json::json!({ "id": "k1", "key": "00".repeat(32) });
    Pipeline::new(&serde_json::json!({ "redaction": { "rules": rules, "hash_key": hash_key } }).to_string()).ok()
}

/// The reader of serde_json, which converts nothing: another opinion about what is JSON.
fn is_json(text: &str) -> bool {
    serde_json::from_str::<&RawValue>(text).is_ok()
}

/// What is wrong with a value after redaction: only secrets may be gone.
fn loss(before: &RawValue, after: &RawValue) -> Option<String> {
    let (before, after) = (before.get(), after.get());
    let differ = || Some(format!("`{before}` became `{after}`"));
    let marker = after == format!("\"{MARKER}\"");
    match before.as_bytes().first() {
        Some(b'{') if !marker => {
            let (Ok(Members(old)), Ok(Members(new))) = (serde_json::from_str(before), serde_json::from_str(after))
            else {
                return differ();
            };
            if old.len() != new.len() || old.iter().zip(&new).any(|((a, _), (b, _))| a != b && !b.contains(MARKER)) {
                return differ();
            }
            old.iter().zip(&new).find_map(|((_, a), (_, b))| loss(a, b))
        }
        Some(b'[') if !marker => {
            let (Ok(old), Ok(new)) = (serde_json::from_str(before), serde_json::from_str(after)) else {
                return differ();
            };
            let (old, new): (Vec<Box<RawValue>>, Vec<Box<RawValue>>) = (old, new);
            if old.len() != new.len() {
                return differ();
            }
            old.iter().zip(&new).find_map(|(a, b)| loss(a, b))
        }
        Some(b'"') => {
            let whole = serde_json::from_str::<String>(before);
            let same = serde_json::from_str::<String>(after).ok();
            // A lone surrogate is no text for serde_json.
            let known = whole.is_err()
                || same.as_ref().is_some_and(|new| new.contains(MARKER) || whole.as_ref().ok() == Some(new));
            if known { None } else { differ() }
        }
        Some(b'n') if after == "null" => None,
        Some(b'n') => differ(),
        _ if marker || before == after => None,
        _ => differ(),
    }
}

proptest! {
    #![proptest_config(cases(1500))]

    #[test]
    fn redaction_writes_json_keeps_everything_but_secrets_and_is_idempotent(value in json()) {
        let compacted = compact(&value).unwrap();
        for pipeline in pipelines() {
            let once = pipeline.redact(&value).unwrap();
            prop_assert!(is_json(&once.value), "{}", once.value);
            let (before, after) = (serde_json::from_str(&compacted), serde_json::from_str(&once.value));
            prop_assert_eq!(loss(before.unwrap(), after.unwrap()), None);
            let twice = pipeline.redact(&once.value).unwrap();
            prop_assert_eq!(&twice.value, &once.value);
            prop_assert_eq!(twice.receipt.redactions, vec![]);
            prop_assert!(once.receipt.redactions_total > 0 || !once.value.contains(MARKER) || value.contains("REDACTED")
                || value.contains("\\u"));
        }
    }

    #[test]
    fn whatever_is_done_to_secrets_is_done_once(value in json(), action in prop::sample::select(&["mask", "hash", "drop", "off"][..])) {
        let pipeline = with_action(action).unwrap();
        let once = pipeline.redact(&value).unwrap();
        prop_assert!(is_json(&once.value), "{}", once.value);
        prop_assert!(once.receipt.redactions.iter().all(|redaction| redaction.action == action));
        prop_assert!(action != "off" || once.receipt.redactions.is_empty());
        // Where something was dropped from a text, what was around it stands side by side, and may read differently.
        if action != "drop" {
            let twice = pipeline.redact(&once.value).unwrap();
            prop_assert_eq!(&twice.value, &once.value, "{} {}", action, value);
        }
    }

    #[test]
    fn what_is_json_is_accepted_and_what_is_not_is_refused_where_it_stops(value in near_json()) {
        match Pipeline::default().redact(&value) {
            Ok(redacted) => prop_assert!(is_json(&value) && is_json(&redacted.value)),
            Err(Error::InvalidJson { offset, .. }) => {
                prop_assert!(!is_json(&value));
                prop_assert!(offset <= value.len());
                // What is in front of it can begin a value: only a literal or an escape that ends there is refused earlier.
                let head = Pipeline::default().redact(value.get(..offset).unwrap_or_default());
                if let Err(Error::InvalidJson { offset: earlier, .. }) = head {
                    let rest = value.get(earlier..).unwrap_or_default();
                    prop_assert!(earlier == offset || rest.starts_with(['\\', 't', 'f', 'n']), "{earlier} {offset}");
                }
            }
            Err(other) => prop_assert!(false, "{other}"),
        }
    }

    #[test]
    fn a_secret_between_any_texts_is_gone(
        before in text(), after in text(), secret in prop::sample::select(&SECRETS[..]),
        left in prop::sample::select(&[" ", "\"", "\n", "(", ",", ";", "=", "/", "|", ":", "@", "é"][..]),
        right in prop::sample::select(&[" ", "\"", "\n", ")", ",", ";", "/", "|", "'", "é"][..]),
    ) {
        // One that stands in a word is none.
        let [before, after] = [before, after].map(|text| text.replace(secret, ""));
        let text = format!("{before}{left}{secret}{right}{after}");
        for value in [serde_json::json!(text), serde_json::json!({ "content": text }), serde_json::json!({ &text: 1 }),
            serde_json::json!({ "a": serde_json::json!({ "b": text }).to_string() })] {
            let redacted = Pipeline::default().redact(&value.to_string()).unwrap();
            prop_assert!(!redacted.value.contains(secret), "{}", redacted.value);
            for redaction in redacted.receipt.redactions {
                prop_assert!(!redaction.path.contains(secret));
            }
        }
    }
}

#[test]
fn a_secret_is_found_at_every_distance_from_the_edges_of_the_lanes() {
    let pipeline = Pipeline::default();
    // An escape's letter is no part of a word: source code in a text.
    for (filler, left) in
        [(" ", ""), (",", ""), ("\n", ""), ("é", ""), ("\u{1}", ""), ("x", " "), ("x", "\\n"), ("\\", "\\t")]
    {
        for (before, after) in (0..=40).flat_map(|before| (0..=33).map(move |after| (before, after))) {
            let (before, after) = (filler.repeat(before), " ".repeat(after));
            for secret in SECRETS {
                let text = serde_json::Value::from(format!("{before}{left}{secret}{after}")).to_string();
                let want = serde_json::Value::from(format!("{before}{left}{MARKER}{after}")).to_string();
                assert_eq!(pipeline.redact(&text).unwrap().value, want);
            }
        }
    }
}

#[test]
fn what_commands_say_is_found_at_every_distance_from_the_edges_of_the_lanes() {
    let pipeline = Pipeline::default();
    for (head, secret, tail) in [
        ("export A_KEY=", "hunter2", ""),
        ("mysql --password ", "hunter2", " db"),
        ("mysql --password=", "hunter2", " db"),
        ("x https://u:", "hunter2", "@h/"),
        ("x https://h/?token=", "hunter2", "&a=b"),
        ("curl -H 'Authorization: Bearer ", "hunter2", "'"),
        ("curl -u u:", "hunter2", " h"),
        ("export A_KEY=", "x", ""),
        ("--token ", "x", ""),
        ("https://h/?token=", "x", ""),
        ("got {\"password\":\"", "x", "\"} and"),
        ("<password>", "hunter2", "</password>"),
        ("the password is ", "hunter2", ""),
        ("setPassword(\"", "x", "\")"),
        ("IDENTIFIED BY '", "x", "'"),
        ("pw: ", "hunter2", ""),
        ("jdbc:oracle:thin:scott/", "tiger", "@h"),
    ] {
        for before in 0..=40 {
            for after in 0..=20 {
                let (before, after) = (" ".repeat(before), " ".repeat(after));
                let text = serde_json::Value::from(format!("{before}{head}{secret}{tail}{after}")).to_string();
                let want = serde_json::Value::from(format!("{before}{head}{MARKER}{tail}{after}")).to_string();
                assert_eq!(pipeline.redact(&text).unwrap().value, want);
            }
        }
    }
}

/// Thirty thousand bytes of the same: read once, it is done in no time; read again for every piece, it takes minutes.
#[test]
fn texts_that_repeat_themselves_are_read_once() {
    let pieces = PIECES.split('¦').filter(|piece| !piece.is_empty());
    let glued = [
        "-=",
        "token=",
        "token=a,",
        "-u=b,",
        "--x='",
        "\"token=a",
        "x-u=",
        "a.token=(",
        "-p \"",
        "[[\"a\",",
        "{\"value\":1,",
        "?key=a",
        "a_key",
        "--password=[REDACTED]",
        "--password=os.environ",
        "Authorization: Be&rer [REDACTED]",
    ];
    for piece in pieces.chain(glued) {
        for head in ["", "curl x"] {
            let text = Value::from(head.to_owned() + &piece.repeat(30_000 / piece.len())).to_string();
            assert!(Pipeline::default().redact(&text).is_ok());
        }
    }
    // Behind a long value, each of them could be a part of it.
    for sign in ["]", ")", "}", ",", "."] {
        for head in ["token=", "token: ", "password is ", "Authorization: Bearer ", "psql a=1 password="] {
            let text = Value::from(head.to_owned() + &"a1".repeat(40) + &sign.repeat(300_000)).to_string();
            assert!(Pipeline::default().redact(&text).is_ok());
        }
    }
}
