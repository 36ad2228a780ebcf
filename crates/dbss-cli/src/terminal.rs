//! What is known of the terminals that the command writes to.

use std::io::{self, IsTerminal as _};

use terminal_size::{Width, terminal_size_of};

/// How many columns standard output has; `None` if it is not a terminal, or does not say.
pub(crate) fn width() -> Option<usize> {
    let stdout = io::stdout();
    let (Width(width), _) = terminal_size_of(stdout.is_terminal().then_some(&stdout)?)?;
    Some(usize::from(width))
}

/// Whether lines on standard error can be drawn over: it is a terminal, and no simple one.
pub(crate) fn is_stderr_animated() -> bool {
    let is_dumb = std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
    io::stderr().is_terminal() && !is_dumb
}
