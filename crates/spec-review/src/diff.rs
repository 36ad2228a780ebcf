//! Two schemas, one from each document: which edits lead from one to the other.
//!
//! Pairs of conjunctions are compared once each and refer to the pairs inside them, so shared and
//! recursive schemas cost what their text costs. The result is a graph; what of it matters to an
//! operation is read off by walking it from the operation's body.

mod arrays;
mod numbers;
mod objects;
mod strings;
mod unions;
mod values;
mod walk;

use std::collections::{HashMap, HashSet, VecDeque};
use std::rc::Rc;

use crate::change::{Aspect, Change, Fact, Part};
use crate::law::{Direction, Effect, Level};
use crate::rules::{self, Rule};
use crate::schema::{ConjId, LeafId, Schemas, Shape, Types, UNKNOWN};
use crate::side::Place;
use crate::versions::Versions;

pub(crate) use walk::Hit;

/// Pairs inside pairs are compared on the spot this deep, and later beyond.
const DEEPEST: usize = 48;
/// So many links are followed to see what lies between two schemas, nearest first.
const MOST_LINKS: usize = 4_000;
/// And so many where schemas are so entangled that the links followed in all are more than these.
const FEWEST_LINKS: usize = 40;
const MOST_LOOKS: usize = 4_000_000;
/// After so many pairs no new ones are looked into; what they hide is reported as not compared.
const MOST_PAIRS: usize = 400_000;

/// Whether an edit stands by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Certainty {
    /// It follows from the keywords.
    Certain,
    /// It is a break unless somebody knows better; without a proof it is shown as suspected.
    Likely,
    /// Only worth a word if a payload proves it.
    Probe,
    /// No JSON payload can show it.
    Beyond,
}

/// One difference between two schemas.
#[derive(Debug, Clone)]
pub(crate) struct Edit {
    pub(crate) rule: &'static Rule,
    pub(crate) effect: Effect,
    pub(crate) certainty: Certainty,
    /// The level where nobody breaks.
    pub(crate) otherwise: Level,
    pub(crate) at: Versions<Option<Place>>,
    pub(crate) change: Change,
}

/// How a value inside a value is reached.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Step {
    Property(String),
    Item,
    /// A property that no document names.
    Other,
    /// The same value, looked at through a union or a `not`.
    Same,
}

/// A pair inside a pair.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    pub(crate) step: Step,
    pub(crate) pair: PairId,
    /// The pair stands under a `not`.
    pub(crate) flip: bool,
    /// Other effects do not reach the outside.
    pub(crate) mask: Effect,
}

/// What two conjunctions differ in.
#[derive(Debug, Clone, Default)]
pub(crate) struct Diff {
    /// Where the two stand.
    pub(crate) at: Versions<Option<Place>>,
    pub(crate) edits: Vec<Edit>,
    pub(crate) links: Vec<Link>,
}

/// A schema object and one of its keywords.
type Keyword<'k> = (LeafId, &'k str);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct PairId(usize);

/// What is compared, and under which conditions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Pair {
    pub(crate) conjunctions: Versions<ConjId>,
    pub(crate) direction: Direction,
    /// Values travel as text: a string takes whatever any other type is written as.
    pub(crate) text: bool,
}

/// All comparisons of schemas of two documents.
pub(crate) struct Schematics<'d> {
    pub(crate) schemas: Versions<Schemas<'d>>,
    ids: HashMap<Pair, PairId>,
    pairs: Vec<Pair>,
    diffs: Vec<Option<Rc<Diff>>>,
    later: VecDeque<PairId>,
    /// Where something was first left out because there was too much of it.
    pub(crate) exhausted: Option<Versions<Option<Place>>>,
    interesting: Option<HashSet<PairId>>,
    /// How many links were followed so far.
    looks: usize,
}

