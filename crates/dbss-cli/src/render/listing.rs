//! The entries of a list, for people and for pipes.

use std::borrow::Cow;
use std::fmt::Write as _;

use dbss_client::text::escaped;
use serde_json::Value;

use super::Rendered;
use super::body::ABSENT;
use super::table::table;
use crate::colour::DIM;
use crate::listing::Listing;

/// A table of the entries; beside it, what it does not show.
pub(super) fn text(listing: &Listing, width: Option<usize>) -> Rendered {
    if listing.entries.is_empty() {
        return Rendered { stdout: String::new(), stderr: note("nothing to list", listing) };
    }
    let row = |entry: &Value| listing.columns.iter().map(|name| cell(entry.get(name))).collect();
    let rows: Vec<Vec<String>> = listing.entries.iter().map(row).collect();
    let name = listing.columns.iter().position(|column| *column == "name");
    let width = width.filter(|_| !listing.is_wide);
    let shown = table(&listing.columns, &rows, name, width);
    let mut stderr = String::new();
    if listing.total.is_some_and(|total| total != listing.entries.len() as u64) {
        stderr.push_str(&note("", listing));
    }
    if !shown.left_out.is_empty() {
        let left_out = shown.left_out.join(", ");
        let _ = writeln!(stderr, "{DIM}no room for {left_out}; --wide shows everything{DIM:#}");
    }
    Rendered { stdout: shown.text, stderr }
}

/// How many entries are shown of how many.
fn note(before: &str, listing: &Listing) -> String {
    let shown = listing.entries.len();
    let of = listing.total.map(|total| format!("{shown} of {total}"));
    let parts = [Some(before.to_owned()).filter(|before| !before.is_empty()), of];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    format!("{DIM}{}{DIM:#}\n", parts.join("; "))
}

/// The ids, one a line.
pub(super) fn ids(listing: &Listing) -> String {
    listing.ids().fold(String::new(), |text, id| text + &escaped(id) + "\n")
}

fn cell(value: Option<&Value>) -> String {
    let text: Cow<'_, str> = match value {
        None | Some(Value::Null) => ABSENT.into(),
        Some(Value::String(text)) if text.is_empty() => ABSENT.into(),
        Some(Value::String(text)) => text.into(),
        Some(Value::Array(items)) => {
            items.iter().map(|item| cell(Some(item))).collect::<Vec<_>>().join(",").into()
        }
        Some(other) => other.to_string().into(),
    };
    text.into_owned()
}
