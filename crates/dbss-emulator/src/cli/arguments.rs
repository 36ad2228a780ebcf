//! The command line.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr as _;
use std::time::Duration;

use clap::{Parser, ValueEnum};
use dbss_emulator::{Emulator, EmulatorBuilder, ErrorShape, Fault, Limits};
use jiff::SignedDuration;

/// A local Database Security Service (DBSS): the same API, the same rules, no bill.
///
/// It answers the operations of the contract, checks tokens and AK/SK signatures as
/// the API gateway does, logs users in as IAM does, keeps audit instances and audit
/// scopes, and misbehaves on demand. It writes nothing to disk.
#[derive(Debug, Parser)]
#[allow(clippy::struct_excessive_bools, reason = "they are switches of a command line")]
#[command(version, max_term_width = 90, after_long_help = MORE)]
pub(crate) struct Arguments {
    /// Address to listen on. Other machines can reach it only if this is not a
    /// loopback address; the admin path is then off unless asked for.
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,

    /// Port to listen on; 0 takes a free one.
    #[arg(long, default_value_t = 8599)]
    port: u16,

    /// YAML file with the state to start with; `--print-state` shows the default one.
    #[arg(long, value_name = "FILE")]
    pub(super) state: Option<PathBuf>,

    /// Print the default state as a state file, with comments, and end.
    #[arg(long)]
    pub(super) print_state: bool,

    /// Say that it listens in one line of JSON, with everything that a script needs.
    #[arg(long)]
    pub(super) ready_json: bool,

    /// Show the secrets of a state file when it listens. Those of the default state
    /// are made up and always shown.
    #[arg(long)]
    pub(super) show_secrets: bool,

    /// No line on standard error for each request.
    #[arg(long, short)]
    pub(super) quiet: bool,

    /// How long an instance takes to shut down.
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = duration)]
    shut_down_delay: Duration,

    /// How long a token from a login is good for.
    #[arg(long, value_name = "TIME", default_value = "24h", value_parser = duration)]
    token_life: Duration,

    /// Shape of the service's errors. The documents of one path show both.
    #[arg(long, value_enum, default_value_t = Shape::Documented)]
    error_shape: Shape,

    /// The admin path, which asks for no credentials.
    #[arg(long, value_enum, default_value_t = Admin::Auto)]
    admin: Admin,

    /// A fault that waits for its call; may be given several times. See below.
    #[arg(long, value_name = "FAULT", value_parser = Fault::from_str)]
    fault: Vec<Fault>,

    /// Share of calls, 0 to 1, that a fault of any kind hits.
    #[arg(long, value_name = "SHARE", default_value_t = 0.0, value_parser = share)]
    random_faults: f64,

    /// What randomness starts from, to repeat a run.
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,

    /// Connections at a time; others wait.
    #[arg(long, value_name = "NUMBER", default_value_t = Limits::default().connections)]
    max_connections: usize,

    /// Requests that are kept to be read.
    #[arg(long, value_name = "NUMBER", default_value_t = Limits::default().recorded_requests)]
    recorded_requests: usize,

    /// How long a stall lasts at most.
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = duration)]
    stall_time: Duration,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Shape {
    /// As the contract says for each operation.
    Documented,
    /// An object `error` holds the fields.
    Nested,
    /// The fields stand at the top.
    Flat,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum Admin {
    /// On if the address is a loopback one.
    Auto,
    /// On.
    On,
    /// Off.
    Off,
}

impl Arguments {
    /// The emulator that the arguments ask for, without the state.
    pub(super) fn builder(&self) -> EmulatorBuilder {
        let mut limits = Limits::default();
        limits.connections = self.max_connections;
        limits.recorded_requests = self.recorded_requests;
        limits.stall_time = self.stall_time;
        let mut builder = Emulator::builder()
            .address(SocketAddr::new(self.host, self.port))
            .limits(limits)
            .shut_down_delay(self.shut_down_delay)
            .token_life(self.token_life)
            .random_faults(self.random_faults)
            .error_shape(match self.error_shape {
                Shape::Documented => ErrorShape::Documented,
                Shape::Nested => ErrorShape::Nested,
                Shape::Flat => ErrorShape::Flat,
            });
        if self.admin != Admin::Auto {
            builder = builder.admin(self.admin == Admin::On);
        }
        if let Some(seed) = self.seed {
            builder = builder.seed(seed);
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

const MORE: &str = "\
Credentials:
  Without --state these are accepted, all of them made up:
    token                  emulator-token
    token that is expired  emulator-token-expired
    token without rights   emulator-token-reader
    token of elsewhere     emulator-token-other-region
    AK / SK                EMULATORAK0123456789
                           emulator-secret-key-not-real-0123456789a
    login                  user dbss-operator, password local-password-1,
                           account dbss-account, project cn-north-4
  A token travels as X-Auth-Token; a signature (SDK-HMAC-SHA256) as
  Authorization, with X-Sdk-Date. IAM is at the same address:
  POST /v3/auth/tokens and GET /v3/projects.

The official SDKs:
  export HUAWEICLOUD_SDK_AK=EMULATORAK0123456789
  export HUAWEICLOUD_SDK_SK=emulator-secret-key-not-real-0123456789a
  export HUAWEICLOUD_SDK_REGION_DBSS_CN_NORTH_4=http://127.0.0.1:8599
  export HUAWEICLOUD_SDK_IAM_ENDPOINT=http://127.0.0.1:8599

Faults:
  A fault is `NAME,key=value,...` and hits the next call once:
    answer,status=503,body=text   any answer
    documented,status=403         the contract's example of that status
    html,status=502               a page of HTML
    throttle,retry_after=2        429 with Retry-After in seconds; with
                                  retry_after_date=2 as a date
    failed                        200 with a body that says failure
    delay,delay_ms=300            the usual answer, later
    stall                         no answer on an open connection
    reset                         no answer, connection reset
    half-body                     half of the usual answer
  Any of them with
    operation=StopAuditInstance   calls of that operation only
    method=POST  path=/v1/        that method, paths that begin so
    times=3      forever          more calls than one
    probability=0.2               only that share of them
    delay_ms=100                  later
    after_effect                  the call takes effect first
  --fault '{\"kind\":\"answer\",...}' takes the same as JSON, with \"headers\".

Admin path:
  GET    /_emulator             what there is
  GET    /_emulator/state       the state now; DELETE puts back that of the start
  GET    /_emulator/requests    the last requests, secrets masked; DELETE forgets them
  GET    /_emulator/faults      the faults that wait; POST adds one (JSON), DELETE
                                takes them away
  POST   /_emulator/clock       {\"advance_ms\": 900000} moves the clock forward

Why a request was refused is in the header X-Dbss-Emulator-Reason of the answer.

Exit code: 0 when told to stop (Ctrl-C, SIGTERM), 2 if it cannot start.";
