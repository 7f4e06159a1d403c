//! Which paired tables would settle what the two shares alone leave open.

use std::ops::RangeInclusive;

/// The numbers of `n11` from which on a verdict is settled; none where it is not settled even at the highest.
///
/// With n11 the number who change falls and every interval narrows around the same estimate, so what is settled at one
/// n11 is settled at every higher one, and the first can be found by halving.
pub fn settled_by(n11: &RangeInclusive<u32>, is_settled: impl Fn(u32) -> bool) -> Option<(u32, u32)> {
    let (mut first, last) = (*n11.start(), *n11.end());
    if !is_settled(last) {
        return None;
    }
    let mut settled = last;
    while first < settled {
        let middle = first.midpoint(settled);
        if is_settled(middle) {
            settled = middle;
        } else {
            first = middle + 1;
        }
    }
    Some((settled, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_settled_number_is_found() {
        for first in 3..=9 {
            assert_eq!(settled_by(&(3..=9), |n11| n11 >= first), Some((first, 9)));
        }
        assert_eq!(settled_by(&(3..=9), |_| false), None);
        assert_eq!(settled_by(&(0..=u32::MAX), |_| true), Some((0, u32::MAX)));
    }
}
