//! What callers have to present, as it travels.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};

use serde::Serialize;

/// One credential as it travels. The name of its security scheme is not part of it, because it does
/// not travel.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Credential {
    /// A key in a header, a query parameter or a cookie.
    ApiKey {
        /// Its `in`: `header`, `query` or `cookie`.
        location: String,
        /// The name of the header, parameter or cookie; of a header in lower case, because its
        /// case makes no difference.
        name: String,
        /// The name as the document writes it.
        #[serde(skip)]
        spelling: Spelling,
    },
    /// The `Authorization` header with an HTTP authentication scheme.
    Http(String),
    /// Any other type of security scheme, with the scheme's name where the document has several of
    /// the type.
    Other {
        /// The type.
        kind: String,
        /// The name in the document.
        name: Option<String>,
    },
    /// A scheme that the document does not define, by its name.
    Unknown(String),
}

impl Credential {
    /// The name in messages, as the document writes it.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::ApiKey { location, spelling: Spelling(name), .. } => {
                format!("apiKey in {location} `{name}`")
            }
            Self::Http(scheme) => format!("http {scheme}"),
            Self::Other { kind, name: Some(name) } => format!("{kind} `{name}`"),
            Self::Other { kind, name: None } => kind.clone(),
            Self::Unknown(name) => format!("`{name}`"),
        }
    }
}

/// How a document writes a name. All spellings compare as equal, so that what contains one is
/// compared by its other fields.
#[derive(Debug, Clone)]
pub struct Spelling(pub String);

impl PartialEq for Spelling {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Spelling {}

impl PartialOrd for Spelling {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Spelling {
    fn cmp(&self, _: &Self) -> Ordering {
        Ordering::Equal
    }
}

impl Hash for Spelling {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

/// A security requirement of OpenAPI: credentials that have to be presented together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[serde(transparent)]
#[non_exhaustive]
pub struct SecurityRequirement {
    /// The credentials, and the scopes that each needs. Empty where no credentials are needed.
    #[serde(serialize_with = "serialize_as_list")]
    pub credentials: BTreeMap<Credential, BTreeSet<String>>,
}

/// Keys of JSON objects are strings, and these are not.
fn serialize_as_list<S: serde::Serializer>(
    credentials: &BTreeMap<Credential, BTreeSet<String>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(credentials)
}
