//! The reason and the advice of a finding, for people who do not read schemas.

use crate::change::{Aspect, Change, ItemKind, Part};
use crate::compatibility::{Direction, Level, SetEffect};
use crate::report::Finding;

/// Why a finding is breaking or is not: a fragment on one line.
#[must_use]
pub fn reason(finding: &Finding) -> String {
    let mut directions = finding.subject.directions.iter().copied();
    let mut text = in_direction(finding, directions.next(), finding.effect).to_owned();
    if let Some(other) = directions.next() {
        // What narrows in one direction widens in the other.
        let other = in_direction(finding, Some(other), finding.effect.reversed_if(true));
        if other != text {
            text.push_str("; ");
            text.push_str(other);
        }
    }
    if finding.level == Level::Suspected {
        text.push_str("; no payload was found that proves it, so it is only suspected");
    }
    text
}

/// What to do instead of a breaking change: a fragment.
#[must_use]
pub fn advice(finding: &Finding) -> &'static str {
    finding.rule.advice
}

fn in_direction(
    finding: &Finding,
    direction: Option<Direction>,
    effect: SetEffect,
) -> &'static str {
    let own = finding.rule.reason(finding.level, effect).or_else(|| of_item(&finding.change));
    own.unwrap_or_else(|| by_compatibility_rule(finding.level, direction, effect))
}

fn by_compatibility_rule(
    level: Level,
    direction: Option<Direction>,
    effect: SetEffect,
) -> &'static str {
    match (level, direction) {
        (Level::Breaking | Level::Suspected, Some(Direction::Request)) => {
            "a caller that sends what was valid until now is refused"
        }
        (Level::Breaking | Level::Suspected, Some(Direction::Response)) => {
            "a reader that was written for the old responses now gets values that were not documented"
        }
        (Level::Breaking | Level::Suspected, None) => {
            "somebody who relied on the old document breaks"
        }
        (Level::Warning, _) => "nothing is refused, but somebody may notice",
        (Level::Info, Some(Direction::Request)) if effect.widens => {
            "callers may now send more than before; what they sent stays valid"
        }
        (Level::Info, Some(Direction::Response)) if effect.narrows => {
            "responses have fewer values than readers had to expect"
        }
        (Level::Info, _) => "nobody has to act on it",
    }
}

/// The reason for a change of a public item, to which the compatibility rule does not apply.
fn of_item(change: &Change) -> Option<&'static str> {
    Some(match change {
        Change::Replaced { aspect: Aspect::ItemKind, .. } => {
            "code that uses it as the old kind no longer compiles"
        }
        Change::Replaced { aspect: Aspect::Signature(_), .. } => {
            "code that relies on the old type no longer compiles"
        }
        Change::Exhaustiveness { exhaustive: false, .. } => {
            "code that names all members no longer compiles"
        }
        Change::Exhaustiveness { exhaustive: true, .. } => {
            "code that compiles today still compiles"
        }
        Change::Added { part: Part::Item { kind, exhaustive }, .. } => match (exhaustive, kind) {
            (true, ItemKind::Variant) => "code that matches on all variants no longer compiles",
            (true, _) => "code that names all fields no longer compiles",
            (false, _) => "existing code does not use it",
        },
        _ => return None,
    })
}
