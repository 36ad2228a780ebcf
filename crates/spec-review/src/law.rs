//! The one law: what an edit does to the set of accepted values, and in which direction those
//! values travel, decides whom it breaks.
//!
//! A request is written by the caller and read by the service, an answer the other way round.
//! Whoever reads must take everything that the other side may write, so a request breaks when the
//! set of accepted values loses members, and an answer breaks when it gains some.

use std::fmt;

use serde::Serialize;

/// Who writes the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// The caller writes, the service reads.
    Request,
    /// The service writes, the caller reads.
    Response,
}

impl Direction {
    /// The way back.
    #[must_use]
    pub fn other(self) -> Self {
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

/// What an edit does to a set of accepted values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Effect {
    /// The old document accepts something that the new one refuses.
    pub narrows: bool,
    /// The new document accepts something that the old one refused.
    pub widens: bool,
}

impl Effect {
    /// The sets are the same.
    pub const NEITHER: Self = Self { narrows: false, widens: false };
    /// Values are lost.
    pub const NARROWS: Self = Self { narrows: true, widens: false };
    /// Values are gained.
    pub const WIDENS: Self = Self { narrows: false, widens: true };
    /// Values are lost and others gained.
    pub const BOTH: Self = Self { narrows: true, widens: true };

    /// The same edit, seen through a `not`.
    #[must_use]
    pub fn flipped(self, flip: bool) -> Self {
        if flip { Self { narrows: self.widens, widens: self.narrows } } else { self }
    }

    /// What is left of the effect where only part of it can show.
    #[must_use]
    pub fn masked(self, mask: Self) -> Self {
        Self { narrows: self.narrows && mask.narrows, widens: self.widens && mask.widens }
    }

    /// The effect of both edits together.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self { narrows: self.narrows || other.narrows, widens: self.widens || other.widens }
    }

    /// Whether the edit breaks somebody when values travel this way.
    #[must_use]
    pub fn breaks(self, direction: Direction) -> bool {
        match direction {
            Direction::Request => self.narrows,
            Direction::Response => self.widens,
        }
    }
}

/// How much a finding matters; the order is the order of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Somebody who relied on the old document breaks.
    Breaking,
    /// Probably breaking, but no payload was found that proves it.
    Suspected,
    /// Nobody's messages are refused, but somebody may notice.
    Warning,
    /// A change that nobody has to act on.
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

    /// Whether the finding counts as a break. A suspicion does: who knows better approves it.
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

/// The law itself.
#[must_use]
pub fn level(effect: Effect, direction: Direction) -> Level {
    if effect.breaks(direction) { Level::Breaking } else { Level::Info }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readers_must_take_what_writers_may_write() {
        for (effect, request, response) in [
            (Effect::NEITHER, Level::Info, Level::Info),
            (Effect::NARROWS, Level::Breaking, Level::Info),
            (Effect::WIDENS, Level::Info, Level::Breaking),
            (Effect::BOTH, Level::Breaking, Level::Breaking),
        ] {
            assert_eq!(level(effect, Direction::Request), request);
            assert_eq!(level(effect, Direction::Response), response);
            // A `not` swaps what is accepted and what is refused.
            let flipped = effect.flipped(true);
            assert_eq!(level(flipped, Direction::Request), response);
        }
    }
}
