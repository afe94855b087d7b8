//! The user's own patterns: regex-lite, behind a literal where the pattern has one.
//!
//! One search takes time linear in the text, whatever the pattern. All searches of a text need not: each may read on to the
//! end for a longer match that is not there, and the next one begins behind a short one. So searches are paid for.

use super::MARKER;
use regex_lite::{Captures, Regex, RegexBuilder};

/// A compiled pattern may take this much memory: a hundred times what a usual one takes. A search looks at all of it for
/// each character, at worst.
const MAX_COMPILED_BYTES: usize = 128 << 10;
/// The longest pattern or replacement.
const MAX_PATTERN_BYTES: usize = 4096;
/// How many bytes all patterns together may search again in one value, behind the first match of each text or line. A
/// match in every twenty bytes of 32 KB takes half.
pub(crate) const MAX_SEARCHED_AGAIN: usize = 64 << 20;

/// A pattern and what replaces it.
#[derive(Debug, Clone)]
pub(crate) struct Custom {
    regex: Regex,
    /// Every match holds it: texts without it need no search.
    literal: Option<String>,
    /// No match goes over the end of a line, and none depends on where the text ends: lines are searched one by one.
    by_lines: bool,
    replacement: Vec<Part>,
}

#[derive(Debug, Clone)]
enum Part {
    Text(String),
    Group(usize),
    Named(String),
}

impl Custom {
    /// # Errors
    ///
    /// What is wrong, in words that do not repeat the pattern.
    pub(crate) fn new(pattern: &str, replacement: &str) -> Result<Self, String> {
        if pattern.is_empty() {
            return Err("expected a pattern, not an empty text".to_owned());
        }
        if pattern.len().max(replacement.len()) > MAX_PATTERN_BYTES {
            return Err(format!("expected a pattern and a replacement of at most {MAX_PATTERN_BYTES} bytes"));
        }
        let built = RegexBuilder::new(pattern).size_limit(MAX_COMPILED_BYTES).build();
        let regex = built.map_err(|error| why(pattern, &error))?;
        let replacement = parts(replacement);
        let groups = regex.captures_len();
        let missing = replacement.iter().find_map(|part| match part {
            Part::Group(group) if *group >= groups => Some(group.to_string()),
            Part::Named(name) if !regex.capture_names().any(|known| known == Some(name)) => Some(format!("`{name}`")),
            _ => None,
        });
        if let Some(group) = missing {
            return Err(format!("the replacement names group {group}, which the pattern does not have"));
        }
        Ok(Self { regex, literal: literal(pattern), by_lines: stays_in_line(pattern), replacement })
    }

    /// The text with every match replaced, and the length of each match in bytes; none when there is no match. When `paid`
    /// is used up, the rest of the text goes as if it were one match: what may hold secrets is not let through.
    pub(crate) fn apply(&self, text: &str, paid: &mut usize) -> Option<(String, Vec<usize>)> {
        if self.literal.as_ref().is_some_and(|literal| !text.contains(literal.as_str())) {
            return None;
        }
        let (mut new, mut lengths) = (String::new(), Vec::new());
        // Up to where the text has been copied, and where the line begins.
        let (mut copied, mut start) = (0, 0);
        let (lines, whole) = if self.by_lines { (Some(text.split('\n')), None) } else { (None, Some(text)) };
        for line in lines.into_iter().flatten().chain(whole) {
            let mut matches = self.regex.captures_iter(line);
            let mut next = matches.next();
            while let Some(captures) = next {
                let found = captures.get(0).map(|whole| start + whole.start()..start + whole.end()).unwrap_or_default();
                new.push_str(text.get(copied..found.start).unwrap_or_default());
                self.replacement.iter().for_each(|part| part.write(&captures, &mut new));
                lengths.push(found.len());
                copied = found.end;
                let Some(left) = paid.checked_sub(start + line.len() - copied) else {
                    new.push_str(MARKER);
                    lengths.push(text.len() - copied);
                    return Some((new, lengths));
                };
                *paid = left;
                next = matches.next();
            }
            start += line.len() + 1;
        }
        new.push_str(text.get(copied..).unwrap_or_default());
        (!lengths.is_empty()).then_some((new, lengths))
    }
}

impl Part {
    fn write(&self, captures: &Captures<'_>, new: &mut String) {
        new.push_str(match self {
            Self::Text(text) => text,
            Self::Group(group) => captures.get(*group).map_or("", |m| m.as_str()),
            Self::Named(name) => captures.name(name).map_or("", |m| m.as_str()),
        });
    }
}

