//! Makes witnesses smaller.

use serde_json::Value;

use crate::budget::Budget;

/// At most so many smaller payloads are tried.
const MAX_TRIES: usize = 400;

/// What a part of a payload costs, each time that the payload is copied and checked.
const COST: usize = 4;

/// Removes parts of a payload as long as `proves` accepts the result.
pub(super) fn shrink(
    mut payload: Value,
    budget: &Budget,
    proves: &dyn Fn(&Value) -> bool,
) -> Value {
    let mut tries = 0;
    loop {
        let mut removable_paths = Vec::new();
        removable(&payload, &mut Vec::new(), &mut removable_paths);
        let cost = COST * removable_paths.len();
        let mut progress = false;
        for path_to_remove in removable_paths {
            tries += 1;
            if tries > MAX_TRIES || !budget.spend(cost) {
                return payload;
            }
            let mut smaller = payload.clone();
            if remove(&mut smaller, &path_to_remove) && proves(&smaller) {
                payload = smaller;
                progress = true;
                break;
            }
        }
        if !progress {
            return payload;
        }
    }
}

/// A key or an index on the path to a part.
#[derive(Debug, Clone)]
enum PathToken {
    Key(String),
    Index(usize),
}

fn removable(value: &Value, path: &mut Vec<PathToken>, removable_paths: &mut Vec<Vec<PathToken>>) {
    let tokens: Vec<(PathToken, &Value)> = match value {
        Value::Object(object) => {
            object.iter().map(|(key, value)| (PathToken::Key(key.clone()), value)).collect()
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, value)| (PathToken::Index(index), value))
            .collect(),
        _ => return,
    };
    for (token, inner) in tokens {
        path.push(token);
        removable_paths.push(path.clone());
        removable(inner, path, removable_paths);
        path.pop();
    }
}

fn remove(value: &mut Value, path_to_remove: &[PathToken]) -> bool {
    let Some((first, rest)) = path_to_remove.split_first() else { return false };
    match (first, value) {
        (PathToken::Key(key), Value::Object(object)) if rest.is_empty() => {
            object.shift_remove(key).is_some()
        }
        (PathToken::Key(key), Value::Object(object)) => {
            object.get_mut(key).is_some_and(|inner| remove(inner, rest))
        }
        (PathToken::Index(index), Value::Array(items)) if rest.is_empty() => {
            let there = *index < items.len();
            if there {
                items.remove(*index);
            }
            there
        }
        (PathToken::Index(index), Value::Array(items)) => {
            items.get_mut(*index).is_some_and(|inner| remove(inner, rest))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn removes_what_the_witness_does_not_need() {
        let payload = json!({"a": 1, "b": [1, 2, {"c": 3, "d": 4}], "e": {"f": 5}});
        let smaller = shrink(payload, &Budget::default(), &|value| {
            value.pointer("/b").is_some_and(|b| b.to_string().contains("\"c\""))
        });
        assert_eq!(smaller, json!({"b": [{"c": 3}]}));
    }
}
