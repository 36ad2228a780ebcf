//! Compares the inputs of a call with the contract (`minLength`, `maximum`, listed
//! values, …) before it is sent.

#![allow(dead_code, reason = "which of this generated code uses depends on the contract")]

use std::fmt::{self, Display};
use std::ops::Bound;
use std::str::FromStr;

use super::kind::{Number, ProblemKind};
use super::problem::{InputLocation, Problem};
use super::text_pattern::TextPattern;
use super::unlisted::UnlistedValue;
use crate::descriptor::Schema;

/// The path of a value within the inputs of a call: `ids[0]`, `filter.names`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct InputPath<'a> {
    location: InputLocation,
    parent: Option<&'a InputPath<'a>>,
    step: Step<'a>,
}

#[derive(Debug, Clone, Copy)]
enum Step<'a> {
    Field(&'a str),
    Index(usize),
}

impl<'a> InputPath<'a> {
    pub(crate) fn root(name: &'a str, location: InputLocation) -> Self {
        Self { location, parent: None, step: Step::Field(name) }
    }

    pub(crate) fn field(&'a self, name: &'a str) -> Self {
        Self { location: self.location, parent: Some(self), step: Step::Field(name) }
    }

    pub(crate) fn index(&'a self, index: usize) -> Self {
        Self { location: self.location, parent: Some(self), step: Step::Index(index) }
    }
}

impl Display for InputPath<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
        }
        match self.step {
            Step::Field(name) if self.parent.is_some() => write!(f, ".{name}"),
            Step::Field(name) => f.write_str(name),
            Step::Index(index) => write!(f, "[{index}]"),
        }
    }
}

/// The problems found so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Problems {
    found: Vec<Problem>,
    /// Whether enums may have values that the contract does not list.
    allow_unlisted_values: bool,
    /// Whether the fields of the body are unknown, since it is not an object.
    no_fields: bool,
}

impl Problems {
    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    pub(crate) fn into_vec(self) -> Vec<Problem> {
        self.found
    }

    pub(crate) fn push(&mut self, problem: Problem) {
        self.found.push(problem);
    }

    pub(crate) fn extend(&mut self, problems: impl IntoIterator<Item = Problem>) {
        self.found.extend(problems);
    }

    /// Whether enums may have values that the contract does not list.
    pub(crate) fn allow_unlisted_values(&mut self, allow: bool) {
        self.allow_unlisted_values = allow;
    }

    /// The same problems, each with what to do about it.
    pub(crate) fn with_help(mut self, help: &'static str) -> Self {
        self.found = self.found.into_iter().map(|problem| problem.with_help(help)).collect();
        self
    }

    pub(crate) fn add(&mut self, field: impl Display, location: InputLocation, kind: ProblemKind) {
        self.push(Problem::new(field.to_string(), location, kind));
    }

    /// An input that breaks a limit, with the limit in words.
    fn exceeded(&mut self, path: &InputPath<'_>, kind: ProblemKind, limits: &'static str) {
        self.push(Problem::new(path.to_string(), path.location, kind).with_limits(limits));
    }

    /// A required input that is not given. One that is given and could not be read is not
    /// missing.
    pub(crate) fn missing(&mut self, field: &str, location: InputLocation) {
        let is_unread = (self.no_fields && location == InputLocation::Body)
            || self.found.iter().any(|problem| problem.concerns(field, location));
        if !is_unread {
            self.add(field, location, ProblemKind::Missing);
        }
    }

    /// The fields of the body are not known: it is not an object, which is reported.
    pub(crate) fn have_no_fields(&mut self) {
        self.no_fields = true;
    }

    /// Adds what the contract allows to the problems of the body.
    pub(crate) fn describe(&mut self, body: &'static Schema) {
        for problem in &mut self.found {
            problem.describe(body);
        }
    }

