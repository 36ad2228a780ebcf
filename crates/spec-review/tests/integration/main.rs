//! Integration tests: reports on pairs of documents.

mod additions;
mod cases;
mod codegen;
mod fingerprints;
mod patch;
mod properties;
mod recursion;
mod report;
mod reported;
mod rules;
mod schema_changes;
mod slow;
