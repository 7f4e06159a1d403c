//! One line of a file, cell by cell.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use unicode_normalization::UnicodeNormalization;

use super::cell::{plain, split};
use super::contents::TableFault;
use super::tables::Table;
use crate::columns::{CategoryCount, Date, Decimal, UnknownCode};
use crate::error::{Fault, Language, Problem, expectation};
use crate::input::{moment, number, text};

/// Something to mend in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportFault {
    pub file: String,
    /// Counted from 1, the header being 1; 0 for the file as a whole.
    pub line: u64,
    /// Empty for the line as a whole.
    pub column: String,
    /// What is wrong and what is allowed.
    pub problem: Problem,
    /// The cell, where the message is clearer with it.
    cell: Option<String>,
}

impl fmt::Display for ImportFault {
    /// `figures.csv:12: value: Give either a value or why there is none.`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        if !self.column.is_empty() {
            write!(f, ": {}", self.column)?;
        }
        f.write_str(": ")?;
        if let Some(cell) = &self.cell {
            write!(f, "{cell:?}: ")?;
        }
        f.write_str(&self.problem.message(Language::English))
    }
}

impl ImportFault {
    pub(super) fn of_file(file: &str, line: u64, fault: &TableFault) -> Self {
        let problem = Problem::UnreadableTable { told: fault.to_string() };
        Self { file: file.to_owned(), line, column: String::new(), problem, cell: None }
    }

    pub(super) fn of_rows(file: &str, problem: Problem) -> Self {
        Self { file: file.to_owned(), line: 0, column: String::new(), problem, cell: None }
    }

    /// The fault of an input that holds the table in `field`: the way there goes by line and column.
    pub(super) fn in_input(self, field: &str) -> Fault {
        let place =
            [Some(field.to_owned()), (self.line > 0).then(|| self.line.to_string()), Some(self.column)];
        let steps = place.into_iter().flatten().filter(|step| !step.is_empty());
        Fault { field: steps.collect(), problem: self.problem }
    }
}

#[derive(Clone, Debug)]
pub(super) struct Row {
    file: &'static str,
    pub line: u64,
    cells: HashMap<String, String>,
    pub faults: Vec<ImportFault>,
}

impl Row {
    pub fn new(table: &Table, line: u64, headers: &csv::StringRecord, record: &csv::StringRecord) -> Self {
        let mut row = Self { file: table.file, line, cells: HashMap::new(), faults: Vec::new() };
        for (column, cell) in headers.iter().zip(record) {
            // Looked up and stored as one and the same text.
            row.cells.insert(column.to_owned(), plain(cell.trim()).nfc().collect());
            if cell.contains('\0') {
                row.note(column, &Problem::NulCharacter);
            }
        }
        row
    }

    pub fn fault(&self, column: &str, problem: &Problem) -> ImportFault {
        let shown = |cell: &&String| !cell.is_empty() && shows_cell(problem) && text::may_be_repeated(cell);
        let cell = self.cells.get(column).filter(shown);
        ImportFault {
            file: self.file.to_owned(),
            line: self.line,
            column: column.to_owned(),
            problem: problem.clone(),
            cell: cell.cloned(),
        }
    }

    /// The fault of an operation at the column that its field comes from.
    pub fn fault_of_operation(&self, fault: &Fault) -> ImportFault {
        let steps: Vec<&str> = fault.field.iter().map(String::as_str).collect();
        let column = match steps.as_slice() {
            [] => String::new(),
            ["months", end @ ("from" | "to")] => format!("months_{end}"),
            ["group", "name"] => "group_name".to_owned(),
            ["group", "comparability"] => "comparability".to_owned(),
            [field, ..] => column_of(field),
        };
        self.fault(&column, &fault.problem)
    }

    /// The same, where the field may be one of a group's, which has a row of its own.
    pub fn fault_among(&self, groups: &[Self], fault: &Fault) -> ImportFault {
        if let [list, position, field] = fault.field.as_slice()
            && list == "targetGroups"
            && let Some(group) = position.parse().ok().and_then(|at: usize| groups.get(at))
        {
            return group.fault(&column_of(field), &fault.problem);
        }
        self.fault_of_operation(fault)
    }

    fn note(&mut self, column: &str, problem: &Problem) {
        let fault = self.fault(column, problem);
        self.faults.push(fault);
    }

    /// The cell, empty or not. What is required of it is the operation's to say.
    pub fn text(&self, column: &str) -> String {
        self.cells.get(column).cloned().unwrap_or_default()
    }

