//! Storing a row under the version that it was read with.

use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait, DatabaseTransaction, DbErr, EntityTrait,
    IntoActiveModel, QueryFilter,
};

use crate::error::{Error, Problem, Result};

/// Writes a row: a new one, or over the one that still has the version it was read with.
pub(crate) async fn save<E>(
    db: &DatabaseTransaction,
    row: E::Model,
    version: E::Column,
    before: Option<i64>,
) -> Result<()>
where
    E: EntityTrait,
    E::ActiveModel: ActiveModelTrait<Entity = E> + ActiveModelBehavior + Send,
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    let Some(before) = before else {
        E::insert(row.into_active_model()).exec_without_returning(db).await?;
        return Ok(());
    };
    let updated =
        E::update(row.into_active_model().reset_all()).validate()?.filter(version.eq(before)).exec(db).await;
    match updated {
        Ok(_) => Ok(()),
        Err(DbErr::RecordNotUpdated) => {
            Err(Error::refused("expectedVersion", Problem::Stale { current: before + 1 }))
        }
        Err(error) => Err(error.into()),
    }
}
