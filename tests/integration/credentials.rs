//! Every kind of credentials against the emulator, over sockets.

use std::time::Duration;

use dbss_client::{Client, ClientBuilder, Credentials, Error, ErrorKind, PasswordLogin};
use dbss_emulator::{AccessKey, Emulator, State};
use dbss_tests::alone;

const PASSWORD: &str = "local-password-1";

fn builder(emulator: &Emulator) -> ClientBuilder {
    Client::builder()
        .region("cn-north-4")
        .endpoint(emulator.endpoint())
        .iam_endpoint(emulator.endpoint())
}

fn key(emulator: &Emulator) -> Credentials {
    Credentials::access_key(emulator.access_key(), emulator.secret_key())
}

fn login(password: &str) -> Credentials {
    Credentials::iam_password(PasswordLogin::new("dbss-account", "dbss-operator", password))
}

/// A call that changes nothing and needs no particular state.
async fn call(client: &Client, emulator: &Emulator) -> Result<(), Error> {
    let scopes = emulator.scope_ids();
    let call = client.set_audit_scope_rule_switch().instance_id(emulator.instance_id());
    let status = dbss_client::types::AuditScopeStatus::On;
    call.ids(scopes.first().copied()).status(status).accept_failed_outcome().await.map(drop)
}

/// The paths of the requests so far.
fn paths(emulator: &Emulator) -> Vec<String> {
    emulator.requests().into_iter().map(|request| request.path).collect()
}

fn count(emulator: &Emulator, start: &str) -> usize {
    paths(emulator).iter().filter(|path| path.starts_with(start)).count()
}

#[tokio::test]
async fn signs_each_call_and_looks_up_project_once() {
    let emulator = Emulator::start().await.unwrap();
    let client = builder(&emulator).credentials(key(&emulator)).build().unwrap();
    for _ in 0..3 {
        call(&client, &emulator).await.unwrap();
    }
    assert_eq!(count(&emulator, "/v3/projects"), 1, "{:?}", paths(&emulator));
    assert_eq!(count(&emulator, "/v2/"), 3, "{:?}", paths(&emulator));
}

#[tokio::test]
async fn rejects_temporary_key_without_security_token() {
    let mut state = State::default();
    let user = state.users.first().unwrap().name.clone();
    state
        .access_keys
        .push(AccessKey::new("TEMPORARY", "secret-2", user).with_security_token("token-2"));
    let emulator = Emulator::builder().state(state).start().await.unwrap();
    let project = emulator.project_id().to_owned();
    let with = |credentials| {
        builder(&emulator).credentials(credentials).project_id(project.as_str()).build().unwrap()
    };
    let key = Credentials::access_key("TEMPORARY", "secret-2");
    let complete = with(key.clone().with_security_token("token-2"));
    call(&complete, &emulator).await.unwrap();

    emulator.clear_requests();
    let error = call(&with(key), &emulator).await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(401)));
    assert_eq!(emulator.requests().len(), 1, "a signature that fails is not tried again");
}

#[tokio::test]
async fn logs_in_once_for_many_calls() {
    let emulator = Emulator::start().await.unwrap();
    let client = builder(&emulator).credentials(login(PASSWORD)).build().unwrap();
    let calls = (0..20).map(|_| call(&client, &emulator));
    for result in futures(calls).await {
        result.unwrap();
    }
    assert_eq!(count(&emulator, "/v3/auth/tokens"), 1, "{:?}", paths(&emulator));
    assert_eq!(count(&emulator, "/v3/projects"), 0, "{:?}", paths(&emulator));
}

