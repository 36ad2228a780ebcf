//! Arguments of a call by name, for code that works with descriptors.

#![allow(dead_code, reason = "which of this generated code uses depends on the contract")]

use std::collections::BTreeMap;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::kind::{ProblemKind, ValueType};
use super::problem::InputLocation;
use super::validation::Problems;
use crate::descriptor::Operation;

/// Arguments of a call by name: parameters as text, the body as JSON.
///
/// If they do not match the operation (an unknown name, a field of the wrong type, a
/// missing value), the call fails before anything is sent.
///
/// ```
/// use dbss_client::Arguments;
///
/// let arguments = Arguments::new()
///     .parameter("instance_id", "1d07f606-92d2-441c-b05c-dca47e180552")
///     .body(serde_json::json!({ "ids": ["ne-pwZgBxmBODPrxTO7F"], "status": "OFF" }));
/// # let _ = arguments;
/// ```
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    parameters: BTreeMap<String, Vec<String>>,
    body: Option<Value>,
    fields: Option<Map<String, Value>>,
    problems: Problems,
    allow_unlisted_values: bool,
    /// The deadline of a call without retries, on the client's clock.
    one_attempt: Option<Duration>,
}

impl Arguments {
    /// Empty arguments.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a parameter, by its name in the contract. An array has one value for each item:
    /// add it once for each.
    #[must_use]
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameters.entry(name.into()).or_default().push(value.into());
        self
    }

    /// Sets the whole body, in place of an earlier one.
    #[must_use]
    pub fn body(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    /// Sends values of enums that the contract does not list, instead of refusing them.
    #[must_use]
    pub fn allow_unlisted_values(mut self) -> Self {
        self.allow_unlisted_values = true;
        self
    }

    /// The value that was given for a parameter, or for a field of the body.
    pub(crate) fn given(&self, name: &str) -> Option<Value> {
        match self.parameters.get(name).map(Vec::as_slice) {
            Some([value]) => Some(Value::String(value.clone())),
            Some(_) => None,
            None => self.body.as_ref()?.get(name).cloned(),
        }
    }

    /// Sets a parameter, in place of an earlier one.
    pub(crate) fn set_parameter(&mut self, name: &str, value: String) {
        self.parameters.insert(name.to_owned(), vec![value]);
    }

    /// Makes the call without retries, up to that time of the client's clock.
    pub(crate) fn for_one_attempt(mut self, deadline: Duration) -> Self {
        self.one_attempt = Some(deadline);
        self
    }

    /// When the call has to end, if it is to be made without retries.
    pub(crate) fn one_attempt_deadline(&self) -> Option<Duration> {
        self.one_attempt
    }

    pub(crate) fn are_unlisted_values_allowed(&self) -> bool {
        self.allow_unlisted_values
    }

    /// The problems found so far, with what the contract says of the inputs, and one for
    /// each argument that the operation does not have.
    pub(crate) fn into_problems(mut self, operation: &Operation) -> Problems {
        if let Some(body) = &operation.body {
            // Of an object without properties no field was asked for.
            self.open_body();
            self.problems.describe(body.schema);
        }
        for name in std::mem::take(&mut self.parameters).into_keys() {
            self.problems.add(name, InputLocation::Query, ProblemKind::UnknownParameter);
        }
        for name in self.fields.take().into_iter().flat_map(Map::into_iter).map(|(name, _)| name) {
            self.problems.add(name, InputLocation::Body, ProblemKind::UnknownField);
        }
        if self.body.take().is_some() {
            self.problems.add("body", InputLocation::Body, ProblemKind::UnexpectedBody);
        }
        self.problems
    }

    fn parameter_text(&mut self, name: &str, location: InputLocation) -> Option<String> {
        let mut values = self.parameters.remove(name)?;
        if values.len() > 1 {
            self.problems.add(name, location, ProblemKind::DuplicateParameter);
        }
        values.pop()
    }

    fn parameter_value<T: DeserializeOwned>(
        &mut self,
        name: &str,
        location: InputLocation,
    ) -> Option<T> {
        let texts = self.parameters.remove(name)?;
        let values = || texts.iter().cloned().map(Value::String);
        let read =
            |text: &String| serde_json::from_str(text).unwrap_or(Value::String(text.clone()));
        // A single value or a list; each as text, or as the JSON that the text is.
        let single = (texts.len() == 1).then(|| values().chain(texts.iter().map(read)));
        let lists = [values().collect(), texts.iter().map(read).collect()].map(Value::Array);
        let decoded = single
            .into_iter()
            .flatten()
            .chain(lists)
            .find_map(|value| serde_json::from_value(value).ok());
        if decoded.is_none() {
            let kind = ProblemKind::InvalidParameter { value: texts.join(", ") };
            self.problems.add(name, location, kind);
        }
        decoded
    }

    /// A field of the body; `None` if it is `null`.
    fn field(&mut self, name: &str) -> Option<Value> {
        self.open_body();
        self.fields.as_mut()?.remove(name).filter(|value| !value.is_null())
    }

    /// Makes the fields of the body known, if it was not looked at yet.
    fn open_body(&mut self) {
        match self.body.take() {
            Some(Value::Object(fields)) => self.fields = Some(fields),
            Some(other) => {
                self.problems.have_no_fields();
                self.misfit::<()>("body", ValueType::Object, &other);
            }
            None => {}
        }
    }

    fn texts(&mut self, name: &str, items: Vec<Value>) -> Option<Vec<String>> {
        let mut texts = Vec::with_capacity(items.len());
        for (index, item) in items.into_iter().enumerate() {
            match item {
                Value::String(text) => texts.push(text),
                other => {
                    return self.misfit(&format!("{name}[{index}]"), ValueType::String, &other);
                }
            }
        }
        Some(texts)
    }

    fn decode<T: DeserializeOwned>(&mut self, name: &str, value: &Value) -> Option<T> {
        if let Ok(decoded) = T::deserialize(value) {
            return Some(decoded);
        }
        // Once more, for the path of what does not fit.
        let error = serde_path_to_error::deserialize::<_, T>(value).err()?;
        let path = match error.path().to_string() {
            root if root == "." => name.to_owned(),
            path if path.starts_with('[') => format!("{name}{path}"),
            path => format!("{name}.{path}"),
        };
        let kind = ProblemKind::Undecodable { reason: error.inner().to_string() };
        self.problems.add(path, InputLocation::Body, kind);
        None
    }

    fn misfit<T>(&mut self, name: &str, expected: ValueType, found: &Value) -> Option<T> {
        let kind = ProblemKind::WrongType { expected, found: ValueType::of(found) };
        self.problems.add(name, InputLocation::Body, kind);
        None
    }
}

