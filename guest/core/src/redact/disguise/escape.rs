//! Single characters that are written in another way.

/// What an escape stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plain {
    Char(char),
    /// It is not seen: a soft hyphen, a character without width, a sign of direction.
    Nothing,
    /// The break of a line that goes on in the next (quoted-printable, RFC 2045, section 6.7).
    Break,
}

/// Named characters of HTML that secrets or what is around them can have (WHATWG HTML, section 13.5).
const NAMED: [(&str, char); 23] = [
    ("amp", '&'),
    ("apos", '\''),
    ("ast", '*'),
    ("bsol", '\\'),
    ("colon", ':'),
    ("comma", ','),
    ("commat", '@'),
    ("dollar", '$'),
    ("equals", '='),
    ("excl", '!'),
    ("gt", '>'),
    ("lowbar", '_'),
    ("lt", '<'),
    ("nbsp", ' '),
    ("num", '#'),
    ("percnt", '%'),
    ("period", '.'),
    ("plus", '+'),
    ("quest", '?'),
    ("quot", '"'),
    ("semi", ';'),
    ("sol", '/'),
    ("NewLine", '\n'),
];

/// No escape is longer, in bytes.
const MAX: usize = 12;

/// Whether a byte can begin an escape.
pub(super) fn is_sign(b: u8) -> bool {
    matches!(b, b'%' | b'&' | b'\\' | b'=' | 0xc2 | 0xe2 | 0xef)
}

/// What the escape there stands for, and its length in bytes.
pub(super) fn at(text: &[u8], at: usize) -> Option<(Plain, usize)> {
    let rest = text.get(at..)?;
    match *rest {
        [b'%', ..] => percent(rest),
        [b'\\', b'x', ..] => unit(rest, 2, 2).map(|c| (Plain::Char(c), 4)),
        [b'\\', b'u', b'{', ..] => braced(rest.get(3..)?).map(|(c, len)| (Plain::Char(c), len + 3)),
        [b'\\', b'u', ..] => unit(rest, 2, 4).map(|c| (Plain::Char(c), 6)),
        [b'\\', b'U', ..] => unit(rest, 2, 8).map(|c| (Plain::Char(c), 10)),
        [b'&', b'#', ..] => numbered(rest),
        [b'&', ..] => named(rest),
        [b'=', b'\n', ..] => Some((Plain::Break, 2)),
        [b'=', b'\r', b'\n', ..] => Some((Plain::Break, 3)),
        [0xc2, 0xad, ..] => Some((Plain::Nothing, 2)),
        [0xe2, 0x80, 0x8b..=0x8f | 0xaa..=0xae, ..] | [0xe2, 0x81, 0xa0..=0xaf, ..] => Some((Plain::Nothing, 3)),
        // At the start of a text it says how the text is encoded.
        [0xef, 0xbb, 0xbf, ..] if at > 0 => Some((Plain::Nothing, 3)),
        _ => None,
    }
}

/// `%41`, and characters of several such bytes (RFC 3986, section 2.1).
fn percent(rest: &[u8]) -> Option<(Plain, usize)> {
    let byte = |index: usize| match rest.get(index * 3..index * 3 + 3)? {
        [b'%', digits @ ..] => number(digits, 16).map(|byte| byte as u8),
        _ => None,
    };
    let mut bytes = [byte(0)?, 0, 0, 0];
    let len = match bytes {
        [0..=0x7f, ..] => 1,
        [0xc2..=0xdf, ..] => 2,
        [0xe0..=0xef, ..] => 3,
        _ => 4,
    };
    for (index, to) in bytes.iter_mut().enumerate().take(len).skip(1) {
        *to = byte(index)?;
    }
    let c = std::str::from_utf8(bytes.get(..len)?).ok()?.chars().next()?;
    Some((Plain::Char(c), len * 3))
}

/// So many hexadecimal digits from an offset on.
fn unit(rest: &[u8], from: usize, digits: usize) -> Option<char> {
    char::from_u32(number(rest.get(from..from + digits)?, 16)?)
}

/// `41}`, as in `\u{41}`.
fn braced(rest: &[u8]) -> Option<(char, usize)> {
    let len = rest.iter().take(MAX).position(|b| *b == b'}')?;
    Some((char::from_u32(number(rest.get(..len)?, 16)?)?, len + 1))
}

/// `&#65;` and `&#x41;`.
fn numbered(rest: &[u8]) -> Option<(Plain, usize)> {
    let len = rest.iter().take(MAX).position(|b| *b == b';')?;
    let c = match rest.get(2..len)? {
        [b'x' | b'X', digits @ ..] => number(digits, 16),
        digits => number(digits, 10),
    };
    Some((Plain::Char(char::from_u32(c?)?), len + 1))
}

fn named(rest: &[u8]) -> Option<(Plain, usize)> {
    let len = rest.iter().take(MAX).position(|b| *b == b';')?;
    let name = rest.get(1..len)?;
    let (_, c) = NAMED.iter().find(|(known, _)| known.as_bytes() == name)?;
    Some((Plain::Char(*c), len + 1))
}

fn number(digits: &[u8], base: u32) -> Option<u32> {
    let digit = |number: u32, b: &u8| number.checked_mul(base)?.checked_add(char::from(*b).to_digit(base)?);
    digits.iter().try_fold(0, digit).filter(|_| !digits.is_empty())
}
