//! Whether a printed figure agrees with what the data say.

use std::collections::BTreeSet;

/// How a printed figure compares with the computed one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClaimLabel {
    /// They are the same.
    Consistent,
    /// They differ, and no known slip of the pen explains it.
    Inconsistent,
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
