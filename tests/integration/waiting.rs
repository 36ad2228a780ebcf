//! Waiting until what a call started has ended: when it looks, and how it ends.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dbss_client::types::AuditInstance;
use dbss_client::{
    Arguments, Client, Condition, WaitError, WaitErrorKind, Waited, Waiting, contract,
};
use dbss_tests::calls::{INSTANCE, builder};
use dbss_tests::fake_clock::FakeClock;
use dbss_tests::step_clock::StepClock;
use scripted_server::{CannedResponse, Request, ScriptedServer, Step};
use serde_json::json;
use tokio::task::JoinSet;

/// The other instances of the list, before the one that is waited for.
const OTHERS: usize = 3;

fn respond(status: u16, body: &serde_json::Value) -> Step {
    Step::Respond(CannedResponse::new(status, body.to_string()))
}

fn accepted() -> Step {
    respond(200, &json!({ "result": "success" }))
}

fn refused() -> Step {
    respond(400, &json!({ "error_code": "DBSS.10020131", "error_msg": "Failed." }))
}

fn failing(status: u16) -> Step {
    respond(status, &json!({ "error_code": "C", "error_msg": "M" }))
}

/// The list with the instance in this state.
fn seen(status: &str, task: &str) -> Step {
    let mut instances: Vec<_> = (0..OTHERS)
        .map(|n| json!({ "id": format!("{n:032}"), "status": "ACTIVE", "task": "NO_TASK" }))
        .collect();
    instances.push(json!({ "id": INSTANCE, "status": status, "task": task }));
    respond(200, &json!({ "instances": instances, "total": OTHERS + 1 }))
}

/// The list without the instance.
fn gone() -> Step {
    respond(200, &json!({ "instances": [], "total": 0 }))
}

fn off() -> Step {
    seen("SHUTOFF", "NO_TASK")
}

fn powering_off() -> Step {
    seen("ACTIVE", "powering-off")
}

