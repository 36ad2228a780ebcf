//! Signals that end the command, whatever else it does: a task and a thread of their own watch
//! for them and for the time limit.

use std::io;
use std::process::exit;
use std::time::Duration;

use tokio::sync::watch;

/// How long the command may still run after the first signal. Responses under way, their log
/// and the end of the process have to fit into 5 s together.
const TIME_LIMIT: Duration = Duration::from_millis(4_500);

/// Ctrl-C, and SIGTERM where there is one.
pub(super) struct Signals(watch::Receiver<bool>);

impl Signals {
    /// Watches from now on. After a second signal, or at the time limit, the process exits with
    /// code 0, even if everything else is blocked.
    pub(super) fn new() -> io::Result<Self> {
        let mut source = Source::new()?;
        let (sender, receiver) = watch::channel(false);
        tokio::spawn(async move {
            source.next().await;
            // If there is no thread left, the wait for responses is limited still.
            let _ = std::thread::Builder::new().spawn(|| {
                std::thread::sleep(TIME_LIMIT);
                exit(0)
            });
            sender.send_replace(true);
            source.next().await;
            exit(0)
        });
        Ok(Self(receiver))
    }

    /// Completes after the first signal.
    pub(super) async fn first(&mut self) {
        let _ = self.0.wait_for(|received| *received).await;
    }
}

#[cfg(unix)]
struct Source {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Source {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};

        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Completes with the next signal.
    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(windows)]
struct Source(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Source {
    fn new() -> io::Result<Self> {
        tokio::signal::windows::ctrl_c().map(Self)
    }

    /// Completes with the next signal.
    async fn next(&mut self) {
        self.0.recv().await;
    }
}
