//! Variables of the environment, which tests replace.

use std::ffi::OsString;

/// Looks up a variable.
pub(crate) type Lookup<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// The environment of the process.
pub(crate) fn of_process(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

/// The first of these variables that is set and not empty, with its value. What is not
/// Unicode is replaced; the check of the value then refuses it.
pub(crate) fn first(lookup: Lookup<'_>, names: &[&'static str]) -> Option<(&'static str, String)> {
    names.iter().find_map(|name| {
        let value = lookup(name)?.to_string_lossy().trim().to_owned();
        (!value.is_empty()).then_some((*name, value))
    })
}
