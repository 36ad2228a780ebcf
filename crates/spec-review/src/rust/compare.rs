//! Two sets of public items.

use std::collections::BTreeMap;

use super::Change;
use super::items::{Items, Kind, Public};
use crate::law::Level;
use crate::rules;

/// The changes, one for each cause: what is said of a type is not said again of its builder.
pub(super) fn compare(old: &Items, new: &Items) -> Vec<Change> {
    let mut changes = Vec::new();
    for (path, before) in &old.0 {
        match new.0.get(path) {
            None => {
                let goes_with = before.parent.as_ref().is_some_and(|parent| {
                    old.0.contains_key(parent) && !new.0.contains_key(parent)
                });
                if !goes_with {
                    changes.push(removed(path, before));
                }
            }
            Some(after) => changes.extend(changed(path, before, after)),
        }
    }
    for (path, after) in new.0.iter().filter(|(path, _)| !old.0.contains_key(*path)) {
        let comes_with = after
            .parent
            .as_ref()
            .is_some_and(|parent| new.0.contains_key(parent) && !old.0.contains_key(parent));
        if !comes_with {
            changes.push(added(path, after, old));
        }
    }
    fold(changes)
}

fn removed(path: &str, before: &Public) -> Change {
    Change {
        rule: &rules::RUST_REMOVED,
        level: Level::Breaking,
        item: path.to_owned(),
        message: format!("the {} `{path}` is gone, or has another name", before.kind.name()),
        why: "code that names it does not compile any more",
    }
}

fn changed(path: &str, before: &Public, after: &Public) -> Option<Change> {
    let kind = after.kind.name();
    let item = path.to_owned();
    if before.kind != after.kind {
        let message = format!("`{path}` was a {} and is a {kind} now", before.kind.name());
        return Some(Change {
            rule: &rules::RUST_CHANGED,
            level: Level::Breaking,
            item,
            message,
            why: "code that uses it as what it was does not compile any more",
        });
    }
    if before.signature != after.signature {
        let message = format!(
            "the {kind} `{path}` changed from `{}` to `{}`",
            before.signature, after.signature
        );
        return Some(Change {
            rule: &rules::RUST_CHANGED,
            level: Level::Breaking,
            item,
            message,
            why: "code that relies on the old type does not compile any more",
        });
    }
    if before.open == after.open {
        return None;
    }
    let (level, change, why) = if after.open {
        (
            Level::Breaking,
            "is `#[non_exhaustive]` now",
            "code that names all members does not compile any more",
        )
    } else {
        (
            Level::Info,
            "is no longer `#[non_exhaustive]`",
            "code that compiles today goes on compiling",
        )
    };
    Some(Change {
        rule: &rules::RUST_CHANGED,
        level,
        item,
        message: format!("the {kind} `{path}` {change}"),
        why,
    })
}

fn added(path: &str, after: &Public, old: &Items) -> Change {
    let owner = after.parent.as_ref().and_then(|parent| old.0.get(parent));
    let exhaustive =
        matches!(after.kind, Kind::Variant | Kind::Field) && owner.is_some_and(|owner| !owner.open);
    let (level, why) = match (exhaustive, after.kind) {
        (true, Kind::Variant) => {
            (Level::Breaking, "code that matches on all variants does not compile any more")
        }
        (true, _) => (Level::Breaking, "code that names all fields does not compile any more"),
        (false, _) => (Level::Info, "code that compiles today does not know it"),
    };
    let message = format!("the {} `{path}` was added", after.kind.name());
    Change { rule: &rules::RUST_ADDED, level, item: path.to_owned(), message, why }
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

fn fold(changes: Vec<Change>) -> Vec<Change> {
    let rank = |path: &str| {
        let layers = ["types::builder", "raw"];
        layers.iter().position(|layer| path.starts_with(layer)).map_or(0, |index| index + 1)
    };
    let mut folded: BTreeMap<(String, String, &str), (Change, usize)> = BTreeMap::new();
    for change in changes {
        let (owner, member) = subject(&change.item);
        match folded.entry((owner, member, change.rule.id)) {
            std::collections::btree_map::Entry::Vacant(entry) => drop(entry.insert((change, 0))),
            std::collections::btree_map::Entry::Occupied(mut entry) => {
                let (kept, more) = entry.get_mut();
                *more += 1;
                let level = kept.level.min(change.level);
                if rank(&change.item) < rank(&kept.item) {
                    *kept = change;
                }
                kept.level = level;
            }
        }
    }
    let list = folded.into_values().map(|(mut change, more)| {
        if more > 0 {
            change.message.push_str(" (the layers below follow)");
        }
        change
    });
    list.collect()
}
