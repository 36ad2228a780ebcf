//! Reads lists of ids: from the command line and from standard input.

use crate::failure::{Cause, IdPosition, Input};
use crate::input::{Reader, STDIN_ARGUMENT};

/// Reads ids: those of the command line, and for `-` those of standard input.
/// Duplicates are dropped.
pub(crate) async fn read(arguments: &[String], reader: &mut Reader) -> Result<Vec<String>, Cause> {
    let mut ids: Vec<String> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    let mut stdin_read = false;
    for id in arguments {
        let more = if id != STDIN_ARGUMENT {
            checked(id, IdPosition::Argument)?;
            vec![id.clone()]
        } else if stdin_read {
            continue;
        } else {
            stdin_read = true;
            listed(&reader.stdin(Input::Ids).await?)?
        };
        ids.extend(more.into_iter().filter(|id| seen.insert(id.clone())));
    }
    if ids.is_empty() { Err(Cause::NoIds) } else { Ok(ids) }
}

/// The ids of a text, which are separated by blanks and line breaks.
fn listed(text: &str) -> Result<Vec<String>, Cause> {
    let mut ids = Vec::new();
    for (line, content) in (1..).zip(text.lines()) {
        for word in content.split_whitespace() {
            checked(word, IdPosition::Line(line))?;
            ids.push(word.to_owned());
        }
    }
    Ok(ids)
}

/// Refuses what shows that a list has another format, such as CSV, JSON or YAML, or a comment.
/// The documents do not say which characters ids have: the ones that are refused are in no id that
/// they show, and `dbss api` sends any.
fn checked(word: &str, position: IdPosition) -> Result<(), Cause> {
    let foreign = |c: char| !c.is_ascii_graphic() || "\"'`,;|#[](){}<>:=\\".contains(c);
    let character = word.chars().find(|c| foreign(*c));
    // A rule such as `---`, or the beginning of a comment. An argument that is empty is a problem
    // of its length, which is reported with all others.
    let no_id = !word.is_empty() && !word.chars().any(char::is_alphanumeric);
    if character.is_none() && !no_id && !word.starts_with("//") {
        return Ok(());
    }
    Err(Cause::NotAnId { word: word.to_owned(), character, position })
}
