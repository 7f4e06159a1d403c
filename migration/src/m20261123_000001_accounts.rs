//! Forvaltninger, accounts, what they may do, and their sessions.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, binary, boolean, pk_uuid, text, text_null, uuid, uuid_null,
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
        table("forvaltning")
            .column(pk_uuid("id"))
            .column(text("code"))
            .column(text("name"))
            .column(big_integer("version"))
            .unique(&["code"])
            .not_empty("code")
            .not_empty("name")
            .create(manager)
            .await?;
        table("account")
            .column(pk_uuid("id"))
            .column(text("email"))
            .column(text("email_key"))
            .column(text("name"))
            .column(text_null("password_hash"))
            .column(boolean("active"))
            .column(big_integer("version"))
            .unique(&["email_key"])
            .not_empty("name")
            .create(manager)
            .await?;
        table("role_grant")
            .column(pk_uuid("id"))
            .column(uuid("account_id"))
            .column(text("role"))
            .column(uuid_null("forvaltning_id"))
            .column(big_integer("valid_from"))
            .column(big_integer_null("valid_to"))
            .column(big_integer("version"))
            .references("account_id", "account")
            .references("forvaltning_id", "forvaltning")
            .index(&["account_id"])
            .one_of("role", &["READER", "EVALUATOR", "APPROVER", "COORDINATOR", "AUDITOR", "ADMIN"])
            .check("valid_to IS NULL OR valid_to >= valid_from")
            .create(manager)
            .await?;
        table("session")
            .column(pk_uuid("id"))
            .column(uuid("account_id"))
            .column(big_integer("started_at"))
            .column(big_integer_null("ended_at"))
            .references("account_id", "account")
            .index(&["account_id"])
            .create(manager)
            .await?;
        table("refresh_token")
            .column(binary("digest"))
            .column(uuid("session_id"))
            .column(big_integer("expires_at"))
            .column(big_integer_null("used_at"))
            .primary_key(&["digest"])
            .references("session_id", "session")
            .index(&["session_id"])
            .check("length(digest) = 32")
            .create(manager)
            .await
    }
}
