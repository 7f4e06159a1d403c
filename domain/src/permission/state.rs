//! Evaluations as they are now, whatever version of them is being read.

use std::collections::{HashMap, HashSet};

use entity::{virkningsevaluering, virkningsevaluering_state};
use sea_orm::{EntityTrait, QueryFilter};

use super::{Permission, Wish};
use crate::columns::{Action, EvaluationStatus, Uuid};
use crate::context::Context;
use crate::error::{Problem, Result};
use crate::intervention::owners_of;
use crate::policy::Owners;
use crate::virkningsevaluering::{criteria_amended, criteria_written, obstacles, step, written};

/// Which rule an ability goes by, beside the roles.
#[derive(Clone, Copy)]
pub(super) enum Rule {
    None,
    /// As every write below an evaluation.
    Written,
    /// As a write of its criteria.
    Criteria,
    Amended,
    Step(Action),
}

#[derive(Clone)]
pub(super) struct State {
    pub status: EvaluationStatus,
    pub intervention_id: Uuid,
    pub owners: Owners,
}

/// The evaluations that are asked about.
pub(super) struct Evaluations<'a> {
    context: &'a Context,
    states: HashMap<Uuid, State>,
    obstacles: HashMap<(Uuid, Action), Problem>,
}

impl<'a> Evaluations<'a> {
    pub async fn read(context: &'a Context, ids: impl Iterator<Item = Uuid>) -> Result<Self> {
        let ids: HashSet<_> = ids.collect();
        let db = &context.snapshot().await?.db;
        let statuses = virkningsevaluering_state::Entity::find()
            .filter(virkningsevaluering_state::COLUMN.virkningsevaluering_id.is_in(ids.iter().copied()))
            .filter(virkningsevaluering_state::COLUMN.until_version.is_null())
            .all(db)
            .await?;
        let rows = virkningsevaluering::Entity::find()
            .filter(virkningsevaluering::COLUMN.id.is_in(ids))
            .all(db)
            .await?;
        let interventions: HashSet<_> = rows.iter().map(|row| row.intervention_id).collect();
        let owners = owners_of(db, &interventions.into_iter().collect::<Vec<_>>()).await?;
        let state = |row: &virkningsevaluering::Model| {
            let now = statuses.iter().find(|state| state.virkningsevaluering_id == row.id)?;
            let intervention_id = row.intervention_id;
            let owners = owners.get(&intervention_id).cloned().unwrap_or_default();
            Some((row.id, State { status: now.status, intervention_id, owners }))
        };
        let states = rows.iter().filter_map(state).collect();
        Ok(Self { context, states, obstacles: HashMap::new() })
    }

    /// Looks up what stands in the way of those of these steps that roles and statuses allow.
    pub async fn look_for_obstacles(&mut self, wishes: &[(Wish, Rule)]) -> Result<()> {
        let mut steps = Vec::new();
        for (id, state) in &self.states {
            for (wish, rule) in wishes {
                if let Rule::Step(action) = rule
                    && wish.is_permitted(&self.context.actor, &state.owners)
                    && step(*action, state.status).is_ok()
                {
                    steps.push((*id, *action));
                }
            }
        }
        let db = &self.context.snapshot().await?.db;
        self.obstacles = obstacles(db, self.context.actor.id, &steps).await?;
        Ok(())
    }

    pub fn get(&self, id: Uuid) -> Option<&State> {
        self.states.get(&id)
    }

    pub fn iter(&self) -> impl Iterator<Item = (Uuid, &State)> {
        self.states.iter().map(|(id, state)| (*id, state))
    }

    /// The answers to some wishes about one evaluation, or about what lies below it. `first` is what the object itself has
    /// against the wish.
    pub fn answers(
        &self,
        id: Uuid,
        wishes: &[(Wish, Rule)],
        first: impl Fn(&Wish) -> Result<(), Problem>,
    ) -> Vec<Permission> {
        let Some(state) = self.get(id) else { return Vec::new() };
        let answer = |(wish, rule): &(Wish, Rule)| {
            wish.answer(&self.context.actor, &state.owners, || {
                first(wish)?;
                self.check(id, state.status, *rule)
            })
        };
        wishes.iter().map(answer).collect()
    }

    fn check(&self, id: Uuid, status: EvaluationStatus, rule: Rule) -> Result<(), Problem> {
        match rule {
            Rule::None => Ok(()),
            Rule::Written => written(status).map(drop),
            Rule::Criteria => criteria_written(status),
            Rule::Amended => criteria_amended(status),
            Rule::Step(action) => {
                step(action, status)?;
                self.obstacles.get(&(id, action)).map_or(Ok(()), |problem| Err(problem.clone()))
            }
        }
    }
}
