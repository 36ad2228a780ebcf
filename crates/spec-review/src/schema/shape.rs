//! What a conjunction demands of a value, all its members taken together.

use std::collections::{BTreeMap, HashSet};
use std::rc::Rc;

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::{Number, Value};

use super::{Additional, Atom, ConjId, Leaf, LeafId, NEVER, Num, Schemas, Types, range_of, same};

/// Nested unions are looked through this deep for the types that they leave.
const DEEPEST_UNION: usize = 32;

/// A demand, and the keyword that makes it.
#[derive(Debug, Clone)]
pub(crate) struct Sourced<T> {
    pub(crate) value: T,
    pub(crate) leaf: LeafId,
    pub(crate) key: &'static str,
}

impl<T> Sourced<T> {
    /// The schema object and its keyword.
    pub(crate) fn keyword(&self) -> (LeafId, &'static str) {
        (self.leaf, self.key)
    }
}

/// One end of a range of numbers.
pub(crate) type Bound = Sourced<(Num, bool)>;
/// A number of characters, items or properties.
pub(crate) type Count = Sourced<u64>;

/// Which keyword a union is written with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum GroupKind {
    /// `anyOf`.
    #[serde(rename = "anyOf")]
    Any,
    /// `oneOf`.
    #[serde(rename = "oneOf")]
    One,
}

/// A union: at least one, or exactly one, of the branches has to be satisfied.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub(crate) kind: GroupKind,
    pub(crate) leaf: LeafId,
    pub(crate) branches: Vec<LeafId>,
}

/// What is demanded of properties that are not named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rest {
    Open,
    Closed(LeafId),
    Schema(ConjId, LeafId),
}

/// All demands of a conjunction.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    /// The members, without those that only refer to others.
    pub(crate) leaves: Vec<LeafId>,
    pub(crate) types: Types,
    /// The keyword that says most about the types.
    pub(crate) typed_by: Option<LeafId>,
    /// `nullable` stands where OpenAPI gives it no effect.
    pub(crate) idle_nullable: Option<LeafId>,
    pub(crate) nullable_by: Option<LeafId>,
    pub(crate) values: Option<Sourced<Vec<Value>>>,
    pub(crate) lower: Option<Bound>,
    pub(crate) upper: Option<Bound>,
    pub(crate) multiples: Vec<Sourced<Num>>,
    pub(crate) min_length: Option<Count>,
    pub(crate) max_length: Option<Count>,
    pub(crate) patterns: Vec<Sourced<String>>,
    pub(crate) formats: Vec<Sourced<String>>,
    pub(crate) min_items: Option<Count>,
    pub(crate) max_items: Option<Count>,
    pub(crate) unique: Option<LeafId>,
    pub(crate) items: Option<Sourced<ConjId>>,
    pub(crate) min_properties: Option<Count>,
    pub(crate) max_properties: Option<Count>,
    pub(crate) required: BTreeMap<String, LeafId>,
    pub(crate) properties: IndexMap<String, Sourced<ConjId>>,
    pub(crate) rest: Rest,
    pub(crate) groups: Vec<Group>,
    pub(crate) nots: Vec<Sourced<ConjId>>,
    pub(crate) read_only: Option<LeafId>,
    pub(crate) write_only: Option<LeafId>,
    pub(crate) deprecated: Option<LeafId>,
    pub(crate) default: Option<Sourced<Value>>,
}

/// What is known of a conjunction's shape.
#[derive(Debug, Clone)]
pub(super) enum Known {
    InProgress,
    Shape(Rc<Shape>),
}

/// Keeps the demand that leaves fewer values.
fn tighten<T: Clone>(
    slot: &mut Option<Sourced<T>>,
    value: Option<T>,
    tighter: fn(&T, &T) -> bool,
    leaf: LeafId,
    key: &'static str,
) {
    let Some(value) = value else { return };
    if slot.as_ref().is_none_or(|old| tighter(&value, &old.value)) {
        *slot = Some(Sourced { value, leaf, key });
    }
}

