//! A program that calls every operation of contracts, as a descriptor and as a method, written from
//! the contracts.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::document::{Document, Operation};
use super::expression::{Writer, function, property, unused};
use super::sample::{Extent, Sampler};
use crate::client_crates::Program;

/// A call of an operation, and what is expected of it.
#[derive(Debug)]
pub struct Call {
    /// The contract, the operation, the layer, and how much is given and received.
    pub name: String,
    /// HTTP method, in capitals.
    pub method: String,
    /// The segments of the path, decoded.
    pub path: Vec<String>,
    /// The parameters in the query, in any order of names; decoded.
    pub query: Vec<(String, String)>,
    /// The parameters in headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Option<Value>,
    /// What the server sends.
    pub response: Option<Value>,
    /// What the program reads to make this call.
    instruction: Value,
}

/// A contract to call every operation of.
#[derive(Debug)]
pub struct Client<'d> {
    /// The name of its client's crate.
    pub name: &'d str,
    /// The contract.
    pub document: &'d Document,
}

/// Methods that every call has: a setter of such a name has an underscore.
const TAKEN: [&str; 9] = [
    "accept_failed_outcome",
    "allow_unlisted_values",
    "attempt_timeout",
    "into_future",
    "new",
    "progress",
    "retry",
    "send",
    "timeout",
];

/// What is given, and what is received.
const EXTENTS: [(Extent, Extent); 3] = [
    (Extent::Full, Extent::Full),
    (Extent::Smallest, Extent::Smallest),
    (Extent::Smallest, Extent::Nulls),
];

/// Values of the inputs of a call.
struct Inputs {
    parameters: Vec<Option<Value>>,
    body: Option<Value>,
}

