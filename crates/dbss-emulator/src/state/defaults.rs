//! The default state. It is made up, except for the ids from the examples of the
//! documents.

use std::time::{Duration, SystemTime};

use dbss_client::types::AuditInstanceChargeModel;

use super::{AccessKey, Account, Instance, InstanceStatus, Project, Scope, State, Token, User};

const PROJECT: &str = "0123456789abcdef0123456789abcdef";
const OTHER_PROJECT: &str = "fedcba9876543210fedcba9876543210";
const USER: &str = "dbss-operator";
const READER: &str = "dbss-reader";

impl Default for State {
    fn default() -> Self {
        Self {
            region: "cn-north-4".into(),
            account: Account::new("d0000000000000000000000000000001", "dbss-account"),
            projects: vec![
                Project::new(PROJECT, "cn-north-4"),
                Project::new(OTHER_PROJECT, "cn-east-3"),
            ],
            users: users(),
            access_keys: access_keys(),
            tokens: tokens(),
            instances: instances(),
        }
    }
}

fn users() -> Vec<User> {
    let mut operator = User::new(USER, "local-password-1");
    operator.id = "u0000000000000000000000000000001".into();
    let mut reader = User::new(READER, "local-password-2").with_denied_operation("*");
    reader.id = "u0000000000000000000000000000002".into();
    vec![operator, reader]
}

fn access_keys() -> Vec<AccessKey> {
    vec![
        AccessKey::new("EMULATORAK0123456789", "emulator-secret-key-not-real-0123456789a", USER),
        AccessKey::new("EMULATORTEMPAK012345", "emulator-temporary-secret-key-not-real-0", USER)
            .with_security_token("emulator-security-token-not-real"),
    ]
}

fn tokens() -> Vec<Token> {
    // 2026-01-01T00:00:00Z.
    let past = SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600);
    vec![
        Token::new("emulator-token", USER, PROJECT),
        Token::new("emulator-token-expired", USER, PROJECT).with_expires_at(past),
        Token::new("emulator-token-reader", READER, PROJECT),
        Token::new("emulator-token-other-region", USER, OTHER_PROJECT),
    ]
}

fn instances() -> Vec<Instance> {
    let named = |mut instance: Instance, name: &str| {
        instance.name = name.into();
        instance.project_id = PROJECT.into();
        instance.details.charge_model = Some(AuditInstanceChargeModel::Demand);
        instance.details.version = Some("23.05.23.193055".into());
        instance
    };
    let everything = |id: &str| {
        let mut scope = Scope::enabled(id).with_name("full audit");
        scope.details.all_audit = Some(true);
        scope
    };
    vec![
        named(Instance::new("1d07f606-92d2-441c-b05c-dca47e180552"), "audit-running")
            .with_scope(everything("ne-pwZgBxmBODPrxTO7F"))
            .with_scope(Scope::enabled("c3VwZXJ1c2VyLWF1ZGl0").with_name("administrators"))
            .with_scope(Scope::disabled("bmlnaHRseS1iYXRjaC1q").with_name("nightly batch")),
        named(Instance::new("2e18f717-a3e3-452d-a16d-edb58f291663"), "audit-stopped")
            .with_status(InstanceStatus::Shutoff)
            .with_scope(everything("c3RvcHBlZC1pbnN0YW5j")),
    ]
}
