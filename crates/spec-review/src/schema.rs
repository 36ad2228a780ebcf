//! The schemas of one document, resolved and normalised.
//!
//! A schema is looked at as a *conjunction*: the set of schema objects that a value has to satisfy
//! at once. `allOf`, a `$ref`, and an `anyOf` or `oneOf` of one element add to the set, so all ways
//! of writing the same requirements down end in the same place. What a conjunction demands of a
//! value is its [`Shape`].

mod accepts;
mod finite;
pub(crate) mod formats;
mod leaf;
mod number;
pub(crate) mod pattern;
mod shape;
mod types;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

pub(crate) use accepts::{accepts, names};
pub(crate) use leaf::{Additional, Discriminator, Leaf, LeafId};
pub use number::Num;
pub(crate) use number::range_of;
pub use shape::GroupKind;
pub(crate) use shape::{Bound, Count, Group, Rest, Shape, Sourced};
pub use types::Types;
pub(crate) use types::same;

use crate::side::{At, Side};

/// A schema object that takes part in a conjunction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Atom {
    pub(crate) leaf: LeafId,
    /// Without what its `allOf`, `anyOf` and `oneOf` say.
    pub(crate) own_only: bool,
}

/// A set of schema objects; the same set has the same id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ConjId(u32);

/// The schema that accepts everything.
pub(crate) const ANY: LeafId = LeafId(0);
/// The schema of which nothing is known, because a reference to it leads nowhere.
pub(crate) const UNKNOWN: LeafId = LeafId(2);
/// The schema that accepts nothing.
pub(crate) const NEVER: LeafId = LeafId(1);

/// Every schema of one document that was asked for.
pub(crate) struct Schemas<'d> {
    pub(crate) side: Side<'d>,
    leaves: Vec<Rc<Leaf<'d>>>,
    by_pointer: HashMap<Rc<str>, LeafId>,
    conjunctions: Vec<Rc<[Atom]>>,
    by_atoms: HashMap<Rc<[Atom]>, ConjId>,
    shapes: HashMap<ConjId, shape::Known>,
    checks: RefCell<accepts::Checks>,
}

impl<'d> Schemas<'d> {
    pub(crate) fn new(side: Side<'d>) -> Self {
        let never = Leaf { types: Some(Types::NONE), ..Leaf::default() };
        let mut leaves = vec![Rc::new(Leaf::default()), Rc::new(never), Rc::new(Leaf::default())];
        let each = Types::EACH.into_iter().chain([Types::NUMBER]);
        leaves.extend(each.map(|types| Rc::new(Leaf { types: Some(types), ..Leaf::default() })));
        Self {
            side,
            leaves,
            by_pointer: HashMap::new(),
            conjunctions: Vec::new(),
            by_atoms: HashMap::new(),
            shapes: HashMap::new(),
            checks: RefCell::default(),
        }
    }

    /// The schema that accepts all values of one type, one of [`Types::EACH`] or the numbers.
    pub(crate) fn of_type(types: Types) -> LeafId {
        let index = Types::EACH.iter().position(|each| *each == types).unwrap_or(Types::EACH.len());
        LeafId(u32::try_from(index + 3).unwrap_or_default())
    }

    pub(crate) fn leaf(&self, id: LeafId) -> Rc<Leaf<'d>> {
        match self.leaves.get(id.0 as usize) {
            Some(leaf) => Rc::clone(leaf),
            None => Rc::default(),
        }
    }

    /// Reads a schema and everything that it refers to. What cannot be resolved accepts anything.
    pub(crate) fn read(&mut self, at: &At<'d>) -> LeafId {
        let mut queue = Vec::new();
        let id = intern(&self.side, &mut self.by_pointer, &mut self.leaves, &mut queue, at);
        // A list of what is left to read, not recursion: references can chain at any length.
        while let Some((id, at)) = queue.pop() {
            let (side, by_pointer, leaves) = (&self.side, &mut self.by_pointer, &mut self.leaves);
            let leaf = Leaf::read(at, &mut |at| intern(side, by_pointer, leaves, &mut queue, &at));
            if let Some(slot) = self.leaves.get_mut(id.0 as usize) {
                *slot = Rc::new(leaf);
            }
        }
        id
    }

    /// The conjunction of one schema.
    pub(crate) fn one(&mut self, leaf: LeafId) -> ConjId {
        self.all([Atom { leaf, own_only: false }])
    }

    /// The conjunction of several.
    pub(crate) fn all(&mut self, atoms: impl IntoIterator<Item = Atom>) -> ConjId {
        let mut atoms: Vec<Atom> = atoms.into_iter().filter(|atom| atom.leaf != ANY).collect();
        atoms.sort_unstable();
        atoms.dedup();
        if let Some(id) = self.by_atoms.get(atoms.as_slice()) {
            return *id;
        }
        let id = ConjId(u32::try_from(self.conjunctions.len()).unwrap_or(u32::MAX));
        let atoms: Rc<[Atom]> = atoms.into();
        self.conjunctions.push(Rc::clone(&atoms));
        self.by_atoms.insert(atoms, id);
        id
    }

    pub(crate) fn atoms(&self, id: ConjId) -> Rc<[Atom]> {
        self.conjunctions.get(id.0 as usize).map_or_else(|| Rc::new([]), Rc::clone)
    }
}

fn intern<'d>(
    side: &Side<'d>,
    by_pointer: &mut HashMap<Rc<str>, LeafId>,
    leaves: &mut Vec<Rc<Leaf<'d>>>,
    queue: &mut Vec<(LeafId, At<'d>)>,
    at: &At<'d>,
) -> LeafId {
    let Some(at) = side.resolve(at) else { return UNKNOWN };
    if !at.node.is_mapping() {
        return ANY;
    }
    if let Some(id) = by_pointer.get(&at.pointer) {
        return *id;
    }
    let id = LeafId(u32::try_from(leaves.len()).unwrap_or(u32::MAX));
    leaves.push(Rc::default());
    by_pointer.insert(Rc::clone(&at.pointer), id);
    queue.push((id, at));
    id
}
