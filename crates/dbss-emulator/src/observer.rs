//! The callback for responses. It runs on a thread of its own, behind a bounded queue: it may
//! block, for example because nobody reads a log, and no request waits for it.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use tokio::sync::Notify;

use crate::record::RecordedRequest;

/// How many requests the queue holds.
const QUEUE_LENGTH: usize = 1_024;

/// How many bytes the requests in the queue may have together.
const QUEUE_BYTES: usize = 4 * 1024 * 1024;

/// How long a shutdown waits for the queue to become empty.
const DRAIN_TIME: Duration = Duration::from_secs(1);

type OnResponse = dyn Fn(&RecordedRequest) + Send + Sync;
type OnUnobserved = dyn Fn(u64) + Send + Sync;

/// What the builder was given to call.
#[derive(Clone, Default)]
pub(crate) struct Callbacks {
    pub(crate) on_response: Option<Arc<OnResponse>>,
    pub(crate) on_unobserved: Option<Arc<OnUnobserved>>,
}

impl fmt::Debug for Callbacks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Callbacks(…)")
    }
}

/// The sending end of the queue. The thread ends once this is dropped.
#[derive(Debug)]
pub(crate) struct Observer {
    queue: SyncSender<RecordedRequest>,
    counts: Arc<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    queued: AtomicUsize,
    queued_bytes: AtomicUsize,
    /// Requests for which there was no room.
    unobserved: AtomicU64,
    /// Those of them that the callback has not been told of.
    untold: AtomicU64,
    /// Notified when the queue is empty.
    empty: Notify,
}

impl Observer {
    /// Starts the thread; none if there is nothing to call.
    pub(crate) fn start(callbacks: Callbacks) -> std::io::Result<Option<Self>> {
        if callbacks.on_response.is_none() {
            return Ok(None);
        }
        let counts = Arc::new(Counts::default());
        let (queue, receiver) = sync_channel(QUEUE_LENGTH);
        let shared = Arc::clone(&counts);
        std::thread::Builder::new()
            .name("dbss-emulator-observer".to_owned())
            .spawn(move || observe(&receiver, &callbacks, &shared))?;
        Ok(Some(Self { queue, counts }))
    }

    /// Queues a request, or counts it if there is no room.
    pub(crate) fn notify(&self, request: RecordedRequest) {
        let size = request.size();
        let counts = &self.counts;
        counts.queued.fetch_add(1, Ordering::Relaxed);
        let queued_bytes = counts.queued_bytes.fetch_add(size, Ordering::Relaxed);
        let fits = queued_bytes.saturating_add(size) <= QUEUE_BYTES;
        if !fits || self.queue.try_send(request).is_err() {
            counts.unobserved.fetch_add(1, Ordering::Relaxed);
            counts.untold.fetch_add(1, Ordering::Relaxed);
            counts.finish_one(size);
        }
    }

    /// How many requests the callback was not called for, because there was no room.
    pub(crate) fn unobserved(&self) -> u64 {
        self.counts.unobserved.load(Ordering::Relaxed)
    }

    /// Waits until the callback has been called for what is in the queue, but not long.
    pub(crate) async fn drain(&self) {
        let empty = async {
            loop {
                let notified = self.counts.empty.notified();
                if self.counts.queued.load(Ordering::Acquire) == 0 {
                    return;
                }
                notified.await;
            }
        };
        let _ = tokio::time::timeout(DRAIN_TIME, empty).await;
    }
}

impl Counts {
    /// Accounts for a request that is no longer queued.
    fn finish_one(&self, size: usize) {
        self.queued_bytes.fetch_sub(size, Ordering::Relaxed);
        if self.queued.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.empty.notify_waiters();
        }
    }
}

fn observe(queue: &Receiver<RecordedRequest>, callbacks: &Callbacks, counts: &Counts) {
    while let Ok(request) = queue.recv() {
        if let Some(on_response) = &callbacks.on_response {
            on_response(&request);
        }
        // Right after the first one for which there was room again.
        let untold = counts.untold.swap(0, Ordering::Relaxed);
        if let Some(on_unobserved) = callbacks.on_unobserved.as_ref().filter(|_| untold > 0) {
            on_unobserved(untold);
        }
        counts.finish_one(request.size());
    }
}
