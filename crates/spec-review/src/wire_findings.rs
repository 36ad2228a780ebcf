//! From the candidates of the wire axis to findings: searches witnesses and fills in names.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use openapi_document::Document;

use crate::change::{Aspect, AspectValue, Change};
use crate::compatibility::{Direction, Level, SetEffect};
use crate::diff::{Certainty, PairId};
use crate::report::Finding;
use crate::resolver::NodeLocation;
use crate::rules;
use crate::subject::{Location, Subject};
use crate::versions::Versions;
use crate::wire::{Candidate, HttpMessage, TargetPointers, WireComparison};
use crate::witness::{MAX_ITEMS, MAX_PROPERTIES, MAX_TEXT_LENGTH, Witness, WitnessSearch};

/// At most so many bodies without a break are sampled for a break that was not detected.
const MAX_SAMPLED_BODIES: usize = 256;

/// The findings of the wire axis.
pub(crate) fn wire_findings(
    wire: &mut WireComparison<'_>,
    sources: Versions<&Document>,
) -> Vec<Finding> {
    wire.schema_comparison.budget().next_part();
    let mut findings = Vec::new();
    let candidates = std::mem::take(&mut wire.candidates);
    // The pairs of body schemas in which something breaks.
    let mut broken = HashSet::new();
    let mut proven = HashSet::new();
    for candidate in candidates {
        let witness = find_witness(wire, &candidate);
        let level = match (candidate.level, candidate.certainty) {
            (Level::Breaking, Certainty::NeedsWitness) if witness.is_none() => continue,
            // Without a witness such a change is only a guess.
            (_, Certainty::NeedsWitness)
                if candidate.rule.requires_witness && witness.is_none() =>
            {
                continue;
            }
            (Level::Breaking, Certainty::Certain)
                if witness.is_none() && is_too_long_to_print(wire, &candidate) =>
            {
                Level::Breaking
            }
            (Level::Breaking, Certainty::Certain | Certainty::Likely) if witness.is_none() => {
                Level::Suspected
            }
            (level, _) => level,
        };
        // A union inside a union is detected at both places by the same payload; it is reported
        // once.
        let usage = candidate.search_start.as_ref().map(|start| start.usage);
        let payload = usage.zip(witness.as_ref().map(|witness| witness.payload.clone()));
        if candidate.rule.requires_witness && !proven.insert(payload) {
            continue;
        }
        if level.is_break() {
            let usage = usage.and_then(|usage| wire.uses.get(usage));
            broken.extend(usage.map(|usage| usage.root));
        }
        findings.push(build_finding(wire, candidate, level, witness, sources));
    }
    for (candidate, witness) in unexplained_breaks(wire, &broken) {
        findings.push(build_finding(wire, candidate, Level::Breaking, Some(witness), sources));
    }
    findings
}

/// Whether a changed limit is certain to matter, although the payload that shows it is longer than
/// those that are generated: nothing else at the place limits the length.
fn is_too_long_to_print(wire: &mut WireComparison<'_>, candidate: &Candidate) -> bool {
    let Change::Replaced { aspect: Aspect::CountLimit(key), values } = &candidate.change else {
        return false;
    };
    let printable = match *key {
        "minLength" | "maxLength" => MAX_TEXT_LENGTH,
        "minItems" | "maxItems" => MAX_ITEMS,
        _ => MAX_PROPERTIES,
    };
    // A payload has one more or one less than the tighter limit.
    let counts =
        [&values.base, &values.head].into_iter().flatten().filter_map(|value| match value {
            AspectValue::Count(count) => Some(*count),
            _ => None,
        });
    let shown = if key.starts_with("min") { counts.max() } else { counts.min() };
    let pair = candidate.search_start.as_ref().map(|start| start.pair);
    let pair = pair.and_then(|pair| wire.schema_comparison.pair(pair));
    let (Some(shown), Some(pair)) = (shown, pair) else { return false };
    let sides = wire.schema_comparison.schemas.each_mut().zip(pair.conjunctions);
    let free = sides.map(|(schemas, id)| {
        let constraints = schemas.constraints(id);
        constraints.patterns.is_empty()
            && constraints.formats.is_empty()
            && constraints.values.is_none()
            && constraints.nots.is_empty()
            && constraints.unique.is_none()
    });
    shown >= printable && free.base && free.head
}

