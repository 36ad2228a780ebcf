//! The text of a contract is linted, and if it passes, generated from. It must not panic, and
//! what passes the lint must generate.

#![no_main]

use dbss_codegen::{Contract, lint};
use libfuzzer_sys::fuzz_target;
use openapi_document::{Document, LoadOptions};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let report = match Document::parse("contract.yaml", text, &LoadOptions::strict()) {
        Ok(document) => lint::lint(&document),
        Err(report) => report,
    };
    let _ = report.to_string();
    match Contract::parse("contract.yaml", text) {
        Ok(contract) => {
            let generated = contract.generate();
            assert!(generated.is_ok(), "the lint passed it: {generated:?}");
        }
        Err(refused) => assert!(refused.has_errors()),
    }
});
