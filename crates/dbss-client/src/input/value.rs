//! `Input`: what every type of an input can do, whichever contract it comes from.

#![allow(dead_code, reason = "which of this generated code uses depends on the contract")]

use std::collections::HashMap;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::arguments::Argument;
use super::validation::{InputPath, NO_TEXT_LIMITS, Problems};

/// A type that callers give values of.
pub(crate) trait Input: DeserializeOwned + Serialize {
    /// Adds a problem for each limit that the value breaks, and for what cannot be sent where it
    /// belongs.
    fn check(&self, _path: &InputPath<'_>, _problems: &mut Problems) {}

    /// Reads the value from an argument by name.
    fn read(argument: Argument<'_>) -> Option<Self> {
        argument.value()
    }

    /// Reads a list of such values.
    fn read_list(argument: Argument<'_>) -> Option<Vec<Self>> {
        argument.value()
    }
}

impl Input for String {
    fn check(&self, path: &InputPath<'_>, problems: &mut Problems) {
        problems.text(path, self, &NO_TEXT_LIMITS);
    }

    fn read(argument: Argument<'_>) -> Option<Self> {
        argument.text()
    }

    fn read_list(argument: Argument<'_>) -> Option<Vec<Self>> {
        argument.texts()
    }
}

impl<T: Input> Input for Vec<T> {
    fn check(&self, path: &InputPath<'_>, problems: &mut Problems) {
        for (index, item) in self.iter().enumerate() {
            item.check(&path.index(index), problems);
        }
    }

    fn read(argument: Argument<'_>) -> Option<Self> {
        T::read_list(argument)
    }
}

impl<T: Input> Input for HashMap<String, T> {
    fn check(&self, path: &InputPath<'_>, problems: &mut Problems) {
        for (key, value) in self {
            value.check(&path.field(key), problems);
        }
    }
}

impl<T: Input> Input for Box<T> {
    fn check(&self, path: &InputPath<'_>, problems: &mut Problems) {
        (**self).check(path, problems);
    }
}

impl<T: Input> Input for Option<T> {
    fn check(&self, path: &InputPath<'_>, problems: &mut Problems) {
        if let Some(value) = self {
            value.check(path, problems);
        }
    }
}

impl Input for bool {}
impl Input for i32 {}
impl Input for i64 {}
impl Input for f32 {}
impl Input for f64 {}
impl Input for Value {}
impl Input for Map<String, Value> {}

/// Reads a tuple struct of one value as that value.
#[allow(unused_macros, reason = "which of this generated code uses depends on the contract")]
macro_rules! read_within {
    () => {
        fn read(argument: $crate::input::Argument<'_>) -> ::std::option::Option<Self> {
            $crate::input::Input::read(argument).map(Self)
        }

        fn read_list(
            argument: $crate::input::Argument<'_>,
        ) -> ::std::option::Option<::std::vec::Vec<Self>> {
            let list = $crate::input::Input::read_list(argument)?;
            ::std::option::Option::Some(list.into_iter().map(Self).collect())
        }
    };
}
#[allow(unused_imports, reason = "a contract may have no named texts or lists")]
pub(crate) use read_within;
