//! The open connections. If there are too many, the one that has been open longest without a
//! request under way is closed, so that idle connections cannot keep a client out.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::activity::Activity;

/// All open connections; clones refer to the same ones.
#[derive(Clone, Debug)]
pub(super) struct OpenConnections(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    limit: usize,
    connections: Mutex<Connections>,
    /// Notified when a connection ends or becomes idle.
    changed: Arc<Notify>,
}

/// The connections by a number that grows with each.
#[derive(Debug, Default)]
struct Connections {
    next: u64,
    by_number: BTreeMap<u64, Shared>,
    /// Those that have been told to close.
    closing: BTreeMap<u64, Shared>,
}

impl Connections {
    /// Whether there is room for one more, perhaps because idle ones close, the oldest first.
    fn make_room(&mut self, limit: usize) -> bool {
        while self.by_number.len() >= limit {
            if self.closing.len() >= limit || !self.close_one() {
                return false;
            }
        }
        true
    }

    /// Tells the oldest idle connection to close; `false` if there is none.
    fn close_one(&mut self) -> bool {
        let mut oldest_first = self.by_number.iter();
        let idle = oldest_first.find(|(_, connection)| connection.activity.is_idle());
        let Some(number) = idle.map(|(number, _)| *number) else { return false };
        if let Some(connection) = self.by_number.remove(&number) {
            connection.close.notify_one();
            self.closing.insert(number, connection);
        }
        true
    }
}

#[derive(Clone, Debug)]
struct Shared {
    activity: Arc<Activity>,
    close: Arc<Notify>,
}

impl OpenConnections {
    /// At most `limit` connections, but at least one.
    pub(super) fn new(limit: usize) -> Self {
        Self(Arc::new(Inner {
            limit: limit.max(1),
            connections: Mutex::default(),
            changed: Arc::default(),
        }))
    }

    /// Waits until there is room for one more connection, and closes an idle one for it. It does
    /// not wait until that one has ended, which takes turns of the scheduler: while many clients
    /// connect, the next ones would pile up. But no more than `limit` are left to end.
    pub(super) async fn make_room(&self) {
        loop {
            let mut changed = std::pin::pin!(self.0.changed.notified());
            changed.as_mut().enable();
            if self.lock().make_room(self.0.limit) {
                return;
            }
            changed.await;
        }
    }

    /// Closes an idle connection, and waits until any connection has changed.
    pub(super) async fn close_one(&self) {
        let mut changed = std::pin::pin!(self.0.changed.notified());
        changed.as_mut().enable();
        self.lock().close_one();
        changed.await;
    }

    /// Adds a connection, which is open until the returned value is dropped.
    pub(super) fn add(&self) -> OpenConnection {
        let shared =
            Shared { activity: Activity::new(Arc::clone(&self.0.changed)), close: Arc::default() };
        let mut connections = self.lock();
        let number = connections.next;
        connections.next += 1;
        connections.by_number.insert(number, shared.clone());
        drop(connections);
        OpenConnection { open: self.clone(), number, shared }
    }

    fn lock(&self) -> MutexGuard<'_, Connections> {
        self.0.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An open connection.
#[derive(Debug)]
pub(super) struct OpenConnection {
    open: OpenConnections,
    number: u64,
    shared: Shared,
}

impl OpenConnection {
    pub(super) fn activity(&self) -> &Arc<Activity> {
        &self.shared.activity
    }

    /// Completes when the connection is to be closed because others wait, and is idle.
    pub(super) async fn has_to_go(&self) {
        loop {
            self.shared.close.notified().await;
            if self.shared.activity.is_idle() {
                return;
            }
            // A request arrived in the meantime: another connection has to go.
            let mut connections = self.open.lock();
            if let Some(shared) = connections.closing.remove(&self.number) {
                connections.by_number.insert(self.number, shared);
            }
            drop(connections);
            self.open.0.changed.notify_waiters();
        }
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        let mut connections = self.open.lock();
        connections.by_number.remove(&self.number);
        connections.closing.remove(&self.number);
        drop(connections);
        self.open.0.changed.notify_waiters();
    }
}
