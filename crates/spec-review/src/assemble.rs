//! From raw findings to a report: proofs, places, words and fingerprints.

use std::collections::HashSet;

use openapi_document::Document;

use crate::diff::Certainty;
use crate::explain::why;
use crate::law::{Direction, Effect, Level};
use crate::report::{Finding, Location};
use crate::rules::{self, Rule};
use crate::side::Place;
use crate::text;
use crate::wire::{Raw, Wire};
use crate::witness::{Searcher, Witness};

/// Proofs are looked for until so many findings have been tried.
const MOST_SEARCHES: usize = 2_000;
/// So many bodies without a break are sampled for one that was overlooked.
const MOST_SAMPLED: usize = 256;

/// The findings of the wire axis.
pub(crate) fn wire_findings(wire: &mut Wire<'_>, base: &Document, head: &Document) -> Vec<Finding> {
    let mut findings = Vec::new();
    let raws = std::mem::take(&mut wire.found);
    // The uses in which something breaks.
    let mut broken = HashSet::new();
    let mut proven = HashSet::new();
    for (index, raw) in raws.into_iter().enumerate() {
        let witness = if index < MOST_SEARCHES { prove(wire, &raw) } else { None };
        let level = match (raw.level, raw.certainty) {
            (Level::Breaking, Certainty::Probe) if witness.is_none() => continue,
            // Without a proof it is no more than a guess.
            (_, Certainty::Probe) if raw.rule.id == rules::OVERLAP.id && witness.is_none() => {
                continue;
            }
            (Level::Breaking, Certainty::Certain | Certainty::Likely) if witness.is_none() => {
                Level::Suspected
            }
            (level, _) => level,
        };
        // A union inside a union shows in the same value; once is enough.
        let sign = raw.anchor.as_ref().map(|anchor| anchor.usage).zip(witness.clone());
        let sign = sign.map(|(usage, witness)| (usage, witness.payload));
        if raw.rule.id == rules::OVERLAP.id && !proven.insert(sign) {
            continue;
        }
        if level.is_break() {
            broken.extend(raw.anchor.as_ref().map(|anchor| anchor.usage));
        }
        findings.push(finding(wire, &raw, level, witness, (base, head)));
    }
    findings.extend(overlooked(wire, &broken, (base, head)));
    findings
}

fn prove(wire: &mut Wire<'_>, raw: &Raw) -> Option<Witness> {
    if raw.level != Level::Breaking {
        return None;
    }
    if let Some(proof) = &raw.proof {
        let operation = wire.operations.get(*raw.operations.first()?)?.request_line.clone();
        return Searcher::judge(proof, &operation);
    }
    if raw.certainty == Certainty::Beyond {
        return None;
    }
    let anchor = raw.anchor.clone()?;
    Searcher::new(wire).search(raw.rule, &anchor)
}

/// Looks for breaks that no finding tells of, in bodies that changed without a break.
fn overlooked(
    wire: &mut Wire<'_>,
    broken: &HashSet<usize>,
    sources: (&Document, &Document),
) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    let mut seen = HashSet::new();
    for index in 0..wire.uses.len() {
        if seen.len() >= MOST_SAMPLED {
            break;
        }
        let Some(usage) = wire.uses.get(index).cloned() else { break };
        // Other operations that share the body have been sampled with the first one.
        if broken.contains(&index) || seen.contains(&usage.root) {
            continue;
        }
        let hits = wire.schematics.walk(usage.root);
        if hits.is_empty() {
            continue;
        }
        seen.insert(usage.root);
        let breaks = hits.iter().any(|hit| {
            let diff = wire.schematics.diff(hit.pair);
            let told =
                diff.edits.get(hit.edit).is_some_and(|edit| edit.certainty != Certainty::Probe);
            told && hit.effect.breaks(usage.direction)
        });
        let unstable =
            wire.operations.get(usage.operation).is_some_and(|operation| operation.unstable);
        // Text that stands for a number is taken by whoever takes any text.
        let text = wire.schematics.pair(usage.root).is_none_or(|pair| pair.text);
        if breaks || unstable || text {
            continue;
        }
        let Some(witness) = Searcher::new(wire).sample(index) else { continue };
        let pair = wire.schematics.diff(usage.root);
        let raw = Raw {
            rule: &rules::OVERLAP,
            level: Level::Breaking,
            effect: Effect::NEITHER,
            direction: Some(usage.direction),
            both_ways: false,
            certainty: Certainty::Probe,
            base: pair.base.clone(),
            head: pair.head.clone(),
            message: "a payload that one document accepts is refused by the other".to_owned(),
            operations: std::iter::once(usage.operation).collect(),
            anchor: None,
            proof: None,
        };
        found.push(finding(wire, &raw, Level::Breaking, Some(witness), sources));
    }
    found
}

fn finding(
    wire: &Wire<'_>,
    raw: &Raw,
    level: Level,
    witness: Option<Witness>,
    (base, head): (&Document, &Document),
) -> Finding {
    let mut operations: Vec<String> = raw
        .operations
        .iter()
        .filter_map(|id| wire.operations.get(*id))
        .map(|operation| operation.name.clone())
        .collect();
    operations.sort();
    operations.dedup();
    let (old, new) = (locate(base, raw.base.as_ref()), locate(head, raw.head.as_ref()));
    let removed = raw.head.is_none()
        || raw.rule.id.ends_with("-removed")
        || raw.message.ends_with("was removed");
    let named =
        if removed { base.named_pointer(&old.pointer) } else { head.named_pointer(&new.pointer) };
    let direction = match raw.direction.filter(|_| raw.anchor.is_some()) {
        Some(_) if raw.both_ways => " (in requests and answers)",
        Some(Direction::Request) => " (in requests)",
        Some(Direction::Response) => " (in answers)",
        None => "",
    };
    let mut reason = why(raw.rule, level, raw.direction, raw.effect);
    if let Some(direction) = raw.direction.filter(|_| raw.both_ways) {
        let other = why(raw.rule, level, Some(direction.other()), raw.effect.flipped(true));
        if other != reason {
            reason = format!("{reason}; {other}");
        }
    }
    let label = text::label(&named);
    let message = format!("{label}: {}{direction}", raw.message);
    build(raw.rule, level, operations, (old, new), message, &named, reason, witness)
}

/// A finding with its fingerprint.
#[expect(clippy::too_many_arguments, reason = "the parts of a finding, put together in one place")]
pub(crate) fn build(
    rule: &'static Rule,
    level: Level,
    operations: Vec<String>,
    (base, head): (Location, Location),
    message: String,
    identity: &str,
    mut why: String,
    witness: Option<Witness>,
) -> Finding {
    if level == Level::Suspected {
        why.push_str("; no payload was found that proves it, so it is only suspected");
    }
    let fingerprint = fingerprint(&[rule.axis.name(), rule.id, identity, &message]);
    Finding {
        rule,
        axis: rule.axis,
        level,
        operations,
        base,
        head,
        message,
        why,
        instead: rule.instead.to_owned(),
        witness,
        fingerprint,
        approved: None,
    }
}

/// Where a place is; the beginning of the document if it is nowhere.
pub(crate) fn locate(source: &Document, place: Option<&Place>) -> Location {
    let position = source.position(place.map(|place| place.span).unwrap_or_default());
    Location {
        pointer: place.map(|place| place.pointer.to_string()).unwrap_or_default(),
        file: source.name().to_owned(),
        line: position.line,
        column: position.column,
    }
}

/// A hash that stays the same from one release of Rust to the next (FNV-1a).
fn fingerprint(parts: &[&str]) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for part in parts {
        for byte in part.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    format!("{hash:016x}")
}
