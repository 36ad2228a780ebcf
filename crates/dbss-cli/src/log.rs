//! The log on standard error that `-v` turns on.

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::colour;

/// Starts the log: calls with `-v`, and attempts too with `-vv`.
pub(crate) fn start(verbose: u8) {
    let level = match verbose {
        0 => return,
        1 => LevelFilter::INFO,
        _ => LevelFilter::DEBUG,
    };
    let log = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(colour::colours_log())
        .with_span_events(FmtSpan::CLOSE)
        // Only the client's own log is known to be free of secrets.
        .with_filter(Targets::new().with_target("dbss_client", level));
    // There is no other subscriber in this process.
    let _ = tracing_subscriber::registry().with(log).try_init();
}
