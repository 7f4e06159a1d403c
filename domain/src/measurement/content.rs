//! What a measurement says, checked against the criterion it is of.

use serde_json::json;
use time::Date;

use super::{MeasurementRow, rate};
use crate::GivenId;
use crate::columns::{
    AbsenceKind, Anchor, CategoryCount, CategoryCounts, Comparability, CriterionUnit, Decimal, GroupKind,
    MeasurementKind, Timestamp, Uuid, Wave,
};
use crate::error::{Faults, Problem};
use crate::input::text::{LINE, PROSE, optional, required};
use crate::success_criterion::CriterionVersion;

/// Beyond what anyone follows up.
const MOST_MONTHS: i32 = 600;

/// What a measurement is of, and what was found.
#[derive(Clone, Debug)]
pub struct Content {
    pub wave: Wave,
    pub months: Option<Months>,
    pub group: Group,
    pub period_start: Date,
    pub period_end: Date,
    pub population: Option<GivenId>,
    pub data_source: Option<GivenId>,
    pub value: Value,
    pub absence: Option<AbsenceKind>,
    pub absence_reason: Option<String>,
    pub note: Option<String>,
}

/// A window of months, counted from the start or the end of a person's course.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Months {
    pub anchor: Anchor,
    pub from: i32,
    pub to: i32,
}

impl Months {
    /// As they are stored; none for a wave as a whole.
    pub fn of(anchor: Option<Anchor>, from: Option<i32>, to: Option<i32>) -> Option<Self> {
        Some(Self { anchor: anchor?, from: from?, to: to? })
    }

    pub(crate) fn of_row(row: &MeasurementRow) -> Option<Self> {
        Self::of(row.months_anchor, row.months_from, row.months_to)
    }
}

/// Whom it is of; all participants where nothing is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    pub kind: Option<GroupKind>,
    pub name: Option<String>,
    pub comparability: Option<Comparability>,
}

/// The value as given: each form takes fields of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Value {
    pub numerator: Option<i32>,
    pub denominator: Option<i32>,
    pub mean: Option<Decimal>,
    pub sd: Option<Decimal>,
    pub median: Option<Decimal>,
    pub minimum: Option<Decimal>,
    pub maximum: Option<Decimal>,
    pub n: Option<i32>,
    pub count: Option<i32>,
    pub exposure: Option<Decimal>,
    pub categories: Option<Vec<CategoryCount>>,
}

impl Content {
    /// The row as it would be stored, without its references; all that is wrong with it is noted.
    pub(crate) fn checked(
        &self,
        id: Uuid,
        says: &CriterionVersion,
        recorded_at: Timestamp,
        faults: &mut Faults,
    ) -> MeasurementRow {
        self.check_months(faults);
        faults.unless(self.period_start <= self.period_end, "periodEnd", Problem::StartAfterEnd);
        let (group_kind, group_name) = self.group(faults);
        let absence_reason = faults.take("absenceReason", optional(self.absence_reason.as_deref(), PROSE));
        faults.unless(
            absence_reason.is_none() || self.absence.is_some(),
            "absenceReason",
            Problem::ValueOrAbsence,
        );
        let note = faults.take("note", optional(self.note.as_deref(), PROSE));
        let (kind, categories) = match self.absence {
            Some(_) => {
                faults.unless(self.value == Value::default(), "absence", Problem::ValueOrAbsence);
                (None, None)
            }
            None => self.value.checked(says, faults),
        };
        let Value { numerator, denominator, mean, sd, median, minimum, maximum, n, count, exposure, .. } =
            self.value;
        let months = self.months.map(|months| json!([months.anchor.as_str(), months.from, months.to]));
        MeasurementRow {
            id,
            virkningsevaluering_id: says.virkningsevaluering_id,
            success_criterion_id: says.success_criterion_id,
            since_version: 0,
            until_version: None,
            wave: self.wave,
            months_anchor: self.months.map(|months| months.anchor),
            months_from: self.months.map(|months| months.from),
            months_to: self.months.map(|months| months.to),
            group_kind,
            slot: json!([self.wave.as_str(), months, group_kind.as_str(), group_name]).to_string(),
            group_name,
            comparability: self.group.comparability,
            period_start: self.period_start,
            period_end: self.period_end,
            population_id: None,
            data_source_id: None,
            kind,
            computed: false,
            numerator,
            denominator,
            mean,
            sd,
            median,
            minimum,
            maximum,
            n,
            count,
            exposure,
            categories,
            absence: self.absence,
            absence_reason,
            note,
            corrects_id: None,
            correction: None,
            correction_reason: None,
            recorded_at,
        }
    }

