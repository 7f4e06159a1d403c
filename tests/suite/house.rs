//! The arrows of the house: which floor may lean on which, and which library is known where. See `docs/ARCHITECTURE.md`.

use std::fs;
use std::path::{Path, PathBuf};

/// A floor's folder, and the floors below that it may use.
const FLOORS: [(&str, &[&str]); 6] = [
    ("evidence", &[]),
    ("entity", &[]),
    ("migration", &[]),
    ("domain", &["entity", "evidence"]),
    ("graphql", &["domain"]),
    (".", &["graphql", "domain", "migration"]),
];

/// A library, as its paths begin in code, and the only folders whose code may name it.
const LIBRARIES: [(&str, &[&str]); 10] = [
    ("async_graphql", &["graphql/src"]),
    ("sea_orm", &["entity/src", "domain/src", "migration/src"]),
    ("sea_orm_migration", &["migration/src"]),
    ("actix_web", &["src"]),
    ("actix_cors", &["src"]),
    ("actix_ws", &["src"]),
    ("jsonwebtoken", &["src"]),
    ("rustls", &["src"]),
    ("ureq", &["src"]),
    ("argon2", &["domain/src"]),
];

const CODE: [&str; 6] = ["evidence/src", "entity/src", "migration/src", "domain/src", "graphql/src", "src"];

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The names under a heading of a manifest.
fn dependencies(manifest: &str, heading: &str) -> Vec<String> {
    let lines = manifest
        .lines()
        .skip_while(|line| *line != heading)
        .skip(1)
        .take_while(|line| !line.starts_with('['));
    let name = |line: &str| line.split(['.', ' ', '=']).next().unwrap_or_default().to_owned();
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(name).collect()
}

#[test]
fn no_floor_leans_on_one_above_it() {
    for (floor, below) in FLOORS {
        let manifest = fs::read_to_string(repository().join(floor).join("Cargo.toml")).expect("a manifest");
        let used = dependencies(&manifest, "[dependencies]");
        let floors: Vec<_> =
            FLOORS.iter().map(|(name, _)| *name).filter(|name| used.iter().any(|one| one == name)).collect();
        for used in &floors {
            assert!(below.contains(used), "{floor} must not use {used}");
        }
        assert_eq!(floors.len(), below.len(), "{floor} uses {floors:?}, and may use {below:?}");
    }
}

#[test]
fn each_library_is_named_only_where_it_belongs() {
    let mut strays = Vec::new();
    for folder in CODE {
        let mut files = Vec::new();
        rust_files(&repository().join(folder), &mut files);
        assert!(!files.is_empty(), "{folder} has code");
        for file in files {
            let code = fs::read_to_string(&file).expect("code");
            for (library, allowed) in LIBRARIES {
                let named = code.lines().any(|line| {
                    let line = line.trim_start();
                    !line.starts_with("//")
                        && line.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == library)
                });
                if named && !allowed.contains(&folder) {
                    strays.push(format!("{} names {library}", file.display()));
                }
            }
        }
    }
    assert!(strays.is_empty(), "{strays:#?}");
}

#[test]
fn no_file_is_longer_than_one_thing() {
    let mut files = Vec::new();
    for folder in CODE {
        rust_files(&repository().join(folder), &mut files);
    }
    for file in files {
        let code = fs::read_to_string(&file).expect("code");
        assert!(code.lines().count() <= 400, "{} has more than 400 lines: is it one thing?", file.display());
    }
}

/// The page says which test carries out which attack.
#[test]
fn what_the_page_on_security_calls_a_test_is_one() {
    let page = fs::read_to_string(repository().join("docs/security.md")).expect("the page");
    let named: Vec<_> =
        page.split('`').skip(1).step_by(2).filter_map(|quoted| quoted.split_once("::")).collect();
    assert!(named.len() > 50, "{} tests", named.len());
    for (file, test) in named {
        let code =
            fs::read_to_string(repository().join(format!("tests/suite/{file}.rs"))).unwrap_or_default();
        assert!(code.contains(&format!("fn {test}(")), "tests/suite/{file}.rs has no test {test}");
    }
}
