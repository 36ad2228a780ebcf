//! Properties of loading that hold for any text.

use std::collections::HashSet;

use openapi_document::{Document, LoadOptions, Node, Span};
use proptest::prelude::*;

/// Random concatenations of fragments of YAML and JSON.
fn fragments() -> impl Strategy<Value = String> {
    let fragments = [
        "a",
        "b",
        "é",
        ": ",
        ":",
        ", ",
        "[",
        "]",
        "{",
        "}",
        "\n",
        "\n  ",
        "\n- ",
        "\r",
        "&x ",
        "*x",
        "<<",
        "yes",
        "010",
        "1.5",
        "~",
        "\"",
        "'",
        "\\ud83d\\ude00",
        "#",
        " ",
        "\t",
        "|\n",
        "!!str ",
        "\u{feff}",
        "\u{1f980}",
    ];
    let fragments = prop::collection::vec(prop::sample::select(fragments.to_vec()), 0..24);
    (prop::bool::ANY, fragments).prop_map(|(json, fragments)| {
        let text = fragments.concat();
        // Text that begins like this is treated as JSON with surrogate pairs.
        if json { format!("{{\"k\": \"\\ud83d\\ude00\", {text}}}") } else { text }
    })
}

/// Mappings with keys and values of all kinds, most of which can be loaded.
fn mappings() -> impl Strategy<Value = String> {
    let keys = ["a", "b", "\"b\"", "<<", "'<<'", "1", "~", "yes", "&x a", "é", "\"\""];
    let values = [
        "1",
        "&x {a: &y 1, b: 2}",
        "*x",
        "*y",
        "[*x, {<<: *x, a: 3}]",
        "{a: 1, a: &y 2, b: 3}",
        "010",
        "1e999",
        "no",
        "{<<: {a: 1}, b: &y 2, c: 3}",
        "",
        "'é'",
        "\n  - 1\n  - *y",
    ];
    let entry = (prop::sample::select(keys.to_vec()), prop::sample::select(values.to_vec()));
    prop::collection::vec(entry, 0..8).prop_map(|entries| {
        let lines = entries.into_iter().map(|(key, value)| format!("{key}: {value}"));
        lines.collect::<Vec<_>>().join("\n")
    })
}

/// Every span is within the text, and no key is a duplicate.
fn check(document: &Document, node: &Node) -> Result<(), TestCaseError> {
    let is_in_text = |span: Span| document.text().get(span.start..span.end).is_some();
    prop_assert!(is_in_text(node.span), "{:?}", node.span);
    let mut keys = HashSet::new();
    for entry in node.entries() {
        prop_assert!(is_in_text(entry.key_span), "{:?}", entry.key_span);
        prop_assert!(keys.insert(&entry.key), "{} is a duplicate", entry.key);
        check(document, &entry.value)?;
    }
    node.items().iter().try_for_each(|item| check(document, item))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn accepts_in_tolerant_mode_all_that_strict_mode_accepts(text in prop_oneof![fragments(), mappings()]) {
        let strict = Document::parse("t", text.as_str(), &LoadOptions::strict());
        let tolerant = Document::parse("t", text.as_str(), &LoadOptions::tolerant());
        if let Ok(document) = &tolerant {
            check(document, document.root())?;
        }
        if let Ok(strict) = &strict {
            check(strict, strict.root())?;
            prop_assert_eq!(Some(strict.root()), tolerant.as_ref().ok().map(Document::root));
        }
        for report in [strict.err(), tolerant.err()].into_iter().flatten() {
            prop_assert!(report.has_errors());
            for found in &report {
                prop_assert!(found.position.line <= text.split(['\n', '\r']).count(), "{}", found);
            }
        }
    }
}
