//! Names that are hard on a generator, in every spelling that makes a word another.

use std::collections::BTreeSet;

use super::Dice;

/// Words that Rust keeps for itself, in any edition.
const KEYWORDS: [&str; 52] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "union", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// What is known in every file: the prelude, primitive types, macros, crates and attributes.
const PRELUDE: [&str; 66] = [
    "Option",
    "Some",
    "None",
    "Result",
    "Ok",
    "Err",
    "Box",
    "Vec",
    "String",
    "ToString",
    "ToOwned",
    "Clone",
    "Copy",
    "Send",
    "Sync",
    "Sized",
    "Drop",
    "Fn",
    "FnMut",
    "FnOnce",
    "AsRef",
    "AsMut",
    "Into",
    "From",
    "TryFrom",
    "TryInto",
    "Default",
    "Iterator",
    "IntoIterator",
    "Extend",
    "DoubleEndedIterator",
    "ExactSizeIterator",
    "FromIterator",
    "Future",
    "IntoFuture",
    "Eq",
    "PartialEq",
    "Ord",
    "PartialOrd",
    "Hash",
    "Debug",
    "Display",
    "bool",
    "char",
    "str",
    "i64",
    "u8",
    "f64",
    "usize",
    "std",
    "core",
    "alloc",
    "serde",
    "serde_json",
    "vec",
    "format",
    "matches",
    "println",
    "panic",
    "derive",
    "test",
    "doc",
    "main",
    "drop",
    "Self",
    "unreachable",
];

/// What the client's runtime and its generated code are made of.
const RUNTIME: [&str; 60] = [
    "Client",
    "Error",
    "ErrorKind",
    "Response",
    "RetryPolicy",
    "Credentials",
    "Call",
    "CheckedCall",
    "CallFuture",
    "CallProgress",
    "Check",
    "CheckLimits",
    "Arguments",
    "InvokeFuture",
    "Problem",
    "Problems",
    "ProblemKind",
    "InputLocation",
    "InputPath",
    "Outcome",
    "UnknownValue",
    "Unknown",
    "KNOWN",
    "as_str",
    "Schema",
    "SchemaKind",
    "Field",
    "Operation",
    "Parameter",
    "Body",
    "Example",
    "Api",
    "API",
    "DocumentedResponse",
    "ClientValue",
    "ReportsOutcome",
    "TextLimits",
    "TextPattern",
    "checked",
    "checks",
    "limits",
    "schemas",
    "operations",
    "contract",
    "descriptor",
    "types",
    "raw",
    "generated",
    "enums",
    "values",
    "invoke",
    "execute",
    "problems",
    "path",
    "project_id",
    "take_over",
    "running",
    "recode",
    "dbss_client",
    "crate_",
];

/// What progenitor and typify write, import and call.
const PROGENITOR: [&str; 54] = [
    "ByteStream",
    "ResponseValue",
    "ClientInfo",
    "ClientHooks",
    "OperationInfo",
    "RequestBuilderExt",
    "QueryParam",
    "encode_path",
    "baseurl",
    "base_url",
    "api_version",
    "inner",
    "exec",
    "pre",
    "post",
    "new",
    "new_with_client",
    "builder",
    "Builder",
    "send",
    "body",
    "body_map",
    "request",
    "response",
    "result",
    "url",
    "header_map",
    "info",
    "client",
    "value",
    "error",
    "ConversionError",
    "convert",
    "deref",
    "fmt",
    "from",
    "from_str",
    "try_from",
    "into_inner",
    "serialize",
    "deserialize",
    "serializer",
    "de",
    "T",
    "E",
    "V",
    "D",
    "S",
    "f",
    "query",
    "params",
    "reqwest",
    "progenitor_client",
    "operation_id",
];

/// Words as services have them.
const PLAIN: [&str; 24] = [
    "id",
    "name",
    "status",
    "limit",
    "offset",
    "created_at",
    "DBStatus",
    "audit_status",
    "sqlText",
    "HTTPCode",
    "ipv4",
    "x1",
    "user-name",
    "risk_level",
    "total",
    "items",
    "count",
    "instance_id",
    "größe",
    "naïve",
    "timeout",
    "retry",
    "progress",
    "allow_unlisted_values",
];

