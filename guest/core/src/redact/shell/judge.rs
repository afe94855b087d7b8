//! The judge: which of a simple command's words are secrets.

use super::names::is_secret_option;
use super::spec::{Found, Spec, Takes};
use super::table;
use super::value::{asks, looks_random};
use super::word::{Word, Words};
use crate::policy::Keys;
use crate::redact::rules::Rule;
use crate::redact::text::Span;

/// A subcommand is among so many words.
const MAX_SUBCOMMAND: usize = 24;
/// And has at most so many words.
const MAX_DEPTH: usize = 3;

/// What is done with a command's standard input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stdin {
    Other,
    Secret,
    Login,
    Script,
}

/// How sure it is that a text is a command, the surest first: the less it is, the more must speak for a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Trust {
    /// It is one.
    Command,
    /// It looks like one.
    Likely,
    /// It is in quotes behind a command that is not known.
    Quoted,
    /// It is known, but stands in prose or in source code.
    Prose,
}

/// What stands before a command's name: reserved words of POSIX (XCU 2.4) and PowerShell, prompts, other signs.
fn is_leading(text: &[u8]) -> bool {
    match text {
        [sign] => b"!$%.@{}".contains(sign),
        b"do" | b"fi" | b"if" | b"else" | b"elif" | b"then" | b"until" | b"while" | b"coproc" => true,
        b"try" | b"catch" | b"finally" | b"elseif" | b"foreach" => true,
        _ => false,
    }
}

/// Whether a command writes what it is given.
fn is_writer(name: &[u8]) -> bool {
    [&b"echo"[..], b"printf", b"print", b"write-output", b"write-host"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(name))
}

pub(super) struct Judge<'k> {
    pub(super) keys: &'k Keys,
    pub(super) trust: Trust,
    pub(super) nesting: u8,
    /// A password has been asked for.
    pub(super) asked: bool,
    /// What was found, in any order. Where something begins that is no secret, although its name says so, is a span without
    /// anything in it.
    pub(super) spans: Vec<Span>,
}

/// What a known command leaves to others.
struct Left<'w> {
    stdin: Option<Stdin>,
    /// The command that it runs.
    next: Option<Next<'w>>,
}

#[derive(Clone, Copy)]
struct Next<'w> {
    words: &'w [Word],
    /// It must be known for its short options to count.
    known: bool,
}

impl<'k> Judge<'k> {
    pub(super) fn new(keys: &'k Keys, trust: Trust) -> Self {
        Self { keys, trust, nesting: 0, asked: false, spans: Vec::new() }
    }

    /// Judges a simple command, which another one may be piped into.
    pub(super) fn command(&mut self, words: &Words<'_>, own: &[Word], piped: &[Word], here: Option<&Word>) -> Stdin {
        let stdin = self.simple(words, own);
        if stdin == Stdin::Other {
            return stdin;
        }
        if let Some(here) = here {
            self.fed(words, here, stdin);
        }
        let Some((first, rest)) = piped.split_first() else { return stdin };
        let writer = table::name(words.text(first));
        if rest.is_empty() && first.is_quoted() {
            // PowerShell hands on what stands alone.
            self.fed(words, first, stdin);
        } else if is_writer(writer) {
            let is_option = |word: &&Word| words.text(word).starts_with(b"-") && !word.is_quoted();
            let options = rest.iter().take_while(is_option).count();
            // A format is no secret when there is something to put into it.
            let format = |word: &Word| words.text(word).contains(&b'%') && rest.len() > options + 1;
            let format = writer == b"printf" && rest.get(options).is_some_and(format);
            for word in rest.iter().skip(options + usize::from(format)) {
                self.fed(words, word, stdin);
            }
        }
        stdin
    }

    /// Judges a command, and what it runs: `sudo -u db mysql …`.
    pub(super) fn simple(&mut self, words: &Words<'_>, own: &[Word]) -> Stdin {
        let mut stdin = Stdin::Other;
        let mut next = Next { words: own, known: false };
        let mut env = false;
        loop {
            next.words = self.leading(words, next.words, env);
            let Some((first, rest)) = next.words.split_first() else { return stdin };
            let name = words.text(first);
            if first.is_quoted() && is_script(name) {
                self.script(words, first, 0);
                self.unknown(words, Next { words: rest, ..next });
                return stdin;
            }
            let rows = table::rows(name);
            if rows.is_empty() {
                let named = !is_option(name) && !first.has_sign;
                self.unknown(words, if named { Next { words: rest, ..next } } else { next });
                return stdin;
            }
            let base = table::base(rows);
            let (spec, sub) = match rows {
                [only] if only.is_base() => (base, 0),
                _ => {
                    let (operands, count) = operands(words, rest, base);
                    table::pick(rows, operands.get(..count).unwrap_or_default())
                }
            };
            let left = self.known(words, spec, base, sub, rest);
            stdin = left.stdin.unwrap_or(stdin);
            let Some(behind) = left.next else { return stdin };
            (next, env) = (behind, table::name(name) == b"env");
        }
    }

