//! `contract.rs`: a descriptor for each operation, for code that works on any of
//! them: the command tree, the emulator's 501 for operations without a behaviour,
//! the wire snapshots.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use serde_json::Value;

use super::model::{
    Body, Bounds, ClientValue, Completion, DocumentedResponse, Field, Model, NamedSchema,
    Operation, OutcomeValues, Pages, Parameter, ParameterLocation, Schema, SchemaKind,
    StringSchema,
};
use super::names::{self, ident};
use super::types;
use super::{examples, limits};

/// The items of `contract.rs`.
pub(crate) fn generate(model: &Model) -> TokenStream {
    let shared = Shared::new(model);
    let operations = model.operations.iter().map(|operation| descriptor(&shared, operation));
    let names = model.operations.iter().map(|operation| ident(&names::descriptor(&operation.id)));
    let (parameters, responses, errors) =
        (shared.parameters(), shared.responses(), shared.errors());
    let schemas = model.schemas.values().map(|named| named_schema(model, named));
    let pages = model.operations.iter().filter_map(|operation| {
        let (name, pages) = (ident(&names::descriptor(&operation.id)), operation.pages.as_ref()?);
        let pages = self::pages(pages);
        Some(quote!(pub(crate) static #name: crate::descriptor::Pages = #pages;))
    });
    let completions = model.operations.iter().filter_map(|operation| {
        let name = ident(&names::descriptor(&operation.id));
        let completion = completion(operation.completion.as_ref()?);
        Some(quote!(pub(crate) static #name: crate::descriptor::Completion = #completion;))
    });
    let (title, version) = (&model.title, &model.version);
    let (url, variables) = match &model.server {
        Some(server) => {
            let variables = server.variables.iter().map(|(name, default, values)| {
                quote!(crate::descriptor::ServerVariable { name: #name, default: #default, values: &[#(#values),*] })
            });
            (server.url.as_str(), quote!(&[#(#variables),*]))
        }
        None => ("", quote!(&[])),
    };
    quote! {
        /// The contract as a whole.
        pub static API: crate::descriptor::Api = crate::descriptor::Api {
            title: #title,
            version: #version,
            server_url: #url,
            server_variables: #variables,
            operations: &[#(&crate::contract::#names),*],
        };

        #(#operations)*

        pub(crate) mod pages {
            #(#pages)*
        }

        pub(crate) mod completions {
            #(#completions)*
        }

        pub(crate) mod parameters {
            #(#parameters)*
        }

        pub(crate) mod responses {
            #(#responses)*
            #(#errors)*
        }

        pub(crate) mod schemas {
            #(#schemas)*
        }
    }
}

/// The parameters and responses under `components`, each of which is described once.
struct Shared<'a> {
    model: &'a Model,
    /// By the name of the component.
    parameters: BTreeMap<&'a str, (Ident, &'a Parameter)>,
    responses: BTreeMap<ResponseKey<'a>, (Ident, &'a DocumentedResponse)>,
    /// Where all errors of an operation are components: all of them, by these keys.
    errors: BTreeMap<Vec<ResponseKey<'a>>, (Ident, Vec<&'a DocumentedResponse>)>,
}

/// The name of a component, and the status that it stands for.
type ResponseKey<'a> = (&'a str, &'a str);

impl<'a> Shared<'a> {
    fn new(model: &'a Model) -> Self {
        let (mut parameters, mut responses) = (BTreeMap::new(), BTreeMap::new());
        let mut used = BTreeSet::new();
        for parameter in model.operations.iter().flat_map(|operation| &operation.parameters) {
            if let Some(component) = parameter.component.as_deref() {
                parameters
                    .entry(component)
                    .or_insert_with(|| (unused(names::shouty(component), &mut used), parameter));
            }
        }
        used.clear();
        for response in model.operations.iter().flat_map(|operation| &operation.responses) {
            if let Some(component) = response.component.as_deref() {
                let name = || names::shouty(&format!("{component}_{}", response.status));
                responses
                    .entry((component, response.status.as_str()))
                    .or_insert_with(|| (unused(name(), &mut used), response));
            }
        }
        let mut errors = BTreeMap::new();
        for operation in &model.operations {
            let own: Vec<_> = operation.errors().collect();
            if let Some(keys) = keys_of(&own) {
                let statuses: Vec<_> = keys.iter().map(|(_, status)| *status).collect();
                let name = || names::shouty(&format!("errors_{}", statuses.join("_")));
                errors.entry(keys.clone()).or_insert_with(|| (unused(name(), &mut used), own));
            }
        }
        Self { model, parameters, responses, errors }
    }

    fn parameters(&self) -> impl Iterator<Item = TokenStream> {
        self.parameters.values().map(|(name, shared)| {
            let described = parameter(self.model, shared);
            quote!(pub(crate) static #name: crate::Parameter = #described;)
        })
    }

    fn responses(&self) -> impl Iterator<Item = TokenStream> {
        self.responses.values().map(|(name, shared)| {
            let described = response(self.model, shared);
            quote!(pub(crate) static #name: crate::DocumentedResponse = #described;)
        })
    }

    fn errors(&self) -> impl Iterator<Item = TokenStream> {
        self.errors.values().map(|(name, errors)| {
            let errors = errors.iter().map(|error| self.response(error));
            quote!(pub(crate) static #name: &[&crate::DocumentedResponse] = &[#(#errors),*];)
        })
    }

    /// A reference to a parameter of an operation.
    fn parameter(&self, own: &Parameter) -> TokenStream {
        let component = own.component.as_deref();
        match component.and_then(|component| self.parameters.get(component)) {
            Some((name, _)) => quote!(&crate::parameters::#name),
            None => {
                let described = parameter(self.model, own);
                quote!(&#described)
            }
        }
    }

    /// A reference to a response of an operation.
    fn response(&self, own: &DocumentedResponse) -> TokenStream {
        let component = own.component.as_deref();
        let key = component.map(|component| (component, own.status.as_str()));
        match key.and_then(|key| self.responses.get(&key)) {
            Some((name, _)) => quote!(&crate::responses::#name),
            None => {
                let described = response(self.model, own);
                quote!(&#described)
            }
        }
    }
}

/// The keys of responses; `None` if not all of them are components, or there are none.
fn keys_of<'a>(responses: &[&'a DocumentedResponse]) -> Option<Vec<ResponseKey<'a>>> {
    let key = |response: &&'a DocumentedResponse| {
        let component = response.component.as_deref()?;
        Some((component, response.status.as_str()))
    };
    let keys: Option<Vec<_>> = responses.iter().map(key).collect();
    keys.filter(|keys| !keys.is_empty())
}

/// A name for a static that none has yet.
fn unused(mut name: String, used: &mut BTreeSet<String>) -> Ident {
    while !used.insert(name.clone()) {
        name.push('_');
    }
    ident(&name)
}

fn descriptor(shared: &Shared<'_>, operation: &Operation) -> TokenStream {
    let model = shared.model;
    let name = ident(&names::descriptor(&operation.id));
    let call = ident(&names::pascal(&operation.id));
    let Operation { id, method, path, tags, .. } = operation;
    let summary = operation.summary.as_ref().map(|text| quote!(summary: #text,));
    let description = operation.description.as_ref().map(|text| quote!(description: #text,));
    let tags = (!tags.is_empty()).then(|| quote!(tags: &[#(#tags),*],));
    let deprecated = operation.deprecated.then(|| quote!(deprecated: true,));
    let idempotent = operation.idempotent.then(|| quote!(idempotent: true,));
    let parameters = operation.parameters.iter().map(|parameter| shared.parameter(parameter));
    let parameters =
        (!operation.parameters.is_empty()).then(|| quote!(parameters: &[#(#parameters),*],));
    let body = operation.body.as_ref().map(|body| {
        let body = self::body(model, body);
        quote!(body: crate::Some(#body),)
    });
    let successes = operation.responses.iter().filter(|response| response.is_success());
    let successes = successes.map(|response| shared.response(response));
    let own_errors: Vec<_> = operation.errors().collect();
    let errors = match keys_of(&own_errors).and_then(|keys| shared.errors.get(&keys)) {
        Some((name, _)) => Some(quote!(errors: crate::responses::#name,)),
        None if own_errors.is_empty() => None,
        None => {
            let errors = own_errors.iter().map(|response| shared.response(response));
            Some(quote!(errors: &[#(#errors),*],))
        }
    };
    let pages = operation
        .pages
        .as_ref()
        .map(|_| quote!(pages: crate::Some(&crate::contract::pages::#name),));
    let completion = operation
        .completion
        .as_ref()
        .map(|_| quote!(completion: crate::Some(&crate::contract::completions::#name),));
    let doc = format!("`{id}`: `{method} {path}`.");
    quote! {
        #[doc = #doc]
        pub static #name: crate::Operation = crate::Operation {
            id: #id,
            method: #method,
            path: #path,
            #summary
            #description
            #tags
            #deprecated
            #idempotent
            #parameters
            #body
            successes: &[#(#successes),*],
            #errors
            #pages
            #completion
            ..crate::Operation::of::<crate::inputs::#call>()
        };
    }
}

fn body(model: &Model, body: &Body) -> TokenStream {
    let schema = reference_to(model, &body.schema);
    let description = body.description.as_deref().unwrap_or_default();
    let examples = example_list(&examples::or_made(model, &body.examples, &body.schema));
    quote! {
        crate::descriptor::Body {
            description: #description,
            schema: #schema,
            examples: #examples,
        }
    }
}

fn pages(pages: &Pages) -> TokenStream {
    let Pages { offset, limit, items, total, id } = pages;
    let total = option(total.as_ref());
    quote! {
        crate::descriptor::Pages {
            offset: #offset,
            limit: #limit,
            items: #items,
            total: #total,
            id: #id,
        }
    }
}

fn completion(completion: &Completion) -> TokenStream {
    let Completion { operation, parameters, item, done, under_way, failed } = completion;
    let look = ident(&names::descriptor(operation));
    let parameters = parameters.iter().map(|(parameter, input)| quote!((#parameter, #input)));
    let item =
        option(item.as_ref().map(
            |(field, input)| quote!(crate::descriptor::ItemKey { field: #field, input: #input }),
        ));
    let states = |fields: &[(String, Vec<String>)]| {
        let fields = fields.iter().map(|(field, values)| {
            quote!(crate::descriptor::FieldValues { field: #field, values: &[#(#values),*] })
        });
        quote!(&[#(#fields),*])
    };
    let (done, under_way, failed) = (states(done), states(under_way), states(failed));
    quote! {
        crate::descriptor::Completion {
            operation: &crate::contract::#look,
            parameters: &[#(#parameters),*],
            item: #item,
            done: #done,
            under_way: #under_way,
            failed: #failed,
        }
    }
}

fn parameter(model: &Model, parameter: &Parameter) -> TokenStream {
    let Parameter { wire, schema, .. } = parameter;
    let constructor = ident(match (parameter.location, parameter.required) {
        (ParameterLocation::Path, _) => "path",
        (ParameterLocation::Query, false) => "query",
        (ParameterLocation::Query, true) => "required_query",
        (ParameterLocation::Header, false) => "header",
        (ParameterLocation::Header, true) => "required_header",
    });
    let reference = reference_to(model, &undescribed(schema));
    let description = schema.description.as_ref().map(|text| quote!(.described(#text)));
    let example = examples::of(model, schema).map(|value| {
        let json = value.to_string();
        quote!(.example(#json))
    });
    let default = model.default_of(schema).map(|value| {
        let json = value.to_string();
        quote!(.default(#json))
    });
    let filled_in = parameter.filled_in.map(|value| match value {
        ClientValue::ProjectId => quote!(.filled_in(crate::descriptor::ClientValue::ProjectId)),
    });
    quote! {
        crate::Parameter::#constructor(#wire, #reference)
            #description #example #default #filled_in
    }
}

fn response(model: &Model, response: &DocumentedResponse) -> TokenStream {
    let DocumentedResponse { status, description, .. } = response;
    let constructor = if response.is_success() { quote!(success) } else { quote!(error) };
    let body = response.schema.as_ref().map(|schema| {
        let examples = example_list(&examples::or_made(model, &response.examples, schema));
        let (reference, ty) = (reference_to(model, schema), types::of(model, schema));
        // The type of a success is that of the operation.
        let decoded = (!response.is_success()).then(|| quote!(.decoded_by(crate::recode::<#ty>)));
        quote!(.body(#reference, #examples) #decoded)
    });
    quote!(crate::DocumentedResponse::#constructor(#status, #description) #body)
}

fn example_list(examples: &[(&str, Value)]) -> TokenStream {
    match examples {
        [("example", value)] => {
            let json = value.to_string();
            quote!(&crate::Example::only(#json))
        }
        [("made", value)] => {
            let json = value.to_string();
            quote!(&crate::Example::made(#json))
        }
        several => {
            let several = several.iter().map(|(name, value)| {
                let json = value.to_string();
                quote!(crate::Example::new(#name, #json))
            });
            quote!(&[#(#several),*])
        }
    }
}

fn named_schema(model: &Model, named: &NamedSchema) -> TokenStream {
    let name = ident(&names::shouty(&named.wire));
    let wire = &named.wire;
    let schema = match &named.schema {
        Schema { kind: SchemaKind::Object(fields), nullable, description, .. } => {
            let description = description.as_deref().unwrap_or_default();
            let fields = fields.iter().map(|field| self::field(model, field));
            let nullable = nullable.then(|| quote!(.or_null()));
            quote!(crate::Schema::object(#wire, #description, &[#(#fields),*]) #nullable)
        }
        other => {
            let schema = schema_of(model, other);
            quote!(#schema.named(#wire))
        }
    };
    quote!(pub(crate) static #name: crate::Schema = #schema;)
}

fn field(model: &Model, field: &Field) -> TokenStream {
    let Field { wire, schema, required, .. } = field;
    let need =
        |kind: &str| ident(&if *required { format!("required_{kind}") } else { kind.into() });
    let is_plain = !schema.nullable && schema.outcome.is_none();
    let plain = match &schema.kind {
        SchemaKind::String(text) if is_plain && string_kind(text).is_none() => Some("text"),
        SchemaKind::Boolean if is_plain => Some("boolean"),
        SchemaKind::Integer { bounds, .. }
            if is_plain && bounds.min.is_none() && bounds.max.is_none() =>
        {
            Some("integer")
        }
        _ => None,
    };
    let description = schema.description.as_deref().unwrap_or_default();
    if let Some(plain) = plain {
        let constructor = need(plain);
        return quote!(crate::Field::#constructor(#wire, #description));
    }
    let constructor = ident(if *required { "required" } else { "optional" });
    let reference = reference_to(model, &undescribed(schema));
    let description = (!description.is_empty()).then(|| quote!(.described(#description)));
    quote!(crate::Field::#constructor(#wire, #reference) #description)
}

/// The same schema without its description, where what it is of has the description.
fn undescribed(schema: &Schema) -> Schema {
    Schema { description: None, ..schema.clone() }
}

/// A reference to a schema: to the static of a named one, or to an inline one.
fn reference_to(model: &Model, schema: &Schema) -> TokenStream {
    match &schema.kind {
        SchemaKind::Reference(name) if !schema.nullable => static_of(name),
        _ => {
            let schema = schema_of(model, schema);
            quote!(&#schema)
        }
    }
}

fn static_of(name: &str) -> TokenStream {
    let name = ident(&names::shouty(name));
    quote!(&crate::schemas::#name)
}

/// A schema without its name.
fn schema_of(model: &Model, schema: &Schema) -> TokenStream {
    let constructor = constructor(model, &schema.kind);
    let description = schema.description.as_ref().map(|text| quote!(.described(#text)));
    let nullable = schema.nullable.then(|| quote!(.or_null()));
    let limits = limits::of(model, schema);
    let limits = (!limits.is_empty()).then(|| quote!(.limited(&[#(#limits),*])));
    let outcome = schema.outcome.as_ref().map(|OutcomeValues { succeeded, failed }| {
        quote!(.reporting(&[#(#succeeded),*], &[#(#failed),*]))
    });
    quote!(crate::Schema::#constructor #description #nullable #limits #outcome)
}

/// The constructor for the type and limits of a schema.
fn constructor(model: &Model, kind: &SchemaKind) -> TokenStream {
    let kind = match kind {
        SchemaKind::Reference(name) => {
            let reference = static_of(name);
            quote!(Reference(#reference))
        }
        SchemaKind::Boolean => quote!(Boolean),
        SchemaKind::Integer { bounds, .. } => {
            let (min, max) = ends(bounds);
            quote!(Integer { min: #min, max: #max })
        }
        SchemaKind::Number { bounds, .. } => {
            let (min, max) = ends(bounds);
            quote!(Number { min: #min, max: #max })
        }
        SchemaKind::String(text) => match string_kind(text) {
            Some(kind) => kind,
            None => return quote!(text()),
        },
        SchemaKind::Enum { values } => return quote!(one_of(&[#(#values),*])),
        SchemaKind::Array { items, min: None, max: None, unique: false } => {
            let items = reference_to(model, items);
            return quote!(list(#items));
        }
        SchemaKind::Array { items, min, max, unique } => {
            let items = reference_to(model, items);
            let (min, max) = (option(*min), option(*max));
            quote!(Array { items: #items, min_items: #min, max_items: #max, unique: #unique })
        }
        SchemaKind::Map(values) => {
            let values = reference_to(model, values);
            quote!(Map(#values))
        }
        SchemaKind::AnyObject => quote!(AnyObject),
        SchemaKind::Object(fields) => {
            let fields = fields.iter().map(|field| self::field(model, field));
            quote!(Object(&[#(#fields),*]))
        }
    };
    quote!(new(crate::SchemaKind::#kind))
}

fn string_kind(text: &StringSchema) -> Option<TokenStream> {
    let StringSchema { min, max, pattern, format } = text;
    if min.is_none() && max.is_none() && pattern.is_none() && format.is_none() {
        return None;
    }
    let (min, max) = (option(*min), option(*max));
    let (pattern, format) = (option(pattern.as_ref()), option(format.as_ref()));
    Some(quote! {
        String {
            min_length: #min,
            max_length: #max,
            pattern: #pattern,
            format: #format,
        }
    })
}

fn ends<T: quote::ToTokens>(bounds: &Bounds<T>) -> (TokenStream, TokenStream) {
    let bound = |value: &Option<T>, exclusive: bool| match value {
        Some(value) if exclusive => quote!(::std::ops::Bound::Excluded(#value)),
        Some(value) => quote!(::std::ops::Bound::Included(#value)),
        None => quote!(::std::ops::Bound::Unbounded),
    };
    (bound(&bounds.min, bounds.exclusive_min), bound(&bounds.max, bounds.exclusive_max))
}

fn option<T: quote::ToTokens>(value: Option<T>) -> TokenStream {
    match value {
        Some(value) => quote!(crate::Some(#value)),
        None => quote!(crate::None),
    }
}
