//! Objects: their properties, which of them are required, and what else may stand beside them.

use std::collections::BTreeSet;

use super::strings::{End, counts};
use super::{Both, Certainty, Diff, Edit, Schematics, Step};
use crate::change::{Change, Guard, Part, Unnamed};
use crate::law::{Direction, Effect, Level};
use crate::rules::{self, Rule};
use crate::schema::{ConjId, LeafId, Rest, Shape, Sourced};
use crate::side::Place;
use crate::versions::Versions;

/// What a document says about one property, for values that travel in one direction.
struct Said {
    /// The schema, unless the property is not named or does not travel.
    conj: Option<ConjId>,
    /// The schema object that names it.
    leaf: Option<LeafId>,
    /// It is named, and read-only in a request or write-only in an answer.
    guarded: bool,
    demanded: bool,
    place: Option<Place>,
}

impl Schematics<'_> {
    pub(super) fn compare_objects(&mut self, both: &Both<'_>, diff: &mut Diff) {
        let Versions { base, head } = both.shapes;
        for name in base.properties.keys() {
            self.compare_property(both, name, diff);
        }
        for name in head.properties.keys().filter(|name| !base.properties.contains_key(*name)) {
            self.compare_property(both, name, diff);
        }
        let named = |name: &String| {
            base.properties.contains_key(name) || head.properties.contains_key(name)
        };
        let unnamed: BTreeSet<_> =
            base.required.keys().chain(head.required.keys()).filter(|name| !named(name)).collect();
        for name in unnamed {
            let demanded = both.shapes.map(|shape| shape.required.contains_key(name));
            diff.edits.extend(self.required_edit(both, name, demanded));
        }
        self.compare_sizes(both, diff);
        self.compare_rest(both, diff);
    }

    fn said(&mut self, both: &Both<'_>, name: &str) -> Versions<Said> {
        let direction = both.pair.direction;
        self.schemas.each_mut().zip(both.shapes).map(|(schemas, shape)| {
            let property = shape.properties.get(name);
            let guarded = schemas.is_guarded(shape, name, direction);
            let demanded = schemas.is_demanded(shape, name, direction);
            let place = property.and_then(|property| {
                let properties = schemas.leaf(property.leaf).at.as_ref()?.get("properties")?;
                Some(properties.place_of(name))
            });
            let conj = property.filter(|_| !guarded).map(|property| property.value);
            let leaf = property.map(|property| property.leaf);
            Said { conj, leaf, guarded, demanded, place }
        })
    }

    fn compare_property(&mut self, both: &Both<'_>, name: &str, diff: &mut Diff) {
        let said = self.said(both, name);
        let demanded = said.each().map(|said| said.demanded);
        match (said.base.conj, said.head.conj) {
            (None, None) => diff.edits.extend(self.required_edit(both, name, demanded)),
            (Some(base), Some(head)) => {
                diff.edits.extend(self.required_edit(both, name, demanded));
                let step = Step::Property(name.to_owned());
                let link = self.link(both, Versions::new(base, head), step);
                diff.links.push(link);
            }
            (None, Some(head)) => self.property_added(both, name, &said, head, diff),
            (Some(base), None) => self.property_removed(both, name, &said, base, diff),
        }
    }

    fn required_edit(&self, both: &Both<'_>, name: &str, demanded: Versions<bool>) -> Option<Edit> {
        if !demanded.differ() {
            return None;
        }
        let at = both.shapes.map(|shape| shape.required.get(name).map(|leaf| (*leaf, "required")));
        let change = Change::required(Part::Property(name.to_owned()), demanded.head);
        Some(self.edit(both, &rules::REQUIRED, presence(demanded), at, change))
    }

    fn property_edit(
        &self,
        both: &Both<'_>,
        rule: &'static Rule,
        said: &Versions<Said>,
        effect: Effect,
        change: Change,
    ) -> Edit {
        let keyword = said.each().map(|said| said.leaf.map(|leaf| (leaf, "properties")));
        let edit = self.edit(both, rule, effect, keyword, change);
        Edit { at: said.each().map(|said| said.place.clone()).or(edit.at), ..edit }
    }

    fn property_added(
        &mut self,
        both: &Both<'_>,
        name: &str,
        said: &Versions<Said>,
        head: ConjId,
        diff: &mut Diff,
    ) {
        let required = said.head.demanded;
        let mut effect = presence(said.each().map(|said| said.demanded));
        if said.base.guarded {
            let (rule, by) = guard(both.pair.direction);
            let change = Change::Guarded { property: name.to_owned(), required, by, now: false };
            diff.edits.push(self.property_edit(both, rule, said, effect, change));
            return;
        }
        match both.shapes.base.rest {
            Rest::Open => {}
            // What nobody named was refused.
            Rest::Closed(_) => effect.widens = true,
            Rest::Schema(rest, _) => {
                let step = Step::Property(name.to_owned());
                let link = self.link(both, Versions::new(rest, head), step);
                diff.links.push(link);
            }
        }
        let part = Part::Property(name.to_owned());
        let change = Change::Added { part, required: Some(required) };
        diff.edits.push(self.property_edit(both, &rules::PROPERTY_ADDED, said, effect, change));
    }

    fn property_removed(
        &mut self,
        both: &Both<'_>,
        name: &str,
        said: &Versions<Said>,
        base: ConjId,
        diff: &mut Diff,
    ) {
        let required = said.base.demanded;
        let mut effect = presence(said.each().map(|said| said.demanded));
        if said.head.guarded {
            let (rule, by) = guard(both.pair.direction);
            let change = Change::Guarded { property: name.to_owned(), required, by, now: true };
            let edit = self.property_edit(both, rule, said, effect, change);
            let otherwise = if both.pair.direction == Direction::Response {
                Level::Warning
            } else {
                Level::Info
            };
            diff.edits.push(Edit { otherwise, ..edit });
            return;
        }
        let rest = match both.shapes.head.rest {
            Rest::Open if said.head.demanded => Some(self.schemas.head.all([])),
            Rest::Open => None,
            Rest::Closed(_) => {
                effect.narrows = true;
                None
            }
            Rest::Schema(rest, _) => Some(rest),
        };
        if let Some(rest) = rest {
            let step = Step::Property(name.to_owned());
            let link = self.link(both, Versions::new(base, rest), step);
            diff.links.push(link);
        }
        let part = Part::Property(name.to_owned());
        // Whether it was deprecated says how much its loss matters, not what was lost.
        let change = Change::Removed { part, required: Some(required), deprecated: false };
        let edit = self.property_edit(both, &rules::PROPERTY_REMOVED, said, effect, change);
        // Its users have been told.
        let deprecated = self.schemas.base.shape(base).deprecated.is_some();
        let otherwise = if deprecated { Level::Info } else { Level::Warning };
        diff.edits.push(Edit { otherwise, ..edit });
    }

    fn compare_sizes(&mut self, both: &Both<'_>, diff: &mut Diff) {
        // Required properties are there whatever the least number says.
        let least = both.shapes.map(|shape| {
            let required = shape.required.len() as u64;
            Some(shape.min_properties.as_ref().map_or(0, |min| min.value).max(required))
        });
        let certain = Certainty::Certain;
        let min = both.shapes.map(|shape| shape.min_properties.as_ref());
        if counts(End::Least, least) != Effect::NEITHER {
            let edit = self.count_edit(both, &rules::MIN_PROPERTIES, End::Least, min, certain);
            diff.edits.extend(edit);
        }
        let max = both.shapes.map(|shape| shape.max_properties.as_ref());
        let edit = self.count_edit(both, &rules::MAX_PROPERTIES, End::Greatest, max, certain);
        diff.edits.extend(edit);
    }

    fn compare_rest(&mut self, both: &Both<'_>, diff: &mut Diff) {
        let rest = both.shapes.map(|shape| shape.rest);
        let (effect, change) = match (rest.base, rest.head) {
            (Rest::Open, Rest::Open) | (Rest::Closed(_), Rest::Closed(_)) => return,
            (Rest::Schema(base, _), Rest::Schema(head, _)) => {
                let link = self.link(both, Versions::new(base, head), Step::Other);
                diff.links.push(link);
                return;
            }
            (Rest::Open | Rest::Schema(..), Rest::Closed(_)) => (Effect::NARROWS, Unnamed::Refused),
            (Rest::Open, Rest::Schema(head, _)) => {
                let any = self.schemas.base.all([]);
                (self.effect_of(both, Versions::new(any, head)), Unnamed::Limited)
            }
            (Rest::Closed(_), Rest::Open | Rest::Schema(..)) => (Effect::WIDENS, Unnamed::Allowed),
            (Rest::Schema(base, _), Rest::Open) => {
                let any = self.schemas.head.all([]);
                (self.effect_of(both, Versions::new(base, any)), Unnamed::Unlimited)
            }
        };
        if effect == Effect::NEITHER {
            return;
        }
        let at = rest.map(|rest| match rest {
            Rest::Open => None,
            Rest::Closed(leaf) | Rest::Schema(_, leaf) => Some((leaf, "additionalProperties")),
        });
        let change = Change::UnnamedProperties(change);
        diff.edits.push(self.edit(both, &rules::ADDITIONAL_PROPERTIES, effect, at, change));
    }

    /// What lies between two conjunctions, without a link to them.
    fn effect_of(&mut self, both: &Both<'_>, conjunctions: Versions<ConjId>) -> Effect {
        let link = self.link(both, conjunctions, Step::Same);
        self.effect(link.pair)
    }

    /// A link to what stands under a `not`.
    fn link_nots(&mut self, both: &Both<'_>, nots: Versions<&Sourced<ConjId>>) -> super::Link {
        let link = self.link(both, nots.map(|not| not.value), Step::Same);
        super::Link { flip: true, ..link }
    }

    pub(super) fn compare_nots(&mut self, both: &Both<'_>, diff: &mut Diff) {
        let nots = both.shapes.map(|shape: &Shape| shape.nots.iter().collect::<Vec<_>>());
        let mut left = nots.base;
        let mut unmatched = Vec::new();
        for head in nots.head {
            let same = left.iter().position(|base| {
                self.effect_of(both, Versions::new(base.value, head.value)) == Effect::NEITHER
            });
            match same {
                Some(index) => {
                    // What is taken for equal here may turn out to differ further in.
                    let base = left.remove(index);
                    diff.links.push(self.link_nots(both, Versions::new(base, head)));
                }
                None => unmatched.push(head),
            }
        }
        let mut left = left.into_iter();
        for head in unmatched {
            if let Some(base) = left.next() {
                diff.links.push(self.link_nots(both, Versions::new(base, head)));
            } else {
                let at = Versions::new(None, Some((head.leaf, "not")));
                diff.edits.push(self.not_edit(both, Effect::NARROWS, at));
            }
        }
        for base in left {
            let at = Versions::new(Some((base.leaf, "not")), None);
            diff.edits.push(self.not_edit(both, Effect::WIDENS, at));
        }
    }

    fn not_edit(
        &self,
        both: &Both<'_>,
        effect: Effect,
        at: Versions<Option<super::Keyword<'_>>>,
    ) -> Edit {
        let change = Change::presence(Part::Not, at.head.is_some());
        let edit = self.edit(both, &rules::NOT, effect, at, change);
        Edit { certainty: Certainty::Likely, ..edit }
    }
}

/// What it does that a property has to be there, or no longer has to.
fn presence(demanded: Versions<bool>) -> Effect {
    let Versions { base, head } = demanded;
    Effect { narrows: head && !base, widens: base && !head }
}

/// The guard of a direction.
fn guard(direction: Direction) -> (&'static Rule, Guard) {
    match direction {
        Direction::Request => (&rules::READ_ONLY, Guard::ReadOnly),
        Direction::Response => (&rules::WRITE_ONLY, Guard::WriteOnly),
    }
}
