//! From what was found on the wire to findings: proofs, places and names.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use openapi_document::Document;

use crate::change::Change;
use crate::diff::{Certainty, PairId};
use crate::law::{Direction, Effect, Level};
use crate::report::Finding;
use crate::rules;
use crate::side::Place;
use crate::subject::{Location, Subject};
use crate::versions::Versions;
use crate::wire::{About, Message, Raw, Wire};
use crate::witness::{Searcher, Witness};

/// Proofs are looked for until so many findings have been tried.
const MOST_SEARCHES: usize = 2_000;
/// So many bodies without a break are sampled for one that was overlooked.
const MOST_SAMPLED: usize = 256;

/// The findings of the wire axis.
pub(crate) fn wire_findings(wire: &mut Wire<'_>, sources: Versions<&Document>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let raws = std::mem::take(&mut wire.found);
    // The bodies in which something breaks, whoever uses them.
    let mut broken = HashSet::new();
    let mut proven = HashSet::new();
    for (index, raw) in raws.into_iter().enumerate() {
        let witness = if index < MOST_SEARCHES { prove(wire, &raw) } else { None };
        let level = match (raw.level, raw.certainty) {
            (Level::Breaking, Certainty::Probe) if witness.is_none() => continue,
            // Without a proof it is no more than a guess.
            (_, Certainty::Probe) if raw.rule.needs_proof && witness.is_none() => continue,
            (Level::Breaking, Certainty::Certain | Certainty::Likely) if witness.is_none() => {
                Level::Suspected
            }
            (level, _) => level,
        };
        // A union inside a union shows in the same value; once is enough.
        let sign = raw.anchor.as_ref().map(|anchor| anchor.usage).zip(witness.clone());
        let sign = sign.map(|(usage, witness)| (usage, witness.payload));
        if raw.rule.needs_proof && !proven.insert(sign) {
            continue;
        }
        if level.is_break() {
            let usage = raw.anchor.as_ref().and_then(|anchor| wire.uses.get(anchor.usage));
            broken.extend(usage.map(|usage| usage.root));
        }
        findings.push(finding(wire, raw, level, witness, sources));
    }
    for (raw, witness) in overlooked(wire, &broken) {
        findings.push(finding(wire, raw, Level::Breaking, Some(witness), sources));
    }
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
fn overlooked(wire: &mut Wire<'_>, broken: &HashSet<PairId>) -> Vec<(Raw, Witness)> {
    let mut found: Vec<(Raw, Witness)> = Vec::new();
    // The same schemas may be used in several ways.
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut seen = HashSet::new();
    for index in 0..wire.uses.len() {
        if seen.len() >= MOST_SAMPLED {
            break;
        }
        let Some(usage) = wire.uses.get(index).cloned() else { break };
        // Other operations that share the body have been sampled with the first one.
        if broken.contains(&usage.root) || seen.contains(&usage.root) {
            continue;
        }
        let hits = wire.schematics.walk(usage.root);
        if hits.is_empty() {
            continue;
        }
        seen.insert(usage.root);
        let Message { operation, direction } = usage.message;
        let breaks = hits.iter().any(|hit| {
            let diff = wire.schematics.diff(hit.pair);
            let told =
                diff.edits.get(hit.edit).is_some_and(|edit| edit.certainty != Certainty::Probe);
            told && hit.effect.breaks(direction)
        });
        let unstable = wire.operations.get(operation).is_some_and(|operation| operation.unstable);
        // Text that stands for a number is taken by whoever takes any text.
        let text = wire.schematics.pair(usage.root).is_none_or(|pair| pair.text);
        if breaks || unstable || text {
            continue;
        }
        let Some(witness) = Searcher::new(wire).sample(index) else { continue };
        let at = wire.schematics.diff(usage.root).at.clone();
        let (rule, change) = (&rules::OVERLAP, Change::Unexplained);
        let raw = Raw {
            rule,
            id: wire.identify(rule, About::places(&at), &change),
            level: Level::Breaking,
            effect: Effect::NEITHER,
            direction: Some(direction),
            both_ways: false,
            certainty: Certainty::Probe,
            at,
            change,
            operations: std::iter::once(operation).collect(),
            anchor: None,
            proof: None,
        };
        let first = known.get(&raw.id.fingerprint).and_then(|first| found.get_mut(*first));
        if let Some((first, _)) = first {
            first.join(raw);
        } else {
            known.insert(raw.id.fingerprint.clone(), found.len());
            found.push((raw, witness));
        }
    }
    found
}

fn finding(
    wire: &Wire<'_>,
    raw: Raw,
    level: Level,
    witness: Option<Witness>,
    sources: Versions<&Document>,
) -> Finding {
    let mut operations: Vec<String> = raw
        .operations
        .iter()
        .filter_map(|id| wire.operations.get(*id))
        .map(|operation| operation.name.clone())
        .collect();
    operations.sort();
    operations.dedup();
    let other = raw.direction.filter(|_| raw.both_ways).map(Direction::other);
    let at = sources.zip(raw.at.each()).map(|(source, place)| locate(source, place.as_ref()));
    let id = Rc::unwrap_or_clone(raw.id);
    Finding {
        rule: raw.rule,
        level,
        subject: Subject {
            target: id.target,
            operations,
            directions: raw.direction.into_iter().chain(other).collect(),
            at,
        },
        change: raw.change,
        effect: raw.effect,
        witness,
        fingerprint: id.fingerprint,
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
