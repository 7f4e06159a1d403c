//! What numbers say: intervals, verdicts, warnings, claims and the sentences made of them.
//!
//! Pure: no database, no async, no clock. Thresholds are decided in integers, never in floating point; floating
//! point is for intervals and p-values alone. No function panics, loops without a bound or returns NaN.

pub mod claim;
pub mod code;
pub mod goal;
pub mod interval;
pub mod paired;
pub mod sentence;
pub mod share;
pub mod theory;
pub mod verdict;
pub mod warning;

mod assess;
mod binomial;
mod exact;
mod score;
mod settle;
