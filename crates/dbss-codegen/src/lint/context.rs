//! The view of a contract that checks use: its objects, operations, and which components are used.

mod index;
mod operations;
mod resolver;
mod statuses;
mod usage;

use std::ops::Deref;

use openapi_document::Document;

use super::structure::Structure;
pub(super) use operations::{Operation, Parameter};
pub(super) use resolver::{JSON, Resolver, Schema, component_reference, type_of};
pub(super) use statuses::{StatusKey, error_responses, success_responses};
use usage::Usage;

/// The input of every check.
pub(super) struct Context<'d> {
    resolver: Resolver<'d>,
    pub(super) operations: Vec<Operation<'d>>,
    pub(super) usage: Usage<'d>,
}

impl<'d> Context<'d> {
    pub(super) fn new(document: &'d Document, structure: Structure<'d>) -> Self {
        let resolver = Resolver::new(document, structure);
        let operations = operations::operations(&resolver);
        let usage = Usage::new(&resolver, &operations);
        Self { resolver, operations, usage }
    }
}

/// Checks use the resolver more than anything else of the context, so its methods are those of the
/// context.
impl<'d> Deref for Context<'d> {
    type Target = Resolver<'d>;

    fn deref(&self) -> &Resolver<'d> {
        &self.resolver
    }
}
