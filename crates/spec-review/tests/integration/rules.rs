//! Nothing that an OpenAPI 3.0 document can say is without a rule or a reason.

use std::collections::BTreeSet;
use std::error::Error;
use std::path::Path;

use serde_json::Value;
use spec_review::rules::{Coverage, OBJECT_PROPERTIES, RULES, documentation};

/// Definitions that are parts of others, or the choice between others.
const WITHOUT_PROPERTIES: [&str; 4] =
    ["ExampleXORExamples", "SchemaXORContent", "ParameterLocation", "SecurityScheme"];

fn said(definition: &Value) -> BTreeSet<String> {
    let mut said = BTreeSet::new();
    for key in ["properties", "patternProperties"] {
        let names = definition.get(key).and_then(Value::as_object).into_iter().flatten();
        said.extend(names.map(|(name, _)| name.clone()));
    }
    if definition.get("additionalProperties").is_some_and(Value::is_object) {
        said.insert("*".to_owned());
    }
    said
}

#[test]
fn covers_every_property_of_every_openapi_object() -> Result<(), Box<dyn Error>> {
    let schema: Value = serde_json::from_str(include_str!("../data/openapi-3.0.schema.json"))?;
    let definitions =
        schema.get("definitions").and_then(Value::as_object).ok_or("no definitions")?;
    let mut missing = Vec::new();
    let mut known = BTreeSet::new();
    for (object, definition) in
        definitions.iter().map(|(name, value)| (name.as_str(), value)).chain([("OpenAPI", &schema)])
    {
        let said = said(definition);
        assert!(!said.is_empty() || WITHOUT_PROPERTIES.contains(&object), "{object} says nothing");
        for property in said {
            if !OBJECT_PROPERTIES
                .iter()
                .any(|row| row.object.name() == object && row.property == property)
            {
                missing.push(format!("{object}.{property}"));
            }
            known.insert((object.to_owned(), property));
        }
    }
    assert!(missing.is_empty(), "without a row: {missing:?}");
    let invented: Vec<_> = OBJECT_PROPERTIES
        .iter()
        .filter(|row| !known.contains(&(row.object.name().to_owned(), row.property.to_owned())))
        .map(|row| format!("{}.{}", row.object.name(), row.property))
        .collect();
    assert!(invented.is_empty(), "rows for what does not exist: {invented:?}");
    Ok(())
}

#[test]
fn explains_every_property_without_a_rule() {
    for row in OBJECT_PROPERTIES {
        match row.coverage {
            Coverage::ReportedBy(rules) => {
                assert!(!rules.is_empty(), "{}.{}", row.object.name(), row.property);
                assert!(rules.iter().all(|rule| RULES.iter().any(|known| known == *rule)));
            }
            Coverage::Ignored(reason) => {
                assert!(
                    reason.split(' ').count() > 5,
                    "{}.{}: {reason}",
                    row.object.name(),
                    row.property
                );
            }
        }
    }
}

/// `docs/spec-review-rules.md` is what the table says.
#[test]
fn matches_the_written_rule_documentation() -> Result<(), Box<dyn Error>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/spec-review-rules.md");
    let written = std::fs::read_to_string(&path)?.replace("\r\n", "\n");
    assert!(
        written == documentation(),
        "docs/spec-review-rules.md is stale: run `cargo xtask regen`"
    );
    Ok(())
}
