//! The key rule: which names stand for secrets.

use std::borrow::Cow;

/// How a key is compared with the sensitive words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Matching {
    /// Anywhere in the key: `monkey_name` holds `key`.
    Substring,
    /// Whole words of snake, kebab and camel case: `monkey_name` does not, `APIKey` does.
    Word,
}

/// A key that holds one of these is sensitive.
const WORDS: [&str; 5] = ["token", "key", "secret", "password", "credential"];

/// A key that is one of these, whatever its case and separators, is sensitive, too: `set_cookie`, `Set-Cookie` and `setCookie`
/// are one. (Names that hold one of `WORDS` need not be here.)
const NAMES: [&str; 13] = [
    "auth",
    "authorization",
    "bearer",
    "connectionstring",
    "cookie",
    "databaseurl",
    "pass",
    "passcode",
    "passphrase",
    "passwd",
    "proxyauthorization",
    "pwd",
    "setcookie",
];

/// Names that are sensitive as one word among others, too.
const GLUED: [&str; 6] = ["apikey", "passcode", "passphrase", "passwd", "privatekey", "pwd"];

/// Sensitive as the last word: `db_pass`, `smtpPass`. A number or a boolean in it counts or tells what has passed.
const LAST: &str = "pass";

/// Sensitive by their words, but names of counts and switches: a number or a boolean in them is no secret.
const COUNTERS: [&str; 25] = [
    "audio_tokens",
    "cache_creation_input_tokens",
    "cache_read_input_tokens",
    "cache_tokens",
    "cached_tokens",
    "completion_tokens",
    "index_keys",
    "input_tokens",
    "key_count",
    "max_completion_tokens",
    "max_new_tokens",
    "max_output_tokens",
    "max_tokens",
    "min_tokens",
    "num_keys",
    "num_tokens",
    "output_tokens",
    "prompt_tokens",
    "reasoning_tokens",
    "sort_keys",
    "token_count",
    "token_limit",
    "tokens_per_minute",
    "tokens_used",
    "total_tokens",
];

/// Sensitive names, ready to be compared with.
#[derive(Debug, Clone)]
pub(crate) struct Keys {
    matching: Matching,
    needles: Vec<Needles>,
    /// The user's own, as whole words.
    own: Vec<String>,
    /// The user's own counters, as words.
    safe: Vec<String>,
}

impl Keys {
    pub(crate) fn new(matching: Matching, sensitive: &[String], safe: &[String]) -> Self {
        let mut needles = vec![Needles::default()];
        for word in WORDS.iter().copied().chain(sensitive.iter().map(String::as_str)) {
            let word = fold(word);
            if !needles.last_mut().is_some_and(|last| last.add(&word)) {
                let mut more = Needles::default();
                more.add(&word);
                needles.push(more);
            }
        }
        let words = |names: &[String]| names.iter().map(|name| words(name)).collect();
        Self { matching, needles, own: words(sensitive), safe: words(safe) }
    }

    /// Whether a value under this key is a secret.
    pub(crate) fn is_sensitive(&self, key: &str) -> bool {
        match self.matching {
            Matching::Substring if key.is_ascii() => self.holds(key) || NAME_SET.has(key) || ends_in_last(key),
            Matching::Substring => {
                let key = fold(key);
                self.holds(&key) || NAME_SET.has(&key) || ends_in_last(&key)
            }
            Matching::Word => {
                let words = words(key);
                let key = if key.is_ascii() { Cow::Borrowed(key) } else { Cow::Owned(fold(key)) };
                let listed = |word: &str| {
                    let word = word.trim_end_matches(|c: char| c.is_ascii_digit());
                    WORDS.contains(&word.strip_suffix('s').unwrap_or(word)) || GLUED.contains(&word)
                };
                WORDS.iter().any(|word| word.eq_ignore_ascii_case(&key))
                    || NAME_SET.has(&key)
                    || words.split('_').any(listed)
                    || words.rsplit('_').next() == Some(LAST)
                    || self.own.iter().any(|own| holds_words(&words, own))
            }
        }
    }

    /// Whether a sensitive key may keep a number or a boolean.
    pub(crate) fn is_counter(&self, key: &str) -> bool {
        let key = words(key);
        COUNTERS.contains(&key.as_str()) || self.safe.contains(&key) || key.rsplit('_').next() == Some(LAST)
    }