/// Both shapes of a pair, as the comparisons of keywords see them.
pub(crate) struct Both<'s> {
    pub(crate) pair: Pair,
    pub(crate) shapes: Versions<&'s Shape>,
    /// The types that both accept.
    pub(crate) common: Types,
    pub(crate) depth: usize,
}

impl<'d> Schematics<'d> {
    pub(crate) fn new(schemas: Versions<Schemas<'d>>) -> Self {
        Self {
            schemas,
            ids: HashMap::new(),
            pairs: Vec::new(),
            diffs: Vec::new(),
            later: VecDeque::new(),
            exhausted: None,
            interesting: None,
            looks: 0,
        }
    }

    /// Compares a pair and everything inside it.
    pub(crate) fn compare(&mut self, pair: Pair) -> PairId {
        let id = self.compare_within(pair, 0);
        while let Some(next) = self.later.pop_front() {
            self.work_out(next, 0);
        }
        id
    }

    pub(crate) fn diff(&self, id: PairId) -> Rc<Diff> {
        self.diffs.get(id.0).and_then(Option::clone).unwrap_or_default()
    }

    pub(crate) fn pair(&self, id: PairId) -> Option<Pair> {
        self.pairs.get(id.0).copied()
    }

    fn compare_within(&mut self, pair: Pair, depth: usize) -> PairId {
        if let Some(id) = self.ids.get(&pair) {
            return *id;
        }
        let id = PairId(self.pairs.len());
        self.ids.insert(pair, id);
        self.pairs.push(pair);
        self.diffs.push(None);
        self.interesting = None;
        if self.pairs.len() > MOST_PAIRS {
            self.exhausted.get_or_insert_default();
        } else if depth > DEEPEST {
            self.later.push_back(id);
        } else {
            self.work_out(id, depth);
        }
        id
    }

    fn work_out(&mut self, id: PairId, depth: usize) {
        let Some(pair) = self.pairs.get(id.0).copied() else { return };
        let shapes = self.schemas.each_mut().zip(pair.conjunctions);
        let shapes = shapes.map(|(schemas, id)| schemas.shape(id));
        let shapes = shapes.each().map(|shape| &**shape);
        // Nothing is known of what a reference that leads nowhere stands for, so nothing is said.
        let unknown = shapes.map(|shape| shape.leaves.contains(&UNKNOWN));
        let unknown = unknown.base || unknown.head;
        let common = shapes.base.types & shapes.head.types;
        let both = Both { pair, shapes, common, depth };
        let diff = if unknown { Diff::default() } else { self.between(&both) };
        if let Some(slot) = self.diffs.get_mut(id.0) {
            *slot = Some(Rc::new(diff));
        }
    }

    fn between(&mut self, both: &Both<'_>) -> Diff {
        let mut diff = Diff { at: self.places(both.shapes), ..Diff::default() };
        // An alternative of a union repeats what stands beside the union.
        let repeats = self.schemas.each().zip(both.pair.conjunctions);
        let repeats =
            repeats.map(|(schemas, id)| schemas.atoms(id).iter().any(|atom| atom.own_only));
        if !repeats.base && !repeats.head {
            self.compare_annotations(both, &mut diff);
        }
        let grouped = both.shapes.map(|shape| !shape.groups.is_empty());
        if (grouped.base || grouped.head) && self.compare_unions(both, &mut diff) {
            return diff;
        }
        self.compare_types(both, &mut diff);
        let listed = self.compare_values(both, &mut diff);
        // A document may put a keyword beside a type that it says nothing about. Nothing is
        // accepted or refused by it, but whoever wrote it meant something.
        let matters = |types: Types| {
            let has = both.shapes.map(|shape| shape.types.has(types));
            let idle = !has.base && !has.head;
            idle || !listed && both.common.has(types)
        };
        if matters(Types::NUMBER) {
            self.compare_numbers(both, &mut diff);
        }
        if matters(Types::STRING) {
            self.compare_strings(both, &mut diff);
        }
        if matters(Types::ARRAY) {
            self.compare_arrays(both, &mut diff);
        }
        if matters(Types::OBJECT) {
            self.compare_objects(both, &mut diff);
        }
        if !listed {
            self.compare_nots(both, &mut diff);
        }
        diff
    }

