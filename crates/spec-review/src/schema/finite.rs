//! Unions whose branches list their values are enumerations by another name.

use serde_json::Value;

use super::shape::{Group, GroupKind};
use super::{Schemas, Types, accepts, same};
use crate::law::Direction;

impl Schemas<'_> {
    /// The values of a union, if there are finitely many.
    pub(super) fn finite_group(&mut self, group: &Group, depth: usize) -> Option<Vec<Value>> {
        let mut lists = Vec::with_capacity(group.branches.len());
        for branch in &group.branches {
            let shape = self.shape_of_branch(*branch, depth)?;
            let plain = shape.groups.is_empty() && shape.nots.is_empty();
            lists.push(match &shape.values {
                Some(values) if plain => {
                    let conj = self.one(*branch);
                    let listed = values.value.iter();
                    // Scalars, all but always; they are the same in both directions.
                    listed
                        .filter(|value| accepts(self, conj, value, Direction::Request))
                        .cloned()
                        .collect()
                }
                None if plain && shape.types == Types::NULL => vec![Value::Null],
                _ => return None,
            });
        }
        let mut values: Vec<(Value, usize)> = Vec::new();
        for list in &lists {
            for (index, value) in list.iter().enumerate() {
                if list.iter().take(index).any(|earlier| same(earlier, value)) {
                    continue;
                }
                match values.iter_mut().find(|(known, _)| same(known, value)) {
                    Some((_, count)) => *count += 1,
                    None => values.push((value.clone(), 1)),
                }
            }
        }
        // What two branches of a `oneOf` list is accepted by neither.
        let kept =
            values.into_iter().filter(|(_, count)| group.kind == GroupKind::Any || *count == 1);
        Some(kept.map(|(value, _)| value).collect())
    }
}
