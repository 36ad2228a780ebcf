//! Help of each command, and command lines that clap rejects.

use crate::dbss::{Dbss, assert_snapshot};

#[test]
fn prints_help_of_each_command() {
    for (name, line) in [
        ("help", &["--help"][..]),
        ("help-short", &["-h"]),
        ("help-instance", &["instance", "-h"]),
        ("help-instance-list", &["instance", "list", "-h"]),
        ("help-instance-stop", &["instance", "stop", "-h"]),
        ("help-policy", &["policy", "-h"]),
        ("help-policy-list", &["policy", "list", "-h"]),
        ("help-policy-disable", &["policy", "disable", "-h"]),
        ("help-api", &["api", "-h"]),
        ("help-whoami", &["whoami", "-h"]),
        ("help-regions", &["regions", "-h"]),
        ("help-profiles", &["profiles", "-h"]),
        ("help-completions", &["completions", "-h"]),
    ] {
        let ran = Dbss::new(line).run();
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{name}");
        assert_snapshot(name, &ran.transcript());
    }
}

#[test]
fn fits_the_list_of_operations_into_the_terminal() {
    for columns in ["50", "80", "200"] {
        let ran = Dbss::new(&["api", "-h"]).env("COLUMNS", columns).run();
        let (list, _) = ran.stdout.split_once("Options:").unwrap();
        for line in list.lines() {
            assert!(fits(line, columns.parse().unwrap()), "{columns}: {line}");
        }
    }
}

/// Whether the line is no wider than that, or ends in a word that does not fit where descriptions
/// begin, after the gap of two spaces.
fn fits(line: &str, columns: usize) -> bool {
    let before_last_word = line.trim_end_matches(|c| c != ' ');
    line.chars().count() <= columns || before_last_word.ends_with("  ")
}

#[test]
fn prints_help_of_each_operation() {
    for operation in dbss_client::contract::API.operations {
        let ran = Dbss::new(&["api", operation.id, "--help"]).run();
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{}", operation.id);
        assert_snapshot(&format!("help-api-{}", operation.id), &ran.transcript());
    }
}

#[test]
fn understands_help_and_version_as_commands() {
    for (words, flag) in [
        (&["help"][..], &["--help"][..]),
        (&["help", "instance"], &["instance", "--help"]),
        (&["help", "policy", "disable"], &["policy", "disable", "--help"]),
        (&["help", "api", "StopAuditInstance"], &["api", "StopAuditInstance", "--help"]),
        (&["help", "completions"], &["completions", "--help"]),
        (&["version"], &["--version"]),
    ] {
        let (command, option) = (Dbss::new(words).run(), Dbss::new(flag).run());
        assert_eq!((command.code, command.stderr.as_str()), (0, ""), "{words:?}");
        assert_eq!(command.stdout, option.stdout, "{words:?}");
    }
    let version = concat!("dbss ", env!("CARGO_PKG_VERSION"), "\n");
    assert_eq!(Dbss::new(&["version"]).run().stdout, version);
    let wrong = Dbss::new(&["help", "no-such-command"]).json();
    assert_eq!(wrong.kind(), ("invalid_input".into(), 2));
    let wrong = Dbss::new(&["help", "api", "StopAuditInstanc"]).run();
    assert!(wrong.stderr.contains("`StopAuditInstanc` is not an operation"), "{}", wrong.stderr);
}

/// The lines of commands that call the service.
fn calling() -> Vec<Vec<&'static str>> {
    let mut lines =
        vec![vec!["instance", "stop"], vec!["policy", "enable"], vec!["policy", "disable"]];
    lines.extend(dbss_client::contract::API.operations.iter().map(|it| vec!["api", it.id]));
    lines
}

#[test]
fn shows_exit_codes_and_credentials_in_the_help_of_each_command_that_calls() {
    let whole = Dbss::new(&["--help"]).run().stdout;
    let (_, exit_codes) = whole.split_once("Exit codes:\n").unwrap();
    let exit_codes: Vec<_> = exit_codes.lines().take_while(|line| !line.is_empty()).collect();
    for line in calling() {
        let help = Dbss::new(&line).and(&["--help"]).run().stdout;
        for code in &exit_codes {
            assert!(help.contains(code), "{line:?}: {code}");
        }
        for part in ["DBSS_TOKEN", "HUAWEICLOUD_SDK_AK", "--profile", "the profile file"] {
            let (_, below) = help.split_once("Credentials, ").unwrap();
            assert!(below.contains(part), "{line:?}: {part}");
        }
    }
}