/// Why a pattern cannot be compiled. What other engines have and regex-lite has not is named.
fn why(pattern: &str, error: &regex_lite::Error) -> String {
    if ["(?=", "(?!", "(?<=", "(?<!"].iter().any(|look| pattern.contains(look)) {
        return "look-around is not supported: match what is around it in groups and put them back".to_owned();
    }
    if ('1'..='9').any(|digit| pattern.contains(&format!("\\{digit}"))) {
        return "back-references are not supported in a pattern".to_owned();
    }
    if pattern.contains("(?>") {
        return "atomic groups are not supported: a plain group takes no longer here".to_owned();
    }
    format!("not a regular expression of regex-lite: {error}")
}

/// Whether it is obvious that no match holds the end of a line, or depends on where the text begins and ends.
fn stays_in_line(pattern: &str) -> bool {
    let mut chars = pattern.chars().peekable();
    let mut before = ' ';
    while let Some(c) = chars.next() {
        let stays = match c {
            '\\' => match chars.next() {
                Some(escape) => matches!(escape, 'b' | 'd' | 'w' | 'S') || escape.is_ascii_punctuation(),
                None => false,
            },
            // A class of what is not listed, or a named one; flags.
            '[' => !matches!(chars.peek(), Some('^' | ':')),
            '?' if before == '(' => chars.peek() == Some(&':'),
            '^' | '$' => false,
            c => c >= ' ',
        };
        if !stays {
            return false;
        }
        before = c;
    }
    true
}

/// Splits a replacement at `\1`, `$1`, `${1}` and `${name}`; `\\` and `$$` are the characters themselves.
fn parts(replacement: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut text = String::new();
    let mut rest = replacement;
    while let Some(sign) = rest.chars().next() {
        let after = rest.get(sign.len_utf8()..).unwrap_or_default();
        if sign != '\\' && sign != '$' {
            text.push(sign);
            rest = after;
            continue;
        }
        let braced = if sign == '$' { after.strip_prefix('{') } else { None };
        if let Some((name, behind)) = braced.and_then(|braced| braced.split_once('}'))
            && !name.is_empty()
            && !name.starts_with(|c: char| c.is_ascii_digit())
        {
            parts.push(Part::Text(std::mem::take(&mut text)));
            parts.push(Part::Named(name.to_owned()));
            rest = behind;
            continue;
        }
        let digits = braced.unwrap_or(after);
        // Two digits at most, as in Python and Perl: there are at most 99 groups.
        let len = digits.bytes().take(2).take_while(u8::is_ascii_digit).count();
        let behind = digits.get(len..).unwrap_or_default();
        let behind = if braced.is_some() { behind.strip_prefix('}') } else { Some(behind) };
        if let (Some(Ok(group)), Some(behind)) = (digits.get(..len).map(str::parse), behind) {
            parts.push(Part::Text(std::mem::take(&mut text)));
            parts.push(Part::Group(group));
            rest = behind;
        } else {
            text.push(sign);
            rest = after.strip_prefix(sign).unwrap_or(after);
        }
    }
    parts.push(Part::Text(text));
    parts
}

