//! How long to wait before the next try.

use crate::event::unix_seconds;

/// The wait before the second try, and the longest, in milliseconds.
const FIRST_MS: u64 = 1000;
const LONGEST_MS: u64 = 60_000;
/// The longest that an endpoint is waited for because it says so, in seconds.
const MAX_ASKED_S: u64 = 3600;
/// When to look again whether somebody has changed what must be changed, in milliseconds.
pub(super) const PAUSE_MS: (u64, u64) = (60_000, 300_000);

/// The least and the most to wait, in milliseconds, after so many tries that failed. What an endpoint has asked for, in
/// seconds, is the least; hosts that were all told the same do not come back at once.
pub(super) fn before_retry(attempt: u64, asked_s: Option<u64>) -> (u64, u64) {
    match asked_s {
        Some(seconds) => {
            let least = seconds.min(MAX_ASKED_S) * 1000;
            (least, least + least / 10 + 1000)
        }
        // From nothing on (full jitter): hosts that failed together spread best so.
        None => (0, (FIRST_MS << attempt.min(16)).min(LONGEST_MS)),
    }
}

/// The seconds of a `Retry-After` (RFC 9110, section 10.2.3), relative to the answer's own `Date` where it has one: the
/// clock here may be wrong. None for what is no time, or none that is still to come.
pub(super) fn asked_s(retry_after: &str, date: Option<&str>, now: Option<u64>) -> Option<u64> {
    let text = retry_after.trim_ascii();
    let seconds = if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        text.parse().unwrap_or(MAX_ASKED_S)
    } else {
        let now = date.and_then(http_date).or_else(|| i64::try_from(now?).ok())?;
        u64::try_from(http_date(text)?.saturating_sub(now)).ok()?
    };
    Some(seconds).filter(|seconds| *seconds > 0)
}

/// Seconds since 1970 of a date such as `Sun, 06 Nov 1994 08:49:37 GMT` (IMF-fixdate: RFC 9110, section 5.6.7).
fn http_date(text: &str) -> Option<i64> {
    const FORM: &str = "aaa, 00 aaa 0000 00:00:00 GMT";
    const DAYS: &str = "SunMonTueWedThuFriSat";
    const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let text = text.trim_ascii();
    let fits = text.bytes().zip(FORM.bytes()).all(|(byte, form)| match form {
        b'a' => byte.is_ascii_alphabetic(),
        b'0' => byte.is_ascii_digit(),
        form => byte == form,
    });
    if !fits || text.len() != FORM.len() {
        return None;
    }
    let named = |at: usize, names: &str| names.find(text.get(at..at + 3)?).filter(|place| place % 3 == 0);
    let number = |at: usize, digits: usize| i64::try_from(text.get(at..at + digits)?.parse::<u64>().ok()?).ok();
    named(0, DAYS)?;
    let month = i64::try_from(named(8, MONTHS)? / 3).ok()? + 1;
    unix_seconds([number(12, 4)?, month, number(5, 2)?, number(17, 2)?, number(20, 2)?, number(23, 2)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_of_http_is_read_and_nothing_else() {
        assert_eq!(http_date("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
        assert_eq!(http_date("Wed, 31 Dec 1969 23:59:59 GMT"), Some(-1));
        for wrong in [
            "",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "Sun, 6 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 UTC",
            "Sun, 06 Nov 1994 08:49:37 GMT x",
            "Sun, 06 Nov 1994 08:49 GMT",
            "Sun, 06 Nov 1994 08:49:37:00 GMT",
            "Sun, 31 Feb 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 24:49:37 GMT",
            "Sun, +6 Nov 1994 08:49:37 GMT",
        ] {
            assert_eq!(http_date(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn waits_double_up_to_a_minute_and_never_overflow() {
        assert_eq!(before_retry(0, None), (0, 1000));
        assert_eq!(before_retry(3, None), (0, 8000));
        assert_eq!(before_retry(6, None), (0, 60_000));
        assert_eq!(before_retry(u64::MAX, None), (0, 60_000));
        assert_eq!(before_retry(9, Some(u64::MAX)), (3_600_000, 3_961_000));
    }
}