    /// Before lies before the start, after and later lie after the end, during lies between.
    fn check_months(&self, faults: &mut Faults) {
        let Some(Months { anchor, from, to }) = self.months else { return };
        let far = Problem::OutOfRange { from: -i64::from(MOST_MONTHS), to: i64::from(MOST_MONTHS) };
        for (field, months) in [("months.from", from), ("months.to", to)] {
            faults.unless(months.unsigned_abs() <= MOST_MONTHS.unsigned_abs(), field, far.clone());
        }
        faults.unless(from <= to, "months.to", Problem::StartAfterEnd);
        let fits = match (self.wave, anchor) {
            (Wave::Before, Anchor::Start) | (Wave::During, Anchor::End) => to <= 0,
            (Wave::During, Anchor::Start) | (Wave::After | Wave::FollowUp, Anchor::End) => from >= 0,
            (Wave::Before, Anchor::End) | (Wave::After | Wave::FollowUp, Anchor::Start) => false,
        };
        faults.unless(fits, "months", Problem::MonthsOfWave { wave: self.wave });
    }

    fn group(&self, faults: &mut Faults) -> (GroupKind, Option<String>) {
        let kind = self.group.kind.unwrap_or(GroupKind::Participants);
        let name = faults.take("group.name", optional(self.group.name.as_deref(), LINE));
        faults.unless(
            name.is_some() != (kind == GroupKind::Participants),
            "group.name",
            Problem::NameOfGroup,
        );
        faults.unless(
            self.group.comparability.is_some() == (kind == GroupKind::Comparison),
            "group.comparability",
            Problem::ComparabilityOfGroup,
        );
        (kind, name)
    }
}

impl Value {
    /// The form of the value, which the criterion's unit decides.
    fn checked(
        &self,
        says: &CriterionVersion,
        faults: &mut Faults,
    ) -> (Option<MeasurementKind>, Option<CategoryCounts>) {
        self.refuse_fields_of_other_units(says.unit, faults);
        match says.unit {
            CriterionUnit::Share if self.categories.is_some() => {
                faults.unless(self.numerator.is_none(), "numerator", Problem::ShareOrCategories);
                faults.unless(self.denominator.is_none(), "denominator", Problem::ShareOrCategories);
                let counts = self.checked_categories(says, faults);
                (Some(MeasurementKind::Distribution), Some(CategoryCounts(counts)))
            }
            CriterionUnit::Share => {
                let most = i64::from(i32::MAX);
                if let Some(n) = whole(self.denominator, "denominator", most, faults) {
                    whole(self.numerator, "numerator", n, faults);
                }
                (Some(MeasurementKind::Share), None)
            }
            CriterionUnit::Mean => (Some(self.checked_mean(faults)), None),
            CriterionUnit::Count => {
                whole(self.count, "count", i64::from(i32::MAX), faults);
                let positive = |exposure: Decimal| exposure.millionths() > 0;
                faults.unless(self.exposure.is_none_or(positive), "exposure", Problem::NotPositive);
                let rates = self.count.zip(self.exposure.filter(|exposure| positive(*exposure)));
                let told = |(count, exposure)| rate(count, exposure).is_some();
                faults.unless(rates.is_none_or(told), "exposure", Problem::RateTooLarge);
                (Some(MeasurementKind::Count), None)
            }
        }
    }

