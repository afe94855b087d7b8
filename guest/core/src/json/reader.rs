//! The reader: a cursor over text that must be JSON. It copies what it passes, but for what it is told to replace: text in
//! which nothing is replaced is copied in as few pieces as it has white space.

use super::Str;
use crate::error::Error;
use crate::lanes::plain_end;
use std::ops::Range;

/// How many lists and objects may enclose a value. As deep as the field's JSON libraries read by default.
pub(crate) const MAX_DEPTH: u8 = 128;

/// Why reading stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Syntax { offset: usize, expected: &'static str },
    TooDeep,
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Syntax { offset, expected } => Error::InvalidJson { offset, expected },
            Fault::TooDeep => {
                Error::event("", format!("expected at most {MAX_DEPTH} lists and objects inside each other"))
            }
        }
    }
}

/// What a value is, by its first byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Null,
    Bool,
    Number,
    String,
    List,
    Object,
}

/// White space between tokens, and strings that could be written in another way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Blanks {
    Drop,
    Keep,
}

/// Where in a text reading has come to, and what of it has been copied.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: u8,
    blanks: Blanks,
    /// Strings may hold what JSON wants escaped, and backslashes that begin no escape.
    lenient: bool,
    out: String,
    /// What lies between this offset and `at` is to be copied, and has not been yet.
    pending: usize,
    /// The first member was left out: the comma behind it goes, too.
    joins: bool,
}

/// A place in a text that can be returned to, to put something else for all that was read since.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    at: usize,
    out: usize,
    pending: usize,
}

type Read<T> = Result<T, Fault>;

impl<'a> Reader<'a> {
    /// A reader that copies.
    pub(crate) fn new(text: &'a str, blanks: Blanks) -> Self {
        // What stands in for secrets is hardly longer than they are: a copy must not be copied for a few bytes.
        Self { out: String::with_capacity(text.len() + text.len() / 8), ..Self::looking(text, blanks) }
    }

    /// A reader that copies what somebody took for JSON: a line break or a Windows path in a string is no reason to read it as
    /// anything else.
    pub(crate) fn lenient(text: &'a str) -> Self {
        Self { lenient: true, ..Self::new(text, Blanks::Keep) }
    }

    /// A reader whose copy nobody asks for.
    pub(crate) fn looking(text: &'a str, blanks: Blanks) -> Self {
        Self { text, at: 0, depth: 0, blanks, lenient: false, out: String::new(), pending: 0, joins: false }
    }

    /// The text from an offset up to the cursor.
    fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// A reader from here on, that sees at most `max` bytes and copies nothing anybody asks for.
    pub(crate) fn ahead(&self, max: usize) -> Self {
        let end = self.text.len().min(self.at.saturating_add(max));
        let text = self.text.get(..self.text.floor_char_boundary(end)).unwrap_or_default();
        let Self { at, depth, lenient, .. } = *self;
        Self { at, depth, lenient, pending: at, ..Self::looking(text, Blanks::Keep) }
    }

