//! Properties of loading, checking and generating that hold for any mutation of a contract.

use crate::support::{check, contracts, read};
use dbss_codegen::Contract;
use proptest::prelude::*;
use proptest::sample::Index;

/// A random edit of a text.
#[derive(Debug, Clone)]
enum Mutation {
    DeleteLine(Index),
    DuplicateLine(Index, Index),
    SwapLines(Index, Index),
    Indent(Index, i8),
    ReplaceScalar(Index, &'static str),
    RenameKey(Index, &'static str),
    Insert(Index, String),
    DeleteCharacters(Index, u8),
    Truncate(Index),
}

const SCALARS: [&str; 24] = [
    "",
    "null",
    "true",
    "-1",
    "0.5",
    "1e400",
    "99999999999999999999",
    "yes",
    "'text'",
    "\"\\u0000\"",
    "[]",
    "{}",
    "[[]]",
    "{a: b}",
    "&a [*a]",
    "*a",
    "!!str 1",
    "!x y",
    "|",
    "- a",
    "\"#/components/schemas/Thing\"",
    "{$ref: \"#/components/schemas/Thing\"}",
    "[string]",
    "'^(a+)+$'",
];
const KEYS: [&str; 16] = [
    "$ref",
    "allOf",
    "type",
    "enum",
    "items",
    "required",
    "properties",
    "x-dbss-idempotent",
    "x-dbss-outcome",
    "<<",
    "? a",
    "200",
    "nullable",
    "additionalProperties",
    "parameters",
    "",
];

fn mutation() -> impl Strategy<Value = Mutation> {
    use Mutation as M;
    prop_oneof![
        any::<Index>().prop_map(M::DeleteLine),
        any::<(Index, Index)>().prop_map(|(from, to)| M::DuplicateLine(from, to)),
        any::<(Index, Index)>().prop_map(|(one, other)| M::SwapLines(one, other)),
        (any::<Index>(), -6..6_i8).prop_map(|(line, by)| M::Indent(line, by)),
        (any::<Index>(), prop::sample::select(&SCALARS[..]))
            .prop_map(|(line, to)| M::ReplaceScalar(line, to)),
        (any::<Index>(), prop::sample::select(&KEYS[..]))
            .prop_map(|(line, to)| M::RenameKey(line, to)),
        (any::<Index>(), "[\\x00-\\x7f\u{85}\u{e9}\u{feff}\u{2028}\u{1f980}]{1,4}")
            .prop_map(|(at, text)| M::Insert(at, text)),
        (any::<Index>(), 1..40_u8).prop_map(|(at, count)| M::DeleteCharacters(at, count)),
        any::<Index>().prop_map(M::Truncate),
    ]
}

fn apply(text: &str, mutation: &Mutation) -> String {
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    let mut characters: Vec<char> = Vec::new();
    if matches!(
        mutation,
        Mutation::Insert(..) | Mutation::DeleteCharacters(..) | Mutation::Truncate(_)
    ) {
        characters.extend(text.chars());
        characters.push('\n');
    }
    let line = |at: &Index| at.index(text.split('\n').count());
    let in_line = |at: &Index, change: &dyn Fn(&str) -> String| {
        let change = |(index, text): (usize, &String)| {
            if index == line(at) { change(text) } else { text.clone() }
        };
        lines.iter().enumerate().map(change).collect::<Vec<_>>().join("\n")
    };
    match mutation {
        Mutation::DeleteLine(at) => drop(lines.remove(line(at))),
        Mutation::DuplicateLine(from, to) => {
            let copy = lines.get(line(from)).cloned().unwrap_or_default();
            lines.insert(line(to), copy);
        }
        Mutation::SwapLines(one, other) => lines.swap(line(one), line(other)),
        Mutation::Indent(at, by) => {
            return in_line(at, &|text| match usize::try_from(*by) {
                Ok(by) => format!("{}{text}", " ".repeat(by)),
                Err(_) => text
                    .strip_prefix(&" ".repeat(usize::from(by.unsigned_abs())))
                    .unwrap_or(text)
                    .to_owned(),
            });
        }
        Mutation::ReplaceScalar(at, to) => {
            return in_line(at, &|text| match text.split_once(": ") {
                Some((key, _)) => format!("{key}: {to}"),
                None => format!("{text} {to}"),
            });
        }
        Mutation::RenameKey(at, to) => {
            return in_line(at, &|text| match text.split_once(':') {
                Some((key, rest)) => {
                    let indent = key.len() - key.trim_start_matches([' ', '-']).len();
                    format!("{}{to}:{rest}", key.get(..indent).unwrap_or_default())
                }
                None => text.to_owned(),
            });
        }
        Mutation::Insert(at, text) => {
            let at = at.index(characters.len());
            characters.splice(at..at, text.chars());
            return characters.into_iter().collect();
        }
        Mutation::DeleteCharacters(at, count) => {
            let at = at.index(characters.len());
            let end = (at + usize::from(*count)).min(characters.len());
            characters.drain(at..end);
            return characters.into_iter().collect();
        }
        Mutation::Truncate(at) => {
            characters.truncate(at.index(characters.len()));
            return characters.into_iter().collect();
        }
    }
    lines.join("\n")
}

/// Checks what holds for every report.
fn assert_well_formed(text: &str) {
    let report = check("mutated", text);
    let lines = text.split(['\n', '\r']).count();
    for found in &report {
        assert!(found.position.line >= 1 && found.position.line <= lines, "{found}");
        assert!(found.position.column >= 1, "{found}");
        assert!(!found.message.is_empty() && !found.help.is_empty(), "{found}");
        let shown = found.to_string();
        assert_eq!(shown.lines().count(), 4, "{shown}");
        assert!(!shown.chars().any(|c| c.is_control() && c != '\n'), "{shown:?}");
    }
}

/// Checks that the generator succeeds for a contract that the lint accepts.
fn assert_generates(text: String) {
    if let Ok(contract) = Contract::parse("mutated", text)
        && let Err(report) = contract.generate()
    {
        unreachable!("{report}\n{}", contract.document().text());
    }
}

fn texts() -> Vec<String> {
    let good = contracts("good").into_iter().map(|(_, text)| text);
    // Twice, because the service contract matters more than each of the others.
    let own = read("openapi/dbss.yaml");
    good.chain([own.clone(), own]).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn reports_well_formed_diagnostics_for_mutated_contracts(
        which in 0..texts().len(),
        mutations in prop::collection::vec(mutation(), 1..6),
    ) {
        let text = texts().swap_remove(which);
        let text = mutations.iter().fold(text, |text, mutation| apply(&text, mutation));
        assert_well_formed(&text);
    }

    #[test]
    fn generates_code_for_each_accepted_mutation(
        which in 0..texts().len(),
        mutation in mutation(),
    ) {
        let text = texts().swap_remove(which);
        assert_generates(apply(&text, &mutation));
    }

    #[test]
    fn reports_well_formed_diagnostics_for_any_text(text in "[-\\[\\]{}?:,&*!|>'\"%@`#a0 \t\r\n\u{e9}\u{feff}\u{85}]{0,80}") {
        assert_well_formed(&text);
    }
}