/// What one wait came to.
struct Run {
    result: Result<Waited<AuditInstance>, WaitError>,
    looks: Vec<(Condition, Vec<(&'static str, String)>)>,
    pauses: Vec<Duration>,
    requests: Vec<Request>,
}

impl Run {
    fn error(&self) -> &WaitError {
        self.result.as_ref().unwrap_err()
    }

    fn conditions(&self) -> Vec<Condition> {
        self.looks.iter().map(|(condition, _)| *condition).collect()
    }
}

/// A wait with other settings.
type Adjust = fn(Waiting<AuditInstance>) -> Waiting<AuditInstance>;

/// Stops or reboots the instance with these steps of the server, the last one for ever.
async fn run(reboots: bool, steps: Vec<Step>) -> Run {
    run_with(reboots, steps, |waiting| waiting).await
}

async fn run_with(reboots: bool, steps: Vec<Step>, adjust: Adjust) -> Run {
    let server = ScriptedServer::sequence(steps).await.unwrap();
    let clock = FakeClock::default();
    let policy = dbss_client::RetryPolicy::none();
    let client = builder(server.endpoint(), &clock).retry(policy).build().unwrap();
    let waiting = if reboots {
        client.reboot_audit_instance_new().instance_id(INSTANCE).and_wait()
    } else {
        client.stop_audit_instance_new().instance_id(INSTANCE).and_wait()
    };
    let looks = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&looks);
    let result = adjust(waiting)
        .on_look(move |look| {
            kept.lock().unwrap().push((look.condition(), look.state().to_vec()));
        })
        .await;
    let looks = std::mem::take(&mut *looks.lock().unwrap());
    Run { result, looks, pauses: clock.pauses(), requests: server.requests() }
}

async fn stop(steps: Vec<Step>) -> Run {
    run(false, steps).await
}

#[tokio::test]
async fn ends_with_the_item_when_it_is_done() {
    let run = stop(vec![accepted(), powering_off(), powering_off(), off()]).await;
    let waited = run.result.unwrap();
    assert_eq!(waited.item().status.as_ref().unwrap().to_string(), "SHUTOFF");
    assert!(waited.response().is_some() && !waited.was_already());
    assert_eq!(waited.looks(), 3);
    assert_eq!(
        run.looks[0].1,
        [("status", "ACTIVE".to_owned()), ("task", "powering-off".to_owned())]
    );
    let conditions: Vec<_> = run.looks.iter().map(|(condition, _)| *condition).collect();
    assert_eq!(conditions, [Condition::UnderWay, Condition::UnderWay, Condition::Done]);
}

#[tokio::test]
async fn looks_first_after_two_seconds_and_then_up_to_every_ten() {
    let mut steps = vec![accepted()];
    steps.extend((0..12).map(|_| powering_off()));
    steps.push(off());
    let run = stop(steps).await;
    run.result.unwrap();
    let within =
        |pause: &Duration, low: f64, high: f64| (low..=high).contains(&pause.as_secs_f64());
    assert!(within(&run.pauses[0], 2.0, 2.4), "{:?}", run.pauses);
    assert!(within(&run.pauses[1], 3.0, 3.6), "{:?}", run.pauses);
    assert!(run.pauses[5..].iter().all(|pause| within(pause, 8.3, 10.0)), "{:?}", run.pauses);
    assert_eq!(run.pauses.len(), 13);
}

#[tokio::test]
async fn keeps_to_the_pace_that_is_asked_for() {
    let seconds = Duration::from_secs_f64;
    let rows: [(&str, Adjust, _, _); 5] = [
        ("longer", |waiting| waiting.first_look(Duration::from_secs(5)), (5.0, 6.0), (7.5, 10.0)),
        (
            "even",
            |waiting| {
                let second = Duration::from_secs(1);
                waiting.first_look(second).max_interval(second)
            },
            (1.0, 1.2),
            (0.8, 1.0),
        ),
        ("at once", |waiting| waiting.first_look(Duration::ZERO), (0.0, 0.0), (0.15, 10.0)),
        (
            "without a pause",
            |waiting| waiting.first_look(Duration::ZERO).max_interval(Duration::ZERO),
            (0.0, 0.0),
            (0.1, 0.12),
        ),
        (
            "longest",
            |waiting| waiting.max_interval(Duration::MAX).timeout(Duration::MAX),
            (2.0, 2.4),
            (3.0, 1e6),
        ),
    ];
    for (name, adjust, first, later) in rows {
        let mut steps = vec![accepted()];
        steps.extend((0..20).map(|_| powering_off()));
        steps.push(off());
        let run = run_with(false, steps, adjust).await;
        assert_eq!(run.result.unwrap().looks(), 21, "{name}");
        for (index, pause) in run.pauses.iter().enumerate() {
            let (shortest, longest) = if index == 0 { first } else { later };
            // What is computed with floating point is not exact.
            let range = seconds(shortest)..=seconds(longest + 1e-6);
            assert!(range.contains(&(*pause + Duration::from_nanos(100))), "{name}: {pause:?}");
        }
    }
}

#[tokio::test]
async fn ends_when_the_time_that_is_asked_for_is_over() {
    let rows: [(&str, Adjust, u64, bool); 3] = [
        ("a minute", |waiting| waiting.timeout(Duration::from_secs(60)), 60, true),
        ("before the first look", |waiting| waiting.timeout(Duration::from_secs(1)), 1, false),
        (
            "a first look that never comes",
            |waiting| waiting.first_look(Duration::MAX).timeout(Duration::from_secs(9)),
            9,
            false,
        ),
    ];
    for (name, adjust, seconds, was_seen) in rows {
        let run = run_with(false, vec![accepted(), powering_off()], adjust).await;
        assert_eq!(run.error().kind(), WaitErrorKind::TimedOut, "{name}");
        assert_eq!(run.error().elapsed(), Duration::from_secs(seconds), "{name}");
        assert_eq!(run.error().last_seen().is_some(), was_seen, "{name}");
    }
}

#[tokio::test]
async fn looks_with_one_request_for_a_page_that_fits_into_the_response_limit() {
    // The contract allows 1000 entries.
    for (bytes, size) in [(4 << 10, 1), (128 << 10, 32), (1 << 20, 256), (16 << 20, 1000)] {
        let server = ScriptedServer::sequence([accepted(), off()]).await.unwrap();
        let client = builder(server.endpoint(), &FakeClock::default()).max_response_bytes(bytes);
        let client = client.build().unwrap();
        client.stop_audit_instance_new().instance_id(INSTANCE).and_wait().await.unwrap();
        let requests = server.requests();
        let path = format!("/audit/instances?limit={size}");
        assert!(requests[1].path.ends_with(&path), "{}", requests[1].path);
        assert_eq!(requests.len(), 2);
    }
}

#[tokio::test]
async fn finds_the_item_behind_a_thousand_large_ones() {
    // All of them in one response would exceed the response limit.
    const COUNT: usize = 1000;
    let comment = "c".repeat(1200);
    let instance = move |n: usize| {
        let id = if n == COUNT { INSTANCE.to_owned() } else { format!("{n:032}") };
        json!({ "id": id, "status": "SHUTOFF", "task": "NO_TASK", "comment": comment })
    };
    let server = ScriptedServer::with_script(move |request| {
        if request.method == "POST" {
            return accepted();
        }
        let number = |name: &str| {
            let (_, query) = request.path.split_once('?').unwrap();
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|(found, _)| *found == name).and_then(|(_, value)| value.parse().ok())
        };
        let from: usize = number("offset").unwrap_or(0);
        let to = (from + number("limit").unwrap_or(100)).min(COUNT + 1);
        let instances: Vec<_> = (from..to).map(&instance).collect();
        respond(200, &json!({ "instances": instances, "total": COUNT + 1 }))
    });
    let server = server.await.unwrap();
    let client = builder(server.endpoint(), &FakeClock::default()).max_response_bytes(1 << 20);
    let client = client.build().unwrap();
    let waited = client.stop_audit_instance_new().instance_id(INSTANCE).and_wait().await.unwrap();
    assert_eq!(waited.looks(), 1);
}

