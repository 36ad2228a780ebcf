//! Objects: their properties, which of them are required, and what else may stand beside them.

use super::strings::counts;
use super::{Both, Certainty, Diff, Edit, Schematics, Step};
use crate::law::{Direction, Effect, Level};
use crate::rules::{self, Rule};
use crate::schema::{ConjId, Rest, Shape, Sourced};
use crate::side::Place;

/// What a side says about one property, for values that travel in one direction.
struct Said {
    /// The schema, unless the property is not named or does not travel.
    conj: Option<ConjId>,
    /// It is named, and read-only in a request or write-only in an answer.
    guarded: bool,
    demanded: bool,
    place: Option<Place>,
}

impl Schematics<'_> {
    pub(super) fn compare_objects(&mut self, both: &Both<'_>, diff: &mut Diff) {
        let (base, head) = (both.base, both.head);
        for name in base.properties.keys() {
            self.compare_property(both, name, diff);
        }
        for name in head.properties.keys().filter(|name| !base.properties.contains_key(*name)) {
            self.compare_property(both, name, diff);
        }
        let named = |name: &String| {
            base.properties.contains_key(name) || head.properties.contains_key(name)
        };
        let mut unnamed: Vec<_> =
            base.required.keys().chain(head.required.keys()).filter(|name| !named(name)).collect();
        unnamed.sort_unstable();
        unnamed.dedup();
        for name in unnamed {
            let (old, new) = (base.required.get(name), head.required.get(name));
            self.compare_required(both, name, (old.is_some(), new.is_some()), diff);
        }
        self.compare_sizes(both, diff);
        self.compare_rest(both, diff);
    }

    fn said(&mut self, both: &Both<'_>, name: &str, of_head: bool) -> Said {
        let shape = if of_head { both.head } else { both.base };
        let schemas = if of_head { &mut self.head } else { &mut self.base };
        let property = shape.properties.get(name);
        let guarded = schemas.is_guarded(shape, name, both.pair.direction);
        let demanded = schemas.is_demanded(shape, name, both.pair.direction);
        let place = property.and_then(|property| {
            let properties = schemas.leaf(property.leaf).at.as_ref()?.get("properties")?;
            Some(properties.place_of(name))
        });
        Said {
            conj: property.filter(|_| !guarded).map(|property| property.value),
            guarded,
            demanded,
            place,
        }
    }

    fn compare_property(&mut self, both: &Both<'_>, name: &str, diff: &mut Diff) {
        let (old, new) = (self.said(both, name, false), self.said(both, name, true));
        match (old.conj, new.conj) {
            (None, None) => {
                self.compare_required(both, name, (old.demanded, new.demanded), diff);
            }
            (Some(base), Some(head)) => {
                self.compare_required(both, name, (old.demanded, new.demanded), diff);
                let link = self.link(both, base, head, Step::Property(name.to_owned()));
                diff.links.push(link);
            }
            (None, Some(head)) => self.property_added(both, name, (&old, &new), head, diff),
            (Some(base), None) => self.property_removed(both, name, (&old, &new), base, diff),
        }
    }

    fn compare_required(
        &mut self,
        both: &Both<'_>,
        name: &str,
        (old, new): (bool, bool),
        diff: &mut Diff,
    ) {
        if old == new {
            return;
        }
        let effect = presence(old, new);
        let change = if new { "is now required" } else { "is no longer required" };
        let at = |shape: &Shape| shape.required.get(name).map(|leaf| (*leaf, "required"));
        let message = format!("the property `{name}` {change}");
        let edit =
            self.edit(both, &rules::REQUIRED, effect, (at(both.base), at(both.head)), message);
        diff.edits.push(edit);
    }

    fn property_edit(
        &self,
        both: &Both<'_>,
        rule: &'static Rule,
        (old, new): (&Said, &Said),
        effect: Effect,
        message: String,
    ) -> Edit {
        let edit = self.edit(both, rule, effect, (None, None), message);
        Edit {
            base: old.place.clone().or(edit.base),
            head: new.place.clone().or(edit.head),
            ..edit
        }
    }

    fn property_added(
        &mut self,
        both: &Both<'_>,
        name: &str,
        (old, new): (&Said, &Said),
        head: ConjId,
        diff: &mut Diff,
    ) {
        let asked = if new.demanded { "required" } else { "optional" };
        let mut effect = presence(old.demanded, new.demanded);
        if old.guarded {
            let (rule, word) = guard(both.pair.direction);
            let message = format!("the {asked} property `{name}` is no longer {word}");
            diff.edits.push(self.property_edit(both, rule, (old, new), effect, message));
            return;
        }
        match both.base.rest {
            Rest::Open => {}
            // What nobody named was refused.
            Rest::Closed(_) => effect.widens = true,
            Rest::Schema(rest, _) => {
                let link = self.link(both, rest, head, Step::Property(name.to_owned()));
                diff.links.push(link);
            }
        }
        let message = format!("the {asked} property `{name}` was added");
        diff.edits.push(self.property_edit(
            both,
            &rules::PROPERTY_ADDED,
            (old, new),
            effect,
            message,
        ));
    }

    fn property_removed(
        &mut self,
        both: &Both<'_>,
        name: &str,
        (old, new): (&Said, &Said),
        base: ConjId,
        diff: &mut Diff,
    ) {
        let asked = if old.demanded { "required" } else { "optional" };
        let mut effect = presence(old.demanded, new.demanded);
        if new.guarded {
            let (rule, word) = guard(both.pair.direction);
            let message = format!("the {asked} property `{name}` is now {word}");
            let edit = self.property_edit(both, rule, (old, new), effect, message);
            let otherwise = if both.pair.direction == Direction::Response {
                Level::Warning
            } else {
                Level::Info
            };
            diff.edits.push(Edit { otherwise, ..edit });
            return;
        }
        match both.head.rest {
            Rest::Open if new.demanded => {
                let any = self.head.all([]);
                let link = self.link(both, base, any, Step::Property(name.to_owned()));
                diff.links.push(link);
            }
            Rest::Open => {}
            Rest::Closed(_) => effect.narrows = true,
            Rest::Schema(rest, _) => {
                let link = self.link(both, base, rest, Step::Property(name.to_owned()));
                diff.links.push(link);
            }
        }
        let message = format!("the {asked} property `{name}` was removed");
        let edit = self.property_edit(both, &rules::PROPERTY_REMOVED, (old, new), effect, message);
        // Its users have been told.
        let deprecated = self.base.shape(base).deprecated.is_some();
        let otherwise = if deprecated { Level::Info } else { Level::Warning };
        diff.edits.push(Edit { otherwise, ..edit });
    }

    fn compare_sizes(&mut self, both: &Both<'_>, diff: &mut Diff) {
        let (base, head) = (both.base, both.head);
        // Required properties are there whatever the least number says.
        let least = |shape: &Shape| {
            let required = shape.required.len() as u64;
            shape.min_properties.as_ref().map_or(0, |min| min.value).max(required)
        };
        let implied = counts(true, Some(least(base)), Some(least(head)));
        let certain = Certainty::Certain;
        if implied != Effect::NEITHER {
            let pair = (&base.min_properties, &head.min_properties);
            self.compare_count(both, diff, (&rules::MIN_PROPERTIES, true, certain), pair);
        }
        let pair = (&base.max_properties, &head.max_properties);
        self.compare_count(both, diff, (&rules::MAX_PROPERTIES, false, certain), pair);
    }

    fn compare_rest(&mut self, both: &Both<'_>, diff: &mut Diff) {
        let at = |rest: Rest| match rest {
            Rest::Open => None,
            Rest::Closed(leaf) | Rest::Schema(_, leaf) => Some((leaf, "additionalProperties")),
        };
        let (effect, change) = match (both.base.rest, both.head.rest) {
            (Rest::Open, Rest::Open) | (Rest::Closed(_), Rest::Closed(_)) => return,
            (Rest::Schema(base, _), Rest::Schema(head, _)) => {
                let link = self.link(both, base, head, Step::Other);
                diff.links.push(link);
                return;
            }
            (Rest::Open | Rest::Schema(..), Rest::Closed(_)) => {
                (Effect::NARROWS, "are now refused")
            }
            (Rest::Open, Rest::Schema(head, _)) => {
                let any = self.base.all([]);
                (self.effect_of(both, any, head), "now have to satisfy a schema")
            }
            (Rest::Closed(_), Rest::Open | Rest::Schema(..)) => (Effect::WIDENS, "are now allowed"),
            (Rest::Schema(base, _), Rest::Open) => {
                let any = self.head.all([]);
                (self.effect_of(both, base, any), "no longer have to satisfy a schema")
            }
        };
        if effect == Effect::NEITHER {
            return;
        }
        let message = format!("properties that are not named {change}");
        let at = (at(both.base.rest), at(both.head.rest));
        diff.edits.push(self.edit(both, &rules::ADDITIONAL_PROPERTIES, effect, at, message));
    }

    /// What lies between two conjunctions, without a link to them.
    pub(super) fn effect_of(&mut self, both: &Both<'_>, base: ConjId, head: ConjId) -> Effect {
        let link = self.link(both, base, head, Step::Same);
        self.effect(link.pair)
    }

    pub(super) fn compare_nots(&mut self, both: &Both<'_>, diff: &mut Diff) {
        let (base, head) = (&both.base.nots, &both.head.nots);
        if base.is_empty() && head.is_empty() {
            return;
        }
        let mut left: Vec<&Sourced<ConjId>> = base.iter().collect();
        let mut unmatched: Vec<&Sourced<ConjId>> = Vec::new();
        for new in head {
            let same = left
                .iter()
                .position(|old| self.effect_of(both, old.value, new.value) == Effect::NEITHER);
            match same {
                Some(index) => {
                    // What is taken for equal here may turn out to differ further in.
                    let old = left.remove(index);
                    let link = self.link(both, old.value, new.value, Step::Same);
                    diff.links.push(super::Link { flip: true, ..link });
                }
                None => unmatched.push(new),
            }
        }
        let mut left = left.into_iter();
        for new in unmatched {
            if let Some(old) = left.next() {
                let link = self.link(both, old.value, new.value, Step::Same);
                diff.links.push(super::Link { flip: true, ..link });
            } else {
                let message = "a `not` was added".to_owned();
                let edit = self.edit(
                    both,
                    &rules::NOT,
                    Effect::NARROWS,
                    (None, Some((new.leaf, "not"))),
                    message,
                );
                diff.edits.push(Edit { certainty: Certainty::Likely, ..edit });
            }
        }
        for old in left {
            let message = "a `not` was removed".to_owned();
            let edit = self.edit(
                both,
                &rules::NOT,
                Effect::WIDENS,
                (Some((old.leaf, "not")), None),
                message,
            );
            diff.edits.push(Edit { certainty: Certainty::Likely, ..edit });
        }
    }
}

/// What it does that a property has to be there, or no longer has to.
fn presence(old: bool, new: bool) -> Effect {
    Effect { narrows: new && !old, widens: old && !new }
}

/// The guard of a direction.
fn guard(direction: Direction) -> (&'static Rule, &'static str) {
    match direction {
        Direction::Request => (&rules::READ_ONLY, "read-only"),
        Direction::Response => (&rules::WRITE_ONLY, "write-only"),
    }
}
