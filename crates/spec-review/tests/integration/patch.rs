//! The part of JSON Patch (RFC 6902) that the cases use.

use serde_json::Value;

/// Applies the steps to a copy.
pub(crate) fn apply(base: &Value, steps: &Value) -> Result<Value, String> {
    let mut document = base.clone();
    for step in steps.as_array().ok_or("a patch is a list")? {
        let text = |key: &str| step.get(key).and_then(Value::as_str).unwrap_or_default();
        for side in if text("path").contains('@') { &["In", "Out"][..] } else { &[""][..] } {
            let path = text("path").replace('@', side);
            let value = step.get("value").cloned().unwrap_or_default();
            match text("op") {
                "add" => add(&mut document, &path, value)?,
                "remove" => drop(remove(&mut document, &path)?),
                "replace" => {
                    *document.pointer_mut(&path).ok_or_else(|| format!("{path} is not there"))? =
                        value;
                }
                "move" => {
                    let moved = remove(&mut document, text("from"))?;
                    add(&mut document, &path, moved)?;
                }
                other => return Err(format!("no operation {other}")),
            }
        }
    }
    Ok(document)
}

fn split(path: &str) -> Result<(&str, String), String> {
    let (parent, last) = path.rsplit_once('/').ok_or("a path starts with a slash")?;
    Ok((parent, last.replace("~1", "/").replace("~0", "~")))
}

fn add(document: &mut Value, path: &str, value: Value) -> Result<(), String> {
    let (parent, last) = split(path)?;
    match document.pointer_mut(parent) {
        Some(Value::Object(object)) => drop(object.insert(last, value)),
        Some(Value::Array(items)) if last == "-" => items.push(value),
        Some(Value::Array(items)) => {
            let at = last.parse::<usize>().map_err(|error| error.to_string())?;
            items.insert(at.min(items.len()), value);
        }
        _ => return Err(format!("{parent} cannot take {last}")),
    }
    Ok(())
}

fn remove(document: &mut Value, path: &str) -> Result<Value, String> {
    let (parent, last) = split(path)?;
    let removed = match document.pointer_mut(parent) {
        Some(Value::Object(object)) => object.shift_remove(&last),
        Some(Value::Array(items)) => {
            last.parse::<usize>().ok().filter(|at| *at < items.len()).map(|at| items.remove(at))
        }
        _ => None,
    };
    removed.ok_or_else(|| format!("{path} is not there"))
}
