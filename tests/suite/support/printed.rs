//! Artefacts that are printed, checked in, and compared.

use std::fmt::Write;
use std::fs;
use std::path::Path;

/// By how much a number may differ that is not the same on every machine.
const BAND: f64 = 0.15;

/// Compares what is printed now with what the repository holds; `VIRKNING_ACCEPT=1` writes it down instead.
pub fn compare(file: &str, printed: &str) {
    compare_with(file, printed, |kept| kept == printed);
}

/// The same for a number of each name, which may differ a little.
pub fn compare_about(file: &str, title: &str, numbers: &[(&str, f64)]) {
    let mut printed = format!("{title}\n\n");
    for (name, number) in numbers {
        writeln!(printed, "{number:>7}  {name}").expect("a line");
    }
    let about = |kept: &str| {
        let kept: Vec<_> = kept.lines().skip(2).filter_map(|line| line.trim().split_once("  ")).collect();
        let fits = |(kept, (name, number)): (&(&str, &str), &(&str, f64))| {
            let within = |kept: f64| (number - kept).abs() <= 5.0_f64.max(kept * BAND);
            kept.1 == *name && kept.0.parse().is_ok_and(within)
        };
        kept.len() == numbers.len() && kept.iter().zip(numbers).all(fits)
    };
    compare_with(file, &printed, about);
}

fn compare_with(file: &str, printed: &str, fits: impl Fn(&str) -> bool) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if std::env::var_os("VIRKNING_ACCEPT").is_some() {
        fs::write(&path, printed).expect("a written artefact");
        return;
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        fits(&kept),
        "{file} is not what is printed now. Look at the difference; if it is meant, accept it with VIRKNING_ACCEPT=1.\n\
         --- printed now\n{printed}"
    );
}
