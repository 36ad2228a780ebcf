//! `--wait`: how it ends, and what it shows meanwhile. The first look is after two seconds, so
//! the runs of a test are side by side.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::ChildStderr;
use std::time::Duration;

use dbss_emulator::{Emulator, Fault, InstanceStatus, StatusCode};
use serde_json::{Value, json};

use crate::dbss::{Dbss, Finished, STOPPED, emulator};
use crate::interrupt;

/// An emulator whose tasks take no time.
async fn quick() -> Emulator {
    Emulator::builder().seed(7).task_duration(Duration::ZERO).start().await.unwrap()
}

/// Runs all of them at once.
fn run_all<const N: usize>(runs: [Dbss; N]) -> [Finished; N] {
    runs.map(|run| std::thread::spawn(|| run.run())).map(|run| run.join().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn waits_until_an_instance_is_started_stopped_or_rebooted() {
    let (stops, starts, reboots) = (quick().await, quick().await, quick().await);
    let running = stops.instance_id();
    let [stop, start, reboot, script] = run_all([
        Dbss::with(&stops, &["instance", "stop", running, "--wait"]),
        Dbss::with(&starts, &["instance", "start", "audit-stopped", "--wait"]),
        Dbss::with(&reboots, &["instance", "reboot", running, "--wait", "--quiet"]),
        Dbss::with(&starts, &["instance", "stop", running, "--wait", "--output", "json"]),
    ]);
    for ran in [&stop, &start, &reboot, &script] {
        assert_eq!(ran.code, 0, "{}", ran.stderr);
    }
    assert!(stop.stdout.starts_with(&format!("stopped  {running}\n")), "{}", stop.stdout);
    let started = format!("started  {STOPPED}  audit-stopped\n");
    assert!(start.stdout.starts_with(&started), "{}", start.stdout);
    assert!(reboot.stdout.starts_with(&format!("rebooted  {running}\n")), "{}", reboot.stdout);
    assert_eq!(stops.instance(running).unwrap().status, InstanceStatus::Shutoff);
    assert_eq!(starts.instance(STOPPED).unwrap().status, InstanceStatus::Active);

    // Off a terminal, each look is a line.
    assert_eq!(
        stop.stderr,
        "waiting: accepted, stopping\nwaiting: after 2 s: status `SHUTOFF`, task `NO_TASK`\n"
    );
    assert_eq!(reboot.stderr, "");
    // Nor is there anything beside JSON.
    let result = script.result();
    assert_eq!(result.pointer("/wait/was_already"), Some(&json!(false)));
    assert_eq!(result.pointer("/wait/looks"), Some(&json!(1)));
    assert_eq!(result.pointer("/wait/item/status"), Some(&json!("SHUTOFF")));
    assert_eq!(result.get("body"), Some(&json!({"result": "success"})));
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_a_state_that_is_already_the_wanted_one() {
    let emulator = emulator().await;
    let running = emulator.instance_id();
    for (line, label, id) in [
        (["instance", "stop", STOPPED, "--wait"], "already stopped", STOPPED),
        (["instance", "start", running, "--wait"], "already running", running),
    ] {
        let people = Dbss::with(&emulator, &line).run();
        assert_eq!((people.code, people.stdout), (0, format!("{label}  {id}\n")));
        let scripts = Dbss::with(&emulator, &line).json().result();
        assert_eq!(scripts.pointer("/wait/was_already"), Some(&json!(true)));
        assert!(scripts.get("status").is_none());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn returns_7_if_it_is_accepted_and_not_done_in_time() {
    let emulator = emulator().await;
    let running = emulator.instance_id();
    let stop = || {
        emulator.reset();
        let line = ["instance", "stop", running, "--wait", "--wait-timeout", "300ms"];
        Dbss::with(&emulator, &line)
    };
    let people = stop().run();
    assert_eq!((people.code, people.stdout.as_str()), (7, ""), "{}", people.stderr);
    for part in
        ["the request was accepted; it was not done after", "dbss instance list", "\naccepted  "]
    {
        assert!(people.stderr.contains(part), "{}", people.stderr);
    }
    let scripts = stop().json();
    assert_eq!(scripts.kind(), ("not_done".into(), 7));
    let error = scripts.error();
    assert_eq!(error.get("accepted"), Some(&json!(true)));
    assert_eq!(error.get("may_have_taken_effect"), Some(&json!(true)));
    assert_eq!(error.pointer("/wait/looks"), Some(&json!(0)));

    // Nobody waits for what was refused.
    let refused = Dbss::with(&emulator, &["instance", "reboot", STOPPED, "--wait"]).json();
    assert_eq!(refused.kind(), ("api".into(), 1));
    assert!(refused.error().get("accepted").is_none());
    // Nor is a wait that nobody asked for limited.
    let line = ["instance", "stop", running, "--wait-timeout", "1s"];
    assert_eq!(Dbss::with(&emulator, &line).run().code, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn waits_after_the_fallback_too() {
    let emulator = quick().await;
    emulator.add_fault(Fault::offline().on("StopAuditInstance").forever());
    let line = ["instance", "stop", emulator.instance_id(), "--wait"];
    let ran = Dbss::with(&emulator, &line).run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.starts_with("stopped  "), "{}", ran.stdout);
    assert!(ran.stderr.contains("StopAuditInstanceNew was called instead"), "{}", ran.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn goes_on_while_the_service_is_down_and_tells_it() {
    let emulator = quick().await;
    let down = Fault::response(StatusCode::SERVICE_UNAVAILABLE).on("ListAuditInstancesLast");
    emulator.add_fault(down);
    let line = ["instance", "stop", emulator.instance_id(), "--wait"];
    let ran = Dbss::with(&emulator, &line).run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let looks: Vec<_> = ran.stderr.lines().collect();
    assert_eq!(looks.len(), 3, "{}", ran.stderr);
    assert!(looks[1].contains("cannot look: ListAuditInstancesLast"), "{}", ran.stderr);
    assert!(looks[2].contains("SHUTOFF"), "{}", ran.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn goes_on_after_a_lost_response() {
    let (done, unknown) = (quick().await, emulator().await);
    for emulator in [&done, &unknown] {
        emulator.add_fault(Fault::reset().after_effect().on("StopAuditInstance"));
    }
    let stop = |emulator: &Emulator, timeout: &str| {
        Dbss::with(emulator, &["instance", "stop", emulator.instance_id(), "--retries", "0"])
            .and(&["--wait", "--wait-timeout", timeout, "--output", "json"])
    };
    let [done, unknown] = run_all([stop(&done, "1m"), stop(&unknown, "300ms")]);
    // It is seen to be done, whatever became of the response.
    let result = done.result();
    assert_eq!(result.pointer("/wait/was_already"), Some(&json!(false)));
    assert_eq!(result.pointer("/wait/item/status"), Some(&json!("SHUTOFF")));
    assert!(result.get("status").is_none());
    // Or not, and then nothing is known of it.
    assert_eq!(unknown.kind(), ("not_done".into(), 5), "{}", unknown.stderr);
    assert!(unknown.error().get("accepted").is_none());
    assert!(unknown.stderr.contains("not known whether it took effect"), "{}", unknown.stderr);
}

/// A command that waits, and what it said until the call was accepted.
struct Waiting {
    child: std::process::Child,
    stderr: BufReader<ChildStderr>,
    said: String,
}

impl Waiting {
    fn start(mut run: Dbss) -> Self {
        let mut child = run.start_piped();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut said = String::new();
        stderr.read_line(&mut said).unwrap();
        assert_eq!(said, "waiting: accepted, stopping\n");
        Self { child, stderr, said }
    }

    /// Until it has looked once more.
    fn look(&mut self) {
        self.stderr.read_line(&mut self.said).unwrap();
    }

    fn end(mut self) -> Finished {
        self.stderr.read_to_string(&mut self.said).unwrap();
        let mut ended = Finished::wait_for(self.child, String::new());
        ended.stderr = self.said;
        ended
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_what_failed_and_what_vanished() {
    let (failing, vanishing) = (emulator().await, emulator().await);
    let stop = |emulator: &Emulator, format: &str| {
        let line = ["instance", "stop", emulator.instance_id(), "--wait", "--output", format];
        // The lines of a wait are beside JSON only if a log is.
        Dbss::with(emulator, &line).and(if format == "json" { &["-v"] } else { &[] })
    };
    let failed = Waiting::start(stop(&failing, "table"));
    let vanished = Waiting::start(stop(&vanishing, "table"));
    let broken = failing.instance(failing.instance_id()).unwrap();
    failing.set_instances(vec![broken.with_status(InstanceStatus::Error)]).unwrap();
    vanishing.set_instances(Vec::new()).unwrap();

    let failed = failed.end();
    assert_eq!(failed.code, 1, "{}", failed.stderr);
    assert!(
        failed.stderr.contains("it failed; last seen with status `ERROR`"),
        "{}",
        failed.stderr
    );
    assert!(failed.stderr.contains("\nfailed  "), "{}", failed.stderr);
    let vanished = vanished.end();
    assert_eq!(vanished.code, 7, "{}", vanished.stderr);
    assert!(vanished.stderr.contains("its item is not in the list"), "{}", vanished.stderr);
    assert!(vanished.stderr.contains("the instance is not in the list"), "{}", vanished.stderr);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn reports_what_is_known_when_it_is_interrupted() {
    let emulator = emulator().await;
    // It takes longer than the test.
    let slow = Emulator::builder().seed(7).task_duration(Duration::from_secs(600));
    let slow = slow.start().await.unwrap();
    let wait = |emulator: &Emulator| {
        let line = ["instance", "stop", emulator.instance_id(), "--wait"];
        Waiting::start(Dbss::with(emulator, &line))
    };
    let (early, mut late) = (wait(&emulator), wait(&slow));
    interrupt::send("INT", early.child.id());
    late.look();
    interrupt::send("TERM", late.child.id());
    let early = early.end();
    assert_eq!((early.code, early.stdout.as_str()), (7, ""), "{}", early.stderr);
    let said = "interrupted; the request was accepted, and goes on without this command";
    assert!(early.stderr.contains(&format!("{said}\naccepted  ")), "{}", early.stderr);
    let late = late.end();
    assert_eq!(late.code, 7, "{}", late.stderr);
    let seen = "; last seen after 2 s: status `ACTIVE`, task `powering-off`";
    assert!(late.stderr.contains(&format!("{said}{seen}\n")), "{}", late.stderr);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn tells_scripts_what_is_known_when_it_is_interrupted() {
    let emulator = emulator().await;
    let line = ["instance", "stop", emulator.instance_id(), "--wait", "--output", "json", "-v"];
    let mut run = Dbss::with(&emulator, &line);
    let mut child = run.start_piped();
    let mut stderr = BufReader::new(child.stderr.take().unwrap()).lines();
    let accepted = stderr.find(|line| line.as_ref().unwrap().contains("waiting: accepted"));
    assert!(accepted.is_some());
    interrupt::send("INT", child.id());
    let last = stderr.map(Result::unwrap).last().unwrap();
    let report: Value = serde_json::from_str(&last).unwrap();
    assert_eq!(report.pointer("/error/kind"), Some(&json!("interrupted")));
    assert_eq!(report.pointer("/error/accepted"), Some(&json!(true)));
    assert_eq!(child.wait().unwrap().code(), Some(7));
}
