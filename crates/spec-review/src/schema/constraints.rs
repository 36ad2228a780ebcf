//! The constraints of a conjunction: what all its members together require of a value.

use std::collections::{BTreeMap, HashSet};
use std::rc::Rc;

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::{Number, Value};

use super::{
    AdditionalKeyword, Conjunct, ConjunctionId, NEVER, Num, SchemaId, SchemaObject, Schemas,
    TypeSet, ValueIndex, json_equal, range_of,
};

/// Nested unions are resolved to this depth when their common types are determined.
const MAX_UNION_DEPTH: usize = 32;

/// A value of a keyword, and the schema object that has it.
#[derive(Debug, Clone)]
pub(crate) struct KeywordValue<T> {
    pub(crate) value: T,
    pub(crate) schema: SchemaId,
    pub(crate) keyword: &'static str,
}

impl<T> KeywordValue<T> {
    /// The schema object and its keyword.
    pub(crate) fn keyword_ref(&self) -> (SchemaId, &'static str) {
        (self.schema, self.keyword)
    }
}

/// One end of a range of numbers, and whether it is exclusive.
pub(crate) type Bound = KeywordValue<(Num, bool)>;
/// A limit on the number of characters, items or properties.
pub(crate) type Count = KeywordValue<u64>;

/// The keyword of a union.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum UnionKeyword {
    /// `anyOf`.
    #[serde(rename = "anyOf")]
    AnyOf,
    /// `oneOf`.
    #[serde(rename = "oneOf")]
    OneOf,
}

/// A union: at least one (`anyOf`) or exactly one (`oneOf`) of the branches has to accept the
/// value.
#[derive(Debug, Clone)]
pub(crate) struct Union {
    pub(crate) kind: UnionKeyword,
    pub(crate) schema: SchemaId,
    pub(crate) branches: Vec<SchemaId>,
}

/// What is accepted beside the named properties.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AdditionalProperties {
    Open,
    Closed(SchemaId),
    Schema(ConjunctionId, SchemaId),
}

/// The constraints of a conjunction.
#[derive(Debug, Clone)]
pub(crate) struct Constraints {
    /// The schema objects of the conjunction, through `allOf` and unions of one branch.
    pub(crate) members: Vec<SchemaId>,
    pub(crate) types: TypeSet,
    /// The member that restricts the types most.
    pub(crate) type_source: Option<SchemaId>,
    /// The member with `nullable` in a place where OpenAPI 3.0 gives it no effect.
    pub(crate) ineffective_nullable: Option<SchemaId>,
    pub(crate) nullable_source: Option<SchemaId>,
    pub(crate) values: Option<KeywordValue<Vec<Value>>>,
    pub(crate) lower: Option<Bound>,
    pub(crate) upper: Option<Bound>,
    pub(crate) multiples: Vec<KeywordValue<Num>>,
    pub(crate) min_length: Option<Count>,
    pub(crate) max_length: Option<Count>,
    pub(crate) patterns: Vec<KeywordValue<String>>,
    pub(crate) formats: Vec<KeywordValue<String>>,
    pub(crate) min_items: Option<Count>,
    pub(crate) max_items: Option<Count>,
    pub(crate) unique: Option<SchemaId>,
    pub(crate) items: Option<KeywordValue<ConjunctionId>>,
    pub(crate) min_properties: Option<Count>,
    pub(crate) max_properties: Option<Count>,
    pub(crate) required: BTreeMap<String, SchemaId>,
    pub(crate) properties: IndexMap<String, KeywordValue<ConjunctionId>>,
    pub(crate) additional: AdditionalProperties,
    pub(crate) unions: Vec<Union>,
    pub(crate) nots: Vec<KeywordValue<ConjunctionId>>,
    pub(crate) read_only: Option<SchemaId>,
    pub(crate) write_only: Option<SchemaId>,
    pub(crate) deprecated: Option<SchemaId>,
    pub(crate) default: Option<KeywordValue<Value>>,
}

/// The state of computing constraints, which can depend on themselves.
#[derive(Debug, Clone)]
pub(super) enum ConstraintsState {
    InProgress,
    Done(Rc<Constraints>),
}

