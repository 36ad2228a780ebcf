//! The profiles of a file, for people and for pipes.

use std::fmt::Write as _;

use dbss_client::text::escaped;

use super::table::table;
use super::{Rendered, body};
use crate::profiles::{Entry, ProfileList};

const HEADER: [&str; 7] =
    ["name", "access_key", "kind", "region", "project_id", "endpoint", "iam_endpoint"];

/// A table of the profiles, and below it why some cannot be used.
pub(super) fn text(list: &ProfileList, width: Option<usize>) -> Rendered {
    let rows: Vec<Vec<String>> = list.profiles.iter().map(row).collect();
    let table = table(&HEADER, &rows, None, width);
    let mut stdout = table.text;
    for Entry { name, problem, .. } in &list.profiles {
        if let Some(problem) = problem {
            let _ = writeln!(stdout, "{}: {}", escaped(name), escaped(problem));
        }
    }
    Rendered { stdout, stderr: body::note_on_left_out(&table.left_out) }
}

fn row(entry: &Entry) -> Vec<String> {
    let kind = match &entry.access_key {
        Some(_) if entry.temporary => Some("temporary"),
        Some(_) => Some("permanent"),
        None => None,
    };
    let fields = [
        Some(entry.name.as_str()),
        entry.access_key.as_deref(),
        kind,
        entry.region.as_deref(),
        entry.project_id.as_deref(),
        entry.endpoint.as_deref(),
        entry.iam_endpoint.as_deref(),
    ];
    fields.map(|field| field.unwrap_or(body::ABSENT).to_owned()).into()
}

/// The names, one a line.
pub(super) fn names(list: &ProfileList) -> String {
    list.profiles.iter().fold(String::new(), |text, entry| text + &escaped(&entry.name) + "\n")
}
