//! Proofs, given to the verifier that shares no code with the server.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use data_encoding::BASE64;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{checkpoint, entries, grown};
use crate::support::{Backend, Client, Server, Snor, virkning};

on_both_databases!(every_proof_holds_and_none_holds_once_it_is_changed, the_commands_give_the_same_proofs,);

const VERIFIER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/verifier");
/// Runs the verifier's own `main` on many bundles, for a start of Python takes longer than a proof.
const MANY: &str = "import sys, contextlib, io\nsys.path.insert(0, sys.argv[1])\nimport verify_proof\n\
                    for line in open(sys.argv[2], encoding='utf-8'):\n    \
                    key, path = line.rstrip('\\n').split('\\t')\n    \
                    sys.argv = ['verify_proof.py', '--key', key, path]\n    \
                    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):\n        \
                    status = verify_proof.main()\n    print(status)\n";

fn python(arguments: &[&str]) -> Output {
    let python = std::env::var("VIRKNING_TEST_PYTHON")
        .expect("VIRKNING_TEST_PYTHON names a Python with the package cryptography; tests/run finds one");
    Command::new(python).arg("-B").args(arguments).stdin(Stdio::null()).output().expect("Python runs")
}

/// Bundles with the key to check each with, and what must come of it: 0 proved, 1 not proved.
#[derive(Default)]
struct Trial(Vec<(String, String, Value, i32)>);

impl Trial {
    fn add(&mut self, what: String, key: &str, bundle: Value, expected: i32) {
        self.0.push((what, key.to_owned(), bundle, expected));
    }

    fn hold(self) {
        let folder = TempDir::new().expect("a temporary folder");
        let mut list = String::new();
        for (at, (_, key, bundle, _)) in self.0.iter().enumerate() {
            let path = folder.path().join(format!("{at}.json"));
            fs::write(&path, bundle.to_string()).expect("a bundle");
            writeln!(list, "{key}\t{}", path.display()).expect("a text");
        }
        let listed = folder.path().join("list");
        fs::write(&listed, list).expect("a list");
        let ran = python(&["-c", MANY, VERIFIER, &listed.to_string_lossy()]);
        let told = String::from_utf8_lossy(&ran.stdout).into_owned();
        let statuses: Vec<i32> = told.lines().map(|line| line.parse().expect("a status")).collect();
        assert_eq!(statuses.len(), self.0.len(), "{}", String::from_utf8_lossy(&ran.stderr));
        for ((what, _, bundle, expected), status) in self.0.into_iter().zip(statuses) {
            assert_eq!(status, expected, "{what}: {bundle}");
        }
    }
}

/// The text with another byte in what its line holds in base64, from the line's last space on.
fn flipped(text: &str, line: usize) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let (before, coded) = lines[line].rsplit_once(' ').map_or(("", lines[line].as_str()), |(a, b)| (a, b));
    let mut bytes = BASE64.decode(coded.as_bytes()).expect("base64");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let before = if before.is_empty() { String::new() } else { format!("{before} ") };
    lines[line] = format!("{before}{}", BASE64.encode(&bytes));
    lines.join("\n") + "\n"
}

fn with(bundle: &Value, pointer: &str, value: Value) -> Value {
    let mut bundle = bundle.clone();
    *bundle.pointer_mut(pointer).expect("a place in the bundle") = value;
    bundle
}

fn text<'a>(bundle: &'a Value, pointer: &str) -> &'a str {
    bundle.pointer(pointer).and_then(Value::as_str).expect("a text")
}

fn bundle(payload: &Value) -> Value {
    serde_json::from_str(payload["bundle"].as_str().expect("a bundle")).expect("JSON")
}

fn inclusion(auditor: &Client, event: &Value, size: Option<i64>) -> Value {
    let query =
        "query($event: ID!, $size: Int) { inclusionProof(event: $event, size: $size) { index bundle } }";
    auditor.data(query, json!({ "event": event, "size": size }))["inclusionProof"].clone()
}

fn consistency(auditor: &Client, from: i64, to: i64) -> Value {
    let query = "query($from: Int!, $to: Int) { consistencyProof(from: $from, to: $to) { bundle } }";
    bundle(&auditor.data(query, json!({ "from": from, "to": to }))["consistencyProof"])
}

