//! Means of one wave, with what their uncertainty is computed from.

/// Beyond it nothing is measured, and squares and sums of what is measured stay finite.
pub(crate) const LARGEST: f64 = 1e100;

/// The mean of so many values and their sample standard deviation (divisor n − 1), in the unit of the values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mean {
    value: f64,
    sd: f64,
    n: u32,
}

impl Mean {
    /// None where a number is not finite or beyond 10^100 in size, or the standard deviation is negative. A mean of
    /// nobody is allowed and means that there are no data; of one there is no standard deviation, whatever is given.
    pub fn new(mean: f64, sd: f64, n: u32) -> Option<Self> {
        (mean.abs() <= LARGEST && (0.0..=LARGEST).contains(&sd)).then_some(Self { value: mean, sd, n })
    }

    pub const fn mean(self) -> f64 {
        self.value
    }

    pub const fn sd(self) -> f64 {
        self.sd
    }

    pub const fn n(self) -> u32 {
        self.n
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_or_too_large_is_no_mean() {
        for (mean, sd) in [
            (f64::NAN, 1.0),
            (f64::INFINITY, 1.0),
            (f64::MAX, 1.0),
            (1.0, f64::NAN),
            (1.0, f64::INFINITY),
            (1.0, f64::MAX),
            (1.0, -f64::MIN_POSITIVE),
        ] {
            assert_eq!(Mean::new(mean, sd, 2), None);
        }
        let mean = Mean::new(-LARGEST, 0.0, u32::MAX).unwrap();
        assert_eq!((mean.mean() + LARGEST, mean.sd(), mean.n()), (0.0, 0.0, u32::MAX));
    }
}
