//! Listed values, and what is said beside a schema without changing what it accepts.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Both, Certainty, Diff, Edit, Schematics};
use crate::law::{Direction, Effect, Level};
use crate::rules;
use crate::schema::{ConjId, Discriminator, LeafId, Schemas, Shape, Types, accepts, same};

/// So many values are named in a message.
const MOST_SHOWN: usize = 5;

fn show(values: &[Value]) -> String {
    let mut shown: Vec<_> = values
        .iter()
        .take(MOST_SHOWN)
        .map(|value| format!("`{}`", crate::text::short(value)))
        .collect();
    if values.len() > MOST_SHOWN {
        shown.push(format!("and {} more", values.len() - MOST_SHOWN));
    }
    shown.join(", ")
}

/// The listed values that everything else lets pass. `null` is the business of `nullable`, unless
/// the types of both sides have it.
fn effective(
    schemas: &mut Schemas<'_>,
    id: ConjId,
    (shape, common): (&Shape, Types),
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
        let base = effective(&mut self.base, both.pair.base, (both.base, both.common), direction);
        let head = effective(&mut self.head, both.pair.head, (both.head, both.common), direction);
        let (lost, gained, endless) = match (&base, &head) {
            (None, None) => return false,
            (Some(base), Some(head)) => {
                let missing = |from: &[Value], list: &[Value]| -> Vec<Value> {
                    from.iter()
                        .filter(|value| !list.iter().any(|other| same(value, other)))
                        .cloned()
                        .collect()
                };
                (missing(base, head), missing(head, base), Effect::NEITHER)
            }
            (Some(base), None) => {
                let refused =
                    |value: &&Value| !accepts(&mut self.head, both.pair.head, value, direction);
                (base.iter().filter(refused).cloned().collect(), Vec::new(), Effect::WIDENS)
            }
            (None, Some(head)) => {
                let refused =
                    |value: &&Value| !accepts(&mut self.base, both.pair.base, value, direction);
                (Vec::new(), head.iter().filter(refused).cloned().collect(), Effect::NARROWS)
            }
        };
        let effect = Effect { narrows: !lost.is_empty(), widens: !gained.is_empty() }.or(endless);
        // Types that have nothing in common have been reported as that.
        let disjoint = (both.common - Types::NULL).is_empty()
            && !lost.iter().chain(&gained).any(Value::is_null)
            && !both.base.types.is_empty()
            && !both.head.types.is_empty();
        if effect == Effect::NEITHER || disjoint {
            return true;
        }
        let mut changes = Vec::new();
        match endless {
            Effect::WIDENS => changes.push("values are no longer limited to a list".to_owned()),
            Effect::NARROWS => {
                changes.push(format!(
                    "values are now limited to a list: {}",
                    show(head.as_deref().unwrap_or_default())
                ));
            }
            _ => {}
        }
        if !lost.is_empty() {
            changes.push(format!("removed from the allowed values: {}", show(&lost)));
        }
        if !gained.is_empty() {
            changes.push(format!("added to the allowed values: {}", show(&gained)));
        }
        let at = |shape: &Shape| shape.values.as_ref().map(|values| (values.leaf, values.key));
        let edit = self.edit(
            both,
            &rules::ENUM,
            effect,
            (at(both.base), at(both.head)),
            changes.join("; "),
        );
        diff.edits.push(edit);
        true
    }

    fn compare_extensible(&mut self, both: &Both<'_>, diff: &mut Diff) {
        let extensible = |schemas: &Schemas<'_>, shape: &Shape| {
            shape
                .leaves
                .iter()
                .find_map(|leaf| Some((*leaf, schemas.leaf(*leaf).extensible.clone()?)))
        };
        let lists = (extensible(&self.base, both.base), extensible(&self.head, both.head));
        let (Some((old, base)), Some((new, head))) = lists else {
            return;
        };
        let stays = |value: &&Value| head.iter().any(|other| same(value, other));
        let lost: Vec<_> = base.iter().filter(|value| !stays(value)).cloned().collect();
        if lost.is_empty() {
            return;
        }
        let key = "x-extensible-enum";
        let message = format!("removed from the values of `{key}`: {}", show(&lost));
        let edit = self.edit(
            both,
            &rules::EXTENSIBLE_ENUM,
            Effect::NARROWS,
            (Some((old, key)), Some((new, key))),
            message,
        );
        diff.edits.push(Edit { certainty: Certainty::Beyond, ..edit });
    }

    pub(super) fn compare_annotations(&mut self, both: &Both<'_>, diff: &mut Diff) {
        self.compare_defaults(both, diff);
        self.compare_discriminators(both, diff);
        let (old, new) = (both.base.deprecated, both.head.deprecated);
        if old.is_some() != new.is_some() {
            let change =
                if new.is_some() { "is now deprecated" } else { "is no longer deprecated" };
            let at = (old.map(|leaf| (leaf, "deprecated")), new.map(|leaf| (leaf, "deprecated")));
            let edit = self.edit(
                both,
                &rules::DEPRECATED,
                Effect::NEITHER,
                at,
                format!("the value {change}"),
            );
            diff.edits.push(edit);
        }
        let xml = |schemas: &Schemas<'_>, shape: &Shape| {
            shape.leaves.iter().find_map(|leaf| Some((*leaf, schemas.leaf(*leaf).xml.clone()?)))
        };
        let (old, new) = (xml(&self.base, both.base), xml(&self.head, both.head));
        let said = |xml: &Option<(LeafId, Value)>| xml.as_ref().map(|(_, xml)| xml.clone());
        // In JSON it says nothing.
        if both.pair.text && said(&old) != said(&new) {
            let effect = Effect::BOTH;
            let at = (old.map(|(leaf, _)| (leaf, "xml")), new.map(|(leaf, _)| (leaf, "xml")));
            let message = "how the value is written as XML changed".to_owned();
            let edit = self.edit(both, &rules::XML, effect, at, message);
            diff.edits.push(Edit { certainty: Certainty::Beyond, ..edit });
        }
    }

    fn compare_defaults(&mut self, both: &Both<'_>, diff: &mut Diff) {
        let (old, new) = (&both.base.default, &both.head.default);
        let equal = match (old, new) {
            (None, None) => true,
            (Some(old), Some(new)) => same(&old.value, &new.value),
            _ => false,
        };
        if equal {
            return;
        }
        let show = |default: &Option<crate::schema::Sourced<Value>>| {
            default.as_ref().map_or_else(
                || "none".to_owned(),
                |d| format!("`{}`", crate::text::short(&d.value)),
            )
        };
        let at = |default: &Option<crate::schema::Sourced<Value>>| {
            default.as_ref().map(|d| (d.leaf, d.key))
        };
        let message = format!("the default changed from {} to {}", show(old), show(new));
        let edit = self.edit(both, &rules::DEFAULT, Effect::NEITHER, (at(old), at(new)), message);
        let otherwise =
            if both.pair.direction == Direction::Request { Level::Warning } else { Level::Info };
        diff.edits.push(Edit { otherwise, certainty: Certainty::Beyond, ..edit });
    }

    fn compare_discriminators(&mut self, both: &Both<'_>, diff: &mut Diff) {
        let (old, new) = (told(&self.base, both.base), told(&self.head, both.head));
        let change = match (&old, &new) {
            (Some(_), None) => "the discriminator was removed".to_owned(),
            (None, Some(_)) => "a discriminator was added".to_owned(),
            (Some((_, old, _)), Some((_, new, _))) if old.property != new.property => {
                format!("the discriminator moved from `{}` to `{}`", old.property, new.property)
            }
            (Some((_, _, old)), Some((_, _, new))) if old != new => {
                let lost: Vec<_> = old.difference(new).map(|name| format!("`{name}`")).collect();
                let gained: Vec<_> = new.difference(old).map(|name| format!("`{name}`")).collect();
                let part = |word: &str, names: Vec<String>| {
                    if names.is_empty() {
                        String::new()
                    } else {
                        format!(", {word} {}", names.join(", "))
                    }
                };
                format!(
                    "the discriminator's values changed{}{}",
                    part("without", lost),
                    part("with", gained)
                )
            }
            _ => return,
        };
        let at = (
            old.map(|(leaf, ..)| (leaf, "discriminator")),
            new.map(|(leaf, ..)| (leaf, "discriminator")),
        );
        let edit = self.edit(both, &rules::DISCRIMINATOR, Effect::NEITHER, at, change);
        diff.edits.push(Edit { otherwise: Level::Warning, certainty: Certainty::Beyond, ..edit });
    }
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
