//! Resolves plain scalars by the core schema of YAML 1.2. Scalars that YAML 1.1 resolves
//! differently are rejected, because tools that read a document disagree about them.

use serde_json::Number;

use crate::node::Value;

/// Why a plain scalar is rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ScalarError {
    /// YAML 1.1 resolves it differently; what it is there, with its article.
    Ambiguous(&'static str),
    /// A number that JSON cannot represent or that would lose digits; the reason.
    OutOfRange(&'static str),
}

/// Resolves a plain scalar.
pub(super) fn resolve(text: &str) -> Result<Value, ScalarError> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Ok(Value::Null),
        "true" | "True" | "TRUE" => return Ok(Value::Bool(true)),
        "false" | "False" | "FALSE" => return Ok(Value::Bool(false)),
        "y" | "Y" | "n" | "N" | "yes" | "Yes" | "YES" | "no" | "No" | "NO" | "on" | "On" | "ON"
        | "off" | "Off" | "OFF" => return Err(ScalarError::Ambiguous("a boolean")),
        _ => {}
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    match unsigned {
        ".inf" | ".Inf" | ".INF" => {
            return Err(ScalarError::OutOfRange("JSON has no infinity"));
        }
        _ if matches!(text, ".nan" | ".NaN" | ".NAN") => {
            return Err(ScalarError::OutOfRange("JSON has no not-a-number value"));
        }
        _ => {}
    }
    // No number starts with another character; most scalars are decided here.
    if !unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return Ok(Value::String(text.to_owned()));
    }
    if is_ambiguous_number(unsigned) {
        return Err(ScalarError::Ambiguous("a number of another value"));
    }
    if let Some(hexadecimal) =
        text.strip_prefix("0x").filter(|digits| is_all(digits, u8::is_ascii_hexdigit))
    {
        return match u64::from_str_radix(hexadecimal, 16) {
            Ok(number) => Ok(Value::Number(number.into())),
            Err(_) => Err(ScalarError::OutOfRange("it does not fit into 64 bits")),
        };
    }
    if is_all(unsigned, u8::is_ascii_digit) {
        return integer(text)
            .ok_or(ScalarError::OutOfRange("it does not fit into 64 bits"))
            .map(Value::Number);
    }
    if is_float(unsigned) {
        let number = text.parse::<f64>().ok().and_then(Number::from_f64);
        return number.ok_or(ScalarError::OutOfRange("it is too large")).map(Value::Number);
    }
    Ok(Value::String(text.to_owned()))
}

/// Resolves a scalar that was rejected but is tolerated: to a decimal number, rounded to floating
/// point if necessary, or else to a string.
pub(super) fn resolve_tolerantly(text: &str) -> Value {
    let float = || text.parse::<f64>().ok().and_then(Number::from_f64);
    integer(text).or_else(float).map_or_else(|| Value::String(text.to_owned()), Value::Number)
}

fn integer(text: &str) -> Option<Number> {
    let unsigned = text.parse::<u64>().map(Number::from);
    unsigned.or_else(|_| text.parse::<i64>().map(Number::from)).ok()
}

fn is_all(text: &str, is_one: fn(&u8) -> bool) -> bool {
    !text.is_empty() && text.bytes().all(|byte| is_one(&byte))
}

/// `[0-9]*.[0-9]*` with a digit somewhere, and an exponent.
fn is_float(unsigned: &str) -> bool {
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let has_exponent =
        |text: &str| is_all(text.strip_prefix(['-', '+']).unwrap_or(text), u8::is_ascii_digit);
    digits(whole)
        && digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(has_exponent)
}

/// Octal, binary, sexagesimal and underscored numbers: numbers in YAML 1.1, and another number or a
/// string in YAML 1.2. `0o17`, which is a number in YAML 1.2 only, is ambiguous as well.
fn is_ambiguous_number(unsigned: &str) -> bool {
    if let Some(digits) = unsigned.strip_prefix("0o") {
        return is_all(digits, u8::is_ascii_digit);
    }
    if let Some(digits) = unsigned.strip_prefix("0b") {
        return is_all(digits, |byte| matches!(byte, b'0' | b'1' | b'_'));
    }
    if let Some(digits) = unsigned.strip_prefix("0x") {
        return digits.contains('_') && is_all(digits, |b| b.is_ascii_hexdigit() || *b == b'_');
    }
    if unsigned.len() > 1
        && unsigned.starts_with('0')
        && is_all(unsigned, |b| b.is_ascii_digit() || *b == b'_')
    {
        return true;
    }
    if unsigned.contains(':') {
        return is_sexagesimal(unsigned);
    }
    // After the first digit, underscores may be anywhere.
    unsigned.contains('_')
        && unsigned.starts_with(|c: char| c.is_ascii_digit())
        && is_all(unsigned, |b| b.is_ascii_digit() || matches!(b, b'_' | b'.'))
        && unsigned.matches('.').count() <= 1
}

