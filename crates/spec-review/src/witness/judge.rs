//! The last word on a payload.

use jsonschema::Validator;
use serde_json::Value;

use crate::validator::validator;

/// The validators of both documents for one payload.
pub(super) struct Judge {
    base: Validator,
    head: Validator,
}

impl Judge {
    /// Nothing if one of the schemas cannot be used, which a `pattern` outside of the dialect does.
    pub(super) fn new(base: &Value, head: &Value) -> Option<Self> {
        Some(Self { base: validator(base)?, head: validator(head)? })
    }

    /// Whether exactly the given side accepts a payload.
    pub(super) fn tells_apart(&self, payload: &Value, accepted_by_base: bool) -> bool {
        let (accepting, refusing) =
            if accepted_by_base { (&self.base, &self.head) } else { (&self.head, &self.base) };
        accepting.is_valid(payload) && !refusing.is_valid(payload)
    }
}
