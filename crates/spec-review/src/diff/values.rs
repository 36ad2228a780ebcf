//! Listed values, and what is said beside a schema without changing what it accepts.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Both, Certainty, Diff, Edit, Schematics};
use crate::change::{Aspect, Change, Fact, Part};
use crate::law::{Direction, Effect, Level};
use crate::rules;
use crate::schema::{ConjId, Discriminator, LeafId, Schemas, Shape, Sourced, Types, accepts, same};
use crate::versions::Versions;

/// The listed values that everything else lets pass. `null` is the business of `nullable`, unless
/// the types of both sides have it.
fn effective(
    schemas: &mut Schemas<'_>,
    id: ConjId,
    shape: &Shape,
    common: Types,
    direction: Direction,
) -> Option<Vec<Value>> {
    let values = shape.values.as_ref()?;
    let counts = |value: &Value| !value.is_null() || common.has(Types::NULL);
    let kept =
        values.value.iter().filter(|value| counts(value) && accepts(schemas, id, value, direction));
    Some(kept.cloned().collect())
}

impl Schematics<'_> {
    /// Compares enumerations. The answer is whether they say all that there is to say.
    pub(super) fn compare_values(&mut self, both: &Both<'_>, diff: &mut Diff) -> bool {
        self.compare_extensible(both, diff);
        let direction = both.pair.direction;
        let conjunctions = both.pair.conjunctions;
        let lists = self.schemas.each_mut().zip(conjunctions).zip(both.shapes);
        let lists = lists
            .map(|((schemas, id), shape)| effective(schemas, id, shape, both.common, direction));
        let (effect, change) = match (lists.base, lists.head) {
            (None, None) => return false,
            (Some(base), Some(head)) => {
                let lists = Versions::new(base, head);
                let Versions { base: removed, head: added } = lists
                    .each()
                    .zip(lists.each().swapped())
                    .map(|(from, list)| missing(from, list));
                (Effect::NEITHER, Change::Values { removed, added })
            }
            (Some(mut base), None) => {
                let (schemas, id) = (&mut self.schemas.head, conjunctions.head);
                base.retain(|value| !accepts(schemas, id, value, direction));
                (Effect::WIDENS, Change::ValuesUnlimited { removed: base })
            }
            (None, Some(to)) => {
                let (schemas, id) = (&mut self.schemas.base, conjunctions.base);
                let refused = |value: &&Value| !accepts(schemas, id, value, direction);
                let added = to.iter().filter(refused).cloned().collect();
                (Effect::NARROWS, Change::ValuesLimited { to, added })
            }
        };
        let (lost, gained): (&[Value], &[Value]) = match &change {
            Change::Values { removed, added } => (removed, added),
            Change::ValuesUnlimited { removed } => (removed, &[]),
            Change::ValuesLimited { added, .. } => (&[], added),
            _ => (&[], &[]),
        };
        let listed = Effect { narrows: !lost.is_empty(), widens: !gained.is_empty() };
        let effect = listed.or(effect);
        // Types that have nothing in common have been reported as that.
        let typed = both.shapes.map(|shape| !shape.types.is_empty());
        let disjoint = (both.common - Types::NULL).is_empty()
            && !lost.iter().chain(gained).any(Value::is_null)
            && typed.base
            && typed.head;
        if effect == Effect::NEITHER || disjoint {
            return true;
        }
        let at = both.shapes.map(|shape| shape.values.as_ref().map(Sourced::keyword));
        diff.edits.push(self.edit(both, &rules::ENUM, effect, at, change));
        true
    }

    fn compare_extensible(&mut self, both: &Both<'_>, diff: &mut Diff) {
        let lists = self.schemas.each().zip(both.shapes).map(|(schemas, shape)| {
            let mut leaves = shape.leaves.iter();
            leaves.find_map(|leaf| Some((*leaf, schemas.leaf(*leaf).extensible.clone()?)))
        });
        let Some(Versions { base: (old, base), head: (new, head) }) = lists.complete() else {
            return;
        };
        let removed = missing(&base, &head);
        if removed.is_empty() {
            return;
        }
        let at = Versions::new(old, new).map(|leaf| Some((leaf, "x-extensible-enum")));
        let change = Change::ExtensibleValues { removed };
        let edit = self.edit(both, &rules::EXTENSIBLE_ENUM, Effect::NARROWS, at, change);
        diff.edits.push(Edit { certainty: Certainty::Beyond, ..edit });
    }

    pub(super) fn compare_annotations(&mut self, both: &Both<'_>, diff: &mut Diff) {
        self.compare_defaults(both, diff);
        self.compare_discriminators(both, diff);
        let deprecated = both.shapes.map(|shape| shape.deprecated);
        let is = deprecated.map(|leaf| leaf.is_some());
        if is.differ() {
            let at = deprecated.map(|leaf| leaf.map(|leaf| (leaf, "deprecated")));
            let change = Change::deprecated(Part::Value, is.head);
            diff.edits.push(self.edit(both, &rules::DEPRECATED, Effect::NEITHER, at, change));
        }
        let xml = self.schemas.each().zip(both.shapes).map(|(schemas, shape)| {
            shape.leaves.iter().find_map(|leaf| Some((*leaf, schemas.leaf(*leaf).xml.clone()?)))
        });
        let said = xml.each().map(|xml| xml.as_ref().map(|(_, xml)| xml));
        // In JSON it says nothing.
        if both.pair.text && said.differ() {
            let facts = said.map(|xml| xml.cloned().map(Fact::Value));
            let at = xml.map(|xml| xml.map(|(leaf, _)| (leaf, "xml")));
            let change = Change::replaced(Aspect::Xml, facts);
            let edit = self.edit(both, &rules::XML, Effect::BOTH, at, change);
            diff.edits.push(Edit { certainty: Certainty::Beyond, ..edit });
        }
    }

    fn compare_defaults(&mut self, both: &Both<'_>, diff: &mut Diff) {
        let defaults = both.shapes.map(|shape| shape.default.as_ref());
        let equal = match (defaults.base, defaults.head) {
            (None, None) => true,
            (Some(base), Some(head)) => same(&base.value, &head.value),
            _ => false,
        };
        if equal {
            return;
        }
        let facts = defaults.map(|default| default.map(|said| Fact::Value(said.value.clone())));
        let at = defaults.map(|default| default.map(Sourced::keyword));
        let change = Change::replaced(Aspect::Default, facts);
        let edit = self.edit(both, &rules::DEFAULT, Effect::NEITHER, at, change);
        let otherwise =
            if both.pair.direction == Direction::Request { Level::Warning } else { Level::Info };
        diff.edits.push(Edit { otherwise, certainty: Certainty::Beyond, ..edit });
    }

    fn compare_discriminators(&mut self, both: &Both<'_>, diff: &mut Diff) {
        let told =
            self.schemas.each().zip(both.shapes).map(|(schemas, shape)| told(schemas, shape));
        let change = match (&told.base, &told.head) {
            (Some(_), None) => Change::removed(Part::Discriminator),
            (None, Some(_)) => Change::added(Part::Discriminator),
            (Some((_, old, _)), Some((_, new, _))) if old.property != new.property => {
                let properties = Versions::new(old, new);
                let properties = properties.map(|told| Some(Fact::from(told.property.as_str())));
                Change::replaced(Aspect::DiscriminatorProperty, properties)
            }
            (Some((_, _, old)), Some((_, _, new))) if old != new => Change::DiscriminatorValues {
                removed: old.difference(new).cloned().collect(),
                added: new.difference(old).cloned().collect(),
            },
            _ => return,
        };
        let at = told.map(|told| told.map(|(leaf, ..)| (leaf, "discriminator")));
        let edit = self.edit(both, &rules::DISCRIMINATOR, Effect::NEITHER, at, change);
        diff.edits.push(Edit { otherwise: Level::Warning, certainty: Certainty::Beyond, ..edit });
    }
}

/// The values of one list that are not in another.
fn missing(from: &[Value], list: &[Value]) -> Vec<Value> {
    from.iter().filter(|value| !list.iter().any(|other| same(value, other))).cloned().collect()
}

/// The discriminator of a shape with the values that it can have: those of the mapping, and the
/// names of the branches that the mapping does not mention.
fn told(schemas: &Schemas<'_>, shape: &Shape) -> Option<(LeafId, Discriminator, BTreeSet<String>)> {
    let (id, leaf) = shape
        .leaves
        .iter()
        .map(|id| (*id, schemas.leaf(*id)))
        .find(|(_, leaf)| leaf.discriminator.is_some())?;
    let discriminator = leaf.discriminator.clone()?;
    let mut values: BTreeSet<String> = discriminator.mapping.keys().cloned().collect();
    for branch in leaf.one_of.iter().chain(&leaf.any_of) {
        let branch = schemas.leaf(*branch);
        if let Some(name) = branch.name() {
            let target = format!("#/components/schemas/{name}");
            if !discriminator.mapping.values().any(|value| *value == target || value == name) {
                values.insert(name.to_owned());
            }
        }
    }
    Some((id, discriminator, values))
}
