//! Renders reports: for terminals, pull requests, programs and GitHub's annotations. All sentences
//! are made here; no other module reads them.

mod annotations;
mod json;
mod labels;
mod markdown;
mod markdown_escape;
mod message;
mod pointer_label;
mod reason;
mod terminal;

pub use annotations::annotations;
pub use json::{JSON_SCHEMA, json};
pub use markdown::{MARKDOWN_LIMIT, markdown};
pub use message::message;
pub use reason::{advice, reason};
pub use terminal::{Colour, text};
