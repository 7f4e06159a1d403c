//! The tree over the leaves, against one that is made here by the letter of RFC 6962.

use data_encoding::BASE64;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{checkpoint, entries, grown, verify};
use crate::support::{Backend, Database, Server, virkning};

on_both_databases!(
    query_and_command_give_the_root_of_the_rfc,
    kept_subtrees_are_those_of_the_rfc_and_nothing_depends_on_them,
);

/// The hash of a tree over leaves that are hashed already (RFC 6962, section 2.1).
fn root(leaves: &[Vec<u8>]) -> Vec<u8> {
    match leaves {
        [] => Sha256::digest([]).to_vec(),
        [leaf] => leaf.clone(),
        _ => {
            let half = leaves.len().next_power_of_two() / 2;
            let (left, right) = leaves.split_at(half);
            let hash = Sha256::new().chain_update([1]).chain_update(root(left)).chain_update(root(right));
            hash.finalize().to_vec()
        }
    }
}

fn leaves(database: &Database) -> Vec<Vec<u8>> {
    let rows = database.query("SELECT leaf FROM log_entry ORDER BY \"index\"");
    rows.iter().map(|row| row.try_get("", "leaf").expect("a leaf")).collect()
}

fn query_and_command_give_the_root_of_the_rfc(backend: Backend) {
    let server = grown(backend);
    let (database, auditor) = (server.database(), server.signed_in("auditor"));
    let leaves = leaves(database);
    assert!(leaves.len() > 512, "{}", leaves.len());
    let present = i64::try_from(leaves.len()).expect("a small number");
    for size in [0, 1, 2, 3, 255, 256, 257, 511, 512, present] {
        let found = checkpoint(&auditor, Some(size));
        let expected = BASE64.encode(&root(&leaves[..usize::try_from(size).expect("a size")]));
        assert_eq!((&found["size"], &found["rootHash"]), (&json!(size), &json!(expected)));
        assert_eq!(found["origin"], "virkning");
        let note = found["note"].as_str().expect("a note");
        assert!(note.starts_with(&format!("virkning\n{size}\n{expected}\n\n— virkning ")), "{note}");
    }
    let whole = checkpoint(&auditor, None);
    assert_eq!(whole, checkpoint(&auditor, Some(present)));
    let printed = virkning(&database.url, &["checkpoint"]);
    printed.assert_success();
    assert_eq!(whole["note"], printed.stdout, "the command says the same, and signs with the same key");
}

fn kept_subtrees_are_those_of_the_rfc_and_nothing_depends_on_them(backend: Backend) {
    let server = grown(backend);
    // What has become whole is kept when the log is signed, at the latest as the server stops.
    let (status, database) = server.stop();
    assert!(status.success());
    let database = database.expect("the database");
    let leaves = leaves(&database);
    let kept = database.query("SELECT level, position, hash FROM log_subtree ORDER BY level, position");
    assert_eq!(kept.len(), leaves.len() / 256, "one for each 256 entries");
    for (at, row) in kept.iter().enumerate() {
        let place = (row.try_get::<i32>("", "level"), row.try_get::<i64>("", "position"));
        assert_eq!((place.0.ok(), place.1.ok()), (Some(8), i64::try_from(at).ok()));
        let hash: Vec<u8> = row.try_get("", "hash").expect("a hash");
        assert_eq!(hash, root(&leaves[at * 256..(at + 1) * 256]));
    }
    verify(&database).assert_success();
    let hash =
        "UPDATE log_subtree SET hash = (SELECT leaf FROM log_entry WHERE \"index\" = 0) WHERE position = 1";
    database.execute(hash).expect("what is kept can be edited");
    let told = verify(&database).stdout;
    let first = "First record that does not agree: log subtree 1 of level 8 (log entry 511): its kept hash is not that of its entries";
    assert!(told.starts_with(first), "{told}");
    database.execute("DELETE FROM log_subtree WHERE position = 1").expect("a kept hash less");
    let with = virkning(&database.url, &["checkpoint"]).stdout;
    database.execute("DELETE FROM log_subtree").expect("they are no history");
    assert_eq!(virkning(&database.url, &["checkpoint"]).stdout, with);
    // Asked to stop as soon as it says that it is there.
    let (status, database) = Server::serve(database, &[]).stop();
    assert!(status.success());
    let database = database.expect("the database");
    assert_eq!(
        database.count("log_subtree"),
        i64::try_from(kept.len()).expect("a small number"),
        "made again"
    );
    assert_eq!(entries(&database), i64::try_from(leaves.len()).expect("a small number"));
}