/// One argument, to be read as the type of its input.
pub(crate) struct Argument<'a> {
    arguments: &'a mut Arguments,
    name: &'static str,
    part: Part,
}

/// What an argument is.
#[derive(Clone, Copy)]
enum Part {
    Parameter(InputLocation),
    Field,
    Body,
}

impl<'a> Argument<'a> {
    /// The argument for a parameter, or for a field of the body.
    pub(crate) fn new(
        arguments: &'a mut Arguments,
        name: &'static str,
        location: InputLocation,
    ) -> Self {
        let is_field = location == InputLocation::Body;
        let part = if is_field { Part::Field } else { Part::Parameter(location) };
        Self { arguments, name, part }
    }

    /// The argument for the whole body.
    pub(crate) fn body(arguments: &'a mut Arguments) -> Self {
        Self { arguments, name: "body", part: Part::Body }
    }

    pub(crate) fn text(mut self) -> Option<String> {
        if let Part::Parameter(location) = self.part {
            return self.arguments.parameter_text(self.name, location);
        }
        match self.json()? {
            Value::String(text) => Some(text),
            other => self.arguments.misfit(self.name, ValueType::String, &other),
        }
    }

    pub(crate) fn texts(mut self) -> Option<Vec<String>> {
        if let Part::Parameter(_) = self.part {
            return self.arguments.parameters.remove(self.name);
        }
        match self.json()? {
            Value::Array(items) => self.arguments.texts(self.name, items),
            other => self.arguments.misfit(self.name, ValueType::StringArray, &other),
        }
    }

    pub(crate) fn value<T: DeserializeOwned>(mut self) -> Option<T> {
        if let Part::Parameter(location) = self.part {
            return self.arguments.parameter_value(self.name, location);
        }
        let value = self.json()?;
        self.arguments.decode(self.name, &value)
    }

    fn json(&mut self) -> Option<Value> {
        match self.part {
            Part::Body => self.arguments.body.take(),
            _ => self.arguments.field(self.name),
        }
    }
}
