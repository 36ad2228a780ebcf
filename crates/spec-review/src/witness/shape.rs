//! The shape of payloads: which properties and items they have, and where.
//!
//! Schemas are converted only as far as the payloads reach into them, which keeps the result small
//! even where all schemas of a document refer to each other.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::Value;

use crate::diff::Step;
use crate::schema::{AdditionalKeyword, SchemaId, Schemas};

/// A place in the payloads.
#[derive(Debug, Default)]
struct Place {
    properties: HashMap<String, PlaceId>,
    items: Option<PlaceId>,
}

/// The place of a value.
pub(super) type PlaceId = usize;
/// The whole payload.
pub(super) const WHOLE: PlaceId = 0;

/// All places that some payloads have.
#[derive(Debug)]
pub(super) struct Shape(Vec<Place>);

impl Shape {
    pub(super) fn of<'v>(payloads: impl IntoIterator<Item = &'v Value>) -> Self {
        let mut shape = Self(vec![Place::default()]);
        let mut open: Vec<(PlaceId, &Value)> =
            payloads.into_iter().map(|payload| (WHOLE, payload)).collect();
        while let Some((at, value)) = open.pop() {
            match value {
                Value::Object(object) => {
                    for (name, inner) in object {
                        let next = shape.0.len();
                        let Some(place) = shape.0.get_mut(at) else { continue };
                        let inside = *place.properties.entry(name.clone()).or_insert(next);
                        shape.grow(inside);
                        open.push((inside, inner));
                    }
                }
                Value::Array(items) if !items.is_empty() => {
                    let next = shape.0.len();
                    let Some(place) = shape.0.get_mut(at) else { continue };
                    let inside = *place.items.get_or_insert(next);
                    shape.grow(inside);
                    open.extend(items.iter().map(|item| (inside, item)));
                }
                _ => {}
            }
        }
        shape
    }

    fn grow(&mut self, id: PlaceId) {
        if id == self.0.len() {
            self.0.push(Place::default());
        }
    }

    /// The place at the end of a path; `None` if no payload reaches it.
    pub(super) fn at(&self, path: &[Step]) -> Option<PlaceId> {
        path.iter().try_fold(WHOLE, |at, step| {
            let place = self.0.get(at)?;
            match step {
                Step::SameValue => Some(at),
                Step::Item => place.items,
                Step::Property(name) => place.properties.get(name).copied(),
                Step::AdditionalProperty => place.properties.get(UNNAMED).copied(),
            }
        })
    }

    /// The schemas that the payloads reach from `roots`, which apply at `place`. Each with the names
    /// of the properties that matter in it.
    pub(super) fn reach(
        &self,
        schemas: &Schemas<'_>,
        roots: &[SchemaId],
        place: Option<PlaceId>,
    ) -> HashMap<SchemaId, BTreeSet<&str>> {
        let mut reached: HashMap<SchemaId, BTreeSet<&str>> = HashMap::new();
        let mut seen: HashSet<(SchemaId, Option<PlaceId>)> =
            roots.iter().map(|root| (*root, place)).collect();
        let mut open: Vec<(SchemaId, Option<PlaceId>)> = seen.iter().copied().collect();
        while let Some((id, at)) = open.pop() {
            if !schemas.budget().spend(1) {
                break;
            }
            let object = schemas.object(id);
            let place = at.and_then(|at| self.0.get(at));
            let names = reached.entry(id).or_default();
            let same = object.all_of.iter().chain(&object.any_of).chain(&object.one_of);
            let same = same.chain(&object.not).map(|inner| (*inner, at));
            let mut next: Vec<(SchemaId, Option<PlaceId>)> = same.collect();
            for (name, inside) in place.iter().flat_map(|place| &place.properties) {
                if let Some(property) = object.properties.get(name) {
                    names.insert(name);
                    next.push((*property, Some(*inside)));
                } else if let Some(AdditionalKeyword::Schema(rest)) = object.additional {
                    next.push((rest, Some(*inside)));
                }
            }
            if let (Some(items), Some(inside)) = (object.items, place.and_then(|place| place.items))
            {
                next.push((items, Some(inside)));
            }
            open.extend(next.into_iter().filter(|next| seen.insert(*next)));
        }
        reached
    }
}

/// The name of a property that neither document names, in generated payloads.
pub(super) const UNNAMED: &str = "anything";
