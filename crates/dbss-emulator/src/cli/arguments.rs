//! The command line.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr as _;
use std::time::Duration;

use clap::{Parser, ValueEnum};
use dbss_emulator::{Emulator, EmulatorBuilder, ErrorShape, Fault, Limits};
use jiff::SignedDuration;

/// A local emulator of the Database Security Service (DBSS).
///
/// It implements the operations of the contract, checks tokens and AK/SK signatures
/// like the API gateway, issues tokens like IAM, keeps audit instances and audit
/// scopes in memory, and injects faults on demand. It writes nothing to disk.
#[derive(Debug, Parser)]
#[allow(clippy::struct_excessive_bools, reason = "they are switches of a command line")]
#[command(version, max_term_width = 90, after_long_help = DETAILS)]
pub(crate) struct Arguments {
    /// Address to listen on. With 0.0.0.0, every machine that reaches this one can call the
    /// emulator and log in with the credentials that it prints; the admin path is off then.
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,

    /// Name that requests may have in the header Host; may be given several times. Others are
    /// refused unless it is localhost or an address.
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<String>,

    /// Port to listen on; 0 chooses a free one.
    #[arg(long, default_value_t = 8599)]
    port: u16,

    /// YAML file with the state to start with; `--print-state` shows the default one.
    #[arg(long, value_name = "FILE")]
    pub(super) state: Option<PathBuf>,

    /// Print the default state as a state file, with comments, and exit.
    #[arg(long)]
    pub(super) print_state: bool,

    /// Once it listens, print one line of JSON with what a script needs to use it.
    #[arg(long)]
    pub(super) ready_json: bool,

    /// Print the secrets of a state file too. Those of the default state are made up
    /// and always printed.
    #[arg(long)]
    pub(super) show_secrets: bool,

    /// Do not log requests to standard error.
    #[arg(long, short)]
    pub(super) quiet: bool,

    /// How long an instance takes to start, to reboot and to shut down.
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = duration)]
    task_duration: Duration,

    /// How long a token from a login is valid.
    #[arg(long = "token-life", value_name = "TIME", default_value = "24h", value_parser = duration)]
    token_lifetime: Duration,

    /// Shape of the service's error responses. The documents of one path show both.
    #[arg(long, value_enum, default_value_t = ErrorShapeArgument::Documented)]
    error_shape: ErrorShapeArgument,

    /// Whether the admin path is on. It requires no credentials.
    #[arg(long, value_enum, default_value_t = AdminMode::Auto)]
    admin: AdminMode,

    /// Fault to inject into a call; may be given several times. See below.
    #[arg(long, value_name = "FAULT", value_parser = Fault::from_str)]
    fault: Vec<Fault>,

    /// Share of calls, from 0 to 1, that get a random fault.
    #[arg(long, value_name = "SHARE", default_value_t = 0.0, value_parser = share)]
    random_faults: f64,

    /// Seed of the random numbers, to repeat a run.
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,

    /// Maximum number of connections; others wait.
    #[arg(long, value_name = "NUMBER", default_value_t = Limits::default().connections)]
    max_connections: usize,

    /// Number of requests kept for the admin path.
    #[arg(long, value_name = "NUMBER", default_value_t = Limits::default().recorded_requests)]
    recorded_requests: usize,

    /// Maximum duration of a stall.
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = duration)]
    stall_time: Duration,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ErrorShapeArgument {
    /// As the contract defines for each operation.
    Documented,
    /// The fields are in an object `error`.
    Nested,
    /// The fields are at the top level.
    Flat,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum AdminMode {
    /// On if the address is a loopback address.
    Auto,
    /// On.
    On,
    /// Off.
    Off,
}

impl Arguments {
    /// Whether other machines may reach the emulator.
    pub(super) fn is_exposed(&self) -> bool {
        !self.host.is_loopback()
    }

    /// The builder with all options but the state.
    pub(super) fn builder(&self) -> EmulatorBuilder {
        let mut limits = Limits::default();
        limits.connections = self.max_connections;
        limits.recorded_requests = self.recorded_requests;
        limits.stall_time = self.stall_time;
        let mut builder = Emulator::builder()
            .address(SocketAddr::new(self.host, self.port))
            .limits(limits)
            .task_duration(self.task_duration)
            .token_lifetime(self.token_lifetime)
            .random_faults(self.random_faults)
            .error_shape(match self.error_shape {
                ErrorShapeArgument::Documented => ErrorShape::Documented,
                ErrorShapeArgument::Nested => ErrorShape::Nested,
                ErrorShapeArgument::Flat => ErrorShape::Flat,
            });
        if self.admin != AdminMode::Auto {
            builder = builder.admin(self.admin == AdminMode::On);
        }
        if let Some(seed) = self.seed {
            builder = builder.seed(seed);
        }
        for name in &self.allow_host {
            builder = builder.allow_host(name);
        }
        self.fault.iter().cloned().fold(builder, EmulatorBuilder::fault)
    }
}

fn duration(text: &str) -> Result<Duration, String> {
    let parsed: Option<SignedDuration> = text.parse().ok();
    parsed
        .and_then(|parsed| Duration::try_from(parsed).ok())
        .ok_or_else(|| "not a time like 500ms, 2s or 24h".to_owned())
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("not a number from 0 to 1".to_owned()),
    }
}

