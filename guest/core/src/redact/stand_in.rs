//! What stands where a secret was. Seen again, it is left alone.

use super::text::Span;
use crate::policy::{Action, Actions, HASH_PREFIX, MARKER, hash_len};
use std::borrow::Cow;
use std::ops::Range;

/// Fewest characters of a secret of which the last are shown.
const MIN_MASKED: usize = 12;
/// How many those are.
const SHOWN: usize = 4;
const MASK: &str = "****";

/// What an action puts in the place of a secret.
pub(super) fn stand_in(secret: &str, action: Action, actions: &Actions) -> Cow<'static, str> {
    let made = match action {
        Action::Mask => masked(secret),
        Action::Hash => actions.hash(secret),
        Action::Drop => return Cow::Borrowed(""),
        Action::Replace | Action::Off => None,
    };
    made.map_or(Cow::Borrowed(MARKER), Cow::Owned)
}

/// A secret's last characters behind the mask; none when they would be too much of it, or could be taken for signs
/// of the text around.
fn masked(secret: &str) -> Option<String> {
    let (start, _) = secret.char_indices().rev().nth(SHOWN - 1)?;
    let end = secret.get(start..).filter(|end| end.chars().all(char::is_alphanumeric))?;
    secret.chars().nth(MIN_MASKED - 1).map(|_| [MASK, end].concat())
}

/// A text as it reads with the marker for every secret that is gone from it. A mask or a hash has letters, which could be
/// taken for a part of what is around it; the marker cannot.
pub(super) struct Seen<'a> {
    pub(super) text: Cow<'a, str>,
    /// What the markers in it are in truth, in order; empty when they are all markers.
    kept: Vec<&'a str>,
}

impl<'a> Seen<'a> {
    /// The text as it is.
    pub(super) fn plain(text: &'a str) -> Self {
        Self { text: Cow::Borrowed(text), kept: Vec::new() }
    }

    pub(super) fn new(text: &'a str, actions: &Actions) -> Self {
        let mut seen = Self::plain(text);
        if !actions.leave_letters() || !text.contains(MASK) && !text.contains(HASH_PREFIX) {
            return seen;
        }
        let (mut new, mut at) = (String::with_capacity(text.len()), 0);
        while let Some(range) = next_stand_in(text, at) {
            new.push_str(text.get(at..range.start).unwrap_or_default());
            new.push_str(MARKER);
            seen.kept.push(text.get(range.clone()).unwrap_or_default());
            at = range.end;
        }
        new.push_str(text.get(at..).unwrap_or_default());
        seen.text = Cow::Owned(new);
        seen
    }

    /// The text with what `put` puts in the place of each span.
    pub(super) fn rewrite(&self, spans: &[Span], mut put: impl FnMut(&Span, &str, &mut String)) -> String {
        let mut new = String::with_capacity(self.text.len());
        let mut kept = self.kept.iter();
        let mut at = 0;
        for span in spans {
            self.copy(at..span.range.start, &mut kept, &mut new);
            let secret = self.text.get(span.range.clone()).unwrap_or_default();
            put(span, secret, &mut new);
            // What stood in the secret is gone with it.
            if !self.kept.is_empty() {
                secret.matches(MARKER).zip(&mut kept).for_each(drop);
            }
            at = span.range.end;
        }
        self.copy(at..self.text.len(), &mut kept, &mut new);
        new
    }

    fn copy(&self, part: Range<usize>, kept: &mut std::slice::Iter<'_, &str>, new: &mut String) {
        let part = self.text.get(part).unwrap_or_default();
        if self.kept.is_empty() {
            return new.push_str(part);
        }
        let mut pieces = part.split(MARKER);
        new.push_str(pieces.next().unwrap_or_default());
        for piece in pieces {
            new.push_str(kept.next().copied().unwrap_or(MARKER));
            new.push_str(piece);
        }
    }
}

/// The next place from an offset on at which something stands for a secret.
fn next_stand_in(text: &str, from: usize) -> Option<Range<usize>> {
    let rest = text.get(from..)?;
    rest.char_indices().find_map(|(at, sign)| {
        let here = rest.get(at..).filter(|_| "[*h".contains(sign))?;
        let len = if here.starts_with(MARKER) { MARKER.len() } else { masked_len(here).or_else(|| hash_len(here))? };
        Some(from + at..from + at + len)
    })
}

/// How long the mask is that begins a text.
fn masked_len(text: &str) -> Option<usize> {
    let end = text.strip_prefix(MASK)?;
    let shown = || end.chars().take(SHOWN);
    let len = MASK.len() + shown().map(char::len_utf8).sum::<usize>();
    (shown().count() == SHOWN && shown().all(char::is_alphanumeric)).then_some(len)
}

/// Whether a text is what stands where a secret was.
pub(super) fn is_stand_in(text: &str) -> bool {
    text == MARKER || masked_len(text) == Some(text.len()) || hash_len(text) == Some(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_a_text_is_put_back_but_for_what_goes() {
        let hash = format!("hmac:k1:{}", "0a".repeat(32));
        let text = format!("a ****12é4b [REDACTED] {hash} c *****abcd ****ab hmac:k1:0a");
        let mut actions = Actions::default();
        assert_eq!(Seen::new(&text, &actions).text, text);
        actions.set(0, Action::Mask);
        let seen = Seen::new(&text, &actions);
        assert_eq!(seen.text, "a [REDACTED]b [REDACTED] [REDACTED] c *[REDACTED] ****ab hmac:k1:0a");
        assert_eq!(seen.rewrite(&[], |_, _, _| {}), text);
        let span = |range| Span { range, rule: super::super::rules::Rule::KEY };
        let new = seen.rewrite(&[span(0..2), span(14..24)], |_, secret, new| new.push_str(&secret.to_lowercase()));
        assert_eq!(new, text.replace("[REDACTED]", "[redacted]"));
    }

    #[test]
    fn a_mask_shows_the_end_of_what_is_long_enough() {
        for (secret, shown) in [
            ("fake-secret-1234", Some("****1234")),
            ("fake-secret8", Some("****ret8")),
            ("fakesecret8", None),
            ("fake-secret-12.4", None),
            ("fake-пароль-длин", Some("****длин")),
            ("", None),
        ] {
            assert_eq!(masked(secret).as_deref(), shown, "{secret}");
            assert!(shown.is_none_or(is_stand_in), "{secret}");
        }
        assert!(is_stand_in(MARKER) && !is_stand_in("****") && !is_stand_in("****12345") && !is_stand_in("hmac:k:1"));
    }
}
