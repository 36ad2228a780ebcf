//! A server that misbehaves on purpose, one [`Step`] for each request.
//!
//! It speaks HTTP/1.1 by hand on a plain socket, so that it can do what no
//! framework would: stop in the middle of a status line, announce more than it
//! sends, or reset the connection. It keeps every request that it read.

mod reply;
mod request;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

pub use self::reply::Reply;
pub use self::request::Request;

/// How long a test waits for what must happen before it gives up.
const GUARD: Duration = Duration::from_secs(20);

/// Time between two bytes of [`Step::Drip`].
const DRIP: Duration = Duration::from_millis(5);

/// What the server does with one request.
#[derive(Clone, Debug)]
pub enum Step {
    /// Answers.
    Answer(Reply),
    /// Closes the connection as soon as it is there, before a request can come.
    CloseOnAccept,
    /// Closes the connection when a request arrives, and reads none of it.
    CloseUnread,
    /// Reads the request, then closes the connection in good order.
    ReadThenClose,
    /// Reads the request, then resets the connection.
    ReadThenReset,
    /// Closes after half of the answer's head.
    CutHead(Reply),
    /// Closes after half of the answer's body.
    CutBody(Reply),
    /// Resets the connection after half of the answer's body.
    ResetInBody(Reply),
    /// Sends the head and half of the body, and then nothing.
    StallInBody(Reply),
    /// Reads the request and never answers.
    Stall,
    /// Sends the answer byte by byte.
    Slow(Reply),
    /// Sends the head, and then single bytes of a body without end.
    Drip(Reply),
    /// Reads the request, sends these bytes, whatever they are, and closes.
    Raw(Vec<u8>),
    /// Sends these bytes at the first byte that arrives, whatever it is, and closes.
    Blurt(Vec<u8>),
}

type Script = Box<dyn Fn(usize, Option<&Request>) -> Step + Send + Sync>;

/// The server; it stops when it is dropped.
pub struct FaultServer {
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
    /// The number of requests read, and of stalled ones that the client gave up.
    progress: watch::Sender<(usize, usize)>,
    /// Whether requests are kept whole, or only counted.
    keep: bool,
}

impl std::fmt::Debug for FaultServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FaultServer").field("address", &self.address).finish_non_exhaustive()
    }
}

impl FaultServer {
    /// Takes these steps in turn, and the last one for every request after them.
    pub async fn sequence(steps: impl IntoIterator<Item = Step>) -> io::Result<Self> {
        let steps: Vec<Step> = steps.into_iter().collect();
        let script = move |index: usize, _: Option<&Request>| {
            steps.get(index).or(steps.last()).cloned().unwrap_or(Step::CloseUnread)
        };
        Self::start(Box::new(script), true).await
    }

    /// Does the same with every request.
    pub async fn always(step: Step) -> io::Result<Self> {
        Self::sequence([step]).await
    }

    /// Asks for the step of each request, and keeps none of them: for many.
    pub async fn scripted(
        script: impl Fn(&Request) -> Step + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let script = move |_: usize, request: Option<&Request>| match request {
            Some(request) => script(request),
            None => Step::Stall,
        };
        Self::start(Box::new(script), false).await
    }

    async fn start(script: Script, keep: bool) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let state = Arc::new(State {
            script,
            steps: AtomicUsize::new(0),
            connections: AtomicUsize::new(0),
            requests: Mutex::default(),
            progress: watch::channel((0, 0)).0,
            keep,
        });
        let task = tokio::spawn(accept(listener, Arc::clone(&state)));
        Ok(Self { address, state, task })
    }

    /// The server's address, as a client takes it.
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
    pub async fn read(&self, count: usize) -> bool {
        self.until(|(read, _)| *read >= count).await
    }

    /// Waits until the client gave up that many stalled requests; false if it
    /// does not.
    pub async fn given_up(&self, count: usize) -> bool {
        self.until(|(_, given_up)| *given_up >= count).await
    }

    async fn until(&self, done: impl Fn(&(usize, usize)) -> bool) -> bool {
        let mut progress = self.state.progress.subscribe();
        tokio::time::timeout(GUARD, progress.wait_for(|seen| done(seen))).await.is_ok()
    }
}

impl Drop for FaultServer {
    fn drop(&mut self) {
        // The connections are the task's, and end with it.
        self.task.abort();
    }
}

