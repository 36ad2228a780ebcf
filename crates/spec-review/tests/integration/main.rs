//! What this crate says of pairs of documents, as its users meet it.

mod cases;
mod codegen;
mod fingerprints;
mod patch;
mod properties;
mod report;
mod rules;
mod schema_changes;
mod slow;
