//! Two documents, separated by a line `=====`, are compared, and the report is rendered in each
//! form. It must not panic; comparing a document with itself must find nothing.

#![no_main]

use libfuzzer_sys::fuzz_target;
use spec_review::render::{Colour, annotations, json, markdown, text};
use spec_review::{DocumentText, Options, compare};

fuzz_target!(|data: &[u8]| {
    let Ok(documents) = std::str::from_utf8(data) else { return };
    let (base, head) = documents.split_once("\n=====\n").unwrap_or((documents, documents));
    let (base, head) = (DocumentText::new("base.yaml", base), DocumentText::new("head.yaml", head));
    let Ok(report) = compare(&base, &head, &Options::default()) else { return };
    for colour in [Colour::Always, Colour::Never] {
        let _ = text(&report, colour);
    }
    let _ = (markdown(&report), annotations(&report), json(&report).to_string());
    if base.text == head.text {
        assert!(report.findings.is_empty(), "{}", text(&report, Colour::Never));
    }
});