#[tokio::test]
async fn finds_the_item_on_a_later_page() {
    let others: Vec<_> = (0..10).map(|n| json!({ "id": format!("{n:032}") })).collect();
    let first = respond(200, &json!({ "instances": others, "total": 11 }));
    let last = json!([{ "id": INSTANCE, "status": "SHUTOFF", "task": "NO_TASK" }]);
    let last = respond(200, &json!({ "instances": last, "total": 11 }));
    let run = stop(vec![accepted(), first, last]).await;
    assert_eq!(run.result.unwrap().looks(), 1);
}

#[tokio::test]
async fn reports_how_it_ended_and_what_was_last_seen() {
    let rows = [
        (
            "failed",
            vec![accepted(), powering_off(), seen("ERROR", "NO_TASK")],
            WaitErrorKind::Failed,
            "status `ERROR`",
        ),
        (
            "timed out",
            vec![accepted(), powering_off()],
            WaitErrorKind::TimedOut,
            "task `powering-off`",
        ),
        (
            "nothing happened",
            vec![accepted(), seen("ACTIVE", "NO_TASK")],
            WaitErrorKind::TimedOut,
            "status `ACTIVE`",
        ),
        (
            "a state that is not known",
            vec![accepted(), seen("RESTING", "sleeping")],
            WaitErrorKind::TimedOut,
            "status `RESTING`, task `sleeping`, which the contract does not list",
        ),
        (
            "vanished",
            vec![accepted(), powering_off(), gone()],
            WaitErrorKind::Vanished,
            "task `powering-off`",
        ),
        ("never there", vec![accepted(), gone()], WaitErrorKind::Vanished, "not in the list"),
        (
            "forbidden",
            vec![accepted(), powering_off(), failing(403)],
            WaitErrorKind::Look,
            "the last look failed",
        ),
        ("not started", vec![failing(403)], WaitErrorKind::Start, "403"),
        (
            "reported as failed",
            vec![respond(200, &json!({ "result": "failed" }))],
            WaitErrorKind::Start,
            "failed",
        ),
        ("refused", vec![refused(), powering_off()], WaitErrorKind::Start, "task `powering-off`"),
    ];
    for (name, steps, kind, text) in rows {
        let run = stop(steps).await;
        let error = run.error();
        assert_eq!(error.kind(), kind, "{name}: {error}");
        assert!(error.to_string().contains(text), "{name}: {error}");
        let has_cause = matches!(kind, WaitErrorKind::Look | WaitErrorKind::Start);
        assert_eq!(error.error().is_some(), has_cause, "{name}");
    }
}

