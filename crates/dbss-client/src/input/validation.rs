//! Everything that is wrong with the inputs of a call, found before it is sent.

use std::fmt::{self, Display};
use std::str::FromStr;

use super::kind::{Number, ProblemKind};
use super::problem::{Problem, Source};
use crate::descriptor::schema::Bound;

/// A value that has limits which its type does not enforce.
#[allow(dead_code, reason = "a contract without such limits has no use for it")]
pub(crate) trait Check {
    /// Adds a problem for each limit that the value breaks.
    fn check(&self, path: &Path<'_>, problems: &mut Problems);
}

/// Where a value stands in the input: `ids[0]`, `filter.names`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    step: Step<'a>,
}

#[derive(Debug, Clone, Copy)]
enum Step<'a> {
    Field(&'a str),
    Index(usize),
}

#[allow(dead_code, reason = "a contract without nested limits has no use for some of it")]
impl<'a> Path<'a> {
    pub(crate) fn root(name: &'a str) -> Self {
        Self { parent: None, step: Step::Field(name) }
    }

    pub(crate) fn field(&'a self, name: &'a str) -> Self {
        Self { parent: Some(self), step: Step::Field(name) }
    }

    pub(crate) fn index(&'a self, index: usize) -> Self {
        Self { parent: Some(self), step: Step::Index(index) }
    }
}

impl Display for Path<'_> {
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
pub(crate) struct Problems(Vec<Problem>);

impl Problems {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn into_vec(self) -> Vec<Problem> {
        self.0
    }

