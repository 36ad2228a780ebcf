//! `.ci/post-review`: the comment on a pull request, posted by `programs/gh` instead of the real one.

use std::path::Path;
use std::process::Command;

use crate::review::{TestResult, script};

struct Post<'a> {
    files: &'a [(&'a str, &'a str)],
    /// The ids of the comments that are there.
    comments: &'a str,
    head: &'a str,
}

impl Post<'_> {
    /// What `gh` was asked to post.
    fn run(&self) -> Result<String, Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text);
        write("notes", "")?;
        write("number", "7\n")?;
        for (name, text) in self.files {
            write(name, text)?;
        }
        let path = std::env::var("PATH")?;
        let path = format!("{}/tests/programs:{path}", env!("CARGO_MANIFEST_DIR"));
        let output = Command::new("bash")
            .arg(script("post-review"))
            .args([Path::new("post"), folder.path(), Path::new("owner/name"), Path::new(self.head)])
            .env("PATH", path)
            .env("NOTES", folder.path().join("notes"))
            .env("COMMENTS", self.comments)
            .output()?;
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{errors}");
        Ok(std::fs::read_to_string(folder.path().join("notes"))?)
    }
}

#[test]
fn makes_a_comment_and_updates_the_one_that_is_there() -> TestResult {
    let files = [("state", "changed\n"), ("report.md", "## A\n")];
    let made = Post { files: &files, comments: "", head: "abc" }.run()?;
    assert_eq!(made, "POST repos/owner/name/issues/7/comments\n<!-- spec-review -->\n## A\n");
    let updated = Post { files: &files, comments: "12\n13\n", head: "abc" }.run()?;
    assert_eq!(updated, "PATCH repos/owner/name/issues/comments/12\n<!-- spec-review -->\n## A\n");
    Ok(())
}

#[test]
fn takes_an_earlier_verdict_back_but_makes_no_comment_for_an_unchanged_contract() -> TestResult {
    let files = [("state", "unchanged\n"), ("report.md", "## As it was\n")];
    assert_eq!(Post { files: &files, comments: "", head: "abc" }.run()?, "");
    let updated = Post { files: &files, comments: "12\n", head: "abc" }.run()?;
    assert!(updated.ends_with("\n## As it was\n"), "{updated}");
    Ok(())
}

#[test]
fn says_that_there_is_no_report_or_that_it_is_too_long() -> TestResult {
    let none = Post { files: &[], comments: "12\n", head: "abc" }.run()?;
    assert!(none.contains("The review made no report"), "{none}");
    let long = "ä".repeat(65_401);
    let files = [("report.md", long.as_str())];
    let shown = Post { files: &files, comments: "12\n", head: "abc" }.run()?;
    assert!(shown.contains("The report is too long"), "{}", shown.len());
    let fits = "ä".repeat(65_000);
    let files = [("report.md", fits.as_str())];
    assert!(Post { files: &files, comments: "12\n", head: "abc" }.run()?.contains(&fits));
    Ok(())
}

#[test]
fn posts_nothing_for_a_pull_request_that_has_moved_on() -> TestResult {
    let files = [("state", "changed\n"), ("report.md", "## A\n")];
    assert_eq!(Post { files: &files, comments: "", head: "def" }.run()?, "");
    Ok(())
}