/// Makes names that are, or are not, unlike each other.
#[derive(Debug)]
pub(super) struct Names {
    /// The names so far, as they are alike: letters and digits in lower case.
    taken: BTreeSet<String>,
    /// Whether names may be alike.
    collide: bool,
}

impl Names {
    pub(super) fn new(collide: bool) -> Self {
        Self { taken: BTreeSet::new(), collide }
    }

    /// A name, usually unlike the others.
    pub(super) fn next(&mut self, dice: &mut Dice, spell: fn(&mut Dice, &str) -> String) -> String {
        loop {
            let word = word(dice);
            let name = spell(dice, word);
            if self.taken.insert(folded(&name)) || (self.collide && dice.one_in(30)) {
                return name;
            }
            // Words run out: two make a new one.
            let other = self::word(dice);
            let name = spell(dice, &format!("{other}_{word}"));
            if self.taken.insert(folded(&name)) {
                return name;
            }
        }
    }
}

fn folded(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn word(dice: &mut Dice) -> &'static str {
    let pools: [&[&str]; 5] = [&KEYWORDS, &PRELUDE, &RUNTIME, &PROGENITOR, &PLAIN];
    let pool = dice.pick(&pools).copied().unwrap_or(&PLAIN);
    dice.pick(pool).copied().unwrap_or("id")
}

/// The methods of the client itself.
const CLIENT: [&str; 10] = [
    "builder",
    "clone",
    "endpoint",
    "iam_endpoint",
    "new",
    "notes",
    "project_id",
    "proxy",
    "raw",
    "region",
];

/// A name of an operation. What its method cannot be called is rejected, and so is rare.
pub(super) fn operation(dice: &mut Dice, word: &str) -> String {
    let lower = word.to_lowercase();
    let reserved = KEYWORDS.contains(&&*lower) || CLIENT.contains(&&*lower);
    if reserved && !dice.one_in(40) {
        return identifier(dice, &format!("{word}_it"));
    }
    identifier(dice, word)
}

/// A name of a schema. What its type cannot be called is rejected, and so is rare.
pub(super) fn schema(dice: &mut Dice, word: &str) -> String {
    let reserved = PRELUDE.iter().chain(&KEYWORDS).any(|known| folded(known) == folded(word));
    if reserved && !dice.one_in(40) {
        return identifier(dice, &format!("{word}_of"));
    }
    identifier(dice, word)
}

/// ASCII letters, digits, `_` and `-`, of which the first is a letter.
fn identifier(dice: &mut Dice, word: &str) -> String {
    let ascii: String = word.chars().filter(char::is_ascii).collect();
    match dice.below(8) {
        0 => ascii.to_ascii_uppercase(),
        1 => ascii.to_ascii_lowercase(),
        2 => ascii.replace('_', "-"),
        3 => format!("{ascii}_"),
        4 => format!("{ascii}{}", dice.below(100)),
        5 => capitalised(&ascii),
        _ => ascii,
    }
}

/// A name of a parameter, a property or a listed value, where almost any character is allowed.
pub(super) fn free(dice: &mut Dice, word: &str) -> String {
    match dice.below(14) {
        0 => word.to_uppercase(),
        1 => word.replace('_', " "),
        2 => word.replace('_', "."),
        3 => format!("_{word}"),
        4 => format!("{word}'s"),
        5 => format!("{}{word}", dice.below(10)),
        6 => format!("{word}²"),
        7 => format!("{word}@/\"{}\\", dice.below(10)),
        8 => format!("{word}[]"),
        9 => format!("{word}\u{202e}\r"),
        10 => capitalised(word),
        _ => word.to_owned(),
    }
}

/// A name of a parameter in a header or a path, where fewer characters are.
pub(super) fn header(dice: &mut Dice, word: &str) -> String {
    format!("X-{}", identifier(dice, word).replace('_', "-"))
}

fn capitalised(word: &str) -> String {
    let mut characters = word.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}
