//! All that a result depends on, and what follows from it.

use evidence::interval::Confidence;
use evidence::paired_values::PairedValues;
use evidence::verdict::PValue;
use evidence::warning::Warning;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::ResultRow;
use super::assessed::{Assessed, Ranks, ends};
use super::evidence_of::{decimal, number, p_value};
use crate::canonical_json::canonical;
use crate::columns::{Caution, Decimal, GroupKind, Pairing, TextList, Timestamp, Uuid, Wave};
use crate::error::Result;
use crate::event::FieldValue;
use crate::instrument::{self, Instrument};
use crate::measurement::{MeasurementRow, Months, decisive, standing};
use crate::observation::{Pair, digest_of_waves, excluded, pairs};
use crate::paired_table::PairedTable;
use crate::success_criterion::{CriterionVersion, cautions};
use crate::virkningsevaluering::Evaluation;
use crate::virkningsevaluering::part::PartRow;

/// Raised whenever the rules by which results are computed change.
pub const METHOD_VERSION: i32 = 2;

/// What a result is of: a group, and what is compared with the wave before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub kind: GroupKind,
    pub name: Option<String>,
    pub wave: Wave,
    /// Of a measurement that follows up.
    pub months: Option<Months>,
}

impl Target {
    pub fn of_row(row: &ResultRow) -> Self {
        let months = Months::of(row.months_anchor, row.months_from, row.months_to);
        Self { kind: row.group_kind, name: row.group_name.clone(), wave: row.wave, months }
    }

    /// All participants after the intervention, each subgroup that was measured, and every measurement that follows up.
    pub fn all(evaluation: &Evaluation) -> Vec<Self> {
        let participants =
            Self { kind: GroupKind::Participants, name: None, wave: Wave::After, months: None };
        let mut targets = vec![participants];
        for row in standing(evaluation).filter(|row| row.group_kind != GroupKind::Comparison) {
            let (kind, name) = (row.group_kind, row.group_name.clone());
            let target = if row.wave == Wave::FollowUp {
                Self { kind, name, wave: Wave::FollowUp, months: Months::of_row(row) }
            } else {
                Self { kind, name, wave: Wave::After, months: None }
            };
            if !targets.contains(&target) {
                targets.push(target);
            }
        }
        targets
    }

    fn later<'a>(&self, evaluation: &'a Evaluation) -> Option<&'a MeasurementRow> {
        let group = (self.kind, self.name.as_deref());
        match self.wave {
            Wave::FollowUp => standing(evaluation).find(|row| {
                row.wave == Wave::FollowUp
                    && (row.group_kind, row.group_name.as_deref()) == group
                    && Months::of_row(row) == self.months
            }),
            wave => decisive(standing(evaluation), wave, group),
        }
    }
}

pub(super) struct Inputs<'a> {
    pub says: &'a CriterionVersion,
    target: Target,
    pub before: Option<&'a MeasurementRow>,
    pub after: Option<&'a MeasurementRow>,
    pub table: Option<&'a PairedTable>,
    /// Those who were measured both times, where it is known who they are.
    pub pairs: Option<Vec<Pair<'a>>>,
    excluded: Option<usize>,
    /// The digest of what was observed and of who is left out, which outlives erasure.
    observations: Option<String>,
    enrolled: Option<i32>,
    registered_at: Option<Timestamp>,
    instrument: Option<Instrument>,
}

impl<'a> Inputs<'a> {
    pub fn of(evaluation: &'a Evaluation, says: &'a CriterionVersion, target: Target) -> Self {
        let before = decisive(standing(evaluation), Wave::Before, (target.kind, target.name.as_deref()));
        let after = target.later(evaluation);
        let table = evaluation.parts.paired_tables.iter().find(|table| {
            table.until_version.is_none()
                && before.is_some_and(|row| row.id == table.before_id)
                && after.is_some_and(|row| row.id == table.after_id)
        });
        let are_observed = before.zip(after).is_some_and(|(before, after)| before.computed && after.computed);
        let is_whole = target.kind == GroupKind::Participants;
        let known_instrument = says
            .instrument
            .as_deref()
            .and_then(|code| instrument::among(&evaluation.parts.instruments, code));
        Self {
            pairs: (are_observed && says.pairing != Pairing::Independent)
                .then(|| pairs(evaluation, target.wave))
                .flatten(),
            observations: are_observed.then(|| digest_of_waves(evaluation, target.wave)),
            excluded: (is_whole && after.or(before).is_some_and(|row| row.computed))
                .then(|| excluded(evaluation).count()),
            enrolled: evaluation.state.enrolled.filter(|_| is_whole),
            registered_at: evaluation.row.registered_at,
            instrument: known_instrument,
            says,
            target,
            before,
            after,
            table,
        }
    }

    /// Whether a result was computed from these measurements, by the rules of today.
    pub fn are_measured_as(&self, result: &ResultRow) -> bool {
        let measured = (self.before.map(|row| row.id), self.after.map(|row| row.id));
        let table = self.table.map(|table| table.id);
        (measured, table) == ((result.before_id, result.after_id), result.paired_table_id)
            && result.method_version == METHOD_VERSION
    }

