//! What a call does, and to what.

/// What a call does to each of some ids.
#[derive(Clone)]
pub(crate) struct Effect {
    pub(crate) action: Action,
    pub(crate) ids: Vec<String>,
}

/// What is done to an id.
#[derive(Clone, Copy)]
pub(crate) enum Action {
    Stop,
    Enable,
    Disable,
}
