//! Positions and spans of nodes.

use openapi_document::{Document, LoadOptions, Position, Report, Span};

fn parse(text: &str) -> Result<Document, Report> {
    Document::parse("test", text, &LoadOptions::strict())
}

/// The position of the value of `x`, which is 1.
fn position_of_one(text: &str) -> (usize, usize) {
    let document = parse(text).expect("well-formed YAML");
    let node = document.node_at("/x").or_else(|| document.node_at("/a/x")).expect("there is an x");
    assert_eq!(&document.text()[node.span.start..node.span.end], "1");
    let Position { line, column, .. } = document.position(node.span);
    (line, column)
}

#[test]
fn returns_lines_and_columns_in_characters_from_one() {
    for (text, expected) in [
        ("x: 1", (1, 4)),
        ("\n\nx: 1\n", (3, 4)),
        // Line ends of all systems, and mixed.
        ("a:\r\n  x: 1\r\n", (2, 6)),
        ("a:\r  x: 1\r", (2, 6)),
        ("# c\r\n\r\na:\n  x: 1\r", (4, 6)),
        // Characters of two, three and four bytes before it, in the line and above.
        ("# \u{e9}\u{6f22}\u{1f980}\nx: 1", (2, 4)),
        ("a: {\"\u{e9}\u{6f22}\u{1f980}\": 0, x: 1}", (1, 18)),
        // A byte order mark is no column.
        ("\u{feff}x: 1", (1, 4)),
        ("\u{feff}# c\nx: 1", (2, 4)),
        // A tab is one character.
        ("a: {\t\tx: 1}", (1, 10)),
        ("---\n# c\nx: 1\n...\n", (3, 4)),
        // An alias has the position of its anchor.
        ("b: &b\n  c: 1\nx: 1", (3, 4)),
        ("a: 0\nb: &b 2\nx: 1\nc: *b\n", (3, 4)),
    ] {
        assert_eq!(position_of_one(text), expected, "{text:?}");
    }
}

#[test]
fn returns_spans_that_cover_the_source_text() {
    let text = "block:\n  a: 1\n  b: [x, \u{e9}]\n\n# comment\nflow: {a: {b: 'c'}} # comment\nlist:\n  - 1\n  -  two words\n\nquoted: \"\u{e9}\\\"\\n\" # \"\nsingle: 'it''s' # '\nend: 0\n";
    let document = parse(text).expect("well-formed YAML");
    for (pointer, expected) in [
        ("/block", "a: 1\n  b: [x, \u{e9}]"),
        ("/block/b", "[x, \u{e9}]"),
        ("/block/b/1", "\u{e9}"),
        ("/flow", "{a: {b: 'c'}}"),
        ("/flow/a/b", "'c'"),
        ("/list", "- 1\n  -  two words"),
        ("/list/1", "two words"),
        ("/quoted", "\"\u{e9}\\\"\\n\""),
        ("/single", "'it''s'"),
        ("/end", "0"),
    ] {
        let span = document.node_at(pointer).expect(pointer).span;
        assert_eq!(&text[span.start..span.end], expected, "{pointer}");
    }
    let keys: Vec<_> = document
        .root()
        .entries()
        .iter()
        .map(|entry| &text[entry.key_span.start..entry.key_span.end])
        .collect();
    assert_eq!(keys, ["block", "flow", "list", "quoted", "single", "end"]);
}

#[test]
fn clamps_positions_past_the_end() {
    for (text, expected) in [("x: 1", (1, 5)), ("x: 1\n", (2, 1))] {
        let document = parse(text).expect("well-formed YAML");
        let Position { line, column, .. } = document.position(Span::new(1_000, 2_000));
        assert_eq!((line, column), expected);
    }
}
