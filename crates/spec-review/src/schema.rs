//! The schemas of one document, resolved and normalised.
//!
//! A schema is represented as a *conjunction*: the set of schema objects that a value has to
//! satisfy at once. `allOf`, `$ref`, and an `anyOf` or `oneOf` of one element add members to the
//! set, so that all ways of writing the same requirements have the same representation. The
//! [`Constraints`] of a conjunction are what its members together require of a value.

mod accepts;
mod constraints;
mod examples;
mod finite_unions;
pub(crate) mod formats;
mod number;
mod object;
pub(crate) mod pattern;
mod types;
mod value_index;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

pub(crate) use accepts::{accepts, accepts_listed, declares_all_properties};
pub use constraints::UnionKeyword;
pub(crate) use constraints::{
    AdditionalProperties, Bound, Constraints, Count, KeywordValue, Union,
};
pub use number::Num;
pub(crate) use number::range_of;
pub(crate) use object::{AdditionalKeyword, Discriminator, SchemaId, SchemaObject};
pub use types::TypeSet;
pub(crate) use types::json_equal;
pub(crate) use value_index::ValueIndex;

use self::pattern::Patterns;
use crate::budget::Budget;
use crate::resolver::{NodeLocation, NodeRef, Resolver};
use examples::Examples;

/// A schema object as a member of a conjunction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Conjunct {
    pub(crate) schema: SchemaId,
    /// Without its `allOf`, `anyOf` and `oneOf`.
    pub(crate) own_only: bool,
}

/// Identifies a conjunction; equal sets have equal ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ConjunctionId(u32);

/// The schema that accepts everything.
pub(crate) const ANY: SchemaId = SchemaId(0);
/// The schema behind an unresolved reference, of which nothing is known.
pub(crate) const UNKNOWN: SchemaId = SchemaId(2);
/// The schema that accepts nothing.
pub(crate) const NEVER: SchemaId = SchemaId(1);

/// The schemas of one document that were read so far.
pub(crate) struct Schemas<'d> {
    pub(crate) resolver: Resolver<'d>,
    objects: Vec<Rc<SchemaObject<'d>>>,
    by_pointer: HashMap<Rc<str>, SchemaId>,
    conjunctions: Vec<Rc<[Conjunct]>>,
    by_conjuncts: HashMap<Rc<[Conjunct]>, ConjunctionId>,
    constraints: HashMap<ConjunctionId, constraints::ConstraintsState>,
    validators: RefCell<accepts::KeywordValidators>,
    examples: Examples<'d>,
    pub(crate) patterns: Rc<Patterns>,
}

impl<'d> Schemas<'d> {
    /// `patterns` are those of both documents.
    pub(crate) fn new(resolver: Resolver<'d>, patterns: Rc<Patterns>) -> Self {
        let never = SchemaObject { types: Some(TypeSet::NONE), ..SchemaObject::default() };
        let mut objects = vec![
            Rc::new(SchemaObject::default()),
            Rc::new(never),
            Rc::new(SchemaObject::default()),
        ];
        let each = TypeSet::EACH.into_iter().chain([TypeSet::NUMBER]);
        objects.extend(
            each.map(|types| {
                Rc::new(SchemaObject { types: Some(types), ..SchemaObject::default() })
            }),
        );
        Self {
            resolver,
            objects,
            by_pointer: HashMap::new(),
            conjunctions: Vec::new(),
            by_conjuncts: HashMap::new(),
            constraints: HashMap::new(),
            validators: RefCell::default(),
            examples: Examples::default(),
            patterns,
        }
    }

    /// What the comparison may still use.
    pub(crate) fn budget(&self) -> &Budget {
        &self.patterns.budget
    }

    /// The schema that accepts all values of one type of [`TypeSet::EACH`], or all numbers.
    pub(crate) fn of_type(types: TypeSet) -> SchemaId {
        let index =
            TypeSet::EACH.iter().position(|each| *each == types).unwrap_or(TypeSet::EACH.len());
        SchemaId(u32::try_from(index + 3).unwrap_or_default())
    }

    /// Whether a schema is one of [`Schemas::of_type`].
    pub(crate) fn is_type(id: SchemaId) -> bool {
        (3..=3 + TypeSet::EACH.len()).contains(&(id.0 as usize))
    }

