//! JSON Pointers into a document.

use openapi_document::{Document, LoadOptions, Report};

fn parse(text: &str) -> Result<Document, Report> {
    Document::parse("test", text, &LoadOptions::strict())
}

#[test]
fn finds_nodes_by_escaped_pointers() {
    let document = parse("a/b: {c~d: [1, 2]}\n\"\": 3\n").expect("well-formed YAML");
    let number = |pointer| document.node_at(pointer).and_then(|node| node.as_number()?.as_u64());
    assert_eq!(number("/a~1b/c~0d/1"), Some(2));
    assert_eq!(number("/"), Some(3));
    assert_eq!(document.node_at(""), Some(document.root()));
    for pointer in ["a", "/a", "/a~1b/c~0d/2", "/a~1b/c~0d/x", "/a~1b/c~0d/1/0"] {
        assert_eq!(document.node_at(pointer), None, "{pointer}");
    }
}

#[test]
fn replaces_list_indices_by_item_names() {
    let text = "\
paths:
  /a:
    parameters:
      - {in: query, name: a/b}
      - {$ref: '#/x'}
      - {url: https://a}
      - 1
      - {$ref: '#/components/parameters/X'}
tags: [{name: pets}]
components:
  parameters:
    X: {in: header, name: X-A}
";
    let document = parse(text).expect("well-formed YAML");
    for (pointer, expected) in [
        ("", ""),
        ("/paths/~1a/parameters", "/paths/~1a/parameters"),
        ("/paths/~1a/parameters/0/name", "/paths/~1a/parameters/query a~1b/name"),
        ("/paths/~1a/parameters/1", "/paths/~1a/parameters/#~1x"),
        ("/paths/~1a/parameters/2", "/paths/~1a/parameters/https:~1~1a"),
        ("/paths/~1a/parameters/3", "/paths/~1a/parameters/3"),
        ("/paths/~1a/parameters/5/x", "/paths/~1a/parameters/5/x"),
        ("/paths/~1b/get", "/paths/~1b/get"),
        ("/paths/~1a/parameters/4", "/paths/~1a/parameters/header X-A"),
        ("/tags/0/description", "/tags/pets/description"),
    ] {
        assert_eq!(document.order_independent_pointer(pointer), expected);
    }
}
