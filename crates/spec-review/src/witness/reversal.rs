//! A witness has to prove its own finding: it fails because of that change, and is accepted once
//! that change is reverted.
//!
//! Changes elsewhere may refuse the same payload. So the schema of the document that refuses is
//! built once more, with the other document's keyword at the changed place only, and a payload
//! counts only if that schema accepts it.

use serde_json::{Map, Value, json};

use super::json_schema::{definition_name, definitions, document_of};
use super::roles::Roles;
use super::shape::{Shape, WHOLE};
use crate::change::{Aspect, Change, Part};
use crate::compatibility::Direction;
use crate::diff::{SchemaChange, Step};
use crate::schema::{ConjunctionId, SchemaId, Schemas};

/// What of a schema changed.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum ChangedPart {
    /// These keywords.
    Keywords(&'static [&'static str]),
    /// `additionalProperties`, which depends on the properties beside it.
    AdditionalProperties,
    /// Whether a property is required.
    Required(String),
    /// A property, and whether it is required.
    Property(String),
    /// An alternative of the document that accepts the payload.
    Alternative(SchemaId),
    /// `anyOf` became `oneOf`, or the reverse.
    UnionKeyword,
    /// The schema as a whole.
    Schema,
}

impl ChangedPart {
    pub(super) fn of(schema_change: &SchemaChange) -> Self {
        let at = [&schema_change.at.base, &schema_change.at.head];
        let named =
            |key: &str| at.iter().filter_map(|at| at.as_ref()).any(|at| at.pointer.ends_with(key));
        let in_union = named("/anyOf") || named("/oneOf");
        match &schema_change.change {
            Change::BecameRequired(Part::Property(name))
            | Change::BecameOptional(Part::Property(name)) => Self::Required(name.clone()),
            Change::Added { part, .. } | Change::Removed { part, .. } => match part {
                Part::Not => Self::Keywords(&["not"]),
                Part::UniqueItems => Self::Keywords(&["uniqueItems"]),
                Part::Alternative { .. } => {
                    schema_change.branch.map_or(Self::Schema, Self::Alternative)
                }
                Part::Property(name) => Self::Property(name.clone()),
                _ => Self::Schema,
            },
            Change::AccessMode { property, .. } => Self::Property(property.clone()),
            Change::AdditionalProperties(_) => Self::AdditionalProperties,
            Change::UnionKeyword(_) => Self::UnionKeyword,
            Change::AlternativesOverlap => Self::Keywords(&["anyOf", "oneOf"]),
            Change::EnumValues { .. } | Change::EnumAdded { .. } | Change::EnumRemoved { .. } => {
                Self::Keywords(if in_union { &["enum", "anyOf", "oneOf"] } else { &["enum"] })
            }
            Change::Replaced { aspect, .. } => match aspect {
                Aspect::CountLimit(key) => count_keyword(key).map_or(Self::Schema, Self::Keywords),
                Aspect::Pattern => Self::Keywords(&["pattern"]),
                Aspect::MultipleOf => Self::Keywords(&["multipleOf"]),
                Aspect::Format => Self::Keywords(&["format", "$ref"]),
                Aspect::Minimum | Aspect::Maximum if named("/format") => Self::Keywords(NUMERIC),
                Aspect::Minimum => Self::Keywords(&["minimum", "exclusiveMinimum"]),
                Aspect::Maximum => Self::Keywords(&["maximum", "exclusiveMaximum"]),
                _ => Self::Schema,
            },
            _ => Self::Schema,
        }
    }

    /// The property that the change is about.
    pub(super) fn property(&self) -> Option<&str> {
        match self {
            Self::Required(name) | Self::Property(name) => Some(name),
            _ => None,
        }
    }
}

const NUMERIC: &[&str] =
    &["minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "format", "$ref"];

fn count_keyword(key: &str) -> Option<&'static [&'static str]> {
    Some(match key {
        "minLength" => &["minLength"],
        "maxLength" => &["maxLength"],
        "minItems" => &["minItems"],
        "maxItems" => &["maxItems"],
        "minProperties" => &["minProperties"],
        "maxProperties" => &["maxProperties"],
        _ => return None,
    })
}

