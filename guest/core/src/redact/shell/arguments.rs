//! Argument vectors: `["mysql", "-p", "hunter2"]`, where one item says what the next one is.

use super::commands::{Takes, lookup};
use super::is_secret_option;
use crate::json::{Kind, Reader};
use crate::redact::place::{Context, Place};
use crate::redact::text::is_placeholder;

/// No option is longer, in bytes; of longer items no more is read ahead.
const MAX_AHEAD: usize = 128;

/// What is known of the items so far.
#[derive(Debug, Default)]
pub(crate) struct Arguments<'a> {
    command: Option<&'a str>,
    /// The first item behind it that is no option.
    sub: Option<&'a str>,
    option: Option<&'a str>,
}

impl<'a> Arguments<'a> {
    /// Whether the item that comes next is the secret of the option before it.
    pub(crate) fn is_secret(&mut self, reader: &Reader<'a>, place: &Place<'_>) -> bool {
        let mut ahead = reader.ahead(MAX_AHEAD);
        let is_text = ahead.kind() == Ok(Kind::String);
        let text = if is_text { ahead.string().ok().map(|string| string.raw) } else { None };
        let (option, word) = (text.filter(|text| text.starts_with('-')), text.filter(|text| !text.starts_with('-')));
        if self.command.is_some() {
            self.sub = self.sub.or(word);
        }
        self.command = self.command.or(text);
        let option = std::mem::replace(&mut self.option, option);
        let expected = option.is_some_and(|option| self.takes_secret(option));
        // A text that is longer than what was read ahead is a value, too.
        let value = text.is_none_or(|text| word.is_some() && !is_placeholder(text));
        is_text && expected && value && place.context() == Context::Command
    }

    fn takes_secret(&self, option: &str) -> bool {
        let known = || lookup(self.command?, self.sub.unwrap_or_default());
        let takes = || known().and_then(|known| known.takes(option));
        is_secret_option(option) || matches!(takes(), Some(Takes::Secret | Takes::First))
    }
}
