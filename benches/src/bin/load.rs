//! Measures the requests per second of a server with a minimal client: hand-written HTTP/1.1 on
//! persistent connections.
//!
//! `benches/throughput.sh` runs it against the emulator and against another
//! mock of the same contract. Usage: `load ADDRESS CONNECTIONS WARM_UP SECONDS`
//! (an address as in `127.0.0.1:8599`), with `DBSS_PROJECT_ID`, `DBSS_TOKEN` and
//! `DBSS_INSTANCE_ID` set. Connection N switches the scope `load-scope-N` on and
//! off. Prints requests per second; exit code 1 if any response was not a 200.

use std::env;
use std::error::Error;
use std::io;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// A response that takes longer is an error.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(20);

#[derive(Default)]
struct Count {
    successes: u64,
    failures: u64,
}

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [address, connections, warm_up, seconds] = arguments.as_slice() else {
        return Err("usage: load ADDRESS CONNECTIONS WARM_UP SECONDS".into());
    };
    let (connections, warm_up): (u64, u64) = (connections.parse()?, warm_up.parse()?);
    let seconds: u32 = seconds.parse()?;
    let variable = |name: &str| env::var(name).map_err(|_| format!("set {name}"));
    let head = format!(
        "POST /v2/{}/audit/{}/rule/scopes/switch HTTP/1.1\r\nHost: {address}\r\nX-Auth-Token: {}\r\n\
         Content-Type: application/json\r\nAccept: application/json\r\n",
        variable("DBSS_PROJECT_ID")?,
        variable("DBSS_INSTANCE_ID")?,
        variable("DBSS_TOKEN")?,
    );
    let begin = Instant::now() + Duration::from_secs(warm_up);
    let end = begin + Duration::from_secs(u64::from(seconds));
    let mut running = JoinSet::new();
    for number in 0..connections {
        let [on, off] = ["ON", "OFF"].map(|status| {
            let body = format!(r#"{{"ids":["load-scope-{number}"],"status":"{status}"}}"#);
            format!("{head}Content-Length: {}\r\n\r\n{body}", body.len())
        });
        let address = address.clone();
        running.spawn(async move { call(&address, [&on, &off], begin, end).await });
    }
    let mut total = Count::default();
    while let Some(ended) = running.join_next().await {
        let count = ended??;
        total.successes += count.successes;
        total.failures += count.failures;
    }
    println!("{}", total.successes / u64::from(seconds));
    if total.failures > 0 {
        eprintln!("{} responses were not a 200", total.failures);
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

/// Sends one request after the other; counts those between begin and end.
async fn call(
    address: &str,
    requests: [&str; 2],
    begin: Instant,
    end: Instant,
) -> io::Result<Count> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    let mut count = Count::default();
    let mut line = String::new();
    for request in requests.into_iter().cycle() {
        if Instant::now() >= end {
            break;
        }
        stream.get_mut().write_all(request.as_bytes()).await?;
        let ok =
            tokio::time::timeout(RESPONSE_TIMEOUT, read_response(&mut stream, &mut line)).await??;
        let now = Instant::now();
        if !ok {
            count.failures += 1;
        } else if now >= begin && now < end {
            count.successes += 1;
        }
    }
    Ok(count)
}

/// Reads a whole response. Returns whether its status is 200.
async fn read_response(stream: &mut BufReader<TcpStream>, line: &mut String) -> io::Result<bool> {
    next_line(stream, line).await?;
    let ok = line.split(' ').nth(1) == Some("200");
    let mut length = None;
    loop {
        next_line(stream, line).await?;
        if line.is_empty() {
            break;
        }
        let Some((name, value)) = line.split_once(':') else { continue };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().ok();
        }
    }
    // Without a length, the body is chunked.
    let mut left = length;
    while left.is_none() {
        next_line(stream, line).await?;
        let size = u64::from_str_radix(line.trim(), 16).map_err(io::Error::other)?;
        skip(stream, size).await?;
        next_line(stream, line).await?;
        if size == 0 {
            left = Some(0);
        }
    }
    skip(stream, left.unwrap_or_default()).await?;
    Ok(ok)
}

async fn next_line(stream: &mut BufReader<TcpStream>, line: &mut String) -> io::Result<()> {
    line.clear();
    if stream.read_line(line).await? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    line.truncate(line.trim_end().len());
    Ok(())
}

async fn skip(stream: &mut BufReader<TcpStream>, size: u64) -> io::Result<()> {
    tokio::io::copy(&mut stream.take(size), &mut tokio::io::sink()).await?;
    Ok(())
}
