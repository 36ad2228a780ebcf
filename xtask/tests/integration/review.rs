//! `.ci/review`: what CI reports on a pull request, from two revisions.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const CONTRACT: &str = "openapi/dbss.yaml";

pub(crate) type TestResult = Result<(), Box<dyn Error>>;

/// A script in `.ci`.
pub(crate) fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../.ci").join(name)
}

/// A repository with a contract on `main`, on a branch `change`.
struct Repository(tempfile::TempDir);

impl Repository {
    fn new() -> Result<Self, Box<dyn Error>> {
        let repository = Self(tempfile::tempdir()?);
        repository.git(&["init", "--quiet", "--initial-branch", "main"])?;
        repository.write("Cargo.lock", "")?;
        repository.write("Cargo.toml", "[workspace.package]\nversion = \"0.1.0\"\n")?;
        repository.write("openapi/README.md", "")?;
        repository.write(CONTRACT, include_str!("../../../openapi/dbss.yaml"))?;
        repository.commit()?;
        repository.git(&["checkout", "--quiet", "-b", "change"])?;
        Ok(repository)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, path: &str, text: &str) -> TestResult {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().ok_or("no parent")?)?;
        Ok(std::fs::write(path, text)?)
    }

    /// Replaces a text in the contract, which has to be there.
    fn edit(&self, from: &str, to: &str) -> TestResult {
        let text = std::fs::read_to_string(self.path().join(CONTRACT))?;
        assert!(text.contains(from), "{from}");
        self.write(CONTRACT, &text.replacen(from, to, 1))
    }

    fn git(&self, arguments: &[&str]) -> TestResult {
        let mut command = Command::new("git");
        for setting in ["user.name=T", "user.email=t@example.com", "commit.gpgsign=false"] {
            command.args(["-c", setting]);
        }
        let output = command.args(arguments).current_dir(self.path()).output()?;
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {errors}");
        Ok(())
    }

    fn commit(&self) -> TestResult {
        self.git(&["add", "--all"])?;
        self.git(&["commit", "--quiet", "--message", "change"])
    }

    fn run(&self, arguments: &[&str]) -> Result<Output, Box<dyn Error>> {
        let mut command = Command::new("bash");
        command.arg(script("review")).args(arguments).current_dir(self.path());
        Ok(command.env("XTASK", env!("CARGO_BIN_EXE_xtask")).output()?)
    }

    /// The state, the verdict's exit code and the report of `change`, for a target.
    fn review(&self, target: &str) -> Result<(String, Option<i32>, String), Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let name = folder.path().to_str().ok_or("not UTF-8")?;
        let output = self.run(&["report", target, "change", name])?;
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{errors}");
        let read = |file: &str| std::fs::read_to_string(folder.path().join(file));
        let verdict = self.run(&["verdict", name])?.status.code();
        Ok((read("state")?.trim().to_owned(), verdict, read("report.md")?))
    }
}

#[test]
fn reports_a_break_with_an_annotation_and_exit_code_1() -> TestResult {
    let repository = Repository::new()?;
    repository.edit("maxLength: 64", "maxLength: 60")?;
    repository.commit()?;
    let (state, verdict, report) = repository.review("main")?;
    assert_eq!((state.as_str(), verdict), ("changed", Some(1)));
    assert!(report.starts_with("## API review: `"), "{report}");
    assert!(report.contains("**1 break in "), "{report}");
    assert!(report.contains("Add its lines to `openapi/approvals.toml`"), "{report}");
    let rehearsed = repository.run(&["rehearse", "main", "change"])?;
    assert_eq!(String::from_utf8(rehearsed.stdout)?, format!("<!-- spec-review -->\n{report}"));
    let folder = repository.path().join("out");
    let name = folder.to_str().ok_or("not UTF-8")?;
    repository.run(&["report", "main", "change", name])?;
    let printed = repository.run(&["verdict", name])?.stdout;
    assert!(String::from_utf8(printed)?.starts_with("::error file=openapi/dbss.yaml,line="));
    Ok(())
}

#[test]
fn compares_with_the_branch_that_a_stacked_change_goes_to() -> TestResult {
    let repository = Repository::new()?;
    repository.edit("maxLength: 64", "maxLength: 60")?;
    repository.commit()?;
    repository.git(&["branch", "below"])?;
    repository.edit("info:", "x-note: a\ninfo:")?;
    repository.commit()?;
    let (state, verdict, report) = repository.review("below")?;
    assert_eq!((state.as_str(), verdict), ("changed", Some(0)), "{report}");
    assert!(report.contains("**Nothing breaks"), "{report}");
    assert_eq!(repository.review("main")?.1, Some(1));
    Ok(())
}