    fn refuse_fields_of_other_units(&self, unit: CriterionUnit, faults: &mut Faults) {
        use CriterionUnit::{Count, Mean, Share};
        for (field, given, own) in [
            ("numerator", self.numerator.is_some(), Share),
            ("denominator", self.denominator.is_some(), Share),
            ("categories", self.categories.is_some(), Share),
            ("mean", self.mean.is_some(), Mean),
            ("sd", self.sd.is_some(), Mean),
            ("median", self.median.is_some(), Mean),
            ("minimum", self.minimum.is_some(), Mean),
            ("maximum", self.maximum.is_some(), Mean),
            ("n", self.n.is_some(), Mean),
            ("count", self.count.is_some(), Count),
            ("exposure", self.exposure.is_some(), Count),
        ] {
            faults.unless(!given || own == unit, field, Problem::NotOfUnit { unit });
        }
    }

    /// A mean with its spread and number, or a summary with median, smallest and largest.
    fn checked_mean(&self, faults: &mut Faults) -> MeasurementKind {
        let most = i64::from(i32::MAX);
        faults.unless(self.mean.is_some(), "mean", Problem::Required);
        let positive_spread = self.sd.is_none_or(|sd| !sd.is_negative());
        faults.unless(positive_spread, "sd", Problem::OutOfRange { from: 0, to: most });
        let in_summary = [("median", self.median), ("minimum", self.minimum), ("maximum", self.maximum)];
        faults.unless(self.n != Some(0), "n", Problem::OutOfRange { from: 1, to: most });
        if in_summary.iter().all(|(_, value)| value.is_none()) {
            faults.unless(self.sd.is_some(), "sd", Problem::Required);
            whole(self.n, "n", most, faults);
            return MeasurementKind::Mean;
        }
        for (field, value) in in_summary {
            faults.unless(value.is_some(), field, Problem::Required);
        }
        if self.n.is_some() {
            whole(self.n, "n", most, faults);
        }
        let within = |value: Option<Decimal>| {
            value.zip(self.minimum).is_none_or(|(value, least)| least <= value)
                && value.zip(self.maximum).is_none_or(|(value, most)| value <= most)
        };
        faults.unless(within(self.minimum), "minimum", Problem::OutsideSummary);
        faults.unless(within(self.mean), "mean", Problem::OutsideSummary);
        faults.unless(within(self.median), "median", Problem::OutsideSummary);
        MeasurementKind::Summary
    }

    fn checked_categories(&self, says: &CriterionVersion, faults: &mut Faults) -> Vec<CategoryCount> {
        let success = &says.success_categories.0;
        faults.unless(!success.is_empty(), "categories", Problem::NoSuccessCategories);
        let mut counts: Vec<CategoryCount> = Vec::new();
        let mut total = 0_i32;
        for (at, given) in self.categories.iter().flatten().enumerate() {
            let place = |field: &str| format!("categories.{at}.{field}");
            let category = faults.take(&place("category"), required(&given.category, LINE));
            let repeated = !category.is_empty() && counts.iter().any(|other| other.category == category);
            faults.unless(!repeated, &place("category"), Problem::Repeated);
            let room = i64::from(i32::MAX - total);
            if let Some(count) = whole(Some(given.count), &place("count"), room, faults) {
                total = i32::try_from(i64::from(total) + count).unwrap_or(i32::MAX);
            }
            counts.push(CategoryCount { category, count: given.count });
        }
        let missing: Vec<_> =
            success.iter().filter(|name| !counts.iter().any(|count| count.category == **name)).collect();
        if !missing.is_empty() {
            let names = missing.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", ");
            faults.add("categories", Problem::CategoriesMissing { names });
        }
        counts
    }
}

/// A required whole number from zero to `most`.
fn whole(given: Option<i32>, field: &str, most: i64, faults: &mut Faults) -> Option<i64> {
    let Some(number) = given.map(i64::from) else {
        faults.add(field, Problem::Required);
        return None;
    };
    let fits = (0..=most).contains(&number);
    faults.unless(fits, field, Problem::OutOfRange { from: 0, to: most });
    fits.then_some(number)
}
