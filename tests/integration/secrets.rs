//! Whatever happens, nothing that is printed holds a secret: not the logs at
//! their most talkative, not `Debug` or `Display` of anything, not a panic.
//!
//! One test in a process of its own, since the log and the panic hook are the
//! process's. A log for one thread was tried: tracing asks the thread that comes
//! first to a span whether anybody listens to it, and the others believe that.

use std::collections::BTreeSet;
use std::fmt::{Debug, Write as _};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use dbss_client::descriptor::Operation;
use dbss_client::{
    Client, ClientBuilder, Credentials, Error, Identity, IdentityFuture, PasswordLogin,
    ProfileFile, ProvideCredentials, ProviderContext, RetryPolicy,
};
use dbss_tests::alone;
use dbss_tests::calls::{self, CallResult, INSTANCE, PROJECT, TOKEN};
use dbss_tests::cases::{self, Case};
use dbss_tests::fake_clock::FakeClock;
use dbss_tests::kinds;
use scripted_server::{CannedResponse, ScriptedServer, Step};
use tokio::task::JoinSet;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::format::FmtSpan;

const AK: &str = "PUBLICACCESSKEYNAME";
const SK: &str = "secretKeyOfTheSecretTests";
const SECURITY_TOKEN: &str = "securityTokenOfTheSecretTests";
const PASSWORD: &str = "passwordOfTheSecretTests";
const SUBJECT_TOKEN: &str = "MIIsubjectTokenOfTheSecretTests";

const VAULT_TOKEN: &str = "MIIvaultTokenOfTheSecretTests";

/// The key that the metadata service returns, and the token that it asks for.
const INSTANCE_AK: &str = "PUBLICACCESSKEYOFANINSTANCE";
const INSTANCE_SK: &str = "instanceKeyOfTheSecretTests";
const METADATA_TOKEN: &str = "metadataTokenOfTheSecretTests";

const PROXY_PASSWORD: &str = "proxyPasswordOfTheSecretTests";

const SECRETS: [&str; 9] = [
    TOKEN,
    SK,
    SECURITY_TOKEN,
    PASSWORD,
    SUBJECT_TOKEN,
    VAULT_TOKEN,
    INSTANCE_SK,
    METADATA_TOKEN,
    PROXY_PASSWORD,
];

/// A writer that keeps what is printed.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Both forms of `Debug`.
fn debugged(value: &impl Debug) -> String {
    format!("{value:?}\n{value:#?}\n")
}

/// Everything that can be printed of an error, its causes included.
fn error_text(error: &Error) -> String {
    let mut text = format!("{error}\n{error:#}\n{}", debugged(error));
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        let _ = write!(text, "{error}\n{error:?}\n{error:#?}\n");
        cause = error.source();
    }
    text
}

/// What a failed assertion prints.
fn panic_text(outcome: CallResult) {
    let succeeded = outcome.result.is_ok();
    let panics = catch_unwind(AssertUnwindSafe(|| {
        if succeeded {
            outcome.result.unwrap_err();
        } else {
            outcome.result.unwrap();
        }
    }));
    assert!(panics.is_err());
}

/// A client, its credentials, and what the server must have received.
#[derive(Clone)]
struct Caller {
    credentials: Credentials,
    /// What the server must have got.
    sent: &'static str,
    iam_endpoint: String,
}

#[derive(Debug)]
struct Vault;

impl ProvideCredentials for Vault {
    fn provide<'a>(&'a self, _: &'a ProviderContext) -> IdentityFuture<'a> {
        Box::pin(async { Identity::token(VAULT_TOKEN) })
    }

    fn invalidate(&self, _: &Identity) -> bool {
        true
    }
}

fn callers(iam: &ScriptedServer) -> Vec<Caller> {
    let login = PasswordLogin::new("account", "user", PASSWORD).project_id(PROJECT);
    let key = || Credentials::access_key(AK, SK);
    [
        (Credentials::token(TOKEN), TOKEN),
        (key(), AK),
        (key().with_security_token(SECURITY_TOKEN), SECURITY_TOKEN),
        (Credentials::iam_password(login), SUBJECT_TOKEN),
        (Credentials::provider(Vault), VAULT_TOKEN),
        (Credentials::ecs_metadata(), INSTANCE_AK),
    ]
    .map(|(credentials, sent)| Caller { credentials, sent, iam_endpoint: iam.endpoint() })
    .into()
}

