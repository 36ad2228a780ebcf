//! What the commands print.

use std::error::Error;
use std::fs::File;
use std::process::Command;

#[cfg(target_os = "linux")]
#[test]
fn returns_its_exit_code_when_its_output_cannot_be_written() -> Result<(), Box<dyn Error>> {
    let full = || File::options().write(true).open("/dev/full");
    for (arguments, code) in [
        (&["lint"][..], 0),
        (&["lint", "--rules"], 0),
        (&["lint", "no-such-file.yaml"], 2),
        (&["tidy"], 0),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        let status = command.args(arguments).stdout(full()?).stderr(full()?).status()?;
        assert_eq!(status.code(), Some(code), "{arguments:?}");
    }
    Ok(())
}