/// The events' ids in the order of the log.
fn events(server: &Server) -> Vec<Value> {
    let rows =
        server.database().query("SELECT body FROM event JOIN log_entry ON event_id = id ORDER BY \"index\"");
    let id = |body: String| {
        serde_json::from_str::<Value>(&body).expect("JSON")["id"].as_str().expect("an id").replace('-', "")
    };
    rows.iter().map(|row| json!(format!("event_{}", id(row.try_get("", "body").expect("a body"))))).collect()
}

fn every_proof_holds_and_none_holds_once_it_is_changed(backend: Backend) {
    let server = grown(backend);
    let auditor = server.signed_in("auditor");
    let size = entries(server.database());
    let (key, other) = keys(&server);
    let mut trial = Trial::default();
    let events = events(&server);
    let last = events.len() - 1;
    for (index, event) in events.iter().enumerate().filter(|(index, _)| index % 37 == 0 || *index == last) {
        let proof = inclusion(&auditor, event, None);
        assert_eq!(proof["index"], index);
        let proof = bundle(&proof);
        trial.add(format!("event {index}"), &key, proof.clone(), 0);
        let next = checkpoint(&auditor, Some(size - 1))["note"].as_str().expect("a note").to_owned();
        for (change, changed) in changed_inclusions(&proof, index, &next) {
            trial.add(format!("{change}, event {index}"), &key, changed, 1);
        }
        trial.add(format!("another key, event {index}"), &other, proof, 1);
    }
    // In a log that was shorter too.
    for (index, size) in [(0, 1), (0, 2), (2, 3), (255, 256), (256, 257), (3, 300), (299, 300)] {
        let proof = bundle(&inclusion(&auditor, &events[index], Some(size)));
        trial.add(format!("event {index} of {size}"), &key, proof, 0);
    }
    let sizes = [0, 1, 2, 3, 7, 8, 100, 255, 256, 257, 300, 511, 512, size - 1, size];
    for (at, from) in sizes.iter().enumerate() {
        for to in sizes[at..].iter().filter(|to| (**to + *from) % 2 == 0 || **to == size || at % 3 == 0) {
            let proof = consistency(&auditor, *from, *to);
            for (change, changed) in changed_consistencies(&auditor, &proof, *from, *to) {
                trial.add(format!("{change}, {from} to {to}"), &key, changed, 1);
            }
            trial.add(format!("another key, {from} to {to}"), &other, proof.clone(), 1);
            trial.add(format!("{from} to {to}"), &key, proof, 0);
        }
    }
    trial.hold();
}

/// The server's public key, and one of the same name that it does not sign with.
fn keys(server: &Server) -> (String, String) {
    let folder = TempDir::new().expect("a temporary folder");
    let file = folder.path().join("key").to_string_lossy().into_owned();
    let public = |more: &[&str]| {
        let options = [&["checkpoint", "--public-key"], more].concat();
        let ran = virkning(&server.database().url, &options);
        ran.assert_success();
        ran.stdout.trim().to_owned()
    };
    (public(&[]), public(&["--checkpoint-key-file", &file]))
}

fn changed_inclusions(proof: &Value, index: usize, next: &str) -> Vec<(&'static str, Value)> {
    let (body, inclusion) = (text(proof, "/event/body"), text(proof, "/inclusion"));
    let lines = inclusion.lines().count();
    let (path, _) = inclusion.split_once("\n\n").expect("a proof and a note");
    let place = inclusion.replacen(&format!("\nindex {index}\n"), &format!("\nindex {}\n", index ^ 1), 1);
    let at = body.find("\"at\":\"20").expect("a time") + 6;
    let mut later = body.to_owned();
    later.replace_range(at..at + 2, "19");
    let name = |opening: Value| with(proof, "/event/openings/actor.name", opening);
    let salt = proof["event"]["openings"]["actor.name"]["salt"].clone();
    vec![
        ("a flipped hash", with(proof, "/inclusion", json!(flipped(inclusion, 2)))),
        (
            "the last hash flipped",
            with(proof, "/inclusion", json!(flipped(inclusion, path.lines().count() - 1))),
        ),
        ("another index", with(proof, "/inclusion", json!(place))),
        ("a changed body", with(proof, "/event/body", json!(later))),
        ("spaces in the body", with(proof, "/event/body", json!(body.replacen(',', ", ", 1)))),
        ("a changed value", name(json!({ "salt": salt, "value": "En anden" }))),
        ("a value without its salt", name(json!({ "value": "En anden" }))),
        (
            "a value that nothing commits to",
            with(proof, "/event/openings", json!({ "x": { "salt": salt, "value": 1 } })),
        ),
        ("a flipped signature", with(proof, "/inclusion", json!(flipped(inclusion, lines - 1)))),
        ("a note of another size", with(proof, "/inclusion", json!(format!("{path}\n\n{next}")))),
    ]
}

