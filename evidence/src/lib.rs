//! What numbers say: intervals, verdicts, warnings, claims and the sentences made of them.
//!
//! Pure: no database, no async, no clock. Thresholds are decided in integers, never in floating point; floating
//! point is for intervals and p-values alone. No function panics, loops without a bound or returns NaN.

pub mod attrition;
pub mod claim;
pub mod code;
pub mod comparison;
pub mod disclosure;
pub mod effect_size;
pub mod goal;
pub mod instrument;
pub mod interval;
pub mod mean;
pub mod multiplicity;
pub mod paired;
pub mod paired_values;
pub mod planning;
pub mod rate;
pub mod sentence;
pub mod share;
pub mod summary;
pub mod theory;
pub mod verdict;
pub mod warning;

mod assess;
mod binomial;
mod distribution;
mod exact;
mod score;
mod settle;
