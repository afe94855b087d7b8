//! What an endpoint says of each record, in the body of an answer that says that all went well. The body is anybody's: a
//! login page of a network can come with the same status.

use super::form::Batch;
use super::reasons::{FOREIGN, Reason, WRONG};
use crate::json::{json_string, parts};
use crate::policy::Policy;
use crate::redact::{Place, Redactor};

/// The longest reason that is kept, in characters.
const MAX_REASON_CHARS: usize = 200;

/// Reads a body: the dead records as the verdict lists them, and how many were taken.
///
/// # Errors
///
/// When it is none of ours.
pub(super) fn read(body: &str, batch: &Batch, policy: &Policy) -> Result<(String, u64), Reason> {
    if body.trim_ascii().is_empty() {
        return Ok((String::new(), batch.ids.len() as u64));
    }
    let members = parts::members(body).ok().flatten().ok_or(FOREIGN)?;
    let accepted = once(&members, "accepted").ok_or(WRONG)?;
    let rejected = once(&members, "rejected").ok_or(WRONG)?;
    if !members.is_empty() && !members.iter().any(|(key, _)| key == "accepted" || key == "rejected") {
        return Err(FOREIGN);
    }
    let (listed, taken) = dead(rejected.unwrap_or("[]"), batch, policy).ok_or(WRONG)?;
    if accepted.is_some_and(|accepted| accepted.parse() != Ok(taken)) {
        return Err(WRONG);
    }
    Ok((listed, taken))
}

/// A dead record in a verdict; the reason is JSON.
pub(super) fn rejected_as(event_id: &str, reason: &str) -> String {
    [r#"{"event_id":"#, &json_string(event_id), r#","reason":"#, reason, "}"].concat()
}

/// The dead, and how many live; none when the list is not one of records of the batch.
fn dead(rejected: &str, batch: &Batch, policy: &Policy) -> Option<(String, u64)> {
    let mut listed = String::new();
    let mut lives = vec![true; batch.ids.len()];
    let mut taken = batch.ids.len() as u64;
    let mut redactor = Redactor::new(policy);
    for item in parts::items(rejected)? {
        let members = parts::members(item).ok()??;
        let place = batch.place(&parts::text(once(&members, "event_id")??)?)?;
        if !std::mem::take(lives.get_mut(place)?) {
            return None;
        }
        let reason = once(&members, "reason")?.map_or(Some(String::from("no reason given")), parts::text)?;
        listed.push_str(if listed.is_empty() { "" } else { "," });
        listed.push_str(&rejected_as(batch.ids.get(place)?, &json_string(&shown(&reason, &mut redactor))));
        taken -= 1;
    }
    Some((listed, taken))
}

/// The value of a key that may be absent, or null, which is the same; none when it comes twice, and nobody knows which counts.
#[expect(clippy::option_option, reason = "twice and not at all are not the same")]
fn once<'a>(members: &[parts::Member<'a>], key: &str) -> Option<Option<&'a str>> {
    let mut values = members.iter().filter(|(name, _)| name == key).map(|(_, value)| *value);
    let first = values.next();
    values.next().is_none().then_some(first.filter(|value| *value != "null"))
}

/// A reason as people may see it.
fn shown(reason: &str, redactor: &mut Redactor<'_>) -> String {
    let place = Place::ROOT.key("reason");
    let mut plain = String::new();
    // As it came, where a line break ends a secret; then without what could have hidden one.
    for sign in redactor.text(reason, &place).as_deref().unwrap_or(reason).chars() {
        let sign = match sign {
            '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}' => ' ',
            // What has no shape of its own, and what turns the text around it about.
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => continue,
            sign if sign.is_control() => continue,
            sign => sign,
        };
        plain.push(sign);
    }
    let mut shown = redactor.text(&plain, &place).unwrap_or(plain);
    if let Some((end, _)) = shown.char_indices().nth(MAX_REASON_CHARS) {
        shown.truncate(end);
    }
    shown
}
