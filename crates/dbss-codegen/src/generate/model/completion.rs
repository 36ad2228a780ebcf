//! How a list is paged, and how the end of what an operation starts is seen.

use serde_json::{Map, Value};

use super::{Model, Operation, Schema, SchemaKind};

/// The value of `x-dbss-pages`: parameters of the operation, and fields of its response.
#[derive(Debug)]
pub(crate) struct Pages {
    pub(crate) offset: String,
    pub(crate) limit: String,
    pub(crate) items: String,
    pub(crate) total: Option<String>,
    pub(crate) id: String,
}

/// The value of `x-dbss-completion`.
#[derive(Debug)]
pub(crate) struct Completion {
    /// The id of the operation to look with.
    pub(crate) operation: String,
    /// Its parameters, and the inputs that they get.
    pub(crate) parameters: Vec<(String, String)>,
    /// The field of an item, and the input that it is equal to.
    pub(crate) item: Option<(String, String)>,
    pub(crate) done: Vec<(String, Vec<String>)>,
    pub(crate) under_way: Vec<(String, Vec<String>)>,
    pub(crate) failed: Vec<(String, Vec<String>)>,
}

impl Pages {
    pub(super) fn read(pages: &Value) -> Option<Self> {
        let name = |key: &str| Some(pages.get(key)?.as_str()?.to_owned());
        Some(Self {
            offset: name("offset")?,
            limit: name("limit")?,
            items: name("items")?,
            total: name("total"),
            id: name("id")?,
        })
    }
}

impl Completion {
    pub(super) fn read(completion: &Value) -> Option<Self> {
        let states = |key: &str| match completion.get(key) {
            Some(Value::Object(fields)) => values(fields),
            _ => Vec::new(),
        };
        let names = |key: &str| match completion.get(key) {
            Some(Value::Object(names)) => pairs(names),
            _ => Vec::new(),
        };
        Some(Self {
            operation: completion.get("operation")?.as_str()?.to_owned(),
            parameters: names("parameters"),
            item: names("item").into_iter().next(),
            done: states("done"),
            under_way: states("under_way"),
            failed: states("failed"),
        })
    }
}

fn pairs(names: &Map<String, Value>) -> Vec<(String, String)> {
    names.iter().filter_map(|(key, name)| Some((key.clone(), name.as_str()?.to_owned()))).collect()
}

fn values(fields: &Map<String, Value>) -> Vec<(String, Vec<String>)> {
    let texts = |list: &Value| {
        let values = list.as_array().into_iter().flatten();
        values.filter_map(|value| value.as_str().map(str::to_owned)).collect()
    };
    fields.iter().map(|(field, list)| (field.clone(), texts(list))).collect()
}

impl Model {
    /// The schema of an item of the list that the operation returns in pages.
    pub(crate) fn item_schema<'a>(&'a self, operation: &'a Operation) -> Option<&'a Schema> {
        let pages = operation.pages.as_ref()?;
        let body = operation.success()?.schema.as_ref()?;
        let SchemaKind::Object(fields) = self.resolve(&body.kind) else { return None };
        let field = fields.iter().find(|field| field.wire == pages.items)?;
        match self.resolve(&field.schema.kind) {
            SchemaKind::Array { items, .. } => Some(items),
            _ => None,
        }
    }

    /// The schema of what shows the end of what the operation starts.
    pub(crate) fn watched_schema<'a>(&'a self, operation: &'a Operation) -> Option<&'a Schema> {
        let look = &operation.completion.as_ref()?.operation;
        let look = self.operations.iter().find(|operation| operation.id == *look)?;
        match look.pages {
            Some(_) => self.item_schema(look),
            None => look.success()?.schema.as_ref(),
        }
    }
}
