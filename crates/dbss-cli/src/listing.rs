//! Lists: all pages of what an operation returns, and which entries are wanted.

use dbss_client::descriptor::{Field, Operation, SchemaKind};
use dbss_client::{Arguments, Client};
use serde::Serialize;
use serde_json::Value;

use crate::failure::{Cause, ContractKey};
use crate::operation_help::resolve;
use crate::operations;

/// Which entries are wanted, and how they are shown.
pub(crate) struct ListOptions {
    /// Those with one of these statuses; all if there is none.
    pub(crate) statuses: Vec<String>,
    /// Those with this in their name.
    pub(crate) name: Option<String>,
    /// The first ones, as many.
    pub(crate) limit: Option<usize>,
    /// The fields that a table has.
    pub(crate) columns: &'static [&'static str],
    /// Whether a table has the other fields too.
    pub(crate) is_wide: bool,
}

impl ListOptions {
    fn selects(&self, entry: &Value) -> bool {
        let text = |field: &str| entry.get(field).and_then(Value::as_str).unwrap_or_default();
        let is_wanted = |status: &String| status.eq_ignore_ascii_case(text("status"));
        let name = self.name.as_ref();
        (self.statuses.is_empty() || self.statuses.iter().any(is_wanted))
            && name.is_none_or(|part| text("name").to_lowercase().contains(&part.to_lowercase()))
    }
}

/// The entries of a list. Its serialized form is the output for scripts.
#[derive(Serialize)]
pub(crate) struct Listing {
    #[serde(serialize_with = "operations::serialize_id")]
    operation: &'static Operation,
    /// How many entries the service has; not all of them need be wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) total: Option<u64>,
    #[serde(rename = "body")]
    pub(crate) entries: Vec<Value>,
    #[serde(skip)]
    pub(crate) columns: Vec<&'static str>,
    #[serde(skip)]
    pub(crate) is_wide: bool,
}

impl Listing {
    /// The ids of the entries that have one.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        let field = self.operation.pages.map_or("id", |pages| pages.id);
        self.entries.iter().filter_map(move |entry| entry.get(field)?.as_str())
    }
}

/// Reads all pages, or as many as have the entries that are wanted.
pub(crate) async fn read(
    operation: &'static Operation,
    client: &Client,
    arguments: Arguments,
    options: &ListOptions,
) -> Result<Listing, Cause> {
    let Some(mut items) = operation.items(client, arguments) else {
        return Err(Cause::ContractLacks { operation, key: ContractKey::Pages });
    };
    let mut entries = Vec::new();
    while options.limit.is_none_or(|limit| entries.len() < limit) {
        match items.next().await {
            Some(Ok(entry)) if options.selects(&entry) => entries.push(entry),
            Some(Ok(_)) => {}
            Some(Err(error)) => return Err(Cause::Client(error)),
            None => break,
        }
    }
    let mut columns = options.columns.to_vec();
    if options.is_wide {
        let fields = entry_fields(operation).iter().map(|field| field.name);
        let is_shown = |name: &&str| {
            let has = |entry: &Value| entry.get(name).is_some_and(|value| !value.is_null());
            !options.columns.contains(name) && entries.iter().any(has)
        };
        columns.extend(fields.filter(is_shown));
    }
    let total = items.total();
    Ok(Listing { operation, total, entries, columns, is_wide: options.is_wide })
}

/// The fields of an entry of the list that an operation returns.
pub(crate) fn entry_fields(operation: &Operation) -> &'static [Field] {
    let success = operation.successes.first();
    let body = success.and_then(|response| response.schema).map(|schema| &resolve(schema).kind);
    let Some(SchemaKind::Object(fields)) = body else { return &[] };
    let is_list = |field: &&Field| operation.pages.is_some_and(|pages| pages.items == field.name);
    let list = fields.iter().find(is_list).map(|field| &resolve(field.schema).kind);
    let Some(SchemaKind::Array { items, .. }) = list else { return &[] };
    match resolve(items).kind {
        SchemaKind::Object(fields) => fields,
        _ => &[],
    }
}
