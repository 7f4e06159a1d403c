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

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::Index;

    use super::*;
    use crate::register::cell::neutral;

    /// Reads the file in every way that an import does.
    fn read(table: &'static Table, bytes: Vec<u8>) -> (Vec<Row>, Vec<ImportFault>) {
        let files = Files(BTreeMap::from([(table.file.to_owned(), bytes)]));
        let mut faults = Vec::new();
        let mut rows = files.rows(table, &mut faults);
        for row in &mut rows {
            for column in table.columns {
                let _texts = (row.text(column), row.optional(column), row.list(column), row.numbers(column));
                let _numbers = (row.number::<i32>(column), row.number::<i64>(column), row.decimal(column));
                let _others = (row.date(column), row.truth(column), row.counts(column));
                let _code = row.code::<crate::columns::Wave>(column);
            }
        }
        faults.extend(rows.iter().flat_map(|row| row.faults.clone()));
        let told: Vec<_> = faults.iter().map(ToString::to_string).collect();
        assert!(told.iter().all(|fault| !fault.is_empty()));
        (rows, faults)
    }

    /// The table as the repository holds it; its first line where it holds none.
    fn written(table: &Table) -> Vec<u8> {
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data");
        let folders = ["sikker-by-2023", "sikker-by-2023-evaluations"];
        let file = folders.iter().find_map(|folder| fs::read(data.join(folder).join(table.file)).ok());
        file.unwrap_or_else(|| table.columns.join(",").into_bytes())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_bytes_are_rows_or_faults(at in any::<Index>(), bytes in vec(any::<u8>(), 0..300), head in any::<bool>()) {
            let table = at.get(&TABLES);
            let head = if head { format!("{}\n", table.columns.join(",")) } else { String::new() };
            read(table, [head.as_bytes(), &bytes].concat());
        }

        #[test]
        fn a_damaged_file_is_rows_or_faults(at in any::<Index>(), places in any::<[Index; 2]>(), bytes in vec(any::<u8>(), 0..8)) {
            let table = at.get(&TABLES);
            let mut file = written(table);
            // Long files are read in parts, so that each case is short.
            file.truncate(4_000);
            let mut places = places.map(|place| place.index(file.len() + 1));
            places.sort_unstable();
            file.splice(places[0]..places[1], bytes);
            read(table, file);
        }

        #[test]
        fn cells_read_back_as_they_were_written(rows in vec(vec("['=+@\\-;,\"\n\r0-9a-cæøå]{0,6}", 4), 1..5), semicolons in any::<bool>()) {
            let table = TABLES.iter().find(|table| table.columns.len() == 4).expect("a table of four columns");
            let delimiter = if semicolons { b';' } else { b',' };
            let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
            writer.write_record(table.columns).expect("a record");
            for row in &rows {
                writer.write_record(row.iter().map(|cell| neutral(cell.trim()))).expect("a record");
            }
            let (read, _) = read(table, writer.into_inner().expect("bytes"));
            let cells = |row: &Row| table.columns.iter().map(|column| row.text(column)).collect::<Vec<_>>();
            let trimmed = |row: &Vec<String>| row.iter().map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
            prop_assert_eq!(read.iter().map(cells).collect::<Vec<_>>(), rows.iter().map(trimmed).collect::<Vec<_>>());
        }
    }
}
