//! Where one is signed in.

use std::collections::HashMap;

use entity::{issued_session, refresh_token, session};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, IntoSimpleExpr, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
};

use crate::columns::{Timestamp, Uuid};
use crate::context::Context;
use crate::credential::Credential;
use crate::error::Result;
use crate::last_use;
use crate::page::grouped_by;

/// A session as its owner sees it.
#[derive(Clone, Debug)]
pub struct Listed {
    pub row: session::Model,
    /// To the minute.
    pub last_used_at: Option<Timestamp>,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// The sessions of each account that go on, the oldest first: one's own, and nobody else's.
pub async fn of_accounts(context: &Context, accounts: &[Uuid]) -> Result<HashMap<Uuid, Vec<Listed>>> {
    let snapshot = context.snapshot().await?;
    // One that can no longer be refreshed is over once its last access token is.
    let renewable = refresh_token::Entity::find()
        .select_only()
        .expr(Expr::val(1))
        .filter(refresh_token::Column::SessionId.into_expr().eq(session::Column::Id.into_simple_expr()))
        .filter(refresh_token::COLUMN.used_at.is_null())
        .filter(refresh_token::COLUMN.expires_at.gt(context.now()))
        .into_query();
    // One of an identity provider's token lasts as long as that.
    let issued = issued_session::Entity::find()
        .select_only()
        .expr(Expr::val(1))
        .filter(issued_session::Column::SessionId.into_expr().eq(session::Column::Id.into_simple_expr()))
        .filter(issued_session::COLUMN.expires_at.gt(context.now()))
        .into_query();
    let rows = session::Entity::find()
        .filter(session::COLUMN.account_id.is_in(accounts.iter().copied()))
        .filter(session::COLUMN.account_id.eq(context.actor.id))
        .filter(session::COLUMN.ended_at.is_null())
        .filter(Condition::any().add(Expr::exists(renewable)).add(Expr::exists(issued)))
        .order_by_asc(session::COLUMN.id)
        .all(&snapshot.db)
        .await?;
    let uses = last_use::of_credentials(context, rows.iter().map(|row| row.id)).await?;
    let listed = rows.into_iter().map(|row| Listed {
        last_used_at: uses.get(&row.id).copied(),
        current: context.actor.credential == Credential::Session(row.id),
        row,
    });
    Ok(grouped_by(listed, |listed| listed.row.account_id))
}
