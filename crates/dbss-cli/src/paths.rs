//! Paths of the command line.

use std::path::PathBuf;

/// The path, with the home directory for `~` at its beginning: a shell replaces that only where
/// a word begins, and not in `--profile=~/profiles` or `@~/body.json`.
pub(crate) fn with_home(path: &str) -> PathBuf {
    let rest =
        path.strip_prefix('~').filter(|rest| rest.is_empty() || rest.starts_with(['/', '\\']));
    match (rest, std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest.trim_start_matches(['/', '\\'])),
        _ => path.into(),
    }
}
