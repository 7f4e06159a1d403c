//! The object types of the schema, one file for each subject, as in `domain/`.

mod access_log;
mod access_review;
mod account;
mod api_token;
mod checkpoint;
mod claim;
mod criterion_result;
mod evaluation_round;
mod event;
mod figure;
mod forvaltning;
mod funding;
mod insights;
mod instrument;
mod intervention;
mod intervention_year;
mod language;
mod learning;
mod measurement;
mod observation;
mod permission;
mod planning;
mod programme_theory;
mod recomputation;
mod reporting_year;
mod success_criterion;
mod values;
mod virkningsevaluering;

pub use figure::FigureArguments;
