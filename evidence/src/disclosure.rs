//! What may be shown of counts of few people to those who may not see the people themselves.
//!
//! A rule decides on one figure at a time; [`protect`] on whole tables, where what is hidden must not follow from what
//! is shown. The attacker is taken to know everything shown and that no count is negative. What a hidden figure is
//! hidden for is never told, so that the rule itself narrows nothing.

mod circulation;
mod protect;
mod rule;
mod system;
mod table;

pub use protect::protect;
pub use rule::{Figure, Rule, Threshold};
pub use system::{Bounds, cell_bounds};
pub use table::{Place, Table};
