//! The compatibility rule: the level of a change follows from what it does to the set of accepted
//! values and from the direction in which the values travel.
//!
//! The caller writes a request and the service reads it; a response is written by the service and
//! read by the caller. A reader has to accept everything that the writer may write. So a request
//! breaks when the set of accepted values loses members, and a response breaks when the set gains
//! members.

use std::fmt;

use serde::Serialize;

/// The direction in which a value travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// From the caller to the service.
    Request,
    /// From the service to the caller.
    Response,
}

impl Direction {
    /// The opposite direction.
    #[must_use]
    pub fn opposite(self) -> Self {
        match self {
            Self::Request => Self::Response,
            Self::Response => Self::Request,
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Request => "request",
            Self::Response => "response",
        })
    }
}

/// The effect of a change on a set of accepted values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SetEffect {
    /// The base document accepts a value that the head document refuses.
    pub narrows: bool,
    /// The head document accepts a value that the base document refuses.
    pub widens: bool,
}

impl SetEffect {
    /// The sets are equal.
    pub const NEITHER: Self = Self { narrows: false, widens: false };
    /// Values are lost.
    pub const NARROWS: Self = Self { narrows: true, widens: false };
    /// Values are gained.
    pub const WIDENS: Self = Self { narrows: false, widens: true };
    /// Values are lost and others gained.
    pub const BOTH: Self = Self { narrows: true, widens: true };

    /// The effect with lost and gained values exchanged, if `reverse` is set. A `not` around a
    /// schema exchanges them, and so does comparing in the other order.
    #[must_use]
    pub fn reversed_if(self, reverse: bool) -> Self {
        if reverse { Self { narrows: self.widens, widens: self.narrows } } else { self }
    }

    /// The part of the effect that both this and `mask` have.
    #[must_use]
    pub(crate) fn masked(self, mask: Self) -> Self {
        Self { narrows: self.narrows && mask.narrows, widens: self.widens && mask.widens }
    }

    /// The effect of two changes together.
    #[must_use]
    pub(crate) fn or(self, other: Self) -> Self {
        Self { narrows: self.narrows || other.narrows, widens: self.widens || other.widens }
    }

    /// Whether a change with this effect is breaking for values that travel in `direction`.
    #[must_use]
    pub fn breaks(self, direction: Direction) -> bool {
        match direction {
            Direction::Request => self.narrows,
            Direction::Response => self.widens,
        }
    }
}

/// How severe a finding is. The order is that of a report, the most severe first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Level {
    /// A caller or a service that relies on the base document breaks.
    Breaking,
    /// Probably breaking, but no witness was found.
    Suspected,
    /// No message is refused, but a caller or a service may notice the change.
    Warning,
    /// Needs no action.
    Info,
}

impl Level {
    /// The name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Suspected => "suspected",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }

    /// Whether the finding counts as a break. A suspected one does; if it is known to be harmless, it
    /// can be approved.
    #[must_use]
    pub fn is_break(self) -> bool {
        matches!(self, Self::Breaking | Self::Suspected)
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The compatibility rule: the level of a change of values that travel in `direction`.
#[must_use]
pub fn compatibility_level(effect: SetEffect, direction: Direction) -> Level {
    if effect.breaks(direction) { Level::Breaking } else { Level::Info }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_requests_that_lose_values_and_responses_that_gain_values() {
        for (effect, request, response) in [
            (SetEffect::NEITHER, Level::Info, Level::Info),
            (SetEffect::NARROWS, Level::Breaking, Level::Info),
            (SetEffect::WIDENS, Level::Info, Level::Breaking),
            (SetEffect::BOTH, Level::Breaking, Level::Breaking),
        ] {
            assert_eq!(compatibility_level(effect, Direction::Request), request);
            assert_eq!(compatibility_level(effect, Direction::Response), response);
            // A `not` exchanges accepted and refused values.
            let reversed = effect.reversed_if(true);
            assert_eq!(compatibility_level(reversed, Direction::Request), response);
        }
    }
}
