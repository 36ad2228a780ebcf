//! Waiting until what an operation started has ended.

mod error;
mod look;

use std::fmt;
use std::future::{Future, IntoFuture};
use std::marker::PhantomData;
use std::pin::Pin;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub use self::error::{WaitError, WaitErrorKind};
pub use self::look::{Condition, Look};
use self::look::{Watched, is_transient};
use crate::call::{Call, CallFuture, CallProgress, Inputs};
use crate::client::Client;
use crate::descriptor::{Completion, Operation};
use crate::error::{Error, ErrorKind};
use crate::input::Arguments;
use crate::response::Response;
use crate::retry::random_fraction;

/// A call that starts something, and the wait for its end; made by `and_wait()` of the call.
///
/// Awaiting it sends the call, and then looks at what the call acts on until that is done. A look
/// is a call of the operation that the contract names for it, without retries; where that is a
/// list, a look reads its pages until the item is found.
///
/// Time is that of the client's [`Clock`](crate::Clock). Dropping the wait, or the future of it,
/// stops it; what the call started goes on.
///
/// - A look that fails for a time (no connection, no response in time, throttled, any 5xx) does
///   not end the wait. A `Retry-After` postpones the next look; without one, the look after one
///   that was throttled follows after the longest interval.
/// - A state of which the contract says nothing does not end the wait: the service may have states
///   that the contract does not know, and what was started may not have begun. If the timeout
///   passes in such a state, the error says so.
/// - If the service refuses the call with a 4xx, the operation names a target state
///   (`x-dbss-idempotent`), and one look shows that state, then the wait succeeds, and
///   [`Waited::was_already`] is true.
/// - If the call ends in doubt ([`Error::may_have_taken_effect`]), the wait goes on all the
///   same; the error is kept in [`Waited::start_error`].
/// - For an operation that names no target state, such as a reboot, the wanted state may be the
///   one before the call. It counts once something was seen under way, or when it is seen a
///   second time; not if the call ended in doubt and nothing was seen under way.
/// - The item counts as vanished when two looks in a row do not find it: a list that changes
///   while it is read may miss it once. Where the response of the look is the item, a 404 of the
///   service says that it is not there.
#[must_use = "a wait does nothing until it is awaited"]
pub struct Waiting<T> {
    start: CallFuture<Value>,
    progress: CallProgress,
    start_observer: Option<StartObserver>,
    watch: Watch,
    item: PhantomData<fn() -> T>,
}

/// What a wait looks at, and how often.
struct Watch {
    watched: Watched,
    first_look: Duration,
    max_interval: Duration,
    timeout: Duration,
    observer: Option<Observer>,
}

