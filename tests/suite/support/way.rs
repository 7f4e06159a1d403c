//! A way to a database that can be closed, as networks and databases go away.

use std::io;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::database::Database;

/// A PostgreSQL database that is reached through a gate.
pub struct Way {
    pub database: Database,
    pub gate: Gate,
}

#[derive(Clone, Default)]
pub struct Gate {
    closed: Arc<AtomicBool>,
    open: Arc<Mutex<Vec<TcpStream>>>,
}

impl Way {
    pub fn to(database: Database) -> Self {
        let (rest, name) = database.url.rsplit_once('/').expect("a database in the address");
        let (user, server) = rest.rsplit_once('@').expect("a server in the address");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let here = listener.local_addr().expect("an address");
        let url = format!("{user}@{here}/{name}");
        let gate = Gate::default();
        let (server, keeper) = (server.to_owned(), gate.clone());
        thread::spawn(move || {
            for connection in listener.incoming() {
                let connection = connection.expect("a connection");
                // Whoever comes to a closed gate is turned away at once.
                if !keeper.closed.load(Ordering::Relaxed) {
                    keeper.connect(&connection, &TcpStream::connect(&server).expect("a server"));
                }
            }
        });
        Self { database: database.at(url), gate }
    }
}

impl Gate {
    fn connect(&self, one: &TcpStream, other: &TcpStream) {
        for (from, to) in [(one, other), (other, one)] {
            let same = |stream: &TcpStream| stream.try_clone().expect("the same stream");
            let (mut from, mut to) = (same(from), same(to));
            self.open.lock().unwrap_or_else(PoisonError::into_inner).push(same(&from));
            thread::spawn(move || {
                let _broken_off = io::copy(&mut from, &mut to);
                let _already_closed = to.shutdown(Shutdown::Both);
            });
        }
    }

    pub fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
        for stream in self.open.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            let _already_closed = stream.shutdown(Shutdown::Both);
        }
    }
}