    /// Whether there are names of the user's own.
    pub(crate) fn has_own(&self) -> bool {
        !self.own.is_empty()
    }

    /// Whether a name in a text is one of them, or has one among its words.
    pub(crate) fn is_own(&self, name: &str) -> bool {
        let name = words(name);
        self.own.iter().any(|own| holds_words(&name, own))
    }

    fn holds(&self, key: &str) -> bool {
        self.needles.iter().any(|needles| needles.occur_in(key))
    }
}

/// Up to 64 bytes of words that are looked for all at once (Shift-And): a bit of the state for each byte of each word, set
/// while the text before it has matched the word so far.
#[derive(Debug, Clone)]
struct Needles {
    /// For each byte, where in the words it stands.
    places: Vec<u64>,
    first: u64,
    last: u64,
    used: u32,
}

impl Default for Needles {
    fn default() -> Self {
        Self { places: vec![0; 256], first: 0, last: 0, used: 0 }
    }
}

impl Needles {
    /// The longest word there is room for.
    const MAX: usize = 64;

    /// False when there is no room left.
    fn add(&mut self, word: &str) -> bool {
        if word.is_empty() || self.used as usize + word.len() > Self::MAX {
            return false;
        }
        self.first |= 1 << self.used;
        for byte in word.bytes() {
            for case in [byte, byte.to_ascii_uppercase()] {
                if let Some(place) = self.places.get_mut(usize::from(case)) {
                    *place |= 1 << self.used;
                }
            }
            self.used += 1;
        }
        self.last |= 1 << (self.used - 1);
        true
    }

    #[inline]
    fn occur_in(&self, text: &str) -> bool {
        let mut state = 0;
        for byte in text.bytes() {
            state = (state << 1 | self.first) & self.places.get(usize::from(byte)).copied().unwrap_or_default();
            if state & self.last != 0 {
                return true;
            }
        }
        false
    }
}

/// The longest name a user can add, in bytes.
pub(crate) const MAX_NAME_BYTES: usize = Needles::MAX;

/// All of `NAMES` at once, as `Needles` but from a key's start to its end: most keys are given up after two letters.
struct NameSet {
    /// For each letter, where in the names it stands.
    places: [u128; 26],
    first: u128,
    last: u128,
}

static NAME_SET: NameSet = {
    let mut set = NameSet { places: [0; 26], first: 0, last: 0 };
    let mut used = 0;
    let mut names: &[&str] = &NAMES;
    while let Some((name, others)) = names.split_first() {
        set.first |= 1 << used;
        let mut letters = name.as_bytes();
        while let Some((letter, rest)) = letters.split_first() {
            #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler; names are of lower-case letters")]
            {
                set.places[(*letter - b'a') as usize] |= 1 << used;
            }
            used += 1;
            letters = rest;
        }
        set.last |= 1 << (used - 1);
        names = others;
    }
    set
};

impl NameSet {
    fn has(&self, key: &str) -> bool {
        let letters = || key.bytes().filter(|b| !b"_-".contains(b));
        let place = |b: u8| self.places.get(usize::from((b | 0x20).wrapping_sub(b'a'))).copied().unwrap_or_default();
        let mut state = self.first;
        for (at, b) in letters().enumerate() {
            state = if at == 0 { state } else { state << 1 } & place(b);
            if state == 0 {
                return false;
            }
        }
        state & self.last != 0
    }
}

/// Whether the last word of an ASCII name is `LAST`, as a sign or its capital letter tells: `bypass` is another word.
fn ends_in_last(key: &str) -> bool {
    let Some((before, [first, rest @ ..])) = key.as_bytes().split_last_chunk::<4>() else { return false };
    let is_last = rest.eq_ignore_ascii_case(b"ass") && first.eq_ignore_ascii_case(&b'p');
    let starts = |before: &u8| !before.is_ascii_alphanumeric() || *first == b'P' && !before.is_ascii_uppercase();
    is_last && before.last().is_none_or(starts)
}

fn holds_words(key: &str, own: &str) -> bool {
    !own.is_empty() && format!("_{key}_").contains(&format!("_{own}_"))
}

/// A name in lower case, and its full-width letters as plain ones. Letters of other alphabets stay as they are: the tables of
/// their cases would be a tenth of the component.
pub(crate) fn fold(name: &str) -> String {
    name.chars().filter(|c| !is_invisible(*c)).map(plain).map(|c| c.to_ascii_lowercase()).collect()
}