fn bound(number: Option<&Number>, exclusive: bool) -> Option<(Num, bool)> {
    number.map(|number| (Num::of(number), exclusive))
}

/// Whether one lower end lies above another; the upper ends are this the other way round.
fn above(one: &(Num, bool), other: &(Num, bool)) -> bool {
    one.0 > other.0 || one.0 == other.0 && one.1 && !other.1
}

fn below(one: &(Num, bool), other: &(Num, bool)) -> bool {
    one.0 < other.0 || one.0 == other.0 && one.1 && !other.1
}

impl Schemas<'_> {
    /// The shape of a conjunction.
    pub(crate) fn shape(&mut self, id: ConjId) -> Rc<Shape> {
        self.shape_within(id, 0).unwrap_or_else(|| Rc::new(Shape::new(Vec::new())))
    }

    /// Nothing where the shape is being worked out further up, or unions nest too deep.
    fn shape_within(&mut self, id: ConjId, depth: usize) -> Option<Rc<Shape>> {
        match self.shapes.get(&id) {
            Some(Known::Shape(shape)) => return Some(Rc::clone(shape)),
            Some(Known::InProgress) => return None,
            None if depth > DEEPEST_UNION => return None,
            None => {}
        }
        self.shapes.insert(id, Known::InProgress);
        let mut shape = Shape::new(Vec::new());
        self.gather(id, &mut shape);
        self.add_members(&mut shape);
        self.narrow_by_groups(&mut shape, depth);
        let shape = Rc::new(shape);
        self.shapes.insert(id, Known::Shape(Rc::clone(&shape)));
        Some(shape)
    }

    /// Collects the members, through `allOf` and unions of one.
    fn gather(&self, id: ConjId, shape: &mut Shape) {
        let mut stack: Vec<Atom> = self.atoms(id).iter().rev().copied().collect();
        let mut seen = HashSet::new();
        while let Some(atom) = stack.pop() {
            if !seen.insert(atom) {
                continue;
            }
            if !shape.leaves.contains(&atom.leaf) {
                shape.leaves.push(atom.leaf);
            }
            if atom.own_only {
                continue;
            }
            let leaf = self.leaf(atom.leaf);
            let mut inner = leaf.all_of.clone();
            for (kind, branches) in [(GroupKind::Any, &leaf.any_of), (GroupKind::One, &leaf.one_of)]
            {
                match branches.as_slice() {
                    [] => {}
                    [only] => inner.push(*only),
                    _ => shape.groups.push(Group {
                        kind,
                        leaf: atom.leaf,
                        branches: branches.clone(),
                    }),
                }
            }
            stack.extend(inner.into_iter().rev().map(|leaf| Atom { leaf, own_only: false }));
        }
    }

    fn add_members(&mut self, shape: &mut Shape) {
        let leaves: Vec<_> = shape.leaves.iter().map(|id| (*id, self.leaf(*id))).collect();
        for (id, leaf) in &leaves {
            shape.add_scalars(*id, leaf);
            if let Some(not) = leaf.not {
                let value = self.one(not);
                shape.nots.push(Sourced { value, leaf: *id, key: "not" });
            }
        }
        let items: Vec<_> =
            leaves.iter().filter_map(|(id, leaf)| Some((*id, leaf.items?))).collect();
        if let Some((first, _)) = items.first() {
            let value =
                self.all(items.iter().map(|(_, leaf)| Atom { leaf: *leaf, own_only: false }));
            shape.items = Some(Sourced { value, leaf: *first, key: "items" });
        }
        self.add_properties(&leaves, shape);
    }

    fn add_properties(&mut self, leaves: &[(LeafId, Rc<Leaf<'_>>)], shape: &mut Shape) {
        for (id, leaf) in leaves {
            for name in leaf.properties.keys() {
                if shape.properties.contains_key(name) {
                    continue;
                }
                let demands: Vec<_> = leaves
                    .iter()
                    .filter_map(|(_, leaf)| {
                        match (leaf.properties.get(name).copied(), leaf.additional) {
                            (Some(property), _) | (None, Some(Additional::Schema(property))) => {
                                Some(property)
                            }
                            (None, Some(Additional::Closed)) => Some(NEVER),
                            (None, _) => None,
                        }
                    })
                    .map(|leaf| Atom { leaf, own_only: false })
                    .collect();
                let value = self.all(demands);
                shape
                    .properties
                    .insert(name.clone(), Sourced { value, leaf: *id, key: "properties" });
            }
        }
        let closed = leaves.iter().find(|(_, leaf)| leaf.additional == Some(Additional::Closed));
        let demands: Vec<_> = leaves
            .iter()
            .filter_map(|(id, leaf)| match leaf.additional {
                Some(Additional::Schema(rest)) => Some((*id, Atom { leaf: rest, own_only: false })),
                _ => None,
            })
            .collect();
        shape.rest = match (closed, demands.first()) {
            (Some((id, _)), _) => Rest::Closed(*id),
            (None, Some((id, _))) => {
                Rest::Schema(self.all(demands.iter().map(|(_, atom)| *atom)), *id)
            }
            (None, None) => Rest::Open,
        };
    }

    /// Takes into account what all branches of a union have in common: types, and values where
    /// there are finitely many.
    fn narrow_by_groups(&mut self, shape: &mut Shape, depth: usize) {
        for group in std::mem::take(&mut shape.groups) {
            if let Some(values) = self.finite_group(&group, depth) {
                let values = match shape.values.take() {
                    Some(old) => old
                        .value
                        .into_iter()
                        .filter(|old| values.iter().any(|new| same(old, new)))
                        .collect(),
                    None => values,
                };
                let key = if group.kind == GroupKind::Any { "anyOf" } else { "oneOf" };
                shape.values = Some(Sourced { value: values, leaf: group.leaf, key });
                continue;
            }
            let mut types = Types::NONE;
            for branch in &group.branches {
                let branch = self.one(*branch);
                types = types
                    | self.shape_within(branch, depth + 1).map_or(Types::ALL, |shape| shape.types);
            }
            if !types.contains(shape.types) {
                shape.types = shape.types & types;
                shape.typed_by = Some(group.leaf);
            }
            shape.groups.push(group);
        }
        shape.settle_values();
    }

    pub(super) fn shape_of_branch(&mut self, branch: LeafId, depth: usize) -> Option<Rc<Shape>> {
        let branch = self.one(branch);
        self.shape_within(branch, depth + 1)
    }
}

impl Shape {
    fn new(leaves: Vec<LeafId>) -> Self {
        Self {
            leaves,
            types: Types::ALL,
            typed_by: None,
            idle_nullable: None,
            nullable_by: None,
            values: None,
            lower: None,
            upper: None,
            multiples: Vec::new(),
            min_length: None,
            max_length: None,
            patterns: Vec::new(),
            formats: Vec::new(),
            min_items: None,
            max_items: None,
            unique: None,
            items: None,
            min_properties: None,
            max_properties: None,
            required: BTreeMap::new(),
            properties: IndexMap::new(),
            rest: Rest::Open,
            groups: Vec::new(),
            nots: Vec::new(),
            read_only: None,
            write_only: None,
            deprecated: None,
            default: None,
        }
    }

    fn add_scalars(&mut self, id: LeafId, leaf: &Leaf<'_>) {
        self.add_types(id, leaf);
        if let Some(values) = &leaf.values {
            let values = match self.values.take() {
                Some(old) => old
                    .value
                    .into_iter()
                    .filter(|old| values.iter().any(|new| same(old, new)))
                    .collect(),
                None => values.clone(),
            };
            self.values = Some(Sourced { value: values, leaf: id, key: "enum" });
        }
        let (low, high) = (leaf.exclusive_minimum, leaf.exclusive_maximum);
        tighten(&mut self.lower, bound(leaf.minimum.as_ref(), low), above, id, "minimum");
        tighten(&mut self.upper, bound(leaf.maximum.as_ref(), high), below, id, "maximum");
        // `int32` says nothing about a string.
        let numeric = leaf.format.as_deref().filter(|_| self.types.has(Types::INTEGER));
        if let Some((low, high)) = numeric.and_then(range_of) {
            tighten(&mut self.lower, Some((low, false)), above, id, "format");
            tighten(&mut self.upper, Some((high, false)), below, id, "format");
        }
        if let Some(multiple) = &leaf.multiple_of {
            self.multiples.push(Sourced { value: Num::of(multiple), leaf: id, key: "multipleOf" });
        }
        let more = |new: &u64, old: &u64| new > old;
        let fewer = |new: &u64, old: &u64| new < old;
        tighten(&mut self.min_length, leaf.min_length, more, id, "minLength");
        tighten(&mut self.max_length, leaf.max_length, fewer, id, "maxLength");
        tighten(&mut self.min_items, leaf.min_items, more, id, "minItems");
        tighten(&mut self.max_items, leaf.max_items, fewer, id, "maxItems");
        tighten(&mut self.min_properties, leaf.min_properties, more, id, "minProperties");
        tighten(&mut self.max_properties, leaf.max_properties, fewer, id, "maxProperties");
        for (list, text, key) in [
            (&mut self.patterns, &leaf.pattern, "pattern"),
            (&mut self.formats, &leaf.format, "format"),
        ] {
            if let Some(text) =
                text.as_ref().filter(|text| list.iter().all(|old| old.value != **text))
            {
                list.push(Sourced { value: text.clone(), leaf: id, key });
            }
        }
        self.unique = self.unique.or(leaf.unique_items.then_some(id));
        for name in &leaf.required {
            self.required.entry(name.clone()).or_insert(id);
        }
        self.read_only = self.read_only.or(leaf.read_only.then_some(id));
        self.write_only = self.write_only.or(leaf.write_only.then_some(id));
        self.deprecated = self.deprecated.or(leaf.deprecated.then_some(id));
        if let (None, Some(default)) = (&self.default, &leaf.default) {
            self.default = Some(Sourced { value: default.clone(), leaf: id, key: "default" });
        }
    }

    fn add_types(&mut self, id: LeafId, leaf: &Leaf<'_>) {
        let has_null = |values: &Vec<Value>| values.iter().any(Value::is_null);
        if leaf.nullable {
            if leaf.types.is_some() && leaf.values.as_ref().is_none_or(has_null) {
                self.nullable_by = Some(id);
            } else {
                self.idle_nullable = Some(id);
            }
        }
        if let Some(mut types) = leaf.types {
            if leaf.nullable {
                types = types | Types::NULL;
            }
            self.typed_by = self.typed_by.filter(|_| types.contains(self.types)).or(Some(id));
            self.types = self.types & types;
        }
    }

    /// Drops listed values that the types refuse, and a list that says no more than the type.
    fn settle_values(&mut self) {
        let types = self.types;
        let Some(values) = &mut self.values else { return };
        values.value.retain(|value| types.has(Types::of(value)));
        let has = |wanted: &Value| values.value.iter().any(|value| same(value, wanted));
        let all_booleans = has(&Value::Bool(true)) && has(&Value::Bool(false));
        let whole = (Types::BOOLEAN | Types::NULL).contains(types)
            && all_booleans
            && (!types.has(Types::NULL) || has(&Value::Null));
        if whole && types.has(Types::BOOLEAN) {
            self.values = None;
        } else {
            let present =
                values.value.iter().fold(Types::NONE, |types, value| types | Types::of(value));
            self.types = types & present;
        }
    }
}