    pub(crate) fn push(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    pub(crate) fn extend(&mut self, problems: impl IntoIterator<Item = Problem>) {
        self.0.extend(problems);
    }

    /// The same, each with what to do about it.
    #[allow(dead_code, reason = "a contract without projects has no use for it")]
    pub(crate) fn with_help(self, help: &'static str) -> Self {
        Self(self.0.into_iter().map(|problem| problem.with_help(help)).collect())
    }

    pub(crate) fn add(&mut self, field: impl Display, source: Source, kind: ProblemKind) {
        self.0.push(Problem::new(field.to_string(), source, kind));
    }

    /// A limit that an input breaks, with its words.
    fn exceeded(
        &mut self,
        path: &Path<'_>,
        source: Source,
        kind: ProblemKind,
        limits: &'static str,
    ) {
        self.0.push(Problem::new(path.to_string(), source, kind).with_limits(limits));
    }

    /// A required input must be there.
    pub(crate) fn require(&mut self, field: &str, source: Source, present: bool) {
        if !present {
            self.add(field, source, ProblemKind::Missing);
        }
    }

    /// Makes text into the type that is sent.
    pub(crate) fn text<T>(
        &mut self,
        field: &str,
        source: Source,
        text: Option<impl AsRef<str>>,
        limits: &TextLimits,
    ) -> Option<T>
    where
        T: FromStr,
        T::Err: Display,
    {
        self.convert(&Path::root(field), source, text?.as_ref(), limits)
    }

    /// Makes every text of a list into the type that is sent.
    pub(crate) fn texts<T>(
        &mut self,
        field: &str,
        source: Source,
        texts: Option<Vec<String>>,
        limits: &TextLimits,
    ) -> Option<Vec<T>>
    where
        T: FromStr,
        T::Err: Display,
    {
        let (path, texts) = (Path::root(field), texts?);
        let mut converted = Vec::with_capacity(texts.len());
        for (index, text) in texts.iter().enumerate() {
            converted.extend(self.convert(&path.index(index), source, text, limits));
        }
        (converted.len() == texts.len()).then_some(converted)
    }

    /// The type that is sent refuses what breaks a limit; the limits tell which one.
    fn convert<T>(
        &mut self,
        path: &Path<'_>,
        source: Source,
        text: &str,
        limits: &TextLimits,
    ) -> Option<T>
    where
        T: FromStr,
        T::Err: Display,
    {
        if let Some(kind) = unfit(source, text) {
            self.add(path, source, kind);
            return None;
        }
        let error = match text.parse() {
            Ok(value) => return Some(value),
            Err(error) => error,
        };
        match (limits.broken_by(text), limits.pattern) {
            (Some(kind), _) => self.exceeded(path, source, kind, limits.length),
            (None, Some((pattern, words))) => {
                self.exceeded(path, source, ProblemKind::PatternMismatch { pattern }, words);
            }
            (None, None) => {
                let reason = T::Err::to_string(&error);
                self.add(path, source, ProblemKind::Undecodable { reason });
            }
        }
        None
    }

    /// Limits of the number of items.
    #[allow(dead_code, reason = "a contract without such limits has no use for it")]
    pub(crate) fn count(
        &mut self,
        path: &Path<'_>,
        count: usize,
        min: Option<usize>,
        max: Option<usize>,
        limits: &'static str,
    ) {
        if let Some(min) = min.filter(|min| count < *min) {
            let kind = ProblemKind::TooFewItems { count, min };
            self.exceeded(path, Source::Body, kind, limits);
        }
        if let Some(max) = max.filter(|max| count > *max) {
            let kind = ProblemKind::TooManyItems { count, max };
            self.exceeded(path, Source::Body, kind, limits);
        }
    }

    /// No item twice.
    #[allow(dead_code, reason = "a contract without such limits has no use for it")]
    pub(crate) fn unique<T: PartialEq>(&mut self, path: &Path<'_>, items: &[T]) {
        for (index, item) in items.iter().enumerate() {
            if let Some(first) = items.iter().take(index).position(|other| other == item) {
                self.add(path.index(index), Source::Body, ProblemKind::DuplicateItem { first });
            }
        }
    }

    /// Limits of a number.
    #[allow(dead_code, reason = "a contract without such limits has no use for it")]
    pub(crate) fn range<T: PartialOrd + Copy + Into<Number>>(
        &mut self,
        path: &Path<'_>,
        value: T,
        min: Option<Bound<T>>,
        max: Option<Bound<T>>,
        limits: &'static str,
    ) {
        let low = min.filter(|min| match min {
            Bound::At(min) => value < *min,
            Bound::Beyond(min) => value <= *min,
        });
        let high = max.filter(|max| match max {
            Bound::At(max) => value > *max,
            Bound::Beyond(max) => value >= *max,
        });
        let value = value.into();
        if let Some(min) = low {
            let kind = ProblemKind::BelowMinimum { value, min: min.map(Into::into) };
            self.exceeded(path, Source::Body, kind, limits);
        }
        if let Some(max) = high {
            let kind = ProblemKind::AboveMaximum { value, max: max.map(Into::into) };
            self.exceeded(path, Source::Body, kind, limits);
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
    /// The pattern, and the same in words.
    pub(crate) pattern: Option<(&'static str, &'static str)>,
}

impl TextLimits {
    /// Anything is allowed.
    #[allow(dead_code, reason = "a contract whose texts are all limited has no use for it")]
    pub(crate) const NONE: Self = Self { min: None, max: None, length: "", pattern: None };

    /// The limit of length that a text breaks. Lengths count characters.
    fn broken_by(&self, text: &str) -> Option<ProblemKind> {
        let length = if text.is_ascii() { text.len() } else { text.chars().count() };
        if let Some(min) = self.min.filter(|min| length < *min) {
            return Some(ProblemKind::TooShort { length, min });
        }
        let max = self.max.filter(|max| length > *max)?;
        Some(ProblemKind::TooLong { length, max })
    }
}

/// Why a text cannot travel where it is to go: a path that holds it would lead
/// elsewhere, and a header cannot carry it.
fn unfit(source: Source, text: &str) -> Option<ProblemKind> {
    match source {
        Source::Path if text.is_empty() => Some(ProblemKind::Empty),
        Source::Path if text == "." || text == ".." => {
            Some(ProblemKind::DotSegment { value: text.to_owned() })
        }
        Source::Path | Source::Header if is_plain(text) => None,
        Source::Path => text
            .chars()
            .find(|c| matches!(c, '/' | '\\') || c.is_control())
            .map(|character| ProblemKind::UnsafeInPath { character }),
        Source::Header => text
            .chars()
            .find(|c| c.is_control() && *c != '\t')
            .map(|character| ProblemKind::UnsafeInHeader { character: Some(character) }),
        Source::Query | Source::Body | Source::Configuration => None,
    }
}

/// Whether the text has nothing but what no path and no header minds. Looks at
/// every byte, without a way out, so that it looks at many of them at once.
#[allow(
    clippy::needless_bitwise_bool,
    clippy::manual_range_contains,
    reason = "an early way out keeps the compiler from looking at many bytes at once"
)]
fn is_plain(text: &str) -> bool {
    let minded = |byte: u8| (byte < 0x20) | (byte >= 0x7f) | (byte == b'/') | (byte == b'\\');
    !text.bytes().fold(false, |any, byte| any | minded(byte))
}