type StartObserver = Box<dyn FnOnce(&Response<Value>) + Send>;
type Observer = Box<dyn Fn(&Look<'_>) + Send + Sync>;

/// By how much a pause grows with each look.
const GROWTH: f64 = 1.5;

/// The largest part of a pause that is added to it at random, so that waits that began together
/// do not stay together.
const JITTER: f64 = 0.2;

/// The shortest pause between two looks, in seconds, whatever is asked for.
const SHORTEST: f64 = 0.1;

impl<T> Waiting<T> {
    /// The call and the wait; generated code makes it for operations with a completion.
    #[allow(dead_code, reason = "a contract may have no completion")]
    pub(crate) fn of_call<I>(mut call: Call<I>, completion: &'static Completion) -> Self
    where
        I: Inputs<Value: Serialize>,
    {
        let (client, given) = (call.settings.client().clone(), call.given());
        let progress = call.settings.progress();
        let start = Box::pin(async move { call.send().await?.into_json() });
        Self::new(Watched { client, operation: I::OPERATION, completion, given }, start, progress)
    }

    fn new(watched: Watched, start: CallFuture<Value>, progress: CallProgress) -> Self {
        let watch = Watch {
            watched,
            first_look: Duration::from_secs(2),
            max_interval: Duration::from_secs(10),
            timeout: Duration::from_secs(600),
            observer: None,
        };
        Self { start, progress, start_observer: None, watch, item: PhantomData }
    }

    /// The progress of the call that starts it: a handle that can be read while the wait runs,
    /// and after its future was dropped.
    #[must_use]
    pub fn progress(&self) -> CallProgress {
        self.progress.clone()
    }

    /// A function that is called with the response of the call, before the first look; not if the
    /// call fails.
    pub fn on_start(mut self, observer: impl FnOnce(&Response<Value>) + Send + 'static) -> Self {
        self.start_observer = Some(Box::new(observer));
        self
    }

    /// The time from the response of the call to the first look, from which the intervals between
    /// looks grow by half each. Default: 2 seconds. Up to a fifth is added at random.
    pub fn first_look(mut self, pause: Duration) -> Self {
        self.watch.first_look = pause;
        self
    }

    /// The longest time between two looks, unless the service asks for more with a `Retry-After`.
    /// Default: 10 seconds. It is never less than a tenth of a second.
    pub fn max_interval(mut self, interval: Duration) -> Self {
        self.watch.max_interval = interval;
        self
    }

    /// How long to wait after the response of the call. Default: 10 minutes. The call itself has
    /// its own timeout. If this is less than the time to the first look, there is no look.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.watch.timeout = timeout;
        self
    }

    /// A function that is called after each look, with what was seen.
    pub fn on_look(mut self, observer: impl Fn(&Look<'_>) + Send + Sync + 'static) -> Self {
        self.watch.observer = Some(Box::new(observer));
        self
    }
}

impl Watch {
    /// The pause before the look after that many, with some of it chosen at random.
    fn pause(&self, looks: u32) -> Duration {
        let first = self.first_look.as_secs_f64();
        let pause = if looks == 0 {
            first
        } else {
            let exponent = i32::try_from(looks.min(64)).unwrap_or(64);
            let longest = self.max_interval.as_secs_f64() / (1.0 + JITTER);
            (first.max(SHORTEST) * GROWTH.powi(exponent)).min(longest).max(SHORTEST)
        };
        let random = 1.0 + JITTER * random_fraction();
        Duration::try_from_secs_f64(pause * random).unwrap_or(Duration::MAX)
    }

    fn elapsed(&self) -> Duration {
        self.watched.client.shared.clock.elapsed()
    }
}

impl<T: DeserializeOwned> Waiting<T> {
    async fn run(self) -> Result<Waited<T>, WaitError> {
        let Self { start, start_observer, watch, .. } = self;
        let started = start.await;
        if let (Some(observer), Ok(response)) = (start_observer, &started) {
            observer(response);
        }
        let mut wait = Wait {
            begun: watch.elapsed(),
            started,
            looks: 0,
            done: 0,
            missing: 0,
            was_under_way: false,
            last_seen: None,
            last_error: None,
            postponed: Duration::ZERO,
        };
        let is_refused = match &wait.started {
            Ok(_) => false,
            Err(error) if error.may_have_taken_effect() => false,
            Err(error) if watch.watched.operation.idempotent && is_refusal(error) => true,
            Err(_) => return Err(wait.fail(&watch, WaitErrorKind::Start)),
        };
        if is_refused {
            return match wait.look(&watch, watch.timeout).await {
                Ok(Condition::Done) => wait.succeed(&watch, true),
                _ => Err(wait.fail(&watch, WaitErrorKind::Start)),
            };
        }
        loop {
            let left = watch.timeout.saturating_sub(wait.elapsed(&watch));
            let pause = watch.pause(wait.looks).max(wait.postponed);
            watch.watched.client.shared.clock.sleep(pause.min(left)).await;
            let left = watch.timeout.saturating_sub(wait.elapsed(&watch));
            if left.is_zero() {
                return Err(wait.fail(&watch, WaitErrorKind::TimedOut));
            }
            match wait.look(&watch, left).await {
                Ok(Condition::Done) if wait.is_done(&watch) => return wait.succeed(&watch, false),
                Ok(Condition::Done) if wait.done > 1 => {
                    return Err(wait.fail(&watch, WaitErrorKind::Start));
                }
                Ok(Condition::Failed) => return Err(wait.fail(&watch, WaitErrorKind::Failed)),
                Ok(Condition::Missing) if wait.missing > 1 => {
                    return Err(wait.fail(&watch, WaitErrorKind::Vanished));
                }
                Ok(_) => {}
                Err(()) => return Err(wait.fail(&watch, WaitErrorKind::Look)),
            }
        }
    }
}

/// Whether the service refused the call because of its inputs or of the state of what it acts on.
fn is_refusal(error: &Error) -> bool {
    error.kind() == ErrorKind::Api
        && error.status().is_some_and(|status| (400..500).contains(&status))
        && !error.is_auth()
        && !error.is_throttled()
}

/// A wait whose call has ended.
struct Wait {
    begun: Duration,
    started: Result<Response<Value>, Error>,
    looks: u32,
    /// How many looks in a row showed the wanted state.
    done: u32,
    /// How many looks in a row did not find the item.
    missing: u32,
    was_under_way: bool,
    last_seen: Option<Value>,
    /// Why the last look failed, if it did.
    last_error: Option<Error>,
    /// The shortest time to the next look that the last one asks for.
    postponed: Duration,
}

impl Wait {
    fn elapsed(&self, watch: &Watch) -> Duration {
        watch.elapsed().saturating_sub(self.begun)
    }

    /// Looks once. An error that does not pass is in `last_error`.
    async fn look(&mut self, watch: &Watch, left: Duration) -> Result<Condition, ()> {
        let watched = &watch.watched;
        let seen = watched.look(left).await;
        self.looks = self.looks.saturating_add(1);
        let condition = match &seen {
            Ok(Some(item)) => watched.condition(item),
            Ok(None) => Condition::Missing,
            Err(_) => Condition::Unknown,
        };
        self.was_under_way |= condition == Condition::UnderWay;
        // A look that failed says nothing about those around it.
        if condition != Condition::Unknown {
            self.done = if condition == Condition::Done { self.done + 1 } else { 0 };
            self.missing = if condition == Condition::Missing { self.missing + 1 } else { 0 };
        }
        let (item, error) = match seen {
            Ok(item) => (item, None),
            Err(error) => (None, Some(error)),
        };
        if let Some(observer) = &watch.observer {
            let state = item.as_ref().map(|item| watched.state(item)).unwrap_or_default();
            let (number, elapsed) = (self.looks, self.elapsed(watch));
            let (item, error) = (item.as_ref(), error.as_ref());
            observer(&Look { number, elapsed, condition, state, item, error });
        }
        self.postponed = error.as_ref().map_or(Duration::ZERO, |error| {
            let throttled = error.is_throttled().then_some(watch.max_interval);
            error.retry_after().or(throttled).unwrap_or_default()
        });
        let is_over = error.as_ref().is_some_and(|error| !is_transient(error));
        self.last_error = error;
        if item.is_some() {
            self.last_seen = item;
        }
        if is_over { Err(()) } else { Ok(condition) }
    }

    /// Whether the wanted state that was seen is due to the call.
    fn is_done(&self, watch: &Watch) -> bool {
        let seen_twice = self.done > 1 && self.started.is_ok();
        watch.watched.operation.idempotent || self.was_under_way || seen_twice
    }

    fn succeed<T: DeserializeOwned>(
        mut self,
        watch: &Watch,
        was_already: bool,
    ) -> Result<Waited<T>, WaitError> {
        let elapsed = self.elapsed(watch);
        let item = self.last_seen.clone().unwrap_or_default();
        match serde_json::from_value(item) {
            Ok(item) => {
                let Self { started, looks, .. } = self;
                Ok(Waited { item, started, was_already, looks, elapsed })
            }
            Err(error) => {
                let look = watch.watched.completion.operation.id;
                self.last_error = Some(Error::undecodable(look, error));
                Err(self.fail(watch, WaitErrorKind::Look))
            }
        }
    }

    fn fail(self, watch: &Watch, kind: WaitErrorKind) -> WaitError {
        let watched = &watch.watched;
        let state = self.last_seen.as_ref().map(|item| watched.state(item)).unwrap_or_default();
        let condition = self.last_seen.as_ref().map(|item| watched.condition(item));
        let elapsed = self.elapsed(watch);
        let Self { started, last_seen, last_error, looks, .. } = self;
        WaitError::new(error::Inner {
            kind,
            operation: watched.operation.id,
            is_in_list: watched.completion.item.is_some(),
            started: started.err(),
            looked: last_error,
            last_seen,
            condition,
            state,
            looks,
            elapsed,
        })
    }
}

impl<T: DeserializeOwned + 'static> IntoFuture for Waiting<T> {
    type Output = Result<Waited<T>, WaitError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl<T> fmt::Debug for Waiting<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiting")
            .field("operation", &self.watch.watched.operation.id)
            .field("first_look", &self.watch.first_look)
            .field("max_interval", &self.watch.max_interval)
            .field("timeout", &self.watch.timeout)
            .finish_non_exhaustive()
    }
}

