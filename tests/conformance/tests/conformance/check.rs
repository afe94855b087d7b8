//! One vector against one driver: ask, and compare.

use auditbox_conformance::compact::Members;
use auditbox_conformance::difference::{around, texts};
use auditbox_conformance::process::Process;
use auditbox_conformance::protocol::{Answer, Refusal, Reply, Request, Row};
use auditbox_conformance::vector::{Case, DIR, Op, Vector};
use std::io;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// A vector, the number of its case from 1, and what is wrong.
pub(crate) type Checked<'v> = (&'v Vector, usize, Option<String>);

/// What came of a case.
#[derive(Debug, Default)]
pub(crate) struct Got {
    pub(crate) value: Option<String>,
    pub(crate) receipt: Option<String>,
    pub(crate) error: Option<Refusal>,
    pub(crate) event_id: Option<String>,
    pub(crate) durable: Option<bool>,
}

/// Puts a vector's cases to a driver, which may write into the folder.
pub(crate) fn check<'v>(process: &mut Process, vector: &'v Vector, dir: &Path) -> Vec<Checked<'v>> {
    let dir = dir.to_string_lossy();
    let records = configure(process, vector, &dir);
    let cases = vector.cases.iter().enumerate().map(|(index, case)| {
        let failure = match &records {
            Ok(targets) => failure(process, vector.op, case, *targets, &dir),
            Err(error) => Err(io::Error::other(format!("  configure: {error}"))),
        };
        (vector, index + 1, failure.unwrap_or_else(|error| Some(format!("  {error}"))))
    });
    cases.collect()
}

/// Where records are to be found.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Targets {
    outbox: bool,
    file: bool,
}

/// Sets the vector's configuration.
pub(crate) fn configure(process: &mut Process, vector: &Vector, dir: &str) -> io::Result<Targets> {
    if vector.op == Op::Configure {
        return Ok(Targets::default());
    }
    let config = vector.configuration()?.replace(DIR, dir);
    match process.ask(&Request::Configure { config })? {
        Answer::Ok(Reply::Text(config)) => {
            let config: serde_json::Value = serde_json::from_str(&config)?;
            let given = |key: &str| config.get(key).is_some_and(|value| !value.is_null());
            Ok(Targets { outbox: given("outbox"), file: given("file") })
        }
        other => Err(io::Error::other(format!("{other:?}"))),
    }
}

/// What is wrong with a case.
fn failure(process: &mut Process, op: Op, case: &Case, targets: Targets, dir: &str) -> io::Result<Option<String>> {
    let got = ask(process, op, case, targets, dir)?;
    let want = case.wanted()?.map(|want| want.replace(DIR, dir));
    let mut wrong = Vec::new();
    if got.error != case.want_error {
        let show = |error: &Option<Refusal>| error.as_ref().map(serde_json::to_string).transpose();
        wrong.extend(difference("error", show(&case.want_error)?, show(&got.error)?));
    }
    let value = got.value.map(|value| normal(&value, want.as_deref().unwrap_or_default()));
    wrong.extend(difference("value", want, value));
    if case.want_error.is_none() && got.receipt.is_some() {
        wrong.extend(difference("receipt", Some(case.wanted_receipt(got.event_id.as_deref())?), got.receipt));
    }
    if let (Some(want), Some(got)) = (case.want_durable, got.durable) {
        wrong.extend(difference("durable", Some(want.to_string()), Some(got.to_string())));
    }
    Ok((!wrong.is_empty()).then(|| wrong.join("\n")))
}

