//! `Problem`: an input that is not accepted, and the messages of all kinds of problems.

use std::borrow::Cow;
use std::fmt;

use super::kind::ProblemKind;
use crate::descriptor::Schema;

/// Where an input of a call or of the configuration belongs.
///
/// A parameter can only be in one of the first three, which
/// [`ParameterLocation`](crate::descriptor::ParameterLocation) has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InputLocation {
    /// The path of the request.
    Path,
    /// The query of the request.
    Query,
    /// A header of the request.
    Header,
    /// The body of the request.
    Body,
    /// The configuration of the client or of the call.
    Configuration,
}

impl fmt::Display for InputLocation {
    /// One word: `path`, `query`, `header`, `body` or `configuration`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Body => "body",
            Self::Configuration => "configuration",
        })
    }
}

/// A problem of one input: why it is not accepted.
///
/// `Display` shows all of it, as in `` `instance_id` has 5 characters, and must have 32 to 64
/// characters ``. The parts are for programs that show inputs under names of their own.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    field: Box<str>,
    location: InputLocation,
    kind: ProblemKind,
    /// The limits of the input in words, if it breaks one.
    limits: Cow<'static, str>,
    help: Cow<'static, str>,
}

impl Problem {
    pub(crate) fn new(
        field: impl Into<Box<str>>,
        location: InputLocation,
        kind: ProblemKind,
    ) -> Self {
        let (limits, help) = (Cow::Borrowed(""), Cow::Borrowed(""));
        Self { field: field.into(), location, kind, limits, help }
    }

    /// A problem of the configuration of a client or a call.
    pub(crate) fn configuration(field: impl Into<Box<str>>, kind: ProblemKind) -> Self {
        Self::new(field, InputLocation::Configuration, kind)
    }

    /// Adds what to do about it.
    pub(crate) fn with_help(mut self, help: impl Into<Cow<'static, str>>) -> Self {
        self.help = help.into();
        self
    }

    /// Adds what the contract allows, in words.
    pub(crate) fn with_limits(mut self, limits: impl Into<Cow<'static, str>>) -> Self {
        self.limits = limits.into();
        self
    }

    /// Whether it is about that input, or a part of it.
    pub(crate) fn concerns(&self, field: &str, location: InputLocation) -> bool {
        let rest = self.field.strip_prefix(field);
        location == self.location
            && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['[', '.']))
    }

    /// Adds what the contract allows for a part of the body.
    pub(crate) fn describe(&mut self, body: &'static Schema) {
        if self.location == InputLocation::Body
            && let Some(schema) = body.at(&self.field)
        {
            self.limits = schema.limits.join(", ").into();
        }
    }

    /// The input, by the name that the contract has for it, such as `ids[0]`.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    /// Where the input belongs.
    #[must_use]
    pub fn location(&self) -> InputLocation {
        self.location
    }

    /// What is wrong with it.
    #[must_use]
    pub fn kind(&self) -> &ProblemKind {
        &self.kind
    }

    /// What is wrong, as text that continues a sentence after the name of the input, as in
    /// `has 5 characters, and must have 32 to 64 characters`. [`kind`](Self::kind) has the
    /// same as data.
    #[must_use]
    pub fn message(&self) -> String {
        Message(self).to_string()
    }

    /// How to fix it, in terms of this crate's API, as in ``call `ClientBuilder::region` ``;
    /// `None` if the message says enough.
    #[must_use]
    pub fn help(&self) -> Option<&str> {
        Some(self.help.as_ref()).filter(|help| !help.is_empty())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.field, Message(self))?;
        match self.help() {
            Some(help) => write!(f, " ({help})"),
            None => Ok(()),
        }
    }
}

/// The text of a problem.
struct Message<'a>(&'a Problem);