/// IAM's response to a login.
fn logged_in() -> CannedResponse {
    let body = r#"{"token":{"expires_at":"2027-01-01T00:00:00.000000Z","issued_at":"2026-01-01T00:00:00.000000Z","methods":["password"]}}"#;
    CannedResponse::new(201, body).header("X-Subject-Token", SUBJECT_TOKEN)
}

/// One case, for one operation.
async fn run_case(case: Arc<Case>, operation: &'static Operation, caller: Caller) -> String {
    let change = |client: ClientBuilder| {
        let client = client.retry(RetryPolicy::default().max_attempts(2));
        client.credentials(caller.credentials.clone()).iam_endpoint(caller.iam_endpoint.clone())
    };
    let Some(outcome) = case.run(operation, change).await.unwrap() else { return String::new() };
    let printed = match &outcome.result {
        Ok(response) => debugged(response),
        Err(error) => error_text(error),
    };
    panic_text(outcome);
    printed
}

/// The client and its builder.
async fn run_client(caller: &Caller) -> String {
    let mut printed = debugged(&caller.credentials);
    let server =
        ScriptedServer::always(Step::Respond(CannedResponse::new(200, "{}"))).await.unwrap();
    let builder = calls::builder(server.endpoint(), &FakeClock::default())
        .credentials(caller.credentials.clone())
        .iam_endpoint(caller.iam_endpoint.clone());
    printed.push_str(&debugged(&builder));
    let client = builder.build().unwrap();
    printed.push_str(&debugged(&client));
    printed.push_str(&debugged(&client.raw()));
    let call = client.stop_audit_instance().instance_id(INSTANCE);
    printed.push_str(&debugged(&call));
    printed.push_str(&debugged(&call.await.unwrap()));
    // It would prove nothing if the secret had not been used.
    assert!(format!("{:?}", server.requests()).contains(caller.sent), "{}", caller.sent);
    printed
}

/// Logins that go wrong.
async fn run_logins() -> String {
    let mut printed = String::new();
    let denied = r#"{"error":{"code":401,"message":"The username or password is wrong.","title":"Unauthorized"}}"#;
    let steps = [
        Step::Respond(CannedResponse::new(401, denied)),
        Step::Respond(CannedResponse::new(403, "{}")),
        Step::Respond(CannedResponse::new(500, "<html>")),
        Step::Respond(CannedResponse::new(201, "{}")),
        Step::Respond(CannedResponse::new(201, "[").header("X-Subject-Token", SUBJECT_TOKEN)),
        Step::Respond(logged_in().header("X-Subject-Token", b"\xff".to_vec())),
        Step::CutBody(logged_in()),
        Step::ReadThenReset,
    ];
    for step in steps {
        let iam = ScriptedServer::always(step).await.unwrap();
        let caller = callers(&iam).into_iter().find(|caller| caller.sent == SUBJECT_TOKEN).unwrap();
        let server =
            ScriptedServer::always(Step::Respond(CannedResponse::new(401, denied))).await.unwrap();
        let client = calls::builder(server.endpoint(), &FakeClock::default())
            .credentials(caller.credentials)
            .iam_endpoint(caller.iam_endpoint)
            .build()
            .unwrap();
        printed.push_str(&debugged(&client));
        let error = client.stop_audit_instance().instance_id(INSTANCE).await.unwrap_err();
        printed.push_str(&error_text(&error));
        printed.push_str(&debugged(&client));
    }
    printed
}

