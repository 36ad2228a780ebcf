//! What is refused or tolerated, as the options say.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use openapi_document::{Deviation, Document, LoadOptions};

/// The value under a key, as JSON, of a document that is read with everything tolerated.
fn tolerated(text: &str, pointer: &str) -> String {
    let document = Document::parse("t", text, &LoadOptions::tolerant()).expect("can be read");
    document.node_at(pointer).expect(pointer).to_json().to_string()
}

/// The line and column of a value, likewise.
fn place(text: &str, pointer: &str) -> String {
    let document = Document::parse("t", text, &LoadOptions::tolerant()).expect("can be read");
    document.position(document.node_at(pointer).expect(pointer).span).to_string()
}

#[test]
fn each_deviation_is_refused_unless_it_is_tolerated() {
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
        let refused = Document::parse("t", text, &LoadOptions::strict()).expect_err(text);
        assert_eq!(refused.errors().map(|found| found.rule).collect::<Vec<_>>(), [rule], "{text}");
        let options = LoadOptions::strict().tolerate(deviation);
        assert!(Document::parse("t", text, &options).is_ok(), "{text}");
    }
}

#[test]
fn what_is_malformed_is_refused_alone_whatever_is_tolerated() {
    let report = Document::parse("t", "x: yes\nx: &a [*a]\n", &LoadOptions::tolerant());
    let report = report.expect_err("an alias inside of its anchor");
    assert_eq!(report.errors().map(|found| found.rule).collect::<Vec<_>>(), ["recursive-alias"]);
}

#[test]
fn keys_are_the_text_that_is_written() {
    let text = "{1: a, 1.50: b, ~: c, : d, true: e, 0x1f: f, 99999999999999999999: g}";
    assert_eq!(
        tolerated(text, ""),
        r#"{"1":"a","1.50":"b","~":"c","":"d","true":"e","0x1f":"f","99999999999999999999":"g"}"#
    );
}

#[test]
fn the_first_of_two_equal_keys_counts() {
    assert_eq!(tolerated("a: {x: 1, y: 2, x: 3, z: 4}", "/a"), r#"{"x":1,"y":2,"z":4}"#);
    assert_eq!(tolerated("{: 1, '': 2}", ""), r#"{"":1}"#);
}

#[test]
fn merge_keys_bring_what_is_not_said() {
    let text = "a: &a {x: 1, y: 2}\nb: &b {z: 3}\nc: {<<: *a, y: 4}\nd: {<<: [*b, *a]}\n";
    assert_eq!(tolerated(text, "/c"), r#"{"y":4,"x":1}"#);
    assert_eq!(tolerated(text, "/d"), r#"{"z":3,"x":1,"y":2}"#);
    let nested = "a: &a {x: 1}\nb: &b {<<: *a, y: 2}\nc: {<<: *b, <<: {z: 3}}\nd: {<<: 1, e: 2}\n";
    assert_eq!(tolerated(nested, "/c"), r#"{"y":2,"x":1}"#);
    assert_eq!(tolerated(nested, "/d"), r#"{"e":2}"#);
    assert_eq!(place(nested, "/c/x"), "1:11");
}

#[test]
fn a_quoted_merge_key_is_a_key_like_any_other() {
    assert_eq!(tolerated("{'<<': {x: 1}, x: yes}", ""), r#"{"<<":{"x":1},"x":"yes"}"#);
}

#[test]
fn anchors_hold_beside_keys_that_stand_twice_and_merge_keys() {
    let text = "a: {x: 1, x: &twice 2, y: 3}\nb: {<<: {v: &merged 4}, w: &after 5}\nc: [*twice, *merged, *after]\n";
    assert_eq!(tolerated(text, "/c"), "[2,4,5]");
    assert_eq!(place(text, "/c/0"), "1:14");
    assert_eq!(place(text, "/c/2"), "2:28");
}

#[test]
fn surrogate_pairs_are_read_and_do_not_move_columns() {
    let text = r#"{"a": "\ud83d\ude00\ud83d\ude00", "b": 1}"#;
    assert_eq!(tolerated(text, "/a"), "\"😀😀\"");
    assert_eq!(place(text, "/a"), "1:7");
    assert_eq!(place(text, "/b"), "1:40");
    let broken = format!("{}]", text.trim_end_matches('}'));
    let report = Document::parse("t", broken, &LoadOptions::tolerant()).expect_err("malformed");
    let found = report.errors().next().expect("there is one");
    assert_eq!((found.rule, found.position.column), ("yaml-syntax", 41));
}

#[test]
fn the_text_of_a_document_is_the_one_that_was_given() {
    let text = r#"{"a": "\ud83d\ude00"}"#;
    let document = Document::parse("t", text, &LoadOptions::tolerant()).expect("can be read");
    assert_eq!(document.text(), text);
    let span = document.node_at("/a").expect("is there").span;
    assert_eq!(&text[span.start..span.end], r#""\ud83d\ude00""#);
}

#[test]
fn a_mapping_of_many_keys_is_read_at_once() {
    let mut text = "x: 010\nkeys:\n".to_owned();
    for index in 0..60_000 {
        let _ = writeln!(text, "  key{index}: 1");
    }
    // A key that stands twice, and a merge: keys have to be resolved.
    text.push_str("  key0: 2\n  <<: {key1: 2, more: 3}\n");
    let started = Instant::now();
    let document = Document::parse("t", text, &LoadOptions::tolerant()).expect("can be read");
    let taken = started.elapsed();
    assert_eq!(document.node_at("/keys").map(|keys| keys.entries().len()), Some(60_001));
    // Less than a second; the rest is for machines that are busy with other things.
    assert!(taken < Duration::from_secs(8), "{taken:?}");
}

#[test]
fn a_tab_that_indents_gets_its_own_advice() {
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
        assert_eq!(help(text), "mend this first; what follows it could not be read", "{text:?}");
    }
}
