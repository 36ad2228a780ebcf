//! Paths and operations.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::pairing::{Operations, pairs};
use super::{DetectedChange, HttpMessage, Operation, OperationIndex, WireComparison};
use crate::change::{Aspect, AspectValue, Change, Part};
use crate::compatibility::{Direction, Level, SetEffect};
use crate::resolver::{METHODS, NodeRef, Resolver, join};
use crate::rules;
use crate::stability::is_unstable;
use crate::versions::Versions;

/// A path item, and its path as written.
#[derive(Debug, Clone)]
pub(super) struct PathItem<'d> {
    pub(super) path: String,
    pub(super) at: NodeRef<'d>,
}

/// An operation of one document.
#[derive(Debug, Clone)]
pub(super) struct OperationNode<'d> {
    pub(super) item: PathItem<'d>,
    pub(super) at: NodeRef<'d>,
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

/// The names of the parameters of a path, in order.
pub(super) fn placeholders(path: &str) -> Vec<&str> {
    path.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0)).collect()
}

/// Operations by path and method.
#[derive(Default)]
struct OperationMap<'d> {
    known: Operations<'d>,
    /// Paths whose items could not be resolved.
    unknown: BTreeSet<String>,
}

/// The operations of a map of path items.
fn operations_of<'d>(resolver: &Resolver<'d>, paths: Option<NodeRef<'d>>) -> OperationMap<'d> {
    let mut operations = OperationMap::default();
    let Some(paths) = paths else { return operations };
    for (path, at) in paths.entries() {
        let Some(at) = resolver.resolve(&at) else {
            operations.unknown.insert(template(path));
            continue;
        };
        let item = PathItem { path: path.to_owned(), at };
        for method in METHODS {
            if let Some(at) = item.at.get(method).filter(|at| at.node.is_mapping()) {
                operations
                    .known
                    .entry((template(path), method))
                    .or_insert(OperationNode { item: item.clone(), at });
            }
        }
    }
    operations
}

/// The operation that a callback belongs to, and the name of the callback.
struct Callback<'c> {
    operation: OperationIndex,
    name: &'c str,
    /// The pointer of the callback in the operation.
    pointer: Versions<Rc<str>>,
}

impl Callback<'_> {
    /// The pointer of an operation of the callback, as seen from the operation that has the
    /// callback: the callback itself may be a component.
    fn pointer_of(base: &str, operation: &OperationNode<'_>, method: &str) -> Rc<str> {
        join(&join(base, &operation.item.path), method)
    }
}

impl<'d> WireComparison<'d> {
    pub(super) fn compare_paths(&mut self) {
        let operations =
            self.resolvers().map(|resolver| operations_of(resolver, resolver.root().get("paths")));
        self.compare_operations(operations.each(), None);
    }

    /// Compares two sets of operations. The service sends the requests of a callback, so both
    /// directions are exchanged.
    fn compare_operations(
        &mut self,
        operations: Versions<&OperationMap<'d>>,
        callback: Option<&Callback<'_>>,
    ) {
        let Versions { base, head } = operations;
        let known = operations.map(|operations| &operations.known);
        let pairs = if callback.is_some() {
            known.base.keys().map(|key| (key, key)).collect()
        } else {
            pairs(self.resolvers(), known)
        };
        for (key, old) in &base.known {
            match (pairs.get(key).and_then(|key| head.known.get(*key)), callback) {
                (None, _) if head.unknown.contains(&key.0) => {}
                (Some(new), _) => {
                    if template(&old.item.path) != template(&new.item.path) {
                        self.moved_paths.insert(old.item.path.clone(), new.item.path.clone());
                    }
                    let id = self.operation(key.1, old, Some(new), callback);
                    self.compare_operation(id, Versions::new(old, new), callback.is_some());
                }
                (None, None) => self.operation_removed(key.1, old),
                (None, Some(callback)) => {
                    let part = Part::Callback(callback.name.to_owned());
                    let pointer = Callback::pointer_of(&callback.pointer.base, old, key.1);
                    let detected =
                        DetectedChange::new(&rules::CALLBACK_REMOVED, Change::removed(part))
                            .level(Level::Breaking)
                            .effect(SetEffect::NARROWS)
                            .at(old.at.location(), None)
                            .target(Some(&pointer), None);
                    self.report(Some(callback.operation), None, detected);
                }
            }
        }
        let paired: BTreeSet<_> = pairs.values().collect();
        let added = head.known.iter().filter(|(key, _)| !paired.contains(key));
        for (key, new) in added.filter(|(key, _)| !base.unknown.contains(&key.0)) {
            if let Some(callback) = callback {
                let part = Part::Callback(callback.name.to_owned());
                let pointer = Callback::pointer_of(&callback.pointer.head, new, key.1);
                let detected = DetectedChange::new(&rules::CALLBACK_ADDED, Change::added(part))
                    .level(Level::Warning)
                    .effect(SetEffect::WIDENS)
                    .at(None, new.at.location())
                    .target(None, Some(&pointer));
                self.report(Some(callback.operation), None, detected);
            } else {
                let operation = self.operation(key.1, new, None, None);
                let detected =
                    DetectedChange::new(&rules::OPERATION_ADDED, Change::added(Part::Operation))
                        .effect(SetEffect::WIDENS)
                        .at(None, new.at.location());
                self.report_for(HttpMessage { operation, direction: Direction::Request }, detected);
            }
        }
    }

