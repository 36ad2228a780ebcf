//! Everything that is wrong with the inputs of a call, found before it is sent.

use std::fmt::{self, Display};

use super::Limit;
use crate::error::{Problem, Source};

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

    pub(crate) fn add(&mut self, field: impl Display, source: Source, message: impl Into<String>) {
        self.0.push(Problem::new(field.to_string(), source, message, ""));
    }

    /// A required input must be there.
    pub(crate) fn require(&mut self, field: &str, source: Source, present: bool) {
        if present {
            return;
        }
        let help = if field == super::call::PROJECT_ID {
            "set it on the call, or once for all calls with `ClientBuilder::project_id`; with a region it is looked up"
        } else {
            ""
        };
        self.0.push(Problem::new(field, source, "is missing", help));
    }

    /// Makes text into the type that is sent.
    pub(crate) fn text<T>(&mut self, field: &str, source: Source, text: Option<String>) -> Option<T>
    where
        T: TryFrom<String>,
        T::Error: Display,
    {
        self.convert(&Path::root(field), source, text?)
    }

    /// Makes every text of a list into the type that is sent.
    pub(crate) fn texts<T>(
        &mut self,
        field: &str,
        source: Source,
        texts: Option<Vec<String>>,
    ) -> Option<Vec<T>>
    where
        T: TryFrom<String>,
        T::Error: Display,
    {
        let path = Path::root(field);
        let converted: Vec<Option<T>> = texts?
            .into_iter()
            .enumerate()
            .map(|(index, text)| self.convert(&path.index(index), source, text))
            .collect();
        converted.into_iter().collect()
    }

    fn convert<T>(&mut self, path: &Path<'_>, source: Source, text: String) -> Option<T>
    where
        T: TryFrom<String>,
        T::Error: Display,
    {
        let count = if text.is_ascii() { text.len() } else { text.chars().count() };
        if let Some(fault) = unfit(source, &text) {
            self.add(path, source, fault);
            return None;
        }
        match T::try_from(text) {
            Ok(value) => Some(value),
            Err(error) => {
                let characters = if count == 1 { "character" } else { "characters" };
                self.add(path, source, format!("is {error} (it has {count} {characters})"));
                None
            }
        }
    }

    /// Limits of the number of items.
    #[allow(dead_code, reason = "a contract without such limits has no use for it")]
    pub(crate) fn count(
        &mut self,
        path: &Path<'_>,
        count: usize,
        min: Option<usize>,
        max: Option<usize>,
    ) {
        let items = |n: usize| if n == 1 { "1 item".to_owned() } else { format!("{n} items") };
        if let Some(min) = min.filter(|min| count < *min) {
            self.add(
                path,
                Source::Body,
                format!("has {}, and must have at least {min}", items(count)),
            );
        }
        if let Some(max) = max.filter(|max| count > *max) {
            self.add(
                path,
                Source::Body,
                format!("has {}, and may have at most {max}", items(count)),
            );
        }
    }

    /// No item twice.
    #[allow(dead_code, reason = "a contract without such limits has no use for it")]
    pub(crate) fn unique<T: PartialEq>(&mut self, path: &Path<'_>, items: &[T]) {
        for (index, item) in items.iter().enumerate() {
            if let Some(first) = items.iter().take(index).position(|other| other == item) {
                self.add(path.index(index), Source::Body, format!("is the same as [{first}]"));
            }
        }
    }

    /// Limits of a number.
    #[allow(dead_code, reason = "a contract without such limits has no use for it")]
    pub(crate) fn range<T: PartialOrd + Display + Copy>(
        &mut self,
        path: &Path<'_>,
        value: T,
        min: Option<Limit<T>>,
        max: Option<Limit<T>>,
    ) {
        let low = match min {
            Some(Limit::At(min)) if value < min => Some(format!("must be at least {min}")),
            Some(Limit::Beyond(min)) if value <= min => Some(format!("must be more than {min}")),
            _ => None,
        };
        let high = match max {
            Some(Limit::At(max)) if value > max => Some(format!("may be at most {max}")),
            Some(Limit::Beyond(max)) if value >= max => Some(format!("must be less than {max}")),
            _ => None,
        };
        for fault in low.into_iter().chain(high) {
            self.add(path, Source::Body, format!("is {value}, and {fault}"));
        }
    }
}

/// Why a text cannot travel where it is to go: a path that holds it would lead
/// elsewhere, and a header cannot carry it.
fn unfit(source: Source, text: &str) -> Option<String> {
    match source {
        Source::Path if text.is_empty() => Some("is empty, which would change the path".to_owned()),
        Source::Path if text == "." || text == ".." => {
            Some(format!("is `{text}`, which would change the path"))
        }
        Source::Path | Source::Header if is_plain(text) => None,
        Source::Path => text
            .chars()
            .find(|c| matches!(c, '/' | '\\') || c.is_control())
            .map(|c| format!("has the character {c:?}, which would change the path")),
        Source::Header => text
            .chars()
            .find(|c| c.is_control() && *c != '\t')
            .map(|c| format!("has the character {c:?}, which a header cannot carry")),
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