/// What takes no place between letters: zero-width characters, marks of direction and the soft hyphen.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The ASCII letter that looks like this one, if there is one.
fn plain(c: char) -> char {
    match c {
        // The full-width forms of ASCII, in its order.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        // The long s and the Kelvin sign: letters whose other case is ASCII.
        '\u{17f}' => 's',
        '\u{212a}' => 'k',
        c => c,
    }
}

/// A name's words in lower case with `_` between them: `maxTokens`, `MAX-TOKENS` and `max_tokens` are one, `APIKey` is
/// `api_key`.
fn words(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 4);
    let mut chars = name.chars().filter(|c| !is_invisible(*c)).map(plain).peekable();
    let mut before = '_';
    while let Some(c) = chars.next() {
        let after_lower = before.is_ascii_lowercase() || before.is_ascii_digit();
        let starts = c.is_ascii_uppercase() && (after_lower || chars.peek().is_some_and(char::is_ascii_lowercase));
        let separates = c.is_ascii() && !c.is_ascii_alphanumeric();
        if (starts || separates) && !words.is_empty() && !words.ends_with('_') {
            words.push('_');
        }
        if !separates {
            words.push(c.to_ascii_lowercase());
        }
        before = c;
    }
    if words.ends_with('_') {
        words.pop();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn defaults(matching: Matching) -> Keys {
        Keys::new(matching, &[], &[])
    }

    #[test]
    fn a_word_anywhere_in_a_key_makes_it_sensitive() {
        let keys = defaults(Matching::Substring);
        for key in [
            "password",
            "DB_PASSWORD",
            "xToken",
            "monkey",
            "Set-Cookie",
            "connectionString",
            "pwd",
            "AWS_SECRET_ACCESS_KEY",
            "пtoken",
        ] {
            assert!(keys.is_sensitive(key), "{key}");
        }
        for key in ["passw", "tok", "author", "authority", "command", "", "ke", "se-cret"] {
            assert!(!keys.is_sensitive(key), "{key}");
        }
    }

    #[test]
    fn word_matching_splits_snake_kebab_camel_and_acronyms() {
        let keys = defaults(Matching::Word);
        for key in [
            "APIKey",
            "api-keys",
            "dbPassword",
            "x_api_key",
            "userTokens",
            "my_apikey",
            "Set-Cookie",
            "passWord",
            "token2",
            "pwd",
        ] {
            assert!(keys.is_sensitive(key), "{key}");
        }
        for key in ["monkey_name", "keyboard", "tokenizer", "secretary", "hotkeys_enabled"] {
            assert!(!keys.is_sensitive(key), "{key}");
        }
    }

    #[test]
    fn own_names_count_like_the_built_in_ones() {
        let own: Vec<String> = (0..40).map(|i| format!("badge_number_{i}")).collect();
        for (matching, key) in [(Matching::Substring, "theBADGE_NUMBER_39s"), (Matching::Word, "theBadge-Number_39")] {
            let keys = Keys::new(matching, &own, &[]);
            assert!(keys.is_sensitive(key), "{key}");
            assert!(keys.is_sensitive("token") && !keys.is_sensitive("badge"));
        }
    }

    #[test]
    fn counters_are_known_in_every_case_style() {
        let keys = Keys::new(Matching::Substring, &[], &["rate_key".to_owned()]);
        for key in ["max_tokens", "maxTokens", "MAX-TOKENS", "sort_keys", "RateKey"] {
            assert!(keys.is_counter(key), "{key}");
        }
        assert!(!keys.is_counter("token") && keys.is_counter("first_pass"));
    }

    #[test]
    fn pass_is_a_word_at_the_end_of_a_name() {
        for matching in [Matching::Substring, Matching::Word] {
            let keys = defaults(matching);
            for key in ["pass", "DB_PASS", "smtpPass", "ftp-pass", "user.pass", "passcode", "ｄｂ_ｐａｓｓ"] {
                assert!(keys.is_sensitive(key), "{key}");
            }
            for key in ["bypass", "BYPASS", "passed", "pass_rate", "compass", "passenger", "ass"] {
                assert!(!keys.is_sensitive(key), "{key}");
            }
        }
    }
}