fn changed_consistencies(auditor: &Client, proof: &Value, from: i64, to: i64) -> Vec<(&'static str, Value)> {
    let note = |name: &str| text(proof, &format!("/consistency/{name}")).to_owned();
    let (earlier, later) = (note("earlier"), note("later"));
    let signature = |note: &str| flipped(note, note.lines().count() - 1);
    let mut changed = vec![
        (
            "a flipped signature of the earlier",
            with(proof, "/consistency/earlier", json!(signature(&earlier))),
        ),
        ("a flipped signature of the later", with(proof, "/consistency/later", json!(signature(&later)))),
    ];
    let hashes = proof["consistency"]["hashes"].as_array().expect("hashes");
    for (at, hash) in hashes.iter().enumerate() {
        let hash = hash.as_str().expect("a hash");
        let flip = flipped(hash, 0).trim().to_owned();
        changed.push(("a flipped hash", with(proof, &format!("/consistency/hashes/{at}"), json!(flip))));
    }
    if from > 0 && from < to {
        let other = checkpoint(auditor, Some(if from == 1 { 2 } else { from - 1 }))["note"].clone();
        // Between one size and itself there is nothing to prove.
        if !(from == 1 && to == 2) {
            changed.push(("a note of another size", with(proof, "/consistency/earlier", other)));
        }
        changed.push(("too few hashes", with(proof, "/consistency/hashes", json!(hashes[1..]))));
    }
    changed
}

fn the_commands_give_the_same_proofs(backend: Backend) {
    let server = Server::start(backend);
    let folder = TempDir::new().expect("a temporary folder");
    let file = |name: &str, content: &str| {
        let path = folder.path().join(name);
        fs::write(&path, content).expect("a file");
        path.to_string_lossy().into_owned()
    };
    let url = &server.database().url;
    let earlier = file("earlier", &virkning(url, &["checkpoint"]).stdout);
    Snor::registered(&server.signed_in("evaluator-sof"));
    let auditor = server.signed_in("auditor");
    let event =
        auditor.data("{ history(last: 1) { nodes { id } } }", json!({}))["history"]["nodes"][0]["id"].clone();
    let id = event.as_str().expect("an id");
    let included = virkning(url, &["checkpoint", "--event", id]);
    included.assert_success();
    let same: Value = serde_json::from_str(&included.stdout).expect("JSON");
    assert_eq!(same, bundle(&inclusion(&auditor, &event, None)));
    let grown = virkning(url, &["checkpoint", "--since", &earlier]);
    grown.assert_success();
    let (key, other) = keys(&server);
    let proved = |key: &str, bundle: &str| {
        let verifier = Path::new(VERIFIER).join("verify_proof.py");
        let ran = python(&[&verifier.to_string_lossy(), "--key", key, bundle]);
        let told = [ran.stdout, ran.stderr].concat();
        (ran.status.code(), String::from_utf8(told).expect("UTF-8"))
    };
    let (status, told) = proved(&key, &file("event.json", &included.stdout));
    assert_eq!(status, Some(0), "{told}");
    assert!(
        told.contains("REGISTER of VIRKNINGSEVALUERING") && told.contains("actor.name: \"Evaluator SOF\""),
        "{told}"
    );
    let (status, told) = proved(&key, &file("grown.json", &grown.stdout));
    assert_eq!(status, Some(0), "{told}");
    assert!(told.contains("is the beginning of that of"), "{told}");
    let (status, told) = proved(&other, &file("grown.json", &grown.stdout));
    assert!(status == Some(1) && told.starts_with("Not proved: "), "{told}");
    let (status, told) = proved(&key, &file("broken.json", "{}"));
    assert!(status == Some(2) && told.starts_with("Not readable: "), "{told}");
    for (options, named) in [(["--event", "event_x"], "--event"), (["--since", "/nowhere"], "--since")] {
        let ran = virkning(url, &[&["checkpoint"][..], &options].concat());
        assert!(!ran.status.success() && ran.stderr.contains(named), "{}", ran.stderr);
    }
}