    /// The offset of the cursor.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// The text from a mark up to the cursor.
    pub(crate) fn since_mark(&self, mark: Mark) -> &'a str {
        self.since(mark.at)
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark { at: self.at, out: self.out.len(), pending: self.pending }
    }

    /// Whether the copy may have a string as it is written.
    pub(crate) fn keeps(&self, string: Str<'_>) -> bool {
        string.canonical || self.blanks == Blanks::Keep
    }

    /// Puts what `write` writes in the place of all that was read since the mark.
    pub(crate) fn replace(&mut self, mark: Mark, write: impl FnOnce(&mut String)) {
        self.out.truncate(mark.out);
        self.out.push_str(self.text.get(mark.pending..mark.at).unwrap_or_default());
        write(&mut self.out);
        self.pending = self.at;
    }

    /// Leaves out the member that was read since the mark of its key, with a comma.
    pub(crate) fn leave_out(&mut self, mark: Mark) {
        self.replace(mark, |_| {});
        let before = self.out.trim_ascii_end();
        match before.strip_suffix(',').map(str::len) {
            Some(before) => self.out.truncate(before),
            None => self.joins = true,
        }
    }

    /// Begins a piece of the copy at the mark: what is pending before it is left out.
    pub(crate) fn start_piece(&mut self, mark: Mark) -> Mark {
        self.out.truncate(mark.out);
        self.pending = mark.at;
        Mark { pending: mark.at, ..mark }
    }

    /// Ends the piece that was begun at the mark: its place in the copy.
    pub(crate) fn end_piece(&mut self, start: Mark) -> Range<usize> {
        self.flush();
        start.out..self.out.len()
    }

    /// A piece of the copy.
    pub(crate) fn piece(&self, piece: &Range<usize>) -> &str {
        self.out.get(piece.clone()).unwrap_or_default()
    }

    /// The copy.
    pub(crate) fn into_copy(mut self) -> String {
        self.flush();
        self.out
    }

    fn flush(&mut self) {
        self.out.push_str(self.text.get(self.pending..self.at).unwrap_or_default());
        self.pending = self.at;
    }

    /// What comes next, white space aside.
    pub(crate) fn kind(&mut self) -> Read<Kind> {
        self.skip_blank();
        match self.peek() {
            Some(b'n') => Ok(Kind::Null),
            Some(b't' | b'f') => Ok(Kind::Bool),
            Some(b'-' | b'0'..=b'9') => Ok(Kind::Number),
            Some(b'"') => Ok(Kind::String),
            Some(b'[') => Ok(Kind::List),
            Some(b'{') => Ok(Kind::Object),
            _ => Err(self.fault("a value")),
        }
    }

    /// Enters a list or an object whose first byte is next.
    pub(crate) fn open(&mut self) -> Read<()> {
        if self.depth == MAX_DEPTH {
            return Err(Fault::TooDeep);
        }
        self.depth += 1;
        self.at += 1;
        Ok(())
    }

    /// Goes to the next item of a list that `open` has entered; false when it has ended. `first` before the first item.
    pub(crate) fn next_item(&mut self, first: bool) -> Read<bool> {
        self.next(first, b']', "`,` or `]`")
    }

    /// Goes to the next member of an object that `open` has entered, and past its key and colon; none when it has ended.
    /// The mark is the key's.
    pub(crate) fn next_key(&mut self, first: bool) -> Read<Option<(Mark, Str<'a>)>> {
        if !self.next(first, b'}', "`,` or `}`")? {
            return Ok(None);
        }
        self.skip_blank();
        if self.peek() != Some(b'"') {
            return Err(self.fault(if first { "a key or `}`" } else { "a key" }));
        }
        let mark = self.mark();
        let key = self.string()?;
        self.skip_blank();
        if self.peek() != Some(b':') {
            return Err(self.fault("`:`"));
        }
        self.at += 1;
        Ok(Some((mark, key)))
    }

    fn next(&mut self, first: bool, close: u8, expected: &'static str) -> Read<bool> {
        self.skip_blank();
        let joins = std::mem::take(&mut self.joins);
        match self.peek() {
            Some(b) if b == close => {
                self.at += 1;
                self.depth -= 1;
                Ok(false)
            }
            Some(b',') if !first => {
                self.at += 1;
                if joins {
                    self.pending = self.at;
                }
                Ok(true)
            }
            _ if first => Ok(true),
            _ => Err(self.fault(expected)),
        }
    }

    /// Reads a string whose quote is next.
    pub(crate) fn string(&mut self) -> Read<Str<'a>> {
        let start = self.at + 1;
        let bytes = self.text.as_bytes();
        let (mut escaped, mut canonical) = (false, true);
        let mut at = start;
        loop {
            at = plain_end(bytes, at);
            match bytes.get(at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    match bytes.get(at + 1) {
                        Some(b'"' | b'\\' | b'b' | b'f' | b'n' | b'r' | b't') => at += 2,
                        Some(b'/') => {
                            canonical = false;
                            at += 2;
                        }
                        Some(b'u') if hex(bytes, at + 2) => {
                            canonical = false;
                            at += 6;
                        }
                        _ if self.lenient => {
                            canonical = false;
                            at += 1;
                        }
                        _ => return Err(Fault::Syntax { offset: at, expected: "an escape of JSON" }),
                    }
                }
                Some(_) if self.lenient => {
                    canonical = false;
                    at += 1;
                }
                Some(_) => return Err(Fault::Syntax { offset: at, expected: "an escape, not a control character" }),
                None => return Err(Fault::Syntax { offset: at, expected: "`\"`" }),
            }
        }
        self.at = at + 1;
        Ok(Str { raw: self.text.get(start..at).unwrap_or_default(), escaped, canonical })
    }

    /// Reads a number, `true`, `false` or `null`, as it is written.
    pub(crate) fn scalar(&mut self) -> Read<&'a str> {
        let start = self.at;
        match self.peek() {
            Some(b't') => self.word("true")?,
            Some(b'f') => self.word("false")?,
            Some(b'n') => self.word("null")?,
            _ => self.number()?,
        }
        Ok(self.since(start))
    }

    fn word(&mut self, word: &'static str) -> Read<()> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        if !rest.starts_with(word.as_bytes()) {
            return Err(self.fault("`true`, `false` or `null`"));
        }
        self.at += word.len();
        Ok(())
    }

    fn number(&mut self) -> Read<()> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Read<()> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let count = rest.iter().take_while(|b| b.is_ascii_digit()).count();
        if count == 0 {
            return Err(self.fault("a digit"));
        }
        self.at += count;
        Ok(())
    }

    /// Reads a whole value without looking at what is in it, and gives it as it is written.
    pub(crate) fn skip(&mut self) -> Read<&'a str> {
        let kind = self.kind()?;
        let start = self.at;
        match kind {
            Kind::String => {
                self.string()?;
            }
            Kind::List | Kind::Object => self.skip_nested(kind)?,
            Kind::Null | Kind::Bool | Kind::Number => {
                self.scalar()?;
            }
        }
        Ok(self.since(start))
    }

    /// Without recursion: `enclosing` has a bit for each container that is open, set for objects.
    fn skip_nested(&mut self, kind: Kind) -> Read<()> {
        let mut enclosing = u128::from(kind == Kind::Object);
        let outside = self.depth;
        let mut first = true;
        self.open()?;
        loop {
            let in_object = enclosing & 1 == 1;
            let more = if in_object { self.next_key(first)?.is_some() } else { self.next_item(first)? };
            first = false;
            if !more {
                if self.depth == outside {
                    return Ok(());
                }
                enclosing >>= 1;
                continue;
            }
            match self.kind()? {
                kind @ (Kind::List | Kind::Object) => {
                    self.open()?;
                    enclosing = enclosing << 1 | u128::from(kind == Kind::Object);
                    first = true;
                }
                Kind::String => {
                    self.string()?;
                }
                Kind::Null | Kind::Bool | Kind::Number => {
                    self.scalar()?;
                }
            }
        }
    }

    /// Checks that nothing but white space is left.
    pub(crate) fn end(&mut self) -> Read<()> {
        self.skip_blank();
        if self.at == self.text.len() { Ok(()) } else { Err(self.fault("the end")) }
    }

    #[inline]
    fn skip_blank(&mut self) {
        if self.peek().is_some_and(|b| b <= b' ') {
            self.skip_blanks();
        }
    }

    fn skip_blanks(&mut self) {
        let start = self.at;
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
        if self.at != start && self.blanks == Blanks::Drop {
            self.out.push_str(self.text.get(self.pending..start).unwrap_or_default());
            self.pending = self.at;
        }
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn fault(&self, expected: &'static str) -> Fault {
        Fault::Syntax { offset: self.at, expected }
    }
}

/// Whether four hexadecimal digits are at `at`.
pub(super) fn hex(bytes: &[u8], at: usize) -> bool {
    bytes.get(at..at + 4).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
}
