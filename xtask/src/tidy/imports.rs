//! The direction of imports between the crates of the workspace.

use std::collections::BTreeSet;

use super::Violation;
use super::workspace::{Dependency, Kind, Package, Workspace};

/// The crates in the order in which data flows. Each imports only what stands before
/// it, in its tests too.
const ORDER: [&str; 11] = [
    "scripted-server",
    "openapi-document",
    "dbss-codegen",
    "spec-review",
    "dbss-client",
    "dbss-emulator",
    "dbss-mocks",
    "dbss-cli",
    "dbss-tests",
    "dbss-benches",
    "xtask",
];

/// What a crate must not get even by way of another, although it stands before it.
struct Apart {
    package: &'static str,
    other: &'static str,
    /// Whether its own tests must not get it either.
    in_tests: bool,
    why: &'static str,
}

const APART: [Apart; 2] = [
    Apart {
        package: "spec-review",
        other: "dbss-codegen",
        in_tests: false,
        why: "who compares documents is not to build progenitor",
    },
    Apart {
        package: "xtask",
        other: "dbss-client",
        in_tests: true,
        why: "it has to work while the contract is broken",
    },
];

pub(super) fn check(workspace: &Workspace) -> Vec<Violation> {
    let mut violations = Vec::new();
    let place = |name: &str| ORDER.iter().position(|known| *known == name);
    for package in workspace.members() {
        let Some(own) = place(&package.name) else {
            violations.push(unplaced(package));
            continue;
        };
        for dependency in &package.dependencies {
            if place(&dependency.name).is_some_and(|other| other >= own) {
                violations.push(backwards(package, dependency));
            }
        }
    }
    for rule in &APART {
        violations.extend(path(workspace, rule).map(|path| apart(rule, &path.join(" -> "))));
    }
    violations
}

fn unplaced(package: &Package) -> Violation {
    Violation {
        place: package.name.clone(),
        rule: "import-direction",
        message: "this crate has no place in the order in which data flows".to_owned(),
        help: "give it one in ORDER of xtask/src/tidy/imports.rs, and say in ARCHITECTURE.md \
               what it is for"
            .to_owned(),
    }
}

fn backwards(package: &Package, dependency: &Dependency) -> Violation {
    let (name, other) = (&package.name, &dependency.name);
    let kind = match dependency.kind {
        None => "depends on",
        Some(Kind::Dev) => "depends in its tests on",
        Some(Kind::Build) => "depends in its build script on",
    };
    Violation {
        place: name.clone(),
        rule: "import-direction",
        message: format!(
            "it {kind} {other}, which does not stand before it in: {}",
            ORDER.join(" -> ")
        ),
        help: format!(
            "move what both need into a crate before {name}, or have a crate after {other} hand \
             it in"
        ),
    }
}

fn apart(rule: &Apart, path: &str) -> Violation {
    let Apart { package, other, why, .. } = rule;
    Violation {
        place: (*package).to_owned(),
        rule: "import-direction",
        message: format!("it must not depend on {other}, not even by way of others: {path}"),
        help: format!("take that dependency out: {why}"),
    }
}

/// How one crate depends on another, through crates of the workspace. What only the
/// tests of those between them need does not count.
fn path<'a>(workspace: &'a Workspace, rule: &Apart) -> Option<Vec<&'a str>> {
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
    use super::super::workspace::MadeUp;
    use super::*;

    /// What is said of made-up crates.
    fn said(members: &[MadeUp<'_>]) -> Vec<String> {
        check(&Workspace::of(members)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn accepts_imports_of_what_stands_before() {
        let clean = said(&[
            ("dbss-codegen", &[("serde_json", None)]),
            ("dbss-client", &[("dbss-codegen", Some(Kind::Build))]),
            ("dbss-cli", &[("dbss-client", None), ("dbss-emulator", Some(Kind::Dev))]),
            ("xtask", &[("dbss-codegen", None), ("spec-review", None)]),
        ]);
        assert!(clean.is_empty(), "{clean:#?}");
    }

    #[test]
    fn rejects_imports_of_what_stands_after_or_beside_in_tests_too() {
        for kind in [None, Some(Kind::Dev), Some(Kind::Build)] {
            let found = said(&[("dbss-client", &[("dbss-emulator", kind)])]);
            assert_eq!(found.len(), 1, "{found:#?}");
            assert!(found.iter().all(|said| said.starts_with("dbss-client: [import-direction]")));
        }
        assert_eq!(said(&[("dbss-cli", &[("dbss-cli", Some(Kind::Dev))])]).len(), 1);
        assert_eq!(said(&[("dbss-tests", &[("xtask", None)])]).len(), 1);
    }

    #[test]
    fn rejects_a_crate_without_a_place() {
        let found = said(&[("dbss-extra", &[])]);
        assert!(found.iter().any(|said| said.contains("no place")), "{found:#?}");
    }

    #[test]
    fn rejects_the_client_in_xtask_even_by_way_of_another() {
        let found = said(&[
            ("spec-review", &[("dbss-client", None)]),
            ("dbss-client", &[]),
            ("xtask", &[("spec-review", None)]),
        ]);
        let way = "xtask -> spec-review -> dbss-client";
        assert!(found.iter().any(|said| said.contains(way)), "{found:#?}");
        let found = said(&[("dbss-client", &[]), ("xtask", &[("dbss-client", Some(Kind::Dev))])]);
        assert_eq!(found.len(), 1, "{found:#?}");
        // The tests of another crate are not built for it.
        let found = said(&[
            ("dbss-client", &[]),
            ("dbss-emulator", &[("dbss-client", Some(Kind::Dev))]),
            ("xtask", &[("dbss-emulator", None)]),
        ]);
        assert!(found.is_empty(), "{found:#?}");
    }

    #[test]
    fn rejects_the_generator_in_spec_review_except_in_its_tests() {
        for (kind, fine) in [(None, false), (Some(Kind::Build), false), (Some(Kind::Dev), true)] {
            let found = said(&[("dbss-codegen", &[]), ("spec-review", &[("dbss-codegen", kind)])]);
            assert_eq!(found.is_empty(), fine, "{found:#?}");
        }
    }
}
