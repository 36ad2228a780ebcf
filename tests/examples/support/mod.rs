//! What the examples call: an emulator, or the one that the environment names.
//!
//! | variable | meaning |
//! | --- | --- |
//! | `DBSS_REGION`, `DBSS_ENDPOINT` | one of them makes an example call that service; without both it starts a local one |
//! | `DBSS_INSTANCE_ID` | an audit instance |
//! | `DBSS_SCOPE_IDS` | audit scopes of it, separated by commas, which the examples **enable** |
//! | `DBSS_PROJECT_ID` | its project; without it IAM is asked for that of the region |

#![allow(dead_code, reason = "each example takes what it needs")]

use std::env;
use std::error::Error;

use dbss_client::{Client, ClientBuilder};
use dbss_emulator::Emulator;

/// Where an example calls, and on what.
pub(crate) struct Service {
    region: Option<String>,
    endpoint: Option<String>,
    project_id: Option<String>,
    pub(crate) instance_id: String,
    pub(crate) scope_ids: Vec<String>,
    /// Stops when it is dropped.
    pub(crate) local: Option<Emulator>,
}

impl Service {
    /// For an example that acts on one instance.
    pub(crate) async fn find() -> Result<Self, Box<dyn Error>> {
        let service = Self::find_project().await?;
        if service.local.is_some() {
            return Ok(service);
        }
        Ok(Self {
            instance_id: variable("DBSS_INSTANCE_ID")?,
            scope_ids: variable("DBSS_SCOPE_IDS")?.split(',').map(|id| id.trim().into()).collect(),
            ..service
        })
    }

    /// For an example that takes whatever instances the project has.
    pub(crate) async fn find_project() -> Result<Self, Box<dyn Error>> {
        let (region, endpoint) = (env::var("DBSS_REGION").ok(), env::var("DBSS_ENDPOINT").ok());
        if region.is_none() && endpoint.is_none() {
            return Ok(Self::local(Emulator::start().await?));
        }
        Ok(Self {
            region,
            endpoint,
            project_id: env::var("DBSS_PROJECT_ID").ok(),
            instance_id: String::new(),
            scope_ids: Vec::new(),
            local: None,
        })
    }

    fn local(emulator: Emulator) -> Self {
        let instance_id = emulator.instance_id().to_owned();
        // Those that are not enabled yet.
        let off = emulator.scopes(&instance_id).into_iter().filter(|scope| !scope.enabled);
        Self {
            region: Some(emulator.initial_state().region.clone()),
            endpoint: Some(emulator.endpoint().to_owned()),
            project_id: None,
            instance_id,
            scope_ids: off.map(|scope| scope.id).collect(),
            local: Some(emulator),
        }
    }

    /// A secret: that of the emulator, or the one in the environment.
    pub(crate) fn secret(
        &self,
        name: &str,
        local: fn(&Emulator) -> &str,
    ) -> Result<String, Box<dyn Error>> {
        self.local.as_ref().map_or_else(|| variable(name), |emulator| Ok(local(emulator).into()))
    }

    /// A client of that service, as yet without credentials. For a program of
    /// one's own, `Client::builder().region("cn-north-4")` is enough.
    pub(crate) fn client(&self) -> ClientBuilder {
        let mut builder = Client::builder();
        if let Some(region) = &self.region {
            builder = builder.region(region);
        }
        if let Some(endpoint) = &self.endpoint {
            builder = builder.endpoint(endpoint);
        }
        if let Some(project_id) = &self.project_id {
            builder = builder.project_id(project_id);
        }
        // The emulator is its own IAM.
        match &self.local {
            Some(emulator) => builder.iam_endpoint(emulator.endpoint()),
            None => builder,
        }
    }
}

fn variable(name: &str) -> Result<String, Box<dyn Error>> {
    env::var(name).map_err(|_| format!("set {name} too").into())
}
