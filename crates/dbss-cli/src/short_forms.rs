//! The short forms: commands that are written by hand, each of which calls an operation.

pub(crate) mod instance;
mod lists;
pub(crate) mod policy;
