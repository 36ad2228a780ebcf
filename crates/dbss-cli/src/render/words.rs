//! What is done to an id, in words.

use crate::action::Verb;

/// The words for a verb.
pub(super) struct Words {
    /// The service accepted it.
    pub(super) begun: &'static str,
    /// It is done.
    pub(super) done: &'static str,
    /// It was done before.
    pub(super) already: &'static str,
    pub(super) not_done: &'static str,
}

pub(super) fn words(verb: Verb) -> Words {
    let of = |begun, done, already, not_done| Words { begun, done, already, not_done };
    match verb {
        Verb::Start => of("starting", "started", "already running", "not started"),
        Verb::Stop => of("stopping", "stopped", "already stopped", "not stopped"),
        Verb::Reboot => of("rebooting", "rebooted", "already rebooted", "not rebooted"),
        Verb::Enable => of("enabled", "enabled", "already enabled", "not enabled"),
        Verb::Disable => of("disabled", "disabled", "already disabled", "not disabled"),
    }
}
