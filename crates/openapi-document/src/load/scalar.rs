//! What a plain scalar means: YAML 1.2's core schema, and a refusal of what YAML 1.1 reads
//! otherwise, because the other tools that a document meets disagree about those.

use serde_json::Number;

use crate::node::Value;

/// A plain scalar that stands for nothing in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// YAML 1.1 and 1.2 read it differently; the text says as what.
    Ambiguous(&'static str),
    /// A number that JSON cannot carry, or that would lose digits; the text says why.
    Number(&'static str),
}

/// Resolves a plain scalar.
pub(super) fn resolve(text: &str) -> Result<Value, Refusal> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Ok(Value::Null),
        "true" | "True" | "TRUE" => return Ok(Value::Bool(true)),
        "false" | "False" | "FALSE" => return Ok(Value::Bool(false)),
        "y" | "Y" | "n" | "N" | "yes" | "Yes" | "YES" | "no" | "No" | "NO" | "on" | "On" | "ON"
        | "off" | "Off" | "OFF" => return Err(Refusal::Ambiguous("a boolean")),
        _ => {}
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    match unsigned {
        ".inf" | ".Inf" | ".INF" => return Err(Refusal::Number("infinity is no JSON number")),
        _ if matches!(text, ".nan" | ".NaN" | ".NAN") => {
            return Err(Refusal::Number("not-a-number is no JSON number"));
        }
        _ => {}
    }
    // No number starts with anything else, and most scalars end here.
    if !unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return Ok(Value::String(text.to_owned()));
    }
    if is_number_in_yaml_1_1_only(unsigned) {
        return Err(Refusal::Ambiguous("a number of another value"));
    }
    if let Some(hexadecimal) =
        text.strip_prefix("0x").filter(|digits| is_all(digits, u8::is_ascii_hexdigit))
    {
        return match u64::from_str_radix(hexadecimal, 16) {
            Ok(number) => Ok(Value::Number(number.into())),
            Err(_) => Err(Refusal::Number("it does not fit into 64 bits")),
        };
    }
    if is_all(unsigned, u8::is_ascii_digit) {
        return integer(text)
            .ok_or(Refusal::Number("it does not fit into 64 bits"))
            .map(Value::Number);
    }
    if is_float(unsigned) {
        let number = text.parse::<f64>().ok().and_then(Number::from_f64);
        return number.ok_or(Refusal::Number("it is too large")).map(Value::Number);
    }
    Ok(Value::String(text.to_owned()))
}

/// What a refused scalar is read as where it is tolerated: a number in decimal digits, as near as
/// floating point comes to it, or text.
pub(super) fn tolerated(text: &str) -> Value {
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

/// Octal, binary, sexagesimal and underscored numbers: all of them numbers in YAML 1.1, and
/// another number or a string in YAML 1.2. The reverse, `0o17`, is among them.
fn is_number_in_yaml_1_1_only(unsigned: &str) -> bool {
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
    // A dot needs a digit before it or after it, and then underscores may stand anywhere.
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
            Err(Refusal::Ambiguous(_)) => "ambiguous".to_owned(),
            Err(Refusal::Number(_)) => "out of range".to_owned(),
        }
    }

    #[test]
    fn scalars_resolve_by_the_core_schema() {
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
    fn what_the_versions_read_differently_is_ambiguous() {
        for text in [
            "y", "N", "Yes", "NO", "on", "OFF", "010", "-07", "0o17", "0b101", "1_000", "0x_1",
            "12:30", "1:30:59", "+1:30.5", "1_000.5", "00",
        ] {
            assert_eq!(shown(text), "ambiguous", "{text}");
        }
    }

    #[test]
    fn what_is_refused_is_a_decimal_number_or_text_where_it_is_tolerated() {
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
            let shown = match tolerated(text) {
                Value::String(text) => format!("{text:?}"),
                Value::Number(number) => number.to_string(),
                other => format!("{other:?}"),
            };
            assert_eq!(shown, expected, "{text}");
        }
    }

    #[test]
    fn numbers_that_json_cannot_carry_are_out_of_range() {
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
