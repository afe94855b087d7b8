//! How the table says what a command takes: an entry for each option or operand, its sign at its end.
//!
//! | entry | what it says |
//! |---|---|
//! | `-p!` | the value of `-p` is a secret: `-p x`, `-px`, `-p=x`, `-vp x` |
//! | `-p^` | it is one when it is glued to it, `-px`; alone it takes no value |
//! | `-e!!` | the values, two of them, are secrets |
//! | `-u@` `-u@,` `-U%` | the value is a login: `user:password`, `user,password`, `user%password` |
//! | `-u@!` | it is a login, or else a token |
//! | `0@@` `0/` | `user:password@where`, `user/password@where` |
//! | `-e=` `-e=!` | the value is an assignment, a secret by its name, whatever its name |
//! | `-e=,` `-a=:` `-a=$` | it is several of them, one with `:` or `=`, one of a script |
//! | `-n:` | the value is none of these |
//! | `-pass~` | the value is `pass:secret`, or says where the secret is |
//! | `-c$` `-c#` | the value is a script, source code |
//! | `-exec>` `-->` `0>` | a command begins behind it, there |
//! | `0+` | the same, but one that is not known has no short options that count |
//! | `0!` `last!` `*!` | operands, counted behind the subcommand: the first, the last, all others |
//! | `0!=` | a secret, or an assignment |
//! | `1?` `-n?` | the name of the next operand, and of what is said by `-v?!` |
//! | `0!>` | a secret behind a `>` |
//! | `0&?` `0&` | asks for a password when it says so, and is what was asked for |
//! | `=!` | operands that are assignments are secrets, whatever their names |
//! | `<!` `<@` `<$` | what comes from the standard input is a secret, a login on each line, a script |
//! | `-S<!` | so it is with this option |
//! | `1!|-b` | when that word is among the others, too |
//!
//! Options of Windows begin with a slash, and a colon is before their value: `/p!` is `/p:x` and `/p x`; they come before
//! all else. What is no option comes behind all options. An option that is not listed is harmless, unless its name is that
//! of a secret: `--password`.

use super::judge::Stdin;
use super::names::is_secret_option;

/// What the value of an option, or an operand, is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    Secret,
    Glued,
    Both,
    SecretOrPair,
    Angled,
    /// With the sign between name and password.
    Login(u8),
    LoginOrToken,
    LoginAt,
    Oracle,
    Pair,
    SecretPair,
    Pairs,
    Field,
    Alias,
    Value,
    Pass,
    Script,
    Code,
    Command {
        known: bool,
    },
    Name,
    Named,
    Asks,
    Asked,
    Stdin(Stdin),
}

impl Takes {
    /// Whether it is a secret, or can be one.
    #[cfg(test)]
    pub(super) fn is_secret(self) -> bool {
        let run = matches!(self, Self::Script | Self::Code | Self::Alias | Self::Command { .. });
        !run && !matches!(self, Self::Value | Self::Name | Self::Asks | Self::Stdin(Stdin::Script))
    }

    fn new(sign: &[u8]) -> Option<Self> {
        Some(match sign {
            b"!" => Self::Secret,
            b"^" => Self::Glued,
            b"!!" => Self::Both,
            b"!=" => Self::SecretOrPair,
            b"!>" => Self::Angled,
            b"@" => Self::Login(b':'),
            b"@," => Self::Login(b','),
            b"%" => Self::Login(b'%'),
            b"@!" => Self::LoginOrToken,
            b"@@" => Self::LoginAt,
            b"/" => Self::Oracle,
            b"=" => Self::Pair,
            b"=!" => Self::SecretPair,
            b"=," => Self::Pairs,
            b"=:" => Self::Field,
            b"=$" => Self::Alias,
            b":" => Self::Value,
            b"~" => Self::Pass,
            b"$" => Self::Script,
            b"#" => Self::Code,
            b">" => Self::Command { known: false },
            b"+" => Self::Command { known: true },
            b"?" => Self::Name,
            b"?!" => Self::Named,
            b"&?" => Self::Asks,
            b"&" => Self::Asked,
            b"<!" => Self::Stdin(Stdin::Secret),
            b"<@" => Self::Stdin(Stdin::Login),
            b"<$" => Self::Stdin(Stdin::Script),
            _ => return None,
        })
    }
}

const fn is_sign(b: u8) -> bool {
    matches!(
        b,
        b'!' | b'^' | b'@' | b',' | b'%' | b'/' | b'=' | b':' | b'~' | b'$' | b'#' | b'>' | b'+' | b'?' | b'&' | b'<'
    )
}

/// What a command takes, as it is written in the table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spec {
    text: &'static [u8],
    /// The letters of the options that are one letter, as bits; the first ones, in any case, of those with one dash or a
    /// slash, and with two dashes.
    short: u64,
    long: u32,
    double: u32,
}

/// One thing that a command takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) name: &'static [u8],
    sign: &'static [u8],
    /// Only when this word is there, too.
    when: &'static [u8],
}

