//! Tables: a header and rows, in columns that fit the terminal.

use std::fmt::Write as _;

use dbss_client::text::escaped;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::colour::DIM;

/// What is between two columns.
const GAP: &str = "  ";

/// The least that is shown of a column that may be cut, unless it has less.
const LEAST: usize = 8;

/// Stands for what was cut off.
const CUT: char = '…';

/// A table as text.
pub(super) struct Table {
    pub(super) text: String,
    /// The columns that there is no room for.
    pub(super) left_out: Vec<String>,
}

/// Lays out a table whose first column is never cut: it names what the row is about.
///
/// If the lines would be longer than `width`, the column with the number `cut` is cut first;
/// then columns are left out, the last one first. Without a width, everything is shown.
pub(super) fn table(
    header: &[&str],
    rows: &[Vec<String>],
    cut: Option<usize>,
    width: Option<usize>,
) -> Table {
    let header: Vec<String> = header.iter().map(|name| name.to_uppercase()).collect();
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| row.iter().map(|cell| escaped(cell).into_owned()).collect())
        .collect();
    let lines = || std::iter::once(&header).chain(&rows);
    let widest = |column: usize| lines().filter_map(|line| Some(line.get(column)?.width())).max();
    let mut widths: Vec<usize> = (0..header.len()).filter_map(widest).collect();
    if let Some(width) = width {
        fit(&mut widths, cut, width);
    }
    let mut text = String::new();
    for (number, line) in lines().enumerate() {
        let line = laid_out(line, &widths);
        if number == 0 {
            // Writing to a string does not fail.
            let _ = writeln!(text, "{DIM}{line}{DIM:#}");
        } else {
            text.push_str(&line);
            text.push('\n');
        }
    }
    let left_out = header.iter().skip(widths.len()).map(|name| name.to_lowercase()).collect();
    Table { text, left_out }
}

/// Makes the columns as narrow as they have to be, and leaves the last ones out if that is not
/// enough.
fn fit(widths: &mut Vec<usize>, cut: Option<usize>, width: usize) {
    loop {
        let gaps = GAP.len() * widths.len().saturating_sub(1);
        let excess = (widths.iter().sum::<usize>() + gaps).saturating_sub(width);
        if excess == 0 {
            return;
        }
        if let Some(column) = cut.and_then(|cut| widths.get_mut(cut))
            && let Some(narrow) = column.checked_sub(excess)
            && narrow >= LEAST
        {
            *column = narrow;
            return;
        }
        if widths.len() < 2 {
            return;
        }
        widths.pop();
    }
}

fn laid_out(line: &[String], widths: &[usize]) -> String {
    let mut text = String::new();
    for (index, (cell, width)) in line.iter().zip(widths).enumerate() {
        let cell = shortened(cell, *width);
        let padding = width.saturating_sub(cell.width());
        if index > 0 {
            text.push_str(GAP);
        }
        text.push_str(&cell);
        text.push_str(&" ".repeat(padding));
    }
    text.truncate(text.trim_end().len());
    text
}

/// The text, or as much of it as there is room for. A wide character takes two columns.
fn shortened(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let room = width.saturating_sub(CUT.width().unwrap_or(1));
    let mut used = 0;
    let kept = text.chars().take_while(|c| {
        used += c.width().unwrap_or_default();
        used <= room
    });
    kept.chain([CUT]).collect()
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, reason = "tests")]
mod tests {
    use super::*;

    /// The lines of a table without colours.
    fn lines(rows: &[[&str; 4]], width: Option<usize>) -> (Vec<String>, Vec<String>) {
        let rows: Vec<Vec<String>> =
            rows.iter().map(|row| row.map(str::to_owned).to_vec()).collect();
        let Table { text, left_out } =
            table(&["id", "name", "status", "task"], &rows, Some(1), width);
        let text = anstream::adapter::strip_str(&text).to_string();
        (text.lines().map(str::to_owned).collect(), left_out)
    }

    const ROWS: [[&str; 4]; 3] = [
        ["1d07f606", "audit-of-orders", "ACTIVE", "NO_TASK"],
        ["2e18f717", "審計-データベース", "SHUTOFF", "powering-off"],
        ["3f", "x", "", "-"],
    ];

    #[test]
    fn aligns_columns_by_the_width_of_their_characters() {
        let (shown, left_out) = lines(&ROWS, None);
        assert_eq!(
            shown,
            [
                "ID        NAME               STATUS   TASK",
                "1d07f606  audit-of-orders    ACTIVE   NO_TASK",
                "2e18f717  審計-データベース  SHUTOFF  powering-off",
                "3f        x                           -",
            ]
        );
        assert!(left_out.is_empty());
        assert_eq!(lines(&ROWS, Some(80)).0, shown);
    }

    #[test]
    fn cuts_names_first_and_then_leaves_out_columns() {
        let all = ["task", "status", "name"];
        for (width, count) in
            [(50, 0), (48, 0), (41, 0), (40, 1), (27, 1), (26, 2), (18, 2), (17, 3), (3, 3)]
        {
            let (shown, mut left) = lines(&ROWS, Some(width));
            left.reverse();
            assert_eq!(left, all[..count], "{width}");
            for (line, [id, ..]) in shown.iter().skip(1).zip(ROWS) {
                assert!(line.width() <= width.max(8), "{width}: {line}");
                assert!(line.starts_with(id), "{width}: {line}");
            }
        }
        assert_eq!(
            lines(&ROWS, Some(41)).0.get(2).map(String::as_str),
            Some("2e18f717  審計-デ…  SHUTOFF  powering-off")
        );
    }

    #[test]
    fn escapes_what_a_terminal_acts_on() {
        let (shown, _) = lines(&[["a", "b\u{1b}[31m\n", "c\u{202e}", "d"]], None);
        assert_eq!(shown.get(1).map(String::as_str), Some("a   b\\u{1b}[31m\\n  c\\u{202e}  d"));
    }
}
