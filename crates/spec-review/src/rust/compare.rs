//! Compares the public items of two clients.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::ItemChange;
use super::items::{PublicItem, PublicItems};
use crate::change::{Aspect, AspectValue, Change, ItemKind, Part};
use crate::compatibility::Level;
use crate::rules;
use crate::subject::ItemPath;
use crate::versions::Versions;

/// The changes, one for each cause: a change of a type hides the same change of its builder.
pub(super) fn compare(items: Versions<&PublicItems>) -> Vec<ItemChange> {
    let Versions { base, head } = items;
    let mut changes = Vec::new();
    for (path, before) in &base.0 {
        match head.0.get(path) {
            None => {
                let goes_with = path.owner().is_some_and(|owner| {
                    base.0.contains_key(&owner) && !head.0.contains_key(&owner)
                });
                if !goes_with {
                    changes.push(removed(path, before));
                }
            }
            Some(after) => changes.extend(changed(path, Versions::new(before, after))),
        }
    }
    for (path, after) in head.0.iter().filter(|(path, _)| !base.0.contains_key(*path)) {
        let comes_with = path
            .owner()
            .is_some_and(|owner| head.0.contains_key(&owner) && !base.0.contains_key(&owner));
        if !comes_with {
            changes.push(added(path, after, base));
        }
    }
    merge_layers(changes)
}

fn removed(path: &ItemPath, before: &PublicItem) -> ItemChange {
    ItemChange {
        rule: &rules::RUST_REMOVED,
        level: Level::Breaking,
        item: path.clone(),
        change: Change::removed(Part::Item { kind: before.kind, exhaustive: false }),
        lower_layers: false,
    }
}

fn changed(path: &ItemPath, item: Versions<&PublicItem>) -> Option<ItemChange> {
    let kinds = item.map(|item| item.kind);
    let signatures = item.map(|item| item.signature.as_str());
    let non_exhaustive = item.map(|item| item.non_exhaustive);
    let (level, change) = if kinds.differ() {
        let kinds = kinds.map(|kind| Some(AspectValue::ItemKind(kind)));
        (Level::Breaking, Change::replaced(Aspect::ItemKind, kinds))
    } else if signatures.differ() {
        let signatures = signatures.map(|signature| Some(AspectValue::from(signature)));
        (Level::Breaking, Change::replaced(Aspect::Signature(kinds.head), signatures))
    } else if non_exhaustive.differ() {
        let level = if non_exhaustive.head { Level::Breaking } else { Level::Info };
        (level, Change::Exhaustiveness { kind: kinds.head, exhaustive: !non_exhaustive.head })
    } else {
        return None;
    };
    let item = path.clone();
    Some(ItemChange { rule: &rules::RUST_CHANGED, level, item, change, lower_layers: false })
}

fn added(path: &ItemPath, after: &PublicItem, base: &PublicItems) -> ItemChange {
    let owner = path.owner().and_then(|owner| base.0.get(&owner));
    let exhaustive = matches!(after.kind, ItemKind::Variant | ItemKind::Field)
        && owner.is_some_and(|owner| !owner.non_exhaustive);
    ItemChange {
        rule: &rules::RUST_ADDED,
        level: if exhaustive { Level::Breaking } else { Level::Info },
        item: path.clone(),
        change: Change::added(Part::Item { kind: after.kind, exhaustive }),
        lower_layers: false,
    }
}

/// Changes with the same key have the same cause: the type or operation, and the member.
type MergeKey = (String, Option<String>);

fn merge_key(path: &ItemPath) -> MergeKey {
    (path.name.clone(), path.member.as_ref().map(|member| member.name().to_owned()))
}

/// The depth of a layer below the facade.
fn layer_depth(path: &ItemPath) -> usize {
    let layers = ["types::builder", "raw"];
    let within = |layer: &&str| {
        path.module
            .strip_prefix(*layer)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
    };
    layers.iter().position(within).map_or(0, |index| index + 1)
}

fn merge_layers(changes: Vec<ItemChange>) -> Vec<ItemChange> {
    let mut folded: BTreeMap<(MergeKey, &str), ItemChange> = BTreeMap::new();
    for change in changes {
        match folded.entry((merge_key(&change.item), change.rule.id)) {
            Entry::Vacant(entry) => drop(entry.insert(change)),
            Entry::Occupied(mut entry) => {
                let kept = entry.get_mut();
                let level = kept.level.min(change.level);
                if layer_depth(&change.item) < layer_depth(&kept.item) {
                    *kept = change;
                }
                kept.level = level;
                kept.lower_layers = true;
            }
        }
    }
    folded.into_values().collect()
}
