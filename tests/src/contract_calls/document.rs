//! What a contract says of its operations, read from the YAML by itself: nothing here knows the
//! generator, so that what the generator makes can be compared with it.

use percent_encoding::percent_decode_str;
use serde_json::Value;

/// A contract.
#[derive(Debug)]
pub struct Document {
    root: Value,
}

/// What a contract says of an operation.
#[derive(Debug)]
pub struct Operation<'d> {
    /// Its `operationId`.
    pub id: &'d str,
    /// HTTP method, in capitals.
    pub method: String,
    /// Path with its `{placeholders}`.
    pub path: &'d str,
    /// Its parameters: those of the path item that it does not replace, then its own.
    pub parameters: Vec<Parameter<'d>>,
    /// The schema of its body.
    pub body: Option<&'d Value>,
    /// A status that means success.
    pub success: u16,
    /// The schema of what a success has in its body.
    pub response: Option<&'d Value>,
}

/// A parameter of an operation.
#[derive(Debug)]
pub struct Parameter<'d> {
    /// Its name in requests.
    pub name: &'d str,
    /// `path`, `query` or `header`.
    pub location: &'d str,
    /// Whether it is required.
    pub required: bool,
    /// The schema of its value.
    pub schema: &'d Value,
    /// An example of its value.
    pub example: Option<&'d Value>,
}

/// A schema behind its references.
#[derive(Clone, Copy, Debug)]
pub struct Schema<'d> {
    /// Its name under `components/schemas`.
    pub name: Option<&'d str>,
    /// Whether null is one of its values.
    pub nullable: bool,
    /// Its keywords.
    pub keywords: &'d Value,
}

const METHODS: [&str; 6] = ["get", "put", "post", "delete", "head", "patch"];

impl Document {
    /// Reads a contract.
    ///
    /// # Errors
    ///
    /// If it is not YAML.
    pub fn parse(text: &str) -> Result<Self, String> {
        let root = serde_norway::from_str(text).map_err(|error| error.to_string())?;
        Ok(Self { root })
    }

    /// Its operations, in the order of the contract.
    #[must_use]
    pub fn operations(&self) -> Vec<Operation<'_>> {
        let paths = self.root.get("paths").and_then(Value::as_object).into_iter().flatten();
        let mut operations = Vec::new();
        for (path, item) in paths {
            for (method, operation) in item.as_object().into_iter().flatten() {
                if METHODS.contains(&method.as_str()) {
                    operations.extend(self.operation(path, item, method, operation));
                }
            }
        }
        operations
    }

    /// The contract without these operations, as JSON, which is YAML too.
    #[must_use]
    pub fn without(&self, ids: &[&str]) -> String {
        let mut root = self.root.clone();
        let paths = root.get_mut("paths").and_then(Value::as_object_mut);
        let mut paths = paths.into_iter();
        let Some(paths) = paths.next() else { return root.to_string() };
        for item in paths.values_mut().filter_map(Value::as_object_mut) {
            item.retain(|_, operation| {
                let id = operation.get("operationId").and_then(Value::as_str);
                !id.is_some_and(|id| ids.contains(&id))
            });
        }
        paths.retain(|_, item| METHODS.iter().any(|method| item.get(method).is_some()));
        root.to_string()
    }

    fn operation<'d>(
        &'d self,
        path: &'d str,
        item: &'d Value,
        method: &str,
        operation: &'d Value,
    ) -> Option<Operation<'d>> {
        let mut parameters: Vec<Parameter<'d>> = Vec::new();
        for list in [item.get("parameters"), operation.get("parameters")].into_iter().flatten() {
            for parameter in list.as_array()? {
                let parameter = self.parameter(parameter)?;
                parameters.retain(|p| (p.name, p.location) != (parameter.name, parameter.location));
                parameters.push(parameter);
            }
        }
        let body = match operation.get("requestBody") {
            Some(body) => Some(json_schema(self.follow(body)?)?),
            None => None,
        };
        let responses = operation.get("responses")?.as_object()?;
        let success = responses.iter().find(|(status, _)| status.starts_with('2'));
        let (status, response) = success.or_else(|| responses.iter().find(|r| r.0 == "default"))?;
        Some(Operation {
            id: operation.get("operationId")?.as_str()?,
            method: method.to_ascii_uppercase(),
            path,
            parameters,
            body,
            success: status.parse().unwrap_or(200),
            response: json_schema(self.follow(response)?),
        })
    }

    fn parameter<'d>(&'d self, parameter: &'d Value) -> Option<Parameter<'d>> {
        let parameter = self.follow(parameter)?;
        let examples = parameter.get("examples").and_then(Value::as_object);
        let first = examples.and_then(|examples| examples.values().next());
        let first = first.and_then(|example| self.follow(example)?.get("value"));
        Some(Parameter {
            name: parameter.get("name")?.as_str()?,
            location: parameter.get("in")?.as_str()?,
            required: parameter.get("required") == Some(&Value::Bool(true)),
            schema: parameter.get("schema")?,
            example: parameter.get("example").or(first),
        })
    }

    /// A schema behind its references.
    ///
    /// # Panics
    ///
    /// If a reference leads nowhere, which no contract that was accepted has.
    #[must_use]
    pub fn schema<'d>(&'d self, mut schema: &'d Value) -> Schema<'d> {
        let (mut name, mut nullable) = (None, false);
        loop {
            nullable |= schema.get("nullable") == Some(&Value::Bool(true));
            let one_of_all = schema.pointer("/allOf/0");
            if let Some(inner) = one_of_all {
                schema = inner;
            } else if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
                name = reference.rsplit('/').next();
                let Some(target) = self.follow(schema) else {
                    unreachable!("{reference} leads nowhere")
                };
                schema = target;
            } else {
                return Schema { name, nullable, keywords: schema };
            }
        }
    }

    fn follow<'d>(&'d self, mut value: &'d Value) -> Option<&'d Value> {
        while let Some(reference) = value.get("$ref").and_then(Value::as_str) {
            let pointer = percent_decode_str(reference.strip_prefix('#')?).decode_utf8_lossy();
            value = self.root.pointer(&pointer)?;
        }
        Some(value)
    }
}

fn json_schema(with_content: &Value) -> Option<&Value> {
    with_content.get("content")?.as_object()?.values().next()?.get("schema")
}

impl<'d> Schema<'d> {
    /// A keyword.
    #[must_use]
    pub fn get(&self, keyword: &str) -> Option<&'d Value> {
        self.keywords.get(keyword)
    }

    /// Its `type`.
    #[must_use]
    pub fn kind(&self) -> &'d str {
        self.get("type").and_then(Value::as_str).unwrap_or_default()
    }

    /// Whether it is an enum.
    #[must_use]
    pub fn is_enum(&self) -> bool {
        self.get("enum").is_some()
    }

    /// Its properties; none if it is not an object with properties.
    pub fn properties(&self) -> impl Iterator<Item = (&'d str, &'d Value)> + use<'d> {
        let properties = self.get("properties").and_then(Value::as_object);
        properties.into_iter().flatten().map(|(name, schema)| (name.as_str(), schema))
    }

    /// Whether a property is required.
    #[must_use]
    pub fn requires(&self, property: &str) -> bool {
        let required = self.get("required").and_then(Value::as_array);
        required.is_some_and(|names| names.iter().any(|name| name == property))
    }

    /// Whether it is an object whose properties are known.
    #[must_use]
    pub fn has_properties(&self) -> bool {
        self.properties().next().is_some()
            || self.get("additionalProperties") == Some(&Value::Bool(false))
    }
}
