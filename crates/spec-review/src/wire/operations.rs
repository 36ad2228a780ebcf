//! Paths and operations.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::{Message, Operation, OperationId, Said, Wire};
use crate::change::{Aspect, Change, Fact, Part, Promise, STABILITY_LEVELS};
use crate::law::{Direction, Effect, Level};
use crate::rules;
use crate::side::{At, METHODS, Side, join};
use crate::versions::Versions;

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

/// The operation that callbacks belong to, and its name for them.
struct Callback<'c> {
    operation: OperationId,
    name: &'c str,
    /// Where the operation has them.
    pointer: Versions<Rc<str>>,
}

impl Callback<'_> {
    /// Where a call is, as seen from the operation: the callback itself may be a component.
    fn pointer_of(base: &str, call: &Call<'_>, method: &str) -> Rc<str> {
        join(&join(base, &call.item.path), method)
    }
}

/// Whether the level promises nothing.
fn unstable(at: &At<'_>) -> bool {
    matches!(stability(at), Some(Ok(0 | 1)))
}

/// The rank of the stability level, or what is written there instead of one.
fn stability<'d>(at: &At<'d>) -> Option<Result<usize, &'d str>> {
    let level = at.text("x-stability-level")?;
    Some(STABILITY_LEVELS.iter().position(|name| *name == level).ok_or(level))
}

impl<'d> Wire<'d> {
    pub(super) fn compare_paths(&mut self) {
        let calls = self.sides().map(|side| calls(side, side.root().get("paths")));
        self.compare_calls(calls.each(), None);
    }

    /// Compares two sets of operations. Those of a callback are called by the service, so that all
    /// directions are turned round.
    fn compare_calls(&mut self, calls: Versions<&Calls<'d>>, callback: Option<&Callback<'_>>) {
        let Versions { base, head } = calls;
        for (key, old) in &base.known {
            match (head.known.get(key), callback) {
                (None, _) if head.unknown.contains(&key.0) => {}
                (Some(new), _) => {
                    let id = self.operation(key.1, old, Some(new), callback);
                    self.compare_call(id, Versions::new(old, new), callback.is_some());
                }
                (None, None) => self.operation_removed(key.1, old),
                (None, Some(callback)) => {
                    let part = Part::Callback(callback.name.to_owned());
                    let pointer = Callback::pointer_of(&callback.pointer.base, old, key.1);
                    let said = Said::new(&rules::CALLBACK_REMOVED, Change::removed(part))
                        .level(Level::Breaking)
                        .effect(Effect::NARROWS)
                        .at(old.at.place(), None)
                        .about(Some(&pointer), None);
                    self.say(Some(callback.operation), None, said);
                }
            }
        }
        let added = head.known.iter().filter(|(key, _)| !base.known.contains_key(*key));
        for (key, new) in added.filter(|(key, _)| !base.unknown.contains(&key.0)) {
            if let Some(callback) = callback {
                let part = Part::Callback(callback.name.to_owned());
                let pointer = Callback::pointer_of(&callback.pointer.head, new, key.1);
                let said = Said::new(&rules::CALLBACK_ADDED, Change::added(part))
                    .level(Level::Warning)
                    .effect(Effect::WIDENS)
                    .at(None, new.at.place())
                    .about(None, Some(&pointer));
                self.say(Some(callback.operation), None, said);
            } else {
                let operation = self.operation(key.1, new, None, None);
                let said = Said::new(&rules::OPERATION_ADDED, Change::added(Part::Operation))
                    .effect(Effect::WIDENS)
                    .at(None, new.at.place());
                self.say_of(Message { operation, direction: Direction::Request }, said);
            }
        }
    }

