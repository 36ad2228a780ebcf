//! Integration tests: reports on pairs of documents.

mod additions;
mod cases;
mod codegen;
#[cfg(feature = "cli")]
mod command;
mod fingerprints;
mod patch;
mod proofs;
mod properties;
mod recursion;
mod report;
mod reported;
mod rules;
mod schema_changes;
mod slow;
mod stress;
