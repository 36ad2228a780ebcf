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
            "a reader that was written for the old answers now meets values that it was never told of"
        }
        (Level::Breaking | Level::Suspected, None) => {
            "somebody who relied on the old document breaks"
        }
        (Level::Warning, _) => "nothing is refused, but somebody may notice",
        (Level::Info, Some(Direction::Request)) if effect.widens => {
            "callers may now send more than before; what they sent stays valid"
        }
        (Level::Info, Some(Direction::Response)) if effect.narrows => {
            "answers hold less than readers had to be ready for"
        }
        (Level::Info, _) => "nobody has to act on it",
    }
}

/// The reason for a change of a public item, to which the compatibility rule does not apply.
fn of_item(change: &Change) -> Option<&'static str> {
    Some(match change {
        Change::Replaced { aspect: Aspect::ItemKind, .. } => {
            "code that uses it as what it was does not compile any more"
        }
        Change::Replaced { aspect: Aspect::Signature(_), .. } => {
            "code that relies on the old type does not compile any more"
        }
        Change::Exhaustiveness { exhaustive: false, .. } => {
            "code that names all members does not compile any more"
        }
        Change::Exhaustiveness { exhaustive: true, .. } => {
            "code that compiles today goes on compiling"
        }
        Change::Added { part: Part::Item { kind, exhaustive }, .. } => match (exhaustive, kind) {
            (true, ItemKind::Variant) => {
                "code that matches on all variants does not compile any more"
            }
            (true, _) => "code that names all fields does not compile any more",
            (false, _) => "code that compiles today does not know it",
        },
        _ => return None,
    })
}
