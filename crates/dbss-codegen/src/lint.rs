//! Checks a contract against what the generator takes, and against what its readers need.
//!
//! The first pass (`shape`) holds every object against its table. The modules after it each
//! check one concern over a resolved view (`context`), and skip what the first pass refused: one
//! cause, one finding.

mod bodies;
mod context;
mod enums;
mod extensions;
mod keywords;
mod limits;
mod names;
mod object_specs;
mod operations;
mod parameters;
mod paths;
mod pattern;
mod references;
mod responses;
mod root;
mod schemas;
mod security;
mod servers;
mod structure;
mod style;
mod suggest;
mod values;

use openapi_document::{Diagnostic, Document, Report, Rule, Span};

pub use crate::rules::rules;
use context::Context;

/// Checks a contract and reports all that is found, at once.
#[must_use]
pub fn lint(document: &Document) -> Report {
    let mut out =
        Diagnostics { document, found: Vec::new(), remaining_comparisons: MAX_COMPARISONS };
    let structure = structure::check(document, &mut out);
    let cx = Context::new(document, structure);
    for check in [
        root::check,
        references::check,
        extensions::check,
        paths::check,
        operations::check,
        parameters::check,
        bodies::check,
        responses::check,
        names::check,
        schemas::check,
        keywords::check,
        enums::check,
        values::check,
        security::check,
        servers::check,
        style::check,
    ] {
        check(&cx, &mut out);
    }
    out.found.into_iter().collect()
}

/// How many names are compared to find suggestions. Every contract whose faults somebody reads
/// one by one stays below; a lint of the others ends all the same.
const MAX_COMPARISONS: usize = 200_000;

/// What was found so far.
struct Diagnostics<'d> {
    document: &'d Document,
    found: Vec<Diagnostic>,
    /// How many names may still be compared.
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
        self.found.push(self.document.diagnostic(rule, at, message, help));
    }

    /// The candidate that was most likely meant by a word that is none of them.
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

    /// The line of a second place that a message speaks of.
    fn line_of(&self, span: Span) -> usize {
        self.document.position(span).line
    }
}