/// What a word says that is an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) takes: Takes,
    /// Where in the word the value begins, when it is not the next word.
    pub(super) value: Option<usize>,
}

/// What is no option of what a command takes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Operands {
    /// By their places.
    places: [Option<Takes>; 5],
    last: Option<Takes>,
    all: Option<Takes>,
    /// Whether those that are assignments are secrets.
    pairs: bool,
    pub(super) stdin: Option<Stdin>,
}

impl Operands {
    /// What the operand at this place is.
    pub(super) fn at(&self, place: usize, last: bool, has_sign: bool) -> Option<Takes> {
        if self.pairs && has_sign {
            return Some(Takes::SecretPair);
        }
        self.places.get(place).copied().flatten().or(self.last.filter(|_| last)).or(self.all)
    }
}

/// Whether letters behind one dash are the name of a secret: `-password`, `-apiKey=x`.
fn is_long(letters: &[u8]) -> bool {
    let name = letters.split(|b| matches!(b, b'=' | b':')).next().unwrap_or_default();
    name.get(1).is_some_and(u8::is_ascii_alphabetic) && is_secret_option(name)
}

/// The bit of a letter, all other characters share one.
const fn bit(b: u8) -> u64 {
    match b {
        b'a'..=b'z' => 1 << (b - b'a'),
        b'A'..=b'Z' => 1 << (b - b'A' + 26),
        _ => 1 << 52,
    }
}

/// The bit of a letter of any case, or of the dash; all other characters share one.
const fn first_bit(b: u8) -> u32 {
    match b.to_ascii_lowercase() {
        letter @ b'a'..=b'z' => 1 << (letter - b'a'),
        b'-' => 1 << 26,
        _ => 1 << 27,
    }
}

impl PartialEq for Spec {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.text, other.text)
    }
}

impl Spec {
    pub(super) const NONE: Self = Self::new("");

    pub(super) const fn new(text: &'static str) -> Self {
        let text = text.as_bytes();
        let mut spec = Self { text, short: 0, long: 0, double: 0 };
        let mut at = 0;
        #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
        while at + 2 < text.len() {
            let starts = at == 0 || text[at - 1] == b' ';
            match (text[at], text[at + 1], text[at + 2]) {
                (b'-', b'-', letter) if starts => spec.double |= first_bit(letter),
                (b'-', letter, sign) if starts && is_sign(sign) => spec.short |= bit(letter),
                (b'-' | b'/', letter, _) if starts => spec.long |= first_bit(letter),
                _ => {}
            }
            at += 1;
        }
        spec
    }

    pub(super) fn entries(self) -> impl DoubleEndedIterator<Item = Entry> {
        self.text.split(|b| *b == b' ').filter(|entry| !entry.is_empty()).map(Entry::new)
    }

    /// Whether anything that it takes can be a secret, by the signs of those.
    pub(super) fn bears(self) -> bool {
        self.text.iter().any(|b| matches!(b, b'!' | b'^' | b'@' | b'%' | b'/' | b'=' | b'~'))
    }

    /// Whether it says more of anything than that it is harmless, or a command or source code.
    pub(super) const fn tells(self) -> bool {
        let mut text = self.text;
        while let Some((b, rest)) = text.split_first() {
            if matches!(*b, b'!' | b'^' | b'@' | b'%' | b'/' | b'=' | b'~' | b'?' | b'&' | b'<') {
                return true;
            }
            text = rest;
        }
        false
    }

    /// Whether the options are those of Windows.
    pub(super) fn has_slashes(self) -> bool {
        self.text.starts_with(b"/")
    }

    /// What an option says.
    pub(super) fn option(self, word: &[u8], there: &dyn Fn(&[u8]) -> bool) -> Option<Found> {
        let has = |set: u32, letter: Option<&u8>| letter.is_some_and(|letter| set & first_bit(*letter) != 0);
        let (long, short) = match word {
            [b'-', b'-'] => (self.double & first_bit(b'>') != 0, false),
            [b'-', b'-', letters @ ..] => (has(self.double, letters.first()), false),
            [_, letters @ ..] => {
                let short = letters.iter().any(|letter| self.short & bit(*letter) != 0) && !is_long(letters);
                (has(self.long, letters.first()), short)
            }
            [] => (false, false),
        };
        let mut first: Option<(usize, Found)> = None;
        for entry in self.text.split(|b| *b == b' ') {
            match entry {
                _ if !long && !short => break,
                [b'-', letter, sign, ..] if *letter != b'-' && is_sign(*sign) => {
                    let entry = if short && word.contains(letter) { Some(Entry::new(entry)) } else { None };
                    let found = entry.filter(|entry| entry.holds(there)).and_then(|entry| entry.short(word));
                    // The first letter that takes a value ends the switches.
                    first = first.into_iter().chain(found).min_by_key(|(at, _)| *at);
                }
                // Those of one letter are behind.
                [b'-', ..] if !long => break,
                [b'-' | b'/', second, third, ..] => {
                    let near = word.get(1).is_some_and(|b| b.eq_ignore_ascii_case(second))
                        && (*second != b'-' || word.get(2).unwrap_or(&b'>') == third);
                    let entry = if near { Some(Entry::new(entry)) } else { None };
                    let found = entry.and_then(|entry| Some((entry, entry.long(word)?)));
                    if let Some((_, found)) = found.filter(|(entry, _)| entry.holds(there)) {
                        return Some(found);
                    }
                }
                [] => {}
                // Operands.
                _ => break,
            }
        }
        first.map(|(_, found)| found)
    }

