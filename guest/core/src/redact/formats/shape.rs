//! What stands behind a format's prefix: parts, one after the other, and what tells it from a name that looks alike.

use super::alphabet::Alphabet;

/// A piece of a secret.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part {
    /// So many characters of an alphabet, from fewest to most. As many as there are belong to it.
    Run(Alphabet, u16, u16),
    Text(&'static str),
}

/// As many as there are.
const OPEN: u16 = u16::MAX;

pub(super) const fn exact(alphabet: Alphabet, len: u16) -> Part {
    Part::Run(alphabet, len, len)
}

pub(super) const fn open(alphabet: Alphabet, min: u16) -> Part {
    Part::Run(alphabet, min, OPEN)
}

/// What a secret must have, where names of other things look alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    None,
    Digit,
    /// A piece between dashes that reads as random: a digit and letters of both cases, or a digit in many characters.
    Random,
}

/// Where in a secret its proof must stand. Vendors' secrets are random from their start.
const HEAD: usize = 64;
/// How many pieces are looked at for one that reads as random. In front of it are names, such as `sk-proj-`; a random text has
/// a dash of its own every 64 characters.
const PIECES: usize = 6;
/// A piece of so many characters is no word.
const LONG: usize = 16;

impl Proof {
    /// Whether what stands behind a prefix has it.
    pub(super) fn holds(self, body: &[u8], parts: &[Part]) -> bool {
        let run = |parts: &[Part]| match parts {
            [Part::Run(alphabet, ..), ..] => alphabet.run(body, HEAD),
            _ => body.len().min(HEAD),
        };
        let head = || body.get(..run(parts)).unwrap_or_default();
        match self {
            Self::None => true,
            Self::Digit => head().iter().any(u8::is_ascii_digit),
            Self::Random => head().split(|&b| b == b'-').take(PIECES).any(|piece| {
                let has = |class: fn(&u8) -> bool| piece.iter().any(class);
                has(u8::is_ascii_digit)
                    && (piece.len() >= LONG && !piece.contains(&b'_')
                        || has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase))
            }),
        }
    }
}

impl Part {
    /// How many bytes at the start of a text it takes, at most `max` when it is a run.
    fn len(&self, text: &[u8], max: usize) -> Option<usize> {
        match *self {
            Self::Text(part) => text.starts_with(part.as_bytes()).then_some(part.len()),
            Self::Run(alphabet, min, _) => Some(alphabet.run(text, max)).filter(|&len| len >= usize::from(min)),
        }
    }

    fn max(&self) -> usize {
        match *self {
            Self::Run(_, _, OPEN) => usize::MAX,
            Self::Run(_, _, max) => usize::from(max),
            Self::Text(part) => part.len(),
        }
    }

    pub(super) fn min(&self) -> usize {
        match *self {
            Self::Run(_, min, _) => usize::from(min),
            Self::Text(part) => part.len(),
        }
    }
}

/// How many bytes of a text these parts take, when it begins with them, and the last of them is as short as it may be.
pub(super) fn fewest(parts: &[Part], text: &[u8]) -> Option<usize> {
    let (last, inner) = parts.split_last()?;
    let mut at = 0;
    for part in inner {
        at += part.len(text.get(at..)?, part.max())?;
    }
    Some(at + last.len(text.get(at..)?, last.min())?)
}

/// The same with the last part as long as it goes; none when what comes behind it would be a part of it.
pub(super) fn most(parts: &[Part], text: &[u8], fewest: usize) -> Option<usize> {
    let last = parts.last()?;
    let Part::Run(alphabet, min, _) = *last else { return Some(fewest) };
    let mut end = fewest + alphabet.run(text.get(fewest..)?, last.max() - usize::from(min));
    if text.get(end).is_some_and(|&b| b.is_ascii_alphanumeric() || alphabet.has(b)) {
        return None;
    }
    // The dot that ends a sentence is not the token's.
    while alphabet.has(b'.') && text.get(end.checked_sub(1)?) == Some(&b'.') {
        end -= 1;
    }
    (end >= fewest).then_some(end)
}
