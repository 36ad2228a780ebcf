//! Every operation of every contract is called, as a descriptor and as a method, against a server
//! that records what is sent.

use std::path::Path;

use dbss_client::types::FlatErrorResponse;
use dbss_codegen::Contract;
use dbss_tests::client_crates;
use dbss_tests::contract_calls::compare::differences;
use dbss_tests::contract_calls::document::Document;
use dbss_tests::contract_calls::program::{self, Client};
use dbss_tests::{real_time, root, slow};

use crate::accepted;

/// The operations of the service that cannot be generated, and the rules that say so.
const REFUSED: [(&str, &str); 5] = [
    ("DeleteInstances", "unexpected-body"),
    ("DeleteInstancesNew", "unexpected-body"),
    ("DownloadAuditReport", "media-type"),
    ("DownloadAuditAgentNew", "media-type"),
    ("BatchDeleteResourceTag", "unexpected-body"),
];

fn service() -> String {
    std::fs::read_to_string(root().join("tests/contracts/service/all-operations.yaml")).unwrap()
}

#[test]
fn accepts_all_operations_of_the_service_but_five() {
    let document = Document::parse(&service()).unwrap();
    let operations = document.operations();
    assert_eq!(operations.len(), 173);
    let all = Contract::parse("service", service()).unwrap_err();
    assert_eq!(all.errors().count(), REFUSED.len(), "{all}");
    for (id, rule) in REFUSED {
        let others: Vec<&str> =
            operations.iter().map(|other| other.id).filter(|other| *other != id).collect();
        let alone = Contract::parse(id, document.without(&others)).unwrap_err();
        let rules: Vec<&str> = alone.errors().map(|found| found.rule).collect();
        assert_eq!(rules, [rule], "{alone}");
    }
    let accepted = Contract::parse("service", accepted_service(&document));
    assert!(accepted.is_ok(), "{}", accepted.unwrap_err());
}

fn accepted_service(document: &Document) -> String {
    document.without(&REFUSED.map(|(id, _)| id))
}

#[test]
fn reads_a_list_that_is_null_as_an_empty_one() {
    let body = r#"{"error_code": "DBSS.1", "details": null}"#;
    let response: FlatErrorResponse = serde_json::from_str(body).unwrap();
    assert!(response.details.is_empty());
}

#[test]
fn sends_and_reads_what_the_contract_says_in_every_operation() {
    let test = "sends_and_reads_what_the_contract_says_in_every_operation";
    if slow::skips(test, "it builds the clients of all test contracts") {
        return;
    }
    let _alone = real_time::alone_blocking();
    let service = Document::parse(&service()).unwrap();
    let mut contracts = vec![("service".to_owned(), accepted_service(&service))];
    for folder in ["good", "odd"] {
        for file in accepted::contracts(folder) {
            let name = file.file_stem().unwrap().to_string_lossy().into_owned();
            contracts.push((name, std::fs::read_to_string(file).unwrap()));
        }
    }
    let crates: Vec<_> =
        contracts.iter().map(|(name, text)| accepted::client(name, text.clone())).collect();
    let documents: Vec<_> =
        contracts.iter().map(|(_, text)| Document::parse(text).unwrap()).collect();
    let clients: Vec<_> = contracts
        .iter()
        .zip(&documents)
        .map(|((name, _), document)| Client { name, document })
        .collect();
    let (calls, program, left_out) = program::write(&clients);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("clients");
    std::fs::create_dir_all(&folder).unwrap();
    let instructions = folder.join("calls.json");
    std::fs::write(&instructions, program::instructions(&calls)).unwrap();
    let printed = client_crates::run(&folder, &crates, &program, &instructions);
    let printed = printed.unwrap_or_else(|printed| panic!("{printed}"));
    let printed: Vec<serde_json::Value> =
        printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(printed.len(), calls.len());
    let mut wrong = Vec::new();
    for (call, printed) in calls.iter().zip(&printed) {
        for difference in differences(call, printed) {
            wrong.push(format!("{}: {difference}", call.name));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), calls.len(), wrong.join("\n"));
    // Its smallest body has a thousand million items.
    assert_eq!(left_out, ["recursive: FindGrid"]);
}
