//! The lint: checks whether a contract can be generated from, and warns about style.

// The first pass (`structure`) compares every object with its table (`object_specs`). Each of the
// other modules then checks one concern on a view with references resolved (`context`), and skips
// what the first pass rejected, so that one mistake results in one diagnostic.

mod bodies;
mod completion;
mod context;
mod enums;
mod extensions;
mod keywords;
mod limits;
mod names;
mod object_specs;
mod operations;
mod pages;
mod parameters;
mod paths;
mod pattern;
mod references;
mod responses;
mod root;
mod schemas;
mod security;
mod servers;
mod sizes;
mod structure;
mod style;
mod suggest;
mod values;

use openapi_document::{Diagnostic, Document, Report, Rule, Span};

pub use crate::rules::rules;
use context::Context;

/// Checks a contract and reports all errors and warnings at once. A contract without errors can be
/// generated from.
#[must_use]
pub fn lint(document: &Document) -> Report {
    let mut out =
        Diagnostics { document, reported: Vec::new(), remaining_comparisons: MAX_COMPARISONS };
    let structure = structure::check(document, &mut out);
    let cx = Context::new(document, structure);
    for check in [
        root::check,
        references::check,
        extensions::check,
        pages::check,
        completion::check,
        paths::check,
        operations::check,
        parameters::check,
        bodies::check,
        responses::check,
        names::check,
        schemas::check,
        sizes::check,
        keywords::check,
        enums::check,
        values::check,
        security::check,
        servers::check,
        style::check,
    ] {
        check(&cx, &mut out);
    }
    out.reported.into_iter().collect()
}

/// How many names are compared in order to suggest corrections. No contract whose errors are read
/// one by one reaches this; for others it bounds the time that a check takes.
const MAX_COMPARISONS: usize = 200_000;

/// Collects the diagnostics of a check.
struct Diagnostics<'d> {
    document: &'d Document,
    reported: Vec<Diagnostic>,
    /// How many more names may be compared.
    remaining_comparisons: usize,
}

impl Diagnostics<'_> {
    fn report(
        &mut self,
        rule: &Rule,
        at: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.reported.push(self.document.diagnostic(rule, at, message, help));
    }

    /// The candidate that is most similar to a word, if any is similar enough.
    fn nearest<'c>(
        &mut self,
        word: &str,
        candidates: impl Iterator<Item = &'c str>,
    ) -> Option<&'c str> {
        let candidates = candidates
            .take(self.remaining_comparisons)
            .inspect(|_| self.remaining_comparisons -= 1);
        suggest::nearest(word, candidates)
    }

    /// The line of another span, for a message that refers to it.
    fn line_of(&self, span: Span) -> usize {
        self.document.position(span).line
    }
}
