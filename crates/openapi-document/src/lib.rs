#![doc = include_str!("../README.md")]

mod diagnostic;
mod document;
mod load;
mod node;
mod options;
pub mod pointer;
mod read;
pub mod rules;
mod source;

pub use diagnostic::{Diagnostic, Position, Report, Rule, Severity, escape, quote};
pub use document::Document;
pub use node::{Entry, Node, Span, Value};
pub use options::{Deviation, LoadOptions};
pub use read::read_text;