/// Keeps the tighter of two limits.
fn tighten<T: Clone>(
    slot: &mut Option<KeywordValue<T>>,
    value: Option<T>,
    tighter: fn(&T, &T) -> bool,
    schema: SchemaId,
    keyword: &'static str,
) {
    let Some(value) = value else { return };
    if slot.as_ref().is_none_or(|old| tighter(&value, &old.value)) {
        *slot = Some(KeywordValue { value, schema, keyword });
    }
}

/// The values that another list has as well.
fn common(values: Vec<Value>, others: &[Value]) -> Vec<Value> {
    let others = ValueIndex::of(others);
    values.into_iter().filter(|value| others.contains(value)).collect()
}

fn bound(number: Option<&Number>, exclusive: bool) -> Option<(Num, bool)> {
    number.map(|number| (Num::of(number), exclusive))
}

/// Whether one lower end is tighter than another; upper ends are compared by `below`.
fn above(one: &(Num, bool), other: &(Num, bool)) -> bool {
    one.0 > other.0 || one.0 == other.0 && one.1 && !other.1
}

fn below(one: &(Num, bool), other: &(Num, bool)) -> bool {
    one.0 < other.0 || one.0 == other.0 && one.1 && !other.1
}

impl Schemas<'_> {
    /// The constraints of a conjunction.
    pub(crate) fn constraints(&mut self, id: ConjunctionId) -> Rc<Constraints> {
        self.constraints_within(id, 0).unwrap_or_else(|| Rc::new(Constraints::new(Vec::new())))
    }

    /// `None` if they are being computed further up, or unions are nested too deeply.
    fn constraints_within(&mut self, id: ConjunctionId, depth: usize) -> Option<Rc<Constraints>> {
        match self.constraints.get(&id) {
            Some(ConstraintsState::Done(constraints)) => return Some(Rc::clone(constraints)),
            Some(ConstraintsState::InProgress) => return None,
            None if depth > MAX_UNION_DEPTH => return None,
            None => {}
        }
        self.constraints.insert(id, ConstraintsState::InProgress);
        let mut constraints = Constraints::new(Vec::new());
        self.collect_members(id, &mut constraints);
        self.add_members(&mut constraints);
        let members = constraints.members.len();
        self.budget().spend(members * (1 + constraints.properties.len()));
        self.narrow_by_unions(&mut constraints, depth);
        let constraints = Rc::new(constraints);
        self.constraints.insert(id, ConstraintsState::Done(Rc::clone(&constraints)));
        Some(constraints)
    }

    /// Collects the members, through `allOf` and unions of one branch.
    fn collect_members(&self, id: ConjunctionId, constraints: &mut Constraints) {
        let mut stack: Vec<Conjunct> = self.conjuncts(id).iter().rev().copied().collect();
        let mut seen = HashSet::new();
        let mut members = HashSet::new();
        while let Some(conjunct) = stack.pop() {
            if !seen.insert(conjunct) {
                continue;
            }
            if members.insert(conjunct.schema) {
                constraints.members.push(conjunct.schema);
            }
            if conjunct.own_only {
                continue;
            }
            let schema = self.object(conjunct.schema);
            let mut inner = schema.all_of.clone();
            for (kind, branches) in
                [(UnionKeyword::AnyOf, &schema.any_of), (UnionKeyword::OneOf, &schema.one_of)]
            {
                match branches.as_slice() {
                    [] => {}
                    [only] => inner.push(*only),
                    _ => constraints.unions.push(Union {
                        kind,
                        schema: conjunct.schema,
                        branches: branches.clone(),
                    }),
                }
            }
            stack
                .extend(inner.into_iter().rev().map(|schema| Conjunct { schema, own_only: false }));
        }
    }

    fn add_members(&mut self, constraints: &mut Constraints) {
        let members: Vec<_> =
            constraints.members.iter().map(|id| (*id, self.object(*id))).collect();
        for (id, schema) in &members {
            constraints.add_scalars(*id, schema);
            if let Some(not) = schema.not {
                let value = self.one(not);
                constraints.nots.push(KeywordValue { value, schema: *id, keyword: "not" });
            }
        }
        let items: Vec<_> =
            members.iter().filter_map(|(id, schema)| Some((*id, schema.items?))).collect();
        if let Some((first, _)) = items.first() {
            let value = self
                .all(items.iter().map(|(_, schema)| Conjunct { schema: *schema, own_only: false }));
            constraints.items = Some(KeywordValue { value, schema: *first, keyword: "items" });
        }
        self.add_properties(&members, constraints);
    }

    fn add_properties(
        &mut self,
        members: &[(SchemaId, Rc<SchemaObject<'_>>)],
        constraints: &mut Constraints,
    ) {
        for (id, schema) in members {
            for name in schema.properties.keys() {
                if constraints.properties.contains_key(name) {
                    continue;
                }
                let conjuncts: Vec<_> = members
                    .iter()
                    .filter_map(|(_, schema)| {
                        match (schema.properties.get(name).copied(), schema.additional) {
                            (Some(property), _)
                            | (None, Some(AdditionalKeyword::Schema(property))) => Some(property),
                            (None, Some(AdditionalKeyword::Closed)) => Some(NEVER),
                            (None, _) => None,
                        }
                    })
                    .map(|schema| Conjunct { schema, own_only: false })
                    .collect();
                let value = self.all(conjuncts);
                constraints.properties.insert(
                    name.clone(),
                    KeywordValue { value, schema: *id, keyword: "properties" },
                );
            }
        }
        let closed =
            members.iter().find(|(_, schema)| schema.additional == Some(AdditionalKeyword::Closed));
        let conjuncts: Vec<_> = members
            .iter()
            .filter_map(|(id, schema)| match schema.additional {
                Some(AdditionalKeyword::Schema(rest)) => {
                    Some((*id, Conjunct { schema: rest, own_only: false }))
                }
                _ => None,
            })
            .collect();
        constraints.additional = match (closed, conjuncts.first()) {
            (Some((id, _)), _) => AdditionalProperties::Closed(*id),
            (None, Some((id, _))) => AdditionalProperties::Schema(
                self.all(conjuncts.iter().map(|(_, conjunct)| *conjunct)),
                *id,
            ),
            (None, None) => AdditionalProperties::Open,
        };
    }

    /// Applies what the branches of a union have in common: their types, and their values if they
    /// are finitely many.
    fn narrow_by_unions(&mut self, constraints: &mut Constraints, depth: usize) {
        for union in std::mem::take(&mut constraints.unions) {
            if let Some(values) = self.finite_union(&union, depth) {
                let values = match constraints.values.take() {
                    Some(old) => common(old.value, &values),
                    None => values,
                };
                let keyword = if union.kind == UnionKeyword::AnyOf { "anyOf" } else { "oneOf" };
                constraints.values =
                    Some(KeywordValue { value: values, schema: union.schema, keyword });
                continue;
            }
            let mut types = TypeSet::NONE;
            for branch in &union.branches {
                let branch = self.one(*branch);
                types = types
                    | self
                        .constraints_within(branch, depth + 1)
                        .map_or(TypeSet::ALL, |constraints| constraints.types);
            }
            if !types.contains(constraints.types) {
                constraints.types = constraints.types & types;
                constraints.type_source = Some(union.schema);
            }
            constraints.unions.push(union);
        }
        constraints.drop_refused_values();
    }

    pub(super) fn constraints_of_branch(
        &mut self,
        branch: SchemaId,
        depth: usize,
    ) -> Option<Rc<Constraints>> {
        let branch = self.one(branch);
        self.constraints_within(branch, depth + 1)
    }
}

impl Constraints {
    fn new(members: Vec<SchemaId>) -> Self {
        Self {
            members,
            types: TypeSet::ALL,
            type_source: None,
            ineffective_nullable: None,
            nullable_source: None,
            values: None,
            lower: None,
            upper: None,
            multiples: Vec::new(),
            min_length: None,
            max_length: None,
            patterns: Vec::new(),
            formats: Vec::new(),
            min_items: None,
            max_items: None,
            unique: None,
            items: None,
            min_properties: None,
            max_properties: None,
            required: BTreeMap::new(),
            properties: IndexMap::new(),
            additional: AdditionalProperties::Open,
            unions: Vec::new(),
            nots: Vec::new(),
            read_only: None,
            write_only: None,
            deprecated: None,
            default: None,
        }
    }

    fn add_scalars(&mut self, id: SchemaId, schema: &SchemaObject<'_>) {
        self.add_types(id, schema);
        if let Some(values) = &schema.values {
            let values = match self.values.take() {
                Some(old) => common(old.value, values),
                None => values.clone(),
            };
            self.values = Some(KeywordValue { value: values, schema: id, keyword: "enum" });
        }
        let (low, high) = (schema.exclusive_minimum, schema.exclusive_maximum);
        tighten(&mut self.lower, bound(schema.minimum.as_ref(), low), above, id, "minimum");
        tighten(&mut self.upper, bound(schema.maximum.as_ref(), high), below, id, "maximum");
        // Numeric formats do not apply to strings.
        let numeric = schema.format.as_deref().filter(|_| self.types.has(TypeSet::INTEGER));
        if let Some((low, high)) = numeric.and_then(range_of) {
            tighten(&mut self.lower, Some((low, false)), above, id, "format");
            tighten(&mut self.upper, Some((high, false)), below, id, "format");
        }
        if let Some(multiple) = &schema.multiple_of {
            self.multiples.push(KeywordValue {
                value: Num::of(multiple),
                schema: id,
                keyword: "multipleOf",
            });
        }
        let more = |new: &u64, old: &u64| new > old;
        let fewer = |new: &u64, old: &u64| new < old;
        tighten(&mut self.min_length, schema.min_length, more, id, "minLength");
        tighten(&mut self.max_length, schema.max_length, fewer, id, "maxLength");
        tighten(&mut self.min_items, schema.min_items, more, id, "minItems");
        tighten(&mut self.max_items, schema.max_items, fewer, id, "maxItems");
        tighten(&mut self.min_properties, schema.min_properties, more, id, "minProperties");
        tighten(&mut self.max_properties, schema.max_properties, fewer, id, "maxProperties");
        for (list, text, keyword) in [
            (&mut self.patterns, &schema.pattern, "pattern"),
            (&mut self.formats, &schema.format, "format"),
        ] {
            if let Some(text) =
                text.as_ref().filter(|text| list.iter().all(|old| old.value != **text))
            {
                list.push(KeywordValue { value: text.clone(), schema: id, keyword });
            }
        }
        self.unique = self.unique.or(schema.unique_items.then_some(id));
        for name in &schema.required {
            self.required.entry(name.clone()).or_insert(id);
        }
        self.read_only = self.read_only.or(schema.read_only.then_some(id));
        self.write_only = self.write_only.or(schema.write_only.then_some(id));
        self.deprecated = self.deprecated.or(schema.deprecated.then_some(id));
        if let (None, Some(default)) = (&self.default, &schema.default) {
            self.default =
                Some(KeywordValue { value: default.clone(), schema: id, keyword: "default" });
        }
    }

    fn add_types(&mut self, id: SchemaId, schema: &SchemaObject<'_>) {
        let has_null = |values: &Vec<Value>| values.iter().any(Value::is_null);
        if schema.nullable {
            if schema.types.is_some() && schema.values.as_ref().is_none_or(has_null) {
                self.nullable_source = Some(id);
            } else {
                self.ineffective_nullable = Some(id);
            }
        }
        if let Some(mut types) = schema.types {
            if schema.nullable {
                types = types | TypeSet::NULL;
            }
            self.type_source = self.type_source.filter(|_| types.contains(self.types)).or(Some(id));
            self.types = self.types & types;
        }
    }

    /// Drops listed values of other types, and drops the list if it lists all values of the type.
    fn drop_refused_values(&mut self) {
        let types = self.types;
        let Some(values) = &mut self.values else { return };
        values.value.retain(|value| types.has(TypeSet::of(value)));
        let has = |wanted: &Value| values.value.iter().any(|value| json_equal(value, wanted));
        let all_booleans = has(&Value::Bool(true)) && has(&Value::Bool(false));
        let whole = (TypeSet::BOOLEAN | TypeSet::NULL).contains(types)
            && all_booleans
            && (!types.has(TypeSet::NULL) || has(&Value::Null));
        if whole && types.has(TypeSet::BOOLEAN) {
            self.values = None;
        } else {
            let present =
                values.value.iter().fold(TypeSet::NONE, |types, value| types | TypeSet::of(value));
            self.types = types & present;
        }
    }
}