impl fmt::Display for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let limits = self.0.limits.as_ref();
        match &self.0.kind {
            ProblemKind::Missing => f.write_str("is missing"),
            ProblemKind::Empty => f.write_str("is empty, which would change the path"),
            ProblemKind::TooShort { length, .. } | ProblemKind::TooLong { length, .. } => {
                write!(f, "has {}, and must have {limits}", Counted(*length, "character"))
            }
            ProblemKind::TooFewItems { count, .. } | ProblemKind::TooManyItems { count, .. } => {
                write!(f, "has {}, and must have {limits}", Counted(*count, "item"))
            }
            ProblemKind::PatternMismatch { .. } => write!(f, "must be text {limits}"),
            ProblemKind::Unlisted { value, .. } => {
                write!(f, "is `{}`, and must be {limits}", value.escape_debug())
            }
            ProblemKind::DuplicateItem { first } => write!(f, "is the same as [{first}]"),
            ProblemKind::BelowMinimum { value, .. } | ProblemKind::AboveMaximum { value, .. } => {
                write!(f, "is {value}, and must be {limits}")
            }
            ProblemKind::WrongType { expected, found } => {
                let limits = if limits.is_empty() { String::new() } else { format!(", {limits}") };
                write!(f, "must be {expected}{limits}, and is {found}")
            }
            ProblemKind::InvalidParameter { value } => {
                write!(f, "does not take `{}`", value.escape_debug())
            }
            ProblemKind::Undecodable { reason } => write!(f, "does not fit: {reason}"),
            ProblemKind::UnknownParameter => f.write_str("is not a parameter of this operation"),
            ProblemKind::UnknownField => f.write_str("is not a field of the body"),
            ProblemKind::UnexpectedBody => f.write_str("is given, and this operation has none"),
            ProblemKind::DuplicateParameter => f.write_str("is given more than once"),
            ProblemKind::DotSegmentInPath { value } => {
                write!(f, "is `{value}`, which would change the path")
            }
            ProblemKind::InvalidPathCharacter { character } => {
                write!(f, "has the character {character:?}, which would change the path")
            }
            ProblemKind::InvalidHeaderCharacter { character: Some(character) } => {
                write!(f, "has the character {character:?}, which a header cannot carry")
            }
            ProblemKind::InvalidHeaderCharacter { character: None } => {
                f.write_str("has a character that a header cannot carry")
            }
            configuration => word_configuration(configuration, f),
        }
    }
}

/// The text of problems that only a configuration has.
fn word_configuration(kind: &ProblemKind, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match kind {
        ProblemKind::ZeroTimeout => f.write_str("is zero"),
        ProblemKind::ZeroAttempts => f.write_str("allows no attempt, not even the first one"),
        ProblemKind::UnknownRegion { region } => {
            write!(f, "`{}` is not a region of the contract", region.escape_debug())
        }
        ProblemKind::InvalidUrl { reason } => write!(f, "is not a URL: {reason}"),
        ProblemKind::UrlWithCredentials => f.write_str("contains a user name or a password"),
        ProblemKind::UrlWithQuery => f.write_str("has a query or a fragment"),
        ProblemKind::UrlWithoutHost { url } => {
            write!(f, "`{}` has no host", url.escape_debug())
        }
        ProblemKind::PlainHttp { url } => {
            write!(f, "`{}` would send the credentials in clear text", url.escape_debug())
        }
        ProblemKind::UnsupportedScheme { url, scheme } => {
            write!(f, "`{}` has the scheme `{scheme}`", url.escape_debug())
        }
        ProblemKind::SocksProxy { url } => {
            write!(f, "`{}` is a SOCKS proxy, and only HTTP proxies can be used", url.escape_debug())
        }
        ProblemKind::ProxyWithPath => f.write_str(
            "has a path, a query or a fragment; in a password, `/`, `?` and `#` are written as %2F, %3F and %23",
        ),
        ProblemKind::NoTls => f.write_str("is `https`, and dbss-client was built without TLS"),
        ProblemKind::ConflictsWithHttpClient => {
            f.write_str("cannot be set together with `http_client`: configure that client instead")
        }
        ProblemKind::InvalidCertificate { reason } | ProblemKind::InvalidCredentials { reason } => {
            f.write_str(reason)
        }
        // The others are in `Message`.
        _ => Ok(()),
    }
}

/// A number of things.
struct Counted(usize, &'static str);

impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(count, thing) = self;
        write!(f, "{count} {thing}{}", if *count == 1 { "" } else { "s" })
    }
}

