//! A call that is signed with an access key (AK) and its secret key (SK).
//!
//! Runs against the emulator. For a real one the key comes from where Huawei's
//! SDKs look for it: `HUAWEICLOUD_SDK_AK` and `HUAWEICLOUD_SDK_SK`, or
//! `~/.huaweicloud/credentials`; see `support/mod.rs` for the other variables.

mod support;

use std::error::Error;

use dbss_client::Credentials;
use dbss_client::types::AuditScopeStatus;
use support::Service;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let service = Service::find().await?;
    let credentials = match &service.local {
        Some(local) => Credentials::access_key(local.access_key(), local.secret_key()),
        None => Credentials::default_chain()?,
    };

    // Without a project id the client looks up that of its region, once.
    let client = service.client().credentials(credentials).build()?;
    client
        .set_audit_scope_rule_switch()
        .instance_id(&service.instance_id)
        .ids(&service.scope_ids)
        .status(AuditScopeStatus::On)
        .await?;

    println!("enabled {}, with {client:?}", service.scope_ids.join(", "));
    Ok(())
}
