//! What the loader refuses, and the words for it.

use super::budget::DEEPEST;
use crate::diagnostic::{Diagnostic, Rule, quote};
use crate::node::Span;
use crate::rules;
use crate::source::Source;

/// Something in a text that is refused.
pub(super) enum Problem<'t> {
    /// The parser's own words, and whether a tab is what it stumbled over.
    Syntax {
        error: &'t str,
        tab: bool,
    },
    SecondDocument,
    TooDeep,
    TooManyValues,
    Tag,
    /// A scalar, and what YAML 1.1 takes it for.
    Ambiguous {
        text: &'t str,
        reading: &'t str,
    },
    /// A number, and why it is none of JSON's.
    Number {
        text: &'t str,
        why: &'t str,
    },
    MergeKey,
    EmptyKey,
    KeyIsNoString(&'t str),
    /// A key, and the line in which it stands first.
    DuplicateKey {
        key: &'t str,
        line: usize,
    },
    /// What stands in the place of a key, with its article.
    CollectionAsKey(&'static str),
    AliasAsKey,
    RecursiveAlias,
    AliasesTooLarge,
}

impl Problem<'_> {
    pub(super) fn at(&self, span: Span, source: &Source) -> Diagnostic {
        source.diagnostic(self.rule(), span, self.message(), self.help())
    }

    fn rule(&self) -> &'static Rule {
        match self {
            Self::Syntax { .. } => &rules::YAML_SYNTAX,
            Self::SecondDocument => &rules::MULTIPLE_DOCUMENTS,
            Self::TooDeep => &rules::NESTING_DEPTH,
            Self::TooManyValues => &rules::DOCUMENT_TOO_LARGE,
            Self::Tag => &rules::CUSTOM_TAG,
            Self::Ambiguous { .. } => &rules::AMBIGUOUS_SCALAR,
            Self::Number { .. } => &rules::NUMBER_RANGE,
            Self::MergeKey => &rules::MERGE_KEY,
            Self::EmptyKey | Self::KeyIsNoString(_) => &rules::NON_STRING_KEY,
            Self::DuplicateKey { .. } => &rules::DUPLICATE_KEY,
            Self::CollectionAsKey(_) | Self::AliasAsKey => &rules::COMPLEX_KEY,
            Self::RecursiveAlias => &rules::RECURSIVE_ALIAS,
            Self::AliasesTooLarge => &rules::ALIAS_BUDGET,
        }
    }

    fn message(&self) -> String {
        let message = match self {
            Self::Syntax { error, .. } => error,
            Self::SecondDocument => "a second YAML document starts here",
            Self::TooDeep => {
                return format!("collections nest more than {DEEPEST} levels deep here");
            }
            Self::TooManyValues => "the document has more values than are read",
            Self::Tag => "this tag is not of the YAML core schema, or does not fit its value",
            Self::Ambiguous { text, reading } => {
                return format!("{} is {reading} to tools that read YAML 1.1", quote(text));
            }
            Self::Number { text, why } => {
                return format!("{} cannot be used as a number: {why}", quote(text));
            }
            Self::MergeKey => "the merge key `<<` is not part of YAML 1.2",
            Self::EmptyKey => "a key is empty or null",
            Self::KeyIsNoString(key) => return format!("the key {} is not a string", quote(key)),
            Self::DuplicateKey { key, line } => {
                let key = quote(key);
                return format!("the key {key} stands in this mapping already, in line {line}");
            }
            Self::CollectionAsKey(kind) => return format!("{kind} cannot be a key"),
            Self::AliasAsKey => "an alias cannot be a key",
            Self::RecursiveAlias => "this alias stands inside of what it stands for",
            Self::AliasesTooLarge => {
                "with the aliases up to here written out, the document is too large"
            }
        };
        message.to_owned()
    }

    fn help(&self) -> &'static str {
        match self {
            Self::Syntax { tab: true, .. } => "indent with spaces, not with tabs",
            Self::Syntax { tab: false, .. } => "mend this first; what follows it could not be read",
            Self::SecondDocument => "keep one document in one file",
            Self::TooDeep => "give the inner parts names of their own under `components`",
            Self::TooManyValues => "split it, or take large examples out of it",
            Self::Tag => "remove the tag; `!!str` is the one that can be of use",
            Self::Ambiguous { .. } | Self::KeyIsNoString(_) => "put it in quotes",
            Self::Number { .. } => "put it in quotes if text is meant",
            Self::MergeKey => "write the keys out, or use a `$ref`",
            Self::EmptyKey | Self::CollectionAsKey(_) => "write a string as the key",
            Self::DuplicateKey { .. } => "keep one of the two",
            Self::AliasAsKey => "write the key out",
            Self::RecursiveAlias => "use a `$ref` to a named schema for recursion",
            Self::AliasesTooLarge => "use `$ref` instead of aliases for large parts",
        }
    }
}
