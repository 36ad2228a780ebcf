//! The README's quickstart.

use dbss_emulator::Task;

use crate::dbss::{Dbss, emulator};

#[tokio::test(flavor = "multi_thread")]
async fn stops_an_instance_with_the_command_line_of_the_readme() {
    let readme = include_str!("../../README.md");
    let line = readme.lines().find(|line| line.contains("-p dbss-cli -- instance stop")).unwrap();
    let (environment, line) = line.split_once(" cargo ").unwrap();
    let (_, line) = line.split_once(" -- ").unwrap();
    let emulator = emulator().await;
    let words: Vec<_> = line.split(' ').collect();
    let mut run = Dbss::new(&words);
    for variable in environment.split(' ') {
        let (name, value) = variable.split_once('=').unwrap();
        // The emulator of the README has its default port.
        run = run.env(name, &value.replace("http://127.0.0.1:8599", emulator.endpoint()));
    }
    let ran = run.run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(emulator.instance(emulator.instance_id()).unwrap().task, Task::PoweringOff);
}
