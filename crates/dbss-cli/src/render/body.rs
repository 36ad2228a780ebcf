//! The body of a response, for people: a line for each field, and a table for each list of
//! objects.

use std::fmt::Write as _;

use dbss_client::text::escaped;

use super::Rendered;
use super::table::table;
use crate::body::{self, Body, Field};
use crate::colour::DIM;

/// Stands for a field that an object of a list does not have.
pub(super) const ABSENT: &str = "-";

/// The body; beside it, what there is no room for in a terminal of that width.
pub(super) fn shown(body: &Body, width: Option<usize>) -> Rendered {
    let mut shown = Rendered::default();
    if let Some(rows) = body.rows() {
        write_table(&rows, width, &mut shown);
        return shown;
    }
    let Some(fields) = body.fields() else {
        if body.as_text() != "null" {
            let _ = writeln!(shown.stdout, "{}", escaped(body.as_text()));
        }
        return shown;
    };
    let (lists, values): (Vec<_>, Vec<_>) = fields
        .iter()
        .map(|(name, value)| (name, value, body::rows(value)))
        .partition(|it| it.2.is_some());
    write_fields(
        values.iter().map(|(name, value, _)| (name.as_str(), body::value_text(value))),
        &mut shown.stdout,
    );
    for (name, _, rows) in lists {
        let _ = writeln!(shown.stdout, "{}:", escaped(name));
        write_table(&rows.unwrap_or_default(), width, &mut shown);
    }
    shown
}

/// A line for each field, its name first.
pub(super) fn write_fields<V: AsRef<str>>(
    fields: impl Iterator<Item = (impl AsRef<str>, V)>,
    text: &mut String,
) {
    let shown = |text: &str| escaped(text).into_owned();
    let fields: Vec<_> =
        fields.map(|(name, value)| (shown(name.as_ref()), shown(value.as_ref()))).collect();
    let width = fields.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
    for (name, value) in fields {
        let _ = writeln!(text, "{name:width$}  {value}");
    }
}

/// A row for each object, with a column for each field that one of them has.
fn write_table(objects: &[Vec<Field>], width: Option<usize>, shown: &mut Rendered) {
    let mut header: Vec<&str> = Vec::new();
    for (name, _) in objects.iter().flatten() {
        if !header.contains(&name.as_str()) {
            header.push(name);
        }
    }
    // The first column is never cut.
    header.sort_by_key(|column| *column != "id");
    let cell = |object: &Vec<Field>, column: &&str| {
        let field = object.iter().find(|(name, _)| name == column);
        field.map_or_else(|| ABSENT.to_owned(), |(_, value)| body::value_text(value).into_owned())
    };
    let row = |object| header.iter().map(|column| cell(object, column)).collect();
    let rows: Vec<Vec<String>> = objects.iter().map(row).collect();
    let names = header.iter().position(|column| *column == "name");
    let table = table(&header, &rows, names, width);
    shown.stdout.push_str(&table.text);
    shown.stderr.push_str(&note_on_left_out(&table.left_out));
}

/// What is said of columns that a terminal has no room for.
pub(super) fn note_on_left_out(columns: &[String]) -> String {
    if columns.is_empty() {
        return String::new();
    }
    let columns = columns.join(", ");
    format!(
        "{DIM}no room for {columns}; a wider terminal, a pipe or --output json shows everything{DIM:#}\n"
    )
}
