//! How a list is paged, and how the end of what an operation starts is seen.

use super::{Operation, Parameter};

/// How a list is paged that an operation returns: by the number of entries to skip.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Pages {
    /// The parameter in the query with the number of entries to skip.
    pub offset: &'static str,
    /// The parameter in the query with the number of entries that a page has at most.
    pub limit: &'static str,
    /// The field of the response with the entries.
    pub items: &'static str,
    /// The field of the response with the number of entries of all pages; `None` if there is none.
    pub total: Option<&'static str>,
    /// The field of an entry with its id.
    pub id: &'static str,
}

/// How the end of what an operation starts is seen: by looking with another operation.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Completion {
    /// The operation to look with.
    pub operation: &'static Operation,
    /// Its parameters, each with the input of the call that it gets. Parameters that the client
    /// fills in get the input of the same name as well.
    pub parameters: &'static [(&'static str, &'static str)],
    /// How to find the item, if the operation returns a list; `None` if the response is the item.
    pub item: Option<ItemKey>,
    /// The wanted state: each of these fields has one of its values.
    pub done: &'static [FieldValues],
    /// The states on the way: each of these fields has one of its values.
    pub under_way: &'static [FieldValues],
    /// The states from which the wanted one will not be reached: one of these fields has one of its
    /// values.
    pub failed: &'static [FieldValues],
}

impl Completion {
    /// The parameters of the look, each with the input of the call that it gets.
    pub(crate) fn look_parameters(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let filled_in = |parameter: &&'static Parameter| parameter.filled_in.is_some();
        let filled_in = self.operation.parameters.iter().copied().filter(filled_in);
        let same = filled_in.map(|parameter| (parameter.name, parameter.name));
        same.chain(self.parameters.iter().copied())
    }

    /// The inputs of the call that a look needs.
    pub(crate) fn inputs(&self) -> impl Iterator<Item = &'static str> {
        let item = self.item.as_ref().map(|item| item.input);
        self.look_parameters().map(|(_, input)| input).chain(item)
    }
}

/// How an item is found in a list.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ItemKey {
    /// The field of the item.
    pub field: &'static str,
    /// The input of the call that it is equal to.
    pub input: &'static str,
}

/// A field and some of its values.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct FieldValues {
    /// The name of the field.
    pub field: &'static str,
    /// The values, in the case of the service.
    pub values: &'static [&'static str],
}
