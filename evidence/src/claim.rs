//! Whether a printed figure agrees with what the data say.

mod change;
mod figures;
mod printed;

use std::collections::BTreeSet;

use crate::code::codes;

pub use change::{ChangeClaim, CheckedChange, check_change, check_change_of_shares, reconstruct_count};
pub use figures::{Precision, Term, check_difference, check_relative_change, check_share, check_sum};

codes! {
    /// How a printed figure compares with the computed one. Of several that hold, the first.
    ClaimLabel {
        /// They are the same.
        Consistent => "CONSISTENT",
        /// It is what rounded figures give, or rounding explains it; what the counts give is something else, or is not
        /// known.
        ConsistentWithRounded => "CONSISTENT_WITH_ROUNDED",
        /// It is not what the rounded figures give, but some that round to them give it: no fault can be proved.
        UndecidableFromRounded => "UNDECIDABLE_FROM_ROUNDED",
        /// The change was divided by the value after, and not by the value before.
        DenominatorAfter => "DENOMINATOR_AFTER",
        /// It is the difference in percentage points, and not the relative change.
        PercentagePoints => "PERCENTAGE_POINTS",
        /// It is right but for its sign.
        SignFlipped => "SIGN_FLIPPED",
        /// It is the share of the others, and not of those it names.
        Complement => "COMPLEMENT",
        /// The value before is zero, from which no relative change can be stated.
        BaselineZero => "BASELINE_ZERO",
        /// They differ, and no known slip of the pen explains it.
        Inconsistent => "INCONSISTENT",
        /// It is no number, or there is nothing to check it against.
        NotCheckable => "NOT_CHECKABLE",
    }
}

impl ClaimLabel {
    /// Whether the figure agrees with the data: not where it was computed or printed wrongly, and none where that cannot be
    /// told.
    pub const fn agrees(self) -> Option<bool> {
        match self {
            Self::Consistent | Self::ConsistentWithRounded => Some(true),
            Self::UndecidableFromRounded | Self::NotCheckable => None,
            Self::DenominatorAfter
            | Self::PercentagePoints
            | Self::SignFlipped
            | Self::Complement
            | Self::BaselineZero
            | Self::Inconsistent => Some(false),
        }
    }
}

/// A printed count against the number of things counted. Counts are exact: one off is wrong.
pub fn check_count(printed: i64, computed: i64) -> ClaimLabel {
    label(printed == computed)
}

/// A printed list of names against the names that belong in it, in whatever order.
pub fn check_names<'a>(
    printed: impl IntoIterator<Item = &'a str>,
    computed: impl IntoIterator<Item = &'a str>,
) -> ClaimLabel {
    let set = |names: &mut dyn Iterator<Item = &'a str>| names.collect::<BTreeSet<_>>();
    label(set(&mut printed.into_iter()) == set(&mut computed.into_iter()))
}

const fn label(agrees: bool) -> ClaimLabel {
    if agrees { ClaimLabel::Consistent } else { ClaimLabel::Inconsistent }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_exact() {
        assert_eq!(check_count(12, 12), ClaimLabel::Consistent);
        assert_eq!(check_count(16, 15), ClaimLabel::Inconsistent);
    }

    #[test]
    fn lists_are_compared_as_sets() {
        assert_eq!(check_names(["Valby", "Vanløse"], ["Vanløse", "Valby"]), ClaimLabel::Consistent);
        assert_eq!(check_names(["Valby"], ["Vanløse", "Valby"]), ClaimLabel::Inconsistent);
        assert_eq!(check_names([], []), ClaimLabel::Consistent);
    }
}
