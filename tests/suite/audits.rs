//! GraphQL over HTTP, by the audits that its authors publish.

use std::process::Command;

use serde_json::Value;

use crate::support::{Backend, Server};

const AUDITS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/audits/audit.mjs");

#[test]
fn every_audit_of_graphql_over_http_passes() {
    // Some of them ask for a type of the schema.
    let server = Server::start(Backend::Sqlite);
    let ran = Command::new("node").args([AUDITS, &format!("{}/graphql", server.url)]).output();
    let ran = ran.expect("node, which tests/run installs");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let audits: Vec<Value> = serde_json::from_slice(&ran.stdout).expect("the audits as JSON");
    let failed: Vec<_> = audits.iter().filter(|audit| audit["status"] != "ok").collect();
    let of = |level: &str| {
        let named = |audit: &&Value| audit["name"].as_str().is_some_and(|name| name.starts_with(level));
        audits.iter().filter(named).count()
    };
    let (must, should, may) = (of("MUST "), of("SHOULD "), of("MAY "));
    eprintln!("{must} MUST, {should} SHOULD, {may} MAY; not ok: {failed:#?}");
    assert_eq!((must, should), (13, 23));
    assert_eq!(must + should + may, audits.len());
    assert!(failed.is_empty(), "{failed:#?}");
}
