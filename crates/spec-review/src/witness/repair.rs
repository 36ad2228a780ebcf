//! Makes a payload fit the document that refuses it, except at the changed place.
//!
//! Two changes may refuse the same payload, for instance two properties that became required. Then
//! neither is proven by it. So everything beside the changed place is replaced by what this
//! document accepts.

use serde_json::{Value, json};

use super::generate::ValueGenerator;
use super::shape::UNNAMED;
use crate::compatibility::Direction;
use crate::diff::Step;
use crate::schema::{AdditionalProperties, ConjunctionId, Constraints, Schemas};

/// At most so many variants of one payload.
const MAX_VARIANTS: usize = 8;
/// Unions are entered to this depth.
const MAX_UNIONS: usize = 4;

/// What a value is replaced by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Replacement {
    /// The smallest value of its schema.
    Smallest,
    /// The simplest one, which the other document is more likely to accept as well.
    Simplest,
}

/// The variants of a payload in which only the end of `path` is as before. `property` is the
/// property of that value that has to stay as it is, where the change is about one.
pub(super) fn repaired(
    reader: &mut Schemas<'_>,
    direction: Direction,
    id: ConjunctionId,
    value: &Value,
    path: &[Step],
    property: Option<&str>,
) -> Vec<Value> {
    let generator = ValueGenerator::new(reader, direction);
    let mut repair = Repair { generator, property, by: Replacement::Smallest };
    let mut variants = repair.variants(id, value, path, MAX_UNIONS);
    repair.by = Replacement::Simplest;
    for variant in repair.variants(id, value, path, MAX_UNIONS) {
        if !variants.contains(&variant) {
            variants.push(variant);
        }
    }
    variants.retain(|variant| variant != value);
    variants
}

struct Repair<'p, 'm, 'd> {
    generator: ValueGenerator<'m, 'd>,
    property: Option<&'p str>,
    by: Replacement,
}

impl Repair<'_, '_, '_> {
    fn variants(
        &mut self,
        id: ConjunctionId,
        value: &Value,
        path: &[Step],
        unions: usize,
    ) -> Vec<Value> {
        let constraints = self.generator.schemas.constraints(id);
        if !constraints.unions.is_empty() && unions > 0 {
            let mut found = Vec::new();
            for alternative in self.generator.alternatives(id, &constraints) {
                found.extend(self.variants(alternative, value, path, unions - 1));
                if found.len() >= MAX_VARIANTS {
                    break;
                }
            }
            found.truncate(MAX_VARIANTS);
            return found;
        }
        match (value, path.split_first()) {
            (_, Some((Step::SameValue, rest))) => self.variants(id, value, rest, unions),
            (Value::Object(_), Some((Step::Property(name), rest))) => {
                self.object(&constraints, value, Some((name, rest)), unions)
            }
            (Value::Object(_), Some((Step::AdditionalProperty, rest))) => {
                self.object(&constraints, value, Some((UNNAMED, rest)), unions)
            }
            (Value::Object(_), None) => self.object(&constraints, value, None, unions),
            (Value::Array(items), Some((Step::Item, rest))) => {
                let (Some(first), Some(inner)) = (items.first(), constraints.items.as_ref()) else {
                    return vec![value.clone()];
                };
                let firsts = self.variants(inner.value, first, rest, unions);
                let others = self.fitting_items(inner.value, items.get(1..).unwrap_or_default());
                firsts
                    .into_iter()
                    .map(|first| std::iter::once(first).chain(others.iter().cloned()).collect())
                    .collect()
            }
            (Value::Array(items), None) => {
                let Some(inner) = constraints.items.as_ref() else { return vec![value.clone()] };
                vec![Value::Array(self.fitting_items(inner.value, items))]
            }
            _ => vec![value.clone()],
        }
    }

    /// The variants of an object. `on_path` is the property in which the change is; without it, it
    /// is in the object itself.
    fn object(
        &mut self,
        constraints: &Constraints,
        value: &Value,
        on_path: Option<(&str, &[Step])>,
        unions: usize,
    ) -> Vec<Value> {
        let Value::Object(object) = value else { return vec![value.clone()] };
        let kept = on_path.map(|(name, _)| name).or(self.property);
        let mut whole = object.clone();
        for (name, inner) in object {
            if kept != Some(name)
                && let Some(schema) = property_schema(constraints, name)
            {
                whole.insert(name.clone(), self.fitting(schema, inner));
            }
        }
        for name in constraints.required.keys() {
            if !whole.contains_key(name)
                && kept != Some(name)
                && self.generator.schemas.is_required(constraints, name, self.generator.direction)
                && let Some(inner) = self.generator.property(constraints, name, 0)
            {
                whole.insert(name.clone(), inner);
            }
        }
        let inside = on_path.and_then(|(name, rest)| {
            Some((name, rest, object.get(name)?, property_schema(constraints, name)?))
        });
        let Some((name, rest, inner, schema)) = inside else { return vec![Value::Object(whole)] };
        let variants = self.variants(schema, inner, rest, unions).into_iter();
        variants
            .map(|inner| {
                let mut whole = whole.clone();
                whole.insert(name.to_owned(), inner);
                Value::Object(whole)
            })
            .collect()
    }

    /// The value if the schema accepts it, or else another one that it accepts.
    fn fitting(&mut self, id: ConjunctionId, value: &Value) -> Value {
        self.fitting_beside(id, value, &[])
    }

    /// The same for all items of an array, distinct ones as far as there are any.
    fn fitting_items(&mut self, id: ConjunctionId, items: &[Value]) -> Vec<Value> {
        let mut fitting = Vec::new();
        for item in items {
            let item = self.fitting_beside(id, item, &fitting);
            fitting.push(item);
        }
        fitting
    }

    fn fitting_beside(&mut self, id: ConjunctionId, value: &Value, others: &[Value]) -> Value {
        if self.generator.accepts(id, value) {
            return value.clone();
        }
        if self.by == Replacement::Simplest {
            let simple = [json!([]), json!({}), json!(""), json!("a"), json!(0), json!(true)];
            let found = simple
                .into_iter()
                .find(|value| !others.contains(value) && self.generator.accepts(id, value));
            if let Some(found) = found {
                return found;
            }
        }
        self.generator.minimal(id).unwrap_or_else(|| value.clone())
    }
}

fn property_schema(constraints: &Constraints, name: &str) -> Option<ConjunctionId> {
    match (constraints.properties.get(name), constraints.additional) {
        (Some(property), _) => Some(property.value),
        (None, AdditionalProperties::Schema(rest, _)) => Some(rest),
        (None, _) => None,
    }
}
