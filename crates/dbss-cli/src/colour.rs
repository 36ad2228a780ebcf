//! Colours of the output: on a terminal that supports them, never with `NO_COLOR`.

use std::io::{self, IsTerminal as _};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};

/// A success.
pub(crate) const SUCCESS: Style = AnsiColor::Green.on_default().bold();
/// An error.
pub(crate) const ERROR: Style = AnsiColor::Red.on_default().bold();
/// A warning, or a state that is unknown.
pub(crate) const WARNING: Style = AnsiColor::Yellow.on_default().bold();
/// Secondary details.
pub(crate) const DIM: Style = Style::new().dimmed();

/// Standard output; colours are stripped where they are off.
pub(crate) fn stdout() -> AutoStream<io::StdoutLock<'static>> {
    let stdout = io::stdout().lock();
    let choice = colour_choice(stdout.is_terminal());
    AutoStream::new(stdout, choice)
}

/// Standard error; colours are stripped where they are off.
pub(crate) fn stderr() -> AutoStream<io::StderrLock<'static>> {
    let stderr = io::stderr().lock();
    let choice = colour_choice(stderr.is_terminal());
    AutoStream::new(stderr, choice)
}

/// Whether a log on standard error is coloured.
pub(crate) fn colours_log() -> bool {
    colour_choice(io::stderr().is_terminal()) != ColorChoice::Never
}

fn colour_choice(is_terminal: bool) -> ColorChoice {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
    if is_terminal && !dumb && !set("NO_COLOR") { ColorChoice::Always } else { ColorChoice::Never }
}
