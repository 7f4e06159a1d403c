//! Shares of the same people measured twice.

mod newcombe;

use std::ops::RangeInclusive;

use crate::binomial::point_and_tail;
use crate::distribution::two_sided;
use crate::interval::{Confidence, Interval};
use crate::score::{LOG_FAR, edge, log_edge};
use crate::share::Share;

pub use newcombe::newcombe;

/// The same people twice. The first digit says whether they had the outcome before, the second whether after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PairedTable {
    pub n11: u32,
    pub n10: u32,
    pub n01: u32,
    pub n00: u32,
}

impl PairedTable {
    /// The table of two shares in which `n11` people had the outcome both times; none where no such table exists.
    pub fn with_margins(before: Share, after: Share, n11: u32) -> Option<Self> {
        both_times(before, after)?.contains(&n11).then(|| {
            let (n10, n01) = (before.successes() - n11, after.successes() - n11);
            Self { n11, n10, n01, n00: before.n() - before.successes() - n01 }
        })
    }

    /// None where there are more people than a share counts.
    pub fn before(&self) -> Option<Share> {
        Share::new(self.n11.checked_add(self.n10)?, self.n()?)
    }

    /// None where there are more people than a share counts.
    pub fn after(&self) -> Option<Share> {
        Share::new(self.n11.checked_add(self.n01)?, self.n()?)
    }

    fn n(&self) -> Option<u32> {
        let people = [self.n11, self.n10, self.n01, self.n00].map(u64::from).iter().sum::<u64>();
        u32::try_from(people).ok()
    }

    /// n11, n10, n01 and n00 for arithmetic in which no sum of them overflows or is rounded.
    fn cells(&self) -> [f64; 4] {
        [self.n11, self.n10, self.n01, self.n00].map(f64::from)
    }
}

/// How many people may have had the outcome both times, given the two shares: from max(0, x0 + x1 − n) to min(x0, x1).
/// None where the shares are not of equally many people.
pub fn both_times(before: Share, after: Share) -> Option<RangeInclusive<u32>> {
    let without = before.n() - before.successes();
    (before.n() == after.n())
        .then(|| after.successes().saturating_sub(without)..=before.successes().min(after.successes()))
}

/// The interval of the difference d = p1 − p0 of paired shares by the score test (Tango 1998): every δ with
/// (n01 − n10 − nδ)² ≤ z²·n·(2q + |δ|(1 − |δ|)), where q is the likeliest share of those who change against the sign of
/// δ if the difference is δ.
///
/// None without people. Within −1 and 1; defined also where nobody changes.
pub fn tango(table: &PairedTable, confidence: Confidence) -> Option<Interval> {
    let [n11, n10, n01, n00] = table.cells();
    let n = n11 + n10 + n01 + n00;
    if n == 0.0 {
        return None;
    }
    let z = confidence.z();
    let accepts = |delta: f64| {
        let (along, against) = if delta < 0.0 { (n10, n01) } else { (n01, n10) };
        let variance = tango_variance(n, along, against, delta.abs());
        (n01 - n10 - n * delta).powi(2) <= z * z * variance
    };
    let estimate = (n01 - n10) / n;
    let end = |limit: f64| if accepts(limit) { limit } else { edge(estimate, limit, accepts) };
    Some(Interval { low: end(-1.0), high: Some(end(1.0)) }.including(estimate))
}

/// The variance of n01 − n10 if the difference is δ ≥ 0: q solves 2n·q² + B·q − C = 0 with
/// B = (2n − along + against)·δ − along − against and C = against·δ(1 − δ). Each root is written so that nothing cancels.
fn tango_variance(n: f64, along: f64, against: f64, delta: f64) -> f64 {
    let b = (2.0 * n - along + against) * delta - along - against;
    let c = against * delta * (1.0 - delta);
    let root = (b * b + 8.0 * n * c).sqrt();
    let q = if b < 0.0 {
        (root - b) / (4.0 * n)
    } else if root + b > 0.0 {
        2.0 * c / (root + b)
    } else {
        0.0
    };
    n * (2.0 * q + delta * (1.0 - delta))
}

/// The interval of the ratio θ = p1 / p0 of paired shares by the score test (Nam and Blackwelder 2002): every θ with
/// (x1 − θ·x0)² ≤ z²·θ·v, where v is the likeliest number of people who change if the ratio is θ.
///
/// None where nobody had the outcome before. At x1 = 0 the lower end is 0; defined also where nobody changes.
pub fn nam_blackwelder(table: &PairedTable, confidence: Confidence) -> Option<Interval> {
    let [n11, n10, n01, _] = table.cells();
    let (x0, x1) = (n11 + n10, n11 + n01);
    if x0 == 0.0 {
        return None;
    }
    let z = confidence.z();
    let accepts = |log_ratio: f64| {
        let theta = log_ratio.exp();
        (x1 - theta * x0).powi(2) <= z * z * nam_blackwelder_variance([n11, n10, n01], theta)
    };
    let estimate = if x1 == 0.0 { -LOG_FAR } else { (x1 / x0).ln() };
    let low = if x1 == 0.0 { 0.0 } else { log_edge(estimate, -1.0, accepts).exp() };
    let high = log_edge(estimate, 1.0, accepts).exp();
    Some(Interval { low, high: Some(high) }.including(x1 / x0))
}

