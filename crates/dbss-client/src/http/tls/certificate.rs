//! Reads from a certificate what a message says of it: its names, and when it is valid
//! (RFC 5280, section 4.1). It is checked elsewhere.

use std::time::{Duration, SystemTime};

use crate::date;

/// Tags of DER.
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const VERSION: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;
const BMP_STRING: u8 = 0x1e;

/// Attributes of a name, by what is shown first: common name, organisational unit,
/// organisation.
const ATTRIBUTES: [&[u8]; 3] = [&[0x55, 4, 3], &[0x55, 4, 11], &[0x55, 4, 10]];

/// How much of a name is shown, in characters.
const SHOWN: usize = 100;

/// What is known of a certificate; nothing if it cannot be read.
#[derive(Debug, Default)]
pub(super) struct Certificate {
    pub(super) subject: Option<String>,
    pub(super) issuer: Option<String>,
    /// Whether it names itself as its issuer.
    pub(super) is_self_issued: bool,
    /// Seconds since 1970.
    pub(super) not_before: Option<u64>,
    pub(super) not_after: Option<u64>,
}

impl Certificate {
    pub(super) fn read(der: &[u8]) -> Self {
        Self::parse(der).unwrap_or_default()
    }

    fn parse(der: &[u8]) -> Option<Self> {
        let mut certificate = Der(Der(der).value(SEQUENCE)?);
        let mut fields = Der(certificate.value(SEQUENCE)?);
        if fields.0.first() == Some(&VERSION) {
            fields.next()?;
        }
        let _serial_number = fields.next()?;
        let _algorithm = fields.next()?;
        let issuer = fields.value(SEQUENCE)?;
        let mut validity = Der(fields.value(SEQUENCE)?);
        let subject = fields.value(SEQUENCE)?;
        Some(Self {
            subject: name(subject),
            issuer: name(issuer),
            is_self_issued: subject == issuer,
            not_before: validity.next().and_then(time),
            not_after: validity.next().and_then(time),
        })
    }
}

/// The day of a time, as in `2026-01-15`; `None` after the year 9999.
pub(super) fn day(seconds: u64) -> Option<String> {
    let time = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds))?;
    let [y1, y2, y3, y4, m1, m2, d1, d2, ..] = date::sdk(time)?.map(char::from);
    Some([y1, y2, y3, y4, '-', m1, m2, '-', d1, d2].iter().collect())
}

/// What a name is shown as.
fn name(der: &[u8]) -> Option<String> {
    ATTRIBUTES.iter().find_map(|attribute| {
        let mut parts = Der(der);
        while let Some((SET, part)) = parts.next() {
            let mut part = Der(Der(part).value(SEQUENCE)?);
            let (_, kind) = part.next()?;
            if kind == *attribute {
                let (tag, value) = part.next()?;
                return Some(text(tag, value).chars().take(SHOWN).collect());
            }
        }
        None
    })
}

fn text(tag: u8, value: &[u8]) -> String {
    if tag == BMP_STRING {
        let units = value
            .chunks_exact(2)
            .map(|unit| unit.iter().fold(0, |unit, byte| unit << 8 | u16::from(*byte)));
        return char::decode_utf16(units)
            .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect();
    }
    String::from_utf8_lossy(value).into_owned()
}

/// A `UTCTime`, whose years are those from 1950 to 2049, or a `GeneralizedTime`.
fn time((tag, value): (u8, &[u8])) -> Option<u64> {
    let digits = std::str::from_utf8(value).ok()?;
    let century = match (tag, digits.get(..1)?) {
        (UTC_TIME, "5" | "6" | "7" | "8" | "9") => "19",
        (UTC_TIME, _) => "20",
        _ => "",
    };
    let digits = format!("{century}{digits}");
    let part = |from, to| digits.get(from..to);
    let (year, month, day) = (part(0, 4)?, part(4, 6)?, part(6, 8)?);
    let (hour, minute, second) = (part(8, 10)?, part(10, 12)?, part(12, 14)?);
    let time = date::iam(&format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z"))?;
    Some(time.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs())
}

/// Values of DER, one after the other.
struct Der<'a>(&'a [u8]);

impl<'a> Der<'a> {
    /// The next value, if it has that tag.
    fn value(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.next().filter(|(found, _)| *found == tag).map(|(_, value)| value)
    }

    /// The tag of the next value, and its content.
    fn next(&mut self) -> Option<(u8, &'a [u8])> {
        let (tag, rest) = self.0.split_first()?;
        let (first, rest) = rest.split_first()?;
        let (length, rest) = match first {
            0..=0x7f => (usize::from(*first), rest),
            0x81..=0x84 => {
                let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
                (bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
            }
            _ => return None,
        };
        let (value, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some((*tag, value))
    }
}
