//! Colours are for terminals only.

use crate::dbss::{Dbss, STOPPED, emulator};

#[tokio::test(flavor = "multi_thread")]
async fn prints_no_colours_to_a_pipe() {
    let emulator = emulator().await;
    for line in [
        &["instance", "stop", emulator.instance_id(), "-vv"][..],
        &["instance", "stop", STOPPED],
        &["--help"],
        &["no-such-command"],
        &[],
    ] {
        let ran = Dbss::with(&emulator, line).env("CLICOLOR_FORCE", "1").env("TERM", "xterm").run();
        assert!(!ran.stdout.contains('\u{1b}'), "{}", ran.stdout);
        assert!(!ran.stderr.contains('\u{1b}'), "{}", ran.stderr);
    }
}
