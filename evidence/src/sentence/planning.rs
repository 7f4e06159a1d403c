//! What a study can tell, in words.

use super::Language;
use super::amount::{Amount, Unit, count};
use crate::exact::Ratio;
use crate::goal::Millionths;
use crate::planning::{Baseline, Needed, Obstacle, People, Plan, Span};

/// What so many people can show, how many it takes to show the assumed change and to establish the goal, and what a span
/// of numbers comes from.
pub fn plan_sentence(plan: &Plan, language: Language) -> String {
    let words = Words { plan, language };
    let spans = words.has_span().then(|| words.assumption());
    let sentences = [Some(words.power()), words.for_change(), Some(words.for_goal()), spans];
    sentences.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Why nothing can be planned, and what can be done.
pub fn obstacle_sentence(obstacle: Obstacle, language: Language) -> &'static str {
    match (obstacle, language) {
        (Obstacle::NotAShare, Language::Danish) => {
            "En andel ligger mellem 0 og 1. Ret værdien før eller den antagne værdi."
        }
        (Obstacle::NotAShare, Language::English) => {
            "A share lies between 0 and 1. Correct the value before or the assumed one."
        }
        (Obstacle::NoSpread, Language::Danish) => {
            "Angiv en standardafvigelse over 0, ellers kan intet beregnes."
        }
        (Obstacle::NoSpread, Language::English) => {
            "Give a standard deviation above 0; nothing can be computed without one."
        }
        (Obstacle::BaselineZero, Language::Danish) => {
            "Værdien før skal være over 0, når målet er en relativ ændring. Brug et niveau eller en forskel."
        }
        (Obstacle::BaselineZero, Language::English) => {
            "The value before must be above 0 where the goal is a relative change. Use a level or a difference."
        }
        (Obstacle::NoBaseline, Language::Danish) => {
            "Der er ingen værdi før endnu. Registrér målingen før, eller angiv den her."
        }
        (Obstacle::NoBaseline, Language::English) => {
            "There is no value before yet. Record the one before, or state it here."
        }
        (Obstacle::Count, Language::Danish) => {
            "Et antal har ingen deltagere at planlægge efter. Planlæg med en andel eller et gennemsnit."
        }
        (Obstacle::Count, Language::English) => {
            "A count has no number of people to plan by. Plan with a share or a mean."
        }
    }
}

struct Words<'a> {
    plan: &'a Plan,
    language: Language,
}

