//! What the measurements of a result, or the pairs behind them, say of its goal.

use evidence::goal::Millionths;
use evidence::interval::{Confidence, Interval};
use evidence::mean::StatedMean;
use evidence::paired_values::{PairedValues, hodges_lehmann, sign_test, wilcoxon_signed_rank};
use evidence::rate::Count;
use evidence::share::Share;
use evidence::summary::summary;
use evidence::verdict::{
    Assessment, MeanPairing, Pairing as Paired, Wave as Known, assess_counts, assess_means, assess_shares,
};
use evidence::warning::Warning;

use super::evidence_of::{
    cells, cells_of_pairs, count, counted, decimal, goal, known, millionths, number, p_value, stated_mean,
    values_of_pairs,
};
use super::inputs::Inputs;
use crate::columns::{CriterionUnit, Decimal, Pairing};
use crate::observation::{Observation, Pair};

/// What was compared, and what it says.
pub(super) struct Assessed {
    pub assessment: Assessment,
    pub before: Compared,
    pub after: Compared,
    /// The two values of each, of means.
    pub values: Option<PairedValues>,
}

#[derive(Default)]
pub(super) struct Compared {
    pub numerator: Option<i32>,
    pub n: Option<i32>,
    pub value: Option<Decimal>,
}

/// What the order of the changes says, whatever their distribution.
pub(super) struct Ranks {
    pub median: Option<Decimal>,
    pub interval: (Option<Decimal>, Option<Decimal>),
    pub signed_rank_p: Option<Decimal>,
    pub sign_test_p: Option<Decimal>,
}

impl Ranks {
    pub fn of(values: &PairedValues) -> Self {
        let median = hodges_lehmann(values, Confidence::P95);
        Self {
            median: median.as_ref().and_then(|median| decimal(median.estimate)),
            interval: ends(median.and_then(|median| median.interval)),
            signed_rank_p: p_value(wilcoxon_signed_rank(values).p_value),
            sign_test_p: p_value(sign_test(values).p_value),
        }
    }
}

pub(super) fn ends(interval: Option<Interval>) -> (Option<Decimal>, Option<Decimal>) {
    let low = interval.and_then(|interval| decimal(interval.low));
    (low, interval.and_then(|interval| interval.high).and_then(decimal))
}

fn given<T>(value: Option<T>) -> Known<T> {
    value.map_or(Known::Missing, Known::Given)
}

impl Inputs<'_> {
    pub fn assessed(&self) -> Assessed {
        match self.says.unit {
            CriterionUnit::Share => self.assessed_share(),
            CriterionUnit::Mean => self.assessed_mean(),
            CriterionUnit::Count => self.assessed_count(),
        }
    }

    fn assessed_share(&self) -> Assessed {
        let share = |row| known(row, |row| counted(row, self.says));
        let (mut before, mut after) = (share(self.before), share(self.after));
        let pairing = match (self.says.pairing, &self.pairs, self.table.and_then(cells)) {
            (Pairing::Independent, _, _) => Paired::Independent,
            (Pairing::SamePersons | Pairing::Paired, Some(pairs), _) => {
                let cells = cells_of_pairs(pairs, self.says);
                (before, after) = (given(cells.before()), given(cells.after()));
                Paired::Paired(cells)
            }
            (Pairing::SamePersons | Pairing::Paired, None, Some(cells)) => Paired::Paired(cells),
            (Pairing::SamePersons | Pairing::Paired, None, None) => Paired::SamePersonsUnknownTable,
        };
        let assess = |before, after, pairing| {
            assess_shares(&goal(self.says), before, after, &pairing, Confidence::P95)
        };
        let mut assessment = assess(before, after, pairing);
        // Those who were measured before and not after may have fared either way.
        if let (Known::Given(all), Known::Given(measured)) = (share(self.before), share(self.after))
            && self.says.pairing != Pairing::Independent
            && let Some(missing) = all.n().checked_sub(measured.n()).filter(|missing| *missing > 0)
        {
            let if_had = |more: u32| {
                let after = Share::new(measured.successes().saturating_add(more), all.n());
                assess(Known::Given(all), given(after), Paired::SamePersonsUnknownTable).verdict
            };
            if if_had(0) != if_had(missing) {
                assessment.warnings.push(Warning::NotRobustToAttrition);
            }
        }
        let compared = |share: Known<Share>| match share {
            Known::Given(share) => Compared {
                numerator: number(share.successes()),
                n: number(share.n()),
                value: share.value().and_then(decimal),
            },
            Known::Missing | Known::NotApplicable => Compared::default(),
        };
        Assessed { before: compared(before), after: compared(after), assessment, values: None }
    }

    fn assessed_mean(&self) -> Assessed {
        let (mut before, mut after) = (known(self.before, stated_mean), known(self.after, stated_mean));
        let values = self.pairs.as_deref().and_then(values_of_pairs);
        if let Some(pairs) = &self.pairs {
            let of_pairs = |of: fn(&Pair<'_>) -> Option<Decimal>| {
                let values: Vec<_> = pairs.iter().filter_map(of).map(millionths).collect();
                let n = u32::try_from(values.len()).ok();
                given(summary(&values).map(|said| StatedMean { mean: said.mean, sd: said.sd, n }))
            };
            (before, after) = (of_pairs(|pair| pair.before.value), of_pairs(|pair| pair.after.value));
        }
        let pairing = match (self.says.pairing, &values) {
            (Pairing::Independent, _) => MeanPairing::Independent,
            (Pairing::SamePersons | Pairing::Paired, Some(values)) => MeanPairing::Paired(values),
            (Pairing::SamePersons | Pairing::Paired, None) => MeanPairing::SamePersonsUnknownValues,
        };
        let assessment = assess_means(&goal(self.says), before, after, pairing, Confidence::P95);
        let compared = |mean: Known<StatedMean>| match mean {
            Known::Given(mean) => Compared {
                numerator: None,
                n: mean.n.and_then(number),
                value: Decimal::from_millionths(mean.mean.0),
            },
            Known::Missing | Known::NotApplicable => Compared::default(),
        };
        Assessed { before: compared(before), after: compared(after), assessment, values }
    }

    fn assessed_count(&self) -> Assessed {
        let (mut before, mut after) = (known(self.before, count), known(self.after, count));
        if let Some(pairs) = &self.pairs {
            let of_pairs = |of: for<'p> fn(&Pair<'p>) -> &'p Observation| {
                let rows = || pairs.iter().map(of);
                let events: i64 = rows().filter_map(|row| row.value).map(Decimal::millionths).sum();
                let exposure: Option<i64> = rows().map(|row| row.exposure.map(Decimal::millionths)).sum();
                let events = u32::try_from(events / 1_000_000).ok();
                let exposure = exposure.map(Millionths);
                given(events.and_then(|events| Count::new(events, exposure)))
            };
            (before, after) = (of_pairs(|pair| pair.before), of_pairs(|pair| pair.after));
        }
        let assessment = assess_counts(&goal(self.says), before, after, Confidence::P95);
        let compared = |count: Known<Count>| match count {
            Known::Given(count) => {
                Compared { numerator: number(count.count()), n: None, value: decimal(count.rate().value()) }
            }
            Known::Missing | Known::NotApplicable => Compared::default(),
        };
        Assessed { before: compared(before), after: compared(after), assessment, values: None }
    }
}
