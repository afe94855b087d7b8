//! What stands where a secret was. Seen again, it is left alone.

use crate::policy::{Action, Actions, MARKER, is_hash};
use std::borrow::Cow;

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

/// Whether a text is what stands where a secret was.
pub(super) fn is_stand_in(text: &str) -> bool {
    text == MARKER || text.strip_prefix(MASK).is_some_and(is_end) || is_hash(text)
}

fn is_end(text: &str) -> bool {
    text.chars().count() == SHOWN && text.chars().all(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

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