    fn operation_removed(&mut self, method: &'static str, old: &Call<'d>) {
        let operation = self.operation(method, old, None, None);
        let deprecated = old.at.flag("deprecated");
        let level = if deprecated { Level::Warning } else { Level::Breaking };
        let change = Change::Removed { part: Part::Operation, required: None, deprecated };
        let paths = self.sides().head.root().get("paths").map(|paths| paths.place());
        let said = Said::new(&rules::OPERATION_REMOVED, change)
            .level(level)
            .effect(Effect::NARROWS)
            .at(old.at.place(), paths)
            .about(Some(&old.at.pointer), None);
        self.say_of(Message { operation, direction: Direction::Request }, said);
    }

    fn operation(
        &mut self,
        method: &str,
        old: &Call<'d>,
        new: Option<&Call<'d>>,
        callback: Option<&Callback<'_>>,
    ) -> OperationId {
        if let Some(callback) = callback {
            // Whoever reads the report knows the operation, not the address it is called back under.
            return callback.operation;
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

    fn compare_call(&mut self, operation: OperationId, calls: Versions<&Call<'d>>, called: bool) {
        let (asked, answered) = if called {
            (Direction::Response, Direction::Request)
        } else {
            (Direction::Request, Direction::Response)
        };
        let request = Message { operation, direction: asked };
        let response = Message { operation, direction: answered };
        let at = calls.map(|call| &call.at);
        self.compare_head(operation, at);
        self.compare_deprecated(request, at, &Part::Operation);
        self.compare_parameters(request, calls);
        self.compare_request_bodies(request, at);
        self.compare_responses(response, at);
        if !called {
            self.compare_security(operation, at);
            self.compare_servers(operation, calls);
        }
        self.compare_callbacks(operation, at);
    }

    /// What an operation says about itself.
    fn compare_head(&mut self, id: OperationId, at: Versions<&At<'d>>) {
        let ids = at.map(|at| at.text("operationId"));
        if ids.differ() {
            let change = Change::replaced(Aspect::OperationId, ids.map(|id| id.map(Fact::from)));
            let said = Said::new(&rules::OPERATION_ID, change).at_key(at, "operationId");
            self.say(Some(id), None, said);
        }
        let stability = at.map(stability);
        if !stability.differ() {
            return;
        }
        let (level, promise) = match (stability.base, stability.head) {
            (Some(Err(level)), _) | (_, Some(Err(level))) => {
                (Level::Suspected, Promise::Unknown(level.to_owned()))
            }
            (Some(Ok(before)), Some(Ok(after))) if after < before => {
                (Level::Breaking, Promise::Lowered)
            }
            (Some(_), Some(_)) => (Level::Info, Promise::Raised),
            // Who said nothing promised nothing.
            _ => return,
        };
        let levels = at.map(|at| at.text("x-stability-level").map(str::to_owned));
        let said = Said::new(&rules::STABILITY, Change::Stability { promise, levels })
            .level(level)
            .at_key(at, "x-stability-level");
        self.say(Some(id), None, said);
    }

    fn compare_callbacks(&mut self, operation: OperationId, at: Versions<&At<'d>>) {
        let callbacks = self.sides().zip(at).map(|(side, at)| {
            let callbacks = at.get("callbacks");
            let list: Vec<_> = callbacks.iter().flat_map(At::entries).collect();
            side.resolve_each(list.into_iter())
        });
        let known = callbacks.base.known.iter().chain(&callbacks.head.known);
        let names: BTreeSet<&str> = known.map(|(name, _)| *name).collect();
        for name in names {
            let unknown = callbacks.each().map(|callbacks| callbacks.unknown.contains(name));
            if unknown.base || unknown.head {
                continue;
            }
            let paths = callbacks.each().map(|callbacks| {
                let mut known = callbacks.known.iter();
                known.find(|(other, _)| *other == name).map(|(_, at)| at.clone())
            });
            let calls = self.sides().zip(paths).map(|(side, paths)| calls(side, paths));
            let pointer = at.map(|at| join(&join(&at.pointer, "callbacks"), name));
            self.compare_calls(calls.each(), Some(&Callback { operation, name, pointer }));
        }
    }
}
