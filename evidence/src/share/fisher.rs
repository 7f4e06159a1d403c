//! Fisher's exact test.

use crate::distribution::hypergeometric::ln_probability;
use crate::settle::settled_by;
use crate::share::Share;

/// Tables less probable than the observed one by less than this relative difference are taken as equally probable, which
/// in floating point cannot be told apart.
const SLACK: f64 = 1e-7;

/// The exact p-value that two shares of different people are the same (Fisher 1935), two-sided: the probability, given
/// both numbers of people and how many have the outcome in all, of every table no more probable than the observed one.
///
/// 1 where no other table fits: without data, and where all or none have the outcome.
pub fn fisher(before: Share, after: Share) -> f64 {
    let observed = Table::new(before, after);
    let limit = ln_p(observed) + SLACK.ln_1p();
    let mode = observed.likeliest();
    if ln_p(mode) <= limit {
        return 1.0;
    }
    (tail(mode, limit) + tail(mode.mirrored(), limit)).min(1.0)
}

/// Those with and those without the outcome.
#[derive(Clone, Copy)]
struct Table {
    after: [u32; 2],
    before: [u32; 2],
}

impl Table {
    fn new(before: Share, after: Share) -> Self {
        let cells = |share: Share| [share.successes(), share.n() - share.successes()];
        Self { after: cells(after), before: cells(before) }
    }

    const fn mirrored(self) -> Self {
        let ([x1, f1], [x0, f0]) = (self.after, self.before);
        Self { after: [f1, x1], before: [f0, x0] }
    }

    /// So many more of those with the outcome are after.
    const fn moved(self, by: u32) -> Self {
        let ([x1, f1], [x0, f0]) = (self.after, self.before);
        Self { after: [x1 + by, f1 - by], before: [x0 - by, f0 + by] }
    }

    /// With the same sums: (K + 1)(n1 + 1)/(N + 2), rounded down, of the K with the outcome among all N are after.
    fn likeliest(self) -> Self {
        let ([x1, f1], [x0, f0]) = (self.after.map(u128::from), self.before.map(u128::from));
        let mode = (x0 + x1 + 1) * (x1 + f1 + 1) / (x0 + f0 + x1 + f1 + 2);
        let by = |difference: u128| u32::try_from(difference).unwrap_or_default();
        if mode < x1 { self.mirrored().moved(by(x1 - mode)).mirrored() } else { self.moved(by(mode - x1)) }
    }
}

fn ln_p(table: Table) -> f64 {
    ln_probability(table.after.map(f64::from), table.before.map(f64::from))
}

/// The probability of the tables beyond the likeliest one, with more of those with the outcome after, from the first one
/// that is within the limit. Each next one by the ratio to the last, until the rest cannot be seen.
fn tail(mode: Table, limit: f64) -> f64 {
    let furthest = mode.after[1].min(mode.before[0]);
    let Some((first, _)) = settled_by(&(1..=furthest), |by| ln_p(mode.moved(by)) <= limit) else {
        return 0.0;
    };
    let start = mode.moved(first);
    let ([mut x1, mut f1], [mut x0, mut f0]) = (start.after.map(f64::from), start.before.map(f64::from));
    let mut term = ln_p(start).exp();
    let mut sum = term;
    while term > sum * f64::EPSILON / 4.0 {
        (x1, f0) = (x1 + 1.0, f0 + 1.0);
        term *= f1 / x1 * (x0 / f0);
        sum += term;
        (f1, x0) = (f1 - 1.0, x0 - 1.0);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every table that fits, in integers and so without rounding.
    fn by_counting([x0, n0, x1, n1]: [u64; 4]) -> f64 {
        let choose = |n: u64, k: u64| (0..k).fold(1, |ways, i| ways * (n - i) / (i + 1));
        let all = x0 + x1;
        let ways = |x: u64| choose(n1, x) * choose(n0, all - x);
        let possible = all.saturating_sub(n0)..=all.min(n1);
        let (observed, total) = (ways(x1), choose(n0 + n1, all));
        let as_number = |count: u64| f64::from(u32::try_from(count).unwrap());
        as_number(possible.map(ways).filter(|ways| *ways <= observed).sum()) / as_number(total)
    }

    #[test]
    fn small_tables_are_as_counted() {
        for (n0, n1) in [(0, 0), (0, 3), (1, 1), (5, 5), (7, 12), (14, 14)] {
            for (x0, x1) in (0..=n0).flat_map(|x0| (0..=n1).map(move |x1| (x0, x1))) {
                let p = fisher(Share::new(x0, n0).unwrap(), Share::new(x1, n1).unwrap());
                let counted = by_counting([x0, n0, x1, n1].map(u64::from));
                assert!((p - counted).abs() < 1e-12, "{x0} of {n0}, {x1} of {n1}: {p}, counted {counted}");
            }
        }
    }

    #[test]
    fn the_largest_tables_have_a_p_value() {
        let share = |x| Share::new(x, u32::MAX).unwrap();
        let half = u32::MAX / 2;
        assert!((fisher(share(half), share(half)) - 1.0).abs() < 1e-15);
        assert!(fisher(share(0), share(u32::MAX)) < f64::MIN_POSITIVE);
        assert!((0.05..0.06).contains(&fisher(share(half), share(half + 88_800))));
    }
}
