//! The table of settings in the README, compared with the command line and the library's
//! builder; and each variable in it has an effect.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::dbss::{Dbss, emulator};

/// A row of the table: what stands in backticks, by column.
struct Row {
    flags: Vec<String>,
    variables: Vec<String>,
    methods: Vec<String>,
}

fn readme() -> &'static str {
    include_str!("../../README.md")
}

fn in_backticks(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The rows of the first table below a heading that begins in that way.
fn rows(first_columns: &str) -> Vec<Row> {
    let (_, table) = readme().split_once(first_columns).unwrap();
    let lines = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let row = |line: &str| {
        let cells: Vec<_> = line.trim_matches('|').split('|').map(in_backticks).collect();
        let [_, flags, variables, methods] = <[_; 4]>::try_from(cells).unwrap();
        Row { flags, variables, methods }
    };
    lines.map(row).collect()
}

fn settings() -> Vec<Row> {
    rows("| setting | flag | environment | `ClientBuilder` |")
}

/// The global options of the help: flag and text, `[env: …]` included.
fn global_options() -> Vec<(String, String)> {
    let help = Dbss::new(&["regions", "--help"]).run().stdout;
    let (_, options) = help.split_once("Global options:\n").unwrap();
    let mut found: Vec<(String, String)> = Vec::new();
    for line in options.lines() {
        let line = line.trim();
        match line.split_whitespace().find(|word| word.starts_with("--")) {
            Some(flag) if line.starts_with('-') => {
                found.push((flag.trim_end_matches("...").to_owned(), String::new()));
            }
            _ => {
                let Some((_, text)) = found.last_mut() else { continue };
                *text = format!("{text} {line}");
            }
        }
    }
    found
}

/// The variables that the help of an option names.
fn variables_of(text: &str) -> BTreeSet<String> {
    let named = text.split_once("[env: ").and_then(|(_, rest)| rest.split_once(']'));
    let variables = named.map(|(list, _)| list.split(',').map(|name| name.trim().to_owned()));
    variables.into_iter().flatten().collect()
}

#[test]
fn documents_each_global_option_with_its_variables() {
    let settings = settings();
    assert!(settings.len() > 10, "{}", settings.len());
    let options = global_options();
    let mut documented = BTreeSet::new();
    for row in &settings {
        for flag in &row.flags {
            assert!(documented.insert(flag.clone()), "{flag} is documented twice");
            let option = options.iter().find(|(option, _)| option == flag);
            let (_, text) = option.unwrap_or_else(|| panic!("{flag} is not an option"));
            let in_table: BTreeSet<_> = row.variables.iter().cloned().collect();
            assert_eq!(variables_of(text), in_table, "{flag}: {text}");
        }
    }
    // These are not about the client: no variable, and no method of the builder.
    let own = ["--output", "--dry-run", "--quiet", "--verbose"].map(str::to_owned);
    let all: BTreeSet<_> = options.into_iter().map(|(flag, _)| flag).collect();
    let expected: BTreeSet<_> = documented.into_iter().chain(own).collect();
    assert_eq!(all, expected);
}

#[test]
fn documents_each_method_of_the_builder() {
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/../dbss-client/src/builder.rs");
    let Ok(source) = std::fs::read_to_string(source) else {
        eprintln!("skipped: the client's source is not beside this crate");
        return;
    };
    let methods = source.lines().filter_map(|line| {
        let (name, rest) = line.trim().strip_prefix("pub fn ")?.split_once('(')?;
        rest.starts_with("mut self").then(|| name.to_owned())
    });
    let methods: BTreeSet<String> = methods.collect();
    let settings: BTreeSet<_> = settings().into_iter().flat_map(|row| row.methods).collect();
    let (_, left) = readme().split_once("No option of the command are ").unwrap();
    let (left, _) = left.split_once("\n\n").unwrap();
    let left: BTreeSet<_> = in_backticks(left).into_iter().collect();
    assert!(settings.is_disjoint(&left));
    assert_eq!(settings.union(&left).cloned().collect::<BTreeSet<_>>(), methods);
}

/// A value for each variable that the command refuses, and what its message has.
const REFUSED: [(&str, &str, &str); 20] = [
    ("SSL_CERT_FILE", "/no/such/file", "SSL_CERT_FILE"),
    ("DBSS_REGION", "nowhere", "nowhere"),
    ("DBSS_ENDPOINT", "ftp://dbss.example.com", "ftp"),
    ("HUAWEICLOUD_SDK_REGION_DBSS_<REGION>", "ftp://dbss.example.com", "ftp"),
    ("HUAWEICLOUD_SDK_IAM_ENDPOINT", "ftp://iam.example.com", "ftp"),
    ("DBSS_PLAIN_HTTP", "perhaps", "DBSS_PLAIN_HTTP"),
    ("DBSS_PROJECT_ID", "short", "5 characters"),
    ("HUAWEICLOUD_SDK_PROJECT_ID", "short", "5 characters"),
    ("DBSS_TOKEN", "a\nb", "the token"),
    ("DBSS_USER", "somebody", "DBSS_ACCOUNT"),
    ("DBSS_ACCOUNT", "an-account", "DBSS_USER"),
    ("DBSS_PASSWORD", "pa55", "DBSS_USER"),
    ("HUAWEICLOUD_SDK_AK", "key", "HUAWEICLOUD_SDK_SK"),
    ("HUAWEICLOUD_SDK_SK", "s3cret", "HUAWEICLOUD_SDK_AK"),
    ("HUAWEICLOUD_SDK_CREDENTIALS_FILE", "/no/such/file", "/no/such/file"),
    ("DBSS_TIMEOUT", "soon", "DBSS_TIMEOUT"),
    ("DBSS_ATTEMPT_TIMEOUT", "0s", "DBSS_ATTEMPT_TIMEOUT"),
    ("DBSS_CONNECT_TIMEOUT", "soon", "DBSS_CONNECT_TIMEOUT"),
    ("DBSS_RETRIES", "1001", "DBSS_RETRIES"),
    ("DBSS_MAX_RESPONSE_BYTES", "1 MiB", "DBSS_MAX_RESPONSE_BYTES"),
];

#[tokio::test(flavor = "multi_thread")]
async fn reads_each_documented_variable() {
    let emulator = emulator().await;
    let documented: BTreeSet<_> = settings().into_iter().flat_map(|row| row.variables).collect();
    let tried = REFUSED.iter().map(|(variable, _, _)| (*variable).to_owned());
    // Those of other tests: a temporary key, proxies, the metadata service.
    let others = [
        "HUAWEICLOUD_SDK_SECURITY_TOKEN",
        "HTTPS_PROXY",
        "HTTP_PROXY",
        "ALL_PROXY",
        "NO_PROXY",
        "DBSS_METADATA",
    ];
    assert_eq!(tried.chain(others.map(str::to_owned)).collect::<BTreeSet<_>>(), documented);
    for (variable, value, part) in REFUSED {
        let variable = variable.replace("<REGION>", "CN_NORTH_4");
        let credentials = ["DBSS_TOKEN", "DBSS_USER", "DBSS_ACCOUNT", "DBSS_PASSWORD"];
        let credentials = credentials.contains(&&*variable) || variable.contains("SDK_AK");
        let credentials =
            credentials || variable.contains("_SK") || variable.contains("CREDENTIALS_FILE");
        let mut run = Dbss::with(&emulator, &["instance", "stop", emulator.instance_id()]);
        if credentials {
            run = run.without("DBSS_TOKEN");
        }
        if variable.contains("REGION") {
            run = run.without("DBSS_ENDPOINT").env("DBSS_REGION", "cn-north-4");
        }
        if variable.contains("PROJECT_ID") {
            run = run.without("DBSS_PROJECT_ID");
        }
        // An empty one counts as not set, whatever it is.
        let ran = run.env(&variable, value).json();
        let expected = if credentials { 4 } else { 2 };
        assert_eq!(ran.code, expected, "{variable}: {}", ran.stderr);
        assert!(ran.stderr.contains(part), "{variable}: {}", ran.stderr);
    }
    assert!(emulator.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn treats_empty_variables_as_not_set() {
    let emulator = emulator().await;
    let variables = REFUSED.iter().map(|(variable, _, _)| *variable);
    let given = ["DBSS_ENDPOINT", "DBSS_TOKEN", "DBSS_PROJECT_ID"];
    let mut run = Dbss::with(&emulator, &["instance", "stop", emulator.instance_id()]);
    for variable in variables.filter(|variable| !given.contains(variable)) {
        run = run.env(&variable.replace("<REGION>", "CN_NORTH_4"), "");
    }
    let ran = run.run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn prefers_flags_to_variables() {
    let emulator = emulator().await;
    for (flag, value, variable) in [
        ("--timeout", "20s", "DBSS_TIMEOUT"),
        ("--attempt-timeout", "20s", "DBSS_ATTEMPT_TIMEOUT"),
        ("--connect-timeout", "20s", "DBSS_CONNECT_TIMEOUT"),
        ("--retries", "1", "DBSS_RETRIES"),
        ("--max-response-bytes", "1000", "DBSS_MAX_RESPONSE_BYTES"),
    ] {
        emulator.reset();
        let ran = Dbss::with(&emulator, &["instance", "stop", emulator.instance_id()])
            .env(variable, "not a value")
            .and(&[flag, value])
            .run();
        assert_eq!(ran.code, 0, "{flag}: {}", ran.stderr);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_the_response_and_the_retries_by_flag_or_variable() {
    let emulator = emulator().await;
    let stop = || Dbss::with(&emulator, &["instance", "stop", emulator.instance_id()]);
    for run in
        [stop().env("DBSS_MAX_RESPONSE_BYTES", "5"), stop().and(&["--max-response-bytes", "5"])]
    {
        emulator.reset();
        let ran = run.json();
        assert_eq!(ran.kind(), ("invalid_response".into(), 5), "{}", ran.stderr);
    }
    let throttle = dbss_emulator::Fault::throttle(dbss_emulator::RetryAfter::Seconds(0));
    emulator.reset();
    emulator.add_fault(throttle.forever());
    let line = ["instance", "stop", emulator.instance_id()];
    let ran = Dbss::with(&emulator, &line).env("DBSS_RETRIES", "1").json();
    assert_eq!(ran.error().get("attempts"), Some(&Value::from(2)));
}

#[tokio::test(flavor = "multi_thread")]
async fn refuses_clear_text_unless_it_is_asked_for_by_name() {
    let emulator = emulator().await;
    let dry_run = || {
        Dbss::with(&emulator, &["instance", "stop", emulator.instance_id(), "--dry-run"])
            .env("DBSS_ENDPOINT", "http://dbss.example.com")
    };
    let refused = dry_run().json();
    assert_eq!(refused.kind(), ("invalid_input".into(), 2));
    assert!(refused.stderr.contains("--plain-http"), "{}", refused.stderr);
    for run in [
        dry_run().and(&["--plain-http"]),
        dry_run().env("DBSS_PLAIN_HTTP", "1"),
        dry_run().env("DBSS_PLAIN_HTTP", "true"),
    ] {
        let ran = run.json();
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let url = ran.result().get("url").and_then(Value::as_str).unwrap().to_owned();
        assert!(url.starts_with("http://dbss.example.com/"), "{url}");
    }
    for no in ["0", "false"] {
        assert_eq!(dry_run().env("DBSS_PLAIN_HTTP", no).json().code, 2);
    }
    // The address of IAM likewise.
    let iam = dry_run().without("DBSS_ENDPOINT").env("DBSS_REGION", "cn-north-4");
    let refused = iam.and(&["--iam-endpoint", "http://iam.example.com"]).json();
    assert_eq!(refused.kind(), ("invalid_input".into(), 2));
    for part in ["--iam-endpoint", "--plain-http"] {
        assert!(refused.stderr.contains(part), "{}", refused.stderr);
    }
}

#[test]
fn takes_addresses_with_and_without_a_scheme_wherever_they_are_given() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("profiles");
    let file = file.to_str().unwrap();
    let run = || {
        Dbss::new(&["instance", "stop", "1d07f606-92d2-441c-b05c-dca47e180552", "--dry-run"])
            .env("DBSS_PROJECT_ID", "0123456789abcdef0123456789abcdef")
    };
    let token = || run().env("DBSS_TOKEN", "token");
    for (address, expected) in [
        ("dbss.example.com", "https://dbss.example.com/"),
        ("dbss.example.com:8443", "https://dbss.example.com:8443/"),
        ("https://dbss.example.com/", "https://dbss.example.com/"),
        ("HTTPS://DBSS.example.com", "https://dbss.example.com/"),
        ("dbss.example.com/path", "https://dbss.example.com/path/"),
    ] {
        let profile =
            format!("[basic]\nak = AK\nsk = SK\nendpoint = {address}\niam_endpoint = {address}\n");
        std::fs::write(file, profile).unwrap();
        let region = "HUAWEICLOUD_SDK_REGION_DBSS_CN_NORTH_4";
        for (name, run) in [
            ("flag", token().and(&["--endpoint", address])),
            ("variable", token().env("DBSS_ENDPOINT", address)),
            ("region", token().env("DBSS_REGION", "cn-north-4").env(region, address)),
            ("profile", run().and(&["--profile", file])),
            ("IAM", token().and(&["--endpoint", address, "--iam-endpoint", address])),
            (
                "IAM variable",
                token().and(&["--endpoint", address]).env("HUAWEICLOUD_SDK_IAM_ENDPOINT", address),
            ),
        ] {
            let ran = run.json();
            assert_eq!(ran.code, 0, "{name} {address}: {}", ran.stderr);
            let result: Value = serde_json::from_str(&ran.stdout).unwrap();
            let url = result.get("url").and_then(Value::as_str).unwrap();
            assert!(url.starts_with(expected), "{name} {address}: {url}");
        }
    }
}
