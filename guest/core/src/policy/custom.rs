//! The user's own patterns: regex-lite, behind a literal where the pattern has one.

use regex_lite::{Captures, Regex, RegexBuilder};

/// A compiled pattern may take this much memory. A thousand times what a usual one takes.
const MAX_COMPILED_BYTES: usize = 1 << 20;

/// A pattern and what replaces it.
#[derive(Debug, Clone)]
pub(crate) struct Custom {
    regex: Regex,
    /// Every match holds it: texts without it need no search.
    literal: Option<String>,
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
        Ok(Self { regex, literal: literal(pattern), replacement })
    }

    /// The text with every match replaced, and the length of each match in bytes; none when there is no match.
    pub(crate) fn apply(&self, text: &str) -> Option<(String, Vec<usize>)> {
        if self.literal.as_ref().is_some_and(|literal| !text.contains(literal.as_str())) {
            return None;
        }
        let mut lengths = Vec::new();
        let replaced = self.regex.replace_all(text, |captures: &Captures<'_>| {
            lengths.push(captures.get(0).map_or(0, |whole| whole.len()));
            self.replacement.iter().fold(String::new(), |mut new, part| {
                match part {
                    Part::Text(text) => new.push_str(text),
                    Part::Group(group) => new.push_str(captures.get(*group).map_or("", |m| m.as_str())),
                    Part::Named(name) => new.push_str(captures.name(name).map_or("", |m| m.as_str())),
                }
                new
            })
        });
        (!lengths.is_empty()).then(|| (replaced.into_owned(), lengths))
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
    format!("not a regular expression of regex-lite: {error}")
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

    #[test]
    fn both_notations_of_a_group_are_understood() {
        for replacement in [r"\1-[X]", "$1-[X]", "${1}-[X]"] {
            let custom = Custom::new(r"(acct)-\d+", replacement).unwrap();
            assert_eq!(custom.apply("see acct-12345."), Some(("see acct-[X].".to_owned(), vec![10])));
            assert_eq!(custom.apply("see account"), None);
        }
        let custom = Custom::new("(?P<first>a)b", "${first}-").unwrap();
        assert_eq!(custom.apply("ab").unwrap().0, "a-");
        let custom = Custom::new("a+", r"$$\\$x").unwrap();
        assert_eq!(custom.apply("baa").unwrap().0, r"b$\$x");
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
