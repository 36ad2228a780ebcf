//! What a command of its own (`dbss instance`, `dbss policy`) does, and to what.

/// A verb and the ids that it applies to.
#[derive(Clone)]
pub(crate) struct Action {
    pub(crate) verb: Verb,
    pub(crate) ids: Vec<String>,
}

/// What is done to each id.
#[derive(Clone, Copy)]
pub(crate) enum Verb {
    Stop,
    Enable,
    Disable,
}
