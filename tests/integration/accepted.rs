//! What the checker accepts also compiles, without a warning of rustdoc, and
//! without a doctest that does not.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use dbss_codegen::Contract;
use dbss_tests::client_crates::{self, ClientCrate};
use dbss_tests::{random, real_time, root, say, slow};

/// Cargo on the client alone, generated from the contract that the variable names. Without TLS, a
/// combination of features that no other build uses, so that it does not make theirs stale.
fn cargo(
    command: &[&str],
    contract: &str,
    started_in: &Path,
    filter: &[&str],
) -> Result<(), String> {
    let output = Command::new(env!("CARGO"))
        .args(command)
        .args(["--quiet", "--package", "dbss-client"])
        .args(["--no-default-features", "--features", "codegen"])
        .arg("--manifest-path")
        .arg(root().join("Cargo.toml"))
        .args(filter)
        .current_dir(started_in)
        // As a shell does it.
        .env("PWD", started_in)
        .env("DBSS_CONTRACT", contract)
        .env("RUSTDOCFLAGS", "--deny warnings")
        .output()
        .map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{contract}: {}", String::from_utf8_lossy(&output.stderr)))
}

/// The contracts in a folder below `tests/contracts`.
pub(crate) fn contracts(folder: &str) -> Vec<PathBuf> {
    let folder = root().join("tests/contracts").join(folder);
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty());
    files
}

/// A client of a contract that the lint accepts.
pub(crate) fn client(name: &str, text: String) -> ClientCrate {
    let contract = Contract::parse(name, text).unwrap_or_else(|report| panic!("{report}"));
    let files = contract.generate().unwrap_or_else(|report| panic!("{report}"));
    ClientCrate {
        name: name.to_owned(),
        files: files.into_iter().map(|file| (file.name.to_owned(), file.text)).collect(),
    }
}

/// The methods that the client has whatever the contract.
fn methods_of_the_client() -> BTreeSet<String> {
    let mut names = BTreeSet::from(["clone".to_owned()]);
    let mut left = vec![root().join("crates/dbss-client/src")];
    while let Some(path) = left.pop() {
        if path.is_dir() {
            let inner = std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path());
            left.extend(inner.filter(|path| !path.ends_with("generated")));
            continue;
        }
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        for item in syn::parse_file(&std::fs::read_to_string(&path).unwrap()).unwrap().items {
            let syn::Item::Impl(block) = item else { continue };
            let syn::Type::Path(path) = &*block.self_ty else { continue };
            if block.trait_.is_some() || !path.path.is_ident("Client") {
                continue;
            }
            names.extend(block.items.iter().filter_map(|item| match item {
                syn::ImplItem::Fn(method) => Some(method.sig.ident.to_string()),
                _ => None,
            }));
        }
    }
    names
}

#[test]
fn rejects_operations_that_are_called_like_methods_of_the_client() {
    let names = methods_of_the_client();
    assert!(names.contains("builder") && names.contains("endpoint") && names.contains("region"));
    let minimal =
        std::fs::read_to_string(root().join("tests/contracts/good/minimal.yaml")).unwrap();
    for name in names {
        let text = minimal.replace("operationId: Ping", &format!("operationId: {name}"));
        assert_ne!(text, minimal);
        let report = Contract::parse("contract.yaml", text).unwrap_err().to_string();
        assert!(report.contains("error[reserved-operation-id]"), "{name}: {report}");
    }
}

#[test]
fn compiles_code_of_accepted_contracts_without_warnings() {
    if slow::skips(
        "compiles_code_of_accepted_contracts_without_warnings",
        "it compiles many clients",
    ) {
        return;
    }
    let _alone = real_time::alone_blocking();
    let mut clients = Vec::new();
    for path in ["good", "odd"].into_iter().flat_map(contracts) {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        clients.push(client(&name, std::fs::read_to_string(path).unwrap()));
    }
    for seed in 0..16 {
        clients.push(client(&format!("random-{seed}"), random::contract(seed, 24)));
    }
    check(&clients);
}

fn check(clients: &[ClientCrate]) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("clients");
    client_crates::check(&folder, clients).unwrap_or_else(|printed| panic!("{printed}"));
}

/// The seeds of the odd contracts. `PROPTEST_RNG_SEED` is another first one, `PROPTEST_CASES`
/// another number of them.
fn odd_seeds(count: u64) -> std::ops::Range<u64> {
    let variable = |name| std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok());
    let first = variable("PROPTEST_RNG_SEED").unwrap_or(0);
    first..first.saturating_add(variable("PROPTEST_CASES").unwrap_or(count))
}

