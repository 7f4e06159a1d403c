//! Results.

use std::collections::{HashMap, HashSet};

use evidence::disclosure::Rule;
use evidence::verdict::{Attainment, Reason, Verdict};
use evidence::warning::Warning;

use super::measurements::{counts, hidden_tables, tells_few, wave, whole_number};
use super::once::differ_by_few;
use super::words::leave_enough;
use crate::columns::{CriterionUnit, GroupKind, TextList, Uuid, Wave};
use crate::context::Context;
use crate::criterion_result::{ResultRow, Seen};
use crate::error::Result;
use crate::measurement::{Measured, MeasurementRow};
use crate::paired_table;
use crate::success_criterion::Place;

/// What is hidden of the criterion that a result is of.
pub(crate) struct Hidden {
    pub measurements: HashSet<Uuid>,
    /// Those among them of whose wave there is, or was, another measurement.
    related: HashSet<Uuid>,
    pub tables: HashSet<Uuid>,
}

/// What limits the use of a result and is told by no number of it.
const TOLD: [Warning; 5] = [
    Warning::PostHoc,
    Warning::OverdispersionUnknown,
    Warning::RegressionToMean,
    Warning::Maturation,
    Warning::CoEnrolment,
];

impl Hidden {
    /// Of the criteria of which a reader sees no participants, by criterion. The tables are read for them alone.
    pub async fn of(context: &Context, places: &[Place], measured: &Measured) -> Result<HashMap<Uuid, Self>> {
        let guarded = places.iter().filter(|place| !place.participants);
        let ids: HashSet<_> = guarded.map(|place| place.criterion_id).collect();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let tables = paired_table::ever(context, ids.iter().copied()).await?;
        let rule = super::rule(context);
        let of_criterion = |id: Uuid| {
            let measurements = measured.hidden(rule, id);
            let tables = tables.get(&id).map_or(&[][..], Vec::as_slice);
            let tables = hidden_tables(rule, tables, measured.rows(id), &measurements);
            let related = related(measured.rows(id), &measurements);
            (id, Self { measurements, related, tables })
        };
        Ok(ids.into_iter().map(of_criterion).collect())
    }

    /// The result as a reader sees it who does not see participants; `earlier` is what it was before.
    pub fn shown(&self, rule: Rule, seen: Seen, earlier: &[&ResultRow]) -> Seen {
        if !self.hides(rule, &seen, earlier) {
            return seen;
        }
        let rests_on = |then: &ResultRow| {
            let hidden = |id: &Uuid| self.measurements.contains(id);
            [then.before_id, then.after_id].into_iter().flatten().filter(hidden).collect::<Vec<_>>()
        };
        let own = rests_on(&seen.row);
        // What else is known of a count, from its table, from what it revises or from other words, narrows it further.
        let is_known_besides = own.iter().any(|id| self.related.contains(id))
            || !own.is_empty() && seen.row.wave != Wave::After
            || earlier
                .iter()
                .any(|then| was_assessed(then) && rests_on(then).iter().any(|id| own.contains(id)));
        let tells = !is_known_besides && leave_enough(rule, &seen, |row| self.measurements.contains(&row.id));
        without_numbers(seen, tells)
    }

