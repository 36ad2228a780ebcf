//! The message that the command prints once it listens.

use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

use dbss_emulator::{Emulator, InstanceStatus};
use secrecy::ExposeSecret as _;
use serde::Serialize;

/// Everything that is needed to use a running emulator.
#[derive(Serialize)]
pub(super) struct ReadyMessage<'a> {
    /// The address of the service and of IAM, for this machine.
    endpoint: &'a str,
    /// The same for other machines and containers, if they can reach it and this machine has a
    /// network.
    #[serde(skip_serializing_if = "Option::is_none")]
    network_endpoint: Option<String>,
    region: &'a str,
    project_id: &'a str,
    account: &'a str,
    admin: Option<String>,
    instances: Vec<Instance<'a>>,
    #[serde(flatten)]
    secrets: Option<Secrets<'a>>,
}

#[derive(Serialize)]
struct Instance<'a> {
    id: &'a str,
    status: InstanceStatus,
    scopes: Vec<Scope<'a>>,
}

#[derive(Serialize)]
struct Scope<'a> {
    id: &'a str,
    enabled: bool,
}

/// The credentials that the emulator accepts. Those of the default state are made up;
/// those of a state file may be real secrets.
#[derive(Serialize)]
struct Secrets<'a> {
    token: &'a str,
    access_key: &'a str,
    secret_key: &'a str,
    user: &'a str,
    password: &'a str,
}

/// The URL for other machines; `None` if they cannot reach the address, or if this machine has
/// no network.
fn network_endpoint(address: SocketAddr) -> Option<String> {
    let ip = match address.ip() {
        ip if ip.is_loopback() => return None,
        IpAddr::V4(ip) if ip.is_unspecified() => {
            outgoing(Ipv4Addr::UNSPECIFIED.into(), Ipv4Addr::new(192, 0, 2, 1).into())?
        }
        IpAddr::V6(ip) if ip.is_unspecified() => {
            let documentation = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1);
            outgoing(Ipv6Addr::UNSPECIFIED.into(), documentation.into())?
        }
        ip => ip,
    };
    Some(format!("http://{}", SocketAddr::new(ip, address.port())))
}

/// The address that this machine would send from. The socket only chooses a route: nothing is
/// sent, and the destination is an address for documentation.
fn outgoing(any: IpAddr, destination: IpAddr) -> Option<IpAddr> {
    let socket = UdpSocket::bind((any, 0)).ok()?;
    socket.connect((destination, 9)).ok()?;
    let ip = socket.local_addr().ok()?.ip();
    (!ip.is_loopback() && !ip.is_unspecified()).then_some(ip)
}

impl<'a> ReadyMessage<'a> {
    pub(super) fn new(emulator: &'a Emulator, show_secrets: bool) -> Self {
        let state = emulator.initial_state();
        let user = state.users.first();
        let instances = state.instances.iter().map(|instance| Instance {
            id: &instance.id,
            status: instance.status,
            scopes: instance
                .scopes
                .iter()
                .map(|scope| Scope { id: &scope.id, enabled: scope.enabled })
                .collect(),
        });
        Self {
            endpoint: emulator.endpoint(),
            network_endpoint: network_endpoint(emulator.address()),
            region: &state.region,
            project_id: emulator.project_id(),
            account: &state.account.name,
            admin: emulator.admin_url(),
            instances: instances.collect(),
            secrets: show_secrets.then(|| Secrets {
                token: emulator.token(),
                access_key: emulator.access_key(),
                secret_key: emulator.secret_key(),
                user: user.map(|user| user.name.as_str()).unwrap_or_default(),
                password: user.map(|user| user.password.expose_secret()).unwrap_or_default(),
            }),
        }
    }

    /// One line, for scripts.
    pub(super) fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Some lines, for people.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) -> std::fmt::Result {
        // What a state file has in control characters must not reach a terminal.
        let [region, project_id, account] =
            [self.region, self.project_id, self.account].map(str::escape_debug);
        let endpoint = self.endpoint;
        writeln!(
            text,
            "dbss-emulator {} at {endpoint}, region {region}",
            env!("CARGO_PKG_VERSION")
        )?;
        writeln!(text, "\nIt has")?;
        writeln!(text, "  project     {project_id}")?;
        for instance in &self.instances {
            let status = serde_json::to_value(instance.status).unwrap_or_default();
            writeln!(
                text,
                "  instance    {} {}",
                instance.id.escape_debug(),
                status.as_str().unwrap_or_default()
            )?;
            for scope in &instance.scopes {
                writeln!(
                    text,
                    "    scope     {} {}",
                    scope.id.escape_debug(),
                    if scope.enabled { "ON" } else { "OFF" }
                )?;
            }
        }
        match &self.secrets {
            Some(secrets) => {
                let Secrets { token, access_key, secret_key, user, password } = secrets;
                let [token, access_key, secret_key, user, password] =
                    [*token, *access_key, *secret_key, *user, *password].map(str::escape_debug);
                writeln!(text, "\nIt accepts")?;
                writeln!(text, "  token       {token}")?;
                writeln!(text, "  access key  {access_key}")?;
                writeln!(text, "  secret key  {secret_key}")?;
                writeln!(
                    text,
                    "  login       user {user}, password {password}, account {account}"
                )?;
            }
            None => writeln!(text, "\nIt accepts the credentials of the state file.")?,
        }
        self.write_example(text)?;
        if let Some(endpoint) = &self.network_endpoint {
            writeln!(text, "\nFrom other machines and containers:")?;
            writeln!(
                text,
                "  dbss --endpoint {endpoint} --iam-endpoint {endpoint} --plain-http …"
            )?;
            writeln!(text, "By the name of this machine: start it with --allow-host NAME.")?;
        }
        if let Some(admin) = &self.admin {
            writeln!(text, "\nState, received requests, faults: {admin}")?;
        }
        write!(text, "Ctrl-C stops it.")
    }

    fn write_example(&self, text: &mut String) -> std::fmt::Result {
        let Some(instance) = self.instances.first() else { return Ok(()) };
        let token = self.secrets.as_ref().map_or("TOKEN", |secrets| secrets.token).escape_debug();
        writeln!(text, "\nStop an instance:")?;
        let path = dbss_client::contract::STOP_AUDIT_INSTANCE
            .path
            .replace("{project_id}", &self.project_id.escape_debug().to_string());
        writeln!(text, "  curl -i {}{path} \\", self.endpoint)?;
        writeln!(text, "    -H 'X-Auth-Token: {token}' -H 'Content-Type: application/json' \\")?;
        writeln!(text, "    -d '{{\"instance_id\":\"{}\"}}'", instance.id.escape_debug())
    }
}
