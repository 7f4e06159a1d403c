//! Clients that hang up in the middle: none of them may cost another a write that was acknowledged.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use serde_json::json;

use crate::support::{Backend, Client, Server, Snor, virkning};

on_both_databases!(hanging_up_loses_nobodys_write);

const WRITERS: u64 = 8;
const WRITES: u64 = 40;

/// Sends a document and reads the answer, or hangs up after so many microseconds.
fn send(server: &Server, client: &Client, document: &str, patience: Option<u64>) -> Option<String> {
    let address = server.url.trim_start_matches("http://");
    let mut socket = TcpStream::connect(address).expect("a connection");
    let token = client.token.as_deref().expect("a token");
    let request = format!(
        "POST /graphql HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n\
         Connection: close\r\nContent-Length: {}\r\n\r\n{document}",
        document.len()
    );
    socket.write_all(request.as_bytes()).expect("a request");
    if let Some(patience) = patience {
        thread::sleep(Duration::from_micros(patience));
        // A socket that is closed with an answer unread is reset, which is as rude as it gets.
        socket.shutdown(Shutdown::Both).ok();
        return None;
    }
    let mut answer = String::new();
    socket.read_to_string(&mut answer).expect("an answer");
    Some(answer)
}

fn hanging_up_loses_nobodys_write(backend: Backend) {
    let server = Server::start(backend);
    let client = server.signed_in("evaluator-sof");
    let snor = Snor::drafted(&client);
    let acknowledged = Mutex::new(BTreeSet::new());
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (server, client, evaluation, acknowledged) = (&server, &client, &snor.id, &acknowledged);
            scope.spawn(move || {
                let mut dice = 0x9e37_79b9_7f4a_7c15 ^ (writer + 1);
                for number in 0..WRITES {
                    dice = u64::wrapping_mul(dice ^ (dice >> 29), 0xbf58_476d_1ce4_e5b9) ^ (dice << 7);
                    let patience = (dice % 3 > 0).then_some((dice >> 20) % 25_000);
                    // Every fourth only reads: a read that is cut off leaves a connection behind as well.
                    if number % 4 == 3 {
                        let document = json!({ "query": "{ interventions(first: 50) { nodes { name figures { nodes { label } } } } }" });
                        send(server, client, &document.to_string(), patience);
                        continue;
                    }
                    let name = format!("{writer}-{number}");
                    let document = json!({
                        "query": "mutation($i: AddPopulationInput!) { addPopulation(input: $i) { population { name } userErrors { code } } }",
                        "variables": { "i": { "virkningsevalueringId": evaluation, "name": name } },
                    });
                    if let Some(answer) = send(server, client, &document.to_string(), patience) {
                        assert!(answer.contains(&format!("{{\"name\":\"{name}\"}}")), "{answer}");
                        acknowledged.lock().expect("the names").insert(name);
                    }
                }
            });
        }
    });
    let acknowledged = acknowledged.into_inner().expect("the names");
    assert!(acknowledged.len() > 40, "{} writes were waited for", acknowledged.len());
    // The server is asked to stop only after all that is under way has ended, as SIGTERM promises.
    let (status, database) = server.stop();
    assert!(status.success());
    let database = database.expect("the database");
    let rows = database.query("SELECT name FROM population");
    let stored: BTreeSet<String> =
        rows.into_iter().map(|row| row.try_get("", "name").expect("a name")).collect();
    let lost: Vec<_> = acknowledged.difference(&stored).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    assert!(stored.len() > acknowledged.len(), "some that hung up had been heard");
    // Data exists if and only if its event does.
    virkning(&database.url, &["verify"]).assert_success();
}
