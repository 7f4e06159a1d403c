//! What a folder holds, taken apart into rows.

use std::collections::{BTreeMap, HashSet};

use super::decode::{decoded, separator};
use super::row::{ImportFault, Row};
use super::tables::{TABLES, Table};
use crate::input::text;

/// The contents of a folder by file name.
#[derive(Clone, Debug, Default)]
pub struct Files(pub BTreeMap<String, Vec<u8>>);

/// A fault of a file as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableFault {
    UnknownFile,
    NotCsv(String),
    Columns { missing: Vec<String>, unknown: Vec<String>, repeated: Vec<String>, allowed: String },
}

impl std::fmt::Display for TableFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::UnknownFile => {
                let known = TABLES.map(|table| table.file).join(", ");
                write!(f, "This file is none of the register's. Its files are {known}.")
            }
            Self::NotCsv(cause) => write!(f, "Not readable as comma-separated text: {cause}"),
            Self::Columns { missing, unknown, repeated, allowed } => {
                let list = |what: &str, names: &[String]| match names {
                    [] => String::new(),
                    names => format!("{what} {}; ", names.join(", ")),
                };
                let faults =
                    list("missing", missing) + &list("unknown", unknown) + &list("repeated", repeated);
                write!(f, "The first line names the columns. Here: {faults}the columns are {allowed}.")
            }
        }
    }
}

impl Files {
    pub(super) fn check_names(&self, faults: &mut Vec<ImportFault>) {
        for name in self.0.keys().filter(|name| !TABLES.iter().any(|table| table.file == *name)) {
            faults.push(ImportFault::of_file(repeatable(name), 0, &TableFault::UnknownFile));
        }
    }

    /// The rows of a file; none where it is left out.
    pub(super) fn rows(&self, table: &'static Table, faults: &mut Vec<ImportFault>) -> Vec<Row> {
        let Some(bytes) = self.0.get(table.file) else {
            return Vec::new();
        };
        let Some(text) = decoded(bytes) else {
            let fault = TableFault::NotCsv("it is UTF-8 in some places and not in others".to_owned());
            faults.push(ImportFault::of_file(table.file, 0, &fault));
            return Vec::new();
        };
        let bytes = text.as_bytes();
        let mut reader = csv::ReaderBuilder::new().delimiter(separator(&text)).from_reader(bytes);
        let headers = match reader.headers() {
            Ok(headers) => headers.clone(),
            Err(cause) => {
                faults.push(ImportFault::of_file(table.file, 0, &TableFault::NotCsv(cause.to_string())));
                return Vec::new();
            }
        };
        let given: Vec<&str> = headers.iter().collect();
        let required = table.columns.iter().take(table.required);
        let missing: Vec<_> =
            required.filter(|column| !given.contains(column)).map(ToString::to_string).collect();
        let unknown: Vec<_> = given
            .iter()
            .filter(|column| !table.columns.contains(column))
            .map(|column| repeatable(column).to_owned())
            .collect();
        let mut named = HashSet::new();
        let repeated: Vec<_> = given
            .iter()
            .filter(|column| !named.insert(**column))
            .map(|column| repeatable(column).to_owned())
            .collect();
        if [&missing, &unknown, &repeated].iter().any(|faulty| !faulty.is_empty()) {
            let fault = TableFault::Columns { missing, unknown, repeated, allowed: table.columns.join(", ") };
            faults.push(ImportFault::of_file(table.file, 0, &fault));
            return Vec::new();
        }
        let mut rows = Vec::new();
        for record in reader.records() {
            match record {
                Ok(record) => {
                    rows.push(Row::new(table, line_of(bytes, record.position()), &headers, &record));
                }
                Err(cause) => {
                    let line = line_of(bytes, cause.position());
                    let fault = TableFault::NotCsv(cause.to_string());
                    faults.push(ImportFault::of_file(table.file, line, &fault));
                }
            }
        }
        rows
    }
}

/// The name as it may stand in a message.
fn repeatable(name: &str) -> &str {
    if text::may_be_repeated(name) { name } else { "(a CPR number)" }
}

/// The line on which a record begins. The reader's own count stops at the end of the record before, ahead of blank lines and
/// of the line feed after a carriage return.
fn line_of(bytes: &[u8], position: Option<&csv::Position>) -> u64 {
    let end_before = position.and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(0);
    let blank = bytes.iter().skip(end_before).take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let feeds = bytes.iter().take(end_before + blank).filter(|byte| **byte == b'\n').count();
    u64::try_from(feeds).map_or(0, |feeds| feeds + 1)
}
