//! The code map in ARCHITECTURE.md: a line for each module, the first sentence of its head.
//!
//! The map is derived, because a copy of these sentences kept by hand goes stale with the
//! next file that is added, renamed or split.

use std::path::Path;

use dbss_codegen::Error;
use toml::Table;

use crate::crate_order::CRATE_ORDER;
use crate::files::files_below;

/// The page that holds the map.
pub(super) const PAGE: &str = "ARCHITECTURE.md";

/// The lines around the map.
pub(crate) const BEGIN: &str =
    "<!-- Code map: written by `cargo xtask regen` from the heads of the modules. -->\n";
pub(crate) const END: &str = "<!-- End of the code map. -->\n";

/// The page with an up-to-date map. A page without the lines around the map stays as it is.
pub(super) fn update(root: &Path, page: &str) -> Result<String, Error> {
    let Some((before, rest)) = page.split_once(BEGIN) else { return Ok(page.to_owned()) };
    let Some((_, after)) = rest.split_once(END) else { return Ok(page.to_owned()) };
    Ok(format!("{before}{BEGIN}{}\n{END}{after}", map(root)?))
}

fn map(root: &Path) -> Result<String, Error> {
    let sections: Result<Vec<String>, Error> =
        CRATE_ORDER.iter().map(|name| section(root, &folder(name))).collect();
    Ok(sections?.concat())
}

/// What the map says of a crate: its description, and a line for each module.
fn section(root: &Path, folder: &str) -> Result<String, Error> {
    let manifest = read(&root.join(folder).join("Cargo.toml"))?;
    let description = manifest.parse::<Table>().ok().and_then(|manifest| {
        Some(manifest.get("package")?.get("description")?.as_str()?.to_owned())
    });
    let modules = modules(&root.join(folder))?;
    let lines: Vec<String> = modules
        .iter()
        .filter_map(|(path, text)| Some(format!("- `{path}`: {}\n", first_sentence(text)?)))
        .collect();
    let separator = if lines.is_empty() { "" } else { "\n" };
    let description = description.unwrap_or_default();
    Ok(format!("\n### `{folder}`\n\n{description}.\n{separator}{}", lines.concat()))
}

/// The folder of a crate, from the root.
fn folder(name: &str) -> String {
    match name {
        "xtask" => name.to_owned(),
        "dbss-tests" => "tests".to_owned(),
        "dbss-benches" => "benches".to_owned(),
        _ => format!("crates/{name}"),
    }
}

/// The hand-written modules of a crate by path within its folder, parents before their
/// children. Unit tests that have a file of their own are left out, and so are generated files.
fn modules(folder: &Path) -> Result<Vec<(String, String)>, Error> {
    let mut modules = Vec::new();
    // The workspace's own tests are what that crate is for.
    for within in ["src", "integration"] {
        let unreadable = |source| Error::Unreadable { path: folder.join(within), source };
        for path in files_below(&folder.join(within)).map_err(unreadable)? {
            let parts = path.strip_prefix(folder).unwrap_or(&path).iter();
            let parts: Vec<_> = parts.map(|part| part.to_string_lossy()).collect();
            let is_module = path.extension().is_some_and(|extension| extension == "rs")
                && !parts.ends_with(&["tests.rs".into()])
                && !parts.contains(&"generated".into());
            if is_module {
                modules.push((parts.join("/"), read(&path)?));
            }
        }
    }
    modules.sort_by_key(|(path, _)| path.trim_end_matches(".rs").replace('/', "\0"));
    Ok(modules)
}

/// The first sentence of a module's head, as Markdown without links.
fn first_sentence(text: &str) -> Option<String> {
    let head = text.lines().map_while(|line| line.strip_prefix("//!"));
    let paragraph: Vec<&str> = head.map(str::trim).take_while(|line| !line.is_empty()).collect();
    let paragraph = paragraph.join(" ");
    let sentence = paragraph.split_once(". ").map_or(paragraph.as_str(), |(sentence, _)| sentence);
    let sentence = sentence.trim_end_matches('.').replace("[`", "`").replace("`]", "`");
    (!sentence.is_empty()).then_some(sentence)
}

fn read(path: &Path) -> Result<String, Error> {
    std::fs::read_to_string(path)
        .map_err(|source| Error::Unreadable { path: path.to_owned(), source })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn takes_the_first_sentence_of_a_head() {
        for (text, expected) in [
            ("//! One [`Step`].\n\nuse a;", Some("One `Step`")),
            ("//! A line\n//! and more: `a.rs`. A second one.\n", Some("A line and more: `a.rs`")),
            ("//! A paragraph\n//!\n//! and another.\n", Some("A paragraph")),
            ("#![doc = include_str!(\"../README.md\")]\n", None),
            ("use a;\n//! late", None),
        ] {
            assert_eq!(first_sentence(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn lists_parents_before_their_children_without_tests_and_generated_files() {
        let folder = tempfile::tempdir().unwrap();
        for path in ["call.rs", "call/attempts.rs", "call-b.rs", "call/tests.rs", "generated/a.rs"]
        {
            let path = folder.path().join("src").join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "//! A head.\n").unwrap();
        }
        let paths: Vec<_> =
            modules(folder.path()).unwrap().into_iter().map(|(path, _)| path).collect();
        assert_eq!(paths, ["src/call.rs", "src/call/attempts.rs", "src/call-b.rs"]);
    }

    #[test]
    fn replaces_the_map_and_nothing_else() {
        let root = crate::root::of_this_checkout();
        let page = format!("before\n{BEGIN}stale\n{END}after\n");
        let updated = update(&root, &page).unwrap();
        assert!(updated.starts_with(&format!("before\n{BEGIN}\n### `crates/scripted-server`\n")));
        assert!(updated.ends_with(&format!("\n\n{END}after\n")), "{updated}");
        assert!(updated.contains("\n- `src/derived/code_map.rs`: The code map in ARCHITECTURE.md"));
        assert_eq!(update(&root, &updated).unwrap(), updated);
        assert_eq!(update(&root, "no map").unwrap(), "no map");
    }
}
