//! Goals about a number of events, or about their rate.

use super::{Found, Rules, assess};
use crate::exact::Ratio;
use crate::goal::Goal;
use crate::interval::Confidence;
use crate::rate::{Count, garwood, rate_difference, rate_difference_p, rate_ratio, rate_ratio_p};
use crate::verdict::{Assessment, Method, PValue, Wave};
use crate::warning::Warning;

/// Assesses a goal about the number of events, per unit of exposure where that is stated, as `assess_shares` does.
///
/// A relative change has the exact interval of the ratio of rates, an absolute one that of their difference by MOVER, a
/// level that of Garwood. Numbers without exposure are compared as rates over equal exposure; a number with it and one
/// without contradict each other. Events are taken as independent, also where they are of the same people: what is known
/// are totals, and every verdict is warned of that.
pub fn assess_counts(
    goal: &Goal,
    before: Wave<Count>,
    after: Wave<Count>,
    confidence: Confidence,
) -> Assessment {
    assess(goal, before, after, &Counts { confidence })
}

struct Counts {
    confidence: Confidence,
}

impl Rules for Counts {
    type Value = Count;

    fn exact(count: Count) -> Option<Ratio> {
        Some(Ratio::of_count(count))
    }

    fn contradict(&self, before: Count, after: Count) -> bool {
        before.exposure().is_some() != after.exposure().is_some()
    }

    fn level(&self, after: Count) -> Option<Found> {
        let interval = garwood(after.rate(), self.confidence);
        Some(Found { interval, method: Method::Garwood, p_value: None })
    }

    fn difference(&self, before: Count, after: Count) -> Option<Found> {
        let (before, after) = (before.rate(), after.rate());
        Some(Found {
            interval: rate_difference(before, after, self.confidence),
            method: Method::RateDifferenceMover,
            p_value: Some(PValue::One(rate_difference_p(before, after))),
        })
    }

    fn relative_change(&self, before: Count, after: Count) -> Option<Found> {
        let (before, after) = (before.rate(), after.rate());
        Some(Found {
            interval: rate_ratio(before, after, self.confidence).shifted(-1.0),
            method: Method::RateRatioExact,
            p_value: Some(PValue::One(rate_ratio_p(before, after))),
        })
    }

    fn warnings(&self, _: &Goal, _: Option<Count>, _: Count, _: bool) -> Vec<Warning> {
        vec![Warning::OverdispersionUnknown]
    }
}