impl Words<'_> {
    fn value(&self, value: Millionths) -> String {
        let unit = match self.plan.study.baseline {
            Baseline::Share(_) => Unit::Percent,
            Baseline::Mean { .. } => Unit::Own,
        };
        let number = Amount::measured(Ratio::from(value), unit, None).number(self.language);
        match (unit, self.language) {
            (Unit::Percent, Language::Danish) => format!("{number} %"),
            (Unit::Percent, Language::English) => format!("{number}%"),
            (Unit::Points | Unit::Own, _) => number,
        }
    }

    /// "43 deltagere", of different people in each wave.
    fn people(&self, number: &str) -> String {
        match (self.plan.study.people, self.language) {
            (People::Same, Language::Danish) => format!("{number} deltagere"),
            (People::Different, Language::Danish) => format!("{number} deltagere i hver måling"),
            (People::Same, Language::English) => format!("{number} participants"),
            (People::Different, Language::English) => format!("{number} participants in each measurement"),
        }
    }

    fn span(&self, low: &str, high: &str) -> String {
        match self.language {
            _ if low == high => low.to_owned(),
            Language::Danish => format!("{low} til {high}"),
            Language::English => format!("{low} to {high}"),
        }
    }

    fn change(&self) -> String {
        let before = match self.plan.study.baseline {
            Baseline::Share(value) | Baseline::Mean { mean: value, .. } => value,
        };
        let (before, after) = (self.value(before), self.value(self.plan.after));
        match self.language {
            Language::Danish => format!("fra {before} til {after}"),
            Language::English => format!("from {before} to {after}"),
        }
    }

    fn power(&self) -> String {
        let (people, change) = (self.people(&count(self.plan.study.n, self.language)), self.change());
        let Some(Span { worst, best }) = self.plan.power else {
            return match self.language {
                Language::Danish => format!("Med {people} er der ingen ændring at påvise {change}."),
                Language::English => format!("With {people} there is no change to show {change}."),
            };
        };
        let hundredths = |power: f64| format!("{:.0}", 100.0 * power);
        let times = self.span(&hundredths(worst), &hundredths(best));
        match self.language {
            Language::Danish => format!(
                "Med {people} vil {times} ud af 100 undersøgelser påvise en ændring {change}, hvis den er der."
            ),
            Language::English => {
                format!("With {people}, {times} of 100 studies would show a change {change}, if it is there.")
            }
        }
    }

    /// The numbers from the most favourable case to the least; none where no number is enough.
    fn number(&self, span: &Span<Option<u32>>) -> Option<String> {
        let (low, high) = span.best.zip(span.worst)?;
        Some(self.span(&count(low, self.language), &count(high, self.language)))
    }

    fn for_change(&self) -> Option<String> {
        let Needed::People(span) = &self.plan.needed_for_change else { return None };
        let level = format!("{:.0}", 100.0 * self.plan.study.target.level());
        Some(match (self.number(span), self.language) {
            (Some(number), Language::Danish) => {
                format!("Der skal {} til, før {level} ud af 100 gør det.", self.people(&number))
            }
            (Some(number), Language::English) => {
                format!("It takes {} for {level} of 100 to do so.", self.people(&number))
            }
            (None, Language::Danish) => {
                format!("Intet antal deltagere er nok til, at {level} ud af 100 gør det.")
            }
            (None, Language::English) => {
                format!("No number of participants is enough for {level} of 100 to do so.")
            }
        })
    }

    fn for_goal(&self) -> String {
        let number = match &self.plan.needed_for_goal {
            Needed::Never => {
                return match self.language {
                    Language::Danish => {
                        "At målet er nået, kan intet antal deltagere fastslå, hvis værdien efter ikke er bedre end målet selv."
                    }
                    Language::English => {
                        "No number of participants can establish that the goal is reached, if the value after is no better than the goal itself."
                    }
                }
                .to_owned();
            }
            Needed::People(span) => self.number(span),
        };
        match (number, self.language) {
            (Some(number), Language::Danish) => {
                format!(
                    "At målet er nået, fastslås med {}, hvis de måler netop den ændring.",
                    self.people(&number)
                )
            }
            (Some(number), Language::English) => {
                format!(
                    "That the goal is reached is established with {}, if they measure just that change.",
                    self.people(&number)
                )
            }
            (None, Language::Danish) => "Intet antal deltagere fastslår, at målet er nået.".to_owned(),
            (None, Language::English) => {
                "No number of participants establishes that the goal is reached.".to_owned()
            }
        }
    }

    fn has_span(&self) -> bool {
        let differ = |needed: &Needed| matches!(needed, Needed::People(span) if span.worst != span.best);
        differ(&self.plan.needed_for_change)
            || differ(&self.plan.needed_for_goal)
            || self.plan.power.is_some_and(|power| power.worst < power.best)
    }

    fn assumption(&self) -> String {
        match (self.plan.study.baseline, self.language) {
            (Baseline::Share(_), Language::Danish) => {
                "Spændet går fra, at så få som muligt ændrer sig, til at værdierne før og efter ikke hænger sammen."
            }
            (Baseline::Share(_), Language::English) => {
                "The span goes from as few changing as can to before and after not hanging together."
            }
            (Baseline::Mean { .. }, Language::Danish) => {
                "Spændet går fra en sammenhæng mellem værdierne før og efter på 0,8 til ingen."
            }
            (Baseline::Mean { .. }, Language::English) => {
                "The span goes from a correlation of 0.8 between the values before and after to none."
            }
        }
        .to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::goal::{Basis, Direction, Goal};
    use crate::interval::Confidence;
    use crate::planning::{Power, Study, plan};

    fn absence(assumed: Option<i64>) -> Plan {
        let study = Study {
            goal: Goal {
                direction: Direction::Down,
                basis: Basis::RelativeChange,
                threshold: Millionths(500_000),
            },
            baseline: Baseline::Share(Millionths(302_326)),
            people: People::Same,
            assumed: assumed.map(Millionths),
            n: 43,
            confidence: Confidence::P95,
            target: Power::P80,
        };
        plan(&study).unwrap()
    }

    #[test]
    fn an_evaluator_is_told_in_plain_words() {
        let plan = absence(Some(116_279));
        assert_eq!(
            plan_sentence(&plan, Language::Danish),
            "Med 43 deltagere vil 54 til 83 ud af 100 undersøgelser påvise en ændring fra 30,2 % til 11,6 %, hvis den er \
             der. Der skal 40 til 77 deltagere til, før 80 ud af 100 gør det. At målet er nået, fastslås med 257 til 558 \
             deltagere, hvis de måler netop den ændring. Spændet går fra, at så få som muligt ændrer sig, til at værdierne \
             før og efter ikke hænger sammen."
        );
        assert_eq!(
            plan_sentence(&plan, Language::English),
            "With 43 participants, 54 to 83 of 100 studies would show a change from 30.2% to 11.6%, if it is there. It takes \
             40 to 77 participants for 80 of 100 to do so. That the goal is reached is established with 257 to 558 \
             participants, if they measure just that change. The span goes from as few changing as can to before and after \
             not hanging together."
        );
        let goal_itself = plan_sentence(&absence(None), Language::Danish);
        let never = "At målet er nået, kan intet antal deltagere fastslå, hvis værdien efter ikke er bedre end målet selv.";
        assert!(goal_itself.contains(never), "{goal_itself}");
        let unchanged = plan_sentence(&absence(Some(302_326)), Language::English);
        assert!(
            unchanged.starts_with("With 43 participants there is no change to show from 30.2% to 30.2%.")
        );
    }
}
