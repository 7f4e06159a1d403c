//! Folders of the import format.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use tempfile::TempDir;

/// The folder that the repository keeps the register in.
pub fn register_folder() -> &'static str {
    concat!(env!("CARGO_MANIFEST_DIR"), "/data/sikker-by-2023")
}

/// The folder that the repository keeps the register's evaluations in.
pub fn evaluations_folder() -> &'static str {
    concat!(env!("CARGO_MANIFEST_DIR"), "/data/sikker-by-2023-evaluations")
}

/// The files of a folder by name.
pub fn contents(folder: &Path) -> BTreeMap<String, String> {
    let files = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let name = |path: &Path| path.file_name().expect("a name").to_string_lossy().into_owned();
    files.map(|path| (name(&path), fs::read_to_string(&path).expect("UTF-8"))).collect()
}

/// A copy of a folder, to edit.
pub fn copy_of(folder: &str) -> TempDir {
    let copy = TempDir::new().expect("a temporary folder");
    for (name, content) in contents(Path::new(folder)) {
        fs::write(copy.path().join(name), content).expect("a copy");
    }
    copy
}
