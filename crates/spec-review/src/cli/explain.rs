//! `explain RULE`: what a rule reports.

use super::CliError;
use crate::rules::{RULES, both_directions};

/// The explanation of a rule, by its id.
///
/// # Errors
///
/// Where there is no such rule.
pub fn explain(id: &str) -> Result<String, CliError> {
    let rule = RULES.iter().find(|rule| rule.id == id);
    let rule = rule.ok_or_else(|| CliError::UnknownRule(id.to_owned()))?;
    let reasons: Vec<&str> = rule.reasons.iter().map(|reason| reason.text).collect();
    let reasons = match reasons.as_slice() {
        [] => String::new(),
        reasons => format!("Why: {}.\n", reasons.join("; or ")),
    };
    Ok(format!(
        "{} ({})\n\n{}\n\nLevel: {}\nInstead: {}.\n{reasons}",
        rule.id,
        rule.axis.name(),
        rule.meaning,
        rule.level_policy,
        both_directions(rule),
    ))
}