#[test]
fn rejects_a_command_line_without_a_command() {
    let ran = Dbss::new(&[]).run();
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains("Usage: dbss"));
    assert_eq!(Dbss::new(&[]).json().kind(), ("invalid_input".into(), 2));
}

#[test]
fn rejects_malformed_command_lines() {
    for (name, line) in [
        ("usage-unknown-operation", &["api", "StopAuditInstanc"][..]),
        ("usage-unknown-command", &["instances"]),
        ("usage-missing-argument", &["policy", "disable", "s"]),
        ("usage-unknown-option", &["regions", "--colour"]),
        ("usage-bad-time", &["regions", "--timeout", "30"]),
    ] {
        let (people, scripts) = (Dbss::new(line).run(), Dbss::new(line).json());
        assert_eq!((people.code, people.stdout.as_str()), (2, ""), "{name}");
        assert_eq!(scripts.kind(), ("invalid_input".into(), 2), "{name}");
        assert_snapshot(name, &format!("{}{}", people.transcript(), scripts.transcript()));
    }
}

#[test]
fn lists_the_regions_of_the_contract() {
    let ran = Dbss::new(&["regions"]).run();
    assert_snapshot("regions", &ran.transcript());
    let result = Dbss::new(&["regions"]).json().result();
    let first = result.pointer("/regions/0").unwrap();
    assert_eq!(first.get("id").unwrap(), "af-north-1");
    assert_eq!(first.get("endpoint").unwrap(), "https://dbss.af-north-1.myhuaweicloud.com");
}

#[test]
fn prints_completions_with_the_operations() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = Dbss::new(&["completions", shell]).run();
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{shell}");
        assert!(ran.stdout.contains("SetAuditScopeRuleSwitch"), "{shell}");
    }
}

#[test]
fn completes_regions() {
    let regions = Dbss::new(&["regions"]).json().result();
    let regions = regions.pointer("/regions").and_then(serde_json::Value::as_array).unwrap();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = Dbss::new(&["completions", shell]).run().stdout;
        // clap_complete writes no values for these two.
        let without_values = ["powershell", "elvish"].contains(&shell);
        for region in regions {
            let id = region.get("id").and_then(serde_json::Value::as_str).unwrap();
            assert!(without_values || script.contains(id), "{shell}: {id}");
        }
    }
    // A region that the contract does not list is accepted: the environment may have its address.
    let ran = Dbss::new(&["instance", "stop", "1d07f606-92d2-441c-b05c-dca47e180552", "--dry-run"])
        .env("DBSS_TOKEN", "token")
        .env("DBSS_PROJECT_ID", "0123456789abcdef0123456789abcdef")
        .env("HUAWEICLOUD_SDK_REGION_DBSS_EU_TEST_1", "https://dbss.example.com")
        .and(&["--region", "eu-test-1"])
        .run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    // The list is long: the help does not repeat it.
    assert!(!Dbss::new(&["--help"]).run().stdout.contains("af-north-1"));
}

/// The words that bash offers for the last one, by the script.
#[cfg(unix)]
fn completed(script: &str, words: &[&str]) -> Option<Vec<String>> {
    let last = words.len() - 1;
    let line = words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" ");
    let program = format!(
        "{script}\nCOMP_WORDS=({line}); COMP_CWORD={last}; COMP_LINE=\"${{COMP_WORDS[*]}}\"; \
         COMP_POINT=${{#COMP_LINE}}; \
         _dbss dbss \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD-1]}}\"; \
         printf '%s\\n' \"${{COMPREPLY[@]}}\""
    );
    let ran = std::process::Command::new("bash").args(["--norc", "-c", &program]).output().ok()?;
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    Some(String::from_utf8(ran.stdout).unwrap().lines().map(str::to_owned).collect())
}

#[cfg(unix)]
#[test]
fn completes_in_bash() {
    let script = Dbss::new(&["completions", "bash"]).run().stdout;
    for (words, expected) in [
        (&["dbss", "--region", "cn-north-4"][..], "cn-north-4"),
        (&["dbss", "instance", "stop", "--region", "la-n"], "la-north-2"),
        (&["dbss", "policy", "dis"], "disable"),
        (&["dbss", "vers"], "version"),
        (&["dbss", "instance", "stop", "--outp"], "--output"),
    ] {
        let Some(offered) = completed(&script, words) else {
            eprintln!("skipped: there is no bash on this machine");
            return;
        };
        assert!(offered.iter().any(|word| word == expected), "{words:?}: {offered:?}");
    }
}
