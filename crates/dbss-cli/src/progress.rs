//! What a call has come to so far, read from the client's spans: whether a
//! request may have had effect is a question even when there is no outcome to ask,
//! after Ctrl-C. With `-v`, the spans are logged too.

use std::sync::{Arc, Mutex, PoisonError};

use tracing::Subscriber;
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;

use crate::colour;

/// The span of an attempt.
const ATTEMPT: &str = "dbss_attempt";

/// What the attempts have come to so far.
#[derive(Clone, Default)]
pub(crate) struct Progress(Arc<Mutex<Seen>>);

#[derive(Clone, Copy, Default)]
struct Seen {
    attempts: u32,
    /// The last one has not ended.
    under_way: bool,
    /// One that has ended may have had effect.
    had_effect: bool,
}

/// Starts to follow the calls of this process, and to log them if asked to.
pub(crate) fn start(verbose: u8) -> Progress {
    let progress = Progress::default();
    let level = match verbose {
        0 => LevelFilter::OFF,
        1 => LevelFilter::INFO,
        _ => LevelFilter::DEBUG,
    };
    let log = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(colour::in_log())
        .with_span_events(FmtSpan::CLOSE)
        // No other crate is known to keep secrets out of its log.
        .with_filter(Targets::new().with_target("dbss_client", level));
    let follower = Follower(progress.clone());
    let subscriber = tracing_subscriber::registry().with(follower).with(log);
    // There is no other subscriber in this process.
    let _ = tracing::subscriber::set_global_default(subscriber);
    progress
}

impl Progress {
    /// How many attempts were begun.
    pub(crate) fn attempts(&self) -> u32 {
        self.seen().attempts
    }

    /// Whether a request may have had effect.
    pub(crate) fn may_have_had_effect(&self) -> bool {
        let seen = self.seen();
        seen.under_way || seen.had_effect
    }

    fn seen(&self) -> Seen {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Seen)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

struct Follower(Progress);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Follower {
    fn on_new_span(&self, attributes: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        if attributes.metadata().name() == ATTEMPT {
            self.0.change(|seen| {
                seen.attempts += 1;
                seen.under_way = true;
            });
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if context.metadata(id).is_some_and(|metadata| metadata.name() == ATTEMPT) {
            values.record(&mut Ending(&self.0));
        }
    }
}

/// Reads how an attempt ended.
struct Ending<'a>(&'a Progress);

impl Ending<'_> {
    fn ended(&self, had_effect: bool) {
        self.0.change(|seen| {
            seen.under_way = false;
            seen.had_effect |= had_effect;
        });
    }
}

impl Visit for Ending<'_> {
    fn record_u64(&mut self, field: &Field, status: u64) {
        if field.name() == "status" {
            // What is refused, throttled or sent elsewhere is not carried out. After
            // 408 the service may have had all of the request.
            self.ended(!matches!(status, 300..=499) || status == 408);
        }
    }

    fn record_str(&mut self, field: &Field, word: &str) {
        if field.name() == "error" {
            self.ended(word != "connect");
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}
