//! Suggestions for misspelt words: "did you mean …?".

use openapi_document::quote;

/// No suggestion is searched for a longer word.
const MAX_WORD_BYTES: usize = 64;

/// The candidate that is most similar to a word, if any is similar enough.
pub(super) fn nearest<'c>(
    word: &str,
    candidates: impl Iterator<Item = &'c str>,
) -> Option<&'c str> {
    if word.len() > MAX_WORD_BYTES {
        return None;
    }
    let letters: Vec<char> = word.to_lowercase().chars().collect();
    // One edit in a short word, two in a longer one.
    let max_distance = if letters.len() < 4 { 1 } else { 2 };
    candidates
        .filter(|candidate| candidate.len().abs_diff(word.len()) <= max_distance * 4)
        .map(|candidate| {
            (distance(&letters, &candidate.to_lowercase().chars().collect::<Vec<_>>()), candidate)
        })
        .filter(|&(distance, _)| distance <= max_distance)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// The help that suggests a candidate.
pub(super) fn did_you_mean(candidate: Option<&str>) -> Option<String> {
    candidate.map(|candidate| format!("did you mean {}?", quote(candidate)))
}

/// The help that lists all candidates.
pub(super) fn one_of<'c>(candidates: impl Iterator<Item = &'c str>) -> String {
    let candidates: Vec<_> = candidates.map(quote).collect();
    format!("use one of {}", candidates.join(", "))
}

/// The edit distance of two words: how many insertions, deletions, replacements and swaps of
/// adjacent letters turn one into the other (optimal string alignment).
fn distance(one: &[char], other: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    let mut previous_letter = None;
    for (row, &letter) in one.iter().enumerate() {
        let mut current = vec![row + 1];
        let mut previous_other = None;
        for (column, &other_letter) in other.iter().enumerate() {
            let at =
                |row: &[usize], column: usize| row.get(column).copied().unwrap_or(usize::MAX / 2);
            let replaced = at(&last, column) + usize::from(letter != other_letter);
            let mut cost = replaced.min(at(&last, column + 1) + 1).min(at(&current, column) + 1);
            if previous_letter == Some(other_letter) && previous_other == Some(letter) {
                cost = cost.min(at(&before_last, column.wrapping_sub(1)) + 1);
            }
            current.push(cost);
            previous_other = Some(other_letter);
        }
        before_last = std::mem::replace(&mut last, current);
        previous_letter = Some(letter);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_similar_words() {
        let keys = ["minLength", "maxLength", "type", "in", "operationId", "description"];
        for (word, expected) in [
            ("minLenght", Some("minLength")),
            ("minlength", Some("minLength")),
            ("tpye", Some("type")),
            ("opperationID", Some("operationId")),
            ("im", Some("in")),
            ("summary", None),
            ("", None),
            ("maximumLength", None),
        ] {
            assert_eq!(nearest(word, keys.into_iter()), expected, "{word}");
        }
        assert_eq!(nearest(&"a".repeat(1_000_000), keys.into_iter()), None);
    }
}
