//! Listing and waiting against the emulator: its lists as a stream, and instances stopped, rebooted
//! and started.

use std::time::Duration;

use dbss_client::types::{AuditInstance, AuditInstanceStatus};
use dbss_client::{Client, Credentials, WaitError, WaitErrorKind, Waited, Waiting};
use dbss_emulator::{Clock, Emulator, Instance, Scope};
use dbss_tests::calls::builder;
use dbss_tests::fake_clock::FakeClock;

/// How long the emulator takes for a task.
const TASK: Duration = Duration::from_secs(60);

/// A client for the emulator, whose pauses take no time.
fn client(emulator: &Emulator) -> Client {
    let builder = builder(emulator.endpoint(), &FakeClock::default());
    let builder = builder.credentials(Credentials::token(emulator.token()));
    builder.project_id(emulator.project_id()).max_response_bytes(1 << 20).build().unwrap()
}

/// The ids of all items.
macro_rules! ids {
    ($items:expr) => {{
        let (mut items, mut ids) = ($items, Vec::new());
        while let Some(item) = items.next().await {
            ids.push(item.unwrap().id.unwrap().to_string());
        }
        ids
    }};
}

#[tokio::test]
async fn lists_2500_instances_and_scopes_once_and_in_order() {
    let emulator = Emulator::start().await.unwrap();
    let id = |number: usize| format!("{number:032}");
    let scopes = (0..2500).map(|number| Scope::enabled(id(number)));
    let owner = scopes.fold(Instance::new(id(2499)), Instance::with_scope);
    let instances = (0..2499).map(|number| Instance::new(id(number))).chain([owner]);
    emulator.set_instances(instances.collect()).unwrap();
    let client = client(&emulator);
    let expected: Vec<_> = (0..2500).map(id).collect();
    for limit in [None, Some(1), Some(499), Some(1000)] {
        // One entry a page takes many requests: a part of the list is enough.
        let begin = if limit == Some(1) { 2400 } else { 0 };
        let mut instances = client.list_audit_instances_last().offset(begin);
        let scopes = client.list_audit_rule_scopes_new().instance_id(id(2499));
        let mut scopes = scopes.offset(begin);
        if let Some(limit) = limit {
            (instances, scopes) = (instances.limit(limit), scopes.limit(limit));
        }
        let expected = &expected[usize::try_from(begin).unwrap()..];
        assert_eq!(ids!(instances.items()), expected, "{limit:?}");
        assert_eq!(ids!(scopes.items()), expected, "{limit:?}");
    }
}

/// Waits while the time of the emulator passes: a part of a task with each look.
async fn ended(
    waiting: Waiting<AuditInstance>,
    clock: &Clock,
) -> Result<Waited<AuditInstance>, WaitError> {
    let clock = clock.clone();
    waiting.on_look(move |_| clock.advance(TASK / 2)).await
}

#[tokio::test]
async fn sees_an_instance_stopped_started_and_rebooted() {
    let clock = Clock::system();
    let emulator = Emulator::builder().clock(clock.clone()).task_duration(TASK);
    let emulator = emulator.start().await.unwrap();
    let (client, id) = (client(&emulator), emulator.instance_id());
    let stop = || client.stop_audit_instance_new().instance_id(id).and_wait();
    let start = || client.start_audit_instance_new().instance_id(id).and_wait();
    let reboot = || client.reboot_audit_instance_new().instance_id(id).and_wait();
    let (off, on) = (AuditInstanceStatus::Shutoff, AuditInstanceStatus::Active);
    let rows = [
        ("stop", stop(), &off, false),
        ("stop what is off", stop(), &off, true),
        ("start", start(), &on, false),
        ("start what is on", start(), &on, true),
        ("reboot", reboot(), &on, false),
        (
            "stop by the first path",
            client.stop_audit_instance().instance_id(id).and_wait(),
            &off,
            false,
        ),
    ];
    for (name, waiting, status, was_already) in rows {
        let waited = ended(waiting, &clock).await.unwrap();
        assert_eq!(waited.item().status.as_ref(), Some(status), "{name}");
        assert_eq!(waited.was_already(), was_already, "{name}");
        assert_eq!(waited.looks(), if was_already { 1 } else { 3 }, "{name}");
    }
    let refused = ended(reboot(), &clock).await.unwrap_err();
    assert_eq!(refused.kind(), WaitErrorKind::Start, "what is off is not rebooted");
    assert_eq!(refused.error().unwrap().code(), Some("DBSS.10020132"));
}

#[tokio::test]
async fn reports_an_instance_that_is_taken_away_meanwhile() {
    let emulator = Emulator::builder().task_duration(TASK).start().await.unwrap();
    let client = client(&emulator);
    let stop = client.stop_audit_instance_new().instance_id(emulator.instance_id());
    let emulator = std::sync::Arc::new(emulator);
    let taken = std::sync::Arc::clone(&emulator);
    let waiting = stop.and_wait().on_look(move |_| taken.set_instances(Vec::new()).unwrap());
    let error = waiting.await.unwrap_err();
    assert_eq!(error.kind(), WaitErrorKind::Vanished);
    assert!(error.to_string().contains("task `powering-off`"), "{error}");
}
