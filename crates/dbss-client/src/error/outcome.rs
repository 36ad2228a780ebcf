//! What a success response reports as the outcome of its operation.

#![allow(dead_code, reason = "which of this generated code uses depends on the contract")]

/// What a success response reports as the outcome of its operation, by the values that the
/// contract lists.
///
/// The contract names these values by `x-dbss-outcome`; letter case of ASCII is ignored. A
/// response that reports several outcomes, such as one for each item of a list, counts as the
/// worst of them: failed, then unlisted, then missing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// The operation succeeded.
    Succeeded,
    /// The operation failed. A call returns an error of kind
    /// [`FailedOutcome`](crate::ErrorKind::FailedOutcome) instead, unless it has
    /// `accept_failed_outcome()`.
    Failed,
    /// A value that the contract lists neither as success nor as failure. The service accepted
    /// the request, and did not say that it was carried out.
    Unlisted(String),
    /// The response lacks the value. The service accepted the request, and did not say that it
    /// was carried out.
    Missing,
}

impl Outcome {
    /// How bad it is.
    fn rank(&self) -> u8 {
        match self {
            Self::Succeeded => 0,
            Self::Missing => 1,
            Self::Unlisted(_) => 2,
            Self::Failed => 3,
        }
    }
}

/// Reads what a value reports. Generated code implements it for types that can report an
/// outcome.
pub(crate) trait ReportsOutcome {
    /// The worst outcome that it reports; `None` if it reports none.
    fn reported(&self) -> Option<Reported>;
}

impl<T: ReportsOutcome> ReportsOutcome for Box<T> {
    fn reported(&self) -> Option<Reported> {
        (**self).reported()
    }
}

impl<T: ReportsOutcome> ReportsOutcome for Option<T> {
    fn reported(&self) -> Option<Reported> {
        self.as_ref()?.reported()
    }
}

/// An outcome, and where in the body it is reported.
#[derive(Debug)]
pub(crate) struct Reported {
    pub(crate) outcome: Outcome,
    /// Apart, since calls that succeed have none and do not move it.
    place: Option<Box<Place>>,
}

/// Where an outcome is reported that is not a success.
#[derive(Debug, Default)]
struct Place {
    /// Names and indices, from the innermost.
    path: Vec<String>,
    /// The text that means failure.
    value: String,
}

impl Reported {
    fn new(outcome: Outcome) -> Self {
        Self { outcome, place: None }
    }

    /// The path of the value in the body, such as `results.0.status`.
    pub(crate) fn path(&self) -> String {
        let path = self.place.as_deref().map(|place| place.path.as_slice()).unwrap_or_default();
        let names: Vec<&str> = path.iter().rev().map(String::as_str).collect();
        names.join(".")
    }

    /// The text that means failure; empty for other outcomes.
    pub(crate) fn value(&self) -> &str {
        self.place.as_deref().map(|place| place.value.as_str()).unwrap_or_default()
    }
}

/// What a text reports.
#[allow(clippy::unnecessary_wraps, reason = "combined with what may report nothing")]
pub(crate) fn text(value: &str, succeeded: &[&str], failed: &[&str]) -> Option<Reported> {
    let is_one_of = |list: &[&str]| {
        list.contains(&value) || list.iter().any(|listed| listed.eq_ignore_ascii_case(value))
    };
    Some(if is_one_of(succeeded) {
        Reported::new(Outcome::Succeeded)
    } else if is_one_of(failed) {
        let place = Place { value: value.to_owned(), ..Place::default() };
        Reported { outcome: Outcome::Failed, place: Some(Box::new(place)) }
    } else {
        Reported::new(Outcome::Unlisted(value.to_owned()))
    })
}

/// A value that is not there.
#[allow(clippy::unnecessary_wraps, reason = "combined with what may report nothing")]
pub(crate) fn missing() -> Option<Reported> {
    Some(Reported::new(Outcome::Missing))
}

/// What a part reports, as a part of its whole.
pub(crate) fn under(
    name: &(impl ToString + ?Sized),
    reported: Option<Reported>,
) -> Option<Reported> {
    let mut reported = reported?;
    if reported.outcome != Outcome::Succeeded {
        reported.place.get_or_insert_default().path.push(name.to_string());
    }
    Some(reported)
}

/// The first of the worst.
pub(crate) fn worst(parts: impl IntoIterator<Item = Option<Reported>>) -> Option<Reported> {
    parts
        .into_iter()
        .flatten()
        .reduce(|worst, next| if next.outcome.rank() > worst.outcome.rank() { next } else { worst })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn status(value: &str) -> Option<Reported> {
        under("status", text(value, &["done", "ok"], &["failed"]))
    }

    #[test]
    fn reads_listed_values_in_any_case() {
        for (value, outcome) in [
            ("done", Outcome::Succeeded),
            ("OK", Outcome::Succeeded),
            ("Failed", Outcome::Failed),
            ("failed ", Outcome::Unlisted("failed ".to_owned())),
            ("", Outcome::Unlisted(String::new())),
        ] {
            assert_eq!(status(value).unwrap().outcome, outcome, "{value}");
        }
        assert_eq!(missing().unwrap().outcome, Outcome::Missing);
    }

    #[test]
    fn returns_the_first_of_the_worst_outcomes_with_its_path() {
        // A success needs no path.
        let list = |values: &[Option<&str>]| {
            let item = |value: Option<&str>| match value {
                Some(value) => status(value),
                None => under("status", missing()),
            };
            let items = values.iter().enumerate().map(|(index, value)| under(&index, item(*value)));
            under("items", worst(items)).map(|found| (found.outcome.clone(), found.path()))
        };
        let unlisted = |value: &str| Outcome::Unlisted(value.to_owned());
        for (values, expected) in [
            (&[][..], None),
            (&[Some("ok"), Some("done")], Some((Outcome::Succeeded, ""))),
            (&[Some("ok"), None, None], Some((Outcome::Missing, "items.1.status"))),
            (&[None, Some("a"), Some("b")], Some((unlisted("a"), "items.1.status"))),
            (&[Some("a"), Some("FAILED"), Some("ok")], Some((Outcome::Failed, "items.1.status"))),
        ] {
            let expected = expected.map(|(outcome, path)| (outcome, path.to_owned()));
            assert_eq!(list(values), expected, "{values:?}");
        }
    }
}
