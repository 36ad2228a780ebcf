//! Operations whose names collide in progenitor's output, which has imports and methods of its
//! own: progenitor gets another operationId for them.

use std::collections::{BTreeMap, BTreeSet};

use super::names;

/// Names that progenitor's module of builders imports.
const IMPORTED: [&str; 8] = [
    "ByteStream",
    "Client",
    "ClientHooks",
    "ClientInfo",
    "Error",
    "OperationInfo",
    "RequestBuilderExt",
    "ResponseValue",
];

/// Names of methods of progenitor's client, its own and those of the traits that its code
/// calls, which a method for an operation would hide.
const METHODS: [&str; 12] = [
    "api_version",
    "baseurl",
    "client",
    "clone",
    "exec",
    "inner",
    "into",
    "new",
    "new_with_client",
    "post",
    "pre",
    "try_into",
];

/// The operationIds that progenitor gets in place of the contract's: of those that become a
/// name which its output uses for something else. Everything else has the contract's names.
pub(crate) fn replaced_ids<'a>(ids: impl Iterator<Item = &'a str>) -> BTreeMap<String, String> {
    let ids: Vec<&str> = ids.collect();
    let mut taken: BTreeSet<String> = ids.iter().map(|id| names::parameter(id)).collect();
    let mut replaced = BTreeMap::new();
    for id in ids {
        let (ty, method) = (names::pascal(id), names::parameter(id));
        let collides = IMPORTED.contains(&ty.as_str())
            || names::is_reserved(&ty)
            || METHODS.contains(&method.as_str());
        if !collides {
            continue;
        }
        let mut other = format!("{method}_operation");
        while !taken.insert(other.clone()) {
            other.push_str("_operation");
        }
        replaced.insert(id.to_owned(), other);
    }
    replaced
}
