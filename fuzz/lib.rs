//! What must hold for every input, one function a target. `targets` lets libFuzzer look for input that breaks it;
//! `cargo test` tries all that is in `corpus`.

use auditbox_core::{Error, Pipeline, Stamp};
use std::sync::LazyLock;

/// A value that is redacted in many ways.
const SOME: &str = r#"{"token":"a","note":"card 1234 sk-a1B2c3D4e5F6g7H8i9J0","my_key":{"a":1},"args":["-p","hunter2hunter2"],
    "sh":"mysql -phunter2hunter2 -u ada; my_key=hunter2hunter2","h":["X-Token","b"],"name":"A_KEY","value":["c"]}"#;

/// What was sent, to the target `judge`.
const BATCH: &str = r#"{"event_ids":["019cf5a6-e32c-7940-b859-af02fc499401","019cf5a6-e32c-7940-b859-af02fc499402"],
    "attempt":1,"refused_in_row":0}"#;

/// The cap of the target `cap`.
const CAP: usize = 4096;

static DEFAULT: LazyLock<Pipeline> = LazyLock::new(Pipeline::default);

static STRATEGIES: LazyLock<[Pipeline; 2]> = LazyLock::new(|| {
    ["replace", "shrink"].map(|strategy| {
        let config = format!("{{\"max_payload_bytes\":{CAP},\"cap_strategy\":\"{strategy}\"}}");
        Pipeline::new(&config).expect("a configuration")
    })
});

/// Any text: as JSON where it is JSON, as a string, and under keys.
pub fn redact(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    redacted(&text);
    let quoted = quoted(&text);
    assert!(redacted(&quoted).is_some());
    redacted(&format!("{{\"content\":{quoted},\"password\":{quoted}}}"));
}

/// Any text as a command, and as a list of arguments.
pub fn shell(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    redacted(&format!("{{\"command\":{}}}", quoted(&text)));
    let words: Vec<String> = text.split(' ').map(quoted).collect();
    redacted(&format!("{{\"args\":[{}]}}", words.join(",")));
}

/// Any value: never over the cap, and still JSON, alone and in a record. The first byte chooses the strategy.
pub fn cap(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else { return };
    let pipeline = &STRATEGIES[usize::from(first & 1)];
    // Long enough for the cap, whatever the fuzzer thinks of.
    let (one, times) = (String::from_utf8_lossy(rest), 1 + usize::from(first >> 1));
    let text = one.repeat(times);
    let quoted = quoted(&text);
    let list = format!("[{}]", vec![one.as_ref(); times].join(","));
    for value in [text.clone(), quoted.clone(), list.clone(), format!("{{\"tool_args\":{text},\"x\":[{quoted}]}}")] {
        let Ok(capped) = pipeline.cap_payload(&value) else { continue };
        assert!(capped.value.len() <= CAP && is_json(&capped.value), "{} bytes of {value:?}", capped.value.len());
        let again = pipeline.cap_payload(&capped.value).map(|again| again.value);
        assert_eq!(again.ok(), Some(capped.value));
    }
    let failed =
        |args: &str| format!("{{\"action\":\"call_failed\",\"tool_args\":{args},\"error\":{quoted},\"x\":[{quoted}]}}");
    for event in [failed(&text), failed(&quoted), failed(&list), text] {
        let Ok((record, receipt)) = pipeline.emit(&event, &mut Still) else { continue };
        assert!(record.body.len() <= CAP && is_json(&record.body), "{} bytes of {event:?}", record.body.len());
        assert!(is_json(&receipt.to_json()));
    }
}

