//! `enum`, and annotations: keywords that do not change which values are accepted.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Certainty, Diff, PairContext, SchemaChange, SchemaComparison};
use crate::change::{Aspect, AspectValue, Change, Part};
use crate::compatibility::{Direction, Level, SetEffect};
use crate::rules;
use crate::schema::{
    ConjunctionId, Constraints, Discriminator, KeywordValue, SchemaId, SchemaObject, Schemas,
    TypeSet, ValueIndex, accepts, accepts_listed, json_equal,
};
use crate::stability;
use crate::versions::Versions;

/// The listed values that all other constraints accept. `null` belongs to `nullable`, unless both
/// sides accept it as a type.
fn effective_enum(
    schemas: &mut Schemas<'_>,
    id: ConjunctionId,
    constraints: &Constraints,
    common: TypeSet,
    direction: Direction,
) -> Option<Vec<Value>> {
    let values = constraints.values.as_ref()?;
    let counts = |value: &Value| !value.is_null() || common.has(TypeSet::NULL);
    let kept = values
        .value
        .iter()
        .filter(|value| counts(value) && accepts_listed(schemas, id, value, direction));
    Some(kept.cloned().collect())
}

impl SchemaComparison<'_> {
    /// Compares `enum`. Returns whether nothing is left to compare about the values.
    pub(super) fn compare_values(&mut self, context: &PairContext<'_>, diff: &mut Diff) -> bool {
        self.compare_extensible(context, diff);
        let direction = context.pair.direction;
        let conjunctions = context.pair.conjunctions;
        let lists = self.schemas.each_mut().zip(conjunctions).zip(context.constraints);
        let lists = lists.map(|((schemas, id), constraints)| {
            effective_enum(schemas, id, constraints, context.common, direction)
        });
        let (effect, change) = match (lists.base, lists.head) {
            (None, None) => return false,
            (Some(base), Some(head)) if head.is_empty() && !base.is_empty() => {
                (SetEffect::NARROWS, Change::EnumAdded { values: Vec::new(), added: Vec::new() })
            }
            (Some(base), Some(head)) => {
                let lists = Versions::new(base, head);
                let Versions { base: removed, head: added } = lists
                    .each()
                    .zip(lists.each().swapped())
                    .map(|(from, list)| difference(from, list));
                (SetEffect::NEITHER, Change::EnumValues { removed, added })
            }
            (Some(mut base), None) => {
                let (schemas, id) = (&mut self.schemas.head, conjunctions.head);
                base.retain(|value| !accepts(schemas, id, value, direction));
                (SetEffect::WIDENS, Change::EnumRemoved { removed: base })
            }
            (None, Some(to)) => {
                let (schemas, id) = (&mut self.schemas.base, conjunctions.base);
                let refused = |value: &&Value| !accepts(schemas, id, value, direction);
                let added = to.iter().filter(refused).cloned().collect();
                (SetEffect::NARROWS, Change::EnumAdded { values: to, added })
            }
        };
        let (lost, gained): (&[Value], &[Value]) = match &change {
            Change::EnumValues { removed, added } => (removed, added),
            Change::EnumRemoved { removed } => (removed, &[]),
            Change::EnumAdded { added, .. } => (&[], added),
            _ => (&[], &[]),
        };
        let listed = SetEffect { narrows: !lost.is_empty(), widens: !gained.is_empty() };
        let effect = listed.or(effect);
        // Disjoint types have been reported as a change of the type.
        let typed = context.constraints.map(|constraints| !constraints.types.is_empty());
        let disjoint = (context.common - TypeSet::NULL).is_empty()
            && !Self::loses_all_but_null(context)
            && !lost.iter().chain(gained).any(Value::is_null)
            && typed.base
            && typed.head;
        if effect == SetEffect::NEITHER || disjoint {
            return true;
        }
        let at = self.changed_list(context).unwrap_or_else(|| {
            let values = context.constraints.map(|constraints| constraints.values.as_ref());
            values.map(|values| values.map(KeywordValue::keyword_ref))
        });
        diff.schema_changes.push(self.schema_change(context, &rules::ENUM, effect, at, change));
        true
    }

    /// Where several schemas of a conjunction list values: the one whose list changed. Otherwise a
    /// change of one would be reported at each schema that limits it.
    fn changed_list(
        &self,
        context: &PairContext<'_>,
    ) -> Option<Versions<Option<(SchemaId, &'static str)>>> {
        let lists = self.schemas.each().zip(context.constraints).map(|(schemas, constraints)| {
            let members = constraints.members.iter().map(|id| (*id, schemas.object(*id)));
            members.filter(|(_, schema)| schema.values.is_some()).collect::<Vec<_>>()
        });
        lists.base.iter().find_map(|(old, before)| {
            let at = before.location()?.pointer;
            let same = |after: &SchemaObject<'_>| after.location().is_some_and(|l| l.pointer == at);
            let (new, after) = lists.head.iter().find(|(_, after)| same(after))?;
            let changed = before.values != after.values;
            changed.then(|| Versions::new(*old, *new).map(|schema| Some((schema, "enum"))))
        })
    }

    fn compare_extensible(&mut self, context: &PairContext<'_>, diff: &mut Diff) {
        let lists = self.schemas.each().zip(context.constraints).map(|(schemas, constraints)| {
            let mut members = constraints.members.iter();
            members.find_map(|schema| Some((*schema, schemas.object(*schema).extensible.clone()?)))
        });
        let Some(Versions { base: (old, base), head: (new, head) }) = lists.complete() else {
            return;
        };
        let removed = difference(&base, &head);
        if removed.is_empty() {
            return;
        }
        let at = Versions::new(old, new).map(|schema| Some((schema, "x-extensible-enum")));
        let change = Change::ExtensibleEnumValues { removed };
        let schema_change =
            self.schema_change(context, &rules::EXTENSIBLE_ENUM, SetEffect::NARROWS, at, change);
        diff.schema_changes
            .push(SchemaChange { certainty: Certainty::NotWitnessable, ..schema_change });
    }

    pub(super) fn compare_annotations(&mut self, context: &PairContext<'_>, diff: &mut Diff) {
        self.compare_defaults(context, diff);
        self.compare_discriminators(context, diff);
        let deprecated = context.constraints.map(|constraints| constraints.deprecated);
        let is = deprecated.map(|schema| schema.is_some());
        if is.differ() {
            let at = deprecated.map(|schema| schema.map(|schema| (schema, "deprecated")));
            let change = Change::deprecated(Part::Value, is.head);
            diff.schema_changes.push(self.schema_change(
                context,
                &rules::DEPRECATED,
                SetEffect::NEITHER,
                at,
                change,
            ));
        }
        let xml = self.schemas.each().zip(context.constraints).map(|(schemas, constraints)| {
            constraints
                .members
                .iter()
                .find_map(|schema| Some((*schema, schemas.object(*schema).xml.clone()?)))
        });
        let values = xml.each().map(|xml| xml.as_ref().map(|(_, xml)| xml));
        // It has no effect on JSON.
        if context.pair.text && values.differ() {
            let facts = values.map(|xml| xml.cloned().map(AspectValue::Value));
            let at = xml.map(|xml| xml.map(|(schema, _)| (schema, "xml")));
            let change = Change::replaced(Aspect::Xml, facts);
            let schema_change =
                self.schema_change(context, &rules::XML, SetEffect::BOTH, at, change);
            diff.schema_changes
                .push(SchemaChange { certainty: Certainty::NotWitnessable, ..schema_change });
        }
    }

    fn compare_defaults(&mut self, context: &PairContext<'_>, diff: &mut Diff) {
        let defaults = context.constraints.map(|constraints| constraints.default.as_ref());
        let equal = match (defaults.base, defaults.head) {
            (None, None) => true,
            (Some(base), Some(head)) => json_equal(&base.value, &head.value),
            _ => false,
        };
        if equal {
            return;
        }
        let facts = defaults
            .map(|default| default.map(|default| AspectValue::Value(default.value.clone())));
        let at = defaults.map(|default| default.map(KeywordValue::keyword_ref));
        let change = Change::replaced(Aspect::Default, facts);
        let schema_change =
            self.schema_change(context, &rules::DEFAULT, SetEffect::NEITHER, at, change);
        let compatible_level =
            if context.pair.direction == Direction::Request { Level::Warning } else { Level::Info };
        diff.schema_changes.push(SchemaChange {
            compatible_level,
            certainty: Certainty::NotWitnessable,
            ..schema_change
        });
    }

    /// Compares `x-stability-level`. An alternative of a union says it for itself.
    pub(super) fn compare_stability(&self, context: &PairContext<'_>, diff: &mut Diff) {
        let sides = self.schemas.each().zip(context.pair.conjunctions).zip(context.constraints);
        let found = sides.map(|((schemas, id), constraints)| {
            let conjuncts = schemas.conjuncts(id);
            let levels = constraints.members.iter().filter_map(|schema| {
                Some((*schema, stability::written(schemas.object(*schema).at.as_ref()?.node)?))
            });
            let around = |schema: SchemaId| {
                conjuncts.iter().any(|conjunct| conjunct.own_only && conjunct.schema == schema)
            };
            levels.into_iter().find(|(schema, _)| !around(*schema))
        });
        let levels = found.each().map(|found| found.as_ref().map(|(_, level)| level.clone()));
        let Some((compatible_level, change)) = stability::compare(levels) else { return };
        let at = found.map(|found| found.map(|(schema, _)| (schema, stability::KEYWORD)));
        let schema_change =
            self.schema_change(context, &rules::STABILITY, SetEffect::NEITHER, at, change);
        let certainty = Certainty::NotWitnessable;
        diff.schema_changes.push(SchemaChange { certainty, compatible_level, ..schema_change });
    }

    fn compare_discriminators(&mut self, context: &PairContext<'_>, diff: &mut Diff) {
        let discriminators = self
            .schemas
            .each()
            .zip(context.constraints)
            .map(|(schemas, constraints)| discriminator_of(schemas, constraints));
        let change = match (&discriminators.base, &discriminators.head) {
            (Some(_), None) => Change::removed(Part::Discriminator),
            (None, Some(_)) => Change::added(Part::Discriminator),
            (Some((_, old, _)), Some((_, new, _))) if old.property != new.property => {
                let properties = Versions::new(old, new);
                let properties = properties.map(|discriminators| {
                    Some(AspectValue::from(discriminators.property.as_str()))
                });
                Change::replaced(Aspect::DiscriminatorProperty, properties)
            }
            (Some((_, _, old)), Some((_, _, new))) if old != new => Change::DiscriminatorValues {
                removed: old.difference(new).cloned().collect(),
                added: new.difference(old).cloned().collect(),
            },
            _ => return,
        };
        let at = discriminators
            .map(|discriminators| discriminators.map(|(schema, ..)| (schema, "discriminator")));
        let schema_change =
            self.schema_change(context, &rules::DISCRIMINATOR, SetEffect::NEITHER, at, change);
        diff.schema_changes.push(SchemaChange {
            compatible_level: Level::Warning,
            certainty: Certainty::NotWitnessable,
            ..schema_change
        });
    }
}

/// The values of one list that another does not have.
fn difference(from: &[Value], list: &[Value]) -> Vec<Value> {
    let list = ValueIndex::of(list);
    from.iter().filter(|value| !list.contains(value)).cloned().collect()
}

/// The discriminator of a conjunction with the values it distinguishes: those of its mapping, and
/// the names of the branches that the mapping does not mention.
fn discriminator_of(
    schemas: &Schemas<'_>,
    constraints: &Constraints,
) -> Option<(SchemaId, Discriminator, BTreeSet<String>)> {
    let (id, schema) = constraints
        .members
        .iter()
        .map(|id| (*id, schemas.object(*id)))
        .find(|(_, schema)| schema.discriminator.is_some())?;
    let discriminator = schema.discriminator.clone()?;
    let mut values: BTreeSet<String> = discriminator.mapping.keys().cloned().collect();
    for branch in schema.one_of.iter().chain(&schema.any_of) {
        let branch = schemas.object(*branch);
        if let Some(name) = branch.name() {
            let target = format!("#/components/schemas/{name}");
            if !discriminator.mapping.values().any(|value| *value == target || value == name) {
                values.insert(name.to_owned());
            }
        }
    }
    Some((id, discriminator, values))
}
