//! What is said on standard error while a call runs.

use std::io::{self, IsTerminal as _};

use dbss_client::ClientBuilder;

use crate::global_options::GlobalOptions;
use crate::{printer, render};

/// The client that tells of its retries: on a terminal, where somebody waits, and elsewhere
/// if a log is asked for. Never with `--quiet`.
pub(crate) fn told_of_retries(builder: ClientBuilder, options: &GlobalOptions) -> ClientBuilder {
    let is_told = options.verbose > 0 || io::stderr().is_terminal();
    if options.quiet || !is_told {
        return builder;
    }
    builder.on_retry(|retry| printer::write_stderr(&render::retry(retry)))
}
