//! The rows that criteria are read from.

use std::collections::HashSet;

use entity::{success_criterion, success_criterion_version};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, Iterable, JoinType, QueryFilter, QueryOrder,
    QueryResult, QuerySelect, QueryTrait, RelationDef, Select,
};

use super::{CriterionRow, CriterionVersion};
use crate::columns::Uuid;
use crate::in_order::InOrder;
use crate::page::among;

/// From a criterion to all that it ever said.
fn versions() -> RelationDef {
    success_criterion::Entity::belongs_to(success_criterion_version::Entity)
        .from(success_criterion::Column::Id)
        .to(success_criterion_version::Column::SuccessCriterionId)
        .into()
}

/// The criteria of these evaluations by number, each once for all that it ever said, the oldest first.
pub(super) async fn of_evaluations(
    db: &DatabaseTransaction,
    ids: HashSet<Uuid>,
) -> Result<Vec<(CriterionRow, CriterionVersion)>, DbErr> {
    let rows = criteria()
        .filter(among(db, success_criterion::Column::VirkningsevalueringId, ids.iter().copied()))
        // The same of both tables: otherwise one of them may be read whole.
        .filter(among(db, success_criterion_version::Column::VirkningsevalueringId, ids))
        .order_by_asc(success_criterion::COLUMN.number)
        .order_by_asc(success_criterion_version::COLUMN.since_version);
    db.query_all(&rows.into_query()).await?.iter().map(read).collect()
}

/// The criterion with what it says now; none where it was removed.
pub(super) async fn standing(
    db: &DatabaseTransaction,
    id: Uuid,
) -> Result<Option<(CriterionRow, CriterionVersion)>, DbErr> {
    let row = criteria()
        .filter(success_criterion::COLUMN.id.eq(id))
        .filter(success_criterion_version::COLUMN.until_version.is_null());
    db.query_one(&row.into_query()).await?.as_ref().map(read).transpose()
}

/// All columns of criteria and of what they ever said.
fn criteria() -> Select<success_criterion::Entity> {
    success_criterion::Entity::find()
        .select_only()
        .columns(success_criterion::Column::iter())
        .columns(success_criterion_version::Column::iter())
        .join(JoinType::InnerJoin, versions())
}

fn read(row: &QueryResult) -> Result<(CriterionRow, CriterionVersion), DbErr> {
    let mut row = InOrder::of(row);
    let criterion =
        CriterionRow { id: row.plain()?, virkningsevaluering_id: row.plain()?, number: row.plain()? };
    let version = CriterionVersion {
        success_criterion_id: row.plain()?,
        since_version: row.plain()?,
        until_version: row.optional_plain()?,
        virkningsevaluering_id: row.plain()?,
        dimension: row.plain()?,
        indicator: row.plain()?,
        direction: row.code()?,
        basis: row.code()?,
        threshold: row.given()?,
        unit: row.code()?,
        pairing: row.code()?,
        success_categories: row.given()?,
        instrument: row.optional_plain()?,
        cautions: row.given()?,
        amendment: row.optional_plain()?,
    };
    Ok((criterion, version))
}
