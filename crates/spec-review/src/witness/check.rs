//! The last word on a payload.

use jsonschema::Validator;
use serde_json::Value;

use super::AcceptedBy;
use crate::validator::validator;
use crate::versions::Versions;

/// The validators of both documents for one payload.
pub(super) struct PairValidator(Versions<Validator>);

impl PairValidator {
    /// Nothing if one of the schemas cannot be used, which a `pattern` outside of the dialect does.
    pub(super) fn new(schemas: Versions<&Value>) -> Option<Self> {
        schemas.map(validator).complete().map(Self)
    }

    /// Whether exactly the given document accepts a payload.
    pub(super) fn distinguishes(&self, payload: &Value, accepted_by: AcceptedBy) -> bool {
        let valid = self.0.each().map(|validator| validator.is_valid(payload));
        match accepted_by {
            AcceptedBy::Base => valid.base && !valid.head,
            AcceptedBy::Head => valid.head && !valid.base,
        }
    }
}
