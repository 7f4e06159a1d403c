//! The rows of the tables, as the history should make them again.

use std::collections::HashMap;

use entity::{
    criterion_claim, criterion_comparison, criterion_result, data_processing, data_source, element_criterion,
    event, learning, measurement, observation, observation_batch, observation_erasure, paired_table,
    participant_exclusion, population, qualitative_evidence, rival_explanation, success_criterion,
    success_criterion_version, theory_amendment, theory_element, theory_element_version, theory_link,
    transition, virkningsevaluering, virkningsevaluering_state,
};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, ExprTrait, IntoSimpleExpr, Iterable, PrimaryKeyToColumn,
    QueryFilter, QuerySelect, QueryTrait,
};

use super::subject::{RowKey, Stored};
use crate::account::Account;
use crate::api_token::ApiToken;
use crate::claim::Claim;
use crate::columns::{SubjectKind, Uuid};
use crate::district::District;
use crate::error::{Error, Result};
use crate::evaluation_round::Round;
use crate::event::Fields;
use crate::figure::Figure;
use crate::forvaltning::Forvaltning;
use crate::funding::Paid;
use crate::instrument::Instrument;
use crate::intervention::Intervention;
use crate::intervention_year::Report;
use crate::observation::{fields_of_batch, fields_of_exclusion};
use crate::operation::Aggregate;
use crate::page::grouped_by;
use crate::programme_theory::element::Element;
use crate::reporting_year::ReportingYear;
use crate::role_grant::RoleGrant;
use crate::strategy::Strategy;
use crate::strategy_principle::StrategyPrinciple;
use crate::success_criterion::Criterion;
use crate::virkningsevaluering::part::PartRow;
use crate::virkningsevaluering::{Evaluation, row_fields, state_fields};

/// A subject as it is stored.
#[derive(Default)]
pub(super) struct StoredSubject {
    pub version: i64,
    pub fields: Fields,
    /// The rows below an evaluation, those that no longer stand among them.
    pub rows: Vec<Stored>,
}

type Subjects = HashMap<Uuid, StoredSubject>;

/// Calls a function with the aggregate of a kind.
macro_rules! of_kind {
    ($kind:expr, $does:ident, $($argument:expr),*) => {
        match $kind {
            SubjectKind::Account => $does::<Account>($($argument),*).await,
            SubjectKind::RoleGrant => $does::<RoleGrant>($($argument),*).await,
            SubjectKind::ApiToken => $does::<ApiToken>($($argument),*).await,
            SubjectKind::Forvaltning => $does::<Forvaltning>($($argument),*).await,
            SubjectKind::Strategy => $does::<Strategy>($($argument),*).await,
            SubjectKind::StrategyPrinciple => $does::<StrategyPrinciple>($($argument),*).await,
            SubjectKind::District => $does::<District>($($argument),*).await,
            SubjectKind::Intervention => $does::<Intervention>($($argument),*).await,
            SubjectKind::InterventionYear => $does::<Report>($($argument),*).await,
            SubjectKind::ReportingYear => $does::<ReportingYear>($($argument),*).await,
            SubjectKind::Funding => $does::<Paid>($($argument),*).await,
            SubjectKind::Figure => $does::<Figure>($($argument),*).await,
            SubjectKind::Claim => $does::<Claim>($($argument),*).await,
            SubjectKind::Instrument => $does::<Instrument>($($argument),*).await,
            SubjectKind::EvaluationRound => $does::<Round>($($argument),*).await,
            SubjectKind::Virkningsevaluering => $does::<Evaluation>($($argument),*).await,
        }
    };
}

/// What was found of some subjects.
#[derive(Default)]
pub(super) struct Found {
    pub subjects: Subjects,
    /// Those with a row that holds what none can, and why it cannot be read.
    pub unreadable: HashMap<Uuid, String>,
}

/// The stored subjects of these ids.
pub(super) async fn stored(db: &DatabaseTransaction, kind: SubjectKind, ids: &[Uuid]) -> Result<Found> {
    let mut found = Found::default();
    let mut waiting = vec![ids];
    while let Some(ids) = waiting.pop() {
        match (read(db, kind, ids).await, ids) {
            (Ok(subjects), _) => found.subjects.extend(subjects),
            (Err(Error::Internal(cause)), [id]) => {
                found.unreadable.insert(*id, cause);
            }
            // One that cannot be read is found by halves.
            (Err(Error::Internal(_)), [_, _, ..]) => waiting.extend(ids.chunks(ids.len().div_ceil(2))),
            (Err(error), _) => return Err(error),
        }
    }
    Ok(found)
}

async fn read(db: &DatabaseTransaction, kind: SubjectKind, ids: &[Uuid]) -> Result<Subjects> {
    if kind == SubjectKind::Virkningsevaluering {
        return evaluations(db, ids).await;
    }
    of_kind!(kind, loaded, db, ids)
}

async fn loaded<A: Aggregate>(db: &DatabaseTransaction, ids: &[Uuid]) -> Result<Subjects> {
    let found = A::load_all(db, ids).await?.into_iter();
    let stored = |subject: &A| StoredSubject {
        version: subject.version(),
        fields: subject.fields(),
        rows: Vec::new(),
    };
    Ok(found.map(|subject| (subject.id(), stored(&subject))).collect())
}

/// Some ids of rows that no event tells of.
pub(super) async fn without_history(db: &DatabaseTransaction, kind: SubjectKind) -> Result<Vec<Uuid>> {
    of_kind!(kind, untold, db)
}