    /// What the edits of a pair, and of all pairs inside it, do together. What is still being
    /// worked out counts as equal, and so does what lies too far in.
    pub(crate) fn effect(&mut self, id: PairId) -> Effect {
        self.effect_of_all(id, false)
    }

    /// The same, with what is only worth a word if a payload proves it.
    pub(crate) fn effect_of_all(&mut self, id: PairId, probes: bool) -> Effect {
        let mut total = Effect::NEITHER;
        let start = (id, false, Effect::BOTH);
        let mut seen = HashSet::from([start]);
        let mut queue = VecDeque::from([start]);
        let most = if self.looks > MOST_LOOKS { FEWEST_LINKS } else { MOST_LINKS };
        let mut links = 0;
        while let Some((id, flip, mask)) = queue.pop_front() {
            let Some(Some(diff)) = self.diffs.get(id.0) else { continue };
            for edit in &diff.edits {
                if probes || edit.certainty != Certainty::Probe {
                    total = total.or(edit.effect.flipped(flip).masked(mask));
                }
            }
            if total == Effect::BOTH || links > most {
                break;
            }
            links += diff.links.len();
            for link in &diff.links {
                let inner = (link.pair, flip ^ link.flip, link.mask.flipped(flip).masked(mask));
                if seen.insert(inner) {
                    queue.push_back(inner);
                }
            }
        }
        self.looks += links;
        total
    }

    /// A link to a pair inside this one.
    pub(crate) fn link(
        &mut self,
        both: &Both<'_>,
        conjunctions: Versions<ConjId>,
        step: Step,
    ) -> Link {
        let pair = Pair { conjunctions, ..both.pair };
        let pair = self.compare_within(pair, both.depth + 1);
        Link { step, pair, flip: false, mask: Effect::BOTH }
    }

    /// Where two shapes stand, if they stand anywhere.
    pub(crate) fn places(&self, shapes: Versions<&Shape>) -> Versions<Option<Place>> {
        self.schemas.each().zip(shapes).map(|(schemas, shape)| place_of(schemas, shape))
    }

    /// Where a keyword of one side would stand on the other: in the schema object that is written at
    /// the same place, whatever else there is to satisfy. So an edit is the same edit wherever its
    /// schema is a part.
    fn counterparts(
        &self,
        shapes: Versions<&Shape>,
        keyword: Versions<Option<Keyword<'_>>>,
    ) -> Versions<Option<Place>> {
        let written = self.schemas.each().zip(keyword).map(|(schemas, keyword)| {
            let (leaf, _) = keyword?;
            schemas.leaf(leaf).place()
        });
        let sides = self.schemas.each().zip(shapes).zip(written.swapped());
        sides.map(|((schemas, shape), written)| {
            let written = written?;
            let mut places = shape.leaves.iter().filter_map(|leaf| schemas.leaf(*leaf).place());
            places.find(|place| place.pointer == written.pointer)
        })
    }

    /// An edit at a keyword that one side or both may have.
    pub(crate) fn edit(
        &self,
        both: &Both<'_>,
        rule: &'static Rule,
        effect: Effect,
        keyword: Versions<Option<Keyword<'_>>>,
        change: Change,
    ) -> Edit {
        let at = self.schemas.each().zip(keyword).map(|(schemas, keyword)| {
            let (leaf, key) = keyword?;
            schemas.leaf(leaf).place_of(key)
        });
        let at = at.or(self.counterparts(both.shapes, keyword));
        Edit {
            rule,
            effect,
            certainty: Certainty::Certain,
            otherwise: Level::Info,
            at: at.or(self.places(both.shapes)),
            change,
        }
    }

