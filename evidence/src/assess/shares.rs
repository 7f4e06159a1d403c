//! Goals about a share.

use super::{Found, Rules, assess, few, verdict};
use crate::exact::Ratio;
use crate::goal::Goal;
use crate::interval::Confidence;
use crate::paired::{PairedTable, both_times, envelope, nam_blackwelder, score_p, tango};
use crate::settle::settled_by;
use crate::share::{Share, koopman, koopman_p, newcombe, newcombe_p, wilson};
use crate::verdict::{Assessment, Method, PValue, Pairing, Wave};
use crate::warning::Warning;

/// Assesses a goal about a share.
///
/// The verdict comes from the interval of the basis against the threshold; attainment is decided exactly in integers
/// and holds without any interval. A level needs the share after only; the share before, if there is one, tells the
/// change. Of several reasons why the goal cannot be assessed it gives the one to mend first: a wave that is missing,
/// then one of nobody, then a contradiction, then a share before of zero.
pub fn assess_shares(
    goal: &Goal,
    before: Wave<Share>,
    after: Wave<Share>,
    pairing: &Pairing,
    confidence: Confidence,
) -> Assessment {
    assess(goal, before, after, &Shares { pairing: *pairing, confidence })
}

struct Shares {
    pairing: Pairing,
    confidence: Confidence,
}

impl Rules for Shares {
    type Value = Share;

    fn exact(share: Share) -> Option<Ratio> {
        Ratio::of_share(share)
    }

    /// The same people cannot be of two numbers, nor a table have other margins than its shares.
    fn contradict(&self, before: Share, after: Share) -> bool {
        match self.pairing {
            Pairing::Independent => false,
            Pairing::Paired(table) => table.before() != Some(before) || table.after() != Some(after),
            Pairing::SamePersonsUnknownTable => before.n() != after.n(),
        }
    }

    fn level(&self, after: Share) -> Option<Found> {
        Some(Found { interval: wilson(after, self.confidence)?, method: Method::Wilson, p_value: None })
    }

    fn difference(&self, before: Share, after: Share) -> Option<Found> {
        let (interval, method) = match self.pairing {
            Pairing::Independent => (newcombe(before, after, self.confidence)?, Method::Newcombe),
            Pairing::Paired(table) => (tango(&table, self.confidence)?, Method::Tango),
            Pairing::SamePersonsUnknownTable => {
                (envelope(before, after, self.confidence)?.difference, Method::TangoEnvelope)
            }
        };
        let p_value = self.p_value(newcombe_p, before, after);
        Some(Found { interval, method, p_value })
    }

    fn relative_change(&self, before: Share, after: Share) -> Option<Found> {
        let (ratio, method) = match self.pairing {
            Pairing::Independent => (koopman(before, after, self.confidence)?, Method::Koopman),
            Pairing::Paired(table) => (nam_blackwelder(&table, self.confidence)?, Method::NamBlackwelder),
            Pairing::SamePersonsUnknownTable => {
                (envelope(before, after, self.confidence)?.ratio?, Method::NamBlackwelderEnvelope)
            }
        };
        let p_value = self.p_value(koopman_p, before, after);
        Some(Found { interval: ratio.shifted(-1.0), method, p_value })
    }

    fn warnings(&self, goal: &Goal, before: Option<Share>, after: Share, is_met: bool) -> Vec<Warning> {
        let unknown = before
            .filter(|_| self.pairing == Pairing::SamePersonsUnknownTable)
            .and_then(|before| self.what_would_settle(goal, before, after, is_met));
        let people = before.into_iter().chain([after]).map(Share::n);
        unknown.into_iter().chain(few(people)).collect()
    }
}

impl Shares {
    /// That of the score test or of Newcombe's interval, and its range over the tables from the most changes to the
    /// fewest.
    fn p_value(
        &self,
        independent: impl Fn(Share, Share) -> Option<f64>,
        before: Share,
        after: Share,
    ) -> Option<PValue> {
        Some(match self.pairing {
            Pairing::Independent => PValue::One(independent(before, after)?),
            Pairing::Paired(table) => PValue::One(score_p(&table)),
            Pairing::SamePersonsUnknownTable => {
                let n11 = both_times(before, after)?;
                let of =
                    |n11: u32| PairedTable::with_margins(before, after, n11).map(|table| score_p(&table));
                PValue::Range { lowest: of(*n11.end())?, highest: of(*n11.start())? }
            }
        })
    }

    fn what_would_settle(&self, goal: &Goal, before: Share, after: Share, is_met: bool) -> Option<Warning> {
        let is_settled = |n11| {
            let pairing = Pairing::Paired(PairedTable::with_margins(before, after, n11)?);
            let shares = Self { pairing, confidence: self.confidence };
            Some(verdict(goal, shares.of_basis(goal.basis, before, after)?.interval, is_met).is_settled())
        };
        let n11 = both_times(before, after)?;
        let settled_by = settled_by(&n11, |n11| is_settled(n11).unwrap_or(false));
        Some(Warning::PairingUnknown { settled_by })
    }
}
