//! Snapshots of what the contract produces: types, signatures, bytes on the
//! wire, and the diagnostics of contracts that are wrong.
//!
//! `cargo xtask regen` accepts them. A snapshot that nothing produces any more is
//! refused, and removed when snapshots are accepted.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use dbss_client::SOURCES;
use dbss_codegen::Contract;
use dbss_tests::{Snapshot, root, rust, wire};

fn source(name: &str) -> &'static str {
    SOURCES.iter().find(|(file, _)| *file == name).unwrap().1
}

/// Every generated type, those that replace progenitor's included.
fn types() -> Vec<Snapshot> {
    let mut snapshots = rust::types(source("raw.rs"));
    snapshots.extend(rust::types(source("enums.rs")));
    snapshots
}

/// Every public item of the client that has a signature, in both layers.
fn signatures() -> Vec<Snapshot> {
    let raw = source("raw.rs");
    let mut snapshots = rust::signatures(raw, &[], "raw_");
    snapshots.extend(rust::signatures(raw, &["builder"], "raw_builder_"));
    snapshots.extend(rust::signatures(raw, &["types", "builder"], "raw_types_builder_"));
    snapshots.extend(rust::signatures(raw, &["types", "error"], "raw_types_error_"));
    snapshots.extend(rust::signatures(source("operations.rs"), &[], "facade_"));
    snapshots.extend(rust::signatures(source("contract.rs"), &[], "descriptors_"));
    snapshots
}

/// What is said of each bad contract.
fn diagnostics() -> Vec<Snapshot> {
    let folder = root().join("tests/contracts/bad");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
        .iter()
        .map(|path| {
            let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            // Lossy, as a contract may be bad by its bytes.
            let text = String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
            let said = match Contract::parse(&name, text) {
                Ok(contract) => panic!("{name} is accepted: {}", contract.warnings()),
                Err(report) => format!("{report}\n\n{}\n", report.summary()),
            };
            (stem, said)
        })
        .collect()
}

fn wire() -> Vec<Snapshot> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(wire::snapshots()).unwrap()
}

type Suite = (&'static str, LazyLock<Vec<Snapshot>>);

/// Each suite has a folder of its own, and is made once.
static SUITES: [Suite; 4] = [
    ("types", LazyLock::new(types)),
    ("signatures", LazyLock::new(signatures)),
    ("wire", LazyLock::new(wire)),
    ("diagnostics", LazyLock::new(diagnostics)),
];

fn suite(wanted: &str) -> &'static [Snapshot] {
    &SUITES.iter().find(|(name, _)| *name == wanted).unwrap().1
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots")
}

fn assert_suite(wanted: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path(folder().join(wanted));
    let _guard = settings.bind_to_scope();
    let mut changed = Vec::new();
    for (name, content) in suite(wanted) {
        // Every change is shown, not only the first.
        if std::panic::catch_unwind(|| insta::assert_snapshot!(name.as_str(), content)).is_err() {
            changed.push(name);
        }
    }
    assert!(changed.is_empty(), "these changed: {changed:#?}\nif that is meant: cargo xtask regen");
}

#[test]
fn matches_snapshots_of_types() {
    assert_suite("types");
}

#[test]
fn matches_snapshots_of_signatures() {
    assert_suite("signatures");
}

#[test]
fn matches_snapshots_of_wire() {
    for (name, content) in suite("wire") {
        assert!(!content.contains(wire::TOKEN), "{name} holds the token");
    }
    assert_suite("wire");
}

#[test]
fn matches_snapshots_of_diagnostics() {
    assert_suite("diagnostics");
}

#[test]
fn rejects_orphaned_snapshots() {
    let mut orphans = files(&folder());
    for (folder, suite) in &SUITES {
        for (name, _) in suite.iter() {
            orphans.remove(&format!("{folder}/{name}.snap"));
        }
    }
    if std::env::var("INSTA_UPDATE").is_ok_and(|mode| mode == "always") {
        for orphan in std::mem::take(&mut orphans) {
            std::fs::remove_file(folder().join(orphan)).unwrap();
        }
    }
    assert!(
        orphans.is_empty(),
        "nothing produces these: {orphans:#?}\nto remove them: cargo xtask regen"
    );
}

/// The snapshot files, as `suite/name.snap`.
fn files(folder: &Path) -> BTreeSet<String> {
    let entries = |folder: &Path| {
        let entries = std::fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().path()).collect::<Vec<_>>()
    };
    let suites = entries(folder).into_iter().filter(|path| path.is_dir());
    suites
        .flat_map(|suite| entries(&suite))
        .filter(|path| path.extension().is_some_and(|extension| extension == "snap"))
        .map(|path| {
            let parts: Vec<_> = path.strip_prefix(folder).unwrap().iter().collect();
            parts.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
        })
        .collect()
}
