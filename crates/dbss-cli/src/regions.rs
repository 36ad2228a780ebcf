//! `dbss regions`.

use std::fmt::Write as _;
use std::process::ExitCode;

use dbss_client::descriptors::API;
use serde::Serialize;

use crate::arguments::Mode;
use crate::screen::Screen;

#[derive(Serialize)]
struct Region {
    id: &'static str,
    endpoint: String,
}

#[derive(Serialize)]
struct Regions {
    regions: Vec<Region>,
}

/// Prints the regions of the contract.
pub(crate) fn list(screen: &Screen) -> ExitCode {
    let known = API.server_variables.iter().find(|variable| variable.name == "region");
    let ids = known.map(|variable| variable.values).unwrap_or_default();
    let endpoint = |id: &str| API.server_url.replace("{region}", id);
    let regions: Vec<_> = ids.iter().map(|id| Region { id, endpoint: endpoint(id) }).collect();
    if screen.mode() == Mode::Json {
        return screen.print_json(&Regions { regions });
    }
    let width = ids.iter().map(|id| id.len()).max().unwrap_or_default();
    let mut text = String::new();
    for Region { id, endpoint } in regions {
        // Writing to a string does not fail.
        let _ = writeln!(text, "{id:width$}  {endpoint}");
    }
    screen.print(&text)
}