const DETAILS: &str = "\
Credentials:
  Without --state these are accepted, all of them made up:
    token                  emulator-token
    token that is expired  emulator-token-expired
    token without rights   emulator-token-reader
    token, other region    emulator-token-other-region
    AK / SK                EMULATORAK0123456789
                           emulator-secret-key-not-real-0123456789a
    login                  user dbss-operator, password local-password-1,
                           account dbss-account, project cn-north-4
  A token is sent as X-Auth-Token; a signature (SDK-HMAC-SHA256) as
  Authorization, with X-Sdk-Date. IAM is at the same address:
  POST /v3/auth/tokens and GET /v3/projects.

The official SDKs:
  export HUAWEICLOUD_SDK_AK=EMULATORAK0123456789
  export HUAWEICLOUD_SDK_SK=emulator-secret-key-not-real-0123456789a
  export HUAWEICLOUD_SDK_REGION_DBSS_CN_NORTH_4=http://127.0.0.1:8599
  export HUAWEICLOUD_SDK_IAM_ENDPOINT=http://127.0.0.1:8599

Faults:
  A fault is written `NAME,key=value,...` and applies to the next call, once:
    response,status=503,body=text a response with that status and body
    documented,status=403         the contract's example of that status
    html,status=502               an HTML page
    throttle,retry_after=2        429 with Retry-After in seconds; with
                                  retry_after_date=2 as a date
    failed                        200 with a body that reports a failure
    delay,delay_ms=300            the usual response, delayed
    stall                         no response, the connection stays open
    reset                         no response, the connection is reset
    half-body                     half of the usual response body
    offline                       404 of the gateway: there is no such API
  Each of them takes
    operation=StopAuditInstance   only calls of that operation
    method=POST  path=/v1/        only that method, only that path prefix
    times=3      forever          that many calls, all calls
    probability=0.2               only that share of them
    delay_ms=100                  wait first
    after_effect                  carry out the call first
  --fault '{\"kind\":\"response\",...}' takes the same as JSON, with \"headers\".

Admin path:
  GET    /_emulator             version, operations, paths
  GET    /_emulator/state       the current state; DELETE restores the initial one
  PUT    /_emulator/instances   {\"instances\": [...]} replaces the instances
  GET    /_emulator/requests    the last requests, secrets masked; DELETE clears them
  GET    /_emulator/faults      the pending faults; POST adds one (JSON), DELETE
                                removes them
  POST   /_emulator/clock       {\"advance_ms\": 900000} moves the clock forward

The response header X-Dbss-Emulator-Reason explains an error in more detail.

Exit code: 0 after Ctrl-C or SIGTERM, 2 if it cannot start.";
