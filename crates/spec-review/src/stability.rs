//! `x-stability-level`: how much a document promises about an operation, a parameter, a header or a
//! schema.

use std::borrow::Cow;

use openapi_document::Node;

use crate::change::{Change, STABILITY_LEVELS, StabilityChange};
use crate::compatibility::Level;
use crate::versions::Versions;

/// The extension.
pub(crate) const KEYWORD: &str = "x-stability-level";

/// The level of an object as it is written.
pub(crate) fn written(object: &Node) -> Option<Cow<'_, str>> {
    let level = object.get(KEYWORD)?;
    Some(level.as_str().map_or_else(|| level.to_json().to_string().into(), Cow::from))
}

/// The rank of a level; `None` if it is not one of [`STABILITY_LEVELS`].
fn rank(level: &str) -> Option<usize> {
    STABILITY_LEVELS.iter().position(|name| *name == level)
}

/// Whether an object is draft or alpha, which promises nothing.
pub(crate) fn is_unstable(object: &Node) -> bool {
    written(object).is_some_and(|level| matches!(rank(&level), Some(0 | 1)))
}

/// The change from one level to another, with its level. `None` where nothing is promised
/// differently: without a level there was no promise.
pub(crate) fn compare(levels: Versions<Option<Cow<'_, str>>>) -> Option<(Level, Change)> {
    if !levels.differ() {
        return None;
    }
    let unknown = [&levels.base, &levels.head]
        .into_iter()
        .flatten()
        .find(|level| rank(level).is_none())
        .map(|level| StabilityChange::Unknown(level.to_string()));
    let ranks = levels.each().map(|level| level.as_deref().and_then(rank));
    let (level, change) = match (unknown, ranks.base, ranks.head) {
        (Some(unknown), ..) => (Level::Suspected, unknown),
        (None, Some(before), Some(after)) if after < before => {
            (Level::Breaking, StabilityChange::Lowered)
        }
        (None, Some(_), Some(_)) => (Level::Info, StabilityChange::Raised),
        (None, ..) => return None,
    };
    let levels = levels.map(|level| level.map(Cow::into_owned));
    Some((level, Change::Stability { change, levels }))
}
