//! The register: interventions with their years, money and numbers; years and rounds.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use super::{Ability, Permission, Wish, to};
use crate::columns::{Action, Uuid, YearReportStatus, YearStatus};
use crate::context::Context;
use crate::error::{Problem, Result};
use crate::history::wrote_since;
use crate::intervention_year::lifecycle;
use crate::policy::Owners;
use crate::reporting_year::{closable, statuses, takes_changes, unapproved};
use crate::{
    claim, evaluation_round, figure, funding, intervention, intervention_year, reporting_year,
    virkningsevaluering,
};

const UPDATE_YEAR: Wish = to::<intervention_year::Update>(Ability::UpdateInterventionYear);
const SET_FUNDING: Wish = to::<funding::Set>(Ability::SetFunding);
const SET_FIGURE: Wish = to::<figure::Set>(Ability::SetFigure);
const APPROVE: Wish = to::<intervention_year::Approve>(Ability::ApproveInterventionYear);

/// A report, as far as what can be done to it depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reported {
    pub id: Uuid,
    pub intervention_id: Uuid,
    pub year: i32,
    pub status: YearReportStatus,
}

/// Whose some interventions are.
struct Owned(HashMap<Uuid, Owners>);

impl Owned {
    async fn read(context: &Context, interventions: impl Iterator<Item = Uuid>) -> Result<Self> {
        let ids: HashSet<_> = interventions.collect();
        let snapshot = context.snapshot().await?;
        Ok(Self(intervention::owners_of(&snapshot.db, &ids.into_iter().collect::<Vec<_>>()).await?))
    }

    fn of(&self, intervention_id: Uuid) -> Owners {
        self.0.get(&intervention_id).cloned().unwrap_or_default()
    }
}

/// The status of each of these years that there is.
async fn years(context: &Context, years: impl Iterator<Item = i32>) -> Result<HashMap<i32, YearStatus>> {
    let years: HashSet<_> = years.collect();
    statuses(&context.snapshot().await?.db, &years.into_iter().collect::<Vec<_>>()).await
}

fn each<K: Copy + Eq + Hash>(
    keys: &[K],
    permissions: impl Fn(K) -> Vec<Permission>,
) -> HashMap<K, Vec<Permission>> {
    keys.iter().map(|key| (*key, permissions(*key))).collect()
}

pub async fn of_interventions(context: &Context, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Permission>>> {
    const WISHES: [Wish; 5] = [
        to::<intervention::Update>(Ability::UpdateIntervention),
        // Which year and which number is for the input to say.
        UPDATE_YEAR,
        SET_FUNDING,
        SET_FIGURE,
        to::<virkningsevaluering::Plan>(Ability::PlanVirkningsevaluering),
    ];
    let owned = Owned::read(context, ids.iter().copied()).await?;
    Ok(each(ids, |id| WISHES.iter().map(|wish| wish.by_role(&context.actor, &owned.of(id))).collect()))
}

pub async fn of_intervention_years(
    context: &Context,
    reports: &[Reported],
) -> Result<HashMap<Reported, Vec<Permission>>> {
    const STEPS: [(Wish, Action); 3] = [
        (to::<intervention_year::Submit>(Ability::SubmitInterventionYear), Action::Submit),
        (to::<intervention_year::Return>(Ability::ReturnInterventionYear), Action::Return),
        (APPROVE, Action::Approve),
    ];
    let actor = &context.actor;
    let owned = Owned::read(context, reports.iter().map(|report| report.intervention_id)).await?;
    let years = years(context, reports.iter().map(|report| report.year)).await?;
    let decided = reports.iter().filter(|report| {
        report.status == YearReportStatus::Submitted
            && APPROVE.is_permitted(actor, &owned.of(report.intervention_id))
    });
    let decided: Vec<_> = decided.map(|report| report.id).collect();
    let db = &context.snapshot().await?.db;
    let own_work = wrote_since(db, actor.id, &decided, Action::Approve).await?;
    Ok(each(reports, |report| {
        let owners = owned.of(report.intervention_id);
        let year = years.get(&report.year).copied();
        let update = UPDATE_YEAR.answer(actor, &owners, || lifecycle::written(Some(report.status), year));
        let step = |(wish, action): &(Wish, Action)| {
            wish.answer(actor, &owners, || {
                lifecycle::step(*action, report.status, year)?;
                let is_own = *action == Action::Approve && own_work.contains(&report.id);
                if is_own { Err(Problem::OwnWork) } else { Ok(()) }
            })
        };
        [update].into_iter().chain(STEPS.iter().map(step)).collect()
    }))
}

pub async fn of_reporting_years(
    context: &Context,
    years: &[(i32, YearStatus)],
) -> Result<HashMap<(i32, YearStatus), Vec<Permission>>> {
    const CLOSE: Wish = to::<reporting_year::Close>(Ability::CloseReportingYear);
    const ADD_CLAIM: Wish = to::<claim::Add>(Ability::AddClaim);
    let (actor, nobody) = (&context.actor, Owners::default());
    let snapshot = context.snapshot().await?;
    let numbers: Vec<_> = years.iter().map(|(year, _)| *year).collect();
    let unapproved = if CLOSE.is_permitted(actor, &nobody) {
        unapproved(&snapshot.db, &numbers).await?
    } else {
        HashMap::new()
    };
    Ok(each(years, |(year, status)| {
        let count = unapproved.get(&year).copied().unwrap_or_default();
        vec![CLOSE.answer(actor, &nobody, || closable(status, count)), ADD_CLAIM.by_role(actor, &nobody)]
    }))
}

/// By the interventions that they pay.
pub async fn of_fundings(
    context: &Context,
    interventions: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Permission>>> {
    let owned = Owned::read(context, interventions.iter().copied()).await?;
    Ok(each(interventions, |id| vec![SET_FUNDING.by_role(&context.actor, &owned.of(id))]))
}

/// By their interventions, and the years that report them.
pub async fn of_figures(
    context: &Context,
    places: &[(Uuid, i32)],
) -> Result<HashMap<(Uuid, i32), Vec<Permission>>> {
    let owned = Owned::read(context, places.iter().map(|(id, _)| *id)).await?;
    let years = years(context, places.iter().map(|(_, year)| *year)).await?;
    Ok(each(places, |(id, year)| {
        let rule = || takes_changes(years.get(&year).copied());
        vec![SET_FIGURE.answer(&context.actor, &owned.of(id), rule)]
    }))
}

pub async fn of_rounds(context: &Context, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Permission>>> {
    const UPDATE: Wish = to::<evaluation_round::Update>(Ability::UpdateEvaluationRound);
    // Refused in the past, as everything that is about now.
    context.snapshot().await?;
    Ok(each(ids, |_round| vec![UPDATE.by_role(&context.actor, &Owners::default())]))
}
