//! Results: what the measurements of a criterion say, computed when they change, and stored.

mod assessed;
pub mod comparison;
mod compute;
pub(crate) mod evidence_of;
mod inputs;
mod participation;
mod recompute;
mod significance;

pub(crate) use compute::{compute, compute_all, compute_of_measurements};
pub use entity::criterion_result::Model as ResultRow;
pub use inputs::METHOD_VERSION;
pub use participation::{Bounds, Ends, Participation};
pub use recompute::{Difference, Recomputation, Recomputed, recompute};
pub use significance::{Significance, significance};

use std::collections::HashMap;

use entity::criterion_result;
use evidence::sentence::{Statement, sentence, sentence_without_figures};
use evidence::verdict::{Attainment, Reason, Verdict};
use evidence::warning::Warning as Limit;
use sea_orm::{EntityTrait, QueryFilter, QueryOrder};

use crate::columns::{Absence, CriterionUnit, Decimal, EvaluationPart, GroupKind, Uuid, Wave};
use crate::context::Context;
use crate::disclosure::{self, Hidden};
use crate::error::{Language, Result};
use crate::event::{Fields, text, text_or_none, texts};
use crate::measurement::{Measured, MeasurementRow};
use crate::operation::Store;
use crate::page::grouped_by;
use crate::success_criterion::{CriterionVersion, Place, same};
use crate::virkningsevaluering::part::{PartRow, stands};

impl PartRow for ResultRow {
    const KIND: EvaluationPart = EvaluationPart::Result;

    fn id(&self) -> Uuid {
        self.id
    }

    fn fields(&self) -> Fields {
        vec![
            ("criterionId", text(self.success_criterion_id)),
            ("groupKind", text(self.group_kind)),
            ("groupName", text_or_none(self.group_name.as_ref())),
            ("wave", text(self.wave)),
            ("monthsAnchor", text_or_none(self.months_anchor)),
            ("monthsFrom", self.months_from.into()),
            ("monthsTo", self.months_to.into()),
            ("beforeId", text_or_none(self.before_id)),
            ("afterId", text_or_none(self.after_id)),
            ("pairedTableId", text_or_none(self.paired_table_id)),
            ("beforeNumerator", self.before_numerator.into()),
            ("beforeN", self.before_n.into()),
            ("beforeValue", text_or_none(self.before_value)),
            ("afterNumerator", self.after_numerator.into()),
            ("afterN", self.after_n.into()),
            ("afterValue", text_or_none(self.after_value)),
            ("paired", self.paired.into()),
            ("excluded", self.excluded.into()),
            ("enrolled", self.enrolled.into()),
            ("attainment", text(&self.attainment)),
            ("verdict", text(&self.verdict)),
            ("notAssessable", text_or_none(self.not_assessable.as_ref())),
            ("change", text_or_none(self.change.as_ref())),
            ("relativeChange", text_or_none(self.relative_change)),
            ("difference", text_or_none(self.difference)),
            ("intervalLow", text_or_none(self.interval_low)),
            ("intervalHigh", text_or_none(self.interval_high)),
            ("confidence", text(self.confidence)),
            ("pLowest", text_or_none(self.p_lowest)),
            ("pHighest", text_or_none(self.p_highest)),
            ("effectSizeKind", text_or_none(self.effect_size_kind.as_ref())),
            ("effectSize", text_or_none(self.effect_size)),
            ("effectSizeLow", text_or_none(self.effect_size_low)),
            ("effectSizeHigh", text_or_none(self.effect_size_high)),
            ("improved", self.improved.into()),
            ("worsened", self.worsened.into()),
            ("unchanged", self.unchanged.into()),
            ("medianChange", text_or_none(self.median_change)),
            ("medianChangeLow", text_or_none(self.median_change_low)),
            ("medianChangeHigh", text_or_none(self.median_change_high)),
            ("signedRankP", text_or_none(self.signed_rank_p)),
            ("signTestP", text_or_none(self.sign_test_p)),
            ("method", text_or_none(self.method.as_ref())),
            ("methodVersion", self.method_version.into()),
            ("warnings", texts(&self.warnings.0)),
            ("settledFrom", self.settled_from.into()),
            ("settledTo", self.settled_to.into()),
            ("settledCorrelation", self.settled_correlation.into()),
            ("inputHash", text(data_encoding::HEXLOWER.encode(&self.input_hash))),
            ("computedAt", text(self.computed_at)),
            ("removed", self.until_version.is_some().then_some(true).into()),
        ]
    }

    async fn store(&self, store: &mut Store<'_>, before: Option<&Self>, version: i64) -> Result<()> {
        if self.until_version.is_some() {
            return store.overwrite::<criterion_result::Entity>(self.clone()).await;
        }
        if let Some(ended) = before {
            let ended = Self { until_version: Some(version), ..ended.clone() };
            store.overwrite::<criterion_result::Entity>(ended).await?;
        }
        store.insert::<criterion_result::Entity>(Self { since_version: version, ..self.clone() }).await
    }
}

/// A result in one version of its evaluation, with what it was computed from.
#[derive(Clone, Debug)]
pub struct Seen {
    pub row: ResultRow,
    pub place: Place,
    pub says: CriterionVersion,
    pub before: Option<MeasurementRow>,
    pub after: Option<MeasurementRow>,
    /// Whether the criterion says what was registered; none before that.
    pub as_registered: Option<bool>,
    /// Whether its numbers are hidden from the reader.
    pub(crate) suppressed: bool,
}

