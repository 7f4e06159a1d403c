//! Grants of ADMIN that another ADMIN confirms. Those that were there need nothing: they hold as they did.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::text_null;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let known =
            Expr::cust("confirmation IS NULL OR confirmation IN ('PENDING', 'CONFIRMED', 'SOLE_ADMIN')");
        let confirmation = text_null("confirmation").check(known).take();
        manager.alter_table(Table::alter().table("role_grant").add_column(confirmation).take()).await
    }
}
