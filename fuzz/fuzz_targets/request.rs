//! Bytes are sent to an emulator. It must not panic, and every response must have a request id,
//! whoever writes it.

#![no_main]

use std::sync::LazyLock;
use std::time::Duration;

use dbss_emulator::{Emulator, Limits};
use libfuzzer_sys::fuzz_target;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime starts"));

static EMULATOR: LazyLock<Emulator> = LazyLock::new(|| {
    let mut limits = Limits::default();
    limits.head_timeout = Duration::from_millis(200);
    limits.body_timeout = Duration::from_millis(200);
    limits.recorded_bytes = 100_000;
    let start = Emulator::builder().limits(limits).seed(1).start();
    RUNTIME.block_on(start).expect("the emulator starts")
});

fuzz_target!(|data: &[u8]| {
    let address = EMULATOR.address();
    let received = RUNTIME.block_on(async {
        let mut stream = TcpStream::connect(address).await.expect("it accepts connections");
        // It may close the connection before it has read everything.
        let _ = stream.write_all(data).await;
        let _ = stream.shutdown().await;
        let mut received = Vec::new();
        let reading =
            tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut received));
        let _ = reading.await.expect("it answers in time");
        received
    });
    EMULATOR.clear_faults();
    let text = String::from_utf8_lossy(&received);
    // A client of HTTP/1.0 is answered in its own version.
    let status_line =
        ["HTTP/1.1 ", "HTTP/1.0 "].iter().find_map(|version| text.strip_prefix(version));
    let Some(first) = status_line else {
        assert!(text.is_empty(), "{text}");
        return;
    };
    let (head, _) = first.split_once("\r\n\r\n").unwrap_or((first, ""));
    assert!(head.starts_with("100 ") || head.contains("\r\nx-request-id: "), "{head}");
});
