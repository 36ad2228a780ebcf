//! Whatever is signed by the client is verified by the emulator, whose reading of
//! the rule is another: random requests, sent over a socket.

use std::time::SystemTime;

use dbss_client::{AccessKey, Identity};
use dbss_emulator::{AccessKey as KnownKey, Emulator, State};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};
use reqwest::{Client, Method, Request, Url};
use tokio::runtime::Runtime;

const SWITCH: [&str; 7] = ["v2", "{}", "audit", "{}", "rule", "scopes", "switch"];

/// A request that is odd, but has a path that the emulator knows.
#[derive(Clone, Debug)]
struct OddRequest {
    /// What stands in the path for project and instance; a list of projects
    /// without them.
    ids: Option<(String, String)>,
    query: Vec<(String, String)>,
    /// A name in the query without a `=`.
    flag: bool,
    body: Option<String>,
    content_type: Option<&'static str>,
    project_id: Option<String>,
    temporary: bool,
    tampering: Tampering,
}

/// What a third party changes on the way.
#[derive(Clone, Copy, Debug)]
enum Tampering {
    Query,
    Body,
    Date,
    SignedHeader,
}

fn odd_request() -> impl Strategy<Value = OddRequest> {
    // With what is escaped in a path, and what looks as if it were.
    let id = || "[a-z][a-zA-Z0-9 /%+*:;=,.~_é审计\\-]{0,12}";
    let text = || prop_oneof!["[ -~]{0,6}", "[ab]?", "[%+&=/ é审]{0,4}"];
    let types = [None, Some("application/json"), Some("application/json;charset=utf-8")]
        .into_iter()
        .chain([Some("text/plain")])
        .collect::<Vec<_>>();
    let tamperings =
        vec![Tampering::Query, Tampering::Body, Tampering::Date, Tampering::SignedHeader];
    let parts = (
        prop::option::of((id(), id())),
        prop::collection::vec((text(), text()), 0..5),
        any::<bool>(),
        prop::option::of(prop_oneof![any::<String>(), Just(String::new()), "[ -~]{100,300}"]),
        select(types),
        prop::option::of("[0-9a-f]{32}"),
        any::<bool>(),
        select(tamperings),
    );
    parts.prop_map(|(ids, query, flag, body, content_type, project_id, temporary, tampering)| {
        OddRequest { ids, query, flag, body, content_type, project_id, temporary, tampering }
    })
}

impl OddRequest {
    fn request(&self, endpoint: &str) -> Request {
        let mut url = Url::parse(endpoint).unwrap();
        let method = match &self.ids {
            None => {
                url.set_path("/v3/projects");
                Method::GET
            }
            Some((project, instance)) => {
                let mut ids = [project.as_str(), instance].into_iter();
                let part = |part| if part == "{}" { ids.next().unwrap() } else { part };
                url.path_segments_mut().unwrap().clear().extend(SWITCH.map(part));
                Method::POST
            }
        };
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        if self.flag {
            let query = url.query().unwrap_or_default().to_owned();
            url.set_query(Some(&format!("{query}&flag")));
        }
        let mut request = Request::new(method, url);
        *request.body_mut() = self.body.clone().map(Into::into);
        if let Some(content_type) = self.content_type {
            request.headers_mut().insert("content-type", content_type.parse().unwrap());
        }
        request
    }

    /// The response to a request with a valid signature.
    fn expected(&self) -> u16 {
        // The project of the path is nobody's.
        if self.ids.is_some() { 403 } else { 200 }
    }

    fn tamper(&self, request: &mut Request) {
        let is_signed = self.content_type != Some("text/plain");
        match self.tampering {
            Tampering::Body if is_signed => {
                let body = self.body.clone().unwrap_or_default();
                *request.body_mut() = Some(format!("{body} ").into());
            }
            Tampering::Date => {
                let date = "20260115T083000Z".parse().unwrap();
                request.headers_mut().insert("x-sdk-date", date);
            }
            Tampering::SignedHeader if self.project_id.is_some() => {
                request.headers_mut().insert("x-project-id", "another".parse().unwrap());
            }
            _ => {
                request.url_mut().query_pairs_mut().append_pair("further", "");
            }
        }
    }
}

struct Setup {
    runtime: Runtime,
    emulator: Emulator,
    http: Client,
}

impl Setup {
    fn new() -> Self {
        // reqwest wants one; another test of this process may have set it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let runtime = Runtime::new().unwrap();
        let mut state = State::default();
        let user = state.users.first().unwrap().name.clone();
        let temporary =
            KnownKey::new("TEMPORARY", "secret-2", user).with_security_token("security-token");
        state.access_keys.push(temporary);
        let emulator = runtime.block_on(Emulator::builder().state(state).start()).unwrap();
        Self { runtime, emulator, http: Client::builder().no_proxy().build().unwrap() }
    }

    fn identity(&self, temporary: bool) -> Identity {
        let key = if temporary {
            let key = AccessKey::new("TEMPORARY", "secret-2").unwrap();
            key.with_security_token("security-token").unwrap()
        } else {
            AccessKey::new(self.emulator.access_key(), self.emulator.secret_key()).unwrap()
        };
        Identity::AccessKey(key)
    }

    fn send(&self, request: Request) -> (u16, String) {
        self.runtime.block_on(async {
            let response = self.http.execute(request).await.unwrap();
            (response.status().as_u16(), response.text().await.unwrap())
        })
    }
}

#[test]
fn verifies_random_requests_and_rejects_tampered_ones() {
    let bench = Setup::new();
    let config = Config { cases: 256, failure_persistence: None, ..Config::default() };
    let checked = TestRunner::new(config).run(&odd_request(), |odd| {
        let mut request = odd.request(bench.emulator.endpoint());
        let project = odd.project_id.as_deref();
        bench
            .identity(odd.temporary)
            .authenticate(&mut request, project, SystemTime::now())
            .unwrap();
        let mut tampered = request.try_clone().unwrap();
        odd.tamper(&mut tampered);

        let (status, body) = bench.send(request);
        prop_assert_eq!(status, odd.expected(), "{}", body);
        let (status, body) = bench.send(tampered);
        prop_assert_eq!(status, 401, "{}", body);
        prop_assert!(body.contains("APIGW.0301"), "{}", body);
        Ok(())
    });
    checked.unwrap();
}
