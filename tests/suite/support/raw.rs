//! Requests as bytes, for what no well-behaved client would send.

use std::fmt::Write as _;
use std::io::Read;
use std::io::Write as _;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::client::Answer;
use super::server::Server;

/// Longer than the server keeps any connection that does nothing.
const PATIENCE: Duration = Duration::from_secs(20);

pub fn connect(server: &Server) -> TcpStream {
    let address = server.url.strip_prefix("http://").expect("an http address");
    let connection = TcpStream::connect(address).expect("a connection");
    connection.set_read_timeout(Some(PATIENCE)).expect("a time limit");
    connection
}

/// The bytes of a request. The length is that of the body unless a header says otherwise.
pub fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut request = format!("{method} {path} HTTP/1.1\r\nhost: virkning.test\r\nconnection: close\r\n");
    let given = |name: &str| headers.iter().any(|(own, _)| *own == name);
    if !given("content-length") && !given("transfer-encoding") && !body.is_empty() {
        write!(request, "content-length: {}\r\n", body.len()).expect("text");
    }
    for (name, value) in headers {
        write!(request, "{name}: {value}\r\n").expect("text");
    }
    format!("{request}\r\n{body}").into_bytes()
}

/// What comes back; none where the connection ends without an answer.
pub fn send(server: &Server, request: &[u8]) -> Option<Answer> {
    let mut connection = connect(server);
    // The server may have answered and closed before it has read all.
    let _refused_half_way = connection.write_all(request);
    answer(&mut connection)
}

/// Reads an answer up to the end that its length announces, or to that of the connection.
pub fn answer(connection: &mut TcpStream) -> Option<Answer> {
    let (mut read, mut part, began) = (Vec::new(), [0; 16 * 1024], Instant::now());
    loop {
        if let Some(answer) = complete(&read) {
            return Some(answer);
        }
        assert!(began.elapsed() < PATIENCE, "an answer that ends: {}", String::from_utf8_lossy(&read));
        let Ok(length @ 1..) = connection.read(&mut part) else {
            assert!(read.is_empty(), "half an answer: {}", String::from_utf8_lossy(&read));
            return None;
        };
        read.extend_from_slice(&part[..length]);
    }
}

/// The answer, where all of it is there.
fn complete(read: &[u8]) -> Option<Answer> {
    let text = std::str::from_utf8(read).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers: Vec<_> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length.map_or(0, |(_, length)| length.parse().expect("a length"));
    (body.len() >= length).then(|| Answer { status, headers, body: body.to_owned() })
}
