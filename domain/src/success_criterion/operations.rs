//! Writing criteria while the evaluation is a draft, and amending them afterwards.

use entity::success_criterion;
use sea_orm::{EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Criterion, CriterionRow, CriterionVersion, by_number, held_with, load_into};
use crate::Edit;
use crate::access_log::{Name, named};
use crate::columns::{
    AccessedKind, Action, Caution, CriterionBasis, CriterionDirection, CriterionUnit, Decimal, Pairing,
    TextList, Uuid,
};
use crate::criterion_result;
use crate::error::{Error, Faults, Problem, Result};
use crate::instrument::{self, Instrument};
use crate::measurement::standing;
use crate::operation::{Operation, Scope};
use crate::text::{self, LINE, PROSE};
use crate::virkningsevaluering::{
    Evaluation, Named, criteria_are_free, criteria_written, makes_a_part, on_evaluation,
};

/// More than a thousand per cent up is a slip of the pen: thirty for thirty per cent.
const LARGEST_INCREASE: i64 = 10;

/// What a criterion says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    pub dimension: String,
    pub indicator: String,
    pub direction: CriterionDirection,
    pub basis: CriterionBasis,
    pub threshold: Decimal,
    pub unit: CriterionUnit,
    pub pairing: Pairing,
    /// The categories of a distribution that count as success.
    pub success_categories: Vec<String>,
    /// The code of the instrument that scores are measured with.
    pub instrument: Option<String>,
    pub cautions: Vec<Caution>,
}

/// What is to be changed of it.
#[derive(Clone, Debug, Default)]
pub struct Edits {
    pub dimension: Option<String>,
    pub indicator: Option<String>,
    pub direction: Option<CriterionDirection>,
    pub basis: Option<CriterionBasis>,
    pub threshold: Option<Decimal>,
    pub unit: Option<CriterionUnit>,
    pub pairing: Option<Pairing>,
    pub success_categories: Option<Vec<String>>,
    pub instrument: Edit<String>,
    pub cautions: Option<Vec<Caution>>,
}

/// Adds a criterion to a draft.
#[derive(Clone, Debug)]
pub struct Add {
    pub evaluation_id: Option<Uuid>,
    pub content: Content,
}

/// Changes a criterion of a draft.
#[derive(Clone, Debug)]
pub struct Update {
    pub id: Option<Uuid>,
    pub edits: Edits,
}

/// Changes a registered criterion, for a reason. What was registered stays beside it.
#[derive(Clone, Debug)]
pub struct Amend {
    pub id: Option<Uuid>,
    pub edits: Edits,
    pub reason: String,
}

/// Takes a criterion out of a draft.
#[derive(Clone, Debug)]
pub struct Remove {
    pub id: Option<Uuid>,
}

/// Makes the criterion of this number, or makes it what the file says while the evaluation is a draft.
#[derive(Clone, Debug)]
pub struct Put {
    pub evaluation_id: Uuid,
    pub number: i32,
    pub content: Content,
}

impl Operation for Add {
    const ACTION: Action = Action::Add;
    on_evaluation!();

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Evaluation>) -> Result<Evaluation> {
        let evaluation = free(subject, Self::NAMED_BY)?;
        let last = success_criterion::Entity::find()
            .filter(success_criterion::COLUMN.virkningsevaluering_id.eq(evaluation.row.id))
            .order_by_desc(success_criterion::COLUMN.number)
            .limit(1)
            .one(scope.db)
            .await?;
        added(scope, evaluation, last.map_or(1, |row| row.number + 1), &self.content).await
    }

    makes_a_part!(Criterion);
}

impl Operation for Put {
    const ACTION: Action = Action::Import;
    const NAMED_BY: &'static str = "number";
    type Subject = Evaluation;

    makes_a_part!(Criterion);

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<Evaluation>> {
        let named = Named::Evaluation(Some(self.evaluation_id));
        let mut evaluation = Evaluation::held(scope, named, "evaluation").await?;
        if let Some(known) = by_number(scope.db, self.evaluation_id, self.number).await? {
            load_into(scope.db, &mut evaluation, known.id).await?;
            evaluation.about = known.id;
        }
        Ok(Some(evaluation))
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Evaluation>) -> Result<Evaluation> {
        let present = subject.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
        if present.about == present.row.id {
            let range = Problem::OutOfRange { from: 1, to: i64::from(i32::MAX) };
            if self.number < 1 {
                return Err(Error::refused(Self::NAMED_BY, range));
            }
            return added(scope, free(subject, Self::NAMED_BY)?, self.number, &self.content).await;
        }
        let changed =
            rewritten(scope, present.clone(), Self::NAMED_BY, |_now| self.content.clone(), None).await?;
        if changed.parts.criteria != present.parts.criteria {
            free(subject, Self::NAMED_BY)?;
        }
        Ok(changed)
    }
}