/// Configurations that are refused, most of them.
fn run_builds() -> String {
    let mut printed = String::new();
    let with = |credentials: Credentials| {
        let builder = Client::builder().project_id(PROJECT).credentials(credentials);
        builder.endpoint("https://dbss.example.com")
    };
    let token = |token: String| with(Credentials::token(token));
    let key = |ak: &str, sk: &str| with(Credentials::access_key(ak, sk));
    let fine = || token(TOKEN.to_owned());
    let builders = [
        token(format!("{TOKEN}\r\nX-Evil: 1")),
        token(format!("{TOKEN}\0")),
        token(format!("{TOKEN}\u{7f}")),
        key(AK, &format!("{SK}\n")),
        key("", SK),
        key(&format!("{AK},"), SK),
        with(Credentials::token(TOKEN).with_security_token(SECURITY_TOKEN)),
        with(Credentials::access_key(AK, SK).with_security_token(format!("{SECURITY_TOKEN}\n"))),
        with(Credentials::iam_password(PasswordLogin::new("", "user", PASSWORD))),
        with(Credentials::iam_password(PasswordLogin::new("account", "user", PASSWORD))),
        fine().endpoint(format!("https://user:{TOKEN}@dbss.example.com")),
        fine().endpoint(format!("https://user:{TOKEN}@")),
        fine().endpoint(format!("https://dbss.example.com/?token={TOKEN}")),
        fine().endpoint(format!("http://user:{TOKEN}@dbss.example.com")),
        fine().endpoint(format!("ftp://user:{TOKEN}@dbss.example.com")),
        fine().iam_endpoint(format!("https://user:{TOKEN}@iam.example.com")),
        fine().proxy(format!("http://user:{TOKEN}@[")),
        fine().proxy(format!("http://user:{TOKEN}@proxy.example.com:3128")),
        fine().proxy(format!("socks5://user:{TOKEN}@proxy.example.com")),
        fine().proxy(format!("ftp://user:{TOKEN}@proxy.example.com")),
        fine().proxy(format!("user:12/{TOKEN}@proxy.example.com")),
        fine().proxy(format!("proxy.example.com?{TOKEN}")),
        fine().proxy_from_environment(),
        fine().proxy_from_environment().allow_plain_http(),
        fine().ca_file(format!("https://user:{TOKEN}@ca.example.com")),
        fine().endpoint(format!("user:{TOKEN}@dbss.example.com")),
        Client::builder().credentials(Credentials::token(TOKEN)).region(format!("a:{TOKEN}@b")),
    ];
    for builder in builders {
        printed.push_str(&debugged(&builder));
        match builder.build() {
            Ok(client) => printed.push_str(&debugged(&client)),
            Err(error) => printed.push_str(&error_text(&error)),
        }
    }
    printed
}

/// Profile files, most of which cannot be used.
fn run_profiles() -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("credentials");
    let mut printed = String::new();
    for text in [
        format!(
            "[basic]\nak = {AK}\nsk = {SK}\nsecurity_token = '{SECURITY_TOKEN}'\nregion = cn-north-4\n"
        ),
        format!(
            "[basic]\nak = {AK}\nsk = {SK}\nendpoint = https://user:{PASSWORD}@dbss.example.com\n"
        ),
        format!(
            "[basic]\nak = {AK}\nsk = {SK}\nregion = u:{PASSWORD}@r\niam_endpoint = u:{PASSWORD}@i\n"
        ),
        format!("[basic]\nak = {AK}\nsk = {SK},\n"),
        format!("[basic]\nak = {AK}\nsk = {SK}\nsk = {SK}\n"),
        format!("[basic]\nak = {AK}\n{SK}\n"),
        format!("[basic]\nsk = {SK}\0\n"),
        format!("sk = {SK}\n"),
    ] {
        std::fs::write(&path, text).unwrap();
        match ProfileFile::read_at(&path) {
            Ok(file) => printed.push_str(&debugged(&file)),
            Err(error) => printed.push_str(&error_text(&error)),
        }
        match Credentials::from_profile_at(&path, "basic") {
            Ok(credentials) => {
                printed.push_str(&debugged(&credentials));
                let builder = Client::builder().credentials(credentials);
                printed.push_str(&debugged(&builder));
                match builder.build() {
                    Ok(client) => {
                        printed.push_str(&debugged(&client));
                        printed.push_str(&debugged(&client.notes()));
                        printed.extend(client.notes().iter().map(ToString::to_string));
                    }
                    Err(error) => printed.push_str(&error_text(&error)),
                }
            }
            Err(error) => printed.push_str(&error_text(&error)),
        }
    }
    printed
}

