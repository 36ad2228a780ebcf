//! What is checked in is what the contract produces, in either mode.

use dbss_client::{MODE, Mode, SOURCES};
use dbss_tests::root;

/// The client that this test is linked with, whichever way it was made, is
/// compiled from the bytes that are checked in.
#[test]
fn compiles_the_checked_in_files() {
    for (name, compiled) in SOURCES {
        let path = root().join("crates/dbss-client/src/generated").join(name);
        let checked_in = std::fs::read_to_string(&path).unwrap();
        assert!(*compiled == checked_in, "{name} differs; to mend it: cargo xtask regen");
    }
}

#[test]
fn compiles_in_the_requested_mode() {
    let expected = if cfg!(feature = "codegen") { Mode::BuildTime } else { Mode::Prebuilt };
    assert_eq!(MODE, expected);
    // CI says which run it means, so that a feature that no longer reaches the
    // client cannot pass for both.
    match std::env::var("DBSS_EXPECT_CODEGEN").as_deref() {
        Ok("build-time") => assert_eq!(MODE, Mode::BuildTime),
        Ok("prebuilt") => assert_eq!(MODE, Mode::Prebuilt),
        Ok(other) => unreachable!("DBSS_EXPECT_CODEGEN is {other}"),
        Err(_) => {}
    }
}
