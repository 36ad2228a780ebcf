//! What is wrong within inputs is reported with its path, whichever way it was given.

use std::path::Path;

use dbss_tests::client_crates::{self, Program};
use dbss_tests::{real_time, root, slow};

use crate::accepted;

/// What the program prints for a body that is wrong at every depth.
const PUT: &str = "
  body rules[0].name: has 19 characters, and must have 1 to 8 characters
  body rules[0].conditions[0].values[1]: has 0 characters, and must have 1 to 8 characters
  body rules[0].level: is `MEDIUM`, and must be one of `LOW`, `HIGH`
  body rules[0].weight: is 0, and must be more than 0
  body rules[0].tags[2]: is the same as [0]
  body rules[1].conditions: has 0 items, and must have at least 1 item
  body fallback.name: has 19 characters, and must have 1 to 8 characters
  body fallback.conditions[0].values[1]: has 0 characters, and must have 1 to 8 characters
  body fallback.level: is `MEDIUM`, and must be one of `LOW`, `HIGH`
  body fallback.weight: is 0, and must be more than 0
  body fallback.tags[2]: is the same as [0]
  body labels.a: has 0 characters, and must have 1 to 8 characters
  body grid[0][1]: is 10, and must be at most 9
  body grid[1]: has 3 items, and must have at most 2 items
";

/// What it prints for wrong parameters of a GET.
const LIST: &str = "
  path shelf: has the character '/', which would change the path
  query limit: is 101, and must be at least 1 and at most 100
  query level[1]: is `x`, and must be one of `LOW`, `HIGH`
  query level: has 3 items, and must have at most 2 items
  header X-Language: has 12 characters, and must have 1 to 8 characters
";

/// What it prints for parameters by name that cannot be read.
const UNREADABLE: &str = "
  path shelf: is given more than once
  query limit: does not take `many`
  header X-Language: is given more than once
";

#[test]
fn reports_what_is_wrong_within_inputs_with_its_path() {
    let test = "reports_what_is_wrong_within_inputs_with_its_path";
    if slow::skips(test, "it builds a client and a program that uses it") {
        return;
    }
    let _alone = real_time::alone_blocking();
    let contract = root().join("tests/contracts/good/nested-inputs.yaml");
    let contract = std::fs::read_to_string(contract).unwrap();
    let program = Program {
        name: "nested-inputs-program".to_owned(),
        files: vec![(
            "main.rs".to_owned(),
            include_str!("../src/programs/nested_inputs.rs").to_owned(),
        )],
        clients: vec!["nested-inputs".to_owned()],
    };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("nested-inputs");
    std::fs::create_dir_all(&folder).unwrap();
    let clients = [accepted::client("nested-inputs", contract)];
    let printed = client_crates::run(&folder, &clients, &program, &folder);
    let printed = printed.unwrap_or_else(|printed| panic!("{printed}"));
    let expected = [
        ("put by methods", PUT),
        ("put by name", PUT),
        ("list by methods", LIST),
        ("list by name", LIST),
        ("list that cannot be read", UNREADABLE),
    ];
    let expected = expected.map(|(title, problems)| format!("{title}{problems}")).concat();
    assert_eq!(printed, expected);
}
