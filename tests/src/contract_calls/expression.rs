//! Rust expressions that make a value by what the client offers: constructors, setters, variants.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use heck::{ToPascalCase, ToSnakeCase};
use serde_json::Value;
use unicode_ident::{is_xid_continue, is_xid_start};

use super::document::{Document, Schema};

/// Writes expressions for the client of a contract.
#[derive(Clone, Copy, Debug)]
pub struct Writer<'d> {
    /// The contract.
    pub document: &'d Document,
    /// The path of the client's crate.
    pub client: &'d str,
}

/// The type of an object without properties.
const ANY_OBJECT: &str = "::serde_json::Map<::std::string::String, ::serde_json::Value>";

/// Functions that a generated struct has besides its setters.
const TAKEN: [&str; 5] = ["builder", "default", "from", "new", "try_from"];

impl<'d> Writer<'d> {
    /// An argument of a setter of a call or an object: what converts into the value that is set.
    /// Nothing where the type cannot be told from the contract.
    #[must_use]
    pub fn argument(&self, schema: &'d Value, value: &Value) -> Option<String> {
        let found = self.document.schema(schema);
        match found.kind() {
            "string" if !found.is_enum() => Some(literal(value)),
            "array" if self.is_list_of_texts(found) => Some(texts(value)),
            _ => self.exact(schema, value),
        }
    }

    /// An argument of a setter of an object, or of its constructor. Other than a call, it takes a
    /// named list as a value of its type, and every other list item by item.
    fn member(&self, schema: &'d Value, value: &Value) -> Option<String> {
        let found = self.document.schema(schema);
        if found.kind() == "array" && found.name.is_some() {
            return self.exact(schema, value);
        }
        self.argument(schema, value)
    }

    fn is_list_of_texts(&self, list: Schema<'d>) -> bool {
        let items = list.get("items").map(|items| self.document.schema(items));
        items.is_some_and(|items| items.kind() == "string" && !items.is_enum() && !items.nullable)
    }

    /// A value of exactly the type that the client has for the schema, without the `Option` of a
    /// nullable one.
    fn exact(&self, schema: &'d Value, value: &Value) -> Option<String> {
        let found = self.document.schema(schema);
        let ty = found.name.map(|name| format!("{}::types::{}", self.client, pascal(name)));
        let plain = match (found.kind(), &ty) {
            ("boolean", _) => value.to_string(),
            ("integer", _) => {
                format!("{value}{}", if has_format(found, "int32") { "i32" } else { "i64" })
            }
            ("number", _) => {
                let ty = if has_format(found, "float") { "f32" } else { "f64" };
                format!("{:?}{ty}", value.as_f64()?)
            }
            ("string", Some(ty)) if found.is_enum() => {
                return Some(format!("{ty}::{}", variant(found, value)?));
            }
            ("string", Some(ty)) => return Some(format!("{ty}::from({})", literal(value))),
            ("string", None) => format!("::std::string::String::from({})", literal(value)),
            ("array", _) => self.list(found, value)?,
            (_, Some(ty)) if found.has_properties() => return self.object(found, ty, value),
            _ => self.map(found, value)?,
        };
        Some(match ty {
            Some(ty) => format!("{ty}::from({plain})"),
            None => plain,
        })
    }

    /// The same as an item or a value of a map, which is optional if it is nullable.
    fn item(&self, schema: &'d Value, value: &Value) -> Option<String> {
        let found = self.document.schema(schema);
        if !found.nullable {
            return self.exact(schema, value);
        }
        // Some of these are boxed, to break a recursion.
        if found.has_properties() {
            return None;
        }
        Some(format!("::std::option::Option::Some({})", self.exact(schema, value)?))
    }

    fn list(&self, list: Schema<'d>, value: &Value) -> Option<String> {
        let items = list.get("items")?;
        let values: Option<Vec<String>> =
            value.as_array()?.iter().map(|value| self.item(items, value)).collect();
        let values = values?;
        if values.is_empty() {
            return Some(format!("::std::vec::Vec::<{}>::new()", self.ty(items)?));
        }
        Some(format!("::std::vec![{}]", values.join(", ")))
    }

    fn map(&self, map: Schema<'d>, value: &Value) -> Option<String> {
        let Some(values) = map.get("additionalProperties").filter(|values| values.is_object())
        else {
            let json = literal(&Value::String(value.to_string()));
            return Some(format!("::serde_json::from_str::<{ANY_OBJECT}>({json}).unwrap()"));
        };
        let entries: Option<Vec<String>> = value
            .as_object()?
            .iter()
            .map(|(key, value)| {
                let key = literal(&Value::String(key.clone()));
                Some(format!("(::std::string::String::from({key}), {})", self.item(values, value)?))
            })
            .collect();
        let (entries, ty) = (entries?, self.ty(values)?);
        let map = format!("::std::collections::HashMap::<::std::string::String, {ty}>");
        Some(format!("{map}::from([{}])", entries.join(", ")))
    }

