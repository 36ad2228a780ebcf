//! Texts made to exhaust time or memory are rejected quickly, with a diagnostic.

use std::fmt::Write as _;

use openapi_document::{Document, LoadOptions, read_text};

const MEGABYTE: usize = 1024 * 1024;

/// The rules of the errors. Tolerance never adds an error.
fn errors(text: &str) -> Vec<&'static str> {
    let rules = |options: &LoadOptions| {
        let report = Document::parse("test", text, options).err().unwrap_or_default();
        let mut rules: Vec<_> = report.errors().map(|found| found.rule).collect();
        rules.dedup();
        rules
    };
    let strict = rules(&LoadOptions::strict());
    let tolerant = rules(&LoadOptions::tolerant());
    assert!(tolerant.iter().all(|rule| strict.contains(rule)), "{strict:?}, {tolerant:?}");
    strict
}

#[test]
fn rejects_exponential_aliases() {
    let mut text = format!("x0: &x0 [{}]\n", "1, ".repeat(10));
    for level in 1..40 {
        let _ = writeln!(text, "x{level}: &x{level} [{}]", format!("*x{}, ", level - 1).repeat(10));
    }
    assert_eq!(errors(&text), ["alias-budget"]);
}

#[test]
fn rejects_aliases_that_copy_much_text() {
    let text = format!("x: &x {}\nz: [{}]\n", "a".repeat(100_000), "*x, ".repeat(10_000));
    assert_eq!(errors(&text), ["alias-budget"]);
}

#[test]
fn rejects_aliases_that_nest_too_deep() {
    let mut text = "x0: &x0 [1]\n".to_owned();
    for level in 1..70 {
        let _ = writeln!(text, "x{level}: &x{level} [*x{}]", level - 1);
    }
    assert_eq!(errors(&text), ["nesting-depth"]);
}

#[test]
fn rejects_deep_nesting_of_each_kind() {
    for opening in [
        "[", "{", "[{", "{a: ", "- ", "? ", "- - ", "? - ", ": ", "[? ", "{? ", "[[],", "!!a ",
        "&a ",
    ] {
        let found = errors(&opening.repeat(20_000));
        // Keys that are rejected on the way down are reported as well.
        let last = found.iter().filter(|rule| matches!(**rule, "nesting-depth" | "yaml-syntax"));
        assert_eq!(last.count(), 1, "{opening:?}: {found:?}");
    }
    let mut indented = String::new();
    for level in 0..1_000 {
        let _ = writeln!(indented, "{}a:", " ".repeat(level));
    }
    assert_eq!(errors(&indented), ["nesting-depth"]);
}

#[test]
fn rejects_huge_documents() {
    assert_eq!(errors(&" ".repeat(9 * MEGABYTE)), ["document-too-large"]);
    assert_eq!(errors(&format!("[{}]", "a: b, ".repeat(300_000))), ["document-too-large"]);
    assert_eq!(errors(&"- a\n".repeat(300_000)), ["document-too-large"]);
}

#[cfg(unix)]
#[test]
fn reads_no_more_than_may_be_parsed() {
    let error = read_text("/dev/zero").expect_err("it does not end");
    assert_eq!(error.to_string(), "it has more than 8388608 bytes");
    assert!(read_text("does-not-exist").is_err());
}

/// The forms of 8 MiB that take the longest, out of 130 that were tried. Without optimisation
/// they take ten times as long, so the promise itself is held with `--release`.
#[test]
fn parses_8_mib_of_anything_in_time_and_memory() {
    if std::env::var_os("DBSS_SLOW_TESTS").is_none_or(|value| value.is_empty()) {
        eprintln!("left out without DBSS_SLOW_TESTS=1: parsing 8 MiB of several forms");
        return;
    }
    let fill = |open: &str, text: &str, close: &str| {
        format!("{open}{}{close}", text.repeat((8 * MEGABYTE - 200) / text.len()))
    };
    let numbered = |count: u32, line: fn(u32) -> String| (0..count).map(line).collect::<String>();
    let long_key = "k".repeat(800_000);
    for text in [
        fill("[", "!aaaaaaaaaaaaaaaaaaa a,", "]"),
        fill("{", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: bbbbbbbbbbbbbb, ", "}"),
        fill("{", "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\": \"bbbbbbbbbbbbbb\", ", "}"),
        fill("[", "1e99999999999999999999999999999999999999,", "]"),
        fill(&"[".repeat(60), "aaaaaaaaaaaaaaaaa,", ""),
        fill("a: |\n", "  x\n\n", ""),
        fill("\"", "\\ud83d\\ude00", "\""),
        fill("- ", "9", ""),
        numbered(190_000, |number| format!("- &anchor{number:020} value\n")),
        numbered(60_000, |number| format!("key{number}: {}\n", "v".repeat(100))),
        format!("? &m {long_key}\n: b\nx: [{}]\n", "*m,".repeat(9)),
    ] {
        let start = std::time::Instant::now();
        // Tolerant loading does the same, and reports less.
        let report = Document::parse("test", text.as_str(), &LoadOptions::strict()).err();
        let shown = report.map_or(0, |report| report.to_string().len());
        let seconds = start.elapsed().as_secs_f64();
        let most = if cfg!(debug_assertions) { 50.0 } else { 5.0 };
        let form = text.get(..40).unwrap_or_default();
        assert!(seconds < most, "{seconds} s for {form}, with a report of {shown} bytes");
    }
    // The most that this process has had, all its tests together; where the system tells.
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0 kB");
    let peak_kib: u64 = peak.trim().trim_end_matches(" kB").parse().unwrap_or_default();
    assert!(peak_kib < 1024 * 1024, "{peak_kib} KiB");
}
