//! When spans are open. One test in a process of its own, since the subscriber is the
//! process's.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use dbss_client::{Client, ClientBuilder, Clock, Credentials, Sleep};
use dbss_tests::alone::is_alone;
use scripted_server::{CannedResponse, ScriptedServer, Step};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

const PROJECT: &str = "0123456789abcdef0123456789abcdef";

/// What happened, in order.
#[derive(Clone, Debug, Default)]
struct Log(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    /// The name of each span of this crate, by its id less one, and how many refer to it.
    spans: Vec<(&'static str, usize)>,
    /// The spans that were entered, innermost last.
    entered: Vec<u64>,
    lines: Vec<String>,
}

impl State {
    fn span(&mut self, id: &Id) -> &mut (&'static str, usize) {
        let index = usize::try_from(id.into_u64()).unwrap() - 1;
        self.spans.get_mut(index).unwrap()
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_span() && metadata.target().starts_with("dbss_client")
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let mut state = self.0.lock().unwrap();
        let name = attributes.metadata().name();
        state.spans.push((name, 1));
        state.lines.push(format!("{name} opens"));
        Id::from_u64(u64::try_from(state.spans.len()).unwrap())
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, _: &Event<'_>) {}

    fn enter(&self, span: &Id) {
        self.0.lock().unwrap().entered.push(span.into_u64());
    }

    fn exit(&self, span: &Id) {
        let mut state = self.0.lock().unwrap();
        assert_eq!(state.entered.pop(), Some(span.into_u64()));
    }

    fn clone_span(&self, id: &Id) -> Id {
        self.0.lock().unwrap().span(id).1 += 1;
        id.clone()
    }

    fn try_close(&self, id: Id) -> bool {
        let mut state = self.0.lock().unwrap();
        let (name, references) = state.span(&id);
        *references -= 1;
        let (name, closed) = (*name, *references == 0);
        if closed {
            state.lines.push(format!("{name} closes"));
        }
        closed
    }
}

/// A clock whose pauses take no time and are noted, with the span that they are in.
impl Clock for Log {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000)
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    fn sleep(&self, _: Duration) -> Sleep {
        let log = self.clone();
        Box::pin(async move {
            let mut state = log.0.lock().unwrap();
            let innermost = state.entered.last().copied().unwrap();
            let name = state.span(&Id::from_u64(innermost)).0;
            state.lines.push(format!("pause in {name}"));
        })
    }
}

/// A client for both the service and IAM.
fn builder(server: &ScriptedServer, log: &Log) -> ClientBuilder {
    Client::builder()
        .endpoint(server.endpoint())
        .region("cn-north-4")
        .iam_endpoint(server.endpoint())
        .credentials(Credentials::token("t"))
        .clock(log.clone())
}

#[test]
fn pauses_in_span_of_call_and_of_no_attempt() {
    if is_alone("spans::pauses_in_span_of_call_and_of_no_attempt") {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(assert_spans_of_pauses());
    }
}

async fn assert_spans_of_pauses() {
    let log = Log::default();
    tracing::subscriber::set_global_default(log.clone()).unwrap();
    let respond = |status, body: &str| Step::Respond(CannedResponse::new(status, body));
    let project = format!(r#"{{"projects":[{{"id":"{PROJECT}"}}]}}"#);
    let attempt = ["dbss_attempt opens", "dbss_attempt closes"];
    for (name, project_id, steps, expected) in [
        (
            "a retry of an attempt",
            Some(PROJECT),
            vec![respond(429, "{}"), respond(200, "{}")],
            [&attempt[..], &["pause in dbss_call"], &attempt].concat(),
        ),
        (
            "a retry of the lookup of the project",
            None,
            vec![respond(503, ""), respond(200, &project), respond(200, "{}")],
            [&["pause in dbss_call"][..], &attempt].concat(),
        ),
        ("a failed lookup", None, vec![respond(403, "")], vec![]),
    ] {
        let server = ScriptedServer::sequence(steps).await.unwrap();
        let mut client = builder(&server, &log);
        if let Some(project_id) = project_id {
            client = client.project_id(project_id);
        }
        let call = client.build().unwrap().stop_audit_instance();
        let _ = call.instance_id("1d07f606-92d2-441c-b05c-dca47e180552").await;
        let lines = std::mem::take(&mut log.0.lock().unwrap().lines);
        let expected = [&["dbss_call opens"][..], &expected, &["dbss_call closes"]].concat();
        assert_eq!(lines, expected, "{name}");
    }
}
