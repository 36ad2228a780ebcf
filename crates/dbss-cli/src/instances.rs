//! Instances by their names.

use serde::Serialize;
use serde_json::Value;

/// An instance of the list. Its serialized form is output for scripts.
#[derive(Serialize)]
pub(crate) struct KnownInstance {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<String>,
}

/// What there is instead of the one instance that was named.
pub(crate) struct NotOneInstance {
    pub(crate) named: String,
    /// Those that have the name, if it is not unique; else all.
    pub(crate) instances: Vec<KnownInstance>,
    pub(crate) is_ambiguous: bool,
}

impl KnownInstance {
    /// An entry of the list.
    pub(crate) fn new(entry: &Value) -> Self {
        let text = |field: &str| entry.get(field).and_then(Value::as_str).map(str::to_owned);
        Self { id: text("id"), name: text("name"), status: text("status") }
    }
}

/// Whether the text is an id, so that it need not be looked up: 32 hexadecimal digits or more,
/// with or without hyphens.
pub(crate) fn is_id(text: &str) -> bool {
    let is_digit = |c: &char| c.is_ascii_hexdigit();
    text.chars().filter(is_digit).count() >= 32 && text.chars().all(|c| is_digit(&c) || c == '-')
}

/// The id of the only instance of that id or name.
pub(crate) fn only_one(
    named: &str,
    mut instances: Vec<KnownInstance>,
) -> Result<String, NotOneInstance> {
    if instances.iter().any(|instance| instance.id.as_deref() == Some(named)) {
        return Ok(named.to_owned());
    }
    let has_name = |instance: &KnownInstance| instance.name.as_deref() == Some(named);
    let count = instances.iter().filter(|instance| has_name(instance)).count();
    let found = instances.iter().find(|instance| has_name(instance));
    if let (1, Some(KnownInstance { id: Some(id), .. })) = (count, found) {
        return Ok(id.clone());
    }
    let is_ambiguous = count > 1;
    if is_ambiguous {
        instances.retain(has_name);
    }
    Err(NotOneInstance { named: named.to_owned(), instances, is_ambiguous })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn tells_ids_from_names() {
        for (text, expected) in [
            ("1d07f606-92d2-441c-b05c-dca47e180552", true),
            ("1D07F60692D2441CB05CDCA47E180552", true),
            ("1d07f606", false),
            ("audit-orders", false),
            ("audit-orders-of-the-branch-in-the-east", false),
            ("", false),
        ] {
            assert_eq!(is_id(text), expected, "{text}");
        }
    }

    #[test]
    fn finds_an_instance_by_id_or_unique_name() {
        let instances = || {
            let entries = [
                json!({"id": "a", "name": "orders"}),
                json!({"id": "b", "name": "twice"}),
                json!({"id": "c", "name": "twice"}),
                // The name of one is the id of another.
                json!({"id": "d", "name": "a"}),
                json!({"name": "without id"}),
                json!({}),
            ];
            entries.iter().map(KnownInstance::new).collect::<Vec<_>>()
        };
        for (named, id) in [("orders", "a"), ("a", "a"), ("c", "c")] {
            assert_eq!(only_one(named, instances()).ok().unwrap(), id);
        }
        for (named, is_ambiguous, count) in
            [("twice", true, 2), ("Orders", false, 6), ("without id", false, 6), ("", false, 6)]
        {
            let error = only_one(named, instances()).err().unwrap();
            assert_eq!((error.is_ambiguous, error.instances.len()), (is_ambiguous, count));
        }
    }
}
