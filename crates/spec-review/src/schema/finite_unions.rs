//! Unions whose branches all list their values are treated as an `enum`.

use serde_json::Value;

use super::constraints::{Union, UnionKeyword};
use super::{Schemas, TypeSet, ValueIndex, accepts_listed};
use crate::compatibility::Direction;

impl Schemas<'_> {
    /// The values of a union, if they are finitely many.
    pub(super) fn finite_union(&mut self, union: &Union, depth: usize) -> Option<Vec<Value>> {
        let mut lists = Vec::with_capacity(union.branches.len());
        for branch in &union.branches {
            let constraints = self.constraints_of_branch(*branch, depth)?;
            let plain = constraints.unions.is_empty() && constraints.nots.is_empty();
            lists.push(match &constraints.values {
                Some(values) if plain => {
                    let conjunction = self.one(*branch);
                    let listed = values.value.iter();
                    // Nearly always scalars, which both directions treat alike.
                    listed
                        .filter(|value| {
                            accepts_listed(self, conjunction, value, Direction::Request)
                        })
                        .cloned()
                        .collect()
                }
                None if plain && constraints.types == TypeSet::NULL => vec![Value::Null],
                _ => return None,
            });
        }
        let mut once = ValueIndex::default();
        let mut again = ValueIndex::default();
        for list in &lists {
            let mut own = ValueIndex::default();
            for value in list.iter().filter(|value| own.insert(value)) {
                if !once.insert(value) {
                    again.insert(value);
                }
            }
        }
        let mut listed = ValueIndex::default();
        // A `oneOf` refuses values that two branches list.
        let kept = lists.iter().flatten().filter(|value| {
            listed.insert(value) && (union.kind == UnionKeyword::AnyOf || !again.contains(value))
        });
        Some(kept.cloned().collect())
    }
}