/// Any configuration: refused with its place, or in force, told, and redacting itself.
pub fn config(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match Pipeline::new(&text) {
        Ok(pipeline) => {
            let once = pipeline.redact(SOME).expect("a value").value;
            let twice = pipeline.redact(&once).expect("what came out goes in").value;
            assert!(is_json(&once) && is_json(&twice), "{text:?}: {once:?}, {twice:?}");
            // Only its size can be in the way.
            let own = pipeline.redact(&text);
            assert!(own.is_ok_and(|own| is_json(&own.value)) || text.len() > 4096, "{text:?}");
            let told = pipeline.config();
            // What is told of a key of hashes is only its id.
            let again = Pipeline::new(&told).map(|again| again.config());
            assert!(again.is_ok_and(|again| again == told) || told.contains("\"hash_key\":{"), "{told}");
        }
        Err(Error::InvalidJson { offset, .. }) => assert!(offset <= text.len()),
        Err(Error::InvalidConfig { path, message }) => assert!(path.len() + message.len() < 1 << 12),
        Err(other) => panic!("{other}"),
    }
}

/// Any answer of an endpoint to two records, and any text in the place of the batch and of the answer: a verdict, and never more
/// settled than was sent. The first byte chooses the status.
pub fn judge(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let status = 199 + u64::from(bytes.first().copied().unwrap_or_default() % 4);
    let quoted = quoted(&text);
    let answer =
        format!("{{\"status\":{status},\"body\":{quoted},\"retry_after\":{quoted},\"date\":{quoted},\"now\":0}}");
    let verdict = DEFAULT.judge(BATCH, &answer).expect("a verdict");
    assert!(is_json(&verdict) && !verdict.contains('\u{1b}'), "{verdict}");
    let whole = (0..3).any(|dead| {
        let settled = format!("{{\"verdict\":\"settle\",\"accepted\":{},\"rejected\":[", 2 - dead);
        verdict.starts_with(&settled) && verdict.matches("{\"event_id\":").count() >= dead
    });
    assert_eq!(whole, verdict.contains("\"settle\"") && status >= 200, "{verdict}");
    for (batch, answer) in [(text.as_ref(), answer.as_str()), (BATCH, text.as_ref())] {
        match DEFAULT.judge(batch, answer) {
            Ok(verdict) => assert!(is_json(&verdict), "{verdict}"),
            Err(Error::InvalidJson { .. } | Error::InvalidEvent { .. }) => {}
            Err(other) => panic!("{other}"),
        }
    }
}

/// Redacts a value and checks what must hold of what comes out. None when the value is refused.
///
/// In a text that is broken, one with a quote that is never closed or with what is nearly JSON, all that is left can
/// read otherwise when a secret is gone (`docs/redaction.md`). Then a second time may hide more. As it never shows
/// anything, there is an end to it.
fn redacted(value: &str) -> Option<String> {
    let once = DEFAULT.redact(value).ok()?;
    let receipt = once.receipt.to_json();
    assert!(is_json(&once.value), "no JSON comes out of {value:?}: {:?}", once.value);
    assert!(is_json(&receipt), "{receipt}");
    let mut last = once.value.clone();
    loop {
        let next = DEFAULT.redact(&last).expect("what came out goes in").value;
        if next == last {
            return Some(once.value);
        }
        assert!(is_left_of(&next, &last), "{value:?} shows more, or not less, again: {last:?}, {next:?}");
        last = next;
    }
}

/// Whether one is the other with less: nothing in it is from elsewhere, but for markers and how they are quoted.
fn is_left_of(less: &str, more: &str) -> bool {
    let shown = |text: &str| text.replace("[REDACTED]", "").replace(['"', '\\'], "");
    let (less, more) = (shown(less), shown(more));
    let mut of = more.chars();
    less.len() < more.len() && less.chars().all(|shown| of.any(|c| c == shown))
}

/// Whether a second reader takes it for JSON. Its numbers are smaller and its depth is less than ours: those are no
/// complaint.
fn is_json(text: &str) -> bool {
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(_) => true,
        Err(error) => ["number out of range", "recursion limit"].iter().any(|known| error.to_string().contains(known)),
    }
}

/// Always the same moment.
struct Still;

impl Stamp for Still {
    fn now(&mut self) -> (u64, u32) {
        (1_795_000_000, 123_456_789)
    }

    fn random(&mut self) -> [u8; 16] {
        [0x5a; 16]
    }
}

/// A text as JSON.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
