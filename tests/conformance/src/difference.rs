//! Two long texts for people: where they part, and what is around.

/// How much of what is the same is shown in front of a difference, in bytes.
const BEFORE: usize = 60;
/// How much is shown behind it.
const BEHIND: usize = 240;

/// Where a text differs from the one that was wanted; none when it does not.
pub fn texts(want: &str, got: &str) -> Option<String> {
    if want == got {
        return None;
    }
    let at = want.bytes().zip(got.bytes()).take_while(|(a, b)| a == b).count();
    let (want_bytes, got_bytes) = (want.len(), got.len());
    let (want, got) = (around(want, at), around(got, at));
    Some(format!("differs at byte {at} ({want_bytes} and {got_bytes} bytes)\n  wanted: {want}\n  got:    {got}"))
}

/// A part of a text around a byte.
pub fn around(text: &str, at: usize) -> String {
    let start = text.floor_char_boundary(at.saturating_sub(BEFORE));
    let end = text.ceil_char_boundary((at + BEHIND).min(text.len()));
    let dots = |cut: bool| if cut { "…" } else { "" };
    format!("{}{}{}", dots(start > 0), text.get(start..end).unwrap_or_default(), dots(end < text.len()))
}
