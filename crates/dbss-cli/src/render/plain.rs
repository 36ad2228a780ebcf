//! Text of others.

/// Text of someone else on one line: nothing in it moves the cursor.
pub(super) fn plain(text: &str) -> String {
    let escape =
        |c: char| if c.is_control() { c.escape_debug().to_string() } else { c.to_string() };
    text.chars().map(escape).collect()
}
