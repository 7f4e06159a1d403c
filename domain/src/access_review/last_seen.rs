//! When accounts were last seen.

use std::collections::HashMap;

use entity::{refresh_token, session};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, JoinType, QueryFilter, QuerySelect};

use crate::columns::{Timestamp, Uuid};
use crate::error::Result;

/// When each account last began a session or refreshed one. One that never has is left out.
pub async fn last_seen(db: &DatabaseTransaction, accounts: &[Uuid]) -> Result<HashMap<Uuid, Timestamp>> {
    let began: Vec<(Uuid, Option<Timestamp>)> = session::Entity::find()
        .select_only()
        .column(session::Column::AccountId)
        .column_as(session::Column::StartedAt.max(), "began")
        .filter(session::COLUMN.account_id.is_in(accounts.iter().copied()))
        .group_by(session::Column::AccountId)
        .into_tuple()
        .all(db)
        .await?;
    let of_session = refresh_token::Entity::belongs_to(session::Entity)
        .from(refresh_token::Column::SessionId)
        .to(session::Column::Id);
    let refreshed: Vec<(Uuid, Option<Timestamp>)> = refresh_token::Entity::find()
        .select_only()
        .column(session::Column::AccountId)
        .column_as(refresh_token::Column::UsedAt.max(), "refreshed")
        .join(JoinType::InnerJoin, of_session.into())
        .filter(session::COLUMN.account_id.is_in(accounts.iter().copied()))
        .group_by(session::Column::AccountId)
        .into_tuple()
        .all(db)
        .await?;
    let mut newest = HashMap::new();
    for (account, at) in began.into_iter().chain(refreshed) {
        if let Some(at) = at {
            let known = newest.entry(account).or_insert(at);
            *known = Ord::max(*known, at);
        }
    }
    Ok(newest)
}
