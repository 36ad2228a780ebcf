//! Memory that many clients share: what is large takes a part of it, and waits until there is room.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many KiB there are.
const BUDGET_KIB: u32 = 64 * 1024;

/// What has up to this size, in bytes, takes no part.
pub(crate) const SMALL_BYTES: usize = 64 * 1024;

/// 64 MiB of memory; clones share it.
#[derive(Clone, Debug)]
pub(crate) struct MemoryBudget(Arc<Semaphore>);

/// A part of the budget, which is returned when the last clone is dropped. Of what is small, none.
#[derive(Clone, Debug, Default)]
pub(crate) struct MemoryPart {
    _permit: Option<Arc<OwnedSemaphorePermit>>,
}

impl Default for MemoryBudget {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(BUDGET_KIB as usize)))
    }
}

impl MemoryBudget {
    /// Takes the part for that many bytes, once there is room. What is larger than the budget takes
    /// all of it.
    pub(crate) async fn take(&self, bytes: usize) -> MemoryPart {
        if bytes <= SMALL_BYTES {
            return MemoryPart::default();
        }
        let kib = u32::try_from(bytes / 1024).unwrap_or(u32::MAX).min(BUDGET_KIB);
        // It is never closed.
        let permit = Arc::clone(&self.0).acquire_many_owned(kib).await;
        MemoryPart { _permit: permit.ok().map(Arc::new) }
    }
}
