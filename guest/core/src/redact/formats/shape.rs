//! What stands behind a format's prefix: parts, one after the other, and what tells it from a name that looks alike.

use super::alphabet::{Alphabet, LOWER_HEX};

/// A piece of a secret.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part {
    /// So many characters of an alphabet, from fewest to most. As many as there are belong to it.
    Run(Alphabet, u16, u16),
    Text(&'static str),
    /// What stands before is no secret.
    Begin,
    /// As much as this function reads, at least so much.
    Block(fn(&[u8]) -> Option<usize>, u16),
}

/// As many as there are.
const OPEN: u16 = u16::MAX;

pub(super) const fn exact(alphabet: Alphabet, len: u16) -> Part {
    Part::Run(alphabet, len, len)
}

pub(super) const fn open(alphabet: Alphabet, min: u16) -> Part {
    Part::Run(alphabet, min, OPEN)
}

pub(super) const fn between(alphabet: Alphabet, min: u16, max: u16) -> Part {
    Part::Run(alphabet, min, max)
}

pub(super) const fn text(text: &'static str) -> Part {
    Part::Text(text)
}

/// 8-4-4-4-12 (RFC 9562), in lower case.
pub(super) const UUID: &[Part] = &[
    exact(LOWER_HEX, 8),
    text("-"),
    exact(LOWER_HEX, 4),
    text("-"),
    exact(LOWER_HEX, 4),
    text("-"),
    exact(LOWER_HEX, 4),
    text("-"),
    exact(LOWER_HEX, 12),
];

impl Part {
    /// How many bytes at the start of a text it takes, at most `max` when it is a run.
    fn len(&self, text: &[u8], max: usize) -> Option<usize> {
        match *self {
            Self::Text(part) => text.starts_with(part.as_bytes()).then_some(part.len()),
            Self::Run(alphabet, min, _) => Some(alphabet.run(text, max)).filter(|&len| len >= usize::from(min)),
            Self::Begin => Some(0),
            Self::Block(read, _) => read(text),
        }
    }

    pub(super) const fn min(&self) -> usize {
        match *self {
            Self::Run(_, min, _) | Self::Block(_, min) => min as usize,
            Self::Text(part) => part.len(),
            Self::Begin => 0,
        }
    }

    pub(super) const fn max(&self) -> usize {
        match *self {
            Self::Run(_, _, OPEN) => usize::MAX,
            Self::Run(_, _, max) => max as usize,
            _ => self.min(),
        }
    }

    /// Its characters.
    pub(super) const fn alphabet(&self) -> Alphabet {
        match *self {
            Self::Run(alphabet, ..) => alphabet,
            Self::Text(part) => Alphabet::of(part.as_bytes()),
            Self::Begin | Self::Block(..) => Alphabet::NONE,
        }
    }
}

/// How far parts go at the start of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Extent {
    /// Where the secret begins, when that is said.
    pub(super) begin: Option<usize>,
    /// Where it ends at the earliest: the last part as short as it may be.
    pub(super) fewest: usize,
}

/// How far these parts go, when a text begins with them.
pub(super) fn extent(parts: &[Part], text: &[u8]) -> Option<Extent> {
    let (last, inner) = parts.split_last()?;
    let mut extent = Extent { begin: None, fewest: 0 };
    for part in inner {
        extent.fewest += part.len(text.get(extent.fewest..)?, part.max())?;
        if matches!(part, Part::Begin) {
            extent.begin = Some(extent.fewest);
        }
    }
    extent.fewest += last.len(text.get(extent.fewest..)?, last.min())?;
    Some(extent)
}

/// As much of a secret as its proof is looked for in.
pub(super) fn known<'a>(parts: &[Part], text: &'a [u8], extent: &Extent) -> &'a [u8] {
    let more = match parts.last() {
        Some(Part::Run(alphabet, ..)) => {
            alphabet.run(text.get(extent.fewest..).unwrap_or_default(), HEAD.saturating_sub(extent.fewest))
        }
        _ => 0,
    };
    text.get(..HEAD.min(extent.fewest + more)).unwrap_or_default()
}

/// Where the parts end, the last of them as long as it goes; none when what comes behind would be a part of it.
pub(super) fn end(parts: &[Part], text: &[u8], fewest: usize) -> Option<usize> {
    let last = parts.last()?;
    let alphabet = if let Part::Run(alphabet, ..) = last { *alphabet } else { Alphabet::NONE };
    let run = fewest + alphabet.run(text.get(fewest..)?, last.max() - last.min());
    // The dot that ends a sentence is not the token's.
    let mut end = run;
    while alphabet.has(b'.') && text.get(end.checked_sub(1)?) == Some(&b'.') {
        end -= 1;
    }
    let goes_on = text.get(run).is_some_and(|&b| b.is_ascii_alphanumeric() || alphabet.has(b));
    (end >= fewest && !goes_on).then_some(end)
}

/// What a secret must have, where names of other things look alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    None,
    Digit,
    /// A digit and a letter.
    Both,
    /// A digit and letters of both cases.
    Mixed,
    /// A piece between dashes that reads as random: mixed, or a digit in many characters.
    Random,
    /// Behind base64, nothing but digits.
    Digits,
    /// The format's checksum is right.
    Checksum,
}

/// Where in a secret its proof must stand. Vendors' secrets are random from their start.
const HEAD: usize = 64;
/// How many pieces are looked at for one that reads as random. In front of it are names, such as `sk-proj-`; a random text has
/// a dash of its own every 64 characters.
const PIECES: usize = 6;
/// A piece of so many characters is no word.
const LONG: usize = 16;

impl Proof {
    /// Whether the head of a secret has it.
    pub(super) fn holds(self, head: &[u8]) -> bool {
        let digit = |text: &[u8]| text.iter().any(u8::is_ascii_digit);
        let mixed = |text: &[u8]| {
            digit(text) && text.iter().any(u8::is_ascii_lowercase) && text.iter().any(u8::is_ascii_uppercase)
        };
        match self {
            Self::None | Self::Checksum => true,
            Self::Digit => digit(head),
            Self::Both => digit(head) && head.iter().any(u8::is_ascii_alphabetic),
            Self::Mixed => mixed(head),
            Self::Random => {
                let random = |piece: &[u8]| piece.len() >= LONG && digit(piece) && !piece.contains(&b'_');
                head.split(|&b| b == b'-').take(PIECES).any(|piece| random(piece) || mixed(piece))
            }
            // Three digits are four characters of base64, each of which begins one of these ways.
            Self::Digits => head
                .split(|&b| b == b'.')
                .next()
                .is_some_and(|part| part.chunks(4).all(|four| matches!(four, [b'M'..=b'O', ..]))),
        }
    }
}