macro_rules! on_a_criterion {
    ($operation:ident, $action:ident, |$self:ident, $scope:ident, $subject:ident| $decide:expr) => {
        impl Operation for $operation {
            const ACTION: Action = Action::$action;
            type Subject = Evaluation;

            fn names(&self) -> Vec<Name> {
                vec![named(Self::NAMED_BY, AccessedKind::SuccessCriterion, self.id)]
            }

            async fn find(&self, scope: &Scope<'_>) -> Result<Option<Evaluation>> {
                let evaluation = held_with(scope, self.id, Self::NAMED_BY).await?;
                if evaluation.parts.criteria.is_empty() {
                    return Err(Error::refused(Self::NAMED_BY, Problem::NotFound));
                }
                Ok(Some(evaluation))
            }

            async fn decide(&$self, $scope: &Scope<'_>, $subject: Option<&Evaluation>) -> Result<Evaluation> {
                $decide
            }
        }
    };
}

on_a_criterion!(Update, Update, |self, scope, subject| {
    rewritten(scope, free(subject, "id")?, "id", |now| self.edits.clone().over(now), None).await
});

on_a_criterion!(Remove, Remove, |self, _scope, subject| {
    let mut evaluation = free(subject, "id")?;
    for criterion in &mut evaluation.parts.criteria {
        criterion.version = None;
    }
    Ok(evaluation)
});

on_a_criterion!(Amend, Amend, |self, scope, subject| {
    let present = subject.ok_or_else(|| Error::refused("id", Problem::NotFound))?;
    if criteria_are_free(present.state.status) {
        return Err(Error::refused("id", Problem::NotRegistered));
    }
    let reason = text::required(&self.reason, PROSE).map_err(|problem| Error::refused("reason", problem))?;
    let becomes = |now: &CriterionVersion| self.edits.clone().over(now);
    let amended = rewritten(scope, present.clone(), "id", becomes, Some(reason)).await?;
    // What changes nothing opens nothing.
    if amended.parts.criteria == present.parts.criteria { Ok(amended) } else { amended.opened(scope, "id") }
});

/// The evaluation, if its criteria may still be written.
fn free(subject: Option<&Evaluation>, field: &str) -> Result<Evaluation> {
    let evaluation = subject.ok_or_else(|| Error::refused(field, Problem::NotFound))?;
    criteria_written(evaluation.state.status).map_err(|problem| Error::refused(field, problem))?;
    Ok(evaluation.clone())
}

async fn added(
    scope: &Scope<'_>,
    mut evaluation: Evaluation,
    number: i32,
    content: &Content,
) -> Result<Evaluation> {
    let row = CriterionRow { id: scope.new_id(), virkningsevaluering_id: evaluation.row.id, number };
    let version = checked(scope, content, &row, None).await?;
    evaluation.about = row.id;
    evaluation.parts.criteria.push(Criterion { row, version: Some(version) });
    criterion_result::compute(scope, &mut evaluation)?;
    Ok(evaluation)
}

/// The evaluation with what its one criterion becomes, and the results that follow.
async fn rewritten(
    scope: &Scope<'_>,
    mut evaluation: Evaluation,
    field: &str,
    becomes: impl FnOnce(&CriterionVersion) -> Content,
    amendment: Option<String>,
) -> Result<Evaluation> {
    let not_found = || Error::refused(field, Problem::NotFound);
    let criterion = evaluation.parts.criteria.first().ok_or_else(not_found)?;
    let now = criterion.version.as_ref().ok_or_else(not_found)?;
    let next = checked(scope, &becomes(now), &criterion.row, amendment).await?;
    if super::same(now, &next) {
        return Ok(evaluation);
    }
    if now.unit != next.unit && standing(&evaluation).any(|row| row.kind.is_some()) {
        return Err(Error::refused("unit", Problem::UnitMeasured));
    }
    if let Some(criterion) = evaluation.parts.criteria.first_mut() {
        criterion.version = Some(next);
    }
    criterion_result::compute(scope, &mut evaluation)?;
    Ok(evaluation)
}

