//! What the characters of a secret can be: sixteen classes of bytes, and alphabets as sets of them.

/// A set of classes of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Alphabet(u16);

const TWO_TO_SEVEN: u16 = 1;
const OTHER_DIGIT: u16 = 1 << 1;
const LOWER_HEX_LETTER: u16 = 1 << 2;
const LOWER_REST: u16 = 1 << 3;
const UPPER_HEX_LETTER: u16 = 1 << 4;
const UPPER_REST: u16 = 1 << 5;
const UNDERSCORE: u16 = 1 << 6;
const DASH: u16 = 1 << 7;
const DOT: u16 = 1 << 8;
const PLUS_SLASH: u16 = 1 << 9;
const EQUAL: u16 = 1 << 10;
const TILDE: u16 = 1 << 11;
const CARET: u16 = 1 << 12;
const PERCENT: u16 = 1 << 13;
/// What else can be seen, but for quotes, backslash and backtick.
const SIGN: u16 = 1 << 14;

static CLASSES: [u16; 256] = {
    let mut classes = [0; 256];
    let mut b = 0;
    while b < 256 {
        #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler; a byte is below 256")]
        {
            classes[b] = match b as u8 {
                b'2'..=b'7' => TWO_TO_SEVEN,
                b'0' | b'1' | b'8' | b'9' => OTHER_DIGIT,
                b'a'..=b'f' => LOWER_HEX_LETTER,
                b'g'..=b'z' => LOWER_REST,
                b'A'..=b'F' => UPPER_HEX_LETTER,
                b'G'..=b'Z' => UPPER_REST,
                b'_' => UNDERSCORE,
                b'-' => DASH,
                b'.' => DOT,
                b'+' | b'/' => PLUS_SLASH,
                b'=' => EQUAL,
                b'~' => TILDE,
                b'^' => CARET,
                b'%' => PERCENT,
                b'!'
                | b'#'
                | b'$'
                | b'&'
                | b'('..=b'*'
                | b','
                | b':'..=b'<'
                | b'>'..=b'@'
                | b'['
                | b']'
                | b'{'..=b'}' => SIGN,
                _ => 0,
            };
        }
        b += 1;
    }
    classes
};

pub(super) const DIGITS: Alphabet = Alphabet(TWO_TO_SEVEN | OTHER_DIGIT);
pub(super) const LOWER: Alphabet = Alphabet(LOWER_HEX_LETTER | LOWER_REST);
pub(super) const UPPER: Alphabet = Alphabet(UPPER_HEX_LETTER | UPPER_REST);
pub(super) const ALPHA: Alphabet = LOWER.and(UPPER);
pub(super) const LOWER_HEX: Alphabet = DIGITS.and(Alphabet(LOWER_HEX_LETTER));
pub(super) const UPPER_HEX: Alphabet = DIGITS.and(Alphabet(UPPER_HEX_LETTER));
pub(super) const HEX: Alphabet = LOWER_HEX.and(UPPER_HEX);
/// `A-Z 2-7` (RFC 4648, section 6).
pub(super) const BASE32: Alphabet = UPPER.and(Alphabet(TWO_TO_SEVEN));
pub(super) const LOWER_BASE32: Alphabet = LOWER.and(Alphabet(TWO_TO_SEVEN));
pub(super) const LOWER_ALNUM: Alphabet = LOWER.and(DIGITS);
pub(super) const UPPER_ALNUM: Alphabet = UPPER.and(DIGITS);
pub(super) const ALNUM: Alphabet = ALPHA.and(DIGITS);
/// The alphabet of base64url (RFC 4648, section 5).
pub(super) const WORD: Alphabet = ALNUM.and(Alphabet(UNDERSCORE | DASH));
/// Lower case with dashes between.
pub(super) const KEBAB: Alphabet = LOWER_ALNUM.and(Alphabet(DASH));
/// Base64url with dots between its parts.
pub(super) const DOTTED: Alphabet = WORD.and(Alphabet(DOT));
/// Of Microsoft Entra's client secrets.
pub(super) const ENTRA: Alphabet = DOTTED.and(Alphabet(TILDE));
/// The alphabet of base64 (RFC 4648, section 4), without what fills it up.
pub(super) const BASE64: Alphabet = ALNUM.and(Alphabet(PLUS_SLASH));
pub(super) const EQUALS: Alphabet = Alphabet(EQUAL);
/// Both with what fills them up.
pub(super) const PADDED: Alphabet = BASE64.and(EQUALS);
pub(super) const PADDED_WORD: Alphabet = WORD.and(EQUALS);
/// Both, and what they become in a URL.
pub(super) const ESCAPED: Alphabet = PADDED.and(PADDED_WORD).and(Alphabet(PERCENT));
/// All that is no blank, quote or backslash.
pub(super) const VISIBLE: Alphabet = ESCAPED.and(Alphabet(DOT | TILDE | CARET | SIGN));
/// What the scan takes for one token.
pub(super) const TOKEN: Alphabet = ENTRA.and(Alphabet(PLUS_SLASH | CARET));

impl Alphabet {
    pub(super) const NONE: Self = Self(0);

    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) const fn is_in(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// The smallest that has all of these bytes.
    pub(super) const fn of(bytes: &[u8]) -> Self {
        let mut classes = 0;
        let mut bytes = bytes;
        while let Some((b, rest)) = bytes.split_first() {
            classes |= class(*b);
            bytes = rest;
        }
        Self(classes)
    }

    #[inline]
    pub(super) fn has(self, b: u8) -> bool {
        class(b) & self.0 != 0
    }

    /// How many bytes from the start on are of it, at most `max`.
    #[inline]
    pub(super) fn run(self, bytes: &[u8], max: usize) -> usize {
        bytes.iter().take(max).take_while(|&&b| self.has(b)).count()
    }
}

#[inline]
const fn class(b: u8) -> u16 {
    #[expect(clippy::indexing_slicing, reason = "a byte is below 256")]
    CLASSES[b as usize]
}