    pub fn optional(&self, column: &str) -> Option<String> {
        Some(self.text(column)).filter(|cell| !cell.is_empty())
    }

    pub fn list(&self, column: &str) -> Vec<String> {
        split(&self.text(column))
    }

    fn parsed<T>(&mut self, column: &str, parse: impl FnOnce(&str) -> Result<T, Problem>) -> Option<T> {
        let cell = self.optional(column)?;
        match parse(&cell) {
            Ok(value) => Some(value),
            Err(problem) => {
                self.note(column, &problem);
                None
            }
        }
    }

    pub fn number<T: TryFrom<i64>>(&mut self, column: &str) -> Option<T> {
        self.parsed(column, number::whole)
    }

    /// A list of codes; none where one of them is none.
    pub fn codes<T: FromStr<Err = UnknownCode>>(&mut self, column: &str) -> Option<Vec<T>> {
        let parsed: Result<Vec<T>, UnknownCode> = self.list(column).iter().map(|code| code.parse()).collect();
        parsed
            .map_err(|unknown| {
                self.note(column, &Problem::UnknownCode { allowed: unknown.allowed.join(", ") });
            })
            .ok()
    }

    pub fn numbers(&mut self, column: &str) -> Vec<i32> {
        let numbers: Result<_, Problem> = self.list(column).iter().map(|item| number::whole(item)).collect();
        numbers.unwrap_or_else(|problem| {
            self.note(column, &problem);
            Vec::new()
        })
    }

    pub fn decimal(&mut self, column: &str) -> Option<Decimal> {
        self.parsed(column, number::decimal)
    }

    pub fn date(&mut self, column: &str) -> Option<Date> {
        self.parsed(column, moment::date)
    }

    pub fn truth(&mut self, column: &str) -> Option<bool> {
        self.parsed(column, |cell| {
            cell.parse().map_err(|_unreadable| Problem::Malformed { expected: expectation::TRUE_OR_FALSE })
        })
    }

    /// People by category, as `Ja=12;Nej=31`.
    pub fn counts(&mut self, column: &str) -> Option<Vec<CategoryCount>> {
        self.parsed(column, |cell| {
            let count = |item: &String| {
                let (category, count) = item.rsplit_once('=')?;
                Some(CategoryCount {
                    category: category.trim().to_owned(),
                    count: number::whole(count.trim()).ok()?,
                })
            };
            let counts: Option<_> = split(cell).iter().map(count).collect();
            counts.ok_or(Problem::Malformed { expected: expectation::COUNTS })
        })
    }

    pub fn code<T: FromStr<Err = UnknownCode>>(&mut self, column: &str) -> Option<T> {
        self.parsed(column, |cell| {
            cell.parse()
                .map_err(|unknown: UnknownCode| Problem::UnknownCode { allowed: unknown.allowed.join(", ") })
        })
    }

    /// The value, or a noted fault that the cell cannot be empty. A cell with another fault has been noted already.
    pub fn need<T>(&mut self, column: &str, value: Option<T>) -> Option<T> {
        if value.is_none() && self.text(column).is_empty() {
            self.note(column, &Problem::Required);
        }
        value
    }
}

/// Whether the message is clearer with the cell beside it.
fn shows_cell(problem: &Problem) -> bool {
    !matches!(problem, Problem::CprNumber | Problem::NulCharacter | Problem::TooLong { .. })
}

/// The column that a field of an operation is read from.
fn column_of(field: &str) -> String {
    match field {
        "interventionId" => "intervention".into(),
        "interventionIds" => "interventions".into(),
        "virkningsevalueringId" => "evaluation".into(),
        "criterionId" => "criterion".into(),
        "populationId" => "population".into(),
        "sourceId" => "source".into(),
        "roundId" => "round_theme".into(),
        "elementId" => "element".into(),
        "toId" => "to".into(),
        "months" => "months_anchor".into(),
        "parentId" => "parent".into(),
        "leadForvaltning" => "lead".into(),
        "partnerForvaltninger" => "partners".into(),
        "reportedYear" => "reported".into(),
        "period" | "fromId" => "from".into(),
        "terms" => "measure".into(),
        "seriesBreak" => "break".into(),
        other => other
            .chars()
            .flat_map(|c| if c.is_uppercase() { vec!['_', c.to_ascii_lowercase()] } else { vec![c] })
            .collect(),
    }
}