#[cfg(test)]
mod tests {
    use super::super::kind::{Number, ValueType};
    use super::*;
    use crate::input::validation::{InputPath, Problems, TextLimits};
    use std::ops::Bound;

    const LIMITS: TextLimits =
        TextLimits { min: Some(2), max: Some(3), length: "2 to 3 characters", pattern: None };

    fn text(location: InputLocation, text: &str, limits: &TextLimits) -> Vec<Problem> {
        let mut problems = Problems::default();
        problems.text(&InputPath::root("it", location), text, limits);
        problems.into_vec()
    }

    #[test]
    fn reports_broken_limits_of_texts() {
        for (location, given, kind, message) in [
            (
                InputLocation::Body,
                "é",
                ProblemKind::TooShort { length: 1, min: 2 },
                "has 1 character, and must have 2 to 3 characters",
            ),
            (
                InputLocation::Query,
                "four",
                ProblemKind::TooLong { length: 4, max: 3 },
                "has 4 characters, and must have 2 to 3 characters",
            ),
            (InputLocation::Path, "", ProblemKind::Empty, "is empty, which would change the path"),
            (
                InputLocation::Path,
                "..",
                ProblemKind::DotSegmentInPath { value: "..".to_owned() },
                "is `..`, which would change the path",
            ),
            (
                InputLocation::Path,
                "a/b",
                ProblemKind::InvalidPathCharacter { character: '/' },
                "has the character '/', which would change the path",
            ),
            (
                InputLocation::Header,
                "a\nb",
                ProblemKind::InvalidHeaderCharacter { character: Some('\n') },
                "has the character '\\n', which a header cannot carry",
            ),
        ] {
            let found = text(location, given, &LIMITS);
            let expected = Problem::new("it", location, kind.clone());
            let [problem] = found.as_slice() else { unreachable!("{found:?}") };
            assert_eq!(
                (problem.kind(), problem.location()),
                (&kind, expected.location()),
                "{given}"
            );
            assert_eq!(problem.message(), message, "{given}");
            assert_eq!(problem.to_string(), format!("`it` {message}"));
            assert_eq!(problem.help(), None);
        }
        assert!(text(InputLocation::Path, "ab", &LIMITS).is_empty());
    }

    #[test]
    fn reports_broken_limits_of_numbers_and_lists() {
        let mut problems = Problems::default();
        let path = InputPath::root("n", InputLocation::Body);
        problems.range(&path, 0.1_f32, Bound::Excluded(0.5), Bound::Unbounded, "more than 0.5");
        problems.range(&path, 9_i64, Bound::Unbounded, Bound::Included(8), "at most 8");
        problems.count(&path, 1, Some(2), None, "at least 2 items");
        problems.unique(&path, &["a", "b", "a"]);
        let found = problems.into_vec();
        let messages: Vec<_> = found.iter().map(Problem::message).collect();
        assert_eq!(
            messages,
            [
                "is 0.1, and must be more than 0.5",
                "is 9, and must be at most 8",
                "has 1 item, and must have at least 2 items",
                "is the same as [0]",
            ]
        );
        let kinds: Vec<_> = found.into_iter().map(|problem| problem.kind).collect();
        assert_eq!(
            kinds,
            [
                ProblemKind::BelowMinimum {
                    value: Number::Float(0.1),
                    min: Bound::Excluded(Number::Float(0.5)),
                },
                ProblemKind::AboveMaximum {
                    value: Number::Integer(9),
                    max: Bound::Included(Number::Integer(8)),
                },
                ProblemKind::TooFewItems { count: 1, min: 2 },
                ProblemKind::DuplicateItem { first: 0 },
            ]
        );
    }

    #[test]
    fn displays_types_and_help() {
        let kind =
            ProblemKind::WrongType { expected: ValueType::StringArray, found: ValueType::Null };
        let problem = Problem::new("ids", InputLocation::Body, kind).with_help("give a list");
        assert_eq!(problem.help(), Some("give a list"));
        assert_eq!(
            problem.to_string(),
            "`ids` must be a list of strings, and is null (give a list)"
        );
    }
}
