//! Colours: on a terminal that can show them, and never with `NO_COLOR`.

use std::io::{self, IsTerminal as _};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};

/// What went well.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
/// What went wrong.
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
/// What one should look at.
pub(crate) const CAREFUL: Style = AnsiColor::Yellow.on_default().bold();
/// What few look at.
pub(crate) const ASIDE: Style = Style::new().dimmed();

/// Standard output, which drops colours that are not wanted.
pub(crate) fn stdout() -> AutoStream<io::StdoutLock<'static>> {
    let stdout = io::stdout().lock();
    let choice = choice(stdout.is_terminal());
    AutoStream::new(stdout, choice)
}

/// Standard error, which drops colours that are not wanted.
pub(crate) fn stderr() -> AutoStream<io::StderrLock<'static>> {
    let stderr = io::stderr().lock();
    let choice = choice(stderr.is_terminal());
    AutoStream::new(stderr, choice)
}

/// Whether a log on standard error has colours.
pub(crate) fn in_log() -> bool {
    choice(io::stderr().is_terminal()) != ColorChoice::Never
}

fn choice(is_terminal: bool) -> ColorChoice {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
    if is_terminal && !dumb && !set("NO_COLOR") { ColorChoice::Always } else { ColorChoice::Never }
}