    /// The type of an item or of a value of a map.
    fn ty(&self, schema: &'d Value) -> Option<String> {
        let found = self.document.schema(schema);
        let plain = match (found.name, found.kind()) {
            (Some(name), _) => format!("{}::types::{}", self.client, pascal(name)),
            (None, "boolean") => "bool".to_owned(),
            (None, "integer") if has_format(found, "int32") => "i32".to_owned(),
            (None, "integer") => "i64".to_owned(),
            (None, "number") if has_format(found, "float") => "f32".to_owned(),
            (None, "number") => "f64".to_owned(),
            (None, "string") => "::std::string::String".to_owned(),
            (None, "array") => format!("::std::vec::Vec<{}>", self.ty(found.get("items")?)?),
            (None, _) => match found.get("additionalProperties").filter(|of| of.is_object()) {
                None => ANY_OBJECT.to_owned(),
                Some(values) => {
                    let values = self.ty(values)?;
                    format!("::std::collections::HashMap<::std::string::String, {values}>")
                }
            },
        };
        match found.nullable {
            false => Some(plain),
            // Some of these are boxed, to break a recursion.
            true if found.has_properties() => None,
            true => Some(format!("::std::option::Option<{plain}>")),
        }
    }

    fn object(&self, object: Schema<'d>, ty: &str, value: &Value) -> Option<String> {
        let mut taken: BTreeSet<String> = TAKEN.iter().map(ToString::to_string).collect();
        let mut properties: Vec<(&str, &Value)> = object.properties().collect();
        // What is required has its name first, if two names are alike.
        properties.sort_by_key(|(name, _)| !object.requires(name));
        let (mut arguments, mut setters) = (Vec::new(), String::new());
        for (name, schema) in properties {
            let is_argument = object.requires(name) && !self.document.schema(schema).nullable;
            let setter = unused(property(name), &mut taken);
            let Some(value) = value.get(name).filter(|value| !value.is_null()) else { continue };
            let argument = self.member(schema, value)?;
            if is_argument {
                arguments.push(argument);
            } else {
                let _ = write!(setters, ".{setter}({argument})");
            }
        }
        Some(format!("{ty}::new({}){setters}", arguments.join(", ")))
    }
}

fn has_format(schema: Schema<'_>, format: &str) -> bool {
    schema.get("format").is_some_and(|found| found == format)
}

/// The name, with underscores until it is unlike those that are taken.
pub(super) fn unused(mut name: String, taken: &mut BTreeSet<String>) -> String {
    while !taken.insert(name.clone()) {
        name.push('_');
    }
    name
}

fn literal(text: &Value) -> String {
    format!("{:?}", text.as_str().unwrap_or_default())
}

fn texts(list: &Value) -> String {
    let items: Vec<String> = list.as_array().into_iter().flatten().map(literal).collect();
    match items.as_slice() {
        [] => "::std::vec::Vec::<::std::string::String>::new()".to_owned(),
        items => format!("[{}]", items.join(", ")),
    }
}

/// The variant of a listed value: of two that are alike, the later one has underscores.
fn variant(listed: Schema<'_>, wanted: &Value) -> Option<String> {
    let mut taken = BTreeSet::new();
    for value in listed.get("enum")?.as_array()? {
        let variant = unused(pascal(value.as_str()?), &mut taken);
        if value == wanted {
            return Some(variant);
        }
    }
    None
}

/// A type or a variant, in Rust's spelling.
pub(super) fn pascal(name: &str) -> String {
    rust_name(name, str::to_pascal_case, 'X')
}

/// A property, in Rust's spelling.
pub(super) fn property(name: &str) -> String {
    rust_name(name, str::to_snake_case, 'x')
}

/// An operation or a parameter, in Rust's spelling.
pub(super) fn function(name: &str) -> String {
    rust_name(name, str::to_snake_case, '_')
}

/// The rule of typify and progenitor: what no identifier has separates words, and is left out.
fn rust_name(name: &str, case: impl Fn(&str) -> String, before_digits: char) -> String {
    let words: String = match name {
        "+1" => "plus1".to_owned(),
        "-1" => "minus1".to_owned(),
        _ => {
            let kept = name.chars().filter(|c| *c != '\'');
            kept.map(|c| if is_xid_continue(c) { c } else { '-' }).collect()
        }
    };
    let mut cased = case(&words);
    if !cased.starts_with(is_xid_start) {
        cased.insert(0, before_digits);
    }
    // Words that no identifier can be, whatever the edition.
    if matches!(cased.as_str(), "_" | "gen") || syn::parse_str::<syn::Ident>(&cased).is_err() {
        cased.push('_');
    }
    cased
}
