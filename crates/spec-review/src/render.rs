//! Renders reports: for terminals, pull requests, programs and GitHub's annotations. All sentences
//! are made here; no other module reads them.

#![expect(
    clippy::format_push_string,
    reason = "reports are small, and `write!` would have results to drop everywhere"
)]

mod annotations;
mod approve;
mod headline;
mod items;
mod json;
mod labels;
mod markdown;
mod markdown_escape;
mod message;
mod places;
mod pointer_label;
mod proof;
mod reason;
mod sections;
mod terminal;

pub use annotations::annotations;
pub use json::{JSON_SCHEMA, json};
pub use markdown::{MARKDOWN_LIMIT, markdown};
pub use message::message;
pub use reason::{advice, reason};
pub use terminal::{Colour, text};