#[tokio::test]
async fn times_out_after_ten_minutes_and_not_later() {
    let run = stop(vec![accepted(), powering_off()]).await;
    let waited: Duration = run.pauses.iter().sum();
    assert_eq!(waited, Duration::from_secs(600));
    assert_eq!(run.error().elapsed(), waited);
    assert!(run.error().last_seen().is_some());
    assert!((58..=75).contains(&run.looks.len()), "{} looks", run.looks.len());
}

#[tokio::test]
async fn goes_on_in_a_state_that_is_not_known() {
    let run = stop(vec![accepted(), seen("RESTING", "sleeping"), off()]).await;
    assert_eq!(run.conditions(), [Condition::Other, Condition::Done]);
    run.result.unwrap();
    let run = stop(vec![accepted(), seen("RESTING", "sleeping")]).await;
    assert_eq!(run.error().condition(), Some(Condition::Other));
}

#[tokio::test]
async fn outlasts_a_service_that_is_down_for_a_while() {
    let down = [failing(503), failing(500), failing(429), Step::ReadThenReset, failing(502)];
    let mut steps = vec![accepted(), powering_off()];
    steps.extend(down);
    steps.push(off());
    let run = stop(steps).await;
    assert_eq!(run.conditions()[1..6], [Condition::Unknown; 5]);
    assert_eq!(run.result.unwrap().looks(), 7);
}

#[tokio::test]
async fn reports_a_service_that_stays_down() {
    let run = stop(vec![accepted(), powering_off(), failing(503)]).await;
    let error = run.error();
    assert_eq!(error.kind(), WaitErrorKind::TimedOut);
    assert_eq!(error.error().unwrap().status(), Some(503));
    assert!(error.to_string().contains("task `powering-off`"), "{error}");
}

#[tokio::test]
async fn postpones_the_next_look_as_long_as_a_throttled_one_asks() {
    // Without a time, it is the longest interval.
    for (asked, pause) in [(Some("45"), 45), (None, 10)] {
        let throttled = CannedResponse::new(429, "{}");
        let throttled = match asked {
            Some(asked) => throttled.header("Retry-After", asked),
            None => throttled,
        };
        let run = stop(vec![accepted(), Step::Respond(throttled), powering_off(), off()]).await;
        run.result.unwrap();
        assert_eq!(run.pauses[1], Duration::from_secs(pause));
        assert!(run.pauses[2] < Duration::from_secs(10), "only once: {:?}", run.pauses);
        assert_eq!(run.requests.len(), 4, "a look is not retried by itself");
    }
}

#[tokio::test]
async fn finds_an_item_again_that_one_look_missed() {
    let run = stop(vec![accepted(), gone(), powering_off(), gone(), off()]).await;
    run.result.unwrap();
}

