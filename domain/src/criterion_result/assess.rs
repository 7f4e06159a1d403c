//! From rows to evidence and back.

use evidence::goal::{Basis, Direction, Goal, Millionths};
use evidence::interval::Confidence;
use evidence::paired::PairedTable as Cells;
use evidence::sentence::Observed;
use evidence::share::Share;
use evidence::verdict::{
    Assessment, Pairing as Paired, Reason, Verdict, Wave as Known, assess_shares, assess_values,
};
use evidence::warning::Warning;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::ResultRow;
use crate::columns::{
    AbsenceKind, CriterionBasis, CriterionDirection, CriterionUnit, Decimal, GroupKind, MeasurementKind,
    Pairing, TextList, Timestamp, Uuid, Wave,
};
use crate::error::Result;
use crate::event::{FieldValue, canonical};
use crate::measurement::{MeasurementRow, decisive, share, standing, value};
use crate::operation::Scope;
use crate::paired_table::PairedTable;
use crate::success_criterion::CriterionVersion;
use crate::virkningsevaluering::Evaluation;
use crate::virkningsevaluering::part::PartRow;

/// Raised whenever the rules by which results are computed change.
pub const METHOD_VERSION: i32 = 1;

/// Computes the results of the one criterion that an operation has loaded: for all participants, and for each subgroup that
/// was measured. A result whose inputs are as they were stays as it is; that of a subgroup which is measured no longer ends.
pub(crate) fn compute(scope: &Scope<'_>, evaluation: &mut Evaluation) -> Result<()> {
    let Some(says) = evaluation.parts.criteria.first().and_then(|criterion| criterion.version.clone()) else {
        return Ok(());
    };
    let groups = groups(evaluation);
    let ended = Some(evaluation.next_version());
    for row in &mut evaluation.parts.results {
        if !groups.contains(&(row.group_kind, row.group_name.clone())) {
            row.until_version = ended;
        }
    }
    for (kind, name) in groups {
        let known =
            evaluation.parts.results.iter().position(|row| row.group_kind == kind && row.group_name == name);
        let present = known.and_then(|at| evaluation.parts.results.get(at));
        let inputs = Inputs::of(evaluation, &says, (kind, name.as_deref()));
        let input_hash = inputs.hash()?;
        if present.is_some_and(|present| present.input_hash == input_hash) {
            continue;
        }
        let id = present.map_or_else(|| scope.new_id(), |present| present.id);
        let row = inputs.result(id, kind, name, input_hash, scope.now());
        match known.and_then(|at| evaluation.parts.results.get_mut(at)) {
            Some(known) => *known = row,
            None => evaluation.parts.results.push(row),
        }
    }
    Ok(())
}

/// The same for every criterion that was loaded.
pub(crate) fn compute_all(scope: &Scope<'_>, evaluation: &mut Evaluation) -> Result<()> {
    let criteria: Vec<_> = evaluation.parts.criteria.iter().map(|criterion| criterion.row.id).collect();
    for id in criteria {
        let parts = evaluation.parts.split_off(id);
        let mut with_one = Evaluation { parts, ..evaluation.clone() };
        compute(scope, &mut with_one)?;
        evaluation.parts.append(with_one.parts);
    }
    Ok(())
}

fn groups(evaluation: &Evaluation) -> Vec<(GroupKind, Option<String>)> {
    let mut groups = vec![(GroupKind::Participants, None)];
    for row in standing(evaluation).filter(|row| row.group_kind == GroupKind::Subgroup) {
        let group = (row.group_kind, row.group_name.clone());
        if !groups.contains(&group) {
            groups.push(group);
        }
    }
    groups
}

/// All that a result depends on.
struct Inputs<'a> {
    says: &'a CriterionVersion,
    before: Option<&'a MeasurementRow>,
    after: Option<&'a MeasurementRow>,
    table: Option<&'a PairedTable>,
    registered_at: Option<Timestamp>,
}

