//! The regions of the contract.

use dbss_client::contract::API;
use serde::Serialize;

/// A region and the address of the service there.
#[derive(Serialize)]
pub(crate) struct Region {
    pub(crate) id: &'static str,
    pub(crate) endpoint: String,
}

/// All regions, in the order of the contract.
pub(crate) fn all() -> Vec<Region> {
    let variable = API.server_variables.iter().find(|candidate| candidate.name == "region");
    let ids = variable.map(|variable| variable.values).unwrap_or_default();
    let endpoint = |id: &str| API.server_url.replace("{region}", id);
    ids.iter().map(|id| Region { id, endpoint: endpoint(id) }).collect()
}
