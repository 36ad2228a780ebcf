//! A retry that is about to be made, for people.

use std::time::Duration;

use dbss_client::text::{escaped, without_logins};
use dbss_client::{Peer, Retry};

use crate::colour::WARNING;

/// The attempt that failed, why, and the pause before the next.
pub(super) fn text(retry: &Retry) -> String {
    let failed = retry.failed();
    let peer = match retry.peer() {
        Peer::Service => String::new(),
        peer => format!(" at {peer}"),
    };
    let reason = failed.to_string();
    let reason = without_logins(&reason);
    format!(
        "{WARNING}retry:{WARNING:#} attempt {}{peer} failed: {}; next attempt {}\n",
        failed.number(),
        escaped(&reason),
        pause(retry.pause())
    )
}

fn pause(pause: Duration) -> String {
    match pause.as_millis() {
        0 => "at once".to_owned(),
        milliseconds @ 1..1_000 => format!("in {milliseconds} ms"),
        _ => format!("in {:.1} s", pause.as_secs_f64()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_pauses_in_a_unit_that_fits() {
        for (time, expected) in [
            (Duration::ZERO, "at once"),
            (Duration::from_micros(1_500), "in 1 ms"),
            (Duration::from_millis(999), "in 999 ms"),
            (Duration::from_secs(1), "in 1.0 s"),
            (Duration::from_millis(20_250), "in 20.2 s"),
        ] {
            assert_eq!(pause(time), expected);
        }
    }
}
