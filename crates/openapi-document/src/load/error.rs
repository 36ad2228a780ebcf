//! The errors of the loader, and their messages.

use super::budget::{MAX_DEPTH, MAX_NODES};
use crate::diagnostic::{Diagnostic, Rule, quote};
use crate::node::Span;
use crate::rules;
use crate::source::Source;

/// A reason to reject a text.
pub(super) enum LoadError<'t> {
    /// The message of the parser, and whether the cause is indentation with a tab.
    Syntax {
        error: &'t str,
        tab: bool,
    },
    MultipleDocuments,
    TooDeep,
    TooManyNodes,
    UnsupportedTag,
    /// A scalar, and what it is in YAML 1.1, with its article.
    AmbiguousScalar {
        text: &'t str,
        yaml_1_1_type: &'t str,
    },
    /// A number, and why JSON cannot represent it.
    NumberOutOfRange {
        text: &'t str,
        reason: &'t str,
    },
    MergeKey,
    EmptyKey,
    NonStringKey(&'t str),
    /// A key, and the line of its first occurrence.
    DuplicateKey {
        key: &'t str,
        line: usize,
    },
    /// The kind of the collection, with its article.
    CollectionAsKey(&'static str),
    AliasAsKey,
    RecursiveAlias,
    AliasBudgetExceeded,
}

impl LoadError<'_> {
    pub(super) fn diagnostic(&self, span: Span, source: &Source) -> Diagnostic {
        source.diagnostic(self.rule(), span, self.message(), self.help())
    }

    fn rule(&self) -> &'static Rule {
        match self {
            Self::Syntax { .. } => &rules::YAML_SYNTAX,
            Self::MultipleDocuments => &rules::MULTIPLE_DOCUMENTS,
            Self::TooDeep => &rules::NESTING_DEPTH,
            Self::TooManyNodes => &rules::DOCUMENT_TOO_LARGE,
            Self::UnsupportedTag => &rules::CUSTOM_TAG,
            Self::AmbiguousScalar { .. } => &rules::AMBIGUOUS_SCALAR,
            Self::NumberOutOfRange { .. } => &rules::NUMBER_RANGE,
            Self::MergeKey => &rules::MERGE_KEY,
            Self::EmptyKey | Self::NonStringKey(_) => &rules::NON_STRING_KEY,
            Self::DuplicateKey { .. } => &rules::DUPLICATE_KEY,
            Self::CollectionAsKey(_) | Self::AliasAsKey => &rules::COMPLEX_KEY,
            Self::RecursiveAlias => &rules::RECURSIVE_ALIAS,
            Self::AliasBudgetExceeded => &rules::ALIAS_BUDGET,
        }
    }

    fn message(&self) -> String {
        let message = match self {
            Self::Syntax { error, .. } => error,
            Self::MultipleDocuments => "a second YAML document starts here",
            Self::TooDeep => {
                return format!("collections nest more than {MAX_DEPTH} levels deep here");
            }
            Self::TooManyNodes => {
                return format!("the document has more than {MAX_NODES} values");
            }
            Self::UnsupportedTag => {
                "this tag is not in the YAML core schema, or does not fit its value"
            }
            Self::AmbiguousScalar { text, yaml_1_1_type } => {
                return format!(
                    "{} is {yaml_1_1_type} in YAML 1.1, which many tools read",
                    quote(text)
                );
            }
            Self::NumberOutOfRange { text, reason } => {
                return format!("{} cannot be used as a number: {reason}", quote(text));
            }
            Self::MergeKey => "the merge key `<<` is not part of YAML 1.2",
            Self::EmptyKey => "a key is empty or null",
            Self::NonStringKey(key) => return format!("the key {} is not a string", quote(key)),
            Self::DuplicateKey { key, line } => {
                let key = quote(key);
                return format!("the key {key} is in this mapping already, in line {line}");
            }
            Self::CollectionAsKey(kind) => return format!("{kind} cannot be a key"),
            Self::AliasAsKey => "an alias cannot be a key",
            Self::RecursiveAlias => "this alias is inside the node it refers to",
            Self::AliasBudgetExceeded => {
                "the document is too large with its aliases expanded up to here"
            }
        };
        message.to_owned()
    }

    fn help(&self) -> &'static str {
        match self {
            Self::Syntax { tab: true, .. } => "indent with spaces, not with tabs",
            Self::Syntax { tab: false, .. } => "fix this first; nothing after it could be read",
            Self::MultipleDocuments => "keep one document in one file",
            Self::TooDeep => "move the inner parts to named components",
            Self::TooManyNodes => "split it, or take large examples out of it",
            Self::UnsupportedTag => "remove the tag; only `!!str` is useful in a document",
            Self::AmbiguousScalar { .. } | Self::NonStringKey(_) => "put it in quotes",
            Self::NumberOutOfRange { .. } => "put it in quotes if text is meant",
            Self::MergeKey => "write the keys out, or use a `$ref`",
            Self::EmptyKey | Self::CollectionAsKey(_) => "write a string as the key",
            Self::DuplicateKey { .. } => "keep one of the two",
            Self::AliasAsKey => "write the key out",
            Self::RecursiveAlias => "for recursion, use a `$ref` to a named schema",
            Self::AliasBudgetExceeded => "use `$ref` instead of aliases for large parts",
        }
    }
}
