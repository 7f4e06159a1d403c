//! Instruments beside those that everyone has, and what criteria and evaluations say about how they are measured.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, integer_null, pk_uuid, text, text_null};

use crate::table::table;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table("instrument")
            .column(pk_uuid("id"))
            .column(text("code"))
            .column(text("name"))
            .column(text("direction"))
            .column(big_integer("minimum"))
            .column(big_integer("maximum"))
            .column(big_integer_null("smallest_change"))
            .column(integer_null("item_count"))
            .column(integer_null("item_minimum"))
            .column(integer_null("item_maximum"))
            .column(integer_null("factor"))
            .column(big_integer("version"))
            .unique(&["code"])
            .not_empty("code")
            .not_empty("name")
            .one_of("direction", &["UP", "DOWN"])
            .check("minimum < maximum")
            .check("smallest_change > 0")
            .check(
                "(item_count IS NULL) = (item_minimum IS NULL) AND (item_minimum IS NULL) = (item_maximum IS NULL) \
                 AND (item_maximum IS NULL) = (factor IS NULL)",
            )
            .check("item_count > 0 AND item_minimum < item_maximum AND factor > 0")
            .create(manager)
            .await?;
        for (table, column) in [
            ("success_criterion_version", text_null("instrument")),
            ("success_criterion_version", text("cautions").default("[]").take()),
            ("virkningsevaluering_state", integer_null("enrolled").check(Expr::cust("enrolled >= 0")).take()),
        ] {
            manager.alter_table(Table::alter().table(table).add_column(column).take()).await?;
        }
        Ok(())
    }
}
