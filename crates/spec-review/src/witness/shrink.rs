//! Smaller payloads that prove the same.

use serde_json::Value;

/// How often a smaller payload is tried.
const MOST_TRIES: usize = 400;

/// Takes out what a payload does not need, as long as `proves` holds.
pub(super) fn shrink(mut payload: Value, proves: &dyn Fn(&Value) -> bool) -> Value {
    let mut tries = 0;
    loop {
        let mut places = Vec::new();
        removable(&payload, &mut Vec::new(), &mut places);
        let mut progress = false;
        for place in places {
            tries += 1;
            if tries > MOST_TRIES {
                return payload;
            }
            let mut smaller = payload.clone();
            if remove(&mut smaller, &place) && proves(&smaller) {
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

/// One step into a value.
#[derive(Debug, Clone)]
enum Step {
    Key(String),
    Index(usize),
}

fn removable(value: &Value, path: &mut Vec<Step>, places: &mut Vec<Vec<Step>>) {
    let steps: Vec<(Step, &Value)> = match value {
        Value::Object(object) => {
            object.iter().map(|(key, value)| (Step::Key(key.clone()), value)).collect()
        }
        Value::Array(items) => {
            items.iter().enumerate().map(|(index, value)| (Step::Index(index), value)).collect()
        }
        _ => return,
    };
    for (step, inner) in steps {
        path.push(step);
        places.push(path.clone());
        removable(inner, path, places);
        path.pop();
    }
}

fn remove(value: &mut Value, place: &[Step]) -> bool {
    let Some((first, rest)) = place.split_first() else { return false };
    match (first, value) {
        (Step::Key(key), Value::Object(object)) if rest.is_empty() => {
            object.shift_remove(key).is_some()
        }
        (Step::Key(key), Value::Object(object)) => {
            object.get_mut(key).is_some_and(|inner| remove(inner, rest))
        }
        (Step::Index(index), Value::Array(items)) if rest.is_empty() => {
            let there = *index < items.len();
            if there {
                items.remove(*index);
            }
            there
        }
        (Step::Index(index), Value::Array(items)) => {
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
    fn only_what_is_needed_stays() {
        let payload = json!({"a": 1, "b": [1, 2, {"c": 3, "d": 4}], "e": {"f": 5}});
        let smaller = shrink(payload, &|value| {
            value.pointer("/b").is_some_and(|b| b.to_string().contains("\"c\""))
        });
        assert_eq!(smaller, json!({"b": [{"c": 3}]}));
    }
}
