//! How it is stored: one file per table, and the column types they share.
//!
//! Entities are used by `domain` alone. What a client sees is declared in `graphql`, so a migration is never an API
//! break.

pub mod columns;

pub mod access_log_entry;
pub mod account;
pub mod account_token_bounds;
pub mod api_token;
pub mod attempt_count;
pub mod claim;
pub mod criterion_claim;
pub mod criterion_comparison;
pub mod criterion_result;
pub mod data_processing;
pub mod data_source;
pub mod district;
pub mod district_alias;
pub mod element_criterion;
pub mod evaluation_round;
pub mod evaluation_round_intervention;
pub mod event;
pub mod event_detail;
pub mod figure;
pub mod forvaltning;
pub mod funding;
pub mod funding_forvaltning;
pub mod idempotency;
pub mod instrument;
pub mod intervention;
pub mod intervention_year;
pub mod intervention_year_district;
pub mod intervention_year_partner;
pub mod intervention_year_principle;
pub mod issued_session;
pub mod last_use;
pub mod learning;
pub mod log_checkpoint;
pub mod log_entry;
pub mod log_subtree;
pub mod measurement;
pub mod observation;
pub mod observation_batch;
pub mod observation_erasure;
pub mod paired_table;
pub mod participant_exclusion;
pub mod population;
pub mod qualitative_evidence;
pub mod refresh_token;
pub mod reporting_year;
pub mod rival_explanation;
pub mod role_grant;
pub mod session;
pub mod strategy;
pub mod strategy_principle;
pub mod success_criterion;
pub mod success_criterion_version;
pub mod target_group;
pub mod theory_amendment;
pub mod theory_element;
pub mod theory_element_version;
pub mod theory_link;
pub mod transition;
pub mod virkningsevaluering;
pub mod virkningsevaluering_state;
