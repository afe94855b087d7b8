//! Times as people type them: `120s`, `200ms`, `2m`.

use std::time::Duration;

const UNITS: [(&str, u64); 4] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)];

/// A whole number with a unit; without one it is seconds.
pub(super) fn parse(text: &str) -> Result<Duration, String> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(end).unwrap_or_default();
    let unit = if unit.is_empty() { "s" } else { unit };
    let ms = UNITS.iter().find(|(name, _)| *name == unit).map(|(_, ms)| ms);
    let time = number.parse::<u64>().ok().zip(ms).and_then(|(number, ms)| number.checked_mul(*ms));
    time.map(Duration::from_millis).ok_or_else(|| "expected a number with ms, s, m or h, for example `120s`".into())
}

#[cfg(test)]
mod tests;
