//! The independent check of a witness, by the `jsonschema` crate.

use jsonschema::Validator;
use serde_json::Value;

use super::AcceptedBy;
use crate::validator::validator;
use crate::versions::Versions;

/// The validators of both documents for a payload.
pub(super) struct PairValidator(Versions<Validator>);

impl PairValidator {
    /// `None` if one of the schemas cannot be compiled, for instance because of an unsupported
    /// `pattern`.
    pub(super) fn new(schemas: Versions<&Value>) -> Option<Self> {
        schemas.map(validator).complete().map(Self)
    }

    /// Whether the given document accepts a payload and the other one refuses it.
    pub(super) fn distinguishes(&self, payload: &Value, accepted_by: AcceptedBy) -> bool {
        let valid = self.0.each().map(|validator| validator.is_valid(payload));
        match accepted_by {
            AcceptedBy::Base => valid.base && !valid.head,
            AcceptedBy::Head => valid.head && !valid.base,
        }
    }
}
