//! Words, and lists of them.

/// A list of words in small letters, of which only hashes are kept: half the size, and found in no time. Another word
/// that has the hash of one of them, one of some ten million, counts as that one.
pub(super) struct List<const N: usize>([u32; N]);

impl<const N: usize> List<N> {
    /// The words of a text, with one blank between them.
    pub(super) const fn of(words: &str) -> Self {
        let mut hashes = [0; N];
        let mut count = 0;
        let mut rest = words.as_bytes();
        while !rest.is_empty() {
            let mut hash = Hash::NONE;
            while let Some((letter, others)) = rest.split_first() {
                rest = others;
                if *letter == b' ' {
                    break;
                }
                hash = hash.with(*letter);
            }
            #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler; there are as many of each")]
            {
                // In order: a place is made among those before.
                let mut at = count;
                while at > 0 && hashes[at - 1] > hash.0 {
                    hashes[at] = hashes[at - 1];
                    at -= 1;
                }
                hashes[at] = hash.0;
            }
            count += 1;
        }
        // As many words as the list says, or it does not compile.
        #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
        Self([hashes][count.abs_diff(N)])
    }

    /// Whether a word is in the list, in whatever case it is written.
    pub(super) fn has(&self, word: impl AsRef<[u8]>) -> bool {
        self.has_hash(Hash::of(word.as_ref()))
    }

    pub(super) fn has_hash(&self, hash: Hash) -> bool {
        self.0.binary_search(&hash.0).is_ok()
    }
}

/// A word's hash, letter by letter (FNV-1a).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hash(pub(super) u32);

impl Hash {
    pub(super) const NONE: Self = Self(0x811c_9dc5);

    pub(super) const fn of(word: &[u8]) -> Self {
        let (mut hash, mut rest) = (Self::NONE, word);
        while let Some((letter, others)) = rest.split_first() {
            (hash, rest) = (hash.with(*letter), others);
        }
        hash
    }

    pub(super) const fn with(self, letter: u8) -> Self {
        Self((self.0 ^ letter.to_ascii_lowercase() as u32).wrapping_mul(0x0100_0193))
    }
}

/// Whether a text starts with another, in whatever case it is written.
pub(super) fn starts_with(text: &str, start: &str) -> bool {
    text.as_bytes().get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start.as_bytes()))
}

/// Whether a word is one of a few, in whatever case it is written.
pub(super) fn is_one(word: &str, of: &[&str]) -> bool {
    of.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// The words of a line from `at` on, with their places, within so many bytes.
pub(super) fn words(text: &str, at: usize, max: usize) -> impl Iterator<Item = (usize, &str)> {
    let head = text.get(at..text.floor_char_boundary(at + max)).unwrap_or_default();
    let line = head.split('\n').next().unwrap_or_default();
    let places = line.split(' ').scan(at, |at, word| {
        let start = *at;
        *at += word.len() + 1;
        Some((start, word))
    });
    places.filter(|(_, word)| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_its_words_in_every_case_and_no_others() {
        const FRUIT: List<4> = List::of("pear apple fig quince");
        for word in ["pear", "Apple", "FIG", "quincE"] {
            assert!(FRUIT.has(word), "{word}");
        }
        for word in ["", "pea", "pears", "apples", "grape"] {
            assert!(!FRUIT.has(word), "{word}");
        }
    }
}