/// The calls of every operation, the program that makes them, and the operations that no sample can
/// be made for.
#[must_use]
pub fn write(clients: &[Client<'_>]) -> (Vec<Call>, Program, Vec<String>) {
    let (mut calls, mut left_out) = (Vec::new(), Vec::new());
    let mut files = vec![("main.rs".to_owned(), include_str!("caller.rs").to_owned())];
    let (mut modules, mut table) = (String::new(), String::new());
    for (index, client) in clients.iter().enumerate() {
        let krate = client.name.replace('-', "_");
        let mut functions = String::new();
        let writer = Writer { document: client.document, client: "crate_of_the_client" };
        for operation in client.document.operations() {
            for (given, received) in EXTENTS {
                let name = format!("{}: {}", client.name, operation.id);
                let Some(inputs) = inputs(client.document, &operation, given) else {
                    left_out.push(name);
                    break;
                };
                let response = match operation.response {
                    Some(schema) => Sampler::new(client.document, received).value(schema, "value"),
                    None => None,
                };
                if operation.response.is_some() && response.is_none() {
                    left_out.push(name);
                    break;
                }
                let name = format!("{name}, {given:?} and {received:?}");
                let mut add = |layer: &str, inputs: &Inputs, function: Option<usize>| {
                    calls.push(call(
                        &name,
                        layer,
                        client.name,
                        &operation,
                        inputs,
                        response.as_ref(),
                        function,
                    ));
                };
                add("descriptor", &inputs, None);
                let number = functions.matches("fn ").count();
                let (code, inputs) = facade_call(writer, &operation, inputs, number);
                functions.push_str(&code);
                add("facade", &inputs, Some(number));
            }
        }
        let count = functions.matches("\nfn ").count();
        let names: Vec<String> = (0..count).map(|n| format!("call_{n},")).collect();
        let names = names.join(" ");
        files.push((
            format!("client_{index}.rs"),
            format!(
                "use ::{krate} as crate_of_the_client;\ncrate::client!(crate_of_the_client, [{names}]);\n{functions}"
            ),
        ));
        let _ = writeln!(modules, "mod client_{index};");
        let _ = writeln!(
            table,
            "        {:?} => client_{index}::run(endpoint, call).await,",
            client.name
        );
    }
    if let Some((_, main)) = files.first_mut() {
        *main = main.replace("// (modules)", &modules).replace("// (clients)", &table);
    }
    let clients = clients.iter().map(|client| client.name.to_owned()).collect();
    (calls, Program { name: "caller".to_owned(), files, clients }, left_out)
}

/// The instructions of calls, for the program.
#[must_use]
pub fn instructions(calls: &[Call]) -> String {
    Value::Array(calls.iter().map(|call| call.instruction.clone()).collect()).to_string()
}

fn inputs(document: &Document, operation: &Operation<'_>, extent: Extent) -> Option<Inputs> {
    let mut sampler = Sampler::new(document, extent);
    let mut parameters = Vec::new();
    for parameter in &operation.parameters {
        let given = parameter.required || extent == Extent::Full;
        parameters.push(if given { Some(sampler.parameter(parameter)?) } else { None });
    }
    let body = match operation.body {
        Some(schema) => Some(sampler.value(schema, "body")?),
        None => None,
    };
    Some(Inputs { parameters, body })
}

fn call(
    name: &str,
    layer: &str,
    client: &str,
    operation: &Operation<'_>,
    inputs: &Inputs,
    response: Option<&Value>,
    function: Option<usize>,
) -> Call {
    let given = operation.parameters.iter().zip(&inputs.parameters);
    let given = given.filter_map(|(parameter, value)| Some((parameter, value.as_ref()?)));
    let texts = given.flat_map(|(parameter, value)| {
        let values = match value {
            Value::Array(values) => values.iter().map(text).collect(),
            value => vec![text(value)],
        };
        values.into_iter().map(move |value| (parameter, value))
    });
    let texts: Vec<_> = texts.collect();
    let of = |location: &str| {
        let found = texts.iter().filter(|(parameter, _)| parameter.location == location);
        found.map(|(parameter, value)| (parameter.name.to_owned(), value.clone())).collect()
    };
    let in_path: Vec<(String, String)> = of("path");
    let segment = |segment: &str| {
        let name = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        let value = name.and_then(|name| in_path.iter().find(|(found, _)| found == name));
        value.map_or_else(|| segment.to_owned(), |(_, value)| value.clone())
    };
    let parameters: Vec<Value> =
        texts.iter().map(|(parameter, value)| json!([parameter.name, value])).collect();
    Call {
        name: format!("{name}, {layer}"),
        method: operation.method.clone(),
        path: operation.path.split('/').map(segment).collect(),
        query: of("query"),
        headers: of("header"),
        body: inputs.body.clone(),
        response: response.cloned(),
        instruction: json!({
            "client": client,
            "operation": operation.id,
            "function": function,
            "parameters": parameters,
            "body": inputs.body,
            "status": operation.success,
            "response": response.map(Value::to_string),
        }),
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A function that makes a call by the facade, and the inputs that it gives: all but those whose
/// type cannot be told.
fn facade_call(
    writer: Writer<'_>,
    operation: &Operation<'_>,
    mut inputs: Inputs,
    number: usize,
) -> (String, Inputs) {
    let mut taken: BTreeSet<String> = TAKEN.iter().map(ToString::to_string).collect();
    let mut setters = String::new();
    // The setters of the parameters have their names first: those of the path, the required ones.
    let mut parameters: Vec<_> = operation.parameters.iter().zip(&mut inputs.parameters).collect();
    parameters.sort_by_key(|(parameter, _)| {
        let place = operation.path.find(&format!("{{{}}}", parameter.name));
        let place = place.filter(|_| parameter.location == "path").unwrap_or(usize::MAX);
        (place, !parameter.required)
    });
    for (parameter, given) in parameters {
        let setter = unused(function(parameter.name), &mut taken);
        if let Some(value) = given {
            match writer.argument(parameter.schema, value) {
                Some(argument) => {
                    let _ = write!(setters, ".{setter}({argument})");
                }
                None => *given = None,
            }
        }
    }
    if let (Some(schema), Some(body)) = (operation.body, &mut inputs.body) {
        setters.push_str(&body_setters(writer, schema, body, &mut taken));
    }
    let mut method = function(operation.id);
    if matches!(method.as_str(), "into" | "try_into") {
        method.push('_');
    }
    let code = format!(
        "\nfn call_{number}(client: &crate_of_the_client::Client) -> crate::Running {{\n    finish(client.{method}(){setters})\n}}\n"
    );
    (code, inputs)
}

/// The setters for a body: one for each property, or one for the body as a whole.
fn body_setters(
    writer: Writer<'_>,
    schema: &Value,
    body: &mut Value,
    taken: &mut BTreeSet<String>,
) -> String {
    let found = writer.document.schema(schema);
    let Some(object) = body.as_object_mut().filter(|_| found.has_properties() && !found.nullable)
    else {
        let setter = unused("body".to_owned(), taken);
        let argument = writer.argument(schema, body).unwrap_or_else(|| "unknown".to_owned());
        return format!(".{setter}({argument})");
    };
    let mut properties: Vec<(&str, &Value)> = found.properties().collect();
    properties.sort_by_key(|(name, _)| !found.requires(name));
    let (mut setters, mut given) = (String::new(), Map::new());
    for (name, schema) in properties {
        let mut setter = property(name);
        if taken.contains(&setter) {
            setter.insert_str(0, "body_");
        }
        let setter = unused(setter, taken);
        let Some(value) = object.get(name) else { continue };
        let is_null = value.is_null();
        let argument = if is_null { None } else { writer.argument(schema, value) };
        if let Some(argument) = argument {
            let _ = write!(setters, ".{setter}({argument})");
        } else if !is_null {
            continue;
        }
        given.insert(name.to_owned(), value.clone());
    }
    *object = given;
    setters
}
