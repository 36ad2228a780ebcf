//! The quickstart of the README files, typed line by line.

use std::path::Path;

use dbss_emulator::{Emulator, InstanceStatus};

use crate::dbss::{Dbss, Finished};

/// The lines between the two fences after the heading.
fn block<'a>(readme: &'a str, begins: &str) -> Vec<&'a str> {
    let (_, rest) = readme.split_once(begins).unwrap();
    let (block, _) = rest.split_once("\n```").unwrap();
    block.lines().collect()
}

const BEGIN: &str = "```sh\nexport DBSS_ENDPOINT";

#[tokio::test(flavor = "multi_thread")]
async fn does_the_whole_job_with_the_command_lines_of_the_readme() {
    let readme = include_str!("../../README.md");
    let lines = block(readme, BEGIN);
    let environment: Vec<(&str, &str)> =
        lines[0].split(' ').filter_map(|pair| pair.split_once('=')).collect();
    let emulator = Emulator::start().await.unwrap();
    let run = |line: &str| -> Finished {
        let words: Vec<_> = line.split(' ').skip(1).collect();
        let run = Dbss::new(&words).env("DBSS_ENDPOINT", emulator.endpoint());
        // The emulator of the README has its default port.
        let environment = environment.iter().filter(|(name, _)| !name.is_empty());
        let ran = environment.fold(run, |run, (name, value)| run.env(name, value)).run();
        assert_eq!(ran.code, 0, "{line}: {}", ran.stderr);
        ran
    };
    let commands: Vec<_> = lines.iter().filter(|line| line.starts_with("dbss ")).collect();
    let ran: Vec<_> = commands.iter().map(|line| (**line, run(line))).collect();
    let shown = |part: &str| -> Vec<&str> {
        let of = ran.iter().filter(|(line, _)| line.contains(part));
        of.map(|(_, ran)| ran.stdout.as_str()).collect()
    };
    assert!(
        shown("whoami")[0].contains("allowed: there are 2 instances"),
        "{}",
        shown("whoami")[0]
    );
    let policies = shown("policy list");
    assert!(policies[0].contains("full audit      ON"), "{}", policies[0]);
    assert!(policies[1].contains("full audit      OFF"), "{}", policies[1]);
    let instances = shown("instance list");
    let states = ["audit-running  ACTIVE", "audit-running  SHUTOFF", "audit-running  ACTIVE"];
    for (list, state) in instances.iter().zip(states) {
        assert!(list.contains(state), "{state}: {list}");
    }
    assert_eq!(instances.len(), states.len());
    assert!(shown("instance stop")[0].starts_with("stopped  "), "{}", shown("instance stop")[0]);
    let instance = emulator.instance(emulator.instance_id()).unwrap();
    assert_eq!(instance.status, InstanceStatus::Active);
}

#[test]
fn shows_the_same_commands_in_the_readme_of_the_repository() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let Ok(readme) = std::fs::read_to_string(path) else {
        eprintln!("skipped: this is a package, without the repository");
        return;
    };
    assert_eq!(block(&readme, BEGIN), block(include_str!("../../README.md"), BEGIN));
}
