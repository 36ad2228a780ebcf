//! The rules that the loader checks.

use crate::diagnostic::{Rule, Severity};

macro_rules! rules {
    ($($name:ident $id:literal $requirement:literal)*) => {
        $(
            #[doc = $requirement]
            pub const $name: Rule = Rule::new($id, Severity::Error, $requirement);
        )*

        /// All rules of the loader.
        pub const RULES: &[Rule] = &[$($name,)*];
    };
}

rules! {
    YAML_SYNTAX "yaml-syntax" "The document is well-formed YAML."
    DOCUMENT_TOO_LARGE "document-too-large" "The document is within the size limits of the loader."
    NESTING_DEPTH "nesting-depth" "Collections nest at most 64 levels deep."
    MULTIPLE_DOCUMENTS "multiple-documents" "The file holds one YAML document."
    DUPLICATE_KEY "duplicate-key" "The keys of a mapping are unique."
    NON_STRING_KEY "non-string-key" "Keys are strings; response statuses may be integers."
    COMPLEX_KEY "complex-key" "A key is a scalar, not a collection or an alias."
    MERGE_KEY "merge-key" "The YAML 1.1 merge key `<<` is not used."
    CUSTOM_TAG "custom-tag" "A tag is one of the YAML core schema and fits its value."
    AMBIGUOUS_SCALAR "ambiguous-scalar" "A plain scalar means the same in YAML 1.1 and 1.2."
    NUMBER_RANGE "number-range" "A number is finite and fits into 64 bits."
    ALIAS_BUDGET "alias-budget" "The document is within the size limits when its aliases are expanded."
    RECURSIVE_ALIAS "recursive-alias" "An alias is not inside the node it refers to."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_have_unique_kebab_case_ids() {
        let mut seen = std::collections::BTreeSet::new();
        for rule in RULES {
            assert!(seen.insert(rule.id), "{} is not unique", rule.id);
            assert!(rule.id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", rule.id);
            assert!(rule.requirement.ends_with('.'), "{}", rule.requirement);
        }
    }
}
