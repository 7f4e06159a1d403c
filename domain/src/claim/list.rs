//! Claims about years and criteria in one list, so that those that do not agree can be found.

use std::collections::HashSet;

use entity::{claim, criterion_claim};
use sea_orm::{EntityTrait, QueryFilter, QuerySelect};

use super::{CheckedClaim, ClaimLabel, check_all, sees};
use crate::columns::Uuid;
use crate::context::Context;
use crate::error::Result;
use crate::page::{Connection, Page};
use crate::success_criterion;
use crate::virkningsevaluering;

/// What tells its cursors from others.
const LIST: u8 = 11;

/// Which claims a list holds.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// About this year, or about a criterion of an evaluation whose period ends in it.
    pub year: Option<i32>,
    /// With one of these labels.
    pub labels: Option<Vec<ClaimLabel>>,
    /// Whether they agree with the data; those of which that cannot be told do neither.
    pub agrees: Option<bool>,
}

impl Filter {
    fn holds(&self, label: ClaimLabel) -> bool {
        self.labels.as_ref().is_none_or(|labels| labels.contains(&label))
            && self.agrees.is_none_or(|agrees| label.agrees() == Some(agrees))
    }
}

/// The claims that the actor sees, in the order in which they were added. What is not stored cannot be selected by: all of
/// them are checked for each page.
pub async fn list(context: &Context, filter: &Filter, page: &Page) -> Result<Connection<CheckedClaim>> {
    let mut claims = of_years(context, filter.year).await?;
    claims.extend(of_criteria(context, filter.year).await?);
    claims.retain(|claim| filter.holds(claim.label));
    claims.sort_by_key(|claim| claim.id);
    Connection::of_all(page, LIST, claims, |claim| (Vec::new(), claim.id))
}

async fn of_years(context: &Context, year: Option<i32>) -> Result<Vec<CheckedClaim>> {
    if !sees(context) {
        return Ok(Vec::new());
    }
    let mut select = claim::Entity::find();
    if let Some(year) = year {
        select = select.filter(claim::COLUMN.year.eq(year));
    }
    let claims = select.all(&context.snapshot().await?.db).await?;
    let years: HashSet<_> = claims.iter().map(|claim| claim.year).collect();
    check_all(context, claims, &years.into_iter().collect::<Vec<_>>()).await
}

async fn of_criteria(context: &Context, year: Option<i32>) -> Result<Vec<CheckedClaim>> {
    let claimed = criterion_claim::Entity::find()
        .select_only()
        .column(criterion_claim::Column::VirkningsevalueringId)
        .distinct();
    let claimed: Vec<Uuid> = claimed.into_tuple().all(&context.snapshot().await?.db).await?;
    let evaluations = virkningsevaluering::by_ids(context, &claimed).await?.into_values();
    let of_year = evaluations.filter(|seen| year.is_none_or(|year| seen.state.period_end.year() == year));
    let standings: Vec<_> = of_year.map(|seen| seen.standing()).collect();
    let criteria = success_criterion::of_evaluations(context, &standings).await?;
    let places: Vec<_> = criteria.values().flatten().map(success_criterion::Seen::place).collect();
    let checked = crate::criterion_claim::checked(context, &places).await?;
    Ok(checked.into_values().flatten().collect())
}
