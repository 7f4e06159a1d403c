//! Writing evaluations as they stand: what is current, and of an approval only that it was asked for.

use std::collections::HashMap;

use super::{Rows, text, theories};
use crate::columns::{CategoryCounts, EvaluationStatus, Uuid};
use crate::context::Context;
use crate::error::Result;
use crate::instrument::{self, Instrument};
use crate::measurement::{self, MeasurementRow};
use crate::register::cell::joined;
use crate::register::tables::{
    CRITERION_CLAIMS, DATA_SOURCES, EVALUATION_ROUNDS, EVALUATIONS, INSTRUMENTS, LEARNINGS, MEASUREMENTS,
    PAIRED_TABLES, POPULATIONS, SUCCESS_CRITERIA, Table,
};
use crate::success_criterion::{self, Place};
use crate::virkningsevaluering::{self, Seen, Standing};
use crate::{criterion_claim, data_source, evaluation_round, learning, paired_table, population};

/// The evaluations that the actor sees, withdrawn ones apart, by the slugs of interventions; and how many rows are hidden.
pub(super) async fn tables(
    context: &Context,
    interventions: &HashMap<Uuid, String>,
) -> Result<(Vec<(&'static Table, Rows)>, usize)> {
    let slug = |id: Uuid| interventions.get(&id).cloned().unwrap_or_default();
    let mut seen = virkningsevaluering::all(context).await?;
    seen.retain(|seen| seen.state.status != EvaluationStatus::Withdrawn);
    let rounds = evaluation_round::all(context).await?;
    let themes: HashMap<_, _> = rounds.iter().map(|round| (round.row.id, round.row.clone())).collect();
    let round_rows = rounds.iter().map(|round| {
        let mut chosen: Vec<_> = round.interventions.iter().map(|id| slug(*id)).collect();
        chosen.sort();
        vec![round.row.year.to_string(), round.row.theme.clone(), joined(&chosen)]
    });
    let evaluation_rows = seen.iter().map(|seen| {
        let round = seen.state.evaluation_round_id.and_then(|id| themes.get(&id));
        vec![
            seen.row.slug.clone(),
            slug(seen.row.intervention_id),
            seen.state.title.clone(),
            seen.state.period_start.to_string(),
            seen.state.period_end.to_string(),
            status(seen.state.status).to_string(),
            text(round.map(|round| round.year)),
            text(round.map(|round| round.theme.clone())),
            text(seen.state.enrolled),
        ]
    });
    let mut tables = vec![
        (&INSTRUMENTS, instruments(context).await?),
        (&EVALUATION_ROUNDS, round_rows.collect()),
        (&EVALUATIONS, evaluation_rows.collect()),
    ];
    let standings: Vec<_> = seen.iter().map(Seen::standing).collect();
    let names: HashMap<_, _> = seen.iter().map(|seen| (seen.standing(), seen.row.slug.clone())).collect();
    tables.extend(described(context, &standings, &names).await?);
    let (measured, hidden) = measured(context, &standings, &names).await?;
    tables.extend(measured);
    tables.extend(theories::tables(context, &standings, &names).await?);
    Ok((tables, hidden))
}

/// The instruments that were added.
async fn instruments(context: &Context) -> Result<Rows> {
    let row = |row: Instrument| {
        vec![
            row.code,
            row.name,
            row.direction.to_string(),
            row.minimum.to_string(),
            row.maximum.to_string(),
            text(row.smallest_change),
            text(row.item_count),
            text(row.item_minimum),
            text(row.item_maximum),
            text(row.factor),
        ]
    };
    Ok(instrument::added(context).await?.into_iter().map(row).collect())
}

/// What a file says of a status: an approval is not a file's to give.
fn status(status: EvaluationStatus) -> EvaluationStatus {
    match status {
        EvaluationStatus::Draft | EvaluationStatus::Registered => status,
        EvaluationStatus::Submitted
        | EvaluationStatus::Approved
        | EvaluationStatus::Published
        | EvaluationStatus::Withdrawn => EvaluationStatus::Submitted,
    }
}

/// The slugs of evaluations.
pub(super) type Names = HashMap<Standing, String>;

pub(super) fn rows_of<T>(
    names: &Names,
    parts: HashMap<Standing, Vec<T>>,
    row: impl Fn(String, T) -> Vec<String>,
) -> Rows {
    let of_evaluation = |(standing, parts): (Standing, Vec<T>)| {
        let name = names.get(&standing).cloned().unwrap_or_default();
        parts.into_iter().map(move |part| (name.clone(), part)).collect::<Vec<_>>()
    };
    parts.into_iter().flat_map(of_evaluation).map(|(name, part)| row(name, part)).collect()
}

async fn described(
    context: &Context,
    standings: &[Standing],
    names: &Names,
) -> Result<Vec<(&'static Table, Rows)>> {
    let populations = rows_of(names, population::of_evaluations(context, standings).await?, |name, row| {
        vec![name, row.name, text(row.counted_from), text(row.left_out)]
    });
    let sources = rows_of(names, data_source::of_evaluations(context, standings).await?, |name, row| {
        let (extracted_on, covered_until) = (text(row.extracted_on), text(row.covered_until));
        let (delay, known_limits) = (text(row.delay), text(row.known_limits));
        vec![name, row.name, text(row.supplier), extracted_on, covered_until, delay, known_limits]
    });
    let learnings = rows_of(names, learning::of_evaluations(context, standings).await?, |name, row| {
        vec![name, row.audience.to_string(), row.text]
    });
    Ok(vec![(&POPULATIONS, populations), (&DATA_SOURCES, sources), (&LEARNINGS, learnings)])
}

async fn measured(
    context: &Context,
    standings: &[Standing],
    names: &Names,
) -> Result<(Vec<(&'static Table, Rows)>, usize)> {
    let criteria = success_criterion::of_evaluations(context, standings).await?;
    let all: Vec<_> = criteria.values().flatten().cloned().collect();
    let places: Vec<Place> = all.iter().map(success_criterion::Seen::place).collect();
    // What each row below a criterion begins with.
    let keys: HashMap<Place, [String; 2]> = all
        .iter()
        .map(|seen| {
            let name = names.get(&seen.standing).cloned().unwrap_or_default();
            (seen.place(), [name, seen.row.number.to_string()])
        })
        .collect();
    let key = |place: &Place| keys.get(place).cloned().unwrap_or_default().to_vec();
    let criteria = rows_of(names, criteria, |name, seen| {
        let says = seen.says;
        vec![
            name,
            seen.row.number.to_string(),
            says.dimension,
            says.indicator,
            says.direction.to_string(),
            says.basis.to_string(),
            says.threshold.to_string(),
            says.unit.to_string(),
            says.pairing.to_string(),
            joined(&says.success_categories.0),
            text(says.instrument),
            joined(&says.cautions.0),
        ]
    });
    let populations: HashMap<_, _> = population::of_evaluations(context, standings)
        .await?
        .into_values()
        .flatten()
        .map(|row| (row.id, row.name))
        .collect();
    let sources: HashMap<_, _> = data_source::of_evaluations(context, standings)
        .await?
        .into_values()
        .flatten()
        .map(|row| (row.id, row.name))
        .collect();
    let standing = measurement::of_criteria(context, &places).await?;
    let measurement = |seen: &measurement::Seen| {
        let population = seen.row.population_id.and_then(|id| populations.get(&id).cloned());
        let source = seen.row.data_source_id.and_then(|id| sources.get(&id).cloned());
        [key(&seen.place), cells(MeasurementRow::clone(&seen.row), text(population), text(source))].concat()
    };
    let all = || standing.values().flatten();
    let measurements = all().filter(|seen| seen.is_whole()).map(measurement).collect();
    let mut hidden = all().filter(|seen| !seen.is_whole()).count();
    let subgroups: HashMap<_, _> =
        standing.values().flatten().map(|seen| (seen.row.id, seen.row.group_name.clone())).collect();
    let mut tables = Rows::new();
    for (place, rows) in paired_table::of_criteria(context, &places).await? {
        for row in rows {
            let subgroup = subgroups.get(&row.before_id()).cloned().flatten();
            match row.cells() {
                Some(cells) => {
                    let counts = cells.map(|count| count.to_string());
                    tables.push([key(&place), vec![text(subgroup)], counts.to_vec()].concat());
                }
                None => hidden += 1,
            }
        }
    }
    let mut claims = Rows::new();
    for (place, rows) in criterion_claim::of_criteria(context, &places).await? {
        for row in rows {
            let printed = [row.text, row.printed, text(row.printed_before), text(row.printed_after)];
            let of = vec![text(row.source), row.measure.to_string(), text(row.wave)];
            claims.push([key(&place), printed.to_vec(), of].concat());
        }
    }
    let tables = vec![
        (&SUCCESS_CRITERIA, criteria),
        (&MEASUREMENTS, measurements),
        (&PAIRED_TABLES, tables),
        (&CRITERION_CLAIMS, claims),
    ];
    Ok((tables, hidden))
}

/// The cells of a measurement, after those that name its evaluation and criterion.
fn cells(row: MeasurementRow, population: String, source: String) -> Vec<String> {
    vec![
        row.wave.to_string(),
        text(row.months_anchor),
        text(row.months_from),
        text(row.months_to),
        row.group_kind.to_string(),
        text(row.group_name),
        text(row.comparability),
        row.period_start.to_string(),
        row.period_end.to_string(),
        population,
        source,
        text(row.numerator),
        text(row.denominator),
        counts(row.categories.unwrap_or_default()),
        text(row.mean),
        text(row.sd),
        text(row.n),
        text(row.median),
        text(row.minimum),
        text(row.maximum),
        text(row.count),
        text(row.exposure),
        text(row.absence),
        text(row.absence_reason),
        text(row.note),
    ]
}

/// `Ja=12;Nej=31`
fn counts(categories: CategoryCounts) -> String {
    let items = categories.0.into_iter().map(|item| format!("{}={}", item.category, item.count));
    joined(&items.collect::<Vec<_>>())
}