#[tokio::test]
async fn reports_that_the_wanted_state_was_there_already() {
    let run = stop(vec![refused(), off()]).await;
    assert!(run.pauses.is_empty(), "one look is enough");
    let waited = run.result.unwrap();
    assert!(waited.was_already());
    assert_eq!(waited.start_error().unwrap().status(), Some(400));
    // A reboot names no target state: it was refused, and that is all.
    let run = self::run(true, vec![refused(), seen("ACTIVE", "NO_TASK")]).await;
    assert_eq!(run.error().kind(), WaitErrorKind::Start);
    assert_eq!(run.requests.len(), 1);
}

#[tokio::test]
async fn goes_on_in_doubt_and_keeps_the_doubt() {
    let run = stop(vec![failing(503), powering_off(), off()]).await;
    let waited = run.result.unwrap();
    assert!(waited.start_error().unwrap().may_have_taken_effect());
    let run = stop(vec![failing(503), powering_off()]).await;
    let error = run.error();
    assert_eq!(error.kind(), WaitErrorKind::TimedOut);
    assert!(error.start_error().unwrap().may_have_taken_effect());
    assert!(error.to_string().contains("not known whether it took effect"), "{error}");
}

#[tokio::test]
async fn takes_the_state_before_a_reboot_for_its_end_only_when_seen_twice() {
    let rebooting = || seen("ACTIVE", "rebooting");
    let active = || seen("ACTIVE", "NO_TASK");
    let rows = [
        ("seen under way", vec![accepted(), rebooting(), active()], Some(2)),
        ("begins late", vec![accepted(), active(), rebooting(), active()], Some(3)),
        ("over at once", vec![accepted(), active(), active()], Some(2)),
        ("in doubt, seen under way", vec![failing(503), rebooting(), active()], Some(2)),
        ("in doubt", vec![failing(503), active()], None),
    ];
    for (name, steps, looks) in rows {
        let run = run(true, steps).await;
        match (run.result, looks) {
            (Ok(waited), Some(looks)) => assert_eq!(waited.looks(), looks, "{name}"),
            (Err(error), None) => {
                assert_eq!(error.kind(), WaitErrorKind::Start, "{name}: {error}");
                assert!(error.error().unwrap().may_have_taken_effect(), "{name}");
            }
            (result, _) => panic!("{name}: {result:?}"),
        }
    }
}

#[tokio::test]
async fn looks_no_more_when_it_is_dropped() {
    let server = ScriptedServer::sequence([accepted(), powering_off()]).await.unwrap();
    let clock = StepClock::default();
    let client = builder(server.endpoint(), &FakeClock::default()).clock(clock.clone()).build();
    let client = client.unwrap();
    let wait = client.stop_audit_instance_new().instance_id(INSTANCE).and_wait();
    let task = tokio::spawn(wait.into_future());
    clock.sleeping(1).await;
    clock.step();
    assert!(server.wait_for_requests(2).await);
    clock.sleeping(1).await;
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());
    assert_eq!(clock.sleepers(), 0, "its pause is gone");
    assert_eq!(server.request_count(), 2);
}

#[tokio::test]
async fn gives_up_the_look_under_way_when_it_is_dropped() {
    let server = ScriptedServer::sequence([accepted(), Step::Stall]).await.unwrap();
    let client = builder(server.endpoint(), &FakeClock::default()).build().unwrap();
    let wait = client.stop_audit_instance_new().instance_id(INSTANCE).and_wait();
    let task = tokio::spawn(wait.into_future());
    assert!(server.wait_for_requests(2).await);
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());
    assert!(server.wait_for_abandoned(1).await);
    assert_eq!(server.request_count(), 2);
}

