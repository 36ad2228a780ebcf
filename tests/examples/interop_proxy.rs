//! One call of the emulator, as the environment says, for `tests/interop/proxy.sh`: `ENDPOINT`
//! is called, through `PROXY` or the proxies of the environment, with `PLAIN_HTTP` in clear text
//! too. Prints `called`, or the error.

use dbss_client::{Client, Credentials, Error, RetryPolicy};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    match call().await {
        Ok(()) => println!("called"),
        Err(error) => println!("{error}"),
    }
}

async fn call() -> Result<(), Error> {
    let variable = |name| std::env::var(name).unwrap_or_default();
    let mut client = Client::builder()
        .endpoint(variable("ENDPOINT"))
        .credentials(Credentials::token("emulator-token"))
        .project_id("0123456789abcdef0123456789abcdef")
        .retry(RetryPolicy::none())
        .proxy_from_environment();
    if std::env::var_os("PROXY").is_some() {
        client = client.proxy(variable("PROXY"));
    }
    if std::env::var_os("PLAIN_HTTP").is_some() {
        client = client.allow_plain_http();
    }
    client.build()?.list_audit_instances_last().await.map(drop)
}
