//! The command `spec-review`: compares two OpenAPI documents.

use std::process::ExitCode;

use clap::Parser as _;
use spec_review::cli::{Arguments, run};

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(false) => ExitCode::SUCCESS,
        Ok(true) => ExitCode::from(1),
        Err(error) => {
            eprint!("error: {error}");
            let mut cause = std::error::Error::source(&error);
            while let Some(error) = cause {
                eprint!(": {error}");
                cause = error.source();
            }
            eprintln!();
            ExitCode::from(2)
        }
    }
}