impl Edits {
    fn over(self, now: &CriterionVersion) -> Content {
        Content {
            dimension: self.dimension.unwrap_or_else(|| now.dimension.clone()),
            indicator: self.indicator.unwrap_or_else(|| now.indicator.clone()),
            direction: self.direction.unwrap_or(now.direction),
            basis: self.basis.unwrap_or(now.basis),
            threshold: self.threshold.unwrap_or(now.threshold),
            unit: self.unit.unwrap_or(now.unit),
            pairing: self.pairing.unwrap_or(now.pairing),
            success_categories: self.success_categories.unwrap_or_else(|| now.success_categories.0.clone()),
            instrument: self.instrument.over(now.instrument.clone()),
            cautions: self.cautions.unwrap_or_else(|| cautions(now)),
        }
    }
}

/// The content as it is stored, by the rules that every criterion meets.
async fn checked(
    scope: &Scope<'_>,
    content: &Content,
    row: &CriterionRow,
    amendment: Option<String>,
) -> Result<CriterionVersion> {
    let mut faults = Faults::default();
    let dimension = faults.take("dimension", text::required(&content.dimension, LINE));
    let indicator = faults.take("indicator", text::required(&content.indicator, LINE));
    if let Some(problem) = threshold_problem(content) {
        faults.add("threshold", problem);
    }
    let mut categories: Vec<String> = Vec::new();
    for (at, category) in content.success_categories.iter().enumerate() {
        let place = format!("successCategories.{at}");
        let category = faults.take(&place, text::required(category, LINE));
        faults.unless(category.is_empty() || !categories.contains(&category), &place, Problem::Repeated);
        categories.push(category);
    }
    faults.unless(
        categories.is_empty() || content.unit == CriterionUnit::Share,
        "successCategories",
        Problem::NotOfUnit { unit: content.unit },
    );
    if let Some(code) = &content.instrument {
        match instrument::by_code(scope.db, code).await? {
            Some(found) => check_instrument(content, &found, &mut faults),
            None => faults.add("instrument", Problem::NotFound),
        }
    }
    let mut cautions: Vec<_> = content.cautions.iter().map(ToString::to_string).collect();
    cautions.sort_unstable();
    cautions.dedup();
    faults.finish()?;
    Ok(CriterionVersion {
        success_criterion_id: row.id,
        since_version: 0,
        until_version: None,
        virkningsevaluering_id: row.virkningsevaluering_id,
        dimension,
        indicator,
        direction: content.direction,
        basis: content.basis,
        threshold: content.threshold,
        unit: content.unit,
        pairing: content.pairing,
        success_categories: TextList(categories),
        instrument: content.instrument.clone(),
        cautions: TextList(cautions),
        amendment,
    })
}

/// Scores are means, better the way their instrument says, and no change is larger than its range.
fn check_instrument(content: &Content, instrument: &Instrument, faults: &mut Faults) {
    faults.unless(
        content.unit == CriterionUnit::Mean,
        "instrument",
        Problem::NotOfUnit { unit: content.unit },
    );
    let direction = instrument.direction;
    faults.unless(content.direction == direction, "direction", Problem::DirectionOfInstrument { direction });
    let (least, most) = match content.basis {
        CriterionBasis::RelativeChange => return,
        CriterionBasis::Level => (instrument.minimum.millionths(), instrument.maximum.millionths()),
        CriterionBasis::AbsoluteChange | CriterionBasis::Maintain => {
            (0, instrument.maximum.millionths() - instrument.minimum.millionths())
        }
    };
    let fits = (least..=most).contains(&content.threshold.millionths());
    let decimal = |millionths| Decimal::from_millionths(millionths).unwrap_or(Decimal::from(0));
    faults.unless(fits, "threshold", Problem::OutsideInstrument { from: decimal(least), to: decimal(most) });
}

/// What the criterion is marked with.
pub fn cautions(says: &CriterionVersion) -> Vec<Caution> {
    says.cautions.0.iter().filter_map(|code| code.parse().ok()).collect()
}

/// What is wrong with a threshold: shares and relative changes are fractions, and a change of nothing is none.
fn threshold_problem(content: &Content) -> Option<Problem> {
    let (basis, threshold) = (content.basis, content.threshold);
    let zero_will_do = matches!(basis, CriterionBasis::Level | CriterionBasis::Maintain);
    if threshold.is_negative() || (threshold.millionths() == 0 && !zero_will_do) {
        return Some(Problem::NotPositive);
    }
    let relative = basis == CriterionBasis::RelativeChange;
    let most = match (relative, content.direction, content.unit) {
        (true, CriterionDirection::Down, _) | (false, _, CriterionUnit::Share) => 1,
        (true, CriterionDirection::Up, _) => LARGEST_INCREASE,
        (false, _, CriterionUnit::Mean | CriterionUnit::Count) => return None,
    };
    (threshold.millionths() > most * 1_000_000).then_some(Problem::NotAFraction { most })
}
