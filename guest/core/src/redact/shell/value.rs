//! What of a word is a secret, once it is known what the word is.

use super::judge::{Judge, Stdin, Trust};
use super::names::{is_named, is_secret_name, is_secret_setting, is_variable};
use super::spec::Takes;
use super::word::{Word, Words};
use crate::redact::notation::is_path;
use crate::redact::rules::Rule;
use crate::redact::stand_in::is_stand_in;
use crate::redact::text::{Span, is_placeholder};
use std::ops::Range;

impl Judge<'_> {
    /// Judges a word, from this offset of its meaning on, by what is taken there.
    pub(super) fn take(&mut self, words: &Words<'_>, word: &Word, offset: usize, takes: Takes, rule: Rule) {
        let text = words.text(word).get(offset..).unwrap_or_default();
        match takes {
            Takes::Secret | Takes::Glued | Takes::Both | Takes::Named => self.secret(words, word, offset, rule),
            Takes::SecretOrPair if word.has_sign => self.pair(words, word, offset, b"=", false),
            Takes::SecretOrPair => self.secret(words, word, offset, rule),
            Takes::Angled if text.starts_with(b">") => self.secret(words, word, offset + 1, rule),
            Takes::Login(sign) => self.login(words, word, offset, sign, rule),
            Takes::LoginOrToken if !text.contains(&b':') && looks_random(text) => {
                self.secret(words, word, offset, rule)
            }
            Takes::LoginOrToken => self.login(words, word, offset, b':', rule),
            Takes::LoginAt => {
                // CVS has a method in front: `:pserver:user:password@host:/path`.
                let method = text.strip_prefix(b":").and_then(|rest| find(rest, b':')).map_or(0, |method| method + 2);
                let end = text.iter().rposition(|b| *b == b'@').unwrap_or_default();
                let sign = text.get(method..end).and_then(|login| find(login, b':'));
                if let Some(sign) = sign {
                    self.part(words, word, offset + method + sign + 1..offset + end, rule);
                }
            }
            Takes::Oracle => {
                let start = find(text, b'/').filter(|start| *start > 0);
                let end = text.iter().rposition(|b| *b == b'@').unwrap_or(text.len());
                let named = find(text, b'=')
                    .is_none_or(|sign| text.get(..sign).is_some_and(|name| name.eq_ignore_ascii_case(b"userid")));
                if let Some(start) = start.filter(|start| named && start + 1 < end) {
                    self.part(words, word, offset + start + 1..offset + end, rule);
                }
            }
            Takes::Pass => {
                let password = text.strip_prefix(b"pass:").or_else(|| text.strip_prefix(b"password:"));
                if let Some(password) = password {
                    self.secret(words, word, offset + text.len() - password.len(), rule);
                }
            }
            Takes::Pair => self.pair(words, word, offset, b"=", false),
            Takes::SecretPair => self.pair(words, word, offset, b"=", true),
            Takes::Field => self.pair(words, word, offset, b"=:", false),
            Takes::Pairs => {
                self.pairs(words, word, offset);
                self.quoted(words, word, offset, Trust::Prose);
            }
            Takes::Alias => {
                if let Some(sign) = find(text, b'=') {
                    self.script(words, word, offset + sign + 1);
                }
            }
            Takes::Script => self.script(words, word, offset),
            Takes::Code => self.program(words, word, offset),
            Takes::Name if word.has_sign => self.pair(words, word, offset, b"=", false),
            // What has been redacted has lost its quotes.
            Takes::Asks if self.asked && (word.is_quoted() && !text.contains(&b'*') || is_stand_in(text_of(text))) => {
                self.asked = false;
                self.secret(words, word, offset, rule);
            }
            Takes::Asks => self.asked |= asks(text),
            Takes::Asked => {
                if std::mem::take(&mut self.asked) {
                    self.secret(words, word, offset, rule);
                }
            }
            Takes::Angled | Takes::Name | Takes::Value | Takes::Command { .. } | Takes::Stdin(_) => {}
        }
    }

    /// Judges a word that a command is given as its standard input.
    pub(super) fn fed(&mut self, words: &Words<'_>, word: &Word, stdin: Stdin) {
        match stdin {
            Stdin::Other => {}
            Stdin::Secret => self.secret(words, word, 0, Rule::STDIN),
            Stdin::Login => self.login(words, word, 0, b':', Rule::STDIN),
            Stdin::Script => self.script(words, word, 0),
        }
    }

    /// An operand that is a secret by its place. Where it is less sure that this is a command, it must look like one.
    pub(super) fn argument(&mut self, words: &Words<'_>, word: &Word) {
        if self.trust == Trust::Command || looks_random(words.text(word)) {
            self.secret(words, word, 0, Rule::ARGUMENT);
        }
    }

    /// An operand, or an option of no known name with its value.
    pub(super) fn operand(&mut self, words: &Words<'_>, word: &Word, takes: Option<Takes>, quoted: Trust) {
        match takes {
            Some(Takes::Secret) => self.argument(words, word),
            Some(Takes::SecretOrPair) if !word.has_sign => self.argument(words, word),
            Some(takes) if takes != Takes::Value => self.take(words, word, 0, takes, Rule::ARGUMENT),
            _ => {
                let text = words.text(word);
                let name = if word.has_sign { text.split(|b| *b == b'=').next().unwrap_or_default() } else { b"" };
                if !name.is_empty() && self.trust != Trust::Prose && names_secret(name) {
                    self.assigned(words, word, 0..name.len(), name.len() + 1..text.len());
                } else {
                    self.quoted(words, word, 0, quoted);
                }
            }
        }
    }

    /// Whether an operand names what the next one is.
    pub(super) fn is_named(&self, name: &[u8]) -> bool {
        let name = name.strip_suffix(b"=").unwrap_or(name);
        is_named(name) || is_variable(name) && self.keys.is_sensitive(text_of(name))
    }

    /// Whether an assignment to this name, where there can be nothing else, is one of a secret.
    fn is_sensitive(&self, name: &[u8]) -> bool {
        self.keys.is_sensitive(text_of(name)) || is_secret_setting(name)
    }

    /// `NAME=value` at the start of a command; whether it is one.
    pub(super) fn assignment(&mut self, words: &Words<'_>, word: &Word) -> bool {
        let text = words.text(word);
        let Some(sign) = find(text, b'=') else { return false };
        let start = if text.get(..5).is_some_and(|env| env.eq_ignore_ascii_case(b"$env:")) { 5 } else { 0 };
        let name = text.get(start..sign).unwrap_or_default();
        let name = name.strip_suffix(b"+").unwrap_or(name);
        if name.first().is_some_and(u8::is_ascii_digit) || name.contains(&b'-') || !is_name(name) {
            return false;
        }
        if self.trust != Trust::Prose && self.is_sensitive(name) {
            self.assigned(words, word, start..start + name.len(), sign + 1..text.len());
        }
        true
    }

    /// `$name = "value"`, `$env:NAME = "value"`
    pub(super) fn assigned_to(&mut self, words: &Words<'_>, name: &[u8], value: &Word) {
        let name = name.rsplit(|b| *b == b':').next().unwrap_or_default();
        if self.trust != Trust::Prose && self.is_sensitive(name) {
            self.secret(words, value, 0, Rule::ASSIGNMENT);
        }
    }

    /// The value of an assignment behind one of these signs, when its name is that of a secret, or whatever its name.
    fn pair(&mut self, words: &Words<'_>, word: &Word, offset: usize, signs: &[u8], all: bool) {
        let text = words.text(word).get(offset..).unwrap_or_default();
        let Some(len) = text.iter().position(|b| signs.contains(b)) else { return };
        let (name, behind) = text.split_at_checked(len).unwrap_or_default();
        let signs_len = behind.iter().take_while(|b| **b == b'=' || signs.contains(b)).count();
        if all || self.is_sensitive(name) && (signs.len() == 1 || is_named(name)) {
            self.assigned(words, word, offset..offset + len, offset + len + signs_len..offset + text.len());
        }
    }

    /// Several assignments: `a=1,b=2`, `a=1 b=2`, `{a=1;b=2}`.
    fn pairs(&mut self, words: &Words<'_>, word: &Word, offset: usize) {
        let text = words.text(word);
        let name_before = |sign: usize| {
            let before = text.get(offset..sign).unwrap_or_default();
            let in_name = |b: &&u8| b.is_ascii_alphanumeric() || b"_-.[]".contains(b);
            let len = before.iter().rev().take_while(in_name).count();
            let between = |b: &u8| b", ;&\n{[('\"".contains(b);
            let starts = before.len().checked_sub(len + 1).and_then(|at| before.get(at)).is_none_or(between);
            (len > 0 && starts).then_some(sign - len..sign)
        };
        let signs = text.iter().enumerate().filter(|(at, b)| **b == b'=' && *at >= offset);
        let mut names = signs.filter_map(|(sign, _)| name_before(sign)).peekable();
        while let Some(name) = names.next() {
            // A value goes on to the next name.
            let end = names.peek().map_or(text.len(), |next| next.start);
            let value = text.get(name.end + 1..end).unwrap_or_default();
            let value = without_end(value, end < text.len());
            if self.is_sensitive(text.get(name.clone()).unwrap_or_default()) {
                let value = name.end + 1..name.end + 1 + value.len();
                self.assigned(words, word, name, value);
            }
        }
    }

    /// Judges the value of an assignment to a name that is sensitive.
    fn assigned(&mut self, words: &Words<'_>, word: &Word, name: Range<usize>, value: Range<usize>) {
        let text = words.text(word);
        let written = words.source.get(words.rest(word, value.start)).unwrap_or_default();
        let meant = text.get(value.clone()).unwrap_or_default();
        let rooted = matches!(
            meant,
            [b'/' | b'~', ..] | [b'.', b'/', ..] | [b'.', b'.', b'/', ..] | [_, b':', b'\\' | b'/', ..]
        );
        let count = meant.iter().all(u8::is_ascii_digit) || meant == b"true" || meant == b"false";
        // In source code the same notation calls functions and compares.
        let call = || !word.is_quoted() && !meant.starts_with(b"${") && written.iter().any(|b| b"([{".contains(b));
        if matches!(meant, [b'=' | b'~' | b'>', ..]) || rooted && is_path(text_of(meant)) || call() {
            return;
        }
        if count && text.get(name).is_some_and(|name| self.keys.is_counter(text_of(name))) {
            return;
        }
        if value.end == text.len() {
            self.secret(words, word, value.start, Rule::ASSIGNMENT);
        } else {
            self.part(words, word, value, Rule::ASSIGNMENT);
        }
    }

    /// The password of a login.
    fn login(&mut self, words: &Words<'_>, word: &Word, offset: usize, sign: u8, rule: Rule) {
        let text = words.text(word).get(offset..).unwrap_or_default();
        if let Some(at) = find(text, sign) {
            self.secret(words, word, offset + at + 1, rule);
        }
    }

    /// The rest of a word, from this offset of its meaning on.
    pub(super) fn secret(&mut self, words: &Words<'_>, word: &Word, offset: usize, rule: Rule) {
        let text = words.text(word).get(offset..).unwrap_or_default();
        if let Some(default) = default(text) {
            return self.part(words, word, offset + default.start..offset + default.end, rule);
        }
        let range = words.rest(word, offset);
        let escaped = words.source.get(range.clone()).is_some_and(|written| written.starts_with(b"\\$"));
        let literal = self.nesting == 0 && (word.is_literal() || escaped);
        // In a text that only may be a command, what is to be filled in is named in capitals: `--password PASSWORD`.
        let named = self.trust > Trust::Command && text.iter().all(|b| b.is_ascii_uppercase() || b"_-]".contains(b));
        if !named && !is_nothing(text, literal) {
            self.spans.push(Span { range, rule });
        }
    }

    /// A piece of a word, without quotes of its own.
    fn part(&mut self, words: &Words<'_>, word: &Word, piece: Range<usize>, rule: Rule) {
        let text = words.text(word).get(piece.clone()).unwrap_or_default();
        let is_quote = |b: &&u8| matches!(b, b'"' | b'\'');
        let head = text.iter().take_while(is_quote).count();
        let inner = text.get(head..).unwrap_or_default();
        let inner = inner.get(..inner.len() - inner.iter().rev().take_while(is_quote).count()).unwrap_or_default();
        if !is_nothing(inner, false) {
            let start = piece.start + head;
            self.spans.push(Span { range: words.part(word, start..start + inner.len()), rule });
        }
    }
}

