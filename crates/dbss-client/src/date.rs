//! Timestamps without a calendar library: the two formats of Huawei, `20260115T083000Z` in
//! signatures and `2026-01-15T08:30:00.000000Z` in tokens.

use std::time::{Duration, SystemTime};

const DAY: u64 = 24 * 60 * 60;

/// The time in the format of `X-Sdk-Date`; `None` before 1970 and after 9999.
pub(crate) fn sdk(time: SystemTime) -> Option<[u8; 16]> {
    let seconds = time.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs();
    let (year, month, day) = civil(seconds / DAY)?;
    let rest = seconds % DAY;
    let [y1, y2] = digits(year / 100);
    let [y3, y4] = digits(year % 100);
    let [m1, m2] = digits(month);
    let [d1, d2] = digits(day);
    let [h1, h2] = digits(rest / 3_600);
    let [n1, n2] = digits(rest / 60 % 60);
    let [s1, s2] = digits(rest % 60);
    Some([y1, y2, y3, y4, m1, m2, d1, d2, b'T', h1, h2, n1, n2, s1, s2, b'Z'])
}

/// Parses the format of IAM, as in `expires_at`.
pub(crate) fn iam(text: &str) -> Option<SystemTime> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let time = time.split_once('.').map_or(time, |(whole, _)| whole);
    let [year, month, day] = numbers(date, '-')?;
    let [hour, minute, second] = numbers(time, ':')?;
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 23 || minute > 59 {
        return None;
    }
    let seconds = days(year, month, day)? * DAY + hour * 3_600 + minute * 60 + second.min(60);
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
}

fn digits(number: u64) -> [u8; 2] {
    // A remainder by ten is a digit.
    let digit = |number: u64| b'0' + u8::try_from(number % 10).unwrap_or_default();
    [digit(number / 10), digit(number)]
}

fn numbers(text: &str, separator: char) -> Option<[u64; 3]> {
    let mut parts = text.split(separator).map(|part| {
        let plain = !part.is_empty() && part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| part.parse().ok()).flatten()
    });
    let numbers = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(numbers)
}

/// Year, month and day of a day counted from 1970-01-01. Years begin in March here, so
/// that the leap day is their last day, in eras of 400 years.
fn civil(days: u64) -> Option<(u64, u64, u64)> {
    let days = days.checked_add(719_468)?;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    (year <= 9_999).then_some((year, month, day))
}

/// The day counted from 1970-01-01; `None` for earlier days.
fn days(year: u64, month: u64, day: u64) -> Option<u64> {
    let year = year.checked_sub(u64::from(month <= 2))?;
    let (era, year_of_era) = (year / 400, year % 400);
    let shifted = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * shifted + 2) / 5 + day - 1;
    let of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    (era * 146_097 + of_era).checked_sub(719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn formats_and_parses_timestamps() {
        // From date(1): `date -u -d @…`.
        for (seconds, written, read) in [
            (0, "19700101T000000Z", "1970-01-01T00:00:00Z"),
            (951_782_400, "20000229T000000Z", "2000-02-29T00:00:00.000000Z"),
            (1_768_465_800, "20260115T083000Z", "2026-01-15T08:30:00.123456Z"),
            (1_709_251_199, "20240229T235959Z", "2024-02-29T23:59:59.9Z"),
            (4_107_542_400, "21000301T000000Z", "2100-03-01T00:00:00.000000Z"),
            (253_402_300_799, "99991231T235959Z", "9999-12-31T23:59:59.000000Z"),
        ] {
            assert_eq!(sdk(at(seconds)).as_ref(), written.as_bytes().first_chunk(), "{written}");
            assert_eq!(iam(read), Some(at(seconds)), "{read}");
        }
    }

    #[test]
    fn parses_each_day_of_400_years_as_formatted() {
        for day in 0..146_097 {
            let written = sdk(at(day * DAY)).unwrap_or_default();
            let text = String::from_utf8_lossy(&written).into_owned();
            let (year, rest) = text.split_at(4);
            let (month, rest) = rest.split_at(2);
            let (day_of_month, _) = rest.split_at(2);
            let read = iam(&format!("{year}-{month}-{day_of_month}T00:00:00Z"));
            assert_eq!(read, Some(at(day * DAY)), "{text}");
        }
    }

    #[test]
    fn rejects_invalid_timestamps() {
        assert_eq!(sdk(at(253_402_300_800)), None);
        assert_eq!(sdk(SystemTime::UNIX_EPOCH - Duration::from_secs(1)), None);
        for text in [
            "",
            "tomorrow",
            "2026-01-15",
            "2026-01-15T08:30:00",
            "2026-01-15T08:30Z",
            "2026-13-15T08:30:00Z",
            "2026-00-15T08:30:00Z",
            "2026-01-32T08:30:00Z",
            "2026-01-15T24:30:00Z",
            "2026-01-15T08:30:00:00Z",
            "+2026-01-15T08:30:00Z",
            "1969-12-31T23:59:59Z",
        ] {
            assert_eq!(iam(text), None, "{text}");
        }
    }
}