#[tokio::test]
async fn waits_by_name_as_by_the_typed_call() {
    let client = builder("http://127.0.0.1:1", &FakeClock::default()).build().unwrap();
    for operation in contract::API.operations {
        let waiting = operation.invoke_and_wait(&client, Arguments::new());
        assert_eq!(waiting.is_some(), operation.completion.is_some(), "{operation:?}");
    }
    let server = ScriptedServer::sequence([accepted(), powering_off(), off()]).await.unwrap();
    let client = builder(server.endpoint(), &FakeClock::default()).build().unwrap();
    let arguments = Arguments::new().body(json!({ "instance_id": INSTANCE }));
    let waiting = contract::STOP_AUDIT_INSTANCE_NEW.invoke_and_wait(&client, arguments).unwrap();
    assert_eq!(waiting.await.unwrap().item()["status"], "SHUTOFF");
}

/// Times of the looks of each of many waits.
type Looks = Arc<Mutex<Vec<VecDeque<Duration>>>>;

#[tokio::test]
async fn keeps_the_pace_of_each_of_200_waits_on_one_client() {
    const WAITS: usize = 200;
    const LOOKS: usize = 6;
    let id = |n: usize| format!("{n:032}");
    let script = move |request: &Request| match request.method.as_str() {
        "POST" => accepted(),
        _ => {
            let instance = |n| json!({ "id": id(n), "status": "ACTIVE", "task": "powering-off" });
            let instances: Vec<_> = (0..WAITS).map(instance).collect();
            respond(200, &json!({ "instances": instances, "total": WAITS }))
        }
    };
    let server = ScriptedServer::with_script(script).await.unwrap();
    let clock = StepClock::default();
    let client: Client =
        builder(server.endpoint(), &FakeClock::default()).clock(clock.clone()).build().unwrap();
    let looks: Looks = Arc::new(Mutex::new(vec![VecDeque::new(); WAITS]));
    let mut waits = JoinSet::new();
    for n in 0..WAITS {
        let looks = Arc::clone(&looks);
        let wait = client.stop_audit_instance_new().instance_id(id(n)).and_wait();
        let wait = wait.on_look(move |look| looks.lock().unwrap()[n].push_back(look.elapsed()));
        waits.spawn(wait.into_future());
    }
    // Time passes only while every wait sleeps.
    while looks.lock().unwrap().iter().any(|looks| looks.len() < LOOKS) {
        clock.sleeping(WAITS).await;
        clock.step();
    }
    waits.abort_all();
    for looks in looks.lock().unwrap().iter() {
        let mut last = Duration::ZERO;
        for (index, at) in looks.iter().take(LOOKS).enumerate() {
            let shortest = [2.0, 3.0, 4.5, 6.75, 8.3, 8.3][index];
            let pause = at.saturating_sub(last).as_secs_f64();
            assert!((shortest..=10.0).contains(&pause), "look {index} after {pause}");
            last = *at;
        }
    }
    // Random parts keep waits that began together from looking together.
    let first: std::collections::BTreeSet<_> =
        looks.lock().unwrap().iter().filter_map(|looks| looks.front().copied()).collect();
    assert!(first.len() > WAITS / 2, "{} different times", first.len());
}

#[tokio::test]
async fn reports_the_call_that_starts_it_before_the_first_look() {
    for is_accepted in [true, false] {
        let first = if is_accepted { accepted() } else { failing(500) };
        let server = ScriptedServer::sequence([first, off()]).await.unwrap();
        let clock = FakeClock::default();
        let policy = dbss_client::RetryPolicy::none();
        let client = builder(server.endpoint(), &clock).retry(policy).build().unwrap();
        let events = Arc::new(Mutex::new(Vec::new()));
        let (started, looked) = (Arc::clone(&events), Arc::clone(&events));
        let wait = client
            .stop_audit_instance_new()
            .instance_id(INSTANCE)
            .and_wait()
            .on_start(move |response| started.lock().unwrap().push(response.status()))
            .on_look(move |_| looked.lock().unwrap().push(0));
        let progress = wait.progress();
        assert_eq!(progress.attempts(), 0);
        wait.await.unwrap();
        assert_eq!(progress.attempts(), 1);
        let expected = if is_accepted { &[200, 0][..] } else { &[0] };
        assert_eq!(*events.lock().unwrap(), expected);
    }
}
