//! Words, and lists of them: in order, in small letters, no longer than `LONGEST`.

/// No word of a list is longer, in bytes.
const LONGEST: usize = 16;

/// Whether a word is in a list, in whatever case it is written.
pub(super) fn listed(word: &str, list: &[&str]) -> bool {
    find(word.as_bytes(), list, |word| word).is_some()
}

/// The row of a table that a word has.
pub(super) fn find<'t, R>(word: &[u8], table: &'t [R], key: impl Fn(&'t R) -> &'t str) -> Option<&'t R> {
    let mut lower = [0; LONGEST];
    let lower = lower.get_mut(..word.len())?;
    lower.copy_from_slice(word);
    lower.make_ascii_lowercase();
    let at = table.binary_search_by(|row| key(row).as_bytes().cmp(lower)).ok()?;
    table.get(at)
}

/// Whether a text starts with another, in whatever case it is written.
pub(super) fn starts_with(text: &str, start: &str) -> bool {
    text.as_bytes().get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start.as_bytes()))
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
pub(super) fn sorted(list: &[&str]) -> bool {
    list.is_sorted() && list.iter().all(|word| word.len() <= LONGEST && word.bytes().all(|b| !b.is_ascii_uppercase()))
}
