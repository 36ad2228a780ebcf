//! What the checker accepts also compiles, without a warning of rustdoc, and
//! without a doctest that does not.

use std::path::{Path, PathBuf};
use std::process::Command;

use dbss_codegen::Contract;
use dbss_tests::{random, real_time, root, slow};

/// Cargo on the client alone, generated from the given contract. Without TLS, a
/// combination of features that no other build uses, so that it does not make
/// theirs stale.
fn cargo(command: &[&str], contract: &Path, filter: &[&str]) -> Result<(), String> {
    let output = Command::new(env!("CARGO"))
        .args(command)
        .args([
            "--quiet",
            "--package",
            "dbss-client",
            "--no-default-features",
            "--features",
            "codegen",
        ])
        .args(filter)
        .current_dir(root())
        .env("DBSS_CONTRACT", contract)
        .env("RUSTDOCFLAGS", "--deny warnings")
        .output()
        .map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{}: {}", contract.display(), String::from_utf8_lossy(&output.stderr)))
}

fn good_contracts() -> Vec<PathBuf> {
    let folder = root().join("tests/contracts/good");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty());
    files
}

#[test]
fn compiles_code_of_accepted_contracts() {
    if slow::skips("accepted_contracts_compile", "it builds the client a dozen times") {
        return;
    }
    let _alone = real_time::alone_blocking();
    let folder = tempfile::tempdir().unwrap();
    let mut contracts = good_contracts();
    for seed in 0..4 {
        let path = folder.path().join(format!("random-{seed}.yaml"));
        std::fs::write(&path, random::contract(seed, 24)).unwrap();
        contracts.push(path);
    }
    let failures: Vec<String> =
        contracts.iter().filter_map(|contract| cargo(&["build"], contract, &[]).err()).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    // The one that says everything in its descriptions that Markdown can.
    let nasty =
        good_contracts().into_iter().find(|path| path.ends_with("kitchen-sink.yaml")).unwrap();
    cargo(&["doc", "--no-deps"], &nasty, &[]).unwrap();
    // Only what is generated: the examples written by hand know our contract.
    cargo(&["test", "--doc"], &nasty, &["--", "/out/"]).unwrap();
}

#[test]
fn generates_code_of_random_contracts() {
    for seed in 0..slow::rounds("random_contracts_generate", 60, 10) as u64 {
        let text = random::contract(seed, 6);
        let contract = Contract::parse(format!("random-{seed}"), text.clone())
            .unwrap_or_else(|report| unreachable!("{report}\n{text}"));
        let files = contract.generate().unwrap_or_else(|report| unreachable!("{report}\n{text}"));
        assert!(files.iter().all(|file| file.text.starts_with(dbss_codegen::HEADER)));
    }
}