/// What one schema is converted for.
pub(super) struct Reversal<'r> {
    pub(super) part: &'r ChangedPart,
    /// The conjunctions at the changed place.
    pub(super) changed: Roles<ConjunctionId>,
    pub(super) direction: Direction,
    /// The path from the whole value to the changed place.
    pub(super) path: &'r [Step],
    pub(super) shape: &'r Shape,
}

impl Reversal<'_> {
    /// The schema of the document that refuses the payload, with the change reverted. `roots` are
    /// the schemas of the whole value.
    pub(super) fn schema(
        &self,
        schemas: Roles<&mut Schemas<'_>>,
        roots: &[SchemaId],
    ) -> Option<Value> {
        let Roles { writer, reader } = schemas;
        let own = Place::of(reader, self.changed.reader);
        let mut other = Place::of(writer, self.changed.writer);
        if let ChangedPart::Alternative(branch) = self.part {
            other.direct = vec![*branch];
        }
        let mut defs = Map::new();
        let whole = (roots, Some(WHOLE));
        definitions(reader, whole, 's', self.direction, self.shape, &mut defs)?;
        let others: Vec<SchemaId> = other.members.iter().chain(&other.direct).copied().collect();
        let there = (others.as_slice(), self.shape.at(self.path));
        definitions(writer, there, 'w', self.direction, self.shape, &mut defs)?;
        self.revert(&mut defs, &own, &other)?;
        Some(document_of(roots, defs))
    }

    fn revert(&self, defs: &mut Map<String, Value>, own: &Place, other: &Place) -> Option<()> {
        match self.part {
            ChangedPart::Keywords(keys) => {
                if !replace_keywords(defs, own, other, keys)? {
                    replace_schema(defs, own, other);
                }
            }
            ChangedPart::AdditionalProperties => {
                for member in &own.members {
                    object(defs, *member, 's')?.shift_remove("additionalProperties");
                }
            }
            ChangedPart::Required(name) => replace_required(defs, own, other, name)?,
            ChangedPart::Property(name) => {
                replace_property(defs, own, other, name)?;
                replace_required(defs, own, other, name)?;
            }
            ChangedPart::Alternative(branch) => {
                let added = reference(*branch, 'w');
                let branches = own.members.iter().find_map(|member| {
                    let schema = defs.get(&definition_name(*member, 's'))?;
                    ["oneOf", "anyOf"]
                        .into_iter()
                        .find(|key| schema.get(key).is_some())
                        .map(|key| (*member, key))
                });
                if let Some((member, key)) = branches {
                    object(defs, member, 's')?.get_mut(key)?.as_array_mut()?.push(added);
                } else {
                    let first = *own.direct.first()?;
                    let schema = object(defs, first, 's')?;
                    let before = std::mem::take(schema);
                    schema.insert("anyOf".to_owned(), json!([before, added]));
                }
            }
            ChangedPart::UnionKeyword => {
                for member in &own.members {
                    let schema = object(defs, *member, 's')?;
                    let (any, one) = (schema.shift_remove("anyOf"), schema.shift_remove("oneOf"));
                    schema.extend(any.map(|any| ("oneOf".to_owned(), any)));
                    schema.extend(one.map(|one| ("anyOf".to_owned(), one)));
                }
            }
            ChangedPart::Schema => replace_schema(defs, own, other),
        }
        Some(())
    }
}

/// The schema objects at the changed place of one document.
struct Place {
    /// All members, through `allOf`.
    members: Vec<SchemaId>,
    /// Those that are not reached through another one, nor stand around a union of which the
    /// change concerns one alternative.
    direct: Vec<SchemaId>,
}

impl Place {
    fn of(schemas: &mut Schemas<'_>, id: ConjunctionId) -> Self {
        let members = schemas.constraints(id).members.clone();
        let conjuncts = schemas.conjuncts(id);
        let direct = conjuncts.iter().filter(|conjunct| !conjunct.own_only);
        Self { members, direct: direct.map(|conjunct| conjunct.schema).collect() }
    }
}

fn reference(id: SchemaId, document: char) -> Value {
    json!({ "$ref": format!("#/$defs/{}", definition_name(id, document)) })
}