    pub(crate) fn object(&self, id: SchemaId) -> Rc<SchemaObject<'d>> {
        match self.objects.get(id.0 as usize) {
            Some(object) => Rc::clone(object),
            None => Rc::default(),
        }
    }

    /// The first alternative that says only `nullable: true`, which is read as `null`.
    pub(crate) fn read_as_null(&self) -> Option<NodeLocation> {
        self.objects.iter().find_map(|object| object.null_only.clone())
    }

    /// Reads a schema and everything that it refers to.
    pub(crate) fn read(&mut self, at: &NodeRef<'d>) -> SchemaId {
        let mut queue = Vec::new();
        let id = intern(&self.resolver, &mut self.by_pointer, &mut self.objects, &mut queue, at);
        let mut with_examples = Vec::new();
        // A queue instead of recursion, because chains of references can have any length.
        while let Some((id, at)) = queue.pop() {
            with_examples.extend(at.node.get("example").map(|example| (id, example)));
            let (resolver, by_pointer, objects) =
                (&self.resolver, &mut self.by_pointer, &mut self.objects);
            let object = SchemaObject::read(at, &mut |at| {
                intern(resolver, by_pointer, objects, &mut queue, &at)
            });
            if let Some(slot) = self.objects.get_mut(id.0 as usize) {
                *slot = Rc::new(object);
            }
        }
        for (id, example) in with_examples {
            self.add_example(id, example);
        }
        id
    }

    /// The conjunction of one schema.
    pub(crate) fn one(&mut self, schema: SchemaId) -> ConjunctionId {
        self.all([Conjunct { schema, own_only: false }])
    }

    /// The conjunction of several.
    pub(crate) fn all(&mut self, conjuncts: impl IntoIterator<Item = Conjunct>) -> ConjunctionId {
        let mut conjuncts: Vec<Conjunct> =
            conjuncts.into_iter().filter(|conjunct| conjunct.schema != ANY).collect();
        conjuncts.sort_unstable();
        conjuncts.dedup();
        if let Some(id) = self.by_conjuncts.get(conjuncts.as_slice()) {
            return *id;
        }
        let id = ConjunctionId(u32::try_from(self.conjunctions.len()).unwrap_or(u32::MAX));
        let conjuncts: Rc<[Conjunct]> = conjuncts.into();
        self.conjunctions.push(Rc::clone(&conjuncts));
        self.by_conjuncts.insert(conjuncts, id);
        id
    }

    /// What applies beside each alternative of the unions of a conjunction: its members without their
    /// unions. A schema around an outer union is left out if it consists of that union; otherwise the
    /// conjunctions of unions inside unions would grow with each level.
    pub(crate) fn beside_unions(
        &self,
        id: ConjunctionId,
        constraints: &Constraints,
    ) -> Vec<Conjunct> {
        let outer = self.conjuncts(id);
        let members = constraints.members.iter().filter(|schema| {
            let is_outer = outer.iter().any(|outer| outer.own_only && outer.schema == **schema);
            !is_outer || !self.object(**schema).has_only_schemas()
        });
        members.map(|schema| Conjunct { schema: *schema, own_only: true }).collect()
    }

    pub(crate) fn conjuncts(&self, id: ConjunctionId) -> Rc<[Conjunct]> {
        self.conjunctions.get(id.0 as usize).map_or_else(|| Rc::new([]), Rc::clone)
    }
}

fn intern<'d>(
    resolver: &Resolver<'d>,
    by_pointer: &mut HashMap<Rc<str>, SchemaId>,
    objects: &mut Vec<Rc<SchemaObject<'d>>>,
    queue: &mut Vec<(SchemaId, NodeRef<'d>)>,
    at: &NodeRef<'d>,
) -> SchemaId {
    let Some(at) = resolver.resolve(at) else { return UNKNOWN };
    if !at.node.is_mapping() {
        return ANY;
    }
    if let Some(id) = by_pointer.get(&at.pointer) {
        return *id;
    }
    let id = SchemaId(u32::try_from(objects.len()).unwrap_or(u32::MAX));
    objects.push(Rc::default());
    by_pointer.insert(Rc::clone(&at.pointer), id);
    queue.push((id, at));
    id
}