/// Runs futures at the same time.
async fn futures<F: Future>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    let mut running: Vec<_> = futures.into_iter().map(|future| (Box::pin(future), None)).collect();
    std::future::poll_fn(|context| {
        for (future, output) in &mut running {
            if output.is_none()
                && let std::task::Poll::Ready(ready) = future.as_mut().poll(context)
            {
                *output = Some(ready);
            }
        }
        if running.iter().all(|(_, output)| output.is_some()) {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    running.into_iter().filter_map(|(_, output)| output).collect()
}

#[tokio::test]
async fn renews_expired_token_within_the_call() {
    let emulator =
        Emulator::builder().token_lifetime(Duration::from_secs(3_600)).start().await.unwrap();
    let client = builder(&emulator).credentials(login(PASSWORD)).build().unwrap();
    call(&client, &emulator).await.unwrap();
    // Only the emulator's clock: the client's says that the token is good.
    emulator.advance(Duration::from_secs(3_600));
    call(&client, &emulator).await.unwrap();
    assert_eq!(count(&emulator, "/v3/auth/tokens"), 2, "{:?}", paths(&emulator));
    assert_eq!(count(&emulator, "/v2/"), 3, "{:?}", paths(&emulator));
}

#[tokio::test]
async fn sends_wrong_password_once_and_never_shows_it() {
    let emulator = Emulator::start().await.unwrap();
    let client = builder(&emulator).credentials(login("wr0ng-password")).build().unwrap();
    for _ in 0..3 {
        let error = call(&client, &emulator).await.unwrap_err();
        assert_eq!((error.kind(), error.status()), (ErrorKind::Credentials, Some(401)));
        assert_eq!(error.message(), Some("The username or password is wrong."));
        assert!(error.is_auth() && !error.is_retryable());
        assert!(!format!("{error} {error:?}").contains("wr0ng"), "{error:?}");
    }
    assert_eq!(count(&emulator, "/v3/auth/tokens"), 1, "{:?}", paths(&emulator));
}

/// What a call prints in an environment with nothing but these variables.
fn call_with(test: &str, emulator: &Emulator, set: &[(&str, &str)]) -> String {
    let unset = ["HUAWEICLOUD_SDK_AK", "HUAWEICLOUD_SDK_SK", "HUAWEICLOUD_SDK_CREDENTIALS_FILE"];
    let home = ("HOME", "no-such-home");
    let set: Vec<_> =
        set.iter().copied().chain([home, ("TEST_ENDPOINT", emulator.endpoint())]).collect();
    alone::printed(&format!("credentials::{test}"), &unset, &set)
}

/// Makes a call with what the default chain finds.
async fn call_by_chain() {
    let endpoint = std::env::var("TEST_ENDPOINT").unwrap();
    let printed = match Credentials::default_chain() {
        Ok(credentials) => {
            let client = Client::builder().region("cn-north-4").credentials(credentials);
            let client = client.endpoint(&endpoint).iam_endpoint(&endpoint).build().unwrap();
            let call = client.list_audit_instances_last().await;
            call.map_or_else(
                |error| format!("{:?}: {error}", error.kind()),
                |_| "called".to_owned(),
            )
        }
        Err(error) => format!("not found: {error}"),
    };
    println!("{printed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn takes_the_key_of_the_instance_when_there_are_no_others() {
    if alone::is_child() {
        return call_by_chain().await;
    }
    let test = "takes_the_key_of_the_instance_when_there_are_no_others";
    let emulator = Emulator::start().await.unwrap();
    let at = emulator.endpoint().to_owned();
    let asked = || count(&emulator, "/openstack/latest/securitykey");
    // Never asked for when there is another key: of the environment, or of a profile.
    let key = [
        ("HUAWEICLOUD_SDK_AK", emulator.access_key()),
        ("HUAWEICLOUD_SDK_SK", emulator.secret_key()),
    ];
    let printed = call_with(test, &emulator, &[key[0], key[1], ("DBSS_METADATA", &at)]);
    assert!(printed.contains("called"), "{printed}");
    assert_eq!(asked(), 0);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("credentials");
    let profile =
        format!("[basic]\nak = {}\nsk = {}\n", emulator.access_key(), emulator.secret_key());
    std::fs::write(&file, profile).unwrap();
    let file = ("HUAWEICLOUD_SDK_CREDENTIALS_FILE", file.to_str().unwrap());
    let printed = call_with(test, &emulator, &[file, ("DBSS_METADATA", &at)]);
    assert!(printed.contains("called"), "{printed}");
    assert_eq!(asked(), 0);

    let printed = call_with(test, &emulator, &[("DBSS_METADATA", &at)]);
    assert!(printed.contains("called"), "{printed}");
    // Once, for the look-up of the project and the call.
    assert_eq!(asked(), 1);

    let printed = call_with(test, &emulator, &[("DBSS_METADATA", "off")]);
    assert!(printed.contains("not found: no credentials were found: "), "{printed}");
    assert_eq!(asked(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn names_all_places_when_no_instance_responds_either() {
    if alone::is_child() {
        return call_by_chain().await;
    }
    let test = "names_all_places_when_no_instance_responds_either";
    let emulator = Emulator::start().await.unwrap();
    let closed = scripted_server::ClosedPort::reserve().unwrap();
    let at = closed.endpoint().unwrap();
    let printed =
        call_with(test, &emulator, &[("DBSS_METADATA", &at), ("HTTP_PROXY", emulator.endpoint())]);
    for part in [
        "Credentials: ",
        "HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK are not set",
        "there is no profile file",
        &format!("the metadata service at {at} does not respond: connection refused"),
    ] {
        assert!(printed.contains(part), "no {part:?} in {printed}");
    }
    assert!(emulator.requests().is_empty());
}
