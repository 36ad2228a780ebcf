//! Single flight: one piece of work at a time, whose result all callers share.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::runtime::Handle;
use tokio::sync::watch;

use crate::auth::CredentialsError;

type SharedResult<T> = Result<T, CredentialsError>;
type Receiver<T> = watch::Receiver<Option<SharedResult<T>>>;

/// The running work, if there is any.
///
/// It runs as a task of its own: the call that started it may be dropped, and the others
/// still get the result.
#[derive(Debug)]
pub(crate) struct SingleFlight<T>(Arc<Mutex<Option<Receiver<T>>>>);

impl<T> Default for SingleFlight<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T: Clone + Send + Sync + 'static> SingleFlight<T> {
    /// The known result, or that of the running work, or of `work`, which is then
    /// started. The work must make its result visible to `known` before it ends, so that
    /// it is not started again.
    pub(crate) async fn outcome<W>(
        &self,
        known: impl Fn() -> Option<SharedResult<T>>,
        work: impl Fn() -> W,
    ) -> SharedResult<T>
    where
        W: Future<Output = SharedResult<T>> + Send + 'static,
    {
        // The second iteration is for work whose runtime is gone.
        for _ in 0..2 {
            let mut waiting = {
                let mut running = lock(&self.0);
                if let Some(outcome) = known() {
                    return outcome;
                }
                match running.as_ref().filter(|waiting| waiting.has_changed().is_ok()) {
                    Some(waiting) => waiting.clone(),
                    None => running.insert(self.begin(work())?).clone(),
                }
            };
            if let Ok(outcome) = waiting.wait_for(Option::is_some).await
                && let Some(outcome) = outcome.as_ref()
            {
                return outcome.clone();
            }
        }
        Err(CredentialsError::new("the request to IAM was broken off").with_retryable(true))
    }

    fn begin<W>(&self, work: W) -> Result<Receiver<T>, CredentialsError>
    where
        W: Future<Output = SharedResult<T>> + Send + 'static,
    {
        let runtime = Handle::try_current().map_err(|source| {
            CredentialsError::new("a request to IAM needs a Tokio runtime").with_source(source)
        })?;
        let (done, waiting) = watch::channel(None);
        let running = Arc::clone(&self.0);
        runtime.spawn(async move {
            let outcome = work.await;
            *lock(&running) = None;
            done.send_replace(Some(outcome));
        });
        Ok(waiting)
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::task::Poll;

    use tokio::sync::Semaphore;

    use super::*;

    /// Work that waits until it is released, and counts how often it was started.
    #[derive(Default)]
    struct Bench {
        single_flight: SingleFlight<u32>,
        begun: AtomicU32,
        known: Mutex<Option<u32>>,
    }

    impl Bench {
        async fn ask(self: &Arc<Self>, gate: &Arc<Semaphore>) -> SharedResult<u32> {
            let known = || lock(&self.known).map(Ok);
            let work = || {
                let (bench, gate) = (Arc::clone(self), Arc::clone(gate));
                async move {
                    let number = bench.begun.fetch_add(1, Ordering::SeqCst) + 1;
                    gate.acquire().await.unwrap().forget();
                    *lock(&bench.known) = Some(number);
                    Ok(number)
                }
            };
            self.single_flight.outcome(known, work).await
        }
    }

    /// Polls a future until it waits, then drops it.
    async fn begin_and_cancel(future: impl Future) {
        let mut future = std::pin::pin!(future);
        std::future::poll_fn(|context| {
            assert!(future.as_mut().poll(context).is_pending());
            Poll::Ready(())
        })
        .await;
    }

    #[tokio::test]
    async fn shares_work_and_continues_when_first_caller_is_dropped() {
        let (bench, gate) = (Arc::new(Bench::default()), Arc::new(Semaphore::new(0)));
        begin_and_cancel(bench.ask(&gate)).await;
        let waiting: Vec<_> = (0..100)
            .map(|_| {
                let (bench, gate) = (Arc::clone(&bench), Arc::clone(&gate));
                tokio::spawn(async move { bench.ask(&gate).await.unwrap() })
            })
            .collect();
        gate.add_permits(1);
        for task in waiting {
            assert_eq!(task.await.unwrap(), 1);
        }
        assert_eq!(bench.ask(&gate).await.unwrap(), 1);
        *lock(&bench.known) = None;
        gate.add_permits(1);
        assert_eq!(bench.ask(&gate).await.unwrap(), 2);
    }

    #[test]
    fn restarts_work_when_its_runtime_is_gone() {
        let (bench, gate) = (Arc::new(Bench::default()), Arc::new(Semaphore::new(0)));
        let runtime = || tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime().block_on(begin_and_cancel(bench.ask(&gate)));
        gate.add_permits(1);
        // The first was dropped before it ran, or while it waited.
        assert!(runtime().block_on(bench.ask(&gate)).is_ok());
    }

    #[tokio::test]
    async fn returns_error_when_work_panics() {
        let single_flight = SingleFlight::<u32>::default();
        let work = || async { panic!("on purpose") };
        let error = single_flight.outcome(|| None, work).await.unwrap_err();
        assert_eq!(error.to_string(), "the request to IAM was broken off");
    }

    #[test]
    fn returns_error_without_a_runtime() {
        let bench = Arc::new(Bench::default());
        let gate = Arc::new(Semaphore::new(1));
        let mut future = std::pin::pin!(bench.ask(&gate));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        let Poll::Ready(Err(error)) = future.as_mut().poll(&mut context) else {
            panic!("it waits for nothing")
        };
        assert_eq!(error.to_string(), "a request to IAM needs a Tokio runtime");
    }
}
