//! A service answers a call with a status and a body, and the client makes an error of it. It
//! must not panic, must keep the status, and must show no control character and no token.

#![no_main]
#![allow(deprecated, reason = "StopAuditInstance is one of the two documented operations")]

use std::sync::LazyLock;

use dbss_client::{Client, Credentials, RetryPolicy};
use dbss_emulator::{Emulator, Fault, HeaderName, HeaderValue, StatusCode};
use libfuzzer_sys::fuzz_target;
use tokio::runtime::Runtime;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime starts"));

static SERVICE: LazyLock<(Emulator, Client)> = LazyLock::new(|| {
    let emulator = RUNTIME.block_on(Emulator::start()).expect("the emulator starts");
    let client = Client::builder()
        .endpoint(emulator.endpoint())
        .credentials(Credentials::token(emulator.token()))
        .project_id(emulator.project_id())
        .retry(RetryPolicy::none())
        .build()
        .expect("the client is built");
    (emulator, client)
});

fuzz_target!(|data: &[u8]| {
    let Some((&[class, content_type], body)) = data.split_first_chunk() else { return };
    let status = 400 + u16::from(class) % 200;
    let Ok(status) = StatusCode::from_u16(status) else { return };
    let (emulator, client) = &*SERVICE;
    let content_type = match content_type % 3 {
        0 => "application/json",
        1 => "text/html",
        _ => "application/octet-stream",
    };
    let fault = Fault::response(status)
        .header(HeaderName::from_static("content-type"), HeaderValue::from_static(content_type))
        .body(String::from_utf8_lossy(body));
    emulator.add_fault(fault);
    let call = client.stop_audit_instance().instance_id(emulator.instance_id());
    let error = RUNTIME.block_on(call.send()).expect_err("it is an error response");
    assert_eq!(error.status(), Some(status.as_u16()), "{error:?}");
    let shown = error.to_string();
    assert!(!shown.contains(|c: char| c.is_control() && c != '\n'), "{shown:?}");
    assert!(!format!("{error:?}").contains("emulator-token"), "{error:?}");
});
