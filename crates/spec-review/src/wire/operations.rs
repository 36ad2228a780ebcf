//! Paths and operations.

use std::collections::{BTreeMap, BTreeSet};

use super::{Operation, OperationId, Said, Wire};
use crate::law::{Direction, Effect, Level};
use crate::rules;
use crate::side::{At, Side};
use crate::text::METHODS;

/// A path item, and the path as it is written.
#[derive(Debug, Clone)]
pub(super) struct Item<'d> {
    pub(super) path: String,
    pub(super) at: At<'d>,
}

/// One operation of one document.
#[derive(Debug, Clone)]
pub(super) struct Call<'d> {
    pub(super) item: Item<'d>,
    pub(super) at: At<'d>,
}

/// A path without the names of its parameters, which do not travel.
pub(super) fn template(path: &str) -> String {
    let mut template = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, inside)) = rest.split_once('{') {
        let Some((_, after)) = inside.split_once('}') else { break };
        template.push_str(before);
        template.push_str("{}");
        rest = after;
    }
    template.push_str(rest);
    template
}

/// The names of the parameters of a path, in their order.
pub(super) fn placeholders(path: &str) -> Vec<&str> {
    path.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0)).collect()
}

/// Operations by path and method.
#[derive(Default)]
struct Calls<'d> {
    known: BTreeMap<(String, &'static str), Call<'d>>,
    /// The paths of which nothing is known.
    unknown: BTreeSet<String>,
}

/// Every operation below a map of path items.
fn calls<'d>(side: &Side<'d>, paths: Option<At<'d>>) -> Calls<'d> {
    let mut calls = Calls::default();
    let Some(paths) = paths else { return calls };
    for (path, at) in paths.entries() {
        let Some(at) = side.resolve(&at) else {
            calls.unknown.insert(template(path));
            continue;
        };
        let item = Item { path: path.to_owned(), at };
        for method in METHODS {
            if let Some(at) = item.at.get(method).filter(|at| at.node.is_mapping()) {
                calls
                    .known
                    .entry((template(path), method))
                    .or_insert(Call { item: item.clone(), at });
            }
        }
    }
    calls
}

/// What `x-stability-level` can say, from the weakest promise to the strongest.
const LEVELS: [&str; 4] = ["draft", "alpha", "beta", "stable"];

/// Whether the level promises nothing.
fn unstable(at: &At<'_>) -> bool {
    matches!(stability(at), Some(Ok(0 | 1)))
}

/// The rank of the stability level, or what is written there instead of one.
fn stability<'d>(at: &At<'d>) -> Option<Result<usize, &'d str>> {
    let level = at.text("x-stability-level")?;
    Some(LEVELS.iter().position(|name| *name == level).ok_or(level))
}

impl<'d> Wire<'d> {
    pub(super) fn compare_paths(&mut self) {
        let base = calls(self.base(), self.base().root().get("paths"));
        let head = calls(self.head(), self.head().root().get("paths"));
        self.compare_calls(&base, &head, None);
    }

    /// Compares two sets of operations. `callback` is the operation that they belong to, and its
    /// name for them; there the service calls, so that all directions are turned round.
    fn compare_calls(
        &mut self,
        base: &Calls<'d>,
        head: &Calls<'d>,
        callback: Option<(OperationId, &str)>,
    ) {
        for (key, old) in &base.known {
            match (head.known.get(key), callback) {
                (None, _) if head.unknown.contains(&key.0) => {}
                (Some(new), _) => {
                    let id = self.operation(key.1, old, Some(new), callback);
                    self.compare_call(id, old, new, callback.is_some());
                }
                (None, None) => self.operation_removed(key.1, old),
                (None, Some((id, name))) => {
                    let message = format!("the callback `{name}` was removed");
                    let said = Said::new(&rules::CALLBACK_REMOVED, message)
                        .level(Level::Breaking)
                        .effect(Effect::NARROWS)
                        .at(old.at.place(), None);
                    self.say(Some(id), None, said);
                }
            }
        }
        let unknown = |path: &String| base.unknown.contains(path);
        let added = head.known.iter().filter(|(key, _)| !base.known.contains_key(*key));
        for (key, new) in added.filter(|(key, _)| !unknown(&key.0)) {
            if let Some((id, name)) = callback {
                let message = format!("the callback `{name}` was added");
                let said = Said::new(&rules::CALLBACK_ADDED, message)
                    .level(Level::Warning)
                    .effect(Effect::WIDENS)
                    .at(None, new.at.place());
                self.say(Some(id), None, said);
            } else {
                let id = self.operation(key.1, new, None, None);
                let said = Said::new(&rules::OPERATION_ADDED, "the operation was added")
                    .effect(Effect::WIDENS)
                    .at(None, new.at.place());
                self.say(Some(id), Some(Direction::Request), said);
            }
        }
    }

