//! What a client may take up.

use std::time::Duration;

/// What a client may take up, so that none can keep the others out.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// Size of a body in bytes; 12 MB as at the real gateway. Beyond it: 413.
    pub body: usize,
    /// Size of all header lines together in bytes; 32 KiB. Beyond it: 494.
    pub headers: usize,
    /// Length of the request target in bytes; 8 KiB. Beyond it: 414.
    pub target: usize,
    /// Connections at a time; 256. Beyond it they wait to be accepted.
    pub connections: usize,
    /// Time until the head of a request has arrived, which is also how long a
    /// connection may idle; 30 seconds. Beyond it the connection is closed.
    pub head_time: Duration,
    /// Time until a body has arrived; 30 seconds. Beyond it: 408.
    pub body_time: Duration,
    /// Time that a client may leave an answer unread; 30 seconds. Beyond it the
    /// connection is closed.
    pub write_time: Duration,
    /// Time that an injected stall may last; 10 minutes. Beyond it the connection
    /// is closed.
    pub stall_time: Duration,
    /// Time that answers under way get when the emulator is shut down; 5 seconds.
    pub grace: Duration,
    /// How many requests are kept to be read; 1,000, the latest.
    pub recorded_requests: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 12 * 1024 * 1024,
            headers: 32 * 1024,
            target: 8 * 1024,
            connections: 256,
            head_time: Duration::from_secs(30),
            body_time: Duration::from_secs(30),
            write_time: Duration::from_secs(30),
            stall_time: Duration::from_secs(600),
            grace: Duration::from_secs(5),
            recorded_requests: 1_000,
        }
    }
}

/// Longer than anybody waits, and short enough to be added to any time.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

impl Limits {
    /// The same with times that can be reckoned with.
    pub(crate) fn bounded(mut self) -> Self {
        for time in [
            &mut self.head_time,
            &mut self.body_time,
            &mut self.write_time,
            &mut self.stall_time,
            &mut self.grace,
        ] {
            *time = (*time).min(LONGEST);
        }
        self
    }
}
