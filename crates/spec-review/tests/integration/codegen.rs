//! A client generator for the Rust axis: `dbss-codegen`.

use std::sync::Arc;

use dbss_codegen::Contract;
use openapi_document::Report;
use spec_review::{ClientGenerator, DocumentText, Options, RustModule};

#[derive(Debug)]
struct DbssCodegen;

impl ClientGenerator for DbssCodegen {
    fn generate(&self, document: &DocumentText) -> Result<Vec<RustModule>, Report> {
        let contract = Contract::parse(document.name.as_str(), document.text.as_str())?;
        let files = contract.generate()?.into_iter();
        Ok(files
            .filter_map(|file| Some(RustModule::new(file.public_module()?, file.text)))
            .collect())
    }
}

/// Options with the Rust axis.
pub(crate) fn with_rust() -> Options {
    Options::default().client_generator(Arc::new(DbssCodegen))
}