fn find(text: &[u8], sign: u8) -> Option<usize> {
    text.iter().position(|b| *b == sign)
}

/// Words begin and end where characters do.
pub(super) fn text_of(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}

/// Whether a program that is waited for asks for a password.
pub(super) fn asks(text: &[u8]) -> bool {
    text.windows(6).any(|part| matches!(part, b"asswor" | b"assphr"))
}

/// A value without what stands between it and the next one, and without the bracket that closes all of them.
fn without_end(mut value: &[u8], more: bool) -> &[u8] {
    let opens = [b'(', b'[', b'{'].map(|open| value.contains(&open));
    while let Some((last, before)) = value.split_last() {
        let opened = match (last, opens) {
            (b',' | b' ' | b';' | b'&' | b'\n', _) if more => false,
            (b')', [opened, ..]) | (b']', [_, opened, _]) | (b'}', [.., opened]) => opened,
            _ => break,
        };
        if opened {
            break;
        }
        value = before;
    }
    value
}

/// Whether an assignment to this name, anywhere in a command, is one of a secret.
fn names_secret(name: &[u8]) -> bool {
    let dashes = name.iter().take_while(|b| **b == b'-').count();
    name.get(dashes..).is_some_and(|name| is_name(name) && is_secret_name(name))
}

/// Whether a name is written as those of settings are.
fn is_name(name: &[u8]) -> bool {
    !name.is_empty() && name.iter().all(|b| b.is_ascii_alphanumeric() || b"_-.[]".contains(b))
}