    /// What is left of a command behind its assignments and all else that stands before its name.
    fn leading<'w>(&mut self, words: &Words<'_>, mut own: &'w [Word], env: bool) -> &'w [Word] {
        while let Some((first, rest)) = own.split_first() {
            let text = words.text(first);
            own = match (text.strip_prefix(b"$"), rest) {
                // PowerShell's assignments have blanks in them; what is no text is a command again.
                (Some(name), [sign, rest @ ..]) if words.text(sign) == b"=" => match rest.split_first() {
                    Some((value, rest)) if value.is_quoted() => {
                        self.assigned_to(words, name, value);
                        rest
                    }
                    _ => rest,
                },
                // A pattern that a program is waited for with: `"*assword:" { send "…" }`.
                (_, [block, ..]) if words.text(block) == b"{" && asks(text) => {
                    self.asked = true;
                    rest
                }
                // PowerShell's condition before a block.
                (Some(b"_"), [block, ..]) if words.text(block) == b"{" => rest,
                _ if is_leading(text) || text.is_empty() && !first.is_quoted() => rest,
                // In quotes it is none to the shell, but to `env`.
                _ if first.has_sign && (env || !first.opens_quoted()) && self.assignment(words, first) => rest,
                _ => break,
            };
        }
        own
    }

    /// Judges the words behind a command of which nothing is known.
    fn unknown(&mut self, words: &Words<'_>, next: Next<'_>) {
        let (list, mut at) = (next.words, 0);
        while let Some(word) = list.get(at) {
            let text = words.text(word);
            at += 1;
            if is_option(text) {
                let behind = list.get(at..).unwrap_or_default();
                let p = text == b"-p" && !next.known && self.trust <= Trust::Likely;
                at += if p && behind.first().is_some_and(|word| is_word(words.text(word))) {
                    self.option(words, word, Takes::Secret, None, behind)
                } else {
                    self.long_option(words, word, behind, false)
                };
            } else if word.has_sign || word.is_quoted() {
                self.operand(words, word, None, Trust::Quoted);
            }
        }
    }

    /// Judges the words of a known command, the first operands of which are its subcommand.
    fn known<'w>(&mut self, words: &Words<'_>, spec: Spec, base: Spec, mut sub: usize, list: &'w [Word]) -> Left<'w> {
        let there = |wanted: &[u8]| list.iter().take(MAX_SUBCOMMAND).any(|word| is_there(words.text(word), wanted));
        let other = spec != base;
        let option =
            |text: &[u8]| spec.option(text, &there).or_else(|| if other { base.option(text, &there) } else { None });
        let operands = spec.operands(&there);
        let windows = spec.has_slashes() || base.has_slashes();
        let mut left = Left { stdin: None, next: None };
        let (mut at, mut place, mut ended) = (0, 0, false);
        // Whether the last operand, or an option, has named a secret.
        let (mut named, mut told) = (false, false);
        while let Some(word) = list.get(at) {
            let text = words.text(word);
            let behind = list.get(at + 1..).unwrap_or_default();
            at += 1;
            if !ended && (is_option(text) || windows && text.starts_with(b"/")) {
                ended = text == b"--";
                at += match option(text) {
                    Some(Found { takes: Takes::Command { known }, value: None }) => {
                        return Left { next: Some(Next { words: behind, known }), ..left };
                    }
                    Some(Found { takes: Takes::Stdin(stdin), .. }) => {
                        left.stdin = Some(stdin);
                        0
                    }
                    Some(Found { takes: Takes::Named, .. }) if !told && !std::mem::take(&mut named) => 1,
                    Some(Found { takes, value }) => {
                        told |=
                            takes == Takes::Name && behind.first().is_some_and(|name| self.is_named(words.text(name)));
                        self.option(words, word, takes, value, behind)
                    }
                    None => self.long_option(words, word, behind, true),
                };
                continue;
            }
            if sub > 0 {
                sub -= 1;
                continue;
            }
            match operands.at(place, behind.is_empty(), word.has_sign) {
                Some(Takes::Command { known }) => {
                    let words = list.get(at - 1..).unwrap_or_default();
                    return Left { next: Some(Next { words, known }), ..left };
                }
                _ if std::mem::take(&mut named) && !text.starts_with(b"/") => self.argument(words, word),
                Some(Takes::Name) if !word.has_sign || text.ends_with(b"=") => named = self.is_named(text),
                None if !word.has_sign && !word.is_quoted() => {}
                takes => self.operand(words, word, takes, Trust::Prose),
            }
            place += 1;
        }
        // What it says of its standard input whatever its options, as no other command reads that.
        left.stdin = left.stdin.or(operands.stdin);
        left
    }

