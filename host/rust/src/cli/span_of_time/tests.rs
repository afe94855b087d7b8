//! Times that are read, and what is none.

use super::*;

#[test]
fn times_have_a_unit_or_are_seconds() {
    let times = [("200ms", 200), ("120s", 120_000), ("120", 120_000), ("2m", 120_000), ("1h", 3_600_000), ("0s", 0)];
    for (text, ms) in times {
        assert_eq!(parse(text), Ok(Duration::from_millis(ms)), "{text}");
    }
}

#[test]
fn what_is_no_time_is_refused() {
    for text in ["", "s", "-1s", "1.5s", "1 s", "1d", "é", "99999999999999999999s", "18446744073709551615h"] {
        assert!(parse(text).is_err(), "{text}");
    }
}