    /// SHA-256 of the inputs in canonical JSON (RFC 8785), with the version of the rules. Of observations their commitments.
    pub fn hash(&self) -> Result<Vec<u8>> {
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
                "cautions": says.cautions.0,
                "direction": says.direction.as_str(),
                "instrument": says.instrument,
                "pairing": says.pairing.as_str(),
                "successCategories": says.success_categories.0,
                "threshold": says.threshold.to_string(),
                "unit": says.unit.as_str(),
            },
            "enrolled": self.enrolled,
            "excluded": self.excluded,
            "methodVersion": METHOD_VERSION,
            "pairedTable": shown(self.table),
            "observations": self.observations,
            "postHoc": self.is_post_hoc(),
        });
        Ok(Sha256::digest(canonical(&inputs)?).to_vec())
    }

    /// Whether the criterion was registered after the period of the later measurement had begun. What was not measured tells
    /// nothing that a criterion could have been chosen by.
    fn is_post_hoc(&self) -> bool {
        let measured = self.after.filter(|after| after.absence.is_none());
        let began =
            measured.and_then(|after| Timestamp::try_from(after.period_start.midnight().assume_utc()).ok());
        began.zip(self.registered_at).is_some_and(|(began, registered)| began < registered)
    }

    fn warnings(&self, found: Vec<Warning>) -> Vec<Warning> {
        let post_hoc = self.is_post_hoc().then_some(Warning::PostHoc);
        let cautions = cautions(self.says).into_iter().map(|caution| match caution {
            Caution::RegressionToMean => Warning::RegressionToMean,
            Caution::Maturation => Warning::Maturation,
            Caution::CoEnrolment => Warning::CoEnrolment,
        });
        // Where nothing can be assessed there is nothing to be careful with.
        let is_measured = self.after.is_some_and(|after| after.absence.is_none());
        post_hoc.into_iter().chain(found).chain(cautions.filter(|_| is_measured)).collect()
    }

    pub fn result(&self, id: Uuid, input_hash: Vec<u8>, computed_at: Timestamp) -> ResultRow {
        let Assessed { assessment, before, after, values } = self.assessed();
        let warnings = self.warnings(assessment.warnings);
        let settled = warnings.iter().find_map(|warning| match warning {
            Warning::PairingUnknown { settled_by } => *settled_by,
            _ => None,
        });
        let settled_correlation = warnings.iter().find_map(|warning| match warning {
            Warning::CorrelationUnknown { settled_from } => settled_from.map(i32::from),
            _ => None,
        });
        let p = assessment.p_value.map(|p| match p {
            PValue::One(p) => (p, p),
            PValue::Range { lowest, highest } => (lowest, highest),
        });
        let effect = assessment.effect_size;
        let effect_interval = effect.and_then(|effect| effect.interval);
        let people = self.personal_changes(values.as_ref());
        let ranks = values.as_ref().map(Ranks::of);
        let (low, high) = ends(assessment.interval);
        let (effect_size_low, effect_size_high) = ends(effect_interval);
        let counted = |count: Option<usize>| count.and_then(|count| i32::try_from(count).ok());
        ResultRow {
            id,
            since_version: 0,
            until_version: None,
            virkningsevaluering_id: self.says.virkningsevaluering_id,
            success_criterion_id: self.says.success_criterion_id,
            group_kind: self.target.kind,
            group_name: self.target.name.clone(),
            wave: self.target.wave,
            months_anchor: self.target.months.map(|months| months.anchor),
            months_from: self.target.months.map(|months| months.from),
            months_to: self.target.months.map(|months| months.to),
            before_id: self.before.map(|row| row.id),
            after_id: self.after.map(|row| row.id),
            paired_table_id: self.table.map(|table| table.id),
            before_numerator: before.numerator,
            before_n: before.n,
            before_value: before.value,
            after_numerator: after.numerator,
            after_n: after.n,
            after_value: after.value,
            paired: counted(self.pairs.as_ref().map(Vec::len)),
            excluded: counted(self.excluded),
            enrolled: self.enrolled,
            attainment: assessment.attainment.as_str().to_owned(),
            verdict: assessment.verdict.code().to_owned(),
            not_assessable: assessment.verdict.reason().map(|reason| reason.as_str().to_owned()),
            change: assessment.change.map(|change| change.as_str().to_owned()),
            relative_change: assessment.relative_change.and_then(decimal),
            difference: assessment.difference.and_then(decimal),
            interval_low: low,
            interval_high: high,
            confidence: decimal(Confidence::P95.level()).unwrap_or(Decimal::from(0)),
            p_lowest: p.and_then(|(lowest, _)| p_value(lowest)),
            p_highest: p.and_then(|(_, highest)| p_value(highest)),
            effect_size_kind: effect.map(|effect| effect.kind.as_str().to_owned()),
            effect_size: effect.and_then(|effect| decimal(effect.estimate)),
            effect_size_low,
            effect_size_high,
            improved: people.and_then(|people| number(people.improved())),
            worsened: people.and_then(|people| number(people.worsened())),
            unchanged: people.and_then(|people| number(people.unchanged())),
            median_change: ranks.as_ref().and_then(|ranks| ranks.median),
            median_change_low: ranks.as_ref().and_then(|ranks| ranks.interval.0),
            median_change_high: ranks.as_ref().and_then(|ranks| ranks.interval.1),
            signed_rank_p: ranks.as_ref().and_then(|ranks| ranks.signed_rank_p),
            sign_test_p: ranks.as_ref().and_then(|ranks| ranks.sign_test_p),
            method: assessment.method.map(|method| method.as_str().to_owned()),
            method_version: METHOD_VERSION,
            warnings: TextList(warnings.iter().map(|warning| warning.code().to_owned()).collect()),
            settled_from: settled.and_then(|(from, _)| number(from)),
            settled_to: settled.and_then(|(_, to)| number(to)),
            settled_correlation,
            input_hash,
            computed_at,
        }
    }

    fn personal_changes(
        &self,
        values: Option<&PairedValues>,
    ) -> Option<evidence::instrument::PersonalChanges> {
        let scale = self.instrument.as_ref().and_then(instrument::scale)?;
        values.map(|values| scale.changes(values))
    }
}
