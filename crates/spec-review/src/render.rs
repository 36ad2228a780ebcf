//! Reports for terminals, pull requests, programs and GitHub's annotations.

mod annotations;
mod inline;
mod json;
mod markdown;
mod terminal;

pub use annotations::annotations;
pub use json::{JSON_SCHEMA, json};
pub use markdown::{MARKDOWN_LIMIT, markdown};
pub use terminal::{Colour, text};