/// The variance of x1 − θ·x0 if the ratio is θ. The constrained estimates of Nam and Blackwelder add up to
/// (R − M)/2 with M = x1 + θ²x0 − 2θs, R² = (x1 − θ²x0)² + 4θ²·n10·n01 and s = n11 + n10 + n01; where M is positive
/// that difference would cancel, and R² − M² = 4θs(1 − θ)(x1 − θx0) is divided by their sum instead.
fn nam_blackwelder_variance([n11, n10, n01]: [f64; 3], theta: f64) -> f64 {
    let (x0, x1, s) = (n11 + n10, n11 + n01, n11 + n10 + n01);
    let root = (x1 - theta * theta * x0).hypot(2.0 * theta * (n10 * n01).sqrt());
    let m = x1 + theta * theta * x0 - 2.0 * theta * s;
    if m <= 0.0 {
        return (root - m) / 2.0;
    }
    (2.0 * theta * s * (1.0 - theta) * (x1 - theta * x0) / (root + m)).max(0.0)
}

/// The two p-values of `McNemar`'s test that as many change one way as the other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct McNemar {
    /// Exact: twice the binomial tail of those who change the rarer way, at most 1.
    pub exact: f64,
    /// Mid-p (Fagerland, Lydersen and Laake 2013): less the probability of the very numbers that were seen, or less
    /// half of it where as many change each way.
    pub mid_p: f64,
}

/// Both are 1 where nobody changes. Finite for any counts; nought where it is below the smallest number.
pub fn mcnemar(table: &PairedTable) -> McNemar {
    let (few, many) = (table.n10.min(table.n01), table.n10.max(table.n01));
    if many == 0 {
        return McNemar { exact: 1.0, mid_p: 1.0 };
    }
    let (point, tail) = point_and_tail(few, many);
    if few == many {
        return McNemar { exact: 1.0, mid_p: 1.0 - point / 2.0 };
    }
    let exact = (2.0 * tail).min(1.0);
    McNemar { exact, mid_p: (exact - point).max(0.0) }
}

/// The p-value of a difference of 0 and of a ratio of 1 that belongs to the intervals of Tango and of Nam and Blackwelder:
/// both scores are then z = (n01 − n10)/√(n01 + n10), two-sided (the asymptotic test of `McNemar` 1947).
///
/// 1 where nobody changes.
pub fn score_p(table: &PairedTable) -> f64 {
    let [_, n10, n01, _] = table.cells();
    if n10 + n01 == 0.0 { 1.0 } else { two_sided((n01 - n10) / (n01 + n10).sqrt()) }
}

/// What `McNemar`'s test can say where only the two shares are known.
#[derive(Clone, Debug, PartialEq)]
pub struct MarginBounds {
    /// How many people may have had the outcome both times.
    pub n11: RangeInclusive<u32>,
    pub lowest: McNemar,
    pub highest: McNemar,
}

/// The range of both p-values over all tables that fit the shares; none where they are not of equally many people.
///
/// The difference n01 − n10 is given, so a table is its number of changes, and with it the p-values grow: a longer
/// random walk is likelier to get as far. Only where as many change each way does the step from nobody (p = 1) to one
/// each way go down, so the three tables at the two ends stand for all.
pub fn margin_bounds(before: Share, after: Share) -> Option<MarginBounds> {
    let n11 = both_times(before, after)?;
    let of = |n11: u32| PairedTable::with_margins(before, after, n11).map(|table| mcnemar(&table));
    let fewest_changes = of(*n11.end())?;
    let mut bounds = MarginBounds { lowest: fewest_changes, highest: fewest_changes, n11: n11.clone() };
    for p in [n11.end().saturating_sub(1).max(*n11.start()), *n11.start()].into_iter().filter_map(of) {
        let (lowest, highest) = (bounds.lowest, bounds.highest);
        bounds.lowest = McNemar { exact: lowest.exact.min(p.exact), mid_p: lowest.mid_p.min(p.mid_p) };
        bounds.highest = McNemar { exact: highest.exact.max(p.exact), mid_p: highest.mid_p.max(p.mid_p) };
    }
    Some(bounds)
}

/// The widest intervals of the same people where it is not known who changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Envelope {
    pub difference: Interval,
    /// None where nobody had the outcome before.
    pub ratio: Option<Interval>,
}

/// The intervals of Tango and of Nam and Blackwelder over all tables that fit the shares: those of the table with the
/// most changes, at n11 = max(0, x0 + x1 − n). None where the shares are not of equally many people, or of none.
pub fn envelope(before: Share, after: Share, confidence: Confidence) -> Option<Envelope> {
    let most_changes = *both_times(before, after)?.start();
    let table = PairedTable::with_margins(before, after, most_changes)?;
    Some(Envelope { difference: tango(&table, confidence)?, ratio: nam_blackwelder(&table, confidence) })
}
