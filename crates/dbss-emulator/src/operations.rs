//! The operations that can be called: those of the contract, and the emulated ones
//! of IAM.

use dbss_client::contract::API;
use dbss_client::descriptor::Operation;
use http::Method;

/// An operation of IAM that is emulated.
#[derive(Debug)]
pub(crate) struct IamOperation {
    /// Its name in IAM's documents.
    id: &'static str,
    method: Method,
    pub(crate) path: &'static str,
}

/// A login with a password.
pub(crate) static LOGIN: IamOperation = IamOperation {
    id: "KeystoneCreateUserTokenByPassword",
    method: Method::POST,
    path: "/v3/auth/tokens",
};

/// The look-up of projects.
pub(crate) static LIST_PROJECTS: IamOperation =
    IamOperation { id: "KeystoneListProjects", method: Method::GET, path: "/v3/projects" };

static IAM: [&IamOperation; 2] = [&LOGIN, &LIST_PROJECTS];

/// The operation of the contract with that method and path template.
pub(crate) fn find_in_contract(method: &Method, path: &str) -> Option<&'static Operation> {
    let mut operations = API.operations.iter().copied();
    operations.find(|operation| operation.path == path && operation.method == method.as_str())
}

/// The id of IAM's operation with that method and path.
pub(crate) fn find_iam_id(method: &Method, path: &str) -> Option<&'static str> {
    let found = IAM.iter().find(|operation| operation.path == path && operation.method == *method);
    found.map(|operation| operation.id)
}

/// The ids of all operations, those of the contract first.
pub(crate) fn ids() -> impl Iterator<Item = &'static str> {
    let iam = IAM.iter().map(|operation| operation.id);
    API.operations.iter().map(|operation| operation.id).chain(iam)
}
