//! How many people a result rests on, and what those who are missing could have changed.

use evidence::attrition::attrition_bounds;
use evidence::interval::Interval;
use evidence::share::Share;

use super::Seen;
use super::evidence_of::{counted, decimal};
use crate::columns::{CriterionUnit, Decimal, Pairing};
use crate::measurement::{MeasurementRow, people};

/// How many people there were at each step.
#[derive(Clone, Debug)]
pub struct Participation {
    /// As it was stated; none where it was not.
    pub enrolled: Option<i32>,
    pub before: Option<i32>,
    pub after: Option<i32>,
    /// Measured both times; none where it is not known who they are.
    pub paired: Option<i32>,
    /// Left out for a reason; none where nothing is known of single participants.
    pub excluded: Option<i32>,
    /// The share of those enrolled, or else of those measured before, who were not measured after. None where that cannot be
    /// told, or where they were different people.
    pub attrition: Option<Decimal>,
    pub bounds: Option<Bounds>,
}

/// What the result would be if none of the missing had the outcome after, and if all had.
#[derive(Clone, Debug)]
pub struct Bounds {
    pub after: Ends,
    pub difference: Ends,
    pub relative_change: Option<Ends>,
}

#[derive(Clone, Copy, Debug)]
pub struct Ends {
    pub low: Decimal,
    pub high: Decimal,
}

impl Ends {
    fn of(interval: Interval) -> Option<Self> {
        Some(Self { low: decimal(interval.low)?, high: decimal(interval.high?)? })
    }
}

impl Seen {
    pub fn participation(&self) -> Participation {
        let shown = |row: &Option<MeasurementRow>| row.as_ref().filter(|_| !self.suppressed).and_then(people);
        let (before, after) = (shown(&self.before), shown(&self.after));
        let is_same = self.says.pairing != Pairing::Independent;
        let started = self.row.enrolled.or(before.filter(|_| is_same));
        let attrition = started.zip(after).and_then(|(started, after)| {
            let missing = started.checked_sub(after).filter(|missing| *missing >= 0 && started > 0)?;
            decimal(f64::from(missing) / f64::from(started))
        });
        Participation {
            enrolled: self.row.enrolled,
            before,
            after,
            paired: self.row.paired,
            excluded: self.row.excluded,
            attrition,
            bounds: self.bounds().filter(|_| is_same && !self.suppressed),
        }
    }

    fn bounds(&self) -> Option<Bounds> {
        let share = |row| -> Option<Share> { counted(row, &self.says) };
        if self.says.unit != CriterionUnit::Share {
            return None;
        }
        let bounds = attrition_bounds(share(self.before.as_ref()?)?, share(self.after.as_ref()?)?)?;
        if bounds.attrition <= 0.0 {
            return None;
        }
        Some(Bounds {
            after: Ends::of(bounds.after)?,
            difference: Ends::of(bounds.difference)?,
            relative_change: bounds.relative_change.and_then(Ends::of),
        })
    }
}
