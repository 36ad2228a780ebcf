//! The statuses of responses: which are a success, and which an error.

use openapi_document::Entry;

use super::operations::Operation;

/// What a response key stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::lint) enum Status {
    Success,
    SuccessRange,
    Error,
    Default,
}

impl Status {
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
/// This is how the generator tells them apart: `default` is among them unless there is a `2XX`.
pub(in crate::lint) fn successes<'d>(operation: &Operation<'d>) -> impl Iterator<Item = &'d Entry> {
    let range = operation.responses().any(|entry| entry.key == "2XX");
    operation.responses().filter(move |entry| match Status::parse(&entry.key) {
        Some(Status::Success | Status::SuccessRange) => true,
        Some(Status::Default) => !range,
        Some(Status::Error) | None => false,
    })
}

/// The responses of an operation that the generated method returns as an error.
pub(in crate::lint) fn errors<'d>(operation: &Operation<'d>) -> impl Iterator<Item = &'d Entry> {
    let is_error =
        |entry: &&Entry| matches!(Status::parse(&entry.key), Some(Status::Error | Status::Default));
    operation.responses().filter(is_error)
}

#[cfg(test)]
mod tests {
    use super::Status;

    #[test]
    fn statuses() {
        for good in ["200", "299", "400", "599", "2XX", "4XX", "5XX", "default"] {
            assert!(Status::parse(good).is_some(), "{good}");
        }
        for bad in [
            "", "100", "199", "300", "302", "3XX", "600", "4000", "+20", "2xx", "20", "Default",
            "1XX",
        ] {
            assert!(Status::parse(bad).is_none(), "{bad}");
        }
    }
}
