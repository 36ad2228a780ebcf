//! The pending faults of an emulator, and which of them applies to a call.

use std::time::Duration;

use fastrand::Rng;
use http::{Method, StatusCode};

use super::{Fault, FaultKind, RetryAfter};

/// How many faults a client may have pending.
const MAX_PENDING: usize = 1_000;

/// How many bytes these may take together.
const MAX_PENDING_BYTES: usize = 8 * 1024 * 1024;

/// The properties of a call by which faults select it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FaultTarget<'a> {
    pub(crate) operation: Option<&'a str>,
    pub(crate) method: &'a Method,
    pub(crate) path: &'a str,
}

/// The pending faults, in order, and the share of random ones.
#[derive(Debug)]
pub(crate) struct FaultQueue {
    pending: Vec<Fault>,
    /// The share of calls that get a random fault.
    random: f64,
    rng: Rng,
}

impl FaultQueue {
    pub(crate) fn new(pending: Vec<Fault>, random: f64, rng: Rng) -> Self {
        Self { pending, random, rng }
    }

    pub(crate) fn add(&mut self, fault: Fault) {
        self.pending.push(fault);
    }

    /// The same for a client, which may add only so many and so large ones.
    pub(crate) fn add_within_limits(&mut self, fault: Fault) -> Result<(), &'static str> {
        let bytes = self.bytes() + fault.size();
        if self.pending.len() >= MAX_PENDING {
            return Err("there are 1,000 pending faults already");
        }
        if bytes > MAX_PENDING_BYTES {
            return Err("the pending faults would take more than 8 MiB");
        }
        self.add(fault);
        Ok(())
    }

    /// Roughly how many bytes the pending ones take.
    pub(crate) fn bytes(&self) -> usize {
        self.pending.iter().map(Fault::size).sum()
    }

    pub(crate) fn all(&self) -> &[Fault] {
        &self.pending
    }

    /// Removes the pending faults; the share of random ones stays.
    pub(crate) fn clear(&mut self) {
        self.pending.clear();
    }

    /// The fault to inject into this call, if any.
    pub(crate) fn take(&mut self, target: FaultTarget<'_>) -> Option<Fault> {
        let rng = &mut self.rng;
        let position = self.pending.iter().position(|fault| {
            fault.matches(target) && (fault.probability >= 1.0 || rng.f64() < fault.probability)
        });
        if let Some(index) = position {
            let fault = self.pending.get_mut(index)?;
            let taken = fault.clone();
            if let Some(times) = &mut fault.times {
                *times = times.saturating_sub(1);
                if *times == 0 {
                    self.pending.remove(index);
                }
            }
            return Some(taken);
        }
        (self.random > 0.0 && self.rng.f64() < self.random).then(|| random_fault(&mut self.rng))
    }
}

impl Fault {
    /// Roughly how many bytes it takes.
    fn size(&self) -> usize {
        let response = match &self.kind {
            FaultKind::Response { headers, body, .. } => {
                let headers = headers.iter().map(|(name, value)| name.as_str().len() + value.len());
                body.len() + headers.sum::<usize>()
            }
            _ => 0,
        };
        let selectors = [&self.operation, &self.path].into_iter().flatten().map(String::len);
        size_of::<Self>() + response + selectors.sum::<usize>()
    }

    fn matches(&self, target: FaultTarget<'_>) -> bool {
        self.times != Some(0)
            && self.operation.as_deref().is_none_or(|id| target.operation == Some(id))
            && self.method.as_ref().is_none_or(|method| method == target.method)
            && self.path.as_deref().is_none_or(|prefix| target.path.starts_with(prefix))
    }
}

/// A random fault. Stalls are left out: they would keep a client waiting for its whole
/// time limit.
fn random_fault(rng: &mut Rng) -> Fault {
    let after_effect = rng.bool();
    let fault = match rng.u8(0..10) {
        0 => Fault::documented(StatusCode::INTERNAL_SERVER_ERROR),
        1 => Fault::response(StatusCode::SERVICE_UNAVAILABLE),
        2 => Fault::html(StatusCode::BAD_GATEWAY),
        3 => Fault::throttle(RetryAfter::Absent),
        4 => Fault::throttle(RetryAfter::Seconds(rng.u64(0..2))),
        5 => Fault::throttle(RetryAfter::DateIn(rng.u64(0..2))),
        6 => Fault::failed(),
        7 => Fault::reset(),
        8 => Fault::half_body(),
        _ => Fault::delay(Duration::from_millis(rng.u64(1..250))),
    };
    if after_effect { fault.after_effect() } else { fault }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STOP: FaultTarget<'_> =
        FaultTarget { operation: Some("Stop"), method: &Method::POST, path: "/v1/p/stop" };

    fn names(faults: &mut FaultQueue, target: FaultTarget<'_>, calls: usize) -> Vec<&'static str> {
        (0..calls).map(|_| faults.take(target).map_or("-", |fault| fault.name())).collect()
    }

    #[test]
    fn takes_matching_faults_in_order() {
        let pending = vec![
            Fault::reset().on("Switch"),
            Fault::stall().on("Stop").times(2),
            Fault::failed().method(Method::GET),
            Fault::html(StatusCode::BAD_GATEWAY).path("/v1/"),
            Fault::reset().path("/v2/"),
        ];
        let mut faults = FaultQueue::new(pending, 0.0, Rng::with_seed(1));
        assert_eq!(names(&mut faults, STOP, 5), ["stall", "stall", "html", "-", "-"]);
        assert_eq!(faults.all().len(), 3);
        faults.clear();
        assert_eq!(faults.all().len(), 0);
    }

    #[test]
    fn keeps_a_fault_that_applies_forever() {
        let mut faults = FaultQueue::new(vec![Fault::reset().forever()], 0.0, Rng::with_seed(1));
        assert_eq!(names(&mut faults, STOP, 3), ["reset", "reset", "reset"]);
    }

    #[test]
    fn repeats_random_faults_for_the_same_seed() {
        let run = |seed| {
            let pending = vec![Fault::stall().forever().probability(0.3)];
            names(&mut FaultQueue::new(pending, 0.3, Rng::with_seed(seed)), STOP, 200)
        };
        assert_eq!(run(7), run(7));
        assert_ne!(run(7), run(8));
        let stalls = run(7).iter().filter(|name| **name == "stall").count();
        let none = run(7).iter().filter(|name| **name == "-").count();
        assert!((30..90).contains(&stalls), "{stalls}");
        assert!((60..140).contains(&none), "{none}");
    }
}
