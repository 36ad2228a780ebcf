//! What this crate says of pairs of documents, as its users meet it.

mod additions;
mod cases;
mod codegen;
mod edits;
mod fingerprints;
mod patch;
mod properties;
mod recursion;
mod report;
mod slow;
mod table;