/// A metadata service, for the process of the test.
async fn metadata() -> ScriptedServer {
    let key = format!(
        r#"{{"credential":{{"access":"{INSTANCE_AK}","secret":"{INSTANCE_SK}","securitytoken":"{SECURITY_TOKEN}","expires_at":"2999-01-01T00:00:00.000000Z"}}}}"#
    );
    let script = move |request: &scripted_server::Request| {
        let body = if request.method == "PUT" { METADATA_TOKEN } else { &key };
        Step::Respond(CannedResponse::new(200, body))
    };
    ScriptedServer::with_script(script).await.unwrap()
}

/// Runs everything, and returns what can be printed.
async fn run_everything() -> String {
    let iam = ScriptedServer::always(Step::Respond(logged_in())).await.unwrap();
    let mut printed = run_builds();
    printed.push_str(&run_profiles());
    // Together, since some of them take their time.
    let mut runs = JoinSet::new();
    for caller in callers(&iam) {
        printed.push_str(&run_client(&caller).await);
        // All of them by a token, and some of each group by whatever else there is.
        let every = if caller.sent == TOKEN { 1 } else { 8 };
        for case in cases::all().into_iter().step_by(every) {
            let case = Arc::new(case);
            for operation in kinds::representatives() {
                runs.spawn(run_case(Arc::clone(&case), operation, caller.clone()));
            }
        }
    }
    printed.push_str(&runs.join_all().await.concat());
    printed.push_str(&run_logins().await);
    assert!(iam.requests().iter().any(|request| request.text().contains(PASSWORD)));
    printed
}

#[test]
fn prints_no_secrets() {
    if alone::is_child() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        return runtime.block_on(assert_no_secret_is_printed());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let metadata = runtime.block_on(metadata());
    let proxy = |scheme: &str| format!("{scheme}://user:{PROXY_PASSWORD}@proxy.example.com:3128");
    let (https, http) = (proxy("http"), proxy("socks5"));
    let _ = alone::printed(
        "secrets::prints_no_secrets",
        &["https_proxy", "http_proxy", "NO_PROXY", "no_proxy"],
        &[
            ("DBSS_METADATA", &metadata.endpoint()),
            ("HTTPS_PROXY", &https),
            ("HTTP_PROXY", &http),
            ("ALL_PROXY", &http),
        ],
    );
    // It would prove nothing if the key had not been asked for.
    assert!(metadata.arrivals() > 1);
}

async fn assert_no_secret_is_printed() {
    let (log, panics) = (Log::default(), Log::default());
    let writer = log.clone();
    tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_span_events(FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .init();
    let paper = panics.clone();
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let _ = io::Write::write_all(&mut paper.clone(), format!("{panic}\n").as_bytes());
    }));
    let printed = tokio::spawn(run_everything()).await;
    std::panic::set_hook(hook);

    let (log, panics) = (log.text(), panics.text());
    let printed = printed.unwrap_or_else(|_| unreachable!("a test of its own failed: {panics}"));
    let mut found = BTreeSet::new();
    for (place, text) in [("the log", &log), ("what is printed", &printed), ("a panic", &panics)] {
        for (line, secret) in text.lines().flat_map(|line| SECRETS.map(|secret| (line, secret))) {
            if line.contains(secret) {
                found.insert(format!("{place} holds {secret}: {}", line.trim()));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
    // All three were listened to.
    for word in ["TRACE", "dbss_call", "dbss_attempt", "hyper_util", "reqwest"] {
        assert!(log.contains(word), "the log says nothing of {word}");
    }
    assert!(panics.contains("called `Result::unwrap()`"));
    // Bodies stay out of the log as well.
    assert!(!log.contains("Enter a valid request message"), "the log holds a body");
}
