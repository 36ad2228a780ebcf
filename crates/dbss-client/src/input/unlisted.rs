//! Open enums: what each of them can do, and `UnlistedValue`, which keeps a value that the contract
//! does not list.

#![allow(dead_code, reason = "which of this generated code uses depends on the contract")]

use std::fmt;

/// A value of an enum that the contract does not list.
///
/// It is made only by converting text into an enum, so it never holds a listed value:
/// `"ON".into()` is the variant for `ON`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnlistedValue(Box<str>);

impl UnlistedValue {
    pub(crate) fn new(value: String) -> Self {
        Self(value.into())
    }

    /// The value as it is sent and received.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UnlistedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for UnlistedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// What an enum of the contract can do; its variants stand in generated code. `$words` are its
/// values in words.
#[allow(unused_macros, reason = "which of this generated code uses depends on the contract")]
macro_rules! open_enum {
    ($name:ident, $words:literal, $($variant:ident($value:literal)),*) => {
        impl $name {
            /// The values that the contract lists.
            pub const LISTED: &'static [Self] = &[$(Self::$variant),*];

            /// The value as it is sent and received.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)*
                    Self::Unlisted(value) => value.as_str(),
                }
            }
        }

        impl ::std::convert::From<::std::string::String> for $name {
            fn from(value: ::std::string::String) -> Self {
                match value.as_str() {
                    $($value => Self::$variant,)*
                    _ => Self::Unlisted($crate::UnlistedValue::new(value)),
                }
            }
        }

        impl ::std::convert::From<&str> for $name {
            fn from(value: &str) -> Self {
                <Self as ::std::convert::From<::std::string::String>>::from(
                    ::std::string::String::from(value),
                )
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::convert::Infallible;

            fn from_str(
                value: &str,
            ) -> ::std::result::Result<Self, ::std::convert::Infallible> {
                ::std::result::Result::Ok(::std::convert::From::from(value))
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                let text =
                    <::std::string::String as ::serde::Deserialize>::deserialize(deserializer)?;
                ::std::result::Result::Ok(::std::convert::From::from(text))
            }
        }

        impl $crate::input::Input for $name {
            fn check(
                &self,
                path: &$crate::input::InputPath<'_>,
                problems: &mut $crate::input::Problems,
            ) {
                if let Self::Unlisted(value) = self {
                    problems.unlisted(path, value, &[$($value),*], $words);
                }
            }

            // Any text is a value; the check refuses what is not listed.
            fn read(
                argument: $crate::input::Argument<'_>,
            ) -> ::std::option::Option<Self> {
                argument.text().map(::std::convert::From::from)
            }
        }
    };
}
#[allow(unused_imports, reason = "a contract may have no enum")]
pub(crate) use open_enum;