impl<'a> Inputs<'a> {
    fn of(evaluation: &'a Evaluation, says: &'a CriterionVersion, group: (GroupKind, Option<&str>)) -> Self {
        let before = decisive(standing(evaluation), Wave::Before, group);
        let after = decisive(standing(evaluation), Wave::After, group);
        let table = evaluation.parts.paired_tables.iter().find(|table| {
            table.until_version.is_none()
                && before.is_some_and(|row| row.id == table.before_id)
                && after.is_some_and(|row| row.id == table.after_id)
        });
        Self { says, before, after, table, registered_at: evaluation.row.registered_at }
    }

    /// SHA-256 of the inputs in canonical JSON (RFC 8785), with the version of the rules.
    fn hash(&self) -> Result<Vec<u8>> {
        fn shown<R: PartRow>(row: Option<&R>) -> Value {
            let shown = |(name, value)| match value {
                FieldValue::Shown(value) => (String::from(name), value),
                FieldValue::Secret(_) => (String::from(name), Value::Null),
            };
            row.map_or(Value::Null, |row| {
                let mut fields: Map<_, _> = row.fields().into_iter().map(shown).collect();
                fields.insert("id".to_owned(), row.id().to_string().into());
                Value::Object(fields)
            })
        }
        let says = self.says;
        let inputs = json!({
            "after": shown(self.after),
            "before": shown(self.before),
            "confidence": Confidence::P95.level().to_string(),
            "criterion": {
                "basis": says.basis.as_str(),
                "direction": says.direction.as_str(),
                "pairing": says.pairing.as_str(),
                "successCategories": says.success_categories.0,
                "threshold": says.threshold.to_string(),
                "unit": says.unit.as_str(),
            },
            "methodVersion": METHOD_VERSION,
            "pairedTable": shown(self.table),
            "postHoc": self.is_post_hoc(),
        });
        Ok(Sha256::digest(canonical(&inputs)?).to_vec())
    }

    fn assessment(&self) -> Assessment {
        let goal = goal(self.says);
        match self.says.unit {
            CriterionUnit::Share => {
                let (before, after) = (self.share(self.before), self.share(self.after));
                assess_shares(&goal, before, after, &self.pairing(), Confidence::P95)
            }
            CriterionUnit::Mean | CriterionUnit::Count => {
                let known =
                    |row| known(row, |row| value(row, None).map(|value| Millionths(value.millionths())));
                let mut assessment = assess_values(&goal, known(self.before), known(self.after));
                if self.mixes_counts_and_rates() {
                    assessment = assess_values(&goal, Known::Missing, Known::Missing);
                    assessment.verdict = Verdict::NotAssessable(Reason::InconsistentInput);
                }
                assessment
            }
        }
    }

    fn share(&self, row: Option<&MeasurementRow>) -> Known<Share> {
        known(row, |row| counted(row, self.says))
    }

    /// A count is not to be compared with a count per unit of exposure.
    fn mixes_counts_and_rates(&self) -> bool {
        let exposed = |row: Option<&MeasurementRow>| {
            let row = row.filter(|row| row.kind == Some(MeasurementKind::Count))?;
            Some(row.exposure.is_some())
        };
        exposed(self.before).zip(exposed(self.after)).is_some_and(|(before, after)| before != after)
    }

    fn pairing(&self) -> Paired {
        let cells = |table: &PairedTable| {
            let cell = |count: i32| u32::try_from(count).ok();
            Some(Cells {
                n11: cell(table.n11)?,
                n10: cell(table.n10)?,
                n01: cell(table.n01)?,
                n00: cell(table.n00)?,
            })
        };
        match (self.says.pairing, self.table.and_then(cells)) {
            (Pairing::Independent, _) => Paired::Independent,
            (Pairing::SamePersons | Pairing::Paired, Some(cells)) => Paired::Paired(cells),
            (Pairing::SamePersons | Pairing::Paired, None) => Paired::SamePersonsUnknownTable,
        }
    }

    /// Whether the criterion was registered after the period of the measurement after had begun. What was not measured tells
    /// nothing that a criterion could have been chosen by.
    fn is_post_hoc(&self) -> bool {
        let measured = self.after.filter(|after| after.absence.is_none());
        let began =
            measured.and_then(|after| Timestamp::try_from(after.period_start.midnight().assume_utc()).ok());
        began.zip(self.registered_at).is_some_and(|(began, registered)| began < registered)
    }

