//! The server of the benchmarks: returns a fixed response to every request.
//!
//! Prints its port, and serves until it is killed. It supports only as
//! much of HTTP as the benchmarks need.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};

use dbss_benches::{ERROR_BODY, SUCCESS_BODY, UNKNOWN_INSTANCE};

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

/// Responds to the requests of a connection, one after the other.
fn serve(stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let success = response("200 OK", SUCCESS_BODY);
    let error = response("400 Bad Request", ERROR_BODY);
    let (mut reader, mut writer) = (BufReader::new(stream), stream);
    let (mut line, mut body) = (String::new(), Vec::new());
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let is_unknown = line.contains(UNKNOWN_INSTANCE);
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
        writer.write_all(if is_unknown { &error } else { &success })?;
    }
}

/// A response with the headers that the service's gateway sends.
fn response(status: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status}\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\
         X-Request-Id: 9f6a0f7d3c1b4e5a8d2c7b6a5f4e3d2c\r\nServer: api-gateway\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
