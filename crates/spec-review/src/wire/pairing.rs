//! Which operation of one document is which of the other.
//!
//! To a caller an operation is its method and its address: the URL of a server with the path. So a
//! prefix that moves from the paths into the servers changes nothing. Where no address is the same,
//! for instance because the service moved to another host, the path decides.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::operations::OperationNode;
use super::servers::servers;
use crate::resolver::Resolver;
use crate::versions::Versions;

/// A path without the names of its parameters, and a method.
pub(super) type OperationKey = (String, &'static str);
/// Operations by their keys.
pub(super) type Operations<'d> = BTreeMap<OperationKey, OperationNode<'d>>;

/// The operation of the head document for each of the base document that has one.
pub(super) fn pairs<'m>(
    resolvers: Versions<&Resolver<'_>>,
    operations: Versions<&'m Operations<'_>>,
) -> BTreeMap<&'m OperationKey, &'m OperationKey> {
    let Versions { base, head } = operations;
    let mut pairs = BTreeMap::new();
    if base.keys().all(|key| head.contains_key(key))
        || head.keys().all(|key| base.contains_key(key))
    {
        pairs.extend(base.keys().filter_map(|key| Some((key, head.get_key_value(key)?.0))));
        return pairs;
    }
    let addresses = resolvers.zip(operations).map(|(resolver, operations)| {
        let of = |(key, operation): (&'m OperationKey, &OperationNode<'_>)| {
            (key, servers(resolver, operation).addresses_of(&key.0))
        };
        operations.iter().map(of).collect::<Vec<_>>()
    });
    let mut by_address: HashMap<(&str, &str), Vec<&'m OperationKey>> = HashMap::new();
    for (key, addresses) in &addresses.head {
        for address in addresses {
            by_address.entry((key.1, address)).or_default().push(key);
        }
    }
    let mut taken = BTreeSet::new();
    // Those that stayed where they were come first.
    for stayed in [true, false] {
        for (key, addresses) in &addresses.base {
            let found = addresses.iter().filter_map(|address| by_address.get(&(key.1, address)));
            let mut found = found.flatten().filter(|other| (*other == key) == stayed);
            if !pairs.contains_key(key)
                && let Some(other) = found.find(|other| !taken.contains(*other))
            {
                taken.insert(*other);
                pairs.insert(*key, *other);
            }
        }
    }
    for key in base.keys() {
        if !pairs.contains_key(key)
            && let Some((other, _)) = head.get_key_value(key)
            && taken.insert(other)
        {
            pairs.insert(key, other);
        }
    }
    pairs
}
