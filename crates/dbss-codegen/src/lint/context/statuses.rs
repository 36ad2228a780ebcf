//! Keys of `responses`: which mean success and which an error.

use openapi_document::Entry;

use super::operations::Operation;

/// The meaning of a key of `responses`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::lint) enum StatusKey {
    Success,
    SuccessRange,
    Error,
    Default,
}

impl StatusKey {
    pub(in crate::lint) fn parse(key: &str) -> Option<Self> {
        match key {
            "default" => return Some(Self::Default),
            "2XX" => return Some(Self::SuccessRange),
            "4XX" | "5XX" => return Some(Self::Error),
            _ => {}
        }
        let code = key.parse::<u16>().ok().filter(|_| key.len() == 3 && !key.starts_with('+'))?;
        match code {
            200..=299 => Some(Self::Success),
            400..=599 => Some(Self::Error),
            _ => None,
        }
    }
}

/// The responses of an operation that the generated method returns as success.
///
/// The generator decides like this: `default` is among them unless there is a `2XX`.
pub(in crate::lint) fn success_responses<'d>(
    operation: &Operation<'d>,
) -> impl Iterator<Item = &'d Entry> {
    let range = operation.responses().any(|entry| entry.key == "2XX");
    operation.responses().filter(move |entry| match StatusKey::parse(&entry.key) {
        Some(StatusKey::Success | StatusKey::SuccessRange) => true,
        Some(StatusKey::Default) => !range,
        Some(StatusKey::Error) | None => false,
    })
}

/// The responses of an operation that the generated method returns as an error.
pub(in crate::lint) fn error_responses<'d>(
    operation: &Operation<'d>,
) -> impl Iterator<Item = &'d Entry> {
    let is_error = |entry: &&Entry| {
        matches!(StatusKey::parse(&entry.key), Some(StatusKey::Error | StatusKey::Default))
    };
    operation.responses().filter(is_error)
}

#[cfg(test)]
mod tests {
    use super::StatusKey;

    #[test]
    fn parses_valid_response_keys_only() {
        for good in ["200", "299", "400", "599", "2XX", "4XX", "5XX", "default"] {
            assert!(StatusKey::parse(good).is_some(), "{good}");
        }
        for bad in [
            "", "100", "199", "300", "302", "3XX", "600", "4000", "+20", "2xx", "20", "Default",
            "1XX",
        ] {
            assert!(StatusKey::parse(bad).is_none(), "{bad}");
        }
    }
}