    fn result(
        &self,
        id: Uuid,
        group_kind: GroupKind,
        group_name: Option<String>,
        input_hash: Vec<u8>,
        computed_at: Timestamp,
    ) -> ResultRow {
        let assessment = self.assessment();
        let mut warnings = assessment.warnings;
        if self.is_post_hoc() {
            warnings.insert(0, Warning::PostHoc);
        }
        let settled = warnings.iter().find_map(|warning| match warning {
            Warning::PairingUnknown { settled_by } => *settled_by,
            Warning::PostHoc | Warning::SmallN => None,
        });
        let bound = |bound: u32| i32::try_from(bound).ok();
        ResultRow {
            id,
            since_version: 0,
            until_version: None,
            virkningsevaluering_id: self.says.virkningsevaluering_id,
            success_criterion_id: self.says.success_criterion_id,
            group_kind,
            group_name,
            before_id: self.before.map(|row| row.id),
            after_id: self.after.map(|row| row.id),
            paired_table_id: self.table.map(|table| table.id),
            attainment: assessment.attainment.as_str().to_owned(),
            verdict: assessment.verdict.code().to_owned(),
            not_assessable: assessment.verdict.reason().map(|reason| reason.as_str().to_owned()),
            change: assessment.change.map(|change| change.as_str().to_owned()),
            relative_change: assessment.relative_change.and_then(decimal),
            difference: assessment.difference.and_then(decimal),
            interval_low: assessment.interval.and_then(|interval| decimal(interval.low)),
            interval_high: assessment.interval.and_then(|interval| interval.high).and_then(decimal),
            confidence: decimal(Confidence::P95.level()).unwrap_or(Decimal::from(0)),
            method: assessment.method.map(|method| method.as_str().to_owned()),
            method_version: METHOD_VERSION,
            warnings: TextList(warnings.iter().map(|warning| warning.code().to_owned()).collect()),
            settled_from: settled.and_then(|(from, _)| bound(from)),
            settled_to: settled.and_then(|(_, to)| bound(to)),
            input_hash,
            computed_at,
        }
    }
}

/// What is known of a wave: its value, that there can be none, or nothing.
fn known<T>(row: Option<&MeasurementRow>, value: impl FnOnce(&MeasurementRow) -> Option<T>) -> Known<T> {
    let Some(row) = row else { return Known::Missing };
    match row.absence {
        Some(AbsenceKind::NotApplicable) => Known::NotApplicable,
        Some(AbsenceKind::NotYet | AbsenceKind::NotStated) => Known::Missing,
        None => value(row).map_or(Known::Missing, Known::Given),
    }
}

fn counted(row: &MeasurementRow, says: &CriterionVersion) -> Option<Share> {
    let (numerator, denominator) = share(row, says)?;
    Share::new(u32::try_from(numerator).ok()?, u32::try_from(denominator).ok()?)
}

/// The measured value, as sentences speak of it.
pub(super) fn observed(row: &MeasurementRow, says: &CriterionVersion) -> Option<Observed> {
    let millionths = || value(row, None).map(|value| Millionths(value.millionths()));
    match says.unit {
        CriterionUnit::Share => counted(row, says).map(Observed::Share),
        CriterionUnit::Mean => millionths().map(Observed::Mean),
        CriterionUnit::Count if row.exposure.is_some() => millionths().map(Observed::Rate),
        CriterionUnit::Count => millionths().map(Observed::Count),
    }
}

pub(super) fn goal(says: &CriterionVersion) -> Goal {
    Goal {
        direction: match says.direction {
            CriterionDirection::Up => Direction::Up,
            CriterionDirection::Down => Direction::Down,
        },
        basis: match says.basis {
            CriterionBasis::RelativeChange => Basis::RelativeChange,
            CriterionBasis::AbsoluteChange => Basis::AbsoluteChange,
            CriterionBasis::Level => Basis::Level,
            CriterionBasis::Maintain => Basis::Maintain,
        },
        threshold: Millionths(says.threshold.millionths()),
    }
}

/// The number with six places; none beyond what can be stored.
fn decimal(number: f64) -> Option<Decimal> {
    format!("{number:.6}").parse().ok()
}
