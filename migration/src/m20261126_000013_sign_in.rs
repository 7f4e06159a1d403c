//! What signing in needs beside sessions: one-time links, API tokens, counts of wrong passwords, and when what was last used.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, binary, binary_null, integer, pk_uuid, text, uuid,
};

use crate::table::table;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // An account has one link at most, which a newer one replaces: so it stands in the account's row.
        for column in [binary_null("link_digest"), big_integer_null("link_expires_at")] {
            manager.alter_table(Table::alter().table("account").add_column(column).take()).await?;
        }
        let by_digest = Index::create()
            .name("account_link_digest_unique")
            .table("account")
            .col("link_digest")
            .unique()
            .take();
        manager.create_index(by_digest).await?;
        table("api_token")
            .column(pk_uuid("id"))
            .column(uuid("account_id"))
            .column(text("name"))
            .column(text("roles"))
            .column(binary("digest"))
            .column(big_integer("created_at"))
            .column(big_integer("expires_at"))
            .column(big_integer_null("revoked_at"))
            .column(big_integer("version"))
            .references("account_id", "account")
            .unique(&["digest"])
            .index(&["account_id", "id"])
            .not_empty("name")
            .check("length(digest) = 32")
            .check("expires_at > created_at")
            .create(manager)
            .await?;
        table("attempt_count")
            .column(binary("digest"))
            .column(integer("failures"))
            .column(big_integer("counted_at"))
            .column(big_integer_null("known_at"))
            .primary_key(&["digest"])
            .index(&["known_at", "counted_at"])
            .check("length(digest) = 32")
            .check("failures >= 0")
            .create(manager)
            .await?;
        // Of sessions and API tokens alike, so nothing refers to either.
        table("last_use")
            .column(uuid("credential_id"))
            .column(uuid("account_id"))
            .column(big_integer("used_at"))
            .primary_key(&["credential_id"])
            .references("account_id", "account")
            .index(&["account_id", "used_at"])
            .create(manager)
            .await
    }
}
