//! Operations of an invented service, added to the contract: client, streams, waits and `dbss api`
//! come from the contract that `DBSS_CONTRACT` names, and no source is another.

#[path = "../src/programs/lamps.rs"]
mod lamps;

use std::path::Path;
use std::process::Command;

use dbss_tests::client_crates::{self, Program};
use dbss_tests::{real_time, root, slow};
use scripted_server::ScriptedServer;
use serde_json::{Map, Value};

/// What the program prints.
const PRINTED: &str = r#"listed [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25] of Some(25), in 3 pages
listed by name [21, 22, 23, 24, 25]
  UnderWay [("glow", "WARMING")]
  UnderWay [("glow", "WARMING")]
  Done [("glow", "BRIGHT")]
lit: Some(25), dark: false
  UnderWay [("glow", "WARMING")]
  UnderWay [("glow", "WARMING")]
  Failed [("glow", "BURST")]
burst: Failed, last seen Some(Object {"glow": String("BURST"), "serial": Number(13)})
  UnderWay [("glow", "COOLING")]
  Done [("glow", "DARK")]
dimmed: Some(25), dark: true
dimmed by name: {"glow":"DARK","serial":7}
  UnderWay [("glow", "COOLING")]
  Missing []
  Missing []
gone: Vanished, last seen Some(Object {"glow": String("COOLING"), "serial": Number(13)})
scrapped: ShowLamp: the service responded with 404 Not Found: LAMPS.1: No lamp.
"#;

/// The contract with these additions.
fn contract_with(additions: &str) -> Value {
    let read = |path: &str| -> Value {
        serde_norway::from_str(&std::fs::read_to_string(root().join(path)).unwrap()).unwrap()
    };
    let (mut contract, mut additions) = (read("openapi/dbss.yaml"), read(additions));
    contract["tags"]
        .as_array_mut()
        .unwrap()
        .push(serde_json::json!({ "name": "lamps", "description": "Lamps." }));
    let add = |to: &mut Value, from: &mut Value| {
        let (to, from): (&mut Map<_, _>, &mut Map<_, _>) =
            (to.as_object_mut().unwrap(), from.as_object_mut().unwrap());
        to.append(from);
    };
    add(&mut contract["paths"], &mut additions["paths"]);
    for section in ["parameters", "schemas"] {
        add(&mut contract["components"][section], &mut additions["components"][section]);
    }
    contract
}

// The command is waited for by a thread; the server is another.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn lists_waits_and_deletes_by_operations_that_only_another_contract_has() {
    let name = "lists_waits_and_deletes_by_operations_that_only_another_contract_has";
    if slow::skips(name, "it builds client and command from another contract") {
        return;
    }
    let _alone = real_time::alone().await;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("invented");
    std::fs::create_dir_all(&folder).unwrap();
    let contract = folder.join("contract.yaml");
    // JSON is YAML.
    let text = format!("{:#}\n", contract_with("tests/contracts/additions/lamps.yaml"));
    std::fs::write(&contract, text).unwrap();
    let program = Program {
        name: "invented-program".to_owned(),
        files: vec![
            ("main.rs".to_owned(), include_str!("../src/programs/invented.rs").to_owned()),
            ("lamps.rs".to_owned(), include_str!("../src/programs/lamps.rs").to_owned()),
        ],
        clients: Vec::new(),
    };
    let built = client_crates::build_from(&folder, &contract, &program);
    let built = built.unwrap_or_else(|printed| panic!("{printed}"));
    let output = Command::new(built.join("invented-program")).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(String::from_utf8_lossy(&output.stdout), PRINTED, "{errors}");

    let server = ScriptedServer::with_script(lamps::script()).await.unwrap();
    let rows: [(&[&str], i32, &str, &str); 5] = [
        (
            &["ListLamps", "--room", "attic", "--begin", "23"],
            0,
            "GET /rooms/attic/lamps?begin=23",
            r#""serial":25"#,
        ),
        (&["ShowLamp", "--serial", "7"], 0, "GET /lamps/7", r#""glow":"DARK""#),
        (&["ScrapLamp", "--serial", "7"], 0, "DELETE /lamps/7", r#""status":204"#),
        (&["ShowLamp", "--serial", "7"], 1, "GET /lamps/7", "LAMPS.1"),
        (&["DimLamp", "--body", r#"{"lamp": 8}"#], 0, "POST /dimmings", r#""minutes":1"#),
    ];
    for (arguments, code, line, printed) in rows {
        let before = server.request_count();
        let output = Command::new(built.join("dbss"))
            .args(["api"])
            .args(arguments)
            .args(["--output", "json"])
            .env_clear()
            .env("HOME", &folder)
            .env("DBSS_ENDPOINT", server.endpoint())
            .env("DBSS_TOKEN", "token")
            .env("DBSS_PROJECT_ID", "0123456789abcdef0123456789abcdef")
            .output()
            .unwrap();
        let both = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&both);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {text}");
        assert!(text.contains(printed), "{arguments:?}: {text}");
        let requests = server.requests();
        let [request] = &requests[before..] else { panic!("{arguments:?}: {requests:?}") };
        let path = request.path.replace("/v9/0123456789abcdef0123456789abcdef", "");
        assert_eq!(format!("{} {path}", request.method), line, "{arguments:?}");
    }
}
