//! The command `spec-review`.

use std::error::Error;
use std::path::Path;
use std::process::{Command, Output};

const BASE: &str = r#"{"openapi": "3.0.3", "info": {"title": "T", "version": "1.0.0"}, "paths": {"/things": {
    "get": {"parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 100}}],
            "responses": {"200": {"description": "Things."}}}}}}"#;

fn spec_review(folder: &Path, arguments: &[&str]) -> Result<Output, Box<dyn Error>> {
    let program = env!("CARGO_BIN_EXE_spec-review");
    Ok(Command::new(program).args(arguments).current_dir(folder).output()?)
}

fn git(folder: &Path, arguments: &[&str]) -> Result<(), Box<dyn Error>> {
    let mut command = Command::new("git");
    for setting in ["user.name=T", "user.email=t@example.com", "commit.gpgsign=false"] {
        command.args(["-c", setting]);
    }
    let output = command.args(arguments).current_dir(folder).output()?;
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

/// A git repository whose first commit has the old document and whose files have the new one.
fn repository() -> Result<tempfile::TempDir, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    git(folder.path(), &["init", "--quiet"])?;
    std::fs::write(folder.path().join("api.json"), BASE)?;
    git(folder.path(), &["add", "."])?;
    git(folder.path(), &["commit", "--quiet", "--message", "base"])?;
    std::fs::write(folder.path().join("api.json"), BASE.replace("100", "50"))?;
    Ok(folder)
}

fn printed(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn compares_a_revision_with_a_file_in_every_format() -> Result<(), Box<dyn Error>> {
    let folder = repository()?;
    for (format, start) in [
        ("text", "1 break in `GET /things`"),
        ("markdown", "## API review: `HEAD:api.json` → `api.json`"),
        ("json", "{"),
        ("annotations", "::error file=api.json,"),
    ] {
        let output =
            spec_review(folder.path(), &["HEAD:api.json", "api.json", "--format", format])?;
        let (code, shown, errors) = printed(&output);
        assert_eq!(code, Some(1), "{errors}");
        assert!(shown.starts_with(start), "{format}: {shown}");
    }
    let same = spec_review(folder.path(), &["HEAD:api.json", "HEAD:api.json"])?;
    assert_eq!(printed(&same).0, Some(0));
    Ok(())
}

#[test]
fn names_the_file_without_its_revision_in_annotations() -> Result<(), Box<dyn Error>> {
    let folder = repository()?;
    git(folder.path(), &["commit", "--quiet", "--all", "--message", "head"])?;
    let arguments = ["HEAD~1:api.json", "HEAD:api.json", "--format", "annotations"];
    let (_, shown, errors) = printed(&spec_review(folder.path(), &arguments)?);
    assert!(shown.starts_with("::error file=api.json,"), "{shown} {errors}");
    Ok(())
}

#[test]
fn fails_by_level_and_accepts_approvals() -> Result<(), Box<dyn Error>> {
    let folder = repository()?;
    let documents = ["HEAD:api.json", "api.json"];
    let with = |more: &[&str]| spec_review(folder.path(), &[&documents, more].concat());
    assert_eq!(printed(&with(&["--fail-on", "never"])?).0, Some(0));
    let (_, report, _) = printed(&with(&["--format", "json"])?);
    let report: serde_json::Value = serde_json::from_str(&report)?;
    let fingerprint = report.pointer("/findings/0/fingerprint").and_then(|print| print.as_str());
    let entry = format!(
        "[[approval]]\nfingerprint = \"{}\"\nreason = \"agreed\"\n",
        fingerprint.unwrap_or_default()
    );
    std::fs::write(folder.path().join("approvals.toml"), entry)?;
    // The version still has to follow: something changed.
    let (code, shown, _) = printed(&with(&["--approvals", "approvals.toml"])?);
    assert!(shown.starts_with("The only break is approved"), "{shown}");
    assert_eq!(code, Some(1));
    let raised = BASE.replace("100", "50").replace("1.0.0", "1.1.0");
    std::fs::write(folder.path().join("api.json"), raised)?;
    assert_eq!(printed(&with(&["--approvals", "approvals.toml"])?).0, Some(0));
    Ok(())
}

#[test]
fn takes_a_revision_that_looks_like_an_option_for_a_revision() -> Result<(), Box<dyn Error>> {
    let folder = repository()?;
    let revision = "--output=stolen:api.json";
    let (code, _, errors) =
        printed(&spec_review(folder.path(), &["--fail-on", "never", "--", revision, "api.json"])?);
    assert_eq!(code, Some(2), "{errors}");
    assert!(errors.contains("git show --output=stolen:api.json failed"), "{errors}");
    assert!(!folder.path().join("stolen:api.json").exists());
    Ok(())
}

#[test]
fn explains_a_rule() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let (code, shown, _) = printed(&spec_review(folder.path(), &["explain", "max-length"])?);
    assert_eq!(code, Some(0));
    assert!(shown.starts_with("max-length (wire)\n\nThe maximum number of characters changed."));
    let (code, _, errors) = printed(&spec_review(folder.path(), &["explain", "max-width"])?);
    assert_eq!(code, Some(2));
    assert!(errors.starts_with("error: there is no rule `max-width`"), "{errors}");
    Ok(())
}

#[test]
fn rejects_what_it_cannot_read() -> Result<(), Box<dyn Error>> {
    let folder = repository()?;
    for (name, text) in
        [("empty.json", ""), ("list.json", "[1]"), ("page.html", "<p>Not found</p>")]
    {
        std::fs::write(folder.path().join(name), text)?;
    }
    for (documents, expected) in [
        (["HEAD:gone.json", "api.json"], "git show HEAD:gone.json failed"),
        (["gone.json", "api.json"], "cannot read gone.json"),
        (["https://example.com/api.json", "api.json"], "addresses are not fetched"),
        (["api.json", "empty.json"], "empty.json is no OpenAPI document"),
        (["list.json", "api.json"], "list.json is no OpenAPI document"),
        (["page.html", "api.json"], "page.html"),
    ] {
        let (code, _, errors) = printed(&spec_review(folder.path(), &documents)?);
        assert_eq!(code, Some(2), "{errors}");
        assert!(errors.contains(expected), "{errors}");
    }
    Ok(())
}

#[cfg(target_os = "linux")]
#[test]
fn returns_2_when_its_reason_cannot_be_written() -> Result<(), Box<dyn Error>> {
    let full = std::fs::File::options().write(true).open("/dev/full")?;
    let mut command = Command::new(env!("CARGO_BIN_EXE_spec-review"));
    let status = command.args(["gone.json", "gone.json"]).stderr(full).status()?;
    assert_eq!(status.code(), Some(2));
    Ok(())
}