    /// Whether the numbers of a result are hidden: where a measurement or a table is that it rests on, where it tells of few
    /// people by itself, and where it does by how it differs from what was measured or from what it was.
    fn hides(&self, rule: Rule, seen: &Seen, earlier: &[&ResultRow]) -> bool {
        let row = &seen.row;
        let rests_on_hidden =
            [row.before_id, row.after_id].into_iter().flatten().any(|id| self.measurements.contains(&id))
                || row.paired_table_id.is_some_and(|id| self.tables.contains(&id));
        // The interval of pairs tells who of them changed, which is not kept.
        let tells_pairs = row.paired.is_some() && seen.says.unit == CriterionUnit::Share;
        let changed: Vec<u32> = [row.improved, row.worsened, row.unchanged]
            .into_iter()
            .flatten()
            .filter_map(whole_number)
            .collect();
        let measured = [&seen.before, &seen.after].map(|row| of_measurement(seen, row.as_ref()));
        let differs = |then: &[Vec<u32>; 2]| {
            then.iter().zip(&compared(row)).any(|(then, now)| differ_by_few(rule, then, now))
        };
        let revised = |then: &&ResultRow| {
            differs(&compared(then))
                || [row.paired, row.excluded, row.enrolled]
                    .into_iter()
                    .zip([then.paired, then.excluded, then.enrolled])
                    .filter_map(|(now, then)| Some((whole_number(now?)?, whole_number(then?)?)))
                    .any(|(now, then)| rule.hides_count(now.abs_diff(then)))
        };
        rests_on_hidden
            || tells_pairs
            || [row.paired, row.excluded, row.enrolled]
                .into_iter()
                .flatten()
                .filter_map(whole_number)
                .any(|count| rule.hides_count(count))
            || !changed.is_empty() && tells_few(rule, &changed)
            || differs(&measured)
            || earlier.iter().any(revised)
    }
}

fn related(rows: &[MeasurementRow], hidden: &HashSet<Uuid>) -> HashSet<Uuid> {
    let measured = || rows.iter().filter(|row| row.absence.is_none());
    let has_others = |row: &&MeasurementRow| {
        measured().any(|other| {
            other.id != row.id && other.group_kind != GroupKind::Comparison && wave(other) == wave(row)
        })
    };
    measured().filter(|row| hidden.contains(&row.id)).filter(has_others).map(|row| row.id).collect()
}

/// Whether words were said of numbers.
fn was_assessed(row: &ResultRow) -> bool {
    row.attainment != Attainment::NotAssessable.as_str()
}

fn of_measurement(seen: &Seen, row: Option<&MeasurementRow>) -> Vec<u32> {
    row.map_or_else(Vec::new, |row| counts(row, Some(&seen.says)))
}

/// What was compared of the waves before and after, as [`counts`] has it.
fn compared(row: &ResultRow) -> [Vec<u32>; 2] {
    let waves = [(row.before_numerator, row.before_n), (row.after_numerator, row.after_n)];
    waves.map(|(numerator, n)| {
        let (numerator, n) = (numerator.and_then(whole_number), n.and_then(whole_number));
        match (numerator, n) {
            (Some(numerator), Some(n)) => vec![numerator, n.saturating_sub(numerator)],
            (counted, n) => counted.or(n).into_iter().collect(),
        }
    })
}

fn without_numbers(seen: Seen, tells: bool) -> Seen {
    let warnings = seen.row.warnings.0.iter().filter(|code| TOLD.iter().any(|told| told.code() == *code));
    let warnings = warnings.cloned().collect();
    let mut row = ResultRow {
        before_numerator: None,
        before_n: None,
        before_value: None,
        after_numerator: None,
        after_n: None,
        after_value: None,
        paired: None,
        excluded: None,
        enrolled: None,
        relative_change: None,
        difference: None,
        interval_low: None,
        interval_high: None,
        p_lowest: None,
        p_highest: None,
        effect_size_kind: None,
        effect_size: None,
        effect_size_low: None,
        effect_size_high: None,
        improved: None,
        worsened: None,
        unchanged: None,
        median_change: None,
        median_change_low: None,
        median_change_high: None,
        signed_rank_p: None,
        sign_test_p: None,
        method: None,
        warnings: TextList(warnings),
        settled_from: None,
        settled_to: None,
        settled_correlation: None,
        ..seen.row
    };
    if !tells {
        let verdict = Verdict::NotAssessable(Reason::Suppressed);
        Attainment::NotAssessable.as_str().clone_into(&mut row.attainment);
        verdict.code().clone_into(&mut row.verdict);
        row.not_assessable = verdict.reason().map(|reason| reason.as_str().to_owned());
        row.change = None;
    }
    Seen { row, suppressed: true, ..seen }
}
