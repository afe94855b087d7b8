//! Keyed hashes of secrets: equal secrets can be told to be equal, by nobody who lacks the key to try others.

use super::actions::MARKER;
use super::sha256::{BLOCK, Sha256, sha256};
use crate::error::Error;
use crate::json::{json_string, parts};
use std::fmt;

/// Fewest bytes of a key: as many as the hash has (RFC 2104, section 3).
const MIN_KEY_BYTES: usize = 32;
/// The longest id of a key, in bytes. A hash has it in front.
const MAX_ID_BYTES: usize = 32;
/// How every hash begins.
pub(crate) const HASH_PREFIX: &str = "hmac:";
/// Hexadecimal digits of a hash.
const DIGITS: usize = 64;

/// A key and its id. The key is nowhere shown, not even in what `Debug` writes.
#[derive(Clone)]
pub(crate) struct HashKey {
    id: String,
    /// HMAC's two hashes after their first block, which is the key's alone.
    inner: Sha256,
    outer: Sha256,
}

impl fmt::Debug for HashKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HashKey").field("id", &self.id).finish_non_exhaustive()
    }
}

impl HashKey {
    /// # Errors
    ///
    /// `InvalidConfig`, its path behind `path`.
    pub(crate) fn new(path: &str, id: Option<&str>, key: Option<&str>) -> Result<Self, Error> {
        let refused = |name, message: String| Err(Error::config(format!("{path}/{name}"), message));
        let Some(id) = id.and_then(parts::text).filter(|id| is_id(id)) else {
            return refused("id", format!("expected 1 to {MAX_ID_BYTES} letters, digits, `-`, `_` and `.`"));
        };
        let key = key.and_then(parts::text).unwrap_or_default();
        if key == MARKER {
            let why = "the configuration in force does not show the key: configure with the key itself";
            return refused("key", why.to_owned());
        }
        match bytes(&key).filter(|bytes| bytes.len() >= MIN_KEY_BYTES) {
            Some(bytes) => Ok(Self::of(id, &bytes)),
            None => refused("key", format!("expected at least {MIN_KEY_BYTES} bytes in hexadecimal or base64")),
        }
    }

    fn of(id: String, key: &[u8]) -> Self {
        let digest = sha256(key);
        let key = if key.len() > BLOCK { digest.as_slice() } else { key };
        let keyed = |pad: u8| {
            let mut block = [pad; BLOCK];
            for (byte, key) in block.iter_mut().zip(key) {
                *byte ^= key;
            }
            Sha256::START.with(&block)
        };
        Self { id, inner: keyed(0x36), outer: keyed(0x5c) }
    }

    /// `hmac:<id>:<HMAC-SHA256 of the text>` (RFC 2104).
    pub(crate) fn hash(&self, text: &str) -> String {
        let inner = self.inner.finish(text.as_bytes());
        let mut hash = [HASH_PREFIX, &self.id, ":"].concat();
        for byte in self.outer.finish(&inner) {
            hash.extend([byte >> 4, byte & 15].map(|half| char::from_digit(half.into(), 16).unwrap_or_default()));
        }
        hash
    }

    /// As it stands in the configuration in force.
    pub(super) fn to_json(&self) -> String {
        [r#"{"id":"#, &json_string(&self.id), r#","key":"#, &json_string(MARKER), "}"].concat()
    }
}

/// How long the hash is that begins a text, whatever its key.
pub(crate) fn hash_len(text: &str) -> Option<usize> {
    let rest = text.strip_prefix(HASH_PREFIX)?;
    let id = rest.bytes().take(MAX_ID_BYTES + 1).position(|b| b == b':')?;
    let hash = rest.get(id + 1..)?.as_bytes().get(..DIGITS)?;
    let digit = |b: &u8| b.is_ascii_digit() || (b'a'..=b'f').contains(b);
    (is_id(rest.get(..id)?) && hash.iter().all(digit)).then_some(HASH_PREFIX.len() + id + 1 + DIGITS)
}

fn is_id(id: &str) -> bool {
    let plain = id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    plain && (1..=MAX_ID_BYTES).contains(&id.len())
}

/// The bytes of a text in hexadecimal; or, when it cannot be that, in base64 of either alphabet (RFC 4648).
fn bytes(text: &str) -> Option<Vec<u8>> {
    let hex = text.len().is_multiple_of(2) && text.bytes().all(|b| b.is_ascii_hexdigit());
    let (digits, bits) = if hex { (text, 4) } else { (text.trim_end_matches('='), 6) };
    let mut bytes = Vec::with_capacity(digits.len());
    let (mut held, mut have) = (0_u32, 0);
    for digit in digits.bytes() {
        let value = match digit {
            _ if hex => char::from(digit).to_digit(16)? as u8,
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        held = held << bits | u32::from(value);
        have += bits;
        if have >= 8 {
            have -= 8;
            bytes.push((held >> have) as u8);
            held &= (1 << have) - 1;
        }
    }
    // What is left over is less than a digit, and nothing.
    (have < bits && held == 0).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231, test cases 1, 2 and 6: the key in hexadecimal, the text, the hash.
    #[test]
    fn hashes_are_those_of_rfc_4231() {
        for (key, text, hash) in [
            (
                "0b".repeat(20),
                "Hi There".to_owned(),
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            ),
            (
                "4a656665".to_owned(),
                "what do ya want for nothing?".to_owned(),
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (
                "aa".repeat(131),
                "Test Using Larger Than Block-Size Key - Hash Key First".to_owned(),
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
        ] {
            let key = HashKey::of("k1".to_owned(), &bytes(&key).unwrap());
            assert_eq!(key.hash(&text), format!("hmac:k1:{hash}"));
            assert_eq!(hash_len(&key.hash(&text)), Some(72));
        }
    }

    #[test]
    fn a_key_is_read_in_hexadecimal_and_in_both_base64s() {
        assert_eq!(bytes("00fF7a"), Some(vec![0, 255, 122]));
        for (text, wanted) in
            [("Zm9vYg==", "foob"), ("Zm9vYmE=", "fooba"), ("Zm9vYmFy", "foobar"), ("Zm9vYmE", "fooba")]
        {
            assert_eq!(bytes(text).as_deref(), Some(wanted.as_bytes()), "{text}");
        }
        assert_eq!(bytes("-_+/").map(|bytes| bytes.len()), Some(3));
        assert!(bytes("a b").is_none() && bytes("Z").is_none() && bytes("Zm9vYmF").is_none());
    }

    #[test]
    fn what_debug_writes_has_nothing_of_the_key() {
        let key = HashKey::of("k1".to_owned(), &[7; 32]);
        assert_eq!(format!("{key:?}"), r#"HashKey { id: "k1", .. }"#);
    }
}
