//! Programme theories: their elements, what leads to what, and what bears on them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, date_null, integer, pk_uuid, text, text_null, uuid, uuid_null,
};

use crate::table::{part, table};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        elements(manager).await?;
        between_elements(manager).await?;
        bearing_on_elements(manager).await
    }
}

async fn elements(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table("theory_element")
        .column(pk_uuid("id"))
        .column(uuid("virkningsevaluering_id"))
        .column(integer("number"))
        .column(text("kind"))
        .references("virkningsevaluering_id", "virkningsevaluering")
        .unique(&["virkningsevaluering_id", "number"])
        .one_of(
            "kind",
            &[
                "INPUT",
                "ACTIVITY",
                "OUTPUT",
                "SHORT_TERM_OUTCOME",
                "LONG_TERM_OUTCOME",
                "MECHANISM",
                "CONTEXT",
            ],
        )
        .check("number > 0")
        .create(manager)
        .await?;
    table("theory_element_version")
        .column(uuid("theory_element_id"))
        .column(big_integer("since_version"))
        .column(big_integer_null("until_version"))
        .column(uuid("virkningsevaluering_id"))
        .column(text("text"))
        .primary_key(&["theory_element_id", "since_version"])
        .references("theory_element_id", "theory_element")
        .references("virkningsevaluering_id", "virkningsevaluering")
        .index(&["virkningsevaluering_id"])
        .stands_once(&["theory_element_id"])
        .not_empty("text")
        .create(manager)
        .await?;
    part("theory_amendment").column(text("reason")).not_empty("reason").create(manager).await
}

async fn between_elements(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    part("theory_link")
        .column(big_integer_null("until_version"))
        .column(uuid("from_id"))
        .column(uuid("to_id"))
        .references("from_id", "theory_element")
        .references("to_id", "theory_element")
        .stands_once(&["from_id", "to_id"])
        .check("from_id <> to_id")
        .create(manager)
        .await?;
    part("element_criterion")
        .column(big_integer_null("until_version"))
        .column(uuid("success_criterion_id"))
        .column(uuid("theory_element_id"))
        .references("success_criterion_id", "success_criterion")
        .references("theory_element_id", "theory_element")
        .stands_once(&["success_criterion_id"])
        .create(manager)
        .await
}

async fn bearing_on_elements(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    part("qualitative_evidence")
        .column(uuid("theory_element_id"))
        .column(text("method"))
        .column(text("finding"))
        .column(text("text"))
        .column(text_null("source"))
        .column(date_null("period_start"))
        .column(date_null("period_end"))
        .references("theory_element_id", "theory_element")
        .one_of("method", &["INTERVIEW", "OBSERVATION", "DOCUMENT", "REGISTER"])
        .one_of("finding", &["SUPPORTS", "WEAKENS", "MIXED"])
        .not_empty("text")
        .check("(period_start IS NULL) = (period_end IS NULL)")
        .check("period_start <= period_end")
        .create(manager)
        .await?;
    table("rival_explanation")
        .column(uuid("id"))
        .column(big_integer("since_version"))
        .column(big_integer_null("until_version"))
        .column(uuid("virkningsevaluering_id"))
        .column(uuid_null("theory_element_id"))
        .column(text("text"))
        .column(text("assessment"))
        .column(text_null("grounds"))
        .primary_key(&["id", "since_version"])
        .references("virkningsevaluering_id", "virkningsevaluering")
        .references("theory_element_id", "theory_element")
        .index(&["virkningsevaluering_id", "id"])
        .stands_once(&["id"])
        .one_of("assessment", &["NOT_ASSESSED", "RULED_OUT", "PLAUSIBLE", "LIKELY"])
        .not_empty("text")
        // An assessment says what it rests on.
        .check("assessment = 'NOT_ASSESSED' OR grounds IS NOT NULL")
        .create(manager)
        .await
}
