//! The participants beside comparison groups: how much more they changed where both were measured twice, else how far apart
//! they are.

pub use entity::criterion_comparison::Model as ComparisonRow;

use std::collections::{HashMap, HashSet};

use entity::criterion_comparison;
use evidence::comparison::{ComparisonMethod, Design, Waves, compare_means, compare_rates, compare_shares};
use evidence::interval::{Confidence, Interval};
use evidence::rate::Count;
use evidence::sentence::{Comparable, Compared as Units, ComparisonStatement, comparison_sentence, withheld};
use evidence::verdict::{Change, Wave as Known};
use sea_orm::{EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::assessed::ends;
use super::evidence_of::{count, counted, decimal, known, millionths, p_value, stated_mean};
use super::inputs::METHOD_VERSION;
use crate::canonical_json::canonical;
use crate::columns::{
    Absence, Comparability, CriterionDirection, CriterionUnit, Decimal, EvaluationPart, GroupKind, Uuid, Wave,
};
use crate::context::Context;
use crate::disclosure;
use crate::error::{Language, Result};
use crate::event::{Fields, text, text_or_none};
use crate::measurement::{Measured, MeasurementRow, decisive, standing, value};
use crate::operation::{Scope, Store};
use crate::page::grouped_by;
use crate::success_criterion::{CriterionVersion, Place};
use crate::virkningsevaluering::Evaluation;
use crate::virkningsevaluering::part::{PartRow, stands};

impl PartRow for ComparisonRow {
    const KIND: EvaluationPart = EvaluationPart::Comparison;

    fn id(&self) -> Uuid {
        self.id
    }

    fn fields(&self) -> Fields {
        vec![
            ("criterionId", text(self.success_criterion_id)),
            ("groupName", text(&self.group_name)),
            ("comparability", text(self.comparability)),
            ("groupBeforeId", text_or_none(self.group_before_id)),
            ("groupAfterId", text_or_none(self.group_after_id)),
            ("design", text(&self.design)),
            ("estimate", text(self.estimate)),
            ("intervalLow", text_or_none(self.interval_low)),
            ("intervalHigh", text_or_none(self.interval_high)),
            ("p", text_or_none(self.p)),
            ("method", text_or_none(self.method.as_ref())),
            ("change", text_or_none(self.change.as_ref())),
            ("methodVersion", self.method_version.into()),
            ("inputHash", text(data_encoding::HEXLOWER.encode(&self.input_hash))),
            ("computedAt", text(self.computed_at)),
            ("removed", self.until_version.is_some().then_some(true).into()),
        ]
    }

    async fn store(&self, store: &mut Store<'_>, before: Option<&Self>, version: i64) -> Result<()> {
        if self.until_version.is_some() {
            return store.overwrite::<criterion_comparison::Entity>(self.clone()).await;
        }
        if let Some(ended) = before {
            let ended = Self { until_version: Some(version), ..ended.clone() };
            store.overwrite::<criterion_comparison::Entity>(ended).await?;
        }
        store.insert::<criterion_comparison::Entity>(Self { since_version: version, ..self.clone() }).await
    }
}

/// Computes the comparisons of the one criterion that an operation has loaded. One whose inputs are as they were stays as it
/// is; one that can no longer be made ends.
pub(super) fn compute(scope: &Scope<'_>, evaluation: &mut Evaluation) -> Result<()> {
    let Some(says) = evaluation.parts.criteria.first().and_then(|criterion| criterion.version.clone()) else {
        return Ok(());
    };
    let mut found = Vec::new();
    for (name, comparability) in groups(evaluation) {
        let present = evaluation
            .parts
            .comparisons
            .iter()
            .find(|row| row.until_version.is_none() && row.group_name == name);
        let inputs = Inputs::of(evaluation, &says, &name, comparability);
        let input_hash = inputs.hash()?;
        if present.is_some_and(|present| present.input_hash == input_hash) {
            found.extend(present.cloned());
        } else if let Some(compared) = inputs.compared() {
            let id = present.map_or_else(|| scope.new_id(), |present| present.id);
            found.push(inputs.row(&compared, id, name, input_hash, scope));
        }
    }
    let ended = Some(evaluation.next_version());
    for row in &mut evaluation.parts.comparisons {
        match found.iter().position(|new| new.id == row.id) {
            Some(at) => *row = found.swap_remove(at),
            None => row.until_version = ended,
        }
    }
    evaluation.parts.comparisons.append(&mut found);
    Ok(())
}

fn groups(evaluation: &Evaluation) -> Vec<(String, Comparability)> {
    let mut groups = Vec::new();
    for row in standing(evaluation).filter(|row| row.group_kind == GroupKind::Comparison) {
        if let Some(group) = row.group_name.clone().zip(row.comparability)
            && !groups.contains(&group)
        {
            groups.push(group);
        }
    }
    groups
}

struct Inputs<'a> {
    says: &'a CriterionVersion,
    comparability: Comparability,
    participants: [Option<&'a MeasurementRow>; 2],
    group: [Option<&'a MeasurementRow>; 2],
}

/// What came of comparing.
struct Compared {
    design: Design,
    estimate: Decimal,
    interval: Option<Interval>,
    p: Option<f64>,
    method: Option<ComparisonMethod>,
    change: Option<Change>,
}

impl<'a> Inputs<'a> {
    fn of(
        evaluation: &'a Evaluation,
        says: &'a CriterionVersion,
        name: &str,
        comparability: Comparability,
    ) -> Self {
        let waves = |group: (GroupKind, Option<&str>)| {
            [Wave::Before, Wave::After].map(|wave| {
                let measured = decisive(standing(evaluation), wave, group);
                measured.filter(|row| row.absence.is_none())
            })
        };
        Self {
            says,
            comparability,
            participants: waves((GroupKind::Participants, None)),
            group: waves((GroupKind::Comparison, Some(name))),
        }
    }

    /// SHA-256 of the inputs in canonical JSON, with the version of the rules.
    fn hash(&self) -> Result<Vec<u8>> {
        let ids = |rows: [Option<&MeasurementRow>; 2]| rows.map(|row| row.map(|row| row.id.to_string()));
        let inputs = json!({
            "comparability": self.comparability.as_str(),
            "confidence": Confidence::P95.level().to_string(),
            "criterion": {
                "direction": self.says.direction.as_str(),
                "successCategories": self.says.success_categories.0,
                "unit": self.says.unit.as_str(),
            },
            "group": ids(self.group),
            "methodVersion": METHOD_VERSION,
            "participants": ids(self.participants),
        });
        Ok(Sha256::digest(canonical(&inputs)?).to_vec())
    }

    fn compared(&self) -> Option<Compared> {
        match (self.participants, self.group) {
            ([Some(_), Some(_)], [Some(_), Some(_)]) => self.differences(),
            ([_, Some(participants)], [_, Some(group)]) | ([Some(participants), _], [Some(group), _]) => {
                self.gap(participants, group)
            }
            _ => None,
        }
    }

    fn differences(&self) -> Option<Compared> {
        fn waves<T>(
            rows: [Option<&MeasurementRow>; 2],
            of: impl Fn(&MeasurementRow) -> Option<T>,
        ) -> Option<Waves<T>> {
            let [before, after] = rows.map(|row| match known(row, &of) {
                Known::Given(value) => Some(value),
                Known::Missing | Known::NotApplicable => None,
            });
            Some(Waves { before: before?, after: after? })
        }
        let (estimate, interval, p, method, nothing) = match self.says.unit {
            CriterionUnit::Share => {
                let of = |rows| waves(rows, |row| counted(row, self.says));
                let found = compare_shares(of(self.participants)?, of(self.group)?, Confidence::P95)?;
                (found.estimate, found.interval, found.p_value, ComparisonMethod::Mover, 0.0)
            }
            CriterionUnit::Mean => {
                let of = |rows| waves(rows, |row| stated_mean(row)?.with_spread());
                let found = compare_means(of(self.participants)?, of(self.group)?, Confidence::P95)?;
                let test = found.test?;
                (found.estimate, test.interval, Some(test.p_value), ComparisonMethod::Satterthwaite, 0.0)
            }
            CriterionUnit::Count => {
                // A count is not to be compared with a count per unit of exposure.
                let mut rows = self.participants.iter().chain(&self.group).flatten();
                let exposed = self.participants[0]?.exposure.is_some();
                if rows.any(|row| row.exposure.is_some() != exposed) {
                    return None;
                }
                let of = |rows| waves(rows, |row| count(row).map(Count::rate));
                let found = compare_rates(of(self.participants)?, of(self.group)?, Confidence::P95)?;
                (found.estimate, found.interval, found.p_value, ComparisonMethod::LogRateRatio, 1.0)
            }
        };
        let (rose, fell) = (interval.low > nothing, interval.high.is_some_and(|high| high < nothing));
        let change = match (self.says.direction, rose, fell) {
            (CriterionDirection::Up, true, _) | (CriterionDirection::Down, _, true) => Change::Improved,
            (CriterionDirection::Down, true, _) | (CriterionDirection::Up, _, true) => Change::Worsened,
            _ => Change::NoClearChange,
        };
        Some(Compared {
            design: Design::DifferenceInDifferences,
            estimate: decimal(estimate)?,
            interval: Some(interval),
            p,
            method: Some(method),
            change: Some(change),
        })
    }

    /// Participants less group, in one wave.
    fn gap(&self, participants: &MeasurementRow, group: &MeasurementRow) -> Option<Compared> {
        let value = |row: &MeasurementRow| {
            let share = crate::measurement::share(row, self.says);
            value(row, share).map(Decimal::millionths)
        };
        let gap = value(participants)?.checked_sub(value(group)?)?;
        Some(Compared {
            design: Design::DescriptiveGap,
            estimate: Decimal::from_millionths(gap)?,
            interval: None,
            p: None,
            method: None,
            change: None,
        })
    }

    fn row(
        &self,
        compared: &Compared,
        id: Uuid,
        group_name: String,
        input_hash: Vec<u8>,
        scope: &Scope<'_>,
    ) -> ComparisonRow {
        let (interval_low, interval_high) = ends(compared.interval);
        ComparisonRow {
            id,
            since_version: 0,
            until_version: None,
            virkningsevaluering_id: self.says.virkningsevaluering_id,
            success_criterion_id: self.says.success_criterion_id,
            group_name,
            comparability: self.comparability,
            group_before_id: self.group[0].map(|row| row.id),
            group_after_id: self.group[1].map(|row| row.id),
            design: compared.design.as_str().to_owned(),
            estimate: compared.estimate,
            interval_low,
            interval_high,
            p: compared.p.and_then(p_value),
            method: compared.method.map(|method| method.as_str().to_owned()),
            change: compared.change.map(|change| change.as_str().to_owned()),
            method_version: METHOD_VERSION,
            input_hash,
            computed_at: scope.now(),
        }
    }
}

/// A comparison in one version of its evaluation.
#[derive(Clone, Debug)]
pub struct Seen {
    pub row: ComparisonRow,
    unit: CriterionUnit,
    /// Whether its numbers are hidden from the reader, and what they say with them.
    suppressed: bool,
}

impl Seen {
    fn withheld(row: &ComparisonRow, unit: CriterionUnit) -> Self {
        let row = ComparisonRow {
            estimate: Decimal::from(0),
            interval_low: None,
            interval_high: None,
            p: None,
            method: None,
            change: None,
            ..row.clone()
        };
        Self { row, unit, suppressed: true }
    }

    /// None where it is hidden.
    pub fn estimate(&self) -> Option<Decimal> {
        (!self.suppressed).then_some(self.row.estimate)
    }

    /// Why it has no numbers.
    pub fn absence(&self) -> Option<Absence> {
        self.suppressed.then_some(Absence::SUPPRESSED)
    }

    /// The comparison in words. Of effect it speaks only where the group was drawn by lot or matched, and measured twice.
    pub fn sentence(&self, language: Language) -> String {
        if self.suppressed {
            return withheld(language.into()).to_owned();
        }
        let row = &self.row;
        let interval = row.interval_low.map(|low| (millionths(low), row.interval_high.map(millionths)));
        let statement = ComparisonStatement {
            compared: match self.unit {
                CriterionUnit::Share => Units::Shares,
                CriterionUnit::Mean => Units::Means,
                CriterionUnit::Count => Units::Rates,
            },
            comparable: match row.comparability {
                Comparability::Randomised => Comparable::Randomised,
                Comparability::Matched => Comparable::Matched,
                Comparability::GeneralPopulation => Comparable::GeneralPopulation,
            },
            design: row.design.parse().unwrap_or(Design::DescriptiveGap),
            estimate: millionths(row.estimate),
            interval,
            change: row.change.as_ref().and_then(|code| code.parse().ok()),
        };
        comparison_sentence(&statement, language.into())
    }
}

/// The comparisons of each criterion that stand in its version, by group.
pub async fn of_criteria(context: &Context, places: &[Place]) -> Result<HashMap<Place, Vec<Seen>>> {
    let snapshot = context.at_any_time().await?;
    let ids = || places.iter().map(|place| place.criterion_id);
    let rows = criterion_comparison::Entity::find()
        .filter(criterion_comparison::COLUMN.success_criterion_id.is_in(ids()))
        .order_by_asc(criterion_comparison::COLUMN.id)
        .all(&snapshot.db)
        .await?;
    let measured = Measured::of(context, ids()).await?;
    let rule = disclosure::rule(context);
    let rows = grouped_by(rows, |row| row.success_criterion_id);
    let of_place = |place: &Place| {
        let id = place.criterion_id;
        let Some(unit) = measured.says(id, place.version).map(|says| says.unit) else { return Vec::new() };
        let hidden = if place.participants { HashSet::new() } else { measured.hidden(rule, id) };
        let seen = |row: &ComparisonRow| {
            let standing = || {
                let all = measured.rows(id).iter();
                all.filter(|row| stands(row.since_version, row.until_version, place.version))
            };
            let participants = [Wave::Before, Wave::After]
                .map(|wave| decisive(standing(), wave, (GroupKind::Participants, None)).map(|row| row.id));
            let mut rests_on = participants.into_iter().chain([row.group_before_id, row.group_after_id]);
            if rests_on.any(|id| id.is_some_and(|id| hidden.contains(&id))) {
                return Seen::withheld(row, unit);
            }
            Seen { row: row.clone(), unit, suppressed: false }
        };
        let rows = rows.get(&id).into_iter().flatten();
        rows.filter(|row| stands(row.since_version, row.until_version, place.version)).map(seen).collect()
    };
    Ok(places.iter().map(|place| (*place, of_place(place))).collect())
}
