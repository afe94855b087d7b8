//! Checksums that vendors put into their tokens.

use crate::policy::sha256;

/// How a token checks itself. `CRC-32` is that of zip; `whole` is all that stands before the sum, `body` what of it is
/// behind the prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Checksum {
    None,
    /// CRC-32 of the body in six digits of base 62 (GitHub's engineering blog, "Behind GitHub's new authentication token
    /// formats").
    Base62,
    /// CRC-32 of the whole, an underscore, six digits of base 62 (Synapse, `util/macaroons.py`).
    Base62Whole,
    /// The same with the lowest digit first (Matrix Authentication Service, `tokens.rs`).
    Base62Reversed,
    /// CRC-32 of the whole in seven digits of base 36 (GitLab, `authn-token` routable tokens).
    Base36Whole,
    /// CRC-32 of the whole in eight digits of base 16, in upper case (Atlassian).
    UpperHexWhole,
    /// CRC-32 of the whole, an underscore, its bytes from the lowest in base 16 (Grafana, `satokengen`).
    LittleHexWhole,
    /// CRC-32 of the body, an underscore, eight digits of base 16 (Zuplo).
    Hex,
    /// CRC-16 of XMODEM, two bytes inside of base 32, the low one first (NATS `nkeys`, Stellar SEP-23).
    Crc16Base32,
    /// Four bytes of a double SHA-256 inside of base 58 (Bitcoin).
    Base58Check,
}

impl Checksum {
    /// Whether a token, its prefix this long, has the right one.
    pub(super) fn holds(self, token: &[u8], prefix: usize) -> bool {
        let sum = |len: usize, from: usize, gap: usize| {
            let (checked, sum) = token.split_at_checked(token.len().checked_sub(len)?)?;
            Some((crc32(checked.get(from..checked.len().checked_sub(gap)?)?), sum))
        };
        let is = |found: Option<(u32, &[u8])>, base: u64| {
            found.is_some_and(|(crc, sum)| number(sum.iter().copied(), base) == Some(u64::from(crc)))
        };
        match self {
            Self::None => false,
            Self::Base62 => is(sum(6, prefix, 0), 62),
            Self::Base62Whole => is(sum(6, 0, 1), 62),
            Self::Base62Reversed => sum(6, 0, 1).is_some_and(|(crc, sum)| {
                // Zeros fill it up in front all the same.
                let zeros = sum.iter().take_while(|&&b| b == b'0').count();
                number(sum.iter().skip(zeros).rev().copied(), 62) == Some(u64::from(crc))
            }),
            Self::Base36Whole => is(sum(7, 0, 0), 36),
            Self::UpperHexWhole => is(sum(8, 0, 0), 16),
            Self::LittleHexWhole => is(sum(8, 0, 1).map(|(crc, sum)| (crc.swap_bytes(), sum)), 16),
            Self::Hex => is(sum(8, prefix, 1), 16),
            Self::Crc16Base32 => {
                let bytes = base32(token);
                bytes.split_last_chunk().is_some_and(|(checked, sum)| crc16(checked) == u16::from_le_bytes(*sum))
            }
            Self::Base58Check => base58(token).is_some_and(|bytes| {
                let checked = bytes.split_last_chunk::<4>();
                checked.is_some_and(|(checked, sum)| sha256(&sha256(checked)).starts_with(sum))
            }),
        }
    }
}

/// CRC-32 (ISO 3309, as in zip and PNG), a bit at a time: tokens are short and few, and its usual table is a kilobyte.
fn crc32(bytes: &[u8]) -> u32 {
    let crc = bytes.iter().fold(u32::MAX, |crc, &b| {
        (0..8).fold(crc ^ u32::from(b), |crc, _| crc >> 1 ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 })
    });
    !crc
}

fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc, &b| {
        (0..8).fold(crc ^ u16::from(b) << 8, |crc, _| crc << 1 ^ if crc >> 15 == 1 { 0x1021 } else { 0 })
    })
}

/// The number that these digits write, the highest first: `0-9 A-Z a-z` in base 62, else letters of one case.
fn number(digits: impl Iterator<Item = u8>, base: u64) -> Option<u64> {
    let mut number: u64 = 0;
    for digit in digits {
        let value = match digit {
            b'0'..=b'9' => digit - b'0',
            b'A'..=b'Z' => digit - b'A' + 10,
            b'a'..=b'z' if base == 62 => digit - b'a' + 36,
            b'a'..=b'z' => digit - b'a' + 10,
            _ => return None,
        };
        number = number.checked_mul(base)?.checked_add(u64::from(value))?;
    }
    Some(number)
}

/// The bytes that base 32 (RFC 4648, section 6) stands for.
fn base32(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let (mut bits, mut count) = (0_u32, 0);
    for &b in text {
        let value = if b.is_ascii_digit() { b.wrapping_sub(b'2').wrapping_add(26) } else { b.wrapping_sub(b'A') };
        bits = bits << 5 | u32::from(value & 31);
        count += 5;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    bytes
}

/// The bytes that base 58 stands for; none when there are other characters in it.
fn base58(text: &[u8]) -> Option<Vec<u8>> {
    const DIGITS: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    // The lowest byte first. No key is longer than 64 bytes.
    let mut bytes: Vec<u8> = Vec::new();
    for b in text {
        let mut carry = DIGITS.iter().position(|digit| digit == b)?;
        for byte in &mut bytes {
            carry += usize::from(*byte) * 58;
            *byte = carry as u8;
            carry >>= 8;
        }
        if carry > 0 {
            bytes.push(carry as u8);
        }
    }
    bytes.reverse();
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_those_that_vendors_publish() {
        assert_eq!((crc32(b"123456789"), crc16(b"123456789")), (0xcbf4_3926, 0x31c3));
        assert!(Checksum::Base62.holds(b"ghp_1234567893jZRME", 4));
        assert!(!Checksum::Base62.holds(b"ghp_1234567893jZRMF", 4) && !Checksum::Base62.holds(b"jZRME", 0));
        assert_eq!(base32(b"NBSWY3DP"), b"hello");
        assert_eq!(base58(b"Cn8eVZg").unwrap(), b"hello");
        // From Bitcoin's wiki, "Wallet import format".
        assert!(Checksum::Base58Check.holds(b"5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ", 0));
        assert!(!Checksum::Base58Check.holds(b"5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTK", 0));
    }
}
