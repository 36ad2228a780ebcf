//! Escaping of text from outside.

/// The text on one line, with control characters escaped, so that text from a
/// response cannot move the cursor or colour the terminal.
pub(super) fn escape_control(text: &str) -> String {
    let escape =
        |c: char| if c.is_control() { c.escape_debug().to_string() } else { c.to_string() };
    text.chars().map(escape).collect()
}
