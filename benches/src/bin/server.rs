//! The other end of the benchmarks: answers every request with a canned answer.
//!
//! Prints its port, and serves until it is killed. It reads no more of HTTP than
//! the calls of the benchmarks need.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};

use dbss_benches::{REFUSAL, SUCCESS, UNKNOWN_INSTANCE};

fn main() -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    println!("{}", listener.local_addr()?.port());
    for stream in listener.incoming() {
        let stream = stream?;
        std::thread::spawn(move || {
            if let Err(error) = serve(&stream) {
                eprintln!("connection lost: {error}");
            }
        });
    }
    Ok(())
}

/// Answers the requests of a connection, one after the other.
fn serve(stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let success = answer("200 OK", SUCCESS);
    let refusal = answer("400 Bad Request", REFUSAL);
    let (mut reader, mut writer) = (BufReader::new(stream), stream);
    let (mut line, mut body) = (String::new(), Vec::new());
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let refused = line.contains(UNKNOWN_INSTANCE);
        let mut length = 0;
        loop {
            line.clear();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse().map_err(io::Error::other)?;
            }
        }
        body.resize(length, 0);
        reader.read_exact(&mut body)?;
        writer.write_all(if refused { &refusal } else { &success })?;
    }
}

/// An answer with the headers that the service's gateway sends.
fn answer(status: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status}\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\
         X-Request-Id: 9f6a0f7d3c1b4e5a8d2c7b6a5f4e3d2c\r\nServer: api-gateway\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
