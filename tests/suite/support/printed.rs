//! Artefacts that are printed, checked in, and compared.

use std::fs;
use std::path::Path;

/// Compares what is printed now with what the repository holds; `VIRKNING_ACCEPT=1` writes it down instead.
pub fn compare(file: &str, printed: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if std::env::var_os("VIRKNING_ACCEPT").is_some() {
        fs::write(&path, printed).expect("a written artefact");
        return;
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == printed,
        "{file} is not what is printed now. Look at the difference; if it is meant, accept it with VIRKNING_ACCEPT=1.\n\
         --- printed now\n{printed}"
    );
}
