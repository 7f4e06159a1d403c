//! What the demo's evaluations say, as a small table.

use std::fmt;

use domain::measurement::{self, Seen as Measured};
use domain::success_criterion::Seen as Criterion;
use domain::virkningsevaluering::{self, Filter, Order};
use domain::{Asked, Context, Decimal, Page, Slice, criterion_result, success_criterion};

use crate::commands::Outcome;

/// An evaluation with a line for each criterion.
pub struct Evaluated {
    title: String,
    status: String,
    lines: Vec<[String; 6]>,
}

const HEAD: [&str; 6] = ["criterion", "before", "after", "change", "attainment", "verdict"];

impl fmt::Display for Evaluated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  {} ({})", self.title, self.status)?;
        let head = HEAD.map(str::to_owned);
        for [criterion, before, after, change, attainment, verdict] in
            std::iter::once(&head).chain(&self.lines)
        {
            writeln!(
                f,
                "  {criterion:<16} {before:<10} {after:<10} {change:>8}   {attainment:<12} {verdict}"
            )?;
        }
        Ok(())
    }
}

/// The first evaluations that the reader sees.
pub async fn of_evaluations(context: &Context) -> Outcome<Vec<Evaluated>> {
    let page = Page::new(Slice::default(), Asked::ROWS)?;
    let found = virkningsevaluering::list(context, &Filter::default(), Order::default(), &page).await?;
    let mut evaluated = Vec::new();
    for (_, evaluation) in found.nodes {
        let standing = evaluation.standing();
        let criteria = success_criterion::of_evaluations(context, &[standing]).await?;
        let criteria: Vec<_> = criteria.into_values().flatten().collect();
        evaluated.push(Evaluated {
            title: evaluation.state.title,
            status: evaluation.state.status.to_string(),
            lines: lines(context, &criteria).await?,
        });
    }
    Ok(evaluated)
}

async fn lines(context: &Context, criteria: &[Criterion]) -> Outcome<Vec<[String; 6]>> {
    let places: Vec<_> = criteria.iter().map(Criterion::place).collect();
    let results = criterion_result::of_participants(context, &places).await?;
    let (before, after) =
        (measurement::baselines(context, &places).await?, measurement::outcomes(context, &places).await?);
    let line = |criterion: &Criterion| {
        let place = criterion.place();
        let result = results.get(&place)?;
        Some([
            criterion.says.dimension.clone(),
            measured(before.get(&place)),
            measured(after.get(&place)),
            result.row.relative_change.map(percent).unwrap_or_default(),
            result.row.attainment.clone(),
            result.row.verdict.clone(),
        ])
    };
    Ok(criteria.iter().filter_map(line).collect())
}

fn measured(measurement: Option<&Measured>) -> String {
    let Some(seen) = measurement else { return "-".to_owned() };
    match (seen.numerator.zip(seen.denominator), seen.value()) {
        (Some((numerator, denominator)), _) => format!("{numerator} of {denominator}"),
        (None, Some(value)) => value.to_string(),
        (None, None) => "-".to_owned(),
    }
}

/// A fraction in per cent with one place, half away from zero.
fn percent(fraction: Decimal) -> String {
    let thousandths = (fraction.millionths().abs() + 500) / 1_000;
    let sign = if fraction.is_negative() { "-" } else { "+" };
    format!("{sign}{}.{}%", thousandths / 10, thousandths % 10)
}