impl Seen {
    /// What limits its use, the gravest first.
    pub fn warnings(&self) -> Vec<Warning> {
        let bound = |bound: Option<i32>| bound.and_then(|n11| u32::try_from(n11).ok());
        let unknown = if self.says.unit == CriterionUnit::Mean {
            let settled_from = self.row.settled_correlation.and_then(|r| i8::try_from(r).ok());
            Limit::CorrelationUnknown { settled_from }
        } else {
            let settled_by = bound(self.row.settled_from).zip(bound(self.row.settled_to));
            Limit::PairingUnknown { settled_by }
        };
        let all = [
            Limit::PostHoc,
            unknown,
            Limit::SmallN,
            Limit::OverdispersionUnknown,
            Limit::NotRobustToAttrition,
            Limit::RegressionToMean,
            Limit::Maturation,
            Limit::CoEnrolment,
        ];
        let warning = |code: &String| all.into_iter().find(|limit| limit.code() == code).map(Warning);
        self.row.warnings.0.iter().filter_map(warning).collect()
    }

    /// Hidden from who does not see participants: it is of numbers that can be guessed.
    pub fn input_hash(&self) -> Option<String> {
        self.place.participants.then(|| data_encoding::HEXLOWER.encode(&self.row.input_hash))
    }

    /// Why it has no numbers.
    pub fn absence(&self) -> Option<Absence> {
        self.suppressed.then_some(Absence::SUPPRESSED)
    }

    /// The result in one or two sentences.
    pub fn sentence(&self, language: Language) -> String {
        let reason = self.row.not_assessable.as_ref().and_then(|code| code.parse::<Reason>().ok());
        let observed =
            |row: Option<&MeasurementRow>, [numerator, n]: [Option<i32>; 2], value: Option<Decimal>| {
                evidence_of::observed(row?, &self.says, [numerator, n], value)
            };
        let row = &self.row;
        let statement = Statement {
            goal: evidence_of::goal(&self.says),
            before: observed(self.before.as_ref(), [row.before_numerator, row.before_n], row.before_value),
            after: observed(self.after.as_ref(), [row.after_numerator, row.after_n], row.after_value),
            attainment: self.row.attainment.parse().unwrap_or(Attainment::NotAssessable),
            verdict: Verdict::from_parts(&self.row.verdict, reason).unwrap_or(Verdict::Inconclusive),
            change: self.row.change.as_ref().and_then(|code| code.parse().ok()),
        };
        let words = if self.suppressed { sentence_without_figures } else { sentence };
        words(&statement, language.into())
    }
}

/// Something a reader of a result must know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Warning(Limit);

impl Warning {
    pub const fn code(self) -> &'static str {
        self.0.code()
    }

    pub fn text(self, language: Language) -> String {
        self.0.text(language.into())
    }
}

impl From<Language> for evidence::sentence::Language {
    fn from(language: Language) -> Self {
        match language {
            Language::Danish => Self::Danish,
            Language::English => Self::English,
        }
    }
}

/// The results of each criterion that stand in its version: that of all participants first, then those of subgroups.
pub async fn of_criteria(context: &Context, places: &[Place]) -> Result<HashMap<Place, Vec<Seen>>> {
    let snapshot = context.at_any_time().await?;
    let ids = || places.iter().map(|place| place.criterion_id);
    let rows = criterion_result::Entity::find()
        .filter(criterion_result::COLUMN.success_criterion_id.is_in(ids()))
        .order_by_asc(criterion_result::COLUMN.id)
        .all(&snapshot.db)
        .await?;
    let measured = Measured::of(context, ids()).await?;
    let hidden = Hidden::of(context, places, &measured).await?;
    let rule = disclosure::rule(context);
    let rows = grouped_by(rows, |row| row.success_criterion_id);
    let of_place = |place: &Place| {
        let id = place.criterion_id;
        let Some(says) = measured.says(id, place.version) else { return Vec::new() };
        let registered = place.registered_version.and_then(|at| measured.says(id, at));
        let row_of = |row: Option<Uuid>| row.and_then(|row| measured.row(id, row).cloned());
        let rows = || rows.get(&id).into_iter().flatten();
        let seen = |row: &ResultRow| {
            let seen = Seen {
                place: *place,
                says: says.clone(),
                before: row_of(row.before_id),
                after: row_of(row.after_id),
                as_registered: registered.map(|registered| same(registered, says)),
                row: row.clone(),
                suppressed: false,
            };
            let earlier = rows().filter(|then| then.id == row.id && then.since_version < row.since_version);
            match hidden.get(&id).filter(|_| !place.participants) {
                Some(hidden) => hidden.shown(rule, seen, &earlier.collect::<Vec<_>>()),
                None => seen,
            }
        };
        rows().filter(|row| stands(row.since_version, row.until_version, place.version)).map(seen).collect()
    };
    Ok(places.iter().map(|place| (*place, of_place(place))).collect())
}

/// The result of each criterion for all participants.
pub async fn of_participants(context: &Context, places: &[Place]) -> Result<HashMap<Place, Seen>> {
    let all = of_criteria(context, places).await?;
    let of_all = |rows: Vec<Seen>| {
        rows.into_iter()
            .find(|seen| seen.row.group_kind == GroupKind::Participants && seen.row.wave == Wave::After)
    };
    Ok(all.into_iter().filter_map(|(place, rows)| Some((place, of_all(rows)?))).collect())
}
