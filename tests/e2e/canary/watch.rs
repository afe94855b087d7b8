//! Canaries: made-up secrets that are told from each other and from all else, and the search for them.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::Path;

/// How long the part of a canary is that is its own.
const STEM: usize = 20;
/// So much of it must not be anywhere, in bytes: what is cut in half is found as well.
const PART: usize = 8;

/// The part of the canary of that name that is its own: letters and digits.
pub(crate) fn stem(name: &str) -> String {
    // FNV, and a few steps of xorshift for each character.
    let mut state =
        name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, b| (hash ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    let letters: Vec<char> = ('a'..='z').chain('A'..='Z').chain('0'..='9').collect();
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        letters[(state >> 11) as usize % letters.len()]
    };
    // With a digit and both cases, as secrets have.
    let middle: String = (0..STEM - 3).map(|_| next()).collect();
    format!("q{middle}7Z")
}

/// The parts of canaries that are looked for, in every writing, by their first bytes.
#[derive(Default)]
pub(crate) struct Watch {
    by_head: HashMap<[u8; PART], Vec<(Vec<u8>, String)>>,
}

impl Watch {
    /// Looks for the canaries of these names.
    pub(crate) fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut watch = Self::default();
        for name in names {
            let stem = stem(name);
            for (writing, bytes) in writings(&stem) {
                let head = bytes.first_chunk().unwrap();
                watch.by_head.entry(*head).or_default().push((bytes, format!("{name} ({writing})")));
            }
        }
        watch
    }

    /// The canaries that are in these bytes.
    pub(crate) fn found(&self, bytes: &[u8]) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for (at, head) in bytes.windows(PART).enumerate() {
            let Some(known) = head.first_chunk().and_then(|head| self.by_head.get(head)) else { continue };
            found
                .extend(known.iter().filter(|(whole, _)| bytes[at..].starts_with(whole)).map(|(_, name)| name.clone()));
        }
        found
    }

    /// Asserts that no canary is in what was said.
    #[track_caller]
    pub(crate) fn assert_not_in(&self, what: &str, bytes: impl AsRef<[u8]>) {
        let found = self.found(bytes.as_ref());
        assert!(found.is_empty(), "{found:?} in {what}: {}", String::from_utf8_lossy(bytes.as_ref()));
    }

    /// Asserts that no canary is in any file of a folder, at any depth, but for those that the test has put there. Answers
    /// with their names, in order.
    #[track_caller]
    pub(crate) fn assert_not_below(&self, folder: &Path, own: &[&str]) -> Vec<String> {
        let mut names = Vec::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(inner) = folders.pop() {
            for entry in fs::read_dir(inner).unwrap().map(Result::unwrap) {
                let path = entry.path();
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                self.assert_not_in("a file's name", &name);
                if path.is_dir() {
                    folders.push(path);
                } else if !own.contains(&&*name) {
                    let found = self.found(&fs::read(&path).unwrap());
                    assert!(found.is_empty(), "{found:?} in the file {name}");
                    names.push(name);
                }
            }
        }
        names.sort();
        names
    }
}

/// All writings of a stem that are looked for; of the plain one its halves as well.
fn writings(stem: &str) -> Vec<(String, Vec<u8>)> {
    let each = |write: &dyn Fn(u8) -> String| stem.bytes().map(write).collect::<String>();
    let mut writings: Vec<(String, String)> =
        stem.as_bytes().windows(PART).map(|part| ("plain".into(), String::from_utf8_lossy(part).into())).collect();
    writings.extend([
        ("escaped".into(), each(&|b| format!("\\u{b:04x}"))),
        ("percent-encoded".into(), each(&|b| format!("%{b:02X}"))),
        ("percent-encoded".into(), each(&|b| format!("%{b:02x}"))),
        ("hexadecimal".into(), each(&|b| format!("{b:02x}"))),
        ("hexadecimal".into(), each(&|b| format!("{b:02X}"))),
        ("as bytes".into(), each(&|b| format!("{b}, "))),
    ]);
    // Wherever it begins in base64: what depends on its neighbours is left out.
    for shift in 0..3 {
        let digits = base64(&["\0".repeat(shift).as_bytes(), stem.as_bytes()].concat());
        writings
            .push(("base64".into(), digits.get((shift * 8).div_ceil(6)..(shift + stem.len()) * 8 / 6).unwrap().into()));
    }
    let mut writings: Vec<_> = writings.into_iter().map(|(name, text)| (name, text.into_bytes())).collect();
    writings.push(("UTF-16".into(), stem.bytes().flat_map(|b| [b, 0]).collect()));
    writings
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bit = |at: usize| bytes.get(at / 8).map_or(0, |b| usize::from(b >> (7 - at % 8) & 1));
    let digit = |from: usize| (from..from + 6).fold(0, |digit, at| digit << 1 | bit(at));
    (0..bytes.len() * 8).step_by(6).map(|from| char::from(DIGITS[digit(from)])).collect()
}

#[test]
fn a_canary_is_found_in_every_writing_and_cut_in_half() {
    let watch = Watch::new(["one", "other"]);
    let stem = stem("one");
    for (_, bytes) in writings(&stem) {
        assert_eq!(watch.found(&[b"some \x00", &*bytes, b" text"].concat()).len(), 1);
    }
    let (head, tail) = stem.split_at(10);
    for text in [format!("x {stem}"), format!("{head}…"), format!("…{tail}")] {
        assert!(!watch.found(text.as_bytes()).is_empty());
        for shift in 0..3 {
            let encoded = base64(format!("{}{stem} and", "x".repeat(shift)).as_bytes());
            assert!(watch.found(encoded.as_bytes()).iter().any(|name| name.contains("base64")), "{encoded}");
        }
    }
    assert!(watch.found(b"no canary, \"q\"").is_empty());
}