    /// Converts text into the type that is sent.
    pub(crate) fn convert<T: FromStr<Err: Display>>(
        &mut self,
        name: &'static str,
        location: InputLocation,
        text: &str,
    ) -> Option<T> {
        match text.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                let reason = T::Err::to_string(&error);
                self.add(name, location, ProblemKind::Undecodable { reason });
                None
            }
        }
    }

    /// A text that can be sent there and is within its limits.
    pub(crate) fn text(&mut self, path: &InputPath<'_>, text: &str, limits: &TextLimits) {
        match unsafe_in(path.location, text) {
            Some(kind) => self.add(path, path.location, kind),
            None => self.text_limits(path, text, limits),
        }
    }

    fn text_limits(&mut self, path: &InputPath<'_>, text: &str, limits: &TextLimits) {
        if let Some(kind) = limits.broken_by(text) {
            self.exceeded(path, kind, limits.length);
        } else if let Some(pattern) = limits.pattern.as_ref().filter(|p| !p.matches(text)) {
            let kind = ProblemKind::PatternMismatch { pattern: pattern.pattern };
            self.exceeded(path, kind, pattern.words);
        }
    }

    /// A value of an enum that the contract does not list: refused, unless the call allows
    /// such values. Then it still must not change the path or be one that a header cannot
    /// carry, which no listed value does.
    pub(crate) fn unlisted(
        &mut self,
        path: &InputPath<'_>,
        value: &UnlistedValue,
        listed: &'static [&'static str],
        limits: &'static str,
    ) {
        let value = value.as_str();
        if !self.allow_unlisted_values {
            let kind = ProblemKind::Unlisted { value: value.to_owned(), listed };
            self.exceeded(path, kind, limits);
        } else if let Some(kind) = unsafe_in(path.location, value) {
            self.add(path, path.location, kind);
        }
    }

    /// Limits of the number of items.
    pub(crate) fn count(
        &mut self,
        path: &InputPath<'_>,
        count: usize,
        min: Option<usize>,
        max: Option<usize>,
        limits: &'static str,
    ) {
        if let Some(min) = min.filter(|min| count < *min) {
            self.exceeded(path, ProblemKind::TooFewItems { count, min }, limits);
        }
        if let Some(max) = max.filter(|max| count > *max) {
            self.exceeded(path, ProblemKind::TooManyItems { count, max }, limits);
        }
    }

    /// No item may occur twice.
    pub(crate) fn unique<T: PartialEq>(&mut self, path: &InputPath<'_>, items: &[T]) {
        for (index, item) in items.iter().enumerate() {
            if let Some(first) = items.iter().take(index).position(|other| other == item) {
                self.add(path.index(index), path.location, ProblemKind::DuplicateItem { first });
            }
        }
    }

    /// Limits of a number.
    pub(crate) fn range<T: PartialOrd + Copy + Into<Number>>(
        &mut self,
        path: &InputPath<'_>,
        value: T,
        min: Bound<T>,
        max: Bound<T>,
        limits: &'static str,
    ) {
        let is_below = match min {
            Bound::Included(min) => value < min,
            Bound::Excluded(min) => value <= min,
            Bound::Unbounded => false,
        };
        let is_above = match max {
            Bound::Included(max) => value > max,
            Bound::Excluded(max) => value >= max,
            Bound::Unbounded => false,
        };
        let value = value.into();
        if is_below {
            let kind = ProblemKind::BelowMinimum { value, min: min.map(Into::into) };
            self.exceeded(path, kind, limits);
        }
        if is_above {
            let kind = ProblemKind::AboveMaximum { value, max: max.map(Into::into) };
            self.exceeded(path, kind, limits);
        }
    }
}

/// What the contract allows of a text.
#[derive(Debug)]
pub(crate) struct TextLimits {
    pub(crate) min: Option<usize>,
    pub(crate) max: Option<usize>,
    /// Both in words.
    pub(crate) length: &'static str,
    pub(crate) pattern: Option<TextPattern>,
}

/// The limits of a text that has none.
pub(crate) static NO_TEXT_LIMITS: TextLimits =
    TextLimits { min: None, max: None, length: "", pattern: None };

impl TextLimits {
    /// The limit of the length that a text breaks, in characters.
    fn broken_by(&self, text: &str) -> Option<ProblemKind> {
        let length = if text.is_ascii() { text.len() } else { text.chars().count() };
        if let Some(min) = self.min.filter(|min| length < *min) {
            return Some(ProblemKind::TooShort { length, min });
        }
        let max = self.max.filter(|max| length > *max)?;
        Some(ProblemKind::TooLong { length, max })
    }
}

/// Why a text cannot be sent at that location: it would change the path, or a header
/// cannot carry it.
fn unsafe_in(location: InputLocation, text: &str) -> Option<ProblemKind> {
    match location {
        InputLocation::Path if text.is_empty() => Some(ProblemKind::Empty),
        InputLocation::Path if text == "." || text == ".." => {
            Some(ProblemKind::DotSegmentInPath { value: text.to_owned() })
        }
        InputLocation::Path | InputLocation::Header if is_plain(text) => None,
        InputLocation::Path => text
            .chars()
            .find(|c| matches!(c, '/' | '\\') || c.is_control())
            .map(|character| ProblemKind::InvalidPathCharacter { character }),
        InputLocation::Header => text
            .chars()
            .find(|c| c.is_control() && *c != '\t')
            .map(|character| ProblemKind::InvalidHeaderCharacter { character: Some(character) }),
        InputLocation::Query | InputLocation::Body | InputLocation::Configuration => None,
    }
}

/// Whether no character of the text can be a problem in a path or a header. It has no
/// early exit, so that the compiler can vectorize it.
#[allow(
    clippy::needless_bitwise_bool,
    clippy::manual_range_contains,
    reason = "an early way out keeps the compiler from looking at many bytes at once"
)]
fn is_plain(text: &str) -> bool {
    let minded = |byte: u8| (byte < 0x20) | (byte >= 0x7f) | (byte == b'/') | (byte == b'\\');
    !text.bytes().fold(false, |any, byte| any | minded(byte))
}
