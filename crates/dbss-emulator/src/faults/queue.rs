//! The faults of an emulator: which one hits a call.

use std::time::Duration;

use fastrand::Rng;
use http::{Method, StatusCode};

use super::{Fault, RetryAfter};

/// A call, as far as faults tell calls apart.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target<'a> {
    pub(crate) operation: Option<&'a str>,
    pub(crate) method: &'a Method,
    pub(crate) path: &'a str,
}

/// The faults that are waiting, in order, and the odds of others.
#[derive(Debug)]
pub(crate) struct Faults {
    waiting: Vec<Fault>,
    /// The share of calls that a fault of any kind hits.
    random: f64,
    dice: Rng,
}

impl Faults {
    pub(crate) fn new(waiting: Vec<Fault>, random: f64, dice: Rng) -> Self {
        Self { waiting, random, dice }
    }

    pub(crate) fn add(&mut self, fault: Fault) {
        self.waiting.push(fault);
    }

    pub(crate) fn all(&self) -> &[Fault] {
        &self.waiting
    }

    /// Takes the waiting faults away; random ones are a setting and stay.
    pub(crate) fn clear(&mut self) {
        self.waiting.clear();
    }

    /// The fault that hits this call, if one does.
    pub(crate) fn take(&mut self, target: Target<'_>) -> Option<Fault> {
        let dice = &mut self.dice;
        let hit = self.waiting.iter().position(|fault| {
            fault.fits(target) && (fault.probability >= 1.0 || dice.f64() < fault.probability)
        });
        if let Some(index) = hit {
            let fault = self.waiting.get_mut(index)?;
            let taken = fault.clone();
            if let Some(times) = &mut fault.times {
                *times = times.saturating_sub(1);
                if *times == 0 {
                    self.waiting.remove(index);
                }
            }
            return Some(taken);
        }
        (self.random > 0.0 && self.dice.f64() < self.random).then(|| any(&mut self.dice))
    }
}

impl Fault {
    fn fits(&self, target: Target<'_>) -> bool {
        self.times != Some(0)
            && self.operation.as_deref().is_none_or(|id| target.operation == Some(id))
            && self.method.as_ref().is_none_or(|method| method == target.method)
            && self.path.as_deref().is_none_or(|prefix| target.path.starts_with(prefix))
    }
}

/// A fault of any kind that a client can be expected to survive.
fn any(dice: &mut Rng) -> Fault {
    let after_effect = dice.bool();
    let fault = match dice.u8(0..10) {
        0 => Fault::documented(StatusCode::INTERNAL_SERVER_ERROR),
        1 => Fault::answer(StatusCode::SERVICE_UNAVAILABLE),
        2 => Fault::html(StatusCode::BAD_GATEWAY),
        3 => Fault::throttle(RetryAfter::Unsaid),
        4 => Fault::throttle(RetryAfter::Seconds(dice.u64(0..2))),
        5 => Fault::throttle(RetryAfter::DateIn(dice.u64(0..2))),
        6 => Fault::failed(),
        7 => Fault::reset(),
        8 => Fault::half_body(),
        _ => Fault::delay(Duration::from_millis(dice.u64(1..250))),
    };
    if after_effect { fault.after_effect() } else { fault }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STOP: Target<'_> =
        Target { operation: Some("Stop"), method: &Method::POST, path: "/v1/p/stop" };

    fn names(faults: &mut Faults, target: Target<'_>, calls: usize) -> Vec<&'static str> {
        (0..calls).map(|_| faults.take(target).map_or("-", |fault| fault.name())).collect()
    }

    #[test]
    fn faults_are_used_up_in_their_order() {
        let waiting = vec![
            Fault::reset().on("Switch"),
            Fault::stall().on("Stop").times(2),
            Fault::failed().method(Method::GET),
            Fault::html(StatusCode::BAD_GATEWAY).path("/v1/"),
            Fault::reset().path("/v2/"),
        ];
        let mut faults = Faults::new(waiting, 0.0, Rng::with_seed(1));
        assert_eq!(names(&mut faults, STOP, 5), ["stall", "stall", "html", "-", "-"]);
        assert_eq!(faults.all().len(), 3);
        faults.clear();
        assert_eq!(faults.all().len(), 0);
    }

    #[test]
    fn a_fault_may_stay() {
        let mut faults = Faults::new(vec![Fault::reset().forever()], 0.0, Rng::with_seed(1));
        assert_eq!(names(&mut faults, STOP, 3), ["reset", "reset", "reset"]);
    }

    #[test]
    fn randomness_is_that_of_the_seed() {
        let run = |seed| {
            let waiting = vec![Fault::stall().forever().with_probability(0.3)];
            names(&mut Faults::new(waiting, 0.3, Rng::with_seed(seed)), STOP, 200)
        };
        assert_eq!(run(7), run(7));
        assert_ne!(run(7), run(8));
        let stalls = run(7).iter().filter(|name| **name == "stall").count();
        let none = run(7).iter().filter(|name| **name == "-").count();
        assert!((30..90).contains(&stalls), "{stalls}");
        assert!((60..140).contains(&none), "{none}");
    }
}
