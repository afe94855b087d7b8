//! SHA-256 (FIPS 180-4). Our own, in 2 KB: RustCrypto's takes 8 of a component that is sent to everybody.

/// Bytes of a block.
pub(super) const BLOCK: usize = 64;

/// Section 4.2.2.
const CONSTANTS: [u32; 64] = [
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
    0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
    0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
    0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
    0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
    0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
    0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
    0xc67178f2,
];

/// A hash of whole blocks.
#[derive(Clone, Copy)]
pub(super) struct Sha256 {
    state: [u32; 8],
    blocks: u64,
}

impl Sha256 {
    /// Section 5.3.3.
    pub(super) const START: Self = Self {
        state: [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19],
        blocks: 0,
    };

    /// With one block more (section 6.2.2).
    pub(super) fn with(mut self, block: &[u8; BLOCK]) -> Self {
        let mut words = [0_u32; 16];
        for (word, bytes) in words.iter_mut().zip(block.as_chunks().0) {
            *word = u32::from_be_bytes(*bytes);
        }
        let mut state = self.state;
        for constant in CONSTANTS {
            let [a, b, c, d, e, f, g, h] = state;
            let [word, next, .., seventh, _, _, _, _, last, _] = words;
            let choice = (e & f) ^ (!e & g);
            let majority = (a & b) ^ (a & c) ^ (b & c);
            let first = h.wrapping_add(turned(e, [6, 11, 25])).wrapping_add(choice);
            let first = first.wrapping_add(constant).wrapping_add(word);
            let second = turned(a, [2, 13, 22]).wrapping_add(majority);
            state = [first.wrapping_add(second), a, b, c, d.wrapping_add(first), e, f, g];
            // The schedule: the words of the sixteen rounds to come.
            let small = turned(next, [7, 18, 0]) ^ next ^ next >> 3;
            let large = turned(last, [17, 19, 0]) ^ last ^ last >> 10;
            let new = word.wrapping_add(small).wrapping_add(seventh).wrapping_add(large);
            words.rotate_left(1);
            if let Some(place) = words.last_mut() {
                *place = new;
            }
        }
        for (sum, word) in self.state.iter_mut().zip(state) {
            *sum = sum.wrapping_add(word);
        }
        self.blocks += 1;
        self
    }

    /// The hash, with these bytes behind the blocks (section 5.1.1).
    pub(super) fn finish(mut self, bytes: &[u8]) -> [u8; 32] {
        let (blocks, rest) = bytes.as_chunks();
        for block in blocks {
            self = self.with(block);
        }
        let bits = (self.blocks * BLOCK as u64 + rest.len() as u64) * 8;
        // Two blocks, of which the second is needed when the length has no room in the first.
        let mut padded = [[0; BLOCK]; 2];
        let flat = padded.as_flattened_mut();
        for (to, from) in flat.iter_mut().zip(rest.iter().chain(&[0x80])) {
            *to = *from;
        }
        let end = if rest.len() < BLOCK - 8 { BLOCK } else { 2 * BLOCK };
        for (to, from) in flat.iter_mut().take(end).rev().zip(bits.to_le_bytes()) {
            *to = from;
        }
        for block in padded.iter().take(end / BLOCK) {
            self = self.with(block);
        }
        let mut hash = [0; 32];
        for (to, from) in hash.as_chunks_mut().0.iter_mut().zip(self.state) {
            *to = from.to_be_bytes();
        }
        hash
    }
}

/// The hash of some bytes.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::START.finish(bytes)
}

/// The sum of a word turned by so many bits each.
fn turned(word: u32, bits: [u32; 3]) -> u32 {
    bits.into_iter().fold(0, |sum, bits| sum ^ word.rotate_right(bits))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The examples that NIST publishes with FIPS 180-4 (one block, two blocks, a million letters), and the empty text.
    #[test]
    fn digests_are_those_of_fips_180() {
        for (text, digest) in [
            (String::new(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc".into(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".into(),
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
            ),
            ("a".repeat(1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
        ] {
            assert_eq!(hex(&sha256(text.as_bytes())), digest);
        }
    }

    /// Every length around the ends of blocks, each digest hashed into the next.
    #[test]
    fn no_length_is_padded_wrongly() {
        let mut chain = [0; 32];
        for length in 0..=200 {
            chain = sha256(&[chain.as_slice(), &vec![b'x'; length]].concat());
        }
        assert_eq!(hex(&chain), "2ab494ea97db187509dc0f5c0e7ff2d6897a48738f5eb66b391777da77549d5f");
    }
}
