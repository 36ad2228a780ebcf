//! What is said on standard error while a command runs.

use std::io::{self, IsTerminal as _};
use std::time::Duration;

use dbss_client::{ClientBuilder, Look};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressFinish, ProgressStyle};

use crate::action::Verb;
use crate::global_options::{GlobalOptions, OutputFormat};
use crate::{printer, render, terminal};

/// How often the animation moves.
const TICK: Duration = Duration::from_millis(120);

/// Says what happens while a command runs. Clones write to the same place.
#[derive(Clone)]
pub(crate) struct Progress {
    tells_retries: bool,
    waits: Waits,
}

/// How a wait is shown.
#[derive(Clone)]
enum Waits {
    Silent,
    /// A line for each look.
    Lines,
    /// One line that moves, on a terminal.
    Animated(ProgressBar),
}

impl Progress {
    /// Retries are told on a terminal, where somebody waits, and elsewhere if a log is asked
    /// for; waits are shown, unless standard error is to have one JSON object and nothing else.
    /// Nothing is with `--quiet`.
    pub(crate) fn new(options: &GlobalOptions) -> Self {
        let is_terminal = io::stderr().is_terminal();
        let is_log = options.verbose > 0;
        let waits = if options.quiet {
            Waits::Silent
        } else if terminal::is_stderr_animated() && !is_log {
            Waits::Animated(animation())
        } else if is_log || is_terminal || options.output != OutputFormat::Json {
            Waits::Lines
        } else {
            Waits::Silent
        };
        Self { tells_retries: !options.quiet && (is_log || is_terminal), waits }
    }

    /// The client that tells of its retries.
    pub(crate) fn told_of_retries(&self, builder: ClientBuilder) -> ClientBuilder {
        if !self.tells_retries {
            return builder;
        }
        let own = self.clone();
        builder.on_retry(move |retry| own.write(&render::retry(retry)))
    }

    /// The service accepted a call that is waited for.
    pub(crate) fn accepted(&self, verb: Option<Verb>) {
        self.show(&render::accepted(verb));
        if let Waits::Animated(animation) = &self.waits {
            animation.enable_steady_tick(TICK);
        }
    }

    /// A wait has looked.
    pub(crate) fn looked(&self, look: &Look<'_>) {
        self.show(&render::look(look));
    }

    /// Removes what moves.
    pub(crate) fn end(&self) {
        if let Waits::Animated(animation) = &self.waits {
            animation.finish_and_clear();
        }
    }

    fn show(&self, state: &str) {
        match &self.waits {
            Waits::Silent => {}
            Waits::Lines => printer::write_stderr(&format!("waiting: {state}\n")),
            Waits::Animated(animation) => animation.set_message(state.to_owned()),
        }
    }

    /// Writes a line above what moves.
    fn write(&self, line: &str) {
        match &self.waits {
            Waits::Animated(animation) => animation.suspend(|| printer::write_stderr(line)),
            _ => printer::write_stderr(line),
        }
    }
}

/// Nothing is drawn before it is told to tick.
fn animation() -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {elapsed} {wide_msg}");
    ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr())
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()))
        .with_finish(ProgressFinish::AndClear)
}
