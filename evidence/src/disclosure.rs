//! What may be shown of counts of few people to those who may not see the people themselves.
//!
//! A rule decides on one figure at a time; [`protect`] on whole tables, where what is hidden must not follow from what
//! is shown. The attacker is taken to know everything that is shown, and that no count is negative. The rule is public:
//! that a count which is hidden alone is few can be told, and not how few; beside others, not even which of them are.

mod circulation;
mod protect;
mod rule;
mod system;
mod table;

pub use protect::protect;
pub use rule::{Figure, Rule, Threshold};
pub use system::{Bounds, cell_bounds};
pub use table::{Place, Table};
