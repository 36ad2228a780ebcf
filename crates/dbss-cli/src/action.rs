//! What a command of its own (`dbss instance`, `dbss policy`) does, and to what.

/// A verb and the ids that it applies to.
#[derive(Clone)]
pub(crate) struct Action {
    pub(crate) verb: Verb,
    pub(crate) ids: Vec<String>,
    /// The name that the only id was found by.
    pub(crate) name: Option<String>,
}

/// What is done to each id.
#[derive(Clone, Copy)]
pub(crate) enum Verb {
    Start,
    Stop,
    Reboot,
    Enable,
    Disable,
}

impl Verb {
    /// Whether it is done to an instance.
    pub(crate) fn is_of_instance(self) -> bool {
        matches!(self, Self::Start | Self::Stop | Self::Reboot)
    }
}
