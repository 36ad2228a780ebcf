//! Checks the direction of dependencies between the crates of the workspace.

use std::collections::BTreeSet;

use super::Violation;
use super::workspace::{Dependency, Kind, Package, Workspace};
use crate::crate_order::CRATE_ORDER;

/// A dependency that is forbidden, directly and indirectly, although the order allows it.
struct ForbiddenDependency {
    package: &'static str,
    other: &'static str,
    /// Whether it is forbidden in the package's own tests too.
    in_tests: bool,
    why: &'static str,
}

const FORBIDDEN: [ForbiddenDependency; 2] = [
    ForbiddenDependency {
        package: "spec-review",
        other: "dbss-codegen",
        in_tests: false,
        why: "users who compare documents should not have to build progenitor",
    },
    ForbiddenDependency {
        package: "xtask",
        other: "dbss-client",
        in_tests: true,
        why: "it has to work while the contract is broken",
    },
];

pub(super) fn check(workspace: &Workspace) -> Vec<Violation> {
    let mut violations = Vec::new();
    let position = |name: &str| CRATE_ORDER.iter().position(|known| *known == name);
    for package in workspace.members() {
        let Some(own) = position(&package.name) else {
            violations.push(missing_from_order(package));
            continue;
        };
        for dependency in &package.dependencies {
            if position(&dependency.name).is_some_and(|other| other >= own) {
                violations.push(wrong_direction(package, dependency));
            }
        }
    }
    for rule in &FORBIDDEN {
        violations.extend(
            dependency_path(workspace, rule).map(|path| forbidden(rule, &path.join(" -> "))),
        );
    }
    violations
}

fn missing_from_order(package: &Package) -> Violation {
    Violation {
        subject: package.name.clone(),
        rule: "import-direction",
        message: "this crate is missing from the order in which data flows".to_owned(),
        help:
            "add it to CRATE_ORDER in xtask/src/tidy/imports.rs, and describe it in ARCHITECTURE.md"
                .to_owned(),
    }
}

fn wrong_direction(package: &Package, dependency: &Dependency) -> Violation {
    let (name, other) = (&package.name, &dependency.name);
    let kind = match dependency.kind {
        None => "depends on",
        Some(Kind::Dev) => "depends in its tests on",
        Some(Kind::Build) => "depends in its build script on",
    };
    Violation {
        subject: name.clone(),
        rule: "import-direction",
        message: format!(
            "it {kind} {other}, which is not before it in: {}",
            CRATE_ORDER.join(" -> ")
        ),
        help: format!(
            "move the code that both need into a crate before {name}, or pass it in from a crate \
             after {other}"
        ),
    }
}

fn forbidden(rule: &ForbiddenDependency, path: &str) -> Violation {
    let ForbiddenDependency { package, other, why, .. } = rule;
    Violation {
        subject: (*package).to_owned(),
        rule: "import-direction",
        message: format!("it must not depend on {other}, also not indirectly: {path}"),
        help: format!("remove the dependency: {why}"),
    }
}

/// The path by which one crate depends on another, through crates of the workspace. The
/// dev-dependencies of crates in between do not count.
fn dependency_path<'a>(
    workspace: &'a Workspace,
    rule: &ForbiddenDependency,
) -> Option<Vec<&'a str>> {
    let start = workspace.members().find(|package| package.name == rule.package)?;
    let mut seen = BTreeSet::new();
    let mut open = vec![vec![start.name.as_str()]];
    while let Some(path) = open.pop() {
        let Some(&last) = path.last() else { continue };
        if last == rule.other {
            return Some(path);
        }
        let Some(package) = workspace.members().find(|package| package.name == last) else {
            continue;
        };
        for dependency in &package.dependencies {
            let counts = dependency.kind != Some(Kind::Dev) || (rule.in_tests && path.len() == 1);
            if counts && seen.insert(dependency.name.as_str()) {
                open.push([path.as_slice(), &[dependency.name.as_str()]].concat());
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::workspace::TestCrate;
    use super::*;

    /// The violations of these crates.
    fn violations(members: &[TestCrate<'_>]) -> Vec<String> {
        check(&Workspace::of(members)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn accepts_dependencies_on_earlier_crates() {
        let clean = violations(&[
            ("dbss-codegen", &[("serde_json", None)]),
            ("dbss-client", &[("dbss-codegen", Some(Kind::Build))]),
            ("dbss-cli", &[("dbss-client", None), ("dbss-emulator", Some(Kind::Dev))]),
            ("xtask", &[("dbss-codegen", None), ("spec-review", None)]),
        ]);
        assert!(clean.is_empty(), "{clean:#?}");
    }

    #[test]
    fn rejects_dependencies_on_later_crates_and_itself_also_in_tests() {
        for kind in [None, Some(Kind::Dev), Some(Kind::Build)] {
            let found = violations(&[("dbss-client", &[("dbss-emulator", kind)])]);
            assert_eq!(found.len(), 1, "{found:#?}");
            assert!(
                found.iter().all(|message| message.starts_with("dbss-client: [import-direction]"))
            );
        }
        assert_eq!(violations(&[("dbss-cli", &[("dbss-cli", Some(Kind::Dev))])]).len(), 1);
        assert_eq!(violations(&[("dbss-tests", &[("xtask", None)])]).len(), 1);
    }

    #[test]
    fn rejects_a_crate_that_is_missing_from_the_order() {
        let found = violations(&[("dbss-extra", &[])]);
        assert!(
            found.iter().any(|message| message.contains("missing from the order")),
            "{found:#?}"
        );
    }

    #[test]
    fn rejects_xtask_depending_on_the_client_also_indirectly() {
        let found = violations(&[
            ("spec-review", &[("dbss-client", None)]),
            ("dbss-client", &[]),
            ("xtask", &[("spec-review", None)]),
        ]);
        let path = "xtask -> spec-review -> dbss-client";
        assert!(found.iter().any(|message| message.contains(path)), "{found:#?}");
        let found =
            violations(&[("dbss-client", &[]), ("xtask", &[("dbss-client", Some(Kind::Dev))])]);
        assert_eq!(found.len(), 1, "{found:#?}");
        // Dev-dependencies of other crates are not built for it.
        let found = violations(&[
            ("dbss-client", &[]),
            ("dbss-emulator", &[("dbss-client", Some(Kind::Dev))]),
            ("xtask", &[("dbss-emulator", None)]),
        ]);
        assert!(found.is_empty(), "{found:#?}");
    }

    #[test]
    fn rejects_spec_review_depending_on_the_generator_except_in_tests() {
        for (kind, fine) in [(None, false), (Some(Kind::Build), false), (Some(Kind::Dev), true)] {
            let found =
                violations(&[("dbss-codegen", &[]), ("spec-review", &[("dbss-codegen", kind)])]);
            assert_eq!(found.is_empty(), fine, "{found:#?}");
        }
    }
}
