//! Where a text with a secret stands: in a longer text, and in a value.

use super::text::Text;

/// A row: what is before and behind it in the string, and what the string is in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Position {
    pub(super) id: &'static str,
    before: &'static str,
    after: &'static str,
    holder: Holder,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holder {
    /// The value is the string.
    Alone,
    /// A member of an object.
    Member,
    /// An item of a list.
    Item,
    /// A key.
    Key,
    /// In a hundred lists and objects.
    Deep,
    /// In a member of JSON that is in a string, and of such in a string again.
    JsonText,
    JsonTextTwice,
}

const fn in_text(id: &'static str, before: &'static str, after: &'static str) -> Position {
    Position { id, before, after, holder: Holder::Alone }
}

const fn in_value(id: &'static str, holder: Holder) -> Position {
    Position { id, before: "", after: "", holder }
}

pub(super) const POSITIONS: &[Position] = &[
    in_value("alone", Holder::Alone),
    in_text("start", "", "\nand more of it"),
    in_text("end", "this is it\n", ""),
    in_text("behind a line break", "\n", "\n"),
    in_text("behind 2", "a\n", "\nz"),
    in_text("behind 3", "ab\n", "\n"),
    in_text("behind 7", "a line\n", "\n\n"),
    in_text("behind 8", "a line.\n", "\nanother line"),
    in_text("behind 14", "a longer line\n", "\n"),
    in_text("behind 15", "a longer line.\n", ""),
    in_text("behind 16", "a longer line..\n", "\nanother line, and another, and another"),
    in_text("behind 17", "a longer line...\n", "\n"),
    in_text("behind 31", "two lines are here:\nthis is it\n", "\n"),
    in_text("behind 32", "two lines are here:\nthis is it.\n", ""),
    in_text("behind 33", "two lines are here:\nthis is it..\n", "\n"),
    in_text("behind 15 bytes in 11 letters", "éèêâ line\n", "\n"),
    in_text("behind 47", "three lines:\none of them\nanother, which is it\n", "\n…"),
    in_text("behind 48", "three lines:\none of them\nanother, which is it.\n", "\n"),
    in_text("behind 65", "three lines:\none of them\nanother, which is a bit longer than it\n", "\n"),
    in_text("in round brackets", "(", ")"),
    in_text("in square brackets", "[", "]"),
    in_text("in angle brackets", "<", ">"),
    in_text("in double quotes", "\"", "\""),
    in_text("in single quotes", "'", "'"),
    in_text("in back quotes", "`", "`"),
    in_text("between commas", "one, ", ", two"),
    in_text("between semicolons", "one; ", "; two"),
    in_text("between letters that are no ASCII", "…é ", " é…"),
    in_value("member", Holder::Member),
    in_value("item", Holder::Item),
    in_value("key", Holder::Key),
    in_value("deep", Holder::Deep),
    in_value("JSON in a text", Holder::JsonText),
    in_value("JSON in a text in a text", Holder::JsonTextTwice),
];

impl Position {
    /// A text there, as JSON; when the text is JSON itself and nothing stands around it, as it is.
    pub(super) fn of(&self, text: Text, is_json: bool) -> Text {
        let is_value = is_json && self.before.is_empty() && self.after.is_empty() && self.holder != Holder::Key;
        let value = if is_value { text } else { text.between(self.before, self.after).quoted() };
        match self.holder {
            Holder::Alone => value,
            Holder::Member => value.between("{\"id\":7,\"command\":", ",\"mode\":\"fast\"}"),
            Holder::Item => value.between("[1,\"one\",", ",null]"),
            Holder::Key => value.between("{\"id\":7,", ":1}"),
            Holder::Deep => value.between(&"{\"a\":[".repeat(50), &"]}".repeat(50)),
            Holder::JsonText => value.between("{\"a\":", "}").quoted(),
            Holder::JsonTextTwice => value.between("[", "]").quoted().between("{\"a\":", "}").quoted(),
        }
    }
}