    fn compare_types(&mut self, both: &Both<'_>, diff: &mut Diff) {
        let types = both.shapes.map(|shape| shape.types);
        let (mut lost, mut gained) = (types.base - types.head, types.head - types.base);
        if both.pair.text {
            let any = both.shapes.map(takes_any_text);
            lost = if any.head { lost - Types::SCALAR } else { lost };
            gained = if any.base { gained - Types::SCALAR } else { gained };
        }
        let listed = both.shapes.map(|shape| shape.values.is_some());
        let listed = listed.base || listed.head;
        let effect = |lost: Types, gained: Types| Effect {
            narrows: !lost.is_empty(),
            widens: !gained.is_empty(),
        };
        let null = effect(lost & Types::NULL, gained & Types::NULL);
        let keyword = both.shapes.map(|shape| shape.typed_by.map(|leaf| (leaf, "type")));
        // Where there was no type at all, or is none now, that says it all.
        let open = types.base == Types::ALL || types.head == Types::ALL;
        let (other, null) = if open && types.differ() {
            (effect(lost, gained), Effect::NEITHER)
        } else {
            (effect(lost - Types::NULL, gained - Types::NULL), null)
        };
        // Where values are listed, they say the rest.
        if other != Effect::NEITHER && !(listed && both.common.has(Types::ALL - Types::NULL)) {
            let said = types.map(|types| {
                let shown = if types == Types::NULL { types } else { types - Types::NULL };
                Some(Fact::Types(shown))
            });
            let change = Change::replaced(Aspect::Types, said);
            diff.edits.push(self.edit(both, &rules::TYPE, other, keyword, change));
        }
        if null != Effect::NEITHER && !(other == Effect::BOTH && both.common.is_empty()) {
            let nullable =
                both.shapes.map(|shape| shape.nullable_by.map(|leaf| (leaf, "nullable")));
            let change = Change::Null { allowed: null.widens };
            diff.edits.push(self.edit(both, &rules::NULLABLE, null, nullable.or(keyword), change));
        } else {
            self.compare_idle_nullable(both, diff);
        }
    }

    /// `nullable` where OpenAPI gives it no effect, but many tools do.
    fn compare_idle_nullable(&mut self, both: &Both<'_>, diff: &mut Diff) {
        let idle = both.shapes.map(|shape| shape.idle_nullable);
        let nullable = both.shapes.map(|shape| shape.types.has(Types::NULL));
        if idle.base.is_some() == idle.head.is_some() || nullable.base || nullable.head {
            return;
        }
        let widens = idle.head.is_some();
        let effect = Effect { narrows: !widens, widens };
        let at = idle.map(|leaf| leaf.map(|leaf| (leaf, "nullable")));
        let change = Change::presence(Part::IdleNullable, widens);
        let edit = self.edit(both, &rules::NULLABLE, effect, at, change);
        diff.edits.push(Edit { certainty: Certainty::Likely, ..edit });
    }
}

/// The place of the schema that says something, rather than of one that only refers to it.
fn place_of(schemas: &Schemas<'_>, shape: &Shape) -> Option<Place> {
    let leaves = || shape.leaves.iter().map(|leaf| schemas.leaf(*leaf));
    let said = leaves().find(|leaf| leaf.at.is_some() && !leaf.is_wrapper());
    said.and_then(|leaf| leaf.place()).or_else(|| leaves().find_map(|leaf| leaf.place()))
}

/// Whether any text at all satisfies a shape.
fn takes_any_text(shape: &Shape) -> bool {
    shape.types.has(Types::STRING)
        && shape.values.is_none()
        && shape.patterns.is_empty()
        && shape.formats.is_empty()
        && shape.max_length.is_none()
        && shape.min_length.as_ref().is_none_or(|min| min.value <= 1)
        && shape.nots.is_empty()
}