    fn operation_removed(&mut self, method: &'static str, old: &Call<'d>) {
        let id = self.operation(method, old, None, None);
        let deprecated = old.at.flag("deprecated");
        let (level, message) = if deprecated {
            (Level::Warning, "the operation, which was deprecated, was removed")
        } else {
            (Level::Breaking, "the operation was removed")
        };
        let paths = self.head().root().get("paths").map(|paths| paths.place());
        let said = Said::new(&rules::OPERATION_REMOVED, message)
            .level(level)
            .effect(Effect::NARROWS)
            .at(old.at.place(), paths);
        self.say(Some(id), Some(Direction::Request), said);
    }

    fn operation(
        &mut self,
        method: &str,
        old: &Call<'d>,
        new: Option<&Call<'d>>,
        callback: Option<(OperationId, &str)>,
    ) -> OperationId {
        if let Some((id, _)) = callback {
            // Whoever reads the report knows the operation, not the address it is called back under.
            return id;
        }
        let newest = new.unwrap_or(old);
        let request_line = format!("{} {}", method.to_uppercase(), newest.item.path);
        let name = newest.at.text("operationId").or(old.at.text("operationId"));
        self.operations.push(Operation {
            name: name.map_or_else(|| request_line.clone(), str::to_owned),
            request_line,
            unstable: unstable(&old.at),
        });
        self.operations.len() - 1
    }

    fn compare_call(&mut self, id: OperationId, old: &Call<'d>, new: &Call<'d>, callback: bool) {
        let (request, response) = if callback {
            (Direction::Response, Direction::Request)
        } else {
            (Direction::Request, Direction::Response)
        };
        self.compare_head(id, old, new);
        self.compare_deprecated((id, request), (&old.at, &new.at), "the operation");
        self.compare_parameters((id, request), old, new);
        self.compare_request_bodies((id, request), &old.at, &new.at);
        self.compare_responses((id, response), &old.at, &new.at);
        if !callback {
            self.compare_security(id, &old.at, &new.at);
            self.compare_servers(id, old, new);
        }
        self.compare_callbacks(id, &old.at, &new.at);
    }

    /// What an operation says about itself.
    fn compare_head(&mut self, id: OperationId, old: &Call<'d>, new: &Call<'d>) {
        let mut say = |rule, level, key: &str, message: String| {
            let (base, head) = (Some(old.at.place_of(key)), Some(new.at.place_of(key)));
            self.say(Some(id), None, Said::new(rule, message).level(level).at(base, head));
        };
        let (before, after) = (old.at.text("operationId"), new.at.text("operationId"));
        if before != after {
            let show =
                |id: Option<&str>| id.map_or_else(|| "none".to_owned(), |id| format!("`{id}`"));
            let message =
                format!("the operation id changed from {} to {}", show(before), show(after));
            say(&rules::OPERATION_ID, Level::Info, "operationId", message);
        }
        let (before, after) = (stability(&old.at), stability(&new.at));
        if before == after {
            return;
        }
        let (level, change) = match (before, after) {
            (Some(Err(level)), _) | (_, Some(Err(level))) => {
                let change = format!(
                    "changed, and cannot be compared: `{level}` is not one of {}",
                    LEVELS.join(", ")
                );
                (Level::Suspected, change)
            }
            (Some(Ok(before)), Some(Ok(after))) if after < before => {
                (Level::Breaking, "went down".to_owned())
            }
            (Some(_), Some(_)) => (Level::Info, "went up".to_owned()),
            // Who said nothing promised nothing.
            _ => return,
        };
        let message = format!("the stability level {change}");
        say(&rules::STABILITY, level, "x-stability-level", message);
    }

    fn compare_callbacks(&mut self, id: OperationId, old: &At<'d>, new: &At<'d>) {
        let callbacks_of = |side: &Side<'d>, at: &At<'d>| {
            let callbacks = at.get("callbacks");
            let list: Vec<_> = callbacks.iter().flat_map(At::entries).collect();
            side.resolve_each(list.into_iter())
        };
        let (base, head) = (callbacks_of(self.base(), old), callbacks_of(self.head(), new));
        let unknown = |name: &str| base.unknown.contains(name) || head.unknown.contains(name);
        let names = base.known.iter().chain(&head.known).map(|(name, _)| *name);
        for name in names.filter(|name| !unknown(name)).collect::<BTreeSet<_>>() {
            let of = |list: &[(&str, At<'d>)]| {
                list.iter().find(|(other, _)| *other == name).map(|(_, at)| at.clone())
            };
            let before = calls(self.base(), of(&base.known));
            let after = calls(self.head(), of(&head.known));
            self.compare_calls(&before, &after, Some((id, name)));
        }
    }
}
