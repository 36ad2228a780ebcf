//! Which alternatives of two unions belong together.
//!
//! What tells the alternatives of a union apart pairs them: the values of the discriminator's
//! mapping, properties of one value (tags), names, and the sets of required properties. Tags come
//! before names, because a message carries the tag and not the name of its schema. Required sets
//! come last: an alternative that gains a required property often has the set that another one had.
//! Only what is left after that is paired by likeness.

use std::collections::BTreeSet;

use super::{Alternative, AlternativePair};
use crate::schema::{Constraints, Schemas, TypeSet};
use crate::versions::Versions;

/// What tells an alternative from the others of its union.
#[derive(Debug, Default)]
pub(super) struct Identity {
    /// Properties that tell the alternatives apart, with the values that this one has.
    tags: Vec<(String, BTreeSet<String>)>,
    /// The name or the title of its schema.
    name: Option<String>,
    required: BTreeSet<String>,
}

impl Identity {
    fn of(schemas: &mut Schemas<'_>, union: &Constraints, alternative: &Alternative) -> Self {
        let constraints = schemas.constraints(alternative.conjunction);
        let mut tags = mapped_values(schemas, union, alternative);
        for (name, property) in &constraints.properties {
            let property = schemas.constraints(property.value);
            if let Some([value]) = property.values.as_ref().map(|values| values.value.as_slice())
                && !tags.iter().any(|(known, _)| known == name)
            {
                tags.push((name.clone(), BTreeSet::from([value.to_string()])));
            }
        }
        let branch = alternative.branch.map(|branch| schemas.object(branch));
        let name = branch.and_then(|schema| {
            let title = || schema.at.as_ref()?.text("title").map(str::to_owned);
            schema.name().map(str::to_owned).or_else(title)
        });
        let is_object = constraints.types.has(TypeSet::OBJECT);
        let required = constraints.required.keys().filter(|_| is_object).cloned().collect();
        Self { tags, name, required }
    }

    /// The values of both for a property that tells alternatives apart.
    fn shared_tags<'i>(
        &'i self,
        other: &'i Self,
    ) -> impl Iterator<Item = (&'i BTreeSet<String>, &'i BTreeSet<String>)> {
        self.tags.iter().filter_map(|(name, values)| {
            let (_, others) = other.tags.iter().find(|(other, _)| other == name)?;
            Some((values, others))
        })
    }

    /// Whether no message has the tags of both.
    pub(super) fn excludes(&self, other: &Self) -> bool {
        self.shared_tags(other).any(|(values, others)| values.is_disjoint(others))
    }
}

/// The values that the mapping of the union's discriminator has for an alternative.
fn mapped_values(
    schemas: &Schemas<'_>,
    union: &Constraints,
    alternative: &Alternative,
) -> Vec<(String, BTreeSet<String>)> {
    let branch = alternative.branch.map(|branch| schemas.object(branch));
    let Some(name) = branch.as_ref().and_then(|schema| schema.name()) else { return Vec::new() };
    let target = format!("#/components/schemas/{name}");
    let members = union.members.iter().map(|schema| schemas.object(*schema));
    let tags = members.filter_map(|schema| {
        let discriminator = schema.discriminator.as_ref()?;
        let mapping = discriminator.mapping.iter();
        let values = mapping
            .filter(|(_, to)| **to == target || *to == name)
            .map(|(value, _)| serde_json::Value::from(value.as_str()).to_string());
        let values: BTreeSet<String> = values.collect();
        (!values.is_empty()).then(|| (discriminator.property.clone(), values))
    });
    tags.collect()
}

/// The identities of all alternatives.
pub(super) fn identities(
    schemas: Versions<&mut Schemas<'_>>,
    unions: Versions<&Constraints>,
    lists: Versions<&[Alternative]>,
) -> Versions<Vec<Identity>> {
    schemas.zip(unions).zip(lists).map(|((schemas, union), list)| {
        list.iter().map(|alternative| Identity::of(schemas, union, alternative)).collect()
    })
}

/// Pairs alternatives by what tells them apart, each at most once.
pub(super) fn pair_by_identity(identities: Versions<&[Identity]>) -> Vec<AlternativePair> {
    let Versions { base, head } = identities;
    if let ([_], [_]) = (base, head) {
        return vec![Versions::both(0)];
    }
    let mut pairs: Vec<AlternativePair> = Vec::new();
    for (old, one) in base.iter().enumerate() {
        let found = one.tags.iter().find_map(|tag| {
            only(base.iter().enumerate().filter(|(_, other)| has_tag(other, tag)))?;
            only(head.iter().enumerate().filter(|(_, other)| has_tag(other, tag)))
        });
        add(&mut pairs, old, found);
    }
    for (old, one) in base.iter().enumerate().filter(|(_, one)| one.name.is_some()) {
        let new = head.iter().enumerate().position(|(new, other)| {
            one.name == other.name && !pairs.iter().any(|pair| pair.head == new)
        });
        add(&mut pairs, old, new);
    }
    let free = |index: usize, used: fn(&AlternativePair) -> usize, pairs: &[AlternativePair]| {
        !pairs.iter().any(|pair| used(pair) == index)
    };
    for (old, one) in base.iter().enumerate().filter(|(_, one)| !one.required.is_empty()) {
        let same = |other: &Identity| other.required == one.required && !one.excludes(other);
        let olds = base.iter().enumerate();
        let news = head.iter().enumerate();
        let alone =
            only(olds.filter(|(i, other)| free(*i, |pair| pair.base, &pairs) && same(other)));
        let found =
            only(news.filter(|(i, other)| free(*i, |pair| pair.head, &pairs) && same(other)));
        add(&mut pairs, old, found.filter(|_| alone == Some(old)));
    }
    pairs
}

fn add(pairs: &mut Vec<AlternativePair>, base: usize, head: Option<usize>) {
    let Some(head) = head else { return };
    if !pairs.iter().any(|pair| pair.base == base || pair.head == head) {
        pairs.push(Versions::new(base, head));
    }
}

fn has_tag(identity: &Identity, (name, values): &(String, BTreeSet<String>)) -> bool {
    identity.tags.iter().any(|(other, others)| other == name && !values.is_disjoint(others))
}

/// The index of the only one.
fn only<'i>(mut found: impl Iterator<Item = (usize, &'i Identity)>) -> Option<usize> {
    let (index, _) = found.next()?;
    found.next().is_none().then_some(index)
}
