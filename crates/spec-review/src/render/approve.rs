//! The lines that approve the breaks of a report.

use super::items::Item;
use super::labels::escape;
use super::message::item_message;
use super::pointer_label::cut;

/// The entries of an approvals file for the breaks that are not approved, at most `most` items.
pub(super) fn entries(items: &[Item<'_>], most: usize) -> String {
    let mut out = String::new();
    for item in items.iter().filter(|item| item.is_open_break()).take(most) {
        out.push_str(&format!("# {}\n", escape(&cut(&item_message(item), 200))));
        for finding in item.findings() {
            out.push_str(&format!(
                "[[approval]]\nfingerprint = \"{}\"\nreason = \"\"\n\n",
                finding.fingerprint
            ));
        }
    }
    let end = out.trim_end().len();
    out.truncate(end);
    out
}
