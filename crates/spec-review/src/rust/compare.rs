//! Two sets of public items.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::ItemChange;
use super::items::{Items, Public};
use crate::change::{Aspect, Change, Fact, ItemKind, Part};
use crate::law::Level;
use crate::rules;
use crate::versions::Versions;

/// The changes, one for each cause: what is said of a type is not said again of its builder.
pub(super) fn compare(items: Versions<&Items>) -> Vec<ItemChange> {
    let Versions { base, head } = items;
    let mut changes = Vec::new();
    for (path, before) in &base.0 {
        match head.0.get(path) {
            None => {
                let goes_with = before.parent.as_ref().is_some_and(|parent| {
                    base.0.contains_key(parent) && !head.0.contains_key(parent)
                });
                if !goes_with {
                    changes.push(removed(path, before));
                }
            }
            Some(after) => changes.extend(changed(path, Versions::new(before, after))),
        }
    }
    for (path, after) in head.0.iter().filter(|(path, _)| !base.0.contains_key(*path)) {
        let comes_with = after
            .parent
            .as_ref()
            .is_some_and(|parent| head.0.contains_key(parent) && !base.0.contains_key(parent));
        if !comes_with {
            changes.push(added(path, after, base));
        }
    }
    fold(changes)
}

fn removed(path: &str, before: &Public) -> ItemChange {
    ItemChange {
        rule: &rules::RUST_REMOVED,
        level: Level::Breaking,
        item: path.to_owned(),
        change: Change::removed(Part::Item { kind: before.kind, exhaustive: false }),
        layers: false,
    }
}

fn changed(path: &str, item: Versions<&Public>) -> Option<ItemChange> {
    let kinds = item.map(|item| item.kind);
    let signatures = item.map(|item| item.signature.as_str());
    let open = item.map(|item| item.open);
    let (level, change) = if kinds.differ() {
        let kinds = kinds.map(|kind| Some(Fact::ItemKind(kind)));
        (Level::Breaking, Change::replaced(Aspect::ItemKind, kinds))
    } else if signatures.differ() {
        let signatures = signatures.map(|signature| Some(Fact::from(signature)));
        (Level::Breaking, Change::replaced(Aspect::Signature(kinds.head), signatures))
    } else if open.differ() {
        let level = if open.head { Level::Breaking } else { Level::Info };
        (level, Change::Exhaustive { kind: kinds.head, now: !open.head })
    } else {
        return None;
    };
    let item = path.to_owned();
    Some(ItemChange { rule: &rules::RUST_CHANGED, level, item, change, layers: false })
}

fn added(path: &str, after: &Public, base: &Items) -> ItemChange {
    let owner = after.parent.as_ref().and_then(|parent| base.0.get(parent));
    let exhaustive = matches!(after.kind, ItemKind::Variant | ItemKind::Field)
        && owner.is_some_and(|owner| !owner.open);
    ItemChange {
        rule: &rules::RUST_ADDED,
        level: if exhaustive { Level::Breaking } else { Level::Info },
        item: path.to_owned(),
        change: Change::added(Part::Item { kind: after.kind, exhaustive }),
        layers: false,
    }
}

/// What a change is about, wherever in the layers it shows: the type or operation, and the member.
fn subject(path: &str) -> (String, String) {
    let (owner, member) = if let Some((owner, name)) = path.split_once(": ") {
        (owner, name)
    } else {
        let at = path.rfind(['.', ':']).unwrap_or(0);
        let (owner, member) = path.split_at(at);
        (owner.trim_end_matches(':'), member.trim_start_matches(['.', ':']))
    };
    let name = owner.rsplit("::").next().unwrap_or(owner);
    if name.starts_with(char::is_lowercase) {
        // A type in its module: the same name in another layer is the same subject.
        return (member.to_owned(), String::new());
    }
    (name.to_owned(), member.to_owned())
}

fn fold(changes: Vec<ItemChange>) -> Vec<ItemChange> {
    let rank = |path: &str| {
        let layers = ["types::builder", "raw"];
        layers.iter().position(|layer| path.starts_with(layer)).map_or(0, |index| index + 1)
    };
    let mut folded: BTreeMap<(String, String, &str), ItemChange> = BTreeMap::new();
    for change in changes {
        let (owner, member) = subject(&change.item);
        match folded.entry((owner, member, change.rule.id)) {
            Entry::Vacant(entry) => drop(entry.insert(change)),
            Entry::Occupied(mut entry) => {
                let kept = entry.get_mut();
                let level = kept.level.min(change.level);
                if rank(&change.item) < rank(&kept.item) {
                    *kept = change;
                }
                kept.level = level;
                kept.layers = true;
            }
        }
    }
    folded.into_values().collect()
}
