//! What is hidden for its own sake.

use crate::share::Share;

/// The fewest people, k, of whom anything is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Threshold(u32);

impl Threshold {
    const LEAST: u32 = 3;
    const MOST: u32 = 1_000;

    /// From 3, below which two people who know of themselves know of the third, to 1,000; none outside.
    pub const fn new(k: u32) -> Option<Self> {
        if k >= Self::LEAST && k <= Self::MOST { Some(Self(k)) } else { None }
    }

    pub const fn k(self) -> u32 {
        self.0
    }

    const fn hides_difference(self, one: u32, other: u32) -> bool {
        self.hides(one.abs_diff(other))
    }

    const fn hides(self, count: u32) -> bool {
        0 < count && count < self.0
    }
}

impl Default for Threshold {
    fn default() -> Self {
        Self(5)
    }
}

/// A statistic of the values of n people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// Of all of them together: a sum, a mean, a standard deviation, an interval, a p-value. A mean of yes and no is a
    /// share.
    OfAll,
    /// A minimum or a maximum, which is one person's own value unless others share it.
    Extreme {
        /// How many have that very value.
        sharing: u32,
    },
    /// A median or another quantile, which is an extreme of those on its smaller side.
    Quantile {
        /// How many there are on that side, those who have the very value included.
        beyond: u32,
    },
}

/// How much is hidden. The default is k = 5 for attributes that are not sensitive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rule {
    pub threshold: Threshold,
    /// Whether it may not be told that everyone in a group has the attribute, as with a crime or a diagnosis.
    pub sensitive: bool,
}

impl Rule {
    /// Whether a count of people or of their cases, x, is hidden where it is a part of nothing: 0 < x < k
    /// (the threshold rule, Hundepool et al. 2012).
    pub const fn hides_count(self, count: u32) -> bool {
        self.threshold.hides(count)
    }

    /// Whether x of n is hidden, as a count, as a percentage and in any other guise: 0 < x < k, 0 < n − x < k or
    /// 0 < n < k; where it is sensitive, also x = n > 0.
    ///
    /// None of n is shown, so that zeros remain; and so is a share of nobody.
    pub const fn hides_share(self, share: Share) -> bool {
        // Where n is few, so is x or n − x.
        let (x, n) = (share.successes(), share.n());
        let all = self.sensitive && n > 0 && x == n;
        all || self.hides_count(x) || self.hides_count(n - x)
    }

    /// Whether a revised count is hidden: for its own sake, or because it differs by less than k from a value released
    /// `earlier`, whose difference would be a count of few. Every value ever released counts, also one that a later
    /// revision replaced or hid.
    pub fn hides_revised_count(self, earlier: &[u32], now: u32) -> bool {
        self.hides_count(now) || earlier.iter().any(|then| self.threshold.hides_difference(*then, now))
    }

    /// Whether a revised share is hidden: for its own sake, or because x, n − x or n differs by less than k, and not by
    /// 0, from that of a share released `earlier`.
    pub fn hides_revised_share(self, earlier: &[Share], now: Share) -> bool {
        let parts = |share: Share| [share.successes(), share.n() - share.successes(), share.n()];
        let differs = |then: &Share| {
            let pairs = parts(*then).into_iter().zip(parts(now));
            pairs.into_iter().any(|(then, now)| self.threshold.hides_difference(then, now))
        };
        self.hides_share(now) || earlier.iter().any(differs)
    }

    /// Whether a statistic of the values of n people is hidden: where n < k, nobody included; an extreme, however many
    /// the people are, also where fewer than k share it, and a quantile where fewer than k lie on a side of it.
    ///
    /// Extremes and quantiles are values of single people, and are released where enough people stand behind them
    /// (Hundepool et al. 2012). There is no rule of dominance: it guards sums to which one contributor may give most,
    /// such as turnovers, and not ages, scores or days.
    pub const fn hides_figure(self, figure: Figure, n: u32) -> bool {
        let behind = match figure {
            Figure::OfAll => n,
            Figure::Extreme { sharing: behind } | Figure::Quantile { beyond: behind } => behind,
        };
        n < self.threshold.0 || behind < self.threshold.0
    }

    /// Whether words that are shown beside a hidden x of n, such as attainment, verdict and change, leave at least k
    /// counts that it may be, from 0 to n, those included that would not be hidden themselves. `shown_for` tells whether
    /// the same words would be shown if the count were another.
    ///
    /// Counts are tried from the true one outwards until k are found, and only the 200·k nearest: where n is larger,
    /// those that fit further off are not found, which hides more and never less. Where the other wave is hidden too,
    /// its true count may be held fixed: that leaves out counts and adds none. No where the words do not fit the true
    /// count itself.
    pub fn leaves_enough(self, hidden: Share, shown_for: impl Fn(u32) -> bool) -> bool {
        let (x, n, k) = (hidden.successes(), hidden.n(), self.threshold.0);
        let around = (1..=100 * k).flat_map(|distance| [x.checked_sub(distance), x.checked_add(distance)]);
        let others = around.flatten().filter(|count| *count <= n && shown_for(*count));
        shown_for(x) && (1..k).zip(others).count() + 1 >= usize::try_from(k).unwrap_or(usize::MAX)
    }
}
