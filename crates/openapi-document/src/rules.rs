//! What the loader can find in a text.

use crate::diagnostic::{Rule, Severity};

macro_rules! rules {
    ($($name:ident $id:literal $requirement:literal)*) => {
        $(
            #[doc = $requirement]
            pub const $name: Rule = Rule::new($id, Severity::Error, $requirement);
        )*

        /// All of them, in the order in which a text is read.
        pub const RULES: &[Rule] = &[$($name,)*];
    };
}

rules! {
    YAML_SYNTAX "yaml-syntax" "The document is well-formed YAML."
    DOCUMENT_TOO_LARGE "document-too-large" "The document stays within the size that is read."
    NESTING_DEPTH "nesting-depth" "Collections nest at most 64 levels deep."
    MULTIPLE_DOCUMENTS "multiple-documents" "The file holds one YAML document."
    DUPLICATE_KEY "duplicate-key" "A key stands once in its mapping."
    NON_STRING_KEY "non-string-key" "Keys are strings; response statuses may be bare integers."
    COMPLEX_KEY "complex-key" "A key is a scalar written in place."
    MERGE_KEY "merge-key" "The YAML 1.1 merge key `<<` is not used."
    CUSTOM_TAG "custom-tag" "Tags are those of the YAML core schema and fit their value."
    AMBIGUOUS_SCALAR "ambiguous-scalar" "A plain scalar reads the same in YAML 1.1 and 1.2."
    NUMBER_RANGE "number-range" "A number is finite and fits into 64 bits."
    ALIAS_BUDGET "alias-budget" "Aliases do not blow the document up."
    RECURSIVE_ALIAS "recursive-alias" "An alias does not stand inside of its own anchor."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_ids_are_unique_kebab_case() {
        let mut seen = std::collections::BTreeSet::new();
        for rule in RULES {
            assert!(seen.insert(rule.id), "{} stands twice", rule.id);
            assert!(rule.id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", rule.id);
            assert!(rule.requirement.ends_with('.'), "{}", rule.requirement);
        }
    }
}