    fn operation_removed(&mut self, method: &'static str, old: &OperationNode<'d>) {
        let operation = self.operation(method, old, None, None);
        let deprecated = old.at.flag("deprecated");
        let level = if deprecated { Level::Warning } else { Level::Breaking };
        let change = Change::Removed { part: Part::Operation, required: None, deprecated };
        let paths = self.resolvers().head.root().get("paths").map(|paths| paths.location());
        let detected = DetectedChange::new(&rules::OPERATION_REMOVED, change)
            .level(level)
            .effect(SetEffect::NARROWS)
            .at(old.at.location(), paths)
            .target(Some(&old.at.pointer), None);
        self.report_for(HttpMessage { operation, direction: Direction::Request }, detected);
    }

    fn operation(
        &mut self,
        method: &str,
        old: &OperationNode<'d>,
        new: Option<&OperationNode<'d>>,
        callback: Option<&Callback<'_>>,
    ) -> OperationIndex {
        if let Some(callback) = callback {
            // Readers of a report know the operation, but not the URL of its callback.
            return callback.operation;
        }
        let newest = new.unwrap_or(old);
        let request_line = format!("{} {}", method.to_uppercase(), newest.item.path);
        let name = newest.at.text("operationId").or(old.at.text("operationId"));
        self.operations.push(Operation {
            name: name.map_or_else(|| request_line.clone(), str::to_owned),
            request_line,
            unstable: is_unstable(old.at.node),
        });
        self.operations.len() - 1
    }

    fn compare_operation(
        &mut self,
        operation: OperationIndex,
        operations: Versions<&OperationNode<'d>>,
        is_callback: bool,
    ) {
        let (request_direction, response_direction) = if is_callback {
            (Direction::Response, Direction::Request)
        } else {
            (Direction::Request, Direction::Response)
        };
        let request = HttpMessage { operation, direction: request_direction };
        let response = HttpMessage { operation, direction: response_direction };
        let at = operations.map(|operation| &operation.at);
        self.compare_id(operation, at);
        self.compare_stability(request, at);
        self.compare_deprecated(request, at, &Part::Operation);
        self.compare_parameters(request, operations);
        self.compare_request_bodies(request, at);
        self.compare_responses(response, at);
        if !is_callback {
            self.compare_security(operation, at);
            self.compare_servers(operation, operations);
        }
        self.compare_callbacks(operation, at);
    }

    fn compare_id(&mut self, id: OperationIndex, at: Versions<&NodeRef<'d>>) {
        let ids = at.map(|at| at.text("operationId"));
        if ids.differ() {
            let ids = ids.map(|id| id.map(AspectValue::from));
            let change = Change::replaced(Aspect::OperationId, ids);
            let detected =
                DetectedChange::new(&rules::OPERATION_ID, change).at_key(at, "operationId");
            self.report(Some(id), None, detected);
        }
    }

    fn compare_callbacks(&mut self, operation: OperationIndex, at: Versions<&NodeRef<'d>>) {
        let callbacks = self.resolvers().zip(at).map(|(resolver, at)| {
            let callbacks = at.get("callbacks");
            let list: Vec<_> = callbacks.iter().flat_map(NodeRef::entries).collect();
            resolver.resolve_each(list.into_iter())
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
            let operations =
                self.resolvers().zip(paths).map(|(resolver, paths)| operations_of(resolver, paths));
            let pointer = at.map(|at| join(&join(&at.pointer, "callbacks"), name));
            self.compare_operations(
                operations.each(),
                Some(&Callback { operation, name, pointer }),
            );
        }
    }
}
