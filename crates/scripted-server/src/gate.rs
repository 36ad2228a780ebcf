//! A gate with which a test delays a response.

use std::sync::Arc;

use tokio::sync::watch;

/// A gate that is closed until a test opens it. Clones are the same gate.
#[derive(Clone, Debug)]
pub struct Gate(Arc<watch::Sender<bool>>);

impl Default for Gate {
    fn default() -> Self {
        Self(Arc::new(watch::channel(false).0))
    }
}

impl Gate {
    /// Opens the gate for good.
    pub fn open(&self) {
        self.0.send_replace(true);
    }

    pub(crate) async fn opened(&self) {
        let _ = self.0.subscribe().wait_for(|open| *open).await;
    }
}