/// The longest run of plain characters that is a part of every match; none when that is not obvious.
fn literal(pattern: &str) -> Option<String> {
    // An alternative or a flag can make any run optional or match in another case.
    if pattern.contains('|') || pattern.contains("(?") {
        return None;
    }
    let (mut best, mut run) = (String::new(), String::new());
    let mut depth = 0_u32;
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        let plain = match c {
            '\\' => chars.next().filter(|c| !c.is_ascii_alphanumeric()),
            '[' => {
                // A class ends at the first `]` that is not its first character.
                let mut first = true;
                while let Some(c) = chars.next() {
                    match c {
                        '\\' => drop(chars.next()),
                        ']' if !first => break,
                        '^' if first => continue,
                        _ => {}
                    }
                    first = false;
                }
                None
            }
            '(' => {
                depth += 1;
                None
            }
            ')' => {
                depth = depth.saturating_sub(1);
                None
            }
            '?' | '*' | '{' => {
                // What stands before can be absent, a `{…}` skipped over.
                run.pop();
                if c == '{' {
                    chars.by_ref().find(|&c| c == '}');
                }
                None
            }
            '.' | '^' | '$' | '+' => None,
            c => Some(c),
        };
        match plain {
            Some(c) if depth == 0 => run.push(c),
            _ => {
                if run.len() > best.len() {
                    best.clone_from(&run);
                }
                run.clear();
            }
        }
    }
    let best = if run.len() > best.len() { run } else { best };
    (best.len() > 1).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apply(custom: &Custom, text: &str) -> Option<(String, Vec<usize>)> {
        custom.apply(text, &mut MAX_SEARCHED_AGAIN.clone())
    }

    #[test]
    fn both_notations_of_a_group_are_understood() {
        for replacement in [r"\1-[X]", "$1-[X]", "${1}-[X]"] {
            let custom = Custom::new(r"(acct)-\d+", replacement).unwrap();
            assert_eq!(apply(&custom, "see acct-12345."), Some(("see acct-[X].".to_owned(), vec![10])));
            assert_eq!(apply(&custom, "see account"), None);
        }
        let custom = Custom::new("(?P<first>a)b", "${first}-").unwrap();
        assert_eq!(apply(&custom, "ab").unwrap().0, "a-");
        let custom = Custom::new("a+", r"$$\\$x").unwrap();
        assert_eq!(apply(&custom, "baa").unwrap().0, r"b$\$x");
    }

    #[test]
    fn what_regex_lite_cannot_do_is_refused_in_words() {
        for (pattern, word) in [("(?<=a)b", "look-around"), (r"(a)\1", "back-reference"), ("(", "regex"), ("", "empty")]
        {
            assert!(Custom::new(pattern, "").unwrap_err().contains(word), "{pattern}");
        }
        assert!(Custom::new("(a)", r"\2").unwrap_err().contains("group 2"));
        assert!(Custom::new("(a)", "${x}").unwrap_err().contains("group `x`"));
    }

    /// In steps, not in time: a search reads each byte of its text once, and of the searches behind the first match of a
    /// text the bytes are paid for.
    #[test]
    fn no_pattern_reads_more_of_a_text_than_is_paid_for() {
        let searched = |pattern, text: &str, max: usize| {
            let mut paid = max;
            let applied = Custom::new(pattern, "-").unwrap().apply(text, &mut paid);
            (max - paid, applied.map(|(new, lengths)| (new, lengths.len(), lengths.iter().sum::<usize>())))
        };
        // Nested repetitions are none for a machine that is in all its states at once.
        assert_eq!(searched("(a*)*b", &"a".repeat(1 << 20), 0), (0, None));
        // Each search reads on to the end for the first alternative, and finds one letter by the second.
        let text = "A".repeat(1 << 10);
        let all = (text.len() - 1) * text.len() / 2;
        assert_eq!(searched("(?s).*[^A-Z]|[A-Z]", &text, all), (all, Some(("-".repeat(1 << 10), 1 << 10, 1 << 10))));
        let (_, cut) = searched("(?s).*[^A-Z]|[A-Z]", &text, 5000);
        assert_eq!(cut, Some(("-----[REDACTED]".to_owned(), 6, 1 << 10)));
        // Lines are searched one by one where nothing can tell.
        assert_eq!(searched(r"a\d", &"a1 a2\n".repeat(100), 500).0, 300);
    }

    #[test]
    fn lines_are_told_apart_only_where_no_pattern_could_see_it() {
        for pattern in [r"acct-\d+", r"[\w.]+@[a-z.]+", r"\bkey=\S+", "(?:a|b).*", r"\^\$[a-z$]"] {
            let by_lines = Custom::new(pattern, "<$0>").unwrap();
            assert_eq!(by_lines.by_lines, !pattern.contains("[a-z$]"), "{pattern}");
            let whole = Custom { by_lines: false, ..by_lines.clone() };
            for text in ["acct-1\nacct-2", "a@b.c\n\nx.y@z\n", "key=\nkey=a b\n", "\na\nb\r\n", "^$x\n^$"] {
                assert_eq!(apply(&by_lines, text), apply(&whole, text), "{pattern} {text:?}");
            }
        }
        for pattern in
            [r"a\s*b", "[^a]", "^a", "a$", "(?s)a.b", r"\W", r"\D", r"\x0a", "[[:space:]]", "a\nb", r"\Aa", r"[\t-z]"]
        {
            assert!(!stays_in_line(pattern), "{pattern}");
        }
    }

    #[test]
    fn a_literal_is_a_part_of_every_match() {
        for (pattern, want) in [
            (r"acct-\d+", Some("acct-")),
            (r"\d+-acct", Some("-acct")),
            ("ab?c", None),
            ("abc?", Some("ab")),
            ("ab{0,2}cd", Some("cd")),
            ("[abc]def", Some("def")),
            ("[]x]def", Some("def")),
            ("[^]x]de", Some("de")),
            ("(abc)?de", Some("de")),
            ("abc|def", None),
            ("(?i)abc", None),
            (r"a\.b", Some("a.b")),
            (r"ab\d", Some("ab")),
        ] {
            assert_eq!(literal(pattern).as_deref(), want, "{pattern}");
        }
    }
}
