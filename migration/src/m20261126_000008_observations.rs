//! Observations: what pseudonymous participants answered, why that may be kept, and until when.
//!
//! An event holds a digest of the rows' commitments and none of their values, so a row can be emptied by law and the log still
//! verifies.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, binary, binary_null, boolean, date, integer, text, text_null, uuid,
};

use crate::table::part;

#[derive(DeriveMigrationName)]
pub struct Migration;

const WAVES: [&str; 4] = ["BEFORE", "DURING", "AFTER", "FOLLOW_UP"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        part("data_processing")
            .column(big_integer_null("until_version"))
            .column(text("purpose"))
            .column(text("legal_basis"))
            .column(date("deletion_date"))
            .stands_once(&["virkningsevaluering_id"])
            .not_empty("purpose")
            .not_empty("legal_basis")
            .create(manager)
            .await?;
        part("observation_batch")
            .column(uuid("success_criterion_id"))
            .column(text("wave"))
            .column(date("period_start"))
            .column(date("period_end"))
            .column(integer("observations"))
            .column(binary("digest"))
            .column(integer("replaced"))
            .column(binary("replaced_digest"))
            .column(big_integer("recorded_at"))
            .references("success_criterion_id", "success_criterion")
            .index(&["success_criterion_id", "id"])
            .one_of("wave", &WAVES)
            .check("period_start <= period_end")
            .check("observations > 0 AND replaced BETWEEN 0 AND observations")
            .check("length(digest) = 32 AND length(replaced_digest) = 32")
            .create(manager)
            .await?;
        part("observation")
            .column(big_integer_null("until_version"))
            .column(uuid("success_criterion_id"))
            .column(uuid("observation_batch_id"))
            .column(text("wave"))
            .column(text_null("participant"))
            .column(text_null("category"))
            .column(big_integer_null("value"))
            .column(big_integer_null("exposure"))
            .column(text_null("items"))
            .column(binary_null("salt"))
            .column(binary("commitment"))
            .references("success_criterion_id", "success_criterion")
            .references("observation_batch_id", "observation_batch")
            .index(&["observation_batch_id", "id"])
            .index(&["success_criterion_id", "id"])
            .stands_once(&["success_criterion_id", "wave", "participant"])
            .one_of("wave", &WAVES)
            .check("(participant IS NULL) = (salt IS NULL)")
            .check(
                "participant IS NOT NULL \
                 OR (category IS NULL AND value IS NULL AND exposure IS NULL AND items IS NULL)",
            )
            .check("length(commitment) = 32")
            .create(manager)
            .await?;
        part("participant_exclusion")
            .column(big_integer_null("until_version"))
            .column(uuid("success_criterion_id"))
            .column(text_null("participant"))
            .column(text("reason"))
            .column(binary_null("salt"))
            .column(binary("commitment"))
            .references("success_criterion_id", "success_criterion")
            .index(&["success_criterion_id", "id"])
            .stands_once(&["success_criterion_id", "participant"])
            .not_empty("reason")
            .check("(participant IS NULL) = (salt IS NULL)")
            .check("length(commitment) = 32")
            .create(manager)
            .await?;
        part("observation_erasure")
            .column(integer("observations"))
            .column(big_integer("erased_at"))
            .check("observations > 0")
            .create(manager)
            .await?;
        manager
            .alter_table(Table::alter().table("access_log_entry").add_column(text_null("purpose")).take())
            .await?;
        manager
            .alter_table(
                Table::alter().table("measurement").add_column(boolean("computed").default(false)).take(),
            )
            .await
    }
}
