//! What strict loading rejects and tolerant loading accepts.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use openapi_document::{Deviation, Document, LoadOptions};

/// The value at a pointer, as JSON, of a document that is loaded tolerantly.
fn tolerated(text: &str, pointer: &str) -> String {
    let document = Document::parse("t", text, &LoadOptions::tolerant()).expect("can be read");
    document.node_at(pointer).expect(pointer).to_json().to_string()
}

/// The position of the value at a pointer, loaded likewise.
fn position(text: &str, pointer: &str) -> String {
    let document = Document::parse("t", text, &LoadOptions::tolerant()).expect("can be read");
    document.position(document.node_at(pointer).expect(pointer).span).to_string()
}

#[test]
fn rejects_each_deviation_unless_tolerated() {
    for (text, rule, deviation) in [
        ("x: yes", "ambiguous-scalar", Deviation::AmbiguousScalar),
        ("yes: x", "ambiguous-scalar", Deviation::AmbiguousScalar),
        ("1.5: x", "non-string-key", Deviation::NonStringKey),
        (": x", "non-string-key", Deviation::NonStringKey),
        ("x: .inf", "number-range", Deviation::NumberRange),
        ("x: 1\nx: 2", "duplicate-key", Deviation::DuplicateKey),
        ("\"\": 1\n'': 2", "duplicate-key", Deviation::DuplicateKey),
        ("<<: {x: 1}", "merge-key", Deviation::MergeKey),
        (r#"{"x": "\ud83d\ude00"}"#, "yaml-syntax", Deviation::SurrogatePair),
    ] {
        let report = Document::parse("t", text, &LoadOptions::strict()).expect_err(text);
        assert_eq!(report.errors().map(|found| found.rule).collect::<Vec<_>>(), [rule], "{text}");
        let options = LoadOptions::strict().tolerate(deviation);
        assert!(Document::parse("t", text, &options).is_ok(), "{text}");
    }
}

#[test]
fn rejects_malformed_text_whatever_is_tolerated() {
    let report = Document::parse("t", "x: yes\nx: &a [*a]\n", &LoadOptions::tolerant());
    let report = report.expect_err("an alias inside of its anchor");
    assert_eq!(report.errors().map(|found| found.rule).collect::<Vec<_>>(), ["recursive-alias"]);
}

#[test]
fn uses_source_text_of_non_string_keys() {
    let text = "{1: a, 1.50: b, ~: c, : d, true: e, 0x1f: f, 99999999999999999999: g}";
    assert_eq!(
        tolerated(text, ""),
        r#"{"1":"a","1.50":"b","~":"c","":"d","true":"e","0x1f":"f","99999999999999999999":"g"}"#
    );
}

#[test]
fn keeps_first_of_duplicate_keys() {
    assert_eq!(tolerated("a: {x: 1, y: 2, x: 3, z: 4}", "/a"), r#"{"x":1,"y":2,"z":4}"#);
    assert_eq!(tolerated("{: 1, '': 2}", ""), r#"{"":1}"#);
}

#[test]
fn merges_entries_the_mapping_lacks() {
    let text = "a: &a {x: 1, y: 2}\nb: &b {z: 3}\nc: {<<: *a, y: 4}\nd: {<<: [*b, *a]}\n";
    assert_eq!(tolerated(text, "/c"), r#"{"y":4,"x":1}"#);
    assert_eq!(tolerated(text, "/d"), r#"{"z":3,"x":1,"y":2}"#);
    let nested = "a: &a {x: 1}\nb: &b {<<: *a, y: 2}\nc: {<<: *b, <<: {z: 3}}\nd: {<<: 1, e: 2}\n";
    assert_eq!(tolerated(nested, "/c"), r#"{"y":2,"x":1}"#);
    assert_eq!(tolerated(nested, "/d"), r#"{"e":2}"#);
    assert_eq!(position(nested, "/c/x"), "1:11");
}

#[test]
fn treats_quoted_merge_key_as_plain_key() {
    assert_eq!(tolerated("{'<<': {x: 1}, x: yes}", ""), r#"{"<<":{"x":1},"x":"yes"}"#);
}

#[test]
fn resolves_anchors_next_to_duplicate_and_merge_keys() {
    let text = "a: {x: 1, x: &twice 2, y: 3}\nb: {<<: {v: &merged 4}, w: &after 5}\nc: [*twice, *merged, *after]\n";
    assert_eq!(tolerated(text, "/c"), "[2,4,5]");
    assert_eq!(position(text, "/c/0"), "1:14");
    assert_eq!(position(text, "/c/2"), "2:28");
}

#[test]
fn reads_surrogate_pairs_without_moving_columns() {
    let text = r#"{"a": "\ud83d\ude00\ud83d\ude00", "b": 1}"#;
    assert_eq!(tolerated(text, "/a"), "\"😀😀\"");
    assert_eq!(position(text, "/a"), "1:7");
    assert_eq!(position(text, "/b"), "1:40");
    let broken = format!("{}]", text.trim_end_matches('}'));
    let report = Document::parse("t", broken, &LoadOptions::tolerant()).expect_err("malformed");
    let found = report.errors().next().expect("there is one");
    assert_eq!((found.rule, found.position.column), ("yaml-syntax", 41));
}

#[test]
fn returns_the_original_text() {
    let text = r#"{"a": "\ud83d\ude00"}"#;
    let document = Document::parse("t", text, &LoadOptions::tolerant()).expect("can be read");
    assert_eq!(document.text(), text);
    let span = document.node_at("/a").expect("is there").span;
    assert_eq!(&text[span.start..span.end], r#""\ud83d\ude00""#);
}

#[test]
fn loads_mappings_with_many_keys_quickly() {
    let mut text = "x: 010\nkeys:\n".to_owned();
    for index in 0..60_000 {
        let _ = writeln!(text, "  key{index}: 1");
    }
    // A duplicate key and a merge key, so that keys have to be resolved.
    text.push_str("  key0: 2\n  <<: {key1: 2, more: 3}\n");
    let started = Instant::now();
    let document = Document::parse("t", text, &LoadOptions::tolerant()).expect("can be read");
    let taken = started.elapsed();
    assert_eq!(document.node_at("/keys").map(|keys| keys.entries().len()), Some(60_001));
    // Takes less than a second on an idle machine; the margin is for busy ones.
    assert!(taken < Duration::from_secs(8), "{taken:?}");
}

#[test]
fn suggests_spaces_for_tab_indentation() {
    let help = |text: &str| {
        let report = Document::parse("t", text, &LoadOptions::strict()).expect_err(text);
        let found = report.errors().next().expect("there is one").clone();
        assert_eq!(found.rule, "yaml-syntax", "{text:?}");
        found.help
    };
    for text in ["a:\n\tb: 1\n", "a:\n  b: c\n\td: e\n", "a: |\n\tb\n"] {
        assert_eq!(help(text), "indent with spaces, not with tabs", "{text:?}");
    }
    for text in ["a: b: c\n", "{\n\t\"a\": 1\n\t\"b\": 2\n}", "a: [1\n"] {
        assert_eq!(help(text), "fix this first; nothing after it could be read", "{text:?}");
    }
}
