//! The state without a state file: made up, except for the ids that the
//! documents use in their examples.

use super::{AccessKey, Account, Instance, InstanceStatus, Project, Scope, State, Token, User};

const PROJECT: &str = "0123456789abcdef0123456789abcdef";
const USER: &str = "dbss-operator";
const READER: &str = "dbss-reader";

impl Default for State {
    fn default() -> Self {
        Self {
            region: "cn-north-4".into(),
            account: Account {
                id: "d0000000000000000000000000000001".into(),
                name: "dbss-account".into(),
            },
            projects: vec![
                Project { id: PROJECT.into(), name: "cn-north-4".into() },
                Project { id: "fedcba9876543210fedcba9876543210".into(), name: "cn-east-3".into() },
            ],
            users: users(),
            access_keys: access_keys(),
            tokens: tokens(),
            instances: instances(),
        }
    }
}

fn users() -> Vec<User> {
    let denied = dbss_client::descriptors::API.operations.iter().map(|operation| operation.id);
    vec![
        User {
            id: "u0000000000000000000000000000001".into(),
            name: USER.into(),
            password: "local-password-1".into(),
            denied: Vec::new(),
        },
        User {
            id: "u0000000000000000000000000000002".into(),
            name: READER.into(),
            password: "local-password-2".into(),
            denied: denied.map(Into::into).collect(),
        },
    ]
}

fn access_keys() -> Vec<AccessKey> {
    vec![
        AccessKey {
            access_key: "EMULATORAK0123456789".into(),
            secret_key: "emulator-secret-key-not-real-0123456789a".into(),
            user: USER.into(),
            security_token: None,
            expires_at: None,
        },
        AccessKey {
            access_key: "EMULATORTEMPAK012345".into(),
            secret_key: "emulator-temporary-secret-key-not-real-0".into(),
            user: USER.into(),
            security_token: Some("emulator-security-token-not-real".into()),
            expires_at: None,
        },
    ]
}

fn tokens() -> Vec<Token> {
    let token = |token: &str, user: &str, project: Option<&str>, expires_at: Option<&str>| Token {
        token: token.into(),
        user: user.into(),
        project_id: project.map(Into::into),
        expires_at: expires_at.map(Into::into),
    };
    vec![
        token("emulator-token", USER, Some(PROJECT), None),
        token("emulator-token-expired", USER, Some(PROJECT), Some("2026-01-01T00:00:00Z")),
        token("emulator-token-reader", READER, Some(PROJECT), None),
        token("emulator-token-other-region", USER, Some("fedcba9876543210fedcba9876543210"), None),
    ]
}

fn instances() -> Vec<Instance> {
    let named = |mut instance: Instance, name: &str| {
        instance.name = name.into();
        instance.project_id = PROJECT.into();
        instance
    };
    vec![
        named(Instance::new("1d07f606-92d2-441c-b05c-dca47e180552"), "audit-running")
            .with_scope(Scope::enabled("ne-pwZgBxmBODPrxTO7F").named("full audit"))
            .with_scope(Scope::enabled("c3VwZXJ1c2VyLWF1ZGl0").named("administrators"))
            .with_scope(Scope::disabled("bmlnaHRseS1iYXRjaC1q").named("nightly batch")),
        named(Instance::new("2e18f717-a3e3-452d-a16d-edb58f291663"), "audit-stopped")
            .with_status(InstanceStatus::Shutoff)
            .with_scope(Scope::enabled("c3RvcHBlZC1pbnN0YW5j").named("full audit")),
    ]
}