async fn untold<A: Aggregate>(db: &DatabaseTransaction) -> Result<Vec<Uuid>> {
    let Some(id) = <A::Table as EntityTrait>::PrimaryKey::iter().next().map(PrimaryKeyToColumn::into_column)
    else {
        return Ok(Vec::new());
    };
    // Looked up for each row by the index of events, which is as quick for the millionth as for the first.
    let told = event::Entity::find()
        .select_only()
        .expr(Expr::val(1))
        .filter(event::Column::SubjectId.into_expr().eq(id.into_simple_expr()))
        .filter(event::COLUMN.subject_kind.eq(A::KIND))
        .into_query();
    let rows = A::Table::find().select_only().column(id).filter(Expr::exists(told).not()).limit(super::MOST);
    Ok(rows.into_tuple().all(db).await?)
}

async fn evaluations(db: &DatabaseTransaction, ids: &[Uuid]) -> Result<Subjects> {
    let rows = virkningsevaluering::Entity::find()
        .filter(virkningsevaluering::COLUMN.id.is_in(ids.iter().copied()))
        .all(db)
        .await?;
    let mut found: Subjects = rows
        .iter()
        .map(|row| {
            (row.id, StoredSubject { version: row.version, fields: row_fields(row), rows: Vec::new() })
        })
        .collect();
    let mut add = |evaluation: Uuid, key: RowKey, since: i64, until: Option<i64>, fields: Fields| {
        if let Some(subject) = found.get_mut(&evaluation) {
            subject.rows.push(Stored { key, since, until, fields });
        }
    };
    let states = virkningsevaluering_state::Entity::find()
        .filter(virkningsevaluering_state::COLUMN.virkningsevaluering_id.is_in(ids.iter().copied()));
    for row in states.all(db).await? {
        add(row.virkningsevaluering_id, None, row.since_version, row.until_version, state_fields(&row));
    }
    // What says something in each of its versions. One that says nothing in any, and a version of none, no event leaves behind.
    macro_rules! worded {
        ($part:ident, $table:ident, $version:ident, $of:ident) => {
            let rows = $table::Entity::find()
                .filter($table::Column::VirkningsevalueringId.is_in(ids.iter().copied()))
                .all(db)
                .await?;
            let versions = $version::Entity::find()
                .filter($version::Column::VirkningsevalueringId.is_in(ids.iter().copied()))
                .all(db)
                .await?;
            for row in rows.iter().filter(|row| versions.iter().all(|version| version.$of != row.id)) {
                add(row.virkningsevaluering_id, Some(($part::KIND, row.id)), 0, None, Fields::new());
            }
            for version in versions {
                let (evaluation, id) = (version.virkningsevaluering_id, version.$of);
                let (since, until) = (version.since_version, version.until_version);
                let row = rows.iter().find(|row| row.id == id && row.virkningsevaluering_id == evaluation);
                let said = row.map(|row| $part { row: row.clone(), version: Some(version) }.fields());
                add(evaluation, Some(($part::KIND, id)), since, until, said.unwrap_or_default());
            }
        };
    }
    worded!(Criterion, success_criterion, success_criterion_version, success_criterion_id);
    worded!(Element, theory_element, theory_element_version, theory_element_id);
    macro_rules! parts {
        ($table:ident, $until:expr) => {
            let rows = $table::Entity::find()
                .filter($table::Column::VirkningsevalueringId.is_in(ids.iter().copied()));
            for row in rows.all(db).await? {
                let until: fn(&$table::Model) -> Option<i64> = $until;
                let key = Some(($table::Model::KIND, row.id));
                add(row.virkningsevaluering_id, key, row.since_version, until(&row), row.fields());
            }
        };
    }
    parts!(population, |_stays| None);
    parts!(data_source, |_stays| None);
    parts!(criterion_claim, |_stays| None);
    parts!(learning, |_stays| None);
    parts!(theory_amendment, |_stays| None);
    parts!(qualitative_evidence, |_stays| None);
    parts!(transition, |_stays| None);
    parts!(observation_erasure, |_stays| None);
    parts!(data_processing, |row| row.until_version);
    parts!(measurement, |row| row.until_version);
    parts!(paired_table, |row| row.until_version);
    parts!(criterion_result, |row| row.until_version);
    parts!(criterion_comparison, |row| row.until_version);
    let of_evaluations = observation_batch::Column::VirkningsevalueringId.is_in(ids.iter().copied());
    let batches = observation_batch::Entity::find().filter(of_evaluations).all(db).await?;
    let of_evaluations = observation::Column::VirkningsevalueringId.is_in(ids.iter().copied());
    let observations = observation::Entity::find().filter(of_evaluations).all(db).await?;
    let batches_of = grouped_by(&batches, |batch| batch.success_criterion_id);
    let observations_of = grouped_by(&observations, |row| row.success_criterion_id);
    for batch in &batches {
        let criterion = batch.success_criterion_id;
        let (all, others) = (observations_of.get(&criterion), batches_of.get(&criterion));
        let fields =
            fields_of_batch(batch, all.map_or(&[], Vec::as_slice), others.map_or(&[], Vec::as_slice))?;
        let key = Some((observation_batch::Model::KIND, batch.id));
        add(batch.virkningsevaluering_id, key, batch.since_version, None, fields);
    }
    let of_evaluations = participant_exclusion::Column::VirkningsevalueringId.is_in(ids.iter().copied());
    for row in participant_exclusion::Entity::find().filter(of_evaluations).all(db).await? {
        let key = Some((participant_exclusion::Model::KIND, row.id));
        let fields = fields_of_exclusion(&row)?;
        add(row.virkningsevaluering_id, key, row.since_version, row.until_version, fields);
    }
    parts!(theory_link, |row| row.until_version);
    parts!(element_criterion, |row| row.until_version);
    parts!(rival_explanation, |row| row.until_version);
    Ok(found)
}