/// Asks the driver, and reads back what it has written.
pub(crate) fn ask(process: &mut Process, op: Op, case: &Case, targets: Targets, dir: &str) -> io::Result<Got> {
    let mut request = case.request(op)?;
    if let Request::Configure { config } = &mut request {
        *config = config.replace(DIR, dir);
    }
    let mut got = match process.ask(&request)? {
        Answer::Error(error) => Got { error: Some(error), ..Got::default() },
        Answer::Ok(Reply::Rewritten { value, receipt }) => {
            Got { value: Some(value), receipt: Some(receipt), ..Got::default() }
        }
        Answer::Ok(Reply::Text(text)) => match op {
            Op::Emit | Op::LogEvent => Got { receipt: Some(text), ..Got::default() },
            Op::EmitBatch => {
                let answers: Vec<&str> = text.lines().collect();
                Got { value: Some(format!("[{}]", answers.join(","))), ..Got::default() }
            }
            _ => Got { value: Some(text), ..Got::default() },
        },
        Answer::Ok(other) => return Err(io::Error::other(format!("answered {other:?} to {op:?}"))),
    };
    if !matches!(op, Op::Emit | Op::LogEvent | Op::EmitBatch) {
        return Ok(got);
    }
    let (records, durable) = read_back(process, targets)?;
    got.durable = durable;
    match (op, records.as_slice()) {
        (Op::EmitBatch, records) => {
            let accepted = got.value.iter().flat_map(|text| text.matches(r#"{"event_id":"#)).count();
            let duplicates = got.value.iter().flat_map(|text| text.matches(r#""duplicate":true"#)).count();
            if records.len() != accepted - duplicates {
                return Err(io::Error::other(format!("{accepted} accepted, {} recorded", records.len())));
            }
        }
        (_, [record]) => got.value = Some(record.clone()),
        (_, []) => {}
        (_, records) => return Err(io::Error::other(format!("one event, {} records", records.len()))),
    }
    got.event_id = got.receipt.as_deref().and_then(|receipt| Some(member(receipt, "event_id")?.to_owned()));
    Ok(got)
}

/// What was written since the last time, the same everywhere; and whether the last row is durable, where the outbox says it.
fn read_back(process: &mut Process, targets: Targets) -> io::Result<(Vec<String>, Option<bool>)> {
    let Answer::Ok(Reply::Records { outbox, file }) = process.ask(&Request::Records {})? else {
        return Err(io::Error::other("no records read back"));
    };
    for Row { event_id, event_type, agent_id, body, .. } in &outbox {
        let Members(fields) = serde_json::from_str(body)?;
        let field = |key: &str| fields.iter().find(|(name, _)| name == key);
        let text = |key: &str| field(key).and_then(|(_, value)| serde_json::from_str::<String>(value.get()).ok());
        let kind = text("action").or(text("event_type"));
        let agent = if text("action").is_some() { None } else { text("agent_id") }.unwrap_or_default();
        if text("event_id").as_ref() != Some(event_id) || kind.as_ref() != Some(event_type) || agent != *agent_id {
            let row = format!("event_id `{event_id}`, event_type `{event_type}`, agent_id `{agent_id}`");
            return Err(io::Error::other(format!("the outbox has {row} beside {body}")));
        }
    }
    let durable = outbox.last().and_then(|row| row.durable);
    let outbox: Vec<String> = outbox.into_iter().map(|row| row.body).collect();
    let records = match (targets.outbox, targets.file) {
        (true, true) if outbox == file => Ok(file),
        (true, false) if file.is_empty() => Ok(outbox),
        (false, true) if outbox.is_empty() => Ok(file),
        (false, false) if outbox.is_empty() && file.is_empty() => Ok(file),
        _ => Err(io::Error::other(format!("the outbox has {outbox:?}, the file {file:?}"))),
    };
    Ok((records?, durable))
}

/// A text member of an object, found by its name.
fn member<'t>(object: &'t str, name: &str) -> Option<&'t str> {
    let (_, value) = object.split_once(&format!(r#""{name}":""#))?;
    value.split_once('"').map(|(value, _)| value)
}

type Stands = fn(&str) -> bool;

/// What stands in a vector for a text that is different each time, and which texts it may stand for.
const PLACEHOLDERS: [(&str, Stands); 2] = [("\"<uuid7>\"", is_new_uuid7), ("\"<now>\"", is_now)];

/// What was got, with the placeholders of what is wanted in the place of texts that may stand for them.
pub(crate) fn normal(got: &str, want: &str) -> String {
    let mut normal = String::with_capacity(got.len());
    let (mut got, mut want) = (got, want);
    loop {
        let next = PLACEHOLDERS.iter().filter_map(|(name, is)| Some((want.find(name)?, name, is))).min_by_key(|p| p.0);
        let Some((at, name, is)) = next else { break };
        let literal = want.get(..at).unwrap_or_default();
        let Some(rest) = got.strip_prefix(literal) else { break };
        let Some((value, behind)) = rest.strip_prefix('"').and_then(|rest| rest.split_once('"')) else { break };
        if !is(value) {
            break;
        }
        normal += literal;
        normal += name;
        got = behind;
        want = want.get(at + name.len()..).unwrap_or_default();
    }
    normal + got
}

/// How far a driver's clock may be from the runner's.
const TOLERANCE_S: u64 = 300;

fn is_about_now(unix_seconds: u64) -> bool {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs());
    now.abs_diff(unix_seconds) <= TOLERANCE_S
}

/// A UUIDv7 (RFC 9562, section 5.7) of about now, in lower case.
pub(crate) fn is_new_uuid7(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let hex = |group: &str| group.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let [high, low, version, variant, _] = groups.as_slice() else { return false };
    let millis = u64::from_str_radix(&format!("{high}{low}"), 16).unwrap_or_default();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.iter().all(|group| hex(group))
        && version.starts_with('7')
        && variant.starts_with(['8', '9', 'a', 'b'])
        && is_about_now(millis / 1000)
}

/// A time of about now by RFC 3339, in UTC, to the microsecond.
pub(crate) fn is_now(text: &str) -> bool {
    let form: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    if form != "0000-00-00T00:00:00.000000Z" {
        return false;
    }
    let numbers: Vec<u64> = text.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok()).collect();
    let [year, month, day, hour, minute, second, _] = numbers[..] else { return false };
    let leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let february = if leap(year) { 29 } else { 28 };
    let months = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let years: u64 = (1970..year).map(|year| if leap(year) { 366 } else { 365 }).sum();
    let days = years + months.iter().take(month as usize - 1).sum::<u64>() + day - 1;
    is_about_now(((days * 24 + hour) * 60 + minute) * 60 + second)
}

/// Where what came differs from what was wanted.
fn difference(what: &str, want: Option<String>, got: Option<String>) -> Option<String> {
    match (want, got) {
        (Some(want), Some(got)) => Some(format!("  {what} {}", texts(&want, &got)?)),
        (None, None) => None,
        (Some(want), None) => Some(format!("  {what} wanted: {}\n  and none came", around(&want, 0))),
        (None, Some(got)) => Some(format!("  no {what} wanted\n  got:    {}", around(&got, 0))),
    }
}

#[test]
fn placeholders_stand_for_what_is_of_now_and_for_nothing_else() {
    let want = r#"{"a":"<uuid7>","b":"<now>"}"#;
    let old = r#"{"a":"01a1ee56-5e07-7fff-bfff-ffffffffffff","b":"2026-01-01T00:00:00.000000Z"}"#;
    assert_eq!(normal(old, want), old);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
    let new = format!(r#"{{"a":"{:08x}-{:04x}-7fff-bfff-ffffffffffff","b":5}}"#, now >> 16, now & 0xffff);
    assert_eq!(normal(&new, want), r#"{"a":"<uuid7>","b":5}"#);
    assert!(!is_now("1969-12-31T23:59:59.000000Z") && !is_now("") && !is_new_uuid7(""));
}
