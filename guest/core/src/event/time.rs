//! Times and identifiers: RFC 3339 in UTC, UUIDv7.

/// A time as RFC 3339 in UTC, to the microsecond.
pub(crate) fn rfc3339(unix_seconds: u64, nanoseconds: u32) -> String {
    let seconds_of_day = unix_seconds % 86_400;
    let (year, month, day) = date(i64::try_from(unix_seconds / 86_400).unwrap_or(i64::MAX >> 8));
    let (hour, minute, second) = (seconds_of_day / 3600, seconds_of_day / 60 % 60, seconds_of_day % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:06}Z", nanoseconds / 1000)
}

/// A time of the caller's in UTC, its fraction of up to nine digits as it was; none when it is not RFC 3339.
pub(crate) fn in_utc(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    if !text.is_ascii() {
        return None;
    }
    let number = |from: usize, to: usize| {
        let digits = bytes.get(from..to)?;
        digits.iter().try_fold(0_i64, |n, b| b.is_ascii_digit().then(|| n * 10 + i64::from(b - b'0')))
    };
    let is = |at: usize, allowed: &[u8]| bytes.get(at).filter(|b| allowed.contains(b)).map(drop);
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    is(4, b"-")?;
    is(7, b"-")?;
    is(10, b"Tt")?;
    is(13, b":")?;
    is(16, b":")?;
    let since = unix_seconds([year, month, day, hour, minute, second])?;
    let fraction = if bytes.get(19) == Some(&b'.') {
        let digits = bytes.get(20..)?.iter().take_while(|b| b.is_ascii_digit()).count();
        // Nanoseconds are the finest that any host has.
        if !(1..=9).contains(&digits) {
            return None;
        }
        text.get(19..20 + digits)?
    } else {
        ""
    };
    let zone = 19 + fraction.len();
    let east = match bytes.get(zone)? {
        b'Z' | b'z' if bytes.len() == zone + 1 => 0,
        sign @ (b'+' | b'-') if bytes.len() == zone + 6 => {
            is(zone + 3, b":")?;
            let (hours, minutes) = (number(zone + 1, zone + 3)?, number(zone + 4, zone + 6)?);
            if hours > 23 || minutes > 59 {
                return None;
            }
            let minutes = hours * 60 + minutes;
            if *sign == b'+' { minutes } else { -minutes }
        }
        _ => return None,
    };
    let minutes = (since - second).div_euclid(60) - east;
    let (year, month, day) = date(minutes.div_euclid(1440));
    if !(0..=9999).contains(&year) {
        return None;
    }
    let minutes = minutes.rem_euclid(1440);
    let (hour, minute) = (minutes / 60, minutes % 60);
    Some(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z"))
}

/// Seconds since 1970 of a time in UTC: year, month, day, hour, minute and second; none when there is no such time.
pub(crate) fn unix_seconds([year, month, day, hour, minute, second]: [i64; 6]) -> Option<i64> {
    // A leap second is the 60th.
    let is_one = (1..=12).contains(&month)
        && (1..=days_in(year, month)).contains(&day)
        && hour <= 23
        && minute <= 59
        && second <= 60;
    is_one.then(|| ((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second)
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the Gregorian calendar. The year is taken to begin in March, so that the leap day is its last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The inverse of `days`.
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

/// A UUIDv7 (RFC 9562, section 5.7): milliseconds of Unix time, then randomness.
pub(crate) fn uuid_v7(unix_seconds: u64, nanoseconds: u32, random: [u8; 16]) -> String {
    let millis = unix_seconds.wrapping_mul(1000).wrapping_add(u64::from(nanoseconds / 1_000_000)) & 0xffff_ffff_ffff;
    let random = u128::from_be_bytes(random);
    let version_and_a = 0x7000 | (random >> 62 & 0x0fff);
    let variant_and_b = 1 << 63 | (random & 0x3fff_ffff_ffff_ffff);
    let uuid = u128::from(millis) << 80 | version_and_a << 64 | variant_and_b;
    let hex = format!("{uuid:032x}");
    let part = |from, to| hex.get(from..to).unwrap_or_default();
    format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}

/// A UUID in its usual form (RFC 9562, section 4), any version.
pub(crate) fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, b)| match at {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}

/// The number that a UUID is.
pub(crate) fn uuid(text: &str) -> Option<u128> {
    let digits = || text.bytes().filter_map(|b| char::from(b).to_digit(16));
    is_uuid(text).then(|| digits().fold(0, |number, digit| number << 4 | u128::from(digit)))
}

/// A `traceparent` of W3C Trace Context, level 1: version, trace id, parent id and flags in lower-case hexadecimal.
pub(crate) fn is_traceparent(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let hex = |part: &str, len| part.len() == len && part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let some = |part: &str| part.bytes().any(|b| b != b'0');
    match parts.as_slice() {
        [version, trace, parent, flags] => {
            hex(version, 2)
                && *version != "ff"
                && hex(trace, 32)
                && some(trace)
                && hex(parent, 16)
                && some(parent)
                && hex(flags, 2)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_brought_to_utc_with_their_digits() {
        for (given, want) in [
            ("2026-01-05T09:00:00.137000Z", "2026-01-05T09:00:00.137000Z"),
            ("2026-01-05T09:00:00z", "2026-01-05T09:00:00Z"),
            ("2026-01-01T00:30:00.5+02:00", "2025-12-31T22:30:00.5Z"),
            ("2024-02-28T23:59:60-00:01", "2024-02-29T00:00:60Z"),
            ("1969-12-31t23:59:59+00:00", "1969-12-31T23:59:59Z"),
        ] {
            assert_eq!(in_utc(given).as_deref(), Some(want), "{given}");
        }
        for wrong in [
            "",
            "now",
            "2026-01-05",
            "2026-02-29T00:00:00Z",
            "2026-01-05T24:00:00Z",
            "2026-01-05T09:00:00",
            "2026-01-05T09:00:00.Z",
            "2026-01-05T09:00:00+0200",
            "2026-13-05T09:00:00Z",
            "0000-01-01T00:00:00+00:01",
        ] {
            assert_eq!(in_utc(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn dates_and_days_are_inverse_over_eight_centuries() {
        for day in -100_000..200_000 {
            let (year, month, of_month) = date(day);
            assert_eq!(days(year, month, of_month), day);
        }
        assert_eq!(rfc3339(1_795_000_000, 123_456_789), "2026-11-18T11:06:40.123456Z");
    }

    #[test]
    fn a_uuid_has_time_version_and_variant() {
        let uuid = uuid_v7(1_795_000_000, 7_000_000, [0xff; 16]);
        assert_eq!(uuid, "01a1ee56-5e07-7fff-bfff-ffffffffffff");
        assert!(is_uuid(&uuid));
        assert!(!is_uuid("01a19664-4247-7fff-bfff-fffffffffff") && !is_uuid("01a19664x4247-7fff-bfff-ffffffffffff"));
    }
}
