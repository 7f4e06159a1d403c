//! Keys come by HTTPS, from whom the machine's trust store vouches for.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::json;
use tempfile::TempDir;

use super::FIRST_SIGHT;
use crate::support::issuer::{AUDIENCE, SigningKey, compact, now, with_token};
use crate::support::{Backend, Database, SECRET, Server};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/suite/issuer_keys/https.py");

/// The process that serves, stopped when the test ends.
struct Provider(Child);

impl Drop for Provider {
    fn drop(&mut self) {
        let _already_ended = self.0.kill();
        let _already_waited = self.0.wait();
    }
}

#[test]
fn keys_come_by_https_from_whom_the_machine_trusts() {
    let python = std::env::var("VIRKNING_TEST_PYTHON")
        .expect("VIRKNING_TEST_PYTHON names a Python with the package cryptography; tests/run finds one");
    let key = SigningKey::ec("first");
    let folder = TempDir::new().expect("a temporary folder");
    let keys = json!({ "keys": [key.published()] }).to_string();
    let mut process = Command::new(python)
        .arg("-B")
        .arg(SCRIPT)
        .arg(folder.path())
        .arg(keys)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python runs");
    let mut said = BufReader::new(process.stdout.take().expect("its output"));
    let _provider = Provider(process);
    let mut url = String::new();
    said.read_line(&mut url).expect("an address");
    let url = url.trim();
    let options = [&["--oidc-issuer", url, "--oidc-audience", AUDIENCE], FIRST_SIGHT.as_slice()].concat();
    let status = |environment: &[(&str, &str)]| {
        let database = Database::register(Backend::Sqlite);
        let server = Server::serve_with(database, &[("--jwt-secret-file", SECRET)], &options, environment);
        let claims = json!({ "iss": url, "aud": AUDIENCE, "sub": "x", "iat": now(), "exp": now() + 60 });
        let header = json!({ "alg": "ES256", "kid": key.id });
        let token = compact(&header, &claims.to_string(), |message| key.sign("ES256", message));
        with_token(&server, &token).ask("{ viewer { id } }", json!({})).status
    };
    let authority = folder.path().join("authority.pem");
    assert_eq!(status(&[("SSL_CERT_FILE", &authority.to_string_lossy())]), 200);
    assert_eq!(status(&[]), 503, "nobody else vouches for it");
}
