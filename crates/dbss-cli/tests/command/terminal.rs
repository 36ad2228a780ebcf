//! What is shown on a terminal: `script` gives the command one.

use std::process::{Command, Stdio};
use std::time::Duration;

use dbss_emulator::{Emulator, Instance};

use crate::dbss::emulator;

/// What the command shows on a terminal with that many columns; `None` if the machine has no
/// `script`.
pub(crate) fn shown(emulator: &Emulator, columns: usize, arguments: &str) -> Option<String> {
    let dbss = env!("CARGO_BIN_EXE_dbss");
    let line = format!("stty cols {columns} rows 24; exec {dbss} {arguments}");
    let output = Command::new("script")
        .args(["--quiet", "--return", "--command", &line, "/dev/null"])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("TERM", "xterm")
        .env("DBSS_ENDPOINT", emulator.endpoint())
        .env("DBSS_TOKEN", emulator.token())
        .env("DBSS_PROJECT_ID", emulator.project_id())
        .stdin(Stdio::null())
        .output();
    let Ok(output) = output else {
        eprintln!("skipped: there is no `script` on this machine");
        return None;
    };
    Some(String::from_utf8_lossy(&output.stdout).replace("\r\n", "\n"))
}

/// The text without colours.
fn plain(text: &str) -> String {
    text.replace("\u{1b}[2m", "").replace("\u{1b}[0m", "")
}

/// How many columns a terminal needs for it: the tests have CJK and ASCII only.
fn width(line: &str) -> usize {
    line.chars().map(|c| if c == '…' || c.is_ascii() { 1 } else { 2 }).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn fits_tables_to_the_terminal() {
    let emulator = emulator().await;
    let names =
        ["audit of the orders of all branches", "数据库安全审计实例一二三四五六七八九十", "short"];
    let instances = names.iter().zip(1..).map(|(name, n)| {
        Instance::new(format!("1d07f606-92d2-441c-b05c-dca47e18055{n}")).with_name(*name)
    });
    emulator.set_instances(instances.collect()).unwrap();
    for (columns, header) in [
        (120, "ID NAME STATUS TASK"),
        (80, "ID NAME STATUS TASK"),
        (63, "ID NAME STATUS TASK"),
        (60, "ID NAME STATUS"),
        (50, "ID NAME"),
        (40, "ID"),
    ] {
        let Some(text) = shown(&emulator, columns, "instance list") else { return };
        let text = plain(&text);
        let table: Vec<_> = text.lines().filter(|line| !line.starts_with("no room")).collect();
        let words: Vec<_> = table[0].split_whitespace().collect();
        assert_eq!(words.join(" "), header, "{columns}: {text}");
        for line in &table {
            assert!(width(line) <= columns, "{columns}: {line}");
        }
        // Ids are whole, and columns are below their headers.
        for (n, line) in table.iter().skip(1).enumerate() {
            let id = format!("1d07f606-92d2-441c-b05c-dca47e18055{}", n + 1);
            assert!(line.starts_with(&id), "{line}");
        }
        if let Some(at) = table[0].find("STATUS") {
            for line in table.iter().skip(1) {
                let (before, _) = line.split_once("ACTIVE").unwrap();
                assert_eq!(width(before), at, "{columns}: {text}");
            }
        }
        let is_complete = header.ends_with("TASK");
        assert_eq!(text.contains("--wide shows everything"), !is_complete, "{text}");
    }
    let text = shown(&emulator, 40, "instance list --wide").unwrap();
    for part in ["TASK", "REGION", names[0], names[1]] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn animates_a_wait_in_one_line() {
    let emulator = Emulator::builder().task_duration(Duration::ZERO).start().await.unwrap();
    let stop = format!("instance stop {} --wait", emulator.instance_id());
    let Some(text) = shown(&emulator, 60, &stop) else { return };
    assert!(text.contains("accepted, stopping"), "{text}");
    assert!(text.contains("⠁") || text.contains("⠂") || text.contains("⠋"), "{text}");
    // What moved is gone: the last thing on its line erases it.
    let (moved, result) = text.split_once("stopped").unwrap();
    assert!(moved.contains("\u{1b}[2K"), "{text:?}");
    assert!(result.contains(emulator.instance_id()), "{text:?}");
    assert!(!text.contains("waiting: "), "{text:?}");

    emulator.reset();
    let text = shown(&emulator, 60, &format!("{stop} --quiet")).unwrap();
    assert!(!text.contains("accepted") && text.contains("stopped"), "{text:?}");
}
