//! The object types of the schema, one file for each subject, as in `domain/`.

mod account;
mod claim;
mod event;
mod figure;
mod forvaltning;
mod funding;
mod insights;
mod intervention;
mod intervention_year;
mod reporting_year;
mod values;

pub use figure::FigureArguments;
