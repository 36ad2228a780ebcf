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
        ("help-regions", &["regions", "-h"]),
        ("help-completions", &["completions", "-h"]),
    ] {
        let ran = Dbss::new(line).run();
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{name}");
        assert_snapshot(name, &ran.transcript());
    }
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
