//! Media types: normal form, ranges and suffixes.

/// A media type in lower case and without spaces, with sorted parameters.
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

/// Whether values are serialised as JSON.
pub(crate) fn is_json(media: &str) -> bool {
    let essence = essence(media);
    essence == "*/*"
        || essence.ends_with("/json")
        || essence.ends_with("+json")
        || essence == "application/*"
}

/// Whether values are serialised as form fields, to which `encoding` applies.
pub(crate) fn is_form(media: &str) -> bool {
    let essence = essence(media);
    essence == "application/x-www-form-urlencoded" || essence.starts_with("multipart/")
}

/// Whether every value of the media type `narrow` is one of `wide`.
pub(crate) fn covers(wide: &str, narrow: &str) -> bool {
    let (wide_essence, narrow_essence) = (essence(wide), essence(narrow));
    if wide_essence == narrow_essence {
        // A parameter such as `charset` refines a media type; without it any value is covered.
        return wide == narrow || wide == wide_essence || narrow == narrow_essence;
    }
    match wide_essence.split_once('/') {
        Some(("*", "*")) => true,
        Some((kind, "*")) => narrow_essence.split('/').next() == Some(kind),
        _ => false,
    }
}

/// Whether a reader of `general` can read `special`: it covers it, or is its structured suffix.
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
    fn matches_ranges_parameters_and_suffixes() {
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
