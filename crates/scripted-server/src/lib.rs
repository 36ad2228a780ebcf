//! An HTTP server for tests that does what its script says, one [`Step`] for each
//! request: it responds, or fails in a way that the test needs.
//!
//! It speaks HTTP/1.1 by hand on a plain socket, so that it can do what no
//! framework would: stop in the middle of a status line, announce more than it
//! sends, or reset the connection. It keeps every request that it read.

mod canned_response;
mod closed_port;
mod gate;
mod request;
mod step;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

pub use self::canned_response::CannedResponse;
pub use self::closed_port::ClosedPort;
pub use self::gate::Gate;
pub use self::request::Request;
pub use self::step::Step;

/// How long a test waits for an event before it fails.
const WAIT_LIMIT: Duration = Duration::from_secs(20);

enum Script {
    /// These steps in turn, and the last one for every request after them.
    Sequence(Vec<Step>),
    /// A function that chooses the step of each request.
    Function(Mutex<Box<Function>>),
}

type Function = dyn FnMut(&Request) -> Step + Send;

/// The server; it stops when it is dropped.
pub struct ScriptedServer {
    address: SocketAddr,
    state: Arc<State>,
    task: tokio::task::JoinHandle<()>,
}

struct State {
    script: Script,
    /// Steps taken so far.
    steps: AtomicUsize,
    connections: AtomicUsize,
    requests: Mutex<Vec<Request>>,
    /// The number of requests read, and of stalled ones that the client abandoned.
    progress: watch::Sender<(usize, usize)>,
}

impl std::fmt::Debug for ScriptedServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ScriptedServer").field("address", &self.address).finish_non_exhaustive()
    }
}

impl ScriptedServer {
    /// Takes these steps in turn, and the last one for every request after them.
    ///
    /// # Errors
    ///
    /// If the server cannot listen.
    pub async fn sequence(steps: impl IntoIterator<Item = Step>) -> io::Result<Self> {
        Self::start(Script::Sequence(steps.into_iter().collect())).await
    }

    /// Does the same with every request.
    ///
    /// # Errors
    ///
    /// If the server cannot listen.
    pub async fn always(step: Step) -> io::Result<Self> {
        Self::sequence([step]).await
    }

    /// Asks the script for the step of each request.
    ///
    /// # Errors
    ///
    /// If the server cannot listen.
    pub async fn with_script(
        script: impl FnMut(&Request) -> Step + Send + 'static,
    ) -> io::Result<Self> {
        Self::start(Script::Function(Mutex::new(Box::new(script)))).await
    }

    async fn start(script: Script) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let state = Arc::new(State {
            script,
            steps: AtomicUsize::new(0),
            connections: AtomicUsize::new(0),
            requests: Mutex::default(),
            progress: watch::channel((0, 0)).0,
        });
        let task = tokio::spawn(accept(listener, Arc::clone(&state)));
        Ok(Self { address, state, task })
    }

    /// The server's address as a URL.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The same with `https`, which the server does not speak.
    #[must_use]
    pub fn tls_endpoint(&self) -> String {
        format!("https://{}", self.address)
    }

    /// Every request that was read, in order.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.state.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many requests were read.
    #[must_use]
    pub fn request_count(&self) -> usize {
        self.state.progress.borrow().0
    }

    /// How many requests arrived, read or not.
    #[must_use]
    pub fn arrivals(&self) -> usize {
        self.state.steps.load(Ordering::SeqCst)
    }

    /// How many connections were made.
    #[must_use]
    pub fn connection_count(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }

    /// Waits until that many requests were read; false if they do not come.
    pub async fn wait_for_requests(&self, count: usize) -> bool {
        self.wait_until(|(read, _)| *read >= count).await
    }

    /// Waits until the client abandoned that many stalled requests; false if it
    /// does not.
    pub async fn wait_for_abandoned(&self, count: usize) -> bool {
        self.wait_until(|(_, abandoned)| *abandoned >= count).await
    }

    async fn wait_until(&self, done: impl Fn(&(usize, usize)) -> bool) -> bool {
        let mut progress = self.state.progress.subscribe();
        tokio::time::timeout(WAIT_LIMIT, progress.wait_for(|counts| done(counts))).await.is_ok()
    }
}

impl Drop for ScriptedServer {
    fn drop(&mut self) {
        // The connections are the task's, and end with it.
        self.task.abort();
    }
}

impl Script {
    /// The step for the request of that number.
    fn step(&self, number: usize, request: &Request) -> Step {
        match self {
            Self::Sequence(_) => self.step_before_reading(number),
            Self::Function(script) => {
                script.lock().unwrap_or_else(PoisonError::into_inner)(request)
            }
        }
    }

    /// The same before the request is read; a function needs the request.
    fn step_before_reading(&self, number: usize) -> Step {
        match self {
            Self::Sequence(steps) => {
                steps.get(number).or(steps.last()).cloned().unwrap_or(Step::CloseUnread)
            }
            Self::Function(_) => Step::Stall,
        }
    }
}

impl State {
    /// Counts a request, and gives its number.
    fn take(&self) -> usize {
        self.steps.fetch_add(1, Ordering::SeqCst)
    }

    /// The step that comes next, without taking it.
    fn next_step(&self) -> Step {
        self.script.step_before_reading(self.steps.load(Ordering::SeqCst))
    }

    fn record(&self, request: Request) {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).push(request);
        self.progress.send_modify(|(read, _)| *read += 1);
    }

    /// Records that the client closed the connection of a stalled request.
    fn record_abandoned(&self) {
        self.progress.send_modify(|(_, abandoned)| *abandoned += 1);
    }
}

async fn accept(listener: TcpListener, state: Arc<State>) {
    let mut connections = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file descriptors, say: others may be free in a moment.
            tokio::task::yield_now().await;
            continue;
        };
        state.connections.fetch_add(1, Ordering::SeqCst);
        let _ = stream.set_nodelay(true);
        if matches!(state.next_step(), Step::CloseOnAccept) {
            state.take();
            continue;
        }
        let state = Arc::clone(&state);
        connections.spawn(async move {
            // A connection that breaks is what this server is for.
            let _ = serve(stream, &state).await;
        });
        while connections.try_join_next().is_some() {}
    }
}

/// The requests of one connection, one after the other.
async fn serve(mut stream: TcpStream, state: &State) -> io::Result<()> {
    loop {
        // Bytes are waited for, so that an idle connection takes no step.
        if stream.peek(&mut [0]).await? == 0 {
            return Ok(());
        }
        // A step that does not read is taken before the request is known.
        match state.next_step() {
            Step::CloseUnread => {
                state.take();
                return Ok(());
            }
            step @ Step::RespondUnread(_) => {
                state.take();
                step.perform(&mut stream, || {}).await?;
                return Ok(());
            }
            _ => {}
        }
        let Some(request) = request::read(&mut stream).await? else { return Ok(()) };
        let step = state.script.step(state.take(), &request);
        state.record(request);
        if !step.perform(&mut stream, || state.record_abandoned()).await? {
            return Ok(());
        }
    }
}
