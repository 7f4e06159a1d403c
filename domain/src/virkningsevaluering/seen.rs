//! Evaluations as an actor sees them: as they are now where they are the actor's own, else as last published.

use std::collections::HashMap;

use entity::{transition, virkningsevaluering, virkningsevaluering_state};
use evidence::disclosure::Rule;
use sea_orm::sea_query::{CaseStatement, Expr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, ExprTrait,
    FromQueryResult, IdenStatic, Iterable, JoinType, QueryFilter, QueryResult, QuerySelect, QueryTrait,
    Select,
};

use super::part::stands;
use super::past;
use crate::columns::{EvaluationStatus, SubjectKind, Timestamp, Uuid};
use crate::context::Context;
use crate::disclosure::{self, is_few};
use crate::error::Result;
use crate::policy::{Verb, sight};
use crate::sight::{seen, within};

const KIND: SubjectKind = SubjectKind::Virkningsevaluering;

/// An evaluation in one of its versions.
#[derive(Clone, Debug)]
pub struct Seen {
    pub row: virkningsevaluering::Model,
    pub state: virkningsevaluering_state::Model,
    /// The version that is seen.
    pub version: i64,
    /// Whether it is seen as it is now, with how it came about; else only what is published.
    working: bool,
    /// Whether its participants are seen; else numbers of few people are hidden.
    pub participants: bool,
}

/// A version of an evaluation, in which its parts are looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Standing {
    pub evaluation_id: Uuid,
    /// In version 0 nothing stands.
    pub version: i64,
    pub registered_version: Option<i64>,
    /// Whether the reader sees its participants.
    pub participants: bool,
}

/// As much of an evaluation's life as a reader sees, tombstone or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Life {
    evaluation_id: Uuid,
    version: i64,
    working: bool,
    participants: bool,
}

impl Life {
    pub(super) fn evaluation_id(&self) -> Uuid {
        self.evaluation_id
    }

    pub(super) fn version(&self) -> i64 {
        self.version
    }

    pub(super) fn participants(&self) -> bool {
        self.participants
    }

    /// What was said on the way to a publication was said to those who work on it.
    pub(super) fn shows(&self, step: &transition::Model) -> bool {
        let public = matches!(step.to_status, EvaluationStatus::Published | EvaluationStatus::Withdrawn);
        step.since_version <= self.version && (self.working || public)
    }
}

impl Seen {
    pub(super) fn of(
        row: virkningsevaluering::Model,
        state: virkningsevaluering_state::Model,
        Access { working, participants, rule }: Access,
    ) -> Self {
        let enrolled = state.enrolled.filter(|enrolled| participants || !is_few(rule, *enrolled));
        let state = virkningsevaluering_state::Model { enrolled, ..state };
        let version = if working { row.version } else { row.published_version.unwrap_or_default() };
        Self { row, state, version, working, participants }
    }

    pub fn standing(&self) -> Standing {
        Standing {
            evaluation_id: self.row.id,
            version: if self.is_tombstone() { 0 } else { self.version },
            registered_version: self.row.registered_version.filter(|version| *version <= self.version),
            participants: self.participants,
        }
    }

    /// Whether only that it was there is left for this reader.
    fn is_tombstone(&self) -> bool {
        !self.working && self.state.status == EvaluationStatus::Withdrawn
    }

    /// What looks its steps up.
    pub fn life(&self) -> Life {
        Life {
            evaluation_id: self.row.id,
            version: self.version,
            working: self.working,
            participants: self.participants,
        }
    }

    /// When its criteria were registered, as far as this version knows.
    pub fn registered_at(&self) -> Option<Timestamp> {
        self.standing().registered_version.and(self.row.registered_at)
    }
}

/// Whether the actor may read published evaluations, of whatever forvaltning.
fn sees_published(context: &Context) -> bool {
    sight(&context.actor, Verb::SeePublished, KIND).everything
}

pub(super) fn sees_all(context: &Context) -> bool {
    sight(&context.actor, Verb::See, KIND).everything
}

/// The rows of `virkningsevaluering` that the actor sees as they are now.
pub(super) fn own(context: &Context) -> Condition {
    seen(context, KIND, virkningsevaluering::Column::InterventionId)
}

/// The rows of `virkningsevaluering` of which the actor sees anything.
pub(super) fn visible(context: &Context) -> Condition {
    if sees_all(context) || !sees_published(context) {
        return own(context);
    }
    Condition::any().add(own(context)).add(virkningsevaluering::COLUMN.published_version.is_not_null())
}

/// An evaluation as [`states`] selects it.
pub(super) struct Found {
    pub row: virkningsevaluering::Model,
    pub state: virkningsevaluering_state::Model,
    working: bool,
    participants: bool,
}

/// What the columns of `virkningsevaluering` are called beside those of its state.
const OF_ROW: &str = "row_";

impl FromQueryResult for Found {
    fn from_query_result(found: &QueryResult, _prefix: &str) -> Result<Self, DbErr> {
        let holds = |column| found.try_get::<i32>("", column).map(|truth| truth == 1);
        Ok(Self {
            row: virkningsevaluering::Model::from_query_result(found, OF_ROW)?,
            state: virkningsevaluering_state::Model::from_query_result(found, "")?,
            working: holds(WORKING)?,
            participants: holds(PARTICIPANTS)?,
        })
    }
}

