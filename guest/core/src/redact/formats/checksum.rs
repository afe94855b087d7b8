//! Checksums that vendors put into their tokens.

/// How a token checks itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Checksum {
    None,
    /// Its last six characters are the CRC-32 of those behind the prefix, in base 62 (GitHub's engineering blog, "Behind
    /// GitHub's new authentication token formats").
    Crc32Base62,
}

impl Checksum {
    /// Whether what stands behind a token's prefix has the right one.
    pub(super) fn holds(self, body: &[u8]) -> bool {
        match self {
            Self::None => false,
            Self::Crc32Base62 => body.split_last_chunk().is_some_and(|(random, sum)| base62(crc32(random)) == *sum),
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

/// A number in six digits of `0-9 A-Z a-z`.
fn base62(mut number: u32) -> [u8; 6] {
    let mut digits = [b'0'; 6];
    for digit in digits.iter_mut().rev() {
        let value = (number % 62) as u8;
        *digit = match value {
            0..10 => b'0' + value,
            10..36 => b'A' + value - 10,
            _ => b'a' + value - 36,
        };
        number /= 62;
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_zip_in_base_62() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(base62(0xcbf4_3926), *b"3jZRME");
        assert!(Checksum::Crc32Base62.holds(b"1234567893jZRME"));
        assert!(!Checksum::Crc32Base62.holds(b"1234567893jZRMF") && !Checksum::Crc32Base62.holds(b"jZRz9"));
    }
}
