//! Object keywords: properties, `required` and `additionalProperties`.

use std::collections::BTreeSet;

use super::strings::{LimitEnd, count_effect};
use super::{Certainty, Diff, PairContext, SchemaChange, SchemaComparison, Step};
use crate::change::{AccessMode, AdditionalPropertiesChange, Change, Part};
use crate::compatibility::{Direction, Level, SetEffect};
use crate::resolver::NodeLocation;
use crate::rules::{self, Rule};
use crate::schema::{AdditionalProperties, ConjunctionId, Constraints, KeywordValue, SchemaId};
use crate::versions::Versions;

/// The state of one property in a document, for values that travel in one direction.
struct PropertyState {
    /// The schema, unless the property is not named or does not travel.
    conjunction: Option<ConjunctionId>,
    /// The schema object that names it.
    schema: Option<SchemaId>,
    /// It is named, and read-only in a request or write-only in a response.
    excluded: bool,
    required: bool,
    location: Option<NodeLocation>,
}

impl SchemaComparison<'_> {
    pub(super) fn compare_objects(&mut self, context: &PairContext<'_>, diff: &mut Diff) {
        let Versions { base, head } = context.constraints;
        for name in base.properties.keys() {
            self.compare_property(context, name, diff);
        }
        for name in head.properties.keys().filter(|name| !base.properties.contains_key(*name)) {
            self.compare_property(context, name, diff);
        }
        let named = |name: &String| {
            base.properties.contains_key(name) || head.properties.contains_key(name)
        };
        let unnamed: BTreeSet<_> =
            base.required.keys().chain(head.required.keys()).filter(|name| !named(name)).collect();
        for name in unnamed {
            let required =
                context.constraints.map(|constraints| constraints.required.contains_key(name));
            diff.schema_changes.extend(self.required_change(context, name, required));
        }
        self.compare_property_counts(context, diff);
        self.compare_additional_properties(context, diff);
    }

    fn property_states(
        &mut self,
        context: &PairContext<'_>,
        name: &str,
    ) -> Versions<PropertyState> {
        let direction = context.pair.direction;
        self.schemas.each_mut().zip(context.constraints).map(|(schemas, constraints)| {
            let property = constraints.properties.get(name);
            let excluded = schemas.is_excluded(constraints, name, direction);
            let required = schemas.is_required(constraints, name, direction);
            let location = property
                .and_then(|property| schemas.object(property.schema).location_of_property(name));
            let conjunction = property.filter(|_| !excluded).map(|property| property.value);
            let schema = property.map(|property| property.schema);
            PropertyState { conjunction, schema, excluded, required, location }
        })
    }

    fn compare_property(&mut self, context: &PairContext<'_>, name: &str, diff: &mut Diff) {
        let states = self.property_states(context, name);
        let required = states.each().map(|states| states.required);
        match (states.base.conjunction, states.head.conjunction) {
            (None, None) => {
                diff.schema_changes.extend(self.required_change(context, name, required));
            }
            (Some(base), Some(head)) => {
                diff.schema_changes.extend(self.required_change(context, name, required));
                let step = Step::Property(name.to_owned());
                let inner_pair = self.inner_pair(context, Versions::new(base, head), step);
                diff.inner_pairs.push(inner_pair);
            }
            (None, Some(head)) => self.property_added(context, name, &states, head, diff),
            (Some(base), None) => self.property_removed(context, name, &states, base, diff),
        }
    }

    fn required_change(
        &self,
        context: &PairContext<'_>,
        name: &str,
        required: Versions<bool>,
    ) -> Option<SchemaChange> {
        if !required.differ() {
            return None;
        }
        let at = context
            .constraints
            .map(|constraints| constraints.required.get(name).map(|schema| (*schema, "required")));
        let change = Change::required(Part::Property(name.to_owned()), required.head);
        Some(self.schema_change(
            context,
            &rules::REQUIRED,
            requirement_effect(required),
            at,
            change,
        ))
    }

    fn property_change(
        &self,
        context: &PairContext<'_>,
        rule: &'static Rule,
        states: &Versions<PropertyState>,
        effect: SetEffect,
        change: Change,
    ) -> SchemaChange {
        let keyword =
            states.each().map(|states| states.schema.map(|schema| (schema, "properties")));
        let schema_change = self.schema_change(context, rule, effect, keyword, change);
        SchemaChange {
            at: states.each().map(|states| states.location.clone()).or(schema_change.at),
            ..schema_change
        }
    }

    fn property_added(
        &mut self,
        context: &PairContext<'_>,
        name: &str,
        states: &Versions<PropertyState>,
        head: ConjunctionId,
        diff: &mut Diff,
    ) {
        let required = states.head.required;
        let mut effect = requirement_effect(states.each().map(|states| states.required));
        if states.base.excluded {
            let (rule, mode) = access_mode(context.pair.direction);
            let change =
                Change::AccessMode { property: name.to_owned(), required, mode, set: false };
            diff.schema_changes.push(self.property_change(context, rule, states, effect, change));
            return;
        }
        let rest = match context.constraints.base.additional {
            // It was required without being named: it was sent, with any value.
            AdditionalProperties::Open if states.base.required => Some(self.schemas.base.all([])),
            AdditionalProperties::Open => None,
            // A property that was not named was refused.
            AdditionalProperties::Closed(_) => {
                effect.widens = true;
                None
            }
            AdditionalProperties::Schema(rest, _) => Some(rest),
        };
        if let Some(rest) = rest {
            let step = Step::Property(name.to_owned());
            let inner_pair = self.inner_pair(context, Versions::new(rest, head), step);
            diff.inner_pairs.push(inner_pair);
        }
        let part = Part::Property(name.to_owned());
        let change = Change::Added { part, required: Some(required) };
        diff.schema_changes.push(self.property_change(
            context,
            &rules::PROPERTY_ADDED,
            states,
            effect,
            change,
        ));
    }

    fn property_removed(
        &mut self,
        context: &PairContext<'_>,
        name: &str,
        states: &Versions<PropertyState>,
        base: ConjunctionId,
        diff: &mut Diff,
    ) {
        let required = states.base.required;
        let mut effect = requirement_effect(states.each().map(|states| states.required));
        if states.head.excluded {
            let (rule, mode) = access_mode(context.pair.direction);
            let change =
                Change::AccessMode { property: name.to_owned(), required, mode, set: true };
            let schema_change = self.property_change(context, rule, states, effect, change);
            let compatible_level = if context.pair.direction == Direction::Response {
                Level::Warning
            } else {
                Level::Info
            };
            diff.schema_changes.push(SchemaChange { compatible_level, ..schema_change });
            return;
        }
        let rest = match context.constraints.head.additional {
            AdditionalProperties::Open if states.head.required => Some(self.schemas.head.all([])),
            AdditionalProperties::Open => None,
            AdditionalProperties::Closed(_) => {
                effect.narrows = true;
                None
            }
            AdditionalProperties::Schema(rest, _) => Some(rest),
        };
        if let Some(rest) = rest {
            let step = Step::Property(name.to_owned());
            let inner_pair = self.inner_pair(context, Versions::new(base, rest), step);
            diff.inner_pairs.push(inner_pair);
        }
        let part = Part::Property(name.to_owned());
        // Deprecation determines the level, and is not part of the change.
        let change = Change::Removed { part, required: Some(required), deprecated: false };
        let schema_change =
            self.property_change(context, &rules::PROPERTY_REMOVED, states, effect, change);
        // Its users have been warned by the deprecation.
        let deprecated = self.schemas.base.constraints(base).deprecated.is_some();
        let compatible_level = if deprecated { Level::Info } else { Level::Warning };
        diff.schema_changes.push(SchemaChange { compatible_level, ..schema_change });
    }

    fn compare_property_counts(&mut self, context: &PairContext<'_>, diff: &mut Diff) {
        // Required properties imply a minimum of their own.
        let least = context.constraints.map(|constraints| {
            let required = constraints.required.len() as u64;
            Some(constraints.min_properties.as_ref().map_or(0, |min| min.value).max(required))
        });
        let certain = Certainty::Certain;
        let min = context.constraints.map(|constraints| constraints.min_properties.as_ref());
        if count_effect(LimitEnd::Lower, least) != SetEffect::NEITHER {
            let schema_change =
                self.count_change(context, &rules::MIN_PROPERTIES, LimitEnd::Lower, min, certain);
            diff.schema_changes.extend(schema_change);
        }
        let max = context.constraints.map(|constraints| constraints.max_properties.as_ref());
        let schema_change =
            self.count_change(context, &rules::MAX_PROPERTIES, LimitEnd::Upper, max, certain);
        diff.schema_changes.extend(schema_change);
    }

    fn compare_additional_properties(&mut self, context: &PairContext<'_>, diff: &mut Diff) {
        let rest = context.constraints.map(|constraints| constraints.additional);
        let (effect, change) = match (rest.base, rest.head) {
            (AdditionalProperties::Open, AdditionalProperties::Open)
            | (AdditionalProperties::Closed(_), AdditionalProperties::Closed(_)) => return,
            (AdditionalProperties::Schema(base, _), AdditionalProperties::Schema(head, _)) => {
                let inner_pair =
                    self.inner_pair(context, Versions::new(base, head), Step::AdditionalProperty);
                diff.inner_pairs.push(inner_pair);
                return;
            }
            (
                AdditionalProperties::Open | AdditionalProperties::Schema(..),
                AdditionalProperties::Closed(_),
            ) => (SetEffect::NARROWS, AdditionalPropertiesChange::Refused),
            (AdditionalProperties::Open, AdditionalProperties::Schema(head, _)) => {
                let any = self.schemas.base.all([]);
                (
                    self.effect_between(context, Versions::new(any, head)),
                    AdditionalPropertiesChange::Constrained,
                )
            }
            (
                AdditionalProperties::Closed(_),
                AdditionalProperties::Open | AdditionalProperties::Schema(..),
            ) => (SetEffect::WIDENS, AdditionalPropertiesChange::Allowed),
            (AdditionalProperties::Schema(base, _), AdditionalProperties::Open) => {
                let any = self.schemas.head.all([]);
                (
                    self.effect_between(context, Versions::new(base, any)),
                    AdditionalPropertiesChange::Unconstrained,
                )
            }
        };
        if effect == SetEffect::NEITHER {
            return;
        }
        let at = rest.map(|rest| match rest {
            AdditionalProperties::Open => None,
            AdditionalProperties::Closed(schema) | AdditionalProperties::Schema(_, schema) => {
                Some((schema, "additionalProperties"))
            }
        });
        let change = Change::AdditionalProperties(change);
        diff.schema_changes.push(self.schema_change(
            context,
            &rules::ADDITIONAL_PROPERTIES,
            effect,
            at,
            change,
        ));
    }

    /// The effect between two conjunctions, without an inner pair in the diff.
    fn effect_between(
        &mut self,
        context: &PairContext<'_>,
        conjunctions: Versions<ConjunctionId>,
    ) -> SetEffect {
        let inner_pair = self.inner_pair(context, conjunctions, Step::SameValue);
        self.effect(inner_pair.pair)
    }

    /// An inner pair for two schemas of `not`.
    fn inner_pair_of_nots(
        &mut self,
        context: &PairContext<'_>,
        nots: Versions<&KeywordValue<ConjunctionId>>,
    ) -> super::InnerPair {
        let inner_pair = self.inner_pair(context, nots.map(|not| not.value), Step::SameValue);
        super::InnerPair { negated: true, ..inner_pair }
    }

    pub(super) fn compare_nots(&mut self, context: &PairContext<'_>, diff: &mut Diff) {
        let nots = context
            .constraints
            .map(|constraints: &Constraints| constraints.nots.iter().collect::<Vec<_>>());
        let mut left = nots.base;
        let mut unmatched = Vec::new();
        for head in nots.head {
            let same = left.iter().position(|base| {
                self.effect_between(context, Versions::new(base.value, head.value))
                    == SetEffect::NEITHER
            });
            match same {
                Some(index) => {
                    // Pairs that count as equal here may turn out to differ further inside, so they
                    // stay in the graph.
                    let base = left.remove(index);
                    diff.inner_pairs
                        .push(self.inner_pair_of_nots(context, Versions::new(base, head)));
                }
                None => unmatched.push(head),
            }
        }
        let mut left = left.into_iter();
        for head in unmatched {
            if let Some(base) = left.next() {
                diff.inner_pairs.push(self.inner_pair_of_nots(context, Versions::new(base, head)));
            } else {
                let at = Versions::new(None, Some((head.schema, "not")));
                diff.schema_changes.push(self.not_change(context, SetEffect::NARROWS, at));
            }
        }
        for base in left {
            let at = Versions::new(Some((base.schema, "not")), None);
            diff.schema_changes.push(self.not_change(context, SetEffect::WIDENS, at));
        }
    }

    fn not_change(
        &self,
        context: &PairContext<'_>,
        effect: SetEffect,
        at: Versions<Option<super::KeywordRef<'_>>>,
    ) -> SchemaChange {
        let change = Change::presence(Part::Not, at.head.is_some());
        let schema_change = self.schema_change(context, &rules::NOT, effect, at, change);
        SchemaChange { certainty: Certainty::Likely, ..schema_change }
    }
}

/// The effect of a property that became required or optional.
fn requirement_effect(required: Versions<bool>) -> SetEffect {
    let Versions { base, head } = required;
    SetEffect { narrows: head && !base, widens: base && !head }
}

/// The keyword that keeps a property out of a direction, and its rule.
fn access_mode(direction: Direction) -> (&'static Rule, AccessMode) {
    match direction {
        Direction::Request => (&rules::READ_ONLY, AccessMode::ReadOnly),
        Direction::Response => (&rules::WRITE_ONLY, AccessMode::WriteOnly),
    }
}
