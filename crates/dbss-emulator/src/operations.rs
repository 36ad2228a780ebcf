//! The operations that can be called: those of the contract, and the emulated ones of IAM
//! and of the metadata service.

use dbss_client::contract::API;
use dbss_client::descriptor::{Operation, ParameterLocation};
use http::Method;

use crate::json::{self, BodySchema};

/// An operation of IAM or of the metadata service that is emulated.
#[derive(Debug)]
pub(crate) struct OtherOperation {
    /// Its name in IAM's documents; those of the metadata service have none there.
    id: &'static str,
    method: Method,
    pub(crate) path: &'static str,
    /// The query parameters that are emulated; none is secret.
    query: &'static [&'static str],
    body: Option<BodySchema>,
}

/// The operation that a request calls.
#[derive(Clone, Copy, Debug)]
pub(crate) enum CalledOperation {
    Contract(&'static Operation),
    Other(&'static OtherOperation),
}

impl CalledOperation {
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Contract(operation) => operation.id,
            Self::Other(operation) => operation.id,
        }
    }

    /// The operation if it is one of the contract.
    pub(crate) fn contract(self) -> Option<&'static Operation> {
        match self {
            Self::Contract(operation) => Some(operation),
            Self::Other(_) => None,
        }
    }

    /// Whether it has a parameter of that name in the query, and the text can be a value of its
    /// kind; the text of a number is not just any text.
    pub(crate) fn may_have_in_query(self, name: &str, text: &str) -> bool {
        match self {
            Self::Contract(operation) => operation.parameters.iter().any(|parameter| {
                parameter.location == ParameterLocation::Query
                    && parameter.name == name
                    && json::is_of_kind(text, parameter.schema)
            }),
            Self::Other(operation) => operation.query.contains(&name),
        }
    }

    pub(crate) fn body_schema(self) -> Option<BodySchema> {
        match self {
            Self::Contract(operation) => {
                operation.body.as_ref().map(|body| BodySchema::Contract(body.schema))
            }
            Self::Other(operation) => operation.body,
        }
    }
}

/// The body of a login.
///
/// Source: IAM's API reference, "Obtaining a user token with a password".
pub(crate) const LOGIN_BODY: BodySchema = BodySchema::Object(&[(
    "auth",
    BodySchema::Object(&[
        (
            "identity",
            BodySchema::Object(&[
                ("methods", BodySchema::List(&BodySchema::Scalar)),
                ("password", BodySchema::Object(&[("user", LOGIN_USER)])),
            ]),
        ),
        ("scope", BodySchema::Object(&[("project", ID_OR_NAME), ("domain", ID_OR_NAME)])),
    ]),
)]);

const LOGIN_USER: BodySchema = BodySchema::Object(&[
    ("name", BodySchema::Scalar),
    ("password", BodySchema::Secret),
    ("domain", ID_OR_NAME),
]);

const ID_OR_NAME: BodySchema =
    BodySchema::Object(&[("id", BodySchema::Scalar), ("name", BodySchema::Scalar)]);

/// A login with a password.
pub(crate) static LOGIN: OtherOperation = OtherOperation {
    id: "KeystoneCreateUserTokenByPassword",
    method: Method::POST,
    path: "/v3/auth/tokens",
    query: &["nocatalog"],
    body: Some(LOGIN_BODY),
};

/// The look-up of projects.
pub(crate) static LIST_PROJECTS: OtherOperation = OtherOperation {
    id: "KeystoneListProjects",
    method: Method::GET,
    path: "/v3/projects",
    query: &["name", "enabled"],
    body: None,
};

/// A token of the metadata service.
pub(crate) static METADATA_TOKEN: OtherOperation = OtherOperation {
    id: "CreateMetadataToken",
    method: Method::PUT,
    path: "/meta-data/latest/api/token",
    query: &[],
    body: None,
};

/// The temporary key of an instance.
pub(crate) static SECURITY_KEY: OtherOperation = OtherOperation {
    id: "ShowSecurityKey",
    method: Method::GET,
    path: "/openstack/latest/securitykey",
    query: &[],
    body: None,
};

static OTHERS: [&OtherOperation; 4] = [&LOGIN, &LIST_PROJECTS, &METADATA_TOKEN, &SECURITY_KEY];

/// The operation with that method and path template.
pub(crate) fn find(method: &Method, path: &str) -> Option<CalledOperation> {
    let mut contract = API.operations.iter().copied();
    let found = contract
        .find(|operation| operation.path == path && operation.method == method.as_str())
        .map(CalledOperation::Contract);
    let mut others = OTHERS.iter().copied();
    found.or_else(|| {
        others
            .find(|operation| operation.path == path && operation.method == *method)
            .map(CalledOperation::Other)
    })
}

/// The ids of all operations, those of the contract first.
pub(crate) fn ids() -> impl Iterator<Item = &'static str> {
    let others = OTHERS.iter().map(|operation| operation.id);
    API.operations.iter().map(|operation| operation.id).chain(others)
}
