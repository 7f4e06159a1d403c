//! Checkpoints that somebody else signed count for nothing.

use std::fs;

use tempfile::TempDir;

use super::scene::Scene;
use super::{by_hand, first, quoted, verify};
use crate::support::{Backend, virkning};

on_both_databases!(a_checkpoint_of_another_key_is_named);

fn a_checkpoint_of_another_key_is_named(backend: Backend) {
    let scene = Scene::on(backend);
    let folder = TempDir::new().expect("a temporary folder");
    let path = |name: &str| folder.path().join(name);
    let size = scene.last.1;
    // Of the same log under the same name: nothing but the key differs.
    let key = path("key").to_string_lossy().into_owned();
    let note = virkning(&scene.today.url, &["checkpoint", "--checkpoint-key-file", &key]).stdout;
    let file = path("checkpoint");
    fs::write(&file, &note).expect("a checkpoint");
    for options in [&[][..], &["--only-new"]] {
        let ran = verify(&scene.today, &[&file], options);
        assert!(
            first(&ran).starts_with(&format!("checkpoint {}: it is not signed with the key", file.display())),
            "{}",
            ran.stdout
        );
        assert!(
            ran.stdout.contains(&format!("; {size} events hashed again")),
            "it vouches for nothing: {}",
            ran.stdout
        );
    }
    let middle = fs::read_to_string(&scene.middle.0).expect("a checkpoint");
    for (note, told) in [
        (note.as_str(), "it is not signed with the key"),
        (middle.as_str(), "it is no checkpoint of its size"),
        ("x", "it is no checkpoint of its size"),
    ] {
        let database = scene.copy();
        by_hand(&database, &format!("UPDATE log_checkpoint SET note = {} WHERE size = {size}", quoted(note)));
        let ran = verify(&database, &[], &[]);
        assert!(
            first(&ran).starts_with(&format!("log checkpoint {size} in the database: {told}")),
            "{}",
            ran.stdout
        );
    }
    // By the other key it is right, and those of the database are not.
    let public =
        virkning(&scene.today.url, &["checkpoint", "--public-key", "--checkpoint-key-file", &key]).stdout;
    let ran = verify(&scene.today, &[&file], &["--public-key", public.trim()]);
    assert!(first(&ran).contains("in the database: it is not signed with the key"), "{}", ran.stdout);
    assert!(
        ran.stdout.contains("agrees with 1 checkpoint(s) kept outside and 0 in the database"),
        "{}",
        ran.stdout
    );
}