impl Found {
    /// As the actor sees it who selected it.
    pub fn seen(self, context: &Context) -> Seen {
        let Self { row, state, working, participants } = self;
        Seen::of(row, state, Access { working, participants, rule: disclosure::rule(context) })
    }
}

/// The state in which the actor sees each evaluation, to be read as [`Found`]. Every list of evaluations begins here.
pub(super) fn states(context: &Context) -> Select<virkningsevaluering_state::Entity> {
    let mut states = Access::selected(context, visible_states(context));
    for column in virkningsevaluering::Column::iter() {
        let name = format!("{OF_ROW}{}", column.as_str());
        states = states.expr_as(Expr::col((virkningsevaluering::Entity, column)), name);
    }
    states
}

fn visible_states(context: &Context) -> Select<virkningsevaluering_state::Entity> {
    let of_state = virkningsevaluering_state::Entity::belongs_to(virkningsevaluering::Entity)
        .from(virkningsevaluering_state::Column::VirkningsevalueringId)
        .to(virkningsevaluering::Column::Id);
    let until = virkningsevaluering_state::Column::UntilVersion;
    let now = Condition::all().add(until.is_null());
    let states = virkningsevaluering_state::Entity::find().join(JoinType::InnerJoin, of_state.into());
    if sees_all(context) {
        return states.filter(now);
    }
    let mut any = Condition::any().add(now.add(own(context)));
    if sees_published(context) {
        let published =
            Expr::col((virkningsevaluering::Entity, virkningsevaluering::Column::PublishedVersion));
        let since = virkningsevaluering_state::Column::SinceVersion;
        let stands = Condition::all()
            .add(own(context).not())
            .add(since.into_expr().lte(published.clone()))
            .add(until.is_null().or(until.into_expr().gt(published)));
        any = any.add(stands);
    }
    states.filter(any)
}

/// How the actor reads an evaluation that is seen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Access {
    /// As it is now.
    pub working: bool,
    /// With numbers of few people.
    pub participants: bool,
    /// What is few.
    pub rule: Rule,
}

/// What the answers to how an actor reads an evaluation are called.
const WORKING: &str = "working";
const PARTICIPANTS: &str = "participants";

impl Access {
    /// A selection over rows of `virkningsevaluering` that tells of each how the actor reads it.
    fn selected<E: EntityTrait>(context: &Context, rows: Select<E>) -> Select<E> {
        let truth = |holds: Condition| CaseStatement::new().case(holds, 1).finally(0);
        let participants = sight(&context.actor, Verb::ReadParticipants, KIND);
        let participants = within(&participants, virkningsevaluering::Column::InterventionId);
        rows.expr_as(truth(own(context)), WORKING).expr_as(truth(participants), PARTICIPANTS)
    }

    /// The rows of `virkningsevaluering` that a query selects, each with the actor's access to it.
    pub async fn of_rows(
        context: &Context,
        db: &DatabaseTransaction,
        rows: Select<virkningsevaluering::Entity>,
    ) -> Result<Vec<(virkningsevaluering::Model, Self)>> {
        let query = Self::selected(context, rows).into_query();
        let rule = disclosure::rule(context);
        let of_row = |found: &QueryResult| {
            let holds = |column| found.try_get::<i32>("", column).map(|truth| truth == 1);
            let access = Self { working: holds(WORKING)?, participants: holds(PARTICIPANTS)?, rule };
            Ok((virkningsevaluering::Model::from_query_result(found, "")?, access))
        };
        db.query_all(&query).await?.iter().map(of_row).collect()
    }
}

/// What was last published of each evaluation, as readers elsewhere see it.
pub async fn published(context: &Context, ids: &[Uuid]) -> Result<HashMap<Uuid, Seen>> {
    if let Some(past) = context.past() {
        let which = Condition::all().add(virkningsevaluering::COLUMN.id.is_in(ids.iter().copied()));
        let published = past::published(context, past, which).await?;
        return Ok(published.into_iter().map(|seen| (seen.row.id, seen)).collect());
    }
    let snapshot = context.snapshot().await?;
    let rows = virkningsevaluering::Entity::find()
        .filter(visible(context))
        .filter(virkningsevaluering::COLUMN.id.is_in(ids.iter().copied()))
        .filter(virkningsevaluering::COLUMN.published_version.is_not_null());
    let rows = Access::of_rows(context, &snapshot.db, rows).await?;
    let states = virkningsevaluering_state::Entity::find()
        .filter(
            virkningsevaluering_state::COLUMN
                .virkningsevaluering_id
                .is_in(rows.iter().map(|(row, _)| row.id)),
        )
        .all(&snapshot.db)
        .await?;
    let mut published = HashMap::new();
    for (row, access) in rows {
        let version = row.published_version.unwrap_or_default();
        let state = states.iter().find(|state| {
            state.virkningsevaluering_id == row.id
                && stands(state.since_version, state.until_version, version)
        });
        if let Some(state) = state {
            published.insert(row.id, Seen::of(row, state.clone(), Access { working: false, ..access }));
        }
    }
    Ok(published)
}