/// Where the value is that `${NAME:-value}` has when there is no other.
fn default(text: &[u8]) -> Option<Range<usize>> {
    let inside = text.strip_prefix(b"${")?.strip_suffix(b"}")?;
    let name = inside.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    let behind = inside.get(name..)?;
    let value = behind.strip_prefix(b":").unwrap_or(behind);
    let value = value.strip_prefix(b"-").or_else(|| value.strip_prefix(b"="))?;
    (!value.iter().any(|b| matches!(b, b'}' | b'$'))).then_some(text.len() - 1 - value.len()..text.len() - 1)
}

/// Where a secret is, instead of the secret.
const REFERENCES: [&[u8]; 14] = [
    b"/dev/",
    b"/run/secrets/",
    b"/var/run/secrets/",
    b"@-",
    b"@./",
    b"@/",
    b"@env:",
    b"@keychain:",
    b"@~",
    b"env:",
    b"fd:",
    b"file:",
    b"op://",
    b"stdin",
];

/// Whether what stands where a secret would is none.
pub(super) fn is_nothing(text: &[u8], literal: bool) -> bool {
    // Between single quotes a dollar sign is one, but for the name of a variable that somebody else is to put in.
    let dollars = text.iter().take_while(|b| **b == b'$').count();
    let behind = text.get(dollars..).unwrap_or_default();
    let dollar = literal && !matches!(behind, [b'(' | b'{', ..]) && !is_variable(behind);
    let wrapped = |sign: u8| text.len() > 2 && text.first() == Some(&sign) && text.last() == Some(&sign);
    std::str::from_utf8(if dollar { behind } else { text }).is_ok_and(is_placeholder)
        || REFERENCES.iter().any(|reference| text.starts_with(reference))
        // A pattern, or what stands for more.
        || text.contains(&b'.') && text.iter().all(|b| b".*+?|^$\\".contains(b))
        || wrapped(b'%')
        || wrapped(b'!')
        || matches!(text, b"-" | b"*" | b"@" | b"env" | b"file")
        || is_file(text)
}

/// `@values.json`
fn is_file(text: &[u8]) -> bool {
    let ending = text
        .strip_prefix(b"@")
        .and_then(|path| path.rsplit(|b| *b == b'.').next().filter(|ending| ending.len() < path.len()));
    ending.is_some_and(|ending| (2..=5).contains(&ending.len()) && ending.iter().all(u8::is_ascii_lowercase))
}

/// Whether a word is none of a language.
pub(super) fn looks_random(text: &[u8]) -> bool {
    let (mut digits, mut upper, mut lower) = (false, false, false);
    for b in text {
        digits |= b.is_ascii_digit();
        upper |= b.is_ascii_uppercase();
        lower |= b.is_ascii_lowercase();
    }
    text.len() > 5 && (digits && (upper || lower) || upper && lower && text.len() > 15)
}