#[test]
fn compares_with_a_release_branch_where_the_change_left_it() -> TestResult {
    let repository = Repository::new()?;
    repository.git(&["checkout", "--quiet", "-b", "release/1.x", "main"])?;
    repository.edit("maxLength: 64", "maxLength: 60")?;
    repository.commit()?;
    repository.git(&["checkout", "--quiet", "-B", "change"])?;
    repository.edit("info:", "x-note: a\ninfo:")?;
    repository.commit()?;
    // What both branches got since then is no part of the change.
    for branch in ["main", "release/1.x"] {
        repository.git(&["checkout", "--quiet", branch])?;
        repository.edit("minLength: 32", "minLength: 31")?;
        repository.commit()?;
    }
    let (state, verdict, report) = repository.review("release/1.x")?;
    assert_eq!((state.as_str(), verdict), ("changed", Some(0)), "{report}");
    assert!(report.contains("**Nothing breaks"), "{report}");
    let (_, verdict, report) = repository.review("main")?;
    assert_eq!(verdict, Some(1));
    assert!(report.contains("**1 break in "), "{report}");
    Ok(())
}

#[test]
fn takes_branches_by_any_name() -> TestResult {
    let repository = Repository::new()?;
    repository.git(&["rm", "--quiet", CONTRACT])?;
    repository.commit()?;
    for name in
        ["--output=stolen", "$(touch${IFS}stolen)", ";touch${IFS}stolen", "`touch`", "a'b\"c", "é"]
    {
        // `git branch` refuses some of them, but a remote may have them.
        repository.git(&["update-ref", &format!("refs/heads/{name}"), "main"])?;
        let (state, verdict, report) = repository.review(name)?;
        assert_eq!((state.as_str(), verdict), ("deleted", Some(1)), "{name}: {report}");
        assert!(!repository.path().join("stolen").exists(), "{name}");
    }
    Ok(())
}

#[test]
fn takes_approvals_of_the_revision() -> TestResult {
    let repository = Repository::new()?;
    repository.edit("maxLength: 64", "maxLength: 60")?;
    repository.commit()?;
    let (_, _, report) = repository.review("main")?;
    let lines = report.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next());
    let lines = lines.ok_or("no lines to paste")?.replace("reason = \"\"", "reason = \"agreed\"");
    repository.write("openapi/approvals.toml", &lines)?;
    // Not committed, so no part of what is reviewed.
    assert!(repository.review("main")?.2.contains("**1 break"));
    repository.commit()?;
    let (_, _, report) = repository.review("main")?;
    assert!(report.contains("break is approved"), "{report}");
    Ok(())
}

#[test]
fn says_that_the_contract_is_as_it_was() -> TestResult {
    let repository = Repository::new()?;
    repository.edit("maxLength: 64", "maxLength: 60")?;
    repository.commit()?;
    repository.edit("maxLength: 60", "maxLength: 64")?;
    repository.commit()?;
    let (state, verdict, report) = repository.review("main")?;
    assert_eq!((state.as_str(), verdict), ("unchanged", Some(0)));
    assert!(report.contains("does not touch the contract"), "{report}");
    Ok(())
}

#[test]
fn says_that_the_contract_was_deleted() -> TestResult {
    let repository = Repository::new()?;
    repository.git(&["rm", "--quiet", CONTRACT])?;
    repository.commit()?;
    let (state, verdict, report) = repository.review("main")?;
    assert_eq!((state.as_str(), verdict), ("deleted", Some(1)));
    assert!(report.contains("The contract was deleted"), "{report}");
    Ok(())
}

#[test]
fn compares_a_renamed_contract_and_says_where_it_is() -> TestResult {
    let repository = Repository::new()?;
    repository.edit("maxLength: 64", "maxLength: 60")?;
    repository.git(&["mv", CONTRACT, "openapi/new name.yaml"])?;
    repository.commit()?;
    let (state, verdict, report) = repository.review("main")?;
    assert_eq!((state.as_str(), verdict), ("renamed", Some(1)));
    assert!(
        report.starts_with("**The contract was renamed to `openapi/new name.yaml`"),
        "{report}"
    );
    assert!(report.contains("**1 break in "), "{report}");
    Ok(())
}

#[test]
fn says_that_the_contract_is_new() -> TestResult {
    let repository = Repository::new()?;
    repository.git(&["checkout", "--quiet", "main"])?;
    repository.git(&["rm", "--quiet", CONTRACT])?;
    repository.commit()?;
    repository.git(&["checkout", "--quiet", "-B", "change"])?;
    repository.write(CONTRACT, include_str!("../../../openapi/dbss.yaml"))?;
    repository.commit()?;
    let (state, verdict, report) = repository.review("main")?;
    assert_eq!((state.as_str(), verdict), ("new", Some(0)));
    assert!(report.contains("The contract is new"), "{report}");
    Ok(())
}

#[test]
fn says_why_a_contract_cannot_be_read() -> TestResult {
    let repository = Repository::new()?;
    repository.edit("info:", "info: [")?;
    repository.commit()?;
    let (state, verdict, report) = repository.review("main")?;
    assert_eq!((state.as_str(), verdict), ("unreadable", Some(2)));
    assert!(report.contains("could not be compared"), "{report}");
    assert!(report.contains("the new document cannot be read"), "{report}");
    Ok(())
}

#[test]
fn rejects_a_revision_that_looks_like_an_option() -> TestResult {
    let repository = Repository::new()?;
    for (target, head) in [("--all", "change"), ("main", "--git-dir"), ("main", "gone")] {
        let output = repository.run(&["rehearse", target, head])?;
        assert_eq!(output.status.code(), Some(2), "{target} {head}");
    }
    Ok(())
}