/// The odd contracts that the lint accepts, and their seeds. There are too few to find anything if
/// most are rejected.
fn accepted_odd_contracts(seeds: std::ops::Range<u64>) -> Vec<(u64, Contract)> {
    let (mut accepted, mut rejected) = (Vec::new(), BTreeMap::new());
    let made = usize::try_from(seeds.end - seeds.start).unwrap();
    for seed in seeds {
        match Contract::parse("odd", random::odd::contract(seed)) {
            Ok(contract) => accepted.push((seed, contract)),
            Err(report) => {
                for rule in report.errors().map(|found| found.rule).collect::<BTreeSet<_>>() {
                    *rejected.entry(rule).or_insert(0) += 1;
                }
            }
        }
    }
    assert!(accepted.len() * 3 > made * 2, "{} of {made}: {rejected:?}", accepted.len());
    accepted
}

#[test]
fn generates_code_of_odd_contracts_that_are_accepted() {
    let count = slow::rounds("generates_code_of_odd_contracts_that_are_accepted", 600, 100);
    for (seed, contract) in accepted_odd_contracts(odd_seeds(count as u64)) {
        let failed = |report| -> Vec<_> {
            panic!("seed {seed}: {report}\n{}", contract.document().text());
        };
        contract.generate().unwrap_or_else(failed);
        if let Err(report) = contract.generate_mocks() {
            panic!("seed {seed}: {report}\n{}", contract.document().text());
        }
    }
}

/// How many odd contracts are compiled by one call of cargo: the files of a batch replace those of
/// the one before.
const BATCH: usize = 50;

#[test]
fn compiles_code_of_odd_contracts_without_warnings() {
    let test = "compiles_code_of_odd_contracts_without_warnings";
    if slow::skips(test, "it compiles hundreds of clients") {
        return;
    }
    let _alone = real_time::alone_blocking();
    let accepted = accepted_odd_contracts(odd_seeds(260));
    for batch in accepted.chunks(BATCH) {
        let clients = batch.iter().enumerate().map(|(index, (_, contract))| {
            client(&format!("odd-{index}"), contract.document().text().to_owned())
        });
        let seeds: Vec<u64> = batch.iter().map(|(seed, _)| *seed).collect();
        say(&format!("{test}: odd-0 and so on have the seeds {seeds:?}"));
        check(&clients.collect::<Vec<_>>());
    }
}

#[test]
fn documents_an_accepted_contract_without_warnings_or_doctests() {
    let test = "documents_an_accepted_contract_without_warnings_or_doctests";
    if slow::skips(test, "it builds the client from another contract") {
        return;
    }
    let _alone = real_time::alone_blocking();
    // The one that says everything in its descriptions that Markdown can.
    let (root, nasty) = (root(), "tests/contracts/good/kitchen-sink.yaml");
    cargo(&["build"], nasty, &root, &[]).unwrap();
    cargo(&["doc", "--no-deps"], nasty, &root, &[]).unwrap();
    // Only what is generated: the examples written by hand know our contract.
    cargo(&["test", "--doc"], nasty, &root, &["--", "/out/"]).unwrap();
}

#[test]
fn builds_from_the_contract_that_the_variable_names() {
    let test = "builds_from_the_contract_that_the_variable_names";
    if slow::skips(test, "it builds the client from other contracts") {
        return;
    }
    let _alone = real_time::alone_blocking();
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().canonicalize().unwrap();
    // Relative to where cargo was started.
    let minimal = root().join("tests/contracts/good/minimal.yaml");
    std::fs::copy(minimal, folder.join("minimal.yaml")).unwrap();
    cargo(&["check"], "minimal.yaml", &folder, &[]).unwrap();
    // Empty is unset.
    cargo(&["check"], "", &folder, &[]).unwrap();

    let failure = cargo(&["check"], "missing.yaml", &folder, &[]).unwrap_err();
    let path = folder.join("missing.yaml").display().to_string();
    for part in ["DBSS_CONTRACT", "cannot read", "No such file", path.as_str()] {
        assert!(failure.contains(part), "{part}: {failure}");
    }
    let absolute = cargo(&["check"], &path, &root(), &[]).unwrap_err();
    assert!(absolute.contains("the environment variable DBSS_CONTRACT names it"), "{absolute}");
    // What is wrong with a contract is shown under the name that was given.
    std::fs::write(folder.join("wrong.yaml"), "openapi: 3.1.0\n").unwrap();
    let wrong = cargo(&["check"], "wrong.yaml", &folder, &[]).unwrap_err();
    let mut lines = wrong.lines().map(str::trim_start);
    assert!(lines.any(|line| line.starts_with("wrong.yaml:1:")), "{wrong}");
}

#[test]
fn generates_code_of_random_contracts() {
    for seed in 0..slow::rounds("generates_code_of_random_contracts", 60, 10) as u64 {
        let text = random::contract(seed, 6);
        let contract = Contract::parse(format!("random-{seed}"), text.clone())
            .unwrap_or_else(|report| unreachable!("{report}\n{text}"));
        let files = contract.generate().unwrap_or_else(|report| unreachable!("{report}\n{text}"));
        assert!(files.iter().all(|file| file.text.starts_with(dbss_codegen::HEADER)));
    }
}
