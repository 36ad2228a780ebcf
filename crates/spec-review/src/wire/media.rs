//! Media types.

/// A media type without spaces, in lower case, its parameters in order.
pub(crate) fn normal(media: &str) -> String {
    let mut parts = media.split(';').map(|part| part.trim().to_lowercase());
    let essence = parts.next().unwrap_or_default();
    let mut parameters: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    parameters.sort();
    std::iter::once(essence).chain(parameters).collect::<Vec<_>>().join(";")
}

fn essence(media: &str) -> &str {
    media.split(';').next().unwrap_or_default()
}

/// Whether values are written as JSON.
pub(crate) fn is_json(media: &str) -> bool {
    let essence = essence(media);
    essence == "*/*"
        || essence.ends_with("/json")
        || essence.ends_with("+json")
        || essence == "application/*"
}

/// Whether values are written as form fields, which `encoding` is about.
pub(crate) fn is_form(media: &str) -> bool {
    let essence = essence(media);
    essence == "application/x-www-form-urlencoded" || essence.starts_with("multipart/")
}

/// Whether everything that is of type `narrow` is of type `wide`.
pub(crate) fn covers(wide: &str, narrow: &str) -> bool {
    let (wide_essence, narrow_essence) = (essence(wide), essence(narrow));
    if wide_essence == narrow_essence {
        // Parameters such as `charset` refine; without them anything goes.
        return wide == narrow || wide == wide_essence || narrow == narrow_essence;
    }
    match wide_essence.split_once('/') {
        Some(("*", "*")) => true,
        Some((kind, "*")) => narrow_essence.split('/').next() == Some(kind),
        _ => false,
    }
}

/// Whether a reader of `general` can read `special`: the same, or the same syntax by its suffix.
pub(crate) fn reads(general: &str, special: &str) -> bool {
    if covers(general, special) {
        return true;
    }
    let (Some((kind, syntax)), Some((special_kind, rest))) =
        (essence(general).split_once('/'), essence(special).split_once('/'))
    else {
        return false;
    };
    kind == special_kind && rest.rsplit_once('+').is_some_and(|(_, suffix)| suffix == syntax)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_parameters_and_suffixes() {
        assert_eq!(normal("Application/JSON ; charset=UTF-8"), "application/json;charset=utf-8");
        assert!(covers("application/*", "application/json") && covers("*/*", "text/plain"));
        assert!(!covers("application/json", "application/*"));
        assert!(covers("application/json", "application/json;charset=utf-8"));
        assert!(!covers("text/csv;header=absent", "text/csv;header=present"));
        assert!(reads("application/json", "application/problem+json;q=1"));
        assert!(!reads("application/problem+json", "application/json"));
        assert!(is_json("application/vnd.x+json") && !is_json("application/xml"));
    }
}
