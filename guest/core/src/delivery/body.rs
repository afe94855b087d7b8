//! What an endpoint says of each record, in the body of an answer that says that all went well. The body is anybody's: a
//! login page of a network can come with the same status.

use super::form::Batch;
use crate::json::{json_string, parts};
use crate::policy::Policy;
use crate::redact::{Place, Redactor};

/// The longest reason that is kept, in characters.
const MAX_REASON_CHARS: usize = 200;

/// Reads a body: the dead records as the verdict lists them, and how many they are.
///
/// # Errors
///
/// When it is none of ours, with what to do about it.
pub(super) fn read(body: &str, batch: &Batch, policy: &Policy) -> Result<(String, usize), &'static str> {
    const FOREIGN: &str = "the answer is not an endpoint's own: look for a proxy or a login page on the way";
    const WRONG: &str = "the answer does not add up to the events that were sent: look for a fault of the endpoint";
    if body.trim_ascii().is_empty() {
        return Ok((String::new(), 0));
    }
    let members = parts::members(body).ok().flatten().ok_or(FOREIGN)?;
    let accepted = once(&members, "accepted").ok_or(WRONG)?;
    let rejected = once(&members, "rejected").ok_or(WRONG)?;
    if !members.is_empty() && !members.iter().any(|(key, _)| key == "accepted" || key == "rejected") {
        return Err(FOREIGN);
    }
    let dead = dead(rejected.unwrap_or("[]"), batch).ok_or(WRONG)?;
    let whole = |accepted: &str| accepted.parse::<usize>().ok().and_then(|n| n.checked_add(dead.len()));
    if accepted.is_some_and(|accepted| whole(accepted) != Some(batch.ids.len())) {
        return Err(WRONG);
    }
    let mut redactor = Redactor::new(policy);
    let listed: Vec<_> = dead.iter().map(|(id, reason)| rejected_as(id, &shown(reason, &mut redactor))).collect();
    Ok((listed.join(","), dead.len()))
}

/// A dead record in a verdict.
pub(super) fn rejected_as(event_id: &str, reason: &str) -> String {
    [r#"{"event_id":"#, &json_string(event_id), r#","reason":"#, &json_string(reason), "}"].concat()
}

/// The ids as they were sent, and the reasons as they came; none when the list is not one of records of the batch.
fn dead<'b>(rejected: &str, batch: &'b Batch) -> Option<Vec<(&'b str, String)>> {
    let items = parts::items(rejected)?;
    if items.len() > batch.ids.len() {
        return None;
    }
    let mut listed = vec![false; batch.ids.len()];
    let read = |item| {
        let members = parts::members(item).ok()??;
        let place = batch.place(&parts::text(once(&members, "event_id")??)?)?;
        let reason = once(&members, "reason")?.map_or(Some(String::from("no reason given")), parts::text)?;
        let listed = listed.get_mut(place)?;
        (!std::mem::replace(listed, true)).then_some((batch.ids.get(place)?.as_str(), reason))
    };
    items.into_iter().map(read).collect()
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
    let mut redacted = |text: String| redactor.text(&text, &place).unwrap_or(text);
    // As it came, where a line break ends a secret; and without what could have hidden one.
    let text = redacted(reason.to_owned());
    let plain = text.chars().filter_map(|sign| match sign {
        '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}' => Some(' '),
        // What has no shape of its own, and what turns the text around it about.
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => None,
        sign => Some(sign).filter(|sign| !sign.is_control()),
    });
    redacted(plain.collect()).chars().take(MAX_REASON_CHARS).collect()
}
