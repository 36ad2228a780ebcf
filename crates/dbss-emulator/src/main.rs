//! The command `dbss-emulator`.

mod cli;

use clap::Parser as _;

#[tokio::main]
async fn main() {
    let arguments = cli::Arguments::try_parse().unwrap_or_else(|error| cli::reject(&error));
    let code = match cli::run(arguments).await {
        Ok(()) => 0,
        Err(failure) => {
            cli::write_log(&format!("error: {failure}\n"));
            2
        }
    };
    // Not by returning: the runtime would wait for the read of a state file that never ends.
    std::process::exit(code)
}