fn find_witness(wire: &mut WireComparison<'_>, candidate: &Candidate) -> Option<Witness> {
    if candidate.level != Level::Breaking {
        return None;
    }
    if let Some(prepared_witness) = &candidate.prepared_witness {
        let operation = wire.operations.get(*candidate.operations.first()?)?.request_line.clone();
        return WitnessSearch::check(prepared_witness, &operation);
    }
    if candidate.certainty == Certainty::NotWitnessable {
        return None;
    }
    let search_start = candidate.search_start.clone()?;
    let witness = WitnessSearch::new(wire).search(&search_start);
    let budget = wire.schema_comparison.budget();
    let cut_short = budget.is_used_up() || budget.is_used_up_for_automata();
    wire.proofs_cut_short |= witness.is_none() && cut_short;
    witness
}

/// Samples bodies that changed without a break, for breaks that no candidate explains.
fn unexplained_breaks(
    wire: &mut WireComparison<'_>,
    broken: &HashSet<PairId>,
) -> Vec<(Candidate, Witness)> {
    let mut found: Vec<(Candidate, Witness)> = Vec::new();
    // The same schemas may be used in several ways.
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut seen = HashSet::new();
    for index in 0..wire.uses.len() {
        if seen.len() >= MAX_SAMPLED_BODIES || wire.schema_comparison.budget().is_used_up() {
            break;
        }
        let Some(usage) = wire.uses.get(index).cloned() else { break };
        // Operations that share a body have been sampled with the first one.
        if broken.contains(&usage.root) || seen.contains(&usage.root) {
            continue;
        }
        let occurrences = wire.schema_comparison.occurrences(usage.root);
        if occurrences.is_empty() {
            continue;
        }
        seen.insert(usage.root);
        let HttpMessage { operation, direction } = usage.message;
        let breaks = occurrences.iter().any(|occurrence| {
            let diff = wire.schema_comparison.diff(occurrence.pair);
            let explained = diff
                .schema_changes
                .get(occurrence.schema_change)
                .is_some_and(|schema_change| schema_change.certainty != Certainty::NeedsWitness);
            explained && occurrence.effect.breaks(direction)
        });
        let unstable = wire.operations.get(operation).is_some_and(|operation| operation.unstable);
        // As text, a number is also accepted by a schema for strings, which the samples cannot
        // tell.
        let text = wire.schema_comparison.pair(usage.root).is_none_or(|pair| pair.text);
        if breaks || unstable || text {
            continue;
        }
        let Some((witness, because_of)) = WitnessSearch::new(wire).sample(index) else { continue };
        let whole = || wire.schema_comparison.diff(usage.root).at.clone();
        let at = because_of.map_or_else(whole, |occurrence| occurrence.at);
        let candidate = unexplained(wire, usage.message, at);
        let first = known.get(&candidate.key.fingerprint).and_then(|first| found.get_mut(*first));
        if let Some((first, _)) = first {
            first.merge(candidate);
        } else {
            known.insert(candidate.key.fingerprint.clone(), found.len());
            found.push((candidate, witness));
        }
    }
    found
}

/// The candidate of a break that no change explains.
fn unexplained(
    wire: &mut WireComparison<'_>,
    message: HttpMessage,
    at: Versions<Option<NodeLocation>>,
) -> Candidate {
    let (rule, change) = (&rules::OVERLAP, Change::Unexplained);
    Candidate {
        rule,
        key: wire.finding_key(rule, TargetPointers::of(&at), &change),
        level: Level::Breaking,
        effect: SetEffect::NEITHER,
        direction: Some(message.direction),
        both_directions: false,
        certainty: Certainty::NeedsWitness,
        at,
        change,
        operations: std::iter::once(message.operation).collect(),
        search_start: None,
        prepared_witness: None,
    }
}

fn build_finding(
    wire: &WireComparison<'_>,
    candidate: Candidate,
    level: Level,
    witness: Option<Witness>,
    sources: Versions<&Document>,
) -> Finding {
    let mut operations: Vec<String> = candidate
        .operations
        .iter()
        .filter_map(|id| wire.operations.get(*id))
        .map(|operation| operation.name.clone())
        .collect();
    operations.sort();
    operations.dedup();
    let other = candidate.direction.filter(|_| candidate.both_directions).map(Direction::opposite);
    let locations = sources
        .zip(candidate.at.each())
        .map(|(source, location)| Location::of(source, location.as_ref()));
    let key = Rc::unwrap_or_clone(candidate.key);
    Finding {
        rule: candidate.rule,
        level,
        subject: Subject {
            target: key.target,
            operations,
            directions: candidate.direction.into_iter().chain(other).collect(),
            locations,
        },
        change: candidate.change,
        effect: candidate.effect,
        witness,
        fingerprint: key.fingerprint,
        approved: None,
    }
}
