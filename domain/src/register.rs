//! The register as a folder of CSV files: read in, checked and stored as one, or written out. `docs/import-format.md`
//! describes the files.

mod cell;
mod contents;
mod decode;
mod export;
mod import;
mod row;
mod tables;

pub(crate) use cell::neutral;
pub use contents::{Files, TableFault};
pub use export::{Exported, export};
pub use import::{Imported, Progress, Summary, import, import_measurements};
pub use row::ImportFault;
