//! The table of OpenAPI properties is complete.

use std::collections::BTreeSet;
use std::error::Error;
use std::path::Path;

use serde_json::Value;
use spec_review::rules::{Coverage, OBJECT_PROPERTIES, RULES, documentation};

/// Definitions without properties of their own.
const WITHOUT_PROPERTIES: [&str; 4] =
    ["ExampleXORExamples", "SchemaXORContent", "ParameterLocation", "SecurityScheme"];

fn properties(definition: &Value) -> BTreeSet<String> {
    let mut properties = BTreeSet::new();
    for key in ["properties", "patternProperties"] {
        let names = definition.get(key).and_then(Value::as_object).into_iter().flatten();
        properties.extend(names.map(|(name, _)| name.clone()));
    }
    if definition.get("additionalProperties").is_some_and(Value::is_object) {
        properties.insert("*".to_owned());
    }
    properties
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
        let properties = properties(definition);
        assert!(
            !properties.is_empty() || WITHOUT_PROPERTIES.contains(&object),
            "{object} says nothing"
        );
        for property in properties {
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
    let unknown: Vec<_> = OBJECT_PROPERTIES
        .iter()
        .filter(|property| {
            !known.contains(&(property.object.name().to_owned(), property.property.to_owned()))
        })
        .map(|property| format!("{}.{}", property.object.name(), property.property))
        .collect();
    assert!(unknown.is_empty(), "properties that OpenAPI does not have: {unknown:?}");
    Ok(())
}

#[test]
fn explains_every_property_without_a_rule() {
    for property in OBJECT_PROPERTIES {
        match property.coverage {
            Coverage::ReportedBy(rules) => {
                assert!(!rules.is_empty(), "{}.{}", property.object.name(), property.property);
                assert!(rules.iter().all(|rule| RULES.iter().any(|known| known == *rule)));
            }
            Coverage::Ignored(reason) => {
                assert!(
                    reason.split(' ').count() > 5,
                    "{}.{}: {reason}",
                    property.object.name(),
                    property.property
                );
            }
        }
    }
}

/// `docs/spec-review-rules.md` is up to date.
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