/// `12:30`, `1:30:00`, `1:30.5`: every part after the first below 60.
fn is_sexagesimal(unsigned: &str) -> bool {
    let whole = unsigned.split_once('.').map_or(unsigned, |(whole, fraction)| {
        if fraction.bytes().all(|b| b.is_ascii_digit() || b == b'_') { whole } else { "" }
    });
    let mut parts = whole.split(':');
    let first = parts.next().unwrap_or_default();
    is_all(first, |b| b.is_ascii_digit() || *b == b'_')
        && parts.all(|part| {
            part.len() <= 2
                && is_all(part, u8::is_ascii_digit)
                && part.parse::<u8>().is_ok_and(|n| n < 60)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        match resolve(text) {
            Ok(Value::String(text)) => format!("string {text}"),
            Ok(Value::Number(number)) => format!("number {number}"),
            Ok(other) => format!("{other:?}"),
            Err(ScalarError::Ambiguous(_)) => "ambiguous".to_owned(),
            Err(ScalarError::OutOfRange(_)) => "out of range".to_owned(),
        }
    }

    #[test]
    fn resolves_scalars_by_the_core_schema() {
        for (text, expected) in [
            ("", "Null"),
            ("~", "Null"),
            ("NULL", "Null"),
            ("nUll", "string nUll"),
            ("true", "Bool(true)"),
            ("FALSE", "Bool(false)"),
            ("tRue", "string tRue"),
            ("0", "number 0"),
            ("-0", "number 0"),
            ("-12", "number -12"),
            ("+12", "number 12"),
            ("0x1F", "number 31"),
            ("0xg", "string 0xg"),
            ("18446744073709551615", "number 18446744073709551615"),
            ("1.5", "number 1.5"),
            (".5", "number 0.5"),
            ("1.", "number 1.0"),
            ("1e3", "number 1000.0"),
            ("-1.5e-3", "number -0.0015"),
            (".", "string ."),
            ("1e", "string 1e"),
            ("1.2.3", "string 1.2.3"),
            ("3.0.3", "string 3.0.3"),
            ("2XX", "string 2XX"),
            ("1.5GB", "string 1.5GB"),
            ("-", "string -"),
            ("2024-01-31", "string 2024-01-31"),
            ("yEs", "string yEs"),
            ("_1", "string _1"),
            ("1_a", "string 1_a"),
            ("127.0.0.1:80", "string 127.0.0.1:80"),
            ("12:61", "string 12:61"),
            ("1:2:x", "string 1:2:x"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn rejects_scalars_that_yaml_1_1_resolves_differently() {
        for text in [
            "y", "N", "Yes", "NO", "on", "OFF", "010", "-07", "0o17", "0b101", "1_000", "0x_1",
            "12:30", "1:30:59", "+1:30.5", "1_000.5", "00",
        ] {
            assert_eq!(shown(text), "ambiguous", "{text}");
        }
    }

    #[test]
    fn resolves_tolerated_scalars_to_decimal_numbers_or_strings() {
        for (text, expected) in [
            ("yes", "\"yes\""),
            ("010", "10"),
            ("-07", "-7"),
            ("00", "0"),
            ("0o17", "\"0o17\""),
            ("0b101", "\"0b101\""),
            ("1_000", "\"1_000\""),
            ("12:30", "\"12:30\""),
            (".inf", "\".inf\""),
            ("-.NaN", "\"-.NaN\""),
            ("18446744073709551616", "1.8446744073709552e+19"),
            ("-9223372036854775809", "-9.223372036854776e+18"),
            ("1e999", "\"1e999\""),
            ("0x10000000000000000", "\"0x10000000000000000\""),
        ] {
            let shown = match resolve_tolerantly(text) {
                Value::String(text) => format!("{text:?}"),
                Value::Number(number) => number.to_string(),
                other => format!("{other:?}"),
            };
            assert_eq!(shown, expected, "{text}");
        }
    }

    #[test]
    fn rejects_numbers_that_json_cannot_represent() {
        for text in [
            ".inf",
            "-.INF",
            ".nan",
            "18446744073709551616",
            "-9223372036854775809",
            "1e999",
            "0x10000000000000000",
        ] {
            assert_eq!(shown(text), "out of range", "{text}");
        }
    }
}
