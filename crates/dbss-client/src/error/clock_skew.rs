//! How far the clock of this machine and the service's are apart.

use std::fmt;
use std::time::{Duration, SystemTime};

use super::display::ApproximateDuration;

/// The difference that the gateway tolerates.
const TOLERATED: Duration = Duration::from_secs(15 * 60);

/// How far the clock of this machine and that of the service or of IAM are apart, if it is more
/// than is tolerated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClockSkew {
    difference: Duration,
    ahead: bool,
}

impl ClockSkew {
    /// The skew between the time here and the service's, if it is not tolerated.
    pub(super) fn between(here: SystemTime, service: SystemTime) -> Option<Self> {
        let (difference, ahead) = match here.duration_since(service) {
            Ok(difference) => (difference, true),
            Err(error) => (error.duration(), false),
        };
        (difference > TOLERATED).then_some(Self { difference, ahead })
    }

    /// The absolute difference.
    #[must_use]
    pub fn difference(&self) -> Duration {
        self.difference
    }

    /// Whether this machine's clock is ahead of the service's.
    #[must_use]
    pub fn is_ahead(&self) -> bool {
        self.ahead
    }
}

impl fmt::Display for ClockSkew {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let direction = if self.ahead { "ahead of" } else { "behind" };
        let difference = ApproximateDuration(self.difference);
        write!(f, "this machine's clock is {difference} {direction} the service's")
    }
}