fn object(
    defs: &mut Map<String, Value>,
    id: SchemaId,
    document: char,
) -> Option<&mut Map<String, Value>> {
    defs.get_mut(&definition_name(id, document))?.as_object_mut()
}

fn add_to_all_of(schema: &mut Map<String, Value>, added: Vec<Value>) {
    match schema.get_mut("allOf").and_then(Value::as_array_mut) {
        Some(all) => all.extend(added),
        None if added.is_empty() => {}
        None => drop(schema.insert("allOf".to_owned(), Value::Array(added))),
    }
}

/// What the members of a place have of some keywords.
fn fragments(
    defs: &Map<String, Value>,
    place: &Place,
    document: char,
    keys: &[&str],
) -> Vec<Value> {
    let schemas = place.members.iter().filter_map(|id| defs.get(&definition_name(*id, document)));
    let kept = schemas.map(|schema| {
        let kept =
            keys.iter().filter_map(|key| Some(((*key).to_owned(), schema.get(key)?.clone())));
        kept.collect::<Map<String, Value>>()
    });
    kept.filter(|kept| !kept.is_empty()).map(Value::Object).collect()
}

/// Returns whether the keywords differ. Where they do not, others at the same place decide which of
/// the listed values are possible.
fn replace_keywords(
    defs: &mut Map<String, Value>,
    own: &Place,
    other: &Place,
    keys: &[&str],
) -> Option<bool> {
    let theirs = fragments(defs, other, 'w', keys);
    if fragments(defs, own, 's', keys) == theirs {
        return Some(false);
    }
    let mut target = own.direct.first().or(own.members.first()).copied();
    for member in &own.members {
        let schema = object(defs, *member, 's')?;
        for key in keys {
            if schema.shift_remove(*key).is_some() {
                target = Some(*member);
            }
        }
    }
    add_to_all_of(object(defs, target?, 's')?, theirs);
    Some(true)
}

/// Replaces the whole schema.
fn replace_schema(defs: &mut Map<String, Value>, own: &Place, other: &Place) {
    let all: Vec<Value> = other.direct.iter().map(|id| reference(*id, 'w')).collect();
    let mut replacement = Some(json!({ "allOf": all })).filter(|_| !all.is_empty());
    for id in &own.direct {
        let by = replacement.take().unwrap_or_else(|| json!({}));
        defs.insert(definition_name(*id, 's'), by);
    }
}

fn is_required(defs: &Map<String, Value>, place: &Place, document: char, name: &str) -> bool {
    place.members.iter().any(|member| {
        let list = defs.get(&definition_name(*member, document)).and_then(|s| s.get("required"));
        list.and_then(Value::as_array).is_some_and(|list| list.iter().any(|other| other == name))
    })
}

fn replace_required(
    defs: &mut Map<String, Value>,
    own: &Place,
    other: &Place,
    name: &str,
) -> Option<()> {
    for member in &own.members {
        let list = object(defs, *member, 's')?.get_mut("required").and_then(Value::as_array_mut);
        if let Some(list) = list {
            list.retain(|other| other != name);
        }
    }
    if is_required(defs, other, 'w', name) {
        let target = own.direct.first().or(own.members.first())?;
        add_to_all_of(object(defs, *target, 's')?, vec![json!({ "required": [name] })]);
    }
    Some(())
}

fn replace_property(
    defs: &mut Map<String, Value>,
    own: &Place,
    other: &Place,
    name: &str,
) -> Option<()> {
    let theirs: Vec<Value> = other
        .members
        .iter()
        .filter_map(|member| {
            let schema = defs.get(&definition_name(*member, 'w'))?;
            schema.get("properties")?.get(name).cloned()
        })
        .collect();
    for member in &own.members {
        let schema = object(defs, *member, 's')?;
        let closed = schema.contains_key("additionalProperties");
        let properties = schema.entry("properties").or_insert_with(|| json!({}));
        let properties = properties.as_object_mut()?;
        if theirs.is_empty() {
            properties.shift_remove(name);
        } else if closed || properties.contains_key(name) {
            properties.insert(name.to_owned(), json!({ "allOf": theirs }));
        }
    }
    Some(())
}