/// What a wait ended with: the item in the wanted state.
#[derive(Debug)]
pub struct Waited<T> {
    item: T,
    started: Result<Response<Value>, Error>,
    was_already: bool,
    looks: u32,
    elapsed: Duration,
}

impl<T> Waited<T> {
    /// The item as it was last seen.
    pub fn item(&self) -> &T {
        &self.item
    }

    /// The item, by value.
    pub fn into_item(self) -> T {
        self.item
    }

    /// Whether the call was refused and the item was in the wanted state already.
    pub fn was_already(&self) -> bool {
        self.was_already
    }

    /// How many looks there were.
    pub fn looks(&self) -> u32 {
        self.looks
    }

    /// The time from the response of the call to the end of the last look.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// The response of the call that started it; `None` if that failed.
    pub fn response(&self) -> Option<&Response<Value>> {
        self.started.as_ref().ok()
    }

    /// The error of the call, if it was refused because of the state of the item, or ended in
    /// doubt.
    pub fn start_error(&self) -> Option<&Error> {
        self.started.as_ref().err()
    }
}

impl Operation {
    /// Calls the operation as [`invoke`](Self::invoke) does, and waits until what it starts has
    /// ended, for programs that learn only at run time which operation to call; `None` if the
    /// contract does not say how its end is seen.
    #[must_use]
    pub fn invoke_and_wait(
        &'static self,
        client: &Client,
        arguments: Arguments,
    ) -> Option<Waiting<Value>> {
        let completion = self.completion?;
        let given = completion
            .inputs()
            .filter_map(|name| Some((name.to_owned(), arguments.given(name)?)))
            .collect();
        let start = self.invoke(client, arguments);
        let progress = start.progress();
        let watched = Watched { client: client.clone(), operation: self, completion, given };
        Some(Waiting::new(watched, Box::pin(start), progress))
    }
}