    /// Judges the value of an option; how many of the words behind it that was.
    fn option(&mut self, words: &Words<'_>, word: &Word, takes: Takes, value: Option<usize>, behind: &[Word]) -> usize {
        let text = words.text(word);
        let (wanted, glued) = match (value, takes) {
            (Some(offset), _) => (0, Some((word, offset))),
            (None, Takes::Glued) => (0, None),
            (None, Takes::Both) => (2, None),
            (None, _) => (1, None),
        };
        let name = text.get(..value.unwrap_or(text.len())).unwrap_or_default();
        let assigned = name.ends_with(b"=");
        let rule = if assigned { Rule::ASSIGNMENT } else { Rule::OPTION };
        // It is known to be no secret, although its name says so.
        let harmless = takes == Takes::Value && is_secret_option(name.strip_suffix(b"=").unwrap_or(name));
        let behind = behind.iter().take(wanted).take_while(|word| !is_option(words.text(word)));
        let mut count = 0;
        for (word, offset) in glued.into_iter().chain(behind.map(|word| (word, 0))) {
            if harmless {
                let at = words.rest(word, offset).start;
                self.spans.push(Span { range: at..at, rule });
            }
            self.take(words, word, offset, takes, rule);
            count += wanted.min(1);
        }
        count
    }

    /// Judges an option of which only the name is known; how many of the words behind it are its value.
    fn long_option(&mut self, words: &Words<'_>, word: &Word, behind: &[Word], known: bool) -> usize {
        let text = words.text(word);
        // PowerShell has a colon.
        let is_sign = |b: &u8| *b == b'=' || *b == b':' && !text.starts_with(b"--");
        let sign = text.iter().position(is_sign);
        let name = text.get(..sign.unwrap_or(text.len())).unwrap_or_default();
        // In prose, the word behind an option of a known command must look like a secret, too.
        let value = sign.map_or_else(|| behind.first().map(|next| words.text(next)), |sign| text.get(sign + 1..));
        let sure = self.trust != Trust::Prose || known && value.is_some_and(looks_random);
        if sure && is_secret_option(name) {
            return self.option(words, word, Takes::Secret, sign.map(|sign| sign + 1), behind);
        }
        if sign.is_some() {
            self.operand(words, word, None, Trust::Prose);
        }
        0
    }
}

/// The first operands of a command, without the values of the options that it takes before its subcommand, and how many.
fn operands<'w>(words: &'w Words<'_>, list: &[Word], base: Spec) -> ([&'w [u8]; MAX_DEPTH], usize) {
    let mut operands = [&b""[..]; MAX_DEPTH];
    let mut count = 0;
    let mut list = list.iter().take(MAX_SUBCOMMAND);
    while let (Some(place), Some(word)) = (operands.get_mut(count), list.next()) {
        let text = words.text(word);
        if !is_option(text) {
            *place = text;
            count += 1;
            continue;
        }
        let takes_next = match base.option(text, &|_| false) {
            Some(Found { takes, value: None }) => {
                !matches!(takes, Takes::Glued | Takes::Stdin(_) | Takes::Command { .. })
            }
            Some(_) => false,
            None => is_secret_option(text),
        };
        if takes_next {
            list.next();
        }
    }
    (operands, count)
}

/// Whether a word is the wanted one, or says the same: `-nb` says `-b`.
fn is_there(text: &[u8], wanted: &[u8]) -> bool {
    let short = match (text, wanted) {
        ([b'-', letters @ ..], [b'-', letter]) => {
            letters.len() < 5 && !letters.starts_with(b"-") && letters.contains(letter)
        }
        _ => false,
    };
    short || text == wanted || text.strip_prefix(wanted).is_some_and(|rest| rest.starts_with(b"="))
}

fn is_option(text: &[u8]) -> bool {
    matches!(text, [b'-', _, ..])
}

/// Whether the value of a `-p` can be a password: no port, no range of them, no path, nothing to fill in.
fn is_word(text: &[u8]) -> bool {
    let port = text.len() <= 11 && text.iter().all(|b| b.is_ascii_digit() || b":,-".contains(b));
    !port && !matches!(text, [b'/' | b'.' | b'~' | b'{' | b'<' | b'*', ..])
}

/// Whether a quoted word is a command with its arguments, and not the path of a program.
fn is_script(text: &[u8]) -> bool {
    let is_blank = |b: &u8| b.is_ascii_whitespace();
    let is_folder = |b: &u8| matches!(b, b'/' | b'\\');
    let Some(blank) = text.iter().position(is_blank) else { return false };
    let last = text.rsplit(is_folder).next().unwrap_or(text);
    !text.iter().take(blank).any(is_folder) || last.iter().any(is_blank)
}
