//! The log: complete and in order under many writers, signed as it grows, and provable to others.

mod growth;
mod keys;
mod proofs;
mod tree;
mod who;

use serde_json::{Value, json};

use crate::support::{Backend, Client, Database, Ran, Server, Snor, virkning};

/// How many entries there are.
fn entries(database: &Database) -> i64 {
    database.count("log_entry")
}

/// A server whose history has more than 512 entries, twice as many as one kept subtree.
fn grown(backend: Backend) -> Server {
    let server = Server::start(backend);
    Snor::published(&server);
    let coordinator = server.signed_in("coordinator");
    for year in 2030..2040 {
        let round = json!({ "year": year, "theme": "Trivsel" });
        coordinator.mutate("createEvaluationRound", &round, "evaluationRound { id }");
    }
    server
}

/// The checkpoint that the API gives; `size` none is all of it.
fn checkpoint(auditor: &Client, size: Option<i64>) -> Value {
    let query = "query($size: Int) { checkpoint(size: $size) { origin size rootHash note } }";
    auditor.data(query, json!({ "size": size }))["checkpoint"].clone()
}

fn verify(database: &Database) -> Ran {
    virkning(&database.url, &["verify"])
}
