//! What the characters of a secret can be: sixteen classes of bytes, and alphabets as sets of them.

/// A set of classes of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Alphabet(u16);

const TWO_TO_SEVEN: u16 = 1;
const OTHER_DIGIT: u16 = 1 << 1;
const LOWER_HEX: u16 = 1 << 2;
const LOWER_REST: u16 = 1 << 3;
const UPPER_HEX: u16 = 1 << 4;
const UPPER_REST: u16 = 1 << 5;
const UNDERSCORE: u16 = 1 << 6;
const DASH: u16 = 1 << 7;
const DOT: u16 = 1 << 8;

static CLASSES: [u16; 256] = {
    let mut classes = [0; 256];
    let mut b = 0;
    while b < 256 {
        #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler; a byte is below 256")]
        {
            classes[b] = match b as u8 {
                b'2'..=b'7' => TWO_TO_SEVEN,
                b'0' | b'1' | b'8' | b'9' => OTHER_DIGIT,
                b'a'..=b'f' => LOWER_HEX,
                b'g'..=b'z' => LOWER_REST,
                b'A'..=b'F' => UPPER_HEX,
                b'G'..=b'Z' => UPPER_REST,
                b'_' => UNDERSCORE,
                b'-' => DASH,
                b'.' => DOT,
                _ => 0,
            };
        }
        b += 1;
    }
    classes
};

impl Alphabet {
    pub(super) const DIGITS: Self = Self(TWO_TO_SEVEN | OTHER_DIGIT);
    pub(super) const LOWER: Self = Self(LOWER_HEX | LOWER_REST);
    pub(super) const UPPER: Self = Self(UPPER_HEX | UPPER_REST);
    /// `0-9 a-f`, in either case.
    pub(super) const HEX: Self = Self(Self::DIGITS.0 | LOWER_HEX | UPPER_HEX);
    pub(super) const UPPER_DIGITS: Self = Self(Self::UPPER.0 | Self::DIGITS.0);
    pub(super) const ALNUM: Self = Self(Self::LOWER.0 | Self::UPPER.0 | Self::DIGITS.0);
    /// The alphabet of base64url (RFC 4648, section 5).
    pub(super) const WORD: Self = Self(Self::ALNUM.0 | UNDERSCORE | DASH);
    /// Base64url with dots between its parts.
    pub(super) const DOTTED: Self = Self(Self::WORD.0 | DOT);

    #[inline]
    pub(super) fn has(self, b: u8) -> bool {
        CLASSES.get(usize::from(b)).is_some_and(|class| class & self.0 != 0)
    }

    /// How many bytes from the start on are of it, at most `max`.
    #[inline]
    pub(super) fn run(self, bytes: &[u8], max: usize) -> usize {
        bytes.iter().take(max).take_while(|&&b| self.has(b)).count()
    }
}
