//! The regions of the contract.

use std::fmt::Write as _;

use serde::Serialize;

use crate::regions::Region;

/// The JSON object for scripts.
#[derive(Serialize)]
pub(super) struct Report<'a> {
    pub(super) regions: &'a [Region],
}

/// The ids, one a line.
pub(super) fn ids(regions: &[Region]) -> String {
    regions.iter().fold(String::new(), |text, region| text + region.id + "\n")
}

/// A line for each region.
pub(super) fn text(regions: &[Region]) -> String {
    let width = regions.iter().map(|region| region.id.len()).max().unwrap_or_default();
    let mut text = String::new();
    for Region { id, endpoint } in regions {
        // Writing to a string does not fail.
        let _ = writeln!(text, "{id:width$}  {endpoint}");
    }
    text
}
