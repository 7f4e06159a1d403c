//! Accounts that an identity provider vouches for, their sessions, and the grants that its groups stand for.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, binary, text_null, uuid};

use crate::table::table;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let both_or_none = Expr::cust("(issuer IS NULL) = (subject IS NULL)");
        for (table, column) in [
            ("account", text_null("issuer")),
            ("account", text_null("subject").check(both_or_none).take()),
            ("role_grant", text_null("issuer_group")),
        ] {
            manager.alter_table(Table::alter().table(table).add_column(column).take()).await?;
        }
        let name = "account_issuer_subject_unique";
        let index = Index::create().name(name).table("account").col("issuer").col("subject").unique().take();
        manager.create_index(index).await?;
        table("issued_session")
            .column(binary("digest"))
            .column(uuid("session_id"))
            .column(big_integer("expires_at"))
            .primary_key(&["digest"])
            .references("session_id", "session")
            .unique(&["session_id"])
            .index(&["expires_at"])
            .check("length(digest) = 32")
            .create(manager)
            .await?;
        table("account_token_bounds")
            .column(uuid("account_id"))
            .column(big_integer_null("refused_before"))
            .column(big_integer_null("groups_of"))
            .primary_key(&["account_id"])
            .references("account_id", "account")
            .create(manager)
            .await
    }
}
