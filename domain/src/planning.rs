//! What an evaluation could tell, asked before it measures.

use std::collections::HashMap;

use evidence::interval::Confidence;
use evidence::planning::{Baseline, Needed, Obstacle, People, Plan, Power, Study, plan};
use evidence::sentence::{obstacle_sentence, plan_sentence};

use crate::columns::{CriterionBasis, CriterionDirection, CriterionUnit, Decimal, Pairing};
use crate::context::Context;
use crate::criterion_result::evidence_of::{decimal, goal_of, millionths, number};
use crate::error::{Faults, Language, Problem, Result};
use crate::measurement;
use crate::success_criterion::{CriterionVersion, Place};

/// What is to be found out of a study.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Question {
    pub direction: CriterionDirection,
    pub basis: CriterionBasis,
    pub threshold: Decimal,
    pub unit: CriterionUnit,
    pub pairing: Pairing,
    /// People in each wave; none for as many as before.
    pub n: Option<i32>,
    /// The true value after; none for the goal itself.
    pub assumed: Option<Decimal>,
}

/// What is known before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Before {
    /// A share as a fraction, or a mean.
    pub value: Decimal,
    /// The standard deviation of a mean.
    pub sd: Option<Decimal>,
    pub n: Option<i32>,
}

/// What a study could tell, or why that cannot be said.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Answer(std::result::Result<Plan, Obstacle>);

/// From the least to the most favourable of what is not known beforehand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span<T> {
    pub worst: Option<T>,
    pub best: Option<T>,
}

impl Question {
    /// That of a criterion.
    pub fn of(says: &CriterionVersion, n: Option<i32>, assumed: Option<Decimal>) -> Self {
        let CriterionVersion { direction, basis, threshold, unit, pairing, .. } = *says;
        Self { direction, basis, threshold, unit, pairing, n, assumed }
    }

    /// The answer where the value before is given by hand.
    pub fn answered(&self, before: Before) -> Result<Answer> {
        let mut faults = Faults::default();
        faults.unless(!self.threshold.is_negative(), "threshold", Problem::NotPositive);
        faults.unless(self.n.is_none_or(|n| n > 0), "n", Problem::NotPositive);
        faults.finish()?;
        Ok(self.answer(Some(before)))
    }

    fn answer(&self, before: Option<Before>) -> Answer {
        let planned = || {
            let people = before.ok_or(Obstacle::NoBaseline);
            let baseline = match self.unit {
                CriterionUnit::Count => return Err(Obstacle::Count),
                CriterionUnit::Share => Baseline::Share(millionths(people?.value)),
                CriterionUnit::Mean => Baseline::Mean {
                    mean: millionths(people?.value),
                    sd: millionths(people?.sd.ok_or(Obstacle::NoSpread)?),
                },
            };
            let n = self.n.or(people?.n).and_then(|n| u32::try_from(n).ok());
            plan(&Study {
                goal: goal_of(self.direction, self.basis, self.threshold),
                baseline,
                people: match self.pairing {
                    Pairing::Independent => People::Different,
                    Pairing::SamePersons | Pairing::Paired => People::Same,
                },
                assumed: self.assumed.map(millionths),
                n: n.filter(|n| *n > 0).ok_or(Obstacle::NoBaseline)?,
                confidence: Confidence::P95,
                target: Power::P80,
            })
        };
        Answer(planned())
    }
}

/// The answer to each criterion's question, with what was measured before.
pub async fn of_criteria(
    context: &Context,
    asked: &[(Place, Question)],
) -> Result<HashMap<(Place, Question), Answer>> {
    let places: Vec<_> = asked.iter().map(|(place, _)| *place).collect();
    let measured = measurement::baselines(context, &places).await?;
    let answer = |(place, question): &(Place, Question)| {
        let before = measured.get(place).and_then(|seen| {
            Some(Before { value: seen.value()?, sd: seen.row.sd, n: measurement::people(&seen.row) })
        });
        ((*place, *question), question.answer(before))
    };
    Ok(asked.iter().map(answer).collect())
}

impl Answer {
    fn plan(&self) -> Option<&Plan> {
        self.0.as_ref().ok()
    }

    pub fn obstacle(&self) -> Option<Obstacle> {
        self.0.err()
    }

    /// People in each wave.
    pub fn n(&self) -> Option<i32> {
        number(self.plan()?.study.n)
    }

    /// The assumed value after.
    pub fn assumed(&self) -> Option<Decimal> {
        Decimal::from_millionths(self.plan()?.after.0)
    }

    /// How often it shows that there is a change; none where none is assumed.
    pub fn power(&self) -> Option<Span<Decimal>> {
        let power = self.plan()?.power?;
        Some(Span { worst: decimal(power.worst), best: decimal(power.best) })
    }

    /// The nearest value after that it tells from the one before.
    pub fn detectable(&self) -> Option<Span<Decimal>> {
        let detectable = self.plan()?.detectable;
        Some(Span { worst: detectable.worst.and_then(decimal), best: detectable.best.and_then(decimal) })
    }

    /// How many people show the assumed change; none where there is none to show.
    pub fn needed_for_change(&self) -> Option<Span<i32>> {
        people(self.plan()?.needed_for_change)
    }

    /// How many people establish the goal; none where what is assumed is no better than it.
    pub fn needed_for_goal(&self) -> Option<Span<i32>> {
        people(self.plan()?.needed_for_goal)
    }

    pub fn sentence(&self, language: Language) -> String {
        let language = match language {
            Language::Danish => evidence::sentence::Language::Danish,
            Language::English => evidence::sentence::Language::English,
        };
        match &self.0 {
            Ok(plan) => plan_sentence(plan, language),
            Err(obstacle) => obstacle_sentence(*obstacle, language).to_owned(),
        }
    }
}

fn people(needed: Needed) -> Option<Span<i32>> {
    match needed {
        Needed::Never => None,
        Needed::People(span) => {
            Some(Span { worst: span.worst.and_then(number), best: span.best.and_then(number) })
        }
    }
}