    /// What is no option.
    pub(super) fn operands(self, there: &dyn Fn(&[u8]) -> bool) -> Operands {
        let mut operands = Operands::default();
        let others = self.entries().rev().take_while(|entry| !matches!(entry.name, [b'-' | b'/', ..]));
        for entry in others.filter(|entry| entry.holds(there)) {
            let takes = entry.takes();
            match (entry.name, takes) {
                (b"", Some(Takes::Stdin(stdin))) => operands.stdin = Some(stdin),
                (b"", _) => operands.pairs = true,
                (b"*", takes) => operands.all = takes,
                ([digit @ b'0'..=b'9'], takes) => {
                    if let Some(place) = operands.places.get_mut(usize::from(digit - b'0')) {
                        *place = takes;
                    }
                }
                (_, takes) => operands.last = takes,
            }
        }
        operands
    }
}

impl Entry {
    fn new(entry: &'static [u8]) -> Self {
        let bar = entry.iter().position(|b| *b == b'|');
        let (entry, when) =
            bar.and_then(|bar| Some((entry.get(..bar)?, entry.get(bar + 1..)?))).unwrap_or((entry, b""));
        let signs = entry.iter().rev().take_while(|b| is_sign(**b)).count();
        let (name, sign) = entry.split_at_checked(entry.len() - signs).unwrap_or_default();
        Self { name, sign, when }
    }

    pub(super) fn takes(self) -> Option<Takes> {
        Takes::new(self.sign)
    }

    fn holds(self, there: &dyn Fn(&[u8]) -> bool) -> bool {
        self.when.is_empty() || there(self.when)
    }

    /// What a word says that begins with the whole name.
    fn long(self, word: &[u8]) -> Option<Found> {
        let windows = self.name.starts_with(b"/");
        let (head, rest) = word.split_at_checked(self.name.len())?;
        if head != self.name && !(windows && head.eq_ignore_ascii_case(self.name)) {
            return None;
        }
        let takes = self.takes()?;
        let value = match rest.first() {
            None => None,
            Some(b'=') if !windows => Some(head.len() + 1),
            // So does PowerShell write them.
            Some(b':') if windows || !head.starts_with(b"--") => Some(head.len() + 1),
            Some(_) if takes == Takes::Glued => Some(head.len()),
            Some(_) => return None,
        };
        Some(Found { takes, value })
    }

    /// What a word says that has the letter, and where: `-sSu`, `-psecret`.
    fn short(self, word: &[u8]) -> Option<(usize, Found)> {
        let ([b'-', letter], [b'-', letters @ ..]) = (self.name, word) else { return None };
        let takes = self.takes()?;
        let at = letters.iter().position(|b| b == letter)?;
        let switches = || letters.iter().all(u8::is_ascii_alphanumeric);
        let value = match letters.get(at + 1) {
            // What takes no value can stand among the others.
            _ if matches!(takes, Takes::Stdin(_)) => (letters.len() < 5 && switches()).then_some(None)?,
            _ if takes == Takes::Glued && at > 0 => return None,
            None if at == 0 || switches() => None,
            Some(b'=' | b':') if at == 0 => Some(3),
            Some(_) if at == 0 => Some(2),
            _ => return None,
        };
        Some((at, Found { takes, value }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_found_in_every_form() {
        let spec = Spec::new("/pw! -p! -H: -S<! -u@ -x^ -k!|-f --password! 0!");
        let found = |word| spec.option(str::as_bytes(word), &|_| false);
        for (word, takes, value) in [
            ("-p", Takes::Secret, None),
            ("-psecret", Takes::Secret, Some(2)),
            ("-p=secret", Takes::Secret, Some(3)),
            ("-vp", Takes::Secret, None),
            ("--password", Takes::Secret, None),
            ("--password=x", Takes::Secret, Some(11)),
            ("-Hx-p", Takes::Value, Some(2)),
            ("-kS", Takes::Stdin(Stdin::Secret), None),
            ("/PW:x", Takes::Secret, Some(4)),
            ("/pw", Takes::Secret, None),
            ("-x", Takes::Glued, None),
            ("-xsecret", Takes::Glued, Some(2)),
        ] {
            assert_eq!(found(word), Some(Found { takes, value }), "{word}");
        }
        for word in ["--p", "--passwords", "-vpx", "/pwx", "-", "-k", "0"] {
            assert_eq!(found(word), None, "{word}");
        }
        assert!(spec.option(b"-k", &|word| word == b"-f").is_some());
    }
}