/// A port of the loopback interface that is taken, and where nobody listens.
#[derive(Debug)]
pub struct Deserted(TcpSocket);

impl Deserted {
    /// Takes a free port.
    pub fn take() -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind((Ipv4Addr::LOCALHOST, 0).into())?;
        Ok(Self(socket))
    }

    /// The address, as a client takes it.
    pub fn endpoint(&self) -> io::Result<String> {
        Ok(format!("http://{}", self.0.local_addr()?))
    }
}

impl State {
    /// The step for the next request.
    fn next(&self, request: Option<&Request>) -> Step {
        (self.script)(self.steps.fetch_add(1, Ordering::SeqCst), request)
    }

    /// The step that comes next, without taking it.
    fn upcoming(&self) -> Step {
        (self.script)(self.steps.load(Ordering::SeqCst), None)
    }

    fn note(&self, request: Request) {
        if self.keep {
            self.requests.lock().unwrap_or_else(PoisonError::into_inner).push(request);
        }
        self.progress.send_modify(|(read, _)| *read += 1);
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
        if matches!(state.upcoming(), Step::CloseOnAccept) {
            state.next(None);
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
        match state.upcoming() {
            Step::CloseUnread => {
                state.next(None);
                return Ok(());
            }
            step @ Step::Blurt(_) => {
                state.next(None);
                act(&mut stream, step, state).await?;
                return Ok(());
            }
            _ => {}
        }
        let Some(request) = request::read(&mut stream).await? else { return Ok(()) };
        let step = state.next(Some(&request));
        state.note(request);
        if !act(&mut stream, step, state).await? {
            return Ok(());
        }
    }
}

/// Takes the step, and says whether the connection stays.
async fn act(stream: &mut TcpStream, step: Step, state: &State) -> io::Result<bool> {
    match step {
        Step::CloseOnAccept | Step::CloseUnread | Step::ReadThenClose => {}
        Step::ReadThenReset => stream.set_zero_linger()?,
        Step::Answer(reply) => {
            stream.write_all(&reply.head()).await?;
            stream.write_all(&reply.framed_body()).await?;
            if reply.keeps_connection() {
                return Ok(true);
            }
            close(stream).await;
        }
        Step::CutHead(reply) => {
            let head = reply.head();
            stream.write_all(half(&head)).await?;
            close(stream).await;
        }
        Step::CutBody(reply) => {
            stream.write_all(&reply.head()).await?;
            stream.write_all(half(&reply.framed_body())).await?;
            close(stream).await;
        }
        Step::ResetInBody(reply) => {
            stream.write_all(&reply.head()).await?;
            stream.write_all(half(&reply.framed_body())).await?;
            stream.set_zero_linger()?;
        }
        Step::StallInBody(reply) => {
            stream.write_all(&reply.head()).await?;
            stream.write_all(half(&reply.framed_body())).await?;
            stall(stream, state).await;
        }
        Step::Stall => stall(stream, state).await,
        Step::Slow(reply) => {
            let bytes = [reply.head(), reply.framed_body()].concat();
            for byte in bytes {
                stream.write_all(&[byte]).await?;
                tokio::task::yield_now().await;
            }
            close(stream).await;
        }
        Step::Drip(reply) => {
            stream.write_all(&reply.head()).await?;
            let mut pace = tokio::time::interval(DRIP);
            loop {
                pace.tick().await;
                stream.write_all(b" ").await?;
            }
        }
        Step::Raw(bytes) | Step::Blurt(bytes) => {
            stream.write_all(&bytes).await?;
            close(stream).await;
        }
    }
    Ok(false)
}

/// Waits until the client closes its end.
async fn stall(stream: &TcpStream, state: &State) {
    while matches!(stream.peek(&mut [0]).await, Ok(1..)) {
        tokio::task::yield_now().await;
    }
    state.progress.send_modify(|(_, given_up)| *given_up += 1);
}

/// Ends what is sent, and lets the client read it: closing a socket at once can
/// take away what is still on its way.
async fn close(stream: &mut TcpStream) {
    let _ = stream.shutdown().await;
    let _ = tokio::time::timeout(GUARD, stream.peek(&mut [0])).await;
}

fn half(bytes: &[u8]) -> &[u8] {
    bytes.get(..bytes.len() / 2).unwrap_or_default()
}
