//! Unions whose branches all list their values are treated as an `enum`.

use serde_json::Value;

use super::constraints::{Union, UnionKeyword};
use super::{Schemas, TypeSet, accepts, json_equal};
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
                        .filter(|value| accepts(self, conjunction, value, Direction::Request))
                        .cloned()
                        .collect()
                }
                None if plain && constraints.types == TypeSet::NULL => vec![Value::Null],
                _ => return None,
            });
        }
        let mut values: Vec<(Value, usize)> = Vec::new();
        for list in &lists {
            for (index, value) in list.iter().enumerate() {
                if list.iter().take(index).any(|earlier| json_equal(earlier, value)) {
                    continue;
                }
                match values.iter_mut().find(|(known, _)| json_equal(known, value)) {
                    Some((_, count)) => *count += 1,
                    None => values.push((value.clone(), 1)),
                }
            }
        }
        // A `oneOf` refuses values that two branches list.
        let kept = values
            .into_iter()
            .filter(|(_, count)| union.kind == UnionKeyword::AnyOf || *count == 1);
        Some(kept.map(|(value, _)| value).collect())
    }
}
