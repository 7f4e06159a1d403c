//! The register: what the municipality does, where, for whom, with which money, and what was printed about it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, binary, boolean, boolean_null, date_null, integer, integer_null, pk_uuid,
    text, text_null, uuid, uuid_null,
};

use crate::table::table;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// A value and its absence exclude each other, and one of them is there.
const VALUE_OR_ABSENCE: &str =
    "(absence IS NULL) = ({} IS NOT NULL) AND (absence_reason IS NULL OR absence IS NOT NULL)";
const ABSENCES: [&str; 3] = ["NOT_YET", "NOT_STATED", "NOT_APPLICABLE"];
const YEARS: &str = "BETWEEN 1900 AND 2200";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        reference_data(manager).await?;
        interventions(manager).await?;
        intervention_years(manager).await?;
        money(manager).await?;
        printed_numbers(manager).await
    }
}

async fn reference_data(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table("strategy")
        .column(pk_uuid("id"))
        .column(text("name"))
        .column(integer("from_year"))
        .column(integer("to_year"))
        .column(big_integer("version"))
        .unique(&["name"])
        .not_empty("name")
        .check(format!("from_year {YEARS} AND to_year {YEARS} AND from_year <= to_year"))
        .create(manager)
        .await?;
    table("strategy_principle")
        .column(pk_uuid("id"))
        .column(uuid("strategy_id"))
        .column(integer("number"))
        .column(text("name"))
        .column(big_integer("version"))
        .references("strategy_id", "strategy")
        .unique(&["strategy_id", "number"])
        .not_empty("name")
        .check("number > 0")
        .create(manager)
        .await?;
    table("district")
        .column(pk_uuid("id"))
        .column(text("name"))
        .column(uuid_null("parent_id"))
        .column(big_integer("version"))
        .references("parent_id", "district")
        .unique(&["name"])
        .not_empty("name")
        .check("parent_id <> id")
        .create(manager)
        .await?;
    table("district_alias")
        .column(text("alias"))
        .column(uuid("district_id"))
        .primary_key(&["alias"])
        .references("district_id", "district")
        .not_empty("alias")
        .create(manager)
        .await
}

async fn interventions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table("intervention")
        .column(pk_uuid("id"))
        .column(text("slug"))
        .column(text("name"))
        .column(binary("name_key"))
        .column(text("name_search"))
        .column(integer_null("since"))
        .column(uuid_null("parent_id"))
        .column(big_integer("version"))
        .references("parent_id", "intervention")
        .unique(&["slug"])
        .index(&["name_key", "id"])
        .index(&["since", "id"])
        .index(&["parent_id"])
        .not_empty("slug")
        .not_empty("name")
        .check(format!("since {YEARS}"))
        .check("parent_id <> id")
        .create(manager)
        .await?;
    table("reporting_year")
        .column(pk_uuid("id"))
        .column(integer("year"))
        .column(text("status"))
        .column(big_integer("version"))
        .unique(&["year"])
        .one_of("status", &["OPEN", "CLOSED"])
        .check(format!("year {YEARS}"))
        .create(manager)
        .await
}

async fn intervention_years(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table("intervention_year")
        .column(pk_uuid("id"))
        .column(uuid("intervention_id"))
        .column(integer("year"))
        .column(text("status"))
        .column(uuid("lead_id"))
        .column(boolean("citywide"))
        .column(boolean_null("in_package"))
        .column(boolean("anonymous"))
        .column(text_null("problem"))
        .column(text_null("method"))
        .column(text_null("remarks"))
        .column(text("external_partners"))
        .column(text("activities"))
        .column(big_integer("version"))
        .references("intervention_id", "intervention")
        .references_column("year", "reporting_year", "year")
        .references("lead_id", "forvaltning")
        .unique(&["intervention_id", "year"])
        .index(&["year", "lead_id"])
        .one_of("status", &["DRAFT", "SUBMITTED", "APPROVED"])
        .create(manager)
        .await?;
    for (link, target) in [
        ("intervention_year_partner", "forvaltning"),
        ("intervention_year_principle", "strategy_principle"),
        ("intervention_year_district", "district"),
    ] {
        let column = match target {
            "forvaltning" => "forvaltning_id",
            "district" => "district_id",
            _ => "strategy_principle_id",
        };
        table(link)
            .column(uuid("intervention_year_id"))
            .column(uuid(column))
            .primary_key(&["intervention_year_id", column])
            .references("intervention_year_id", "intervention_year")
            .references(column, target)
            .index(&[column])
            .create(manager)
            .await?;
    }
    table("target_group")
        .column(uuid("intervention_year_id"))
        .column(integer("position"))
        .column(text("name"))
        .column(big_integer_null("age_from"))
        .column(big_integer_null("age_to"))
        .primary_key(&["intervention_year_id", "position"])
        .references("intervention_year_id", "intervention_year")
        .not_empty("name")
        .check("age_from >= 0 AND age_to <= 150000000 AND age_from <= age_to")
        .create(manager)
        .await
}

async fn money(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table("funding")
        .column(pk_uuid("id"))
        .column(uuid("intervention_id"))
        .column(integer("budget_year"))
        .column(text("kind"))
        .column(big_integer_null("amount_dkk"))
        .column(text_null("absence"))
        .column(text_null("absence_reason"))
        .column(text("permanence"))
        .column(integer_null("expires"))
        .column(big_integer("version"))
        .references("intervention_id", "intervention")
        .unique(&["intervention_id", "budget_year", "kind"])
        .one_of("kind", &["OPERATION", "TRANSFER", "NOT_STATED"])
        .one_of("permanence", &["PERMANENT", "EXPIRES", "NOT_STATED"])
        .one_of("absence", &ABSENCES)
        .check(VALUE_OR_ABSENCE.replace("{}", "amount_dkk"))
        .check("amount_dkk >= 0")
        .check(format!("budget_year {YEARS} AND expires {YEARS}"))
        .check("(permanence = 'EXPIRES') = (expires IS NOT NULL)")
        .create(manager)
        .await?;
    table("funding_forvaltning")
        .column(uuid("funding_id"))
        .column(uuid("forvaltning_id"))
        .primary_key(&["funding_id", "forvaltning_id"])
        .references("funding_id", "funding")
        .references("forvaltning_id", "forvaltning")
        .create(manager)
        .await
}

async fn printed_numbers(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table("figure")
        .column(pk_uuid("id"))
        .column(uuid("intervention_id"))
        .column(integer("reported_year"))
        .column(text("kind"))
        .column(text("label"))
        .column(text("unit"))
        .column(date_null("period_from"))
        .column(date_null("period_to"))
        .column(text_null("population"))
        .column(text_null("category"))
        .column(text("slot"))
        .column(big_integer_null("value"))
        .column(text_null("absence"))
        .column(text_null("absence_reason"))
        .column(text_null("series_break"))
        .column(text_null("remarks"))
        .column(big_integer("version"))
        .references("intervention_id", "intervention")
        .references_column("reported_year", "reporting_year", "year")
        .unique(&["intervention_id", "slot"])
        .index(&["intervention_id", "kind", "id"])
        .one_of("kind", &["PARTICIPANTS", "ACTIVITY", "OUTCOME", "COMPARISON", "DISTRIBUTION"])
        .one_of("absence", &ABSENCES)
        .not_empty("label")
        .not_empty("unit")
        .check(VALUE_OR_ABSENCE.replace("{}", "value"))
        .check("(period_from IS NULL) = (period_to IS NULL) AND (period_from IS NULL OR period_from <= period_to)")
        .create(manager)
        .await?;
    table("claim")
        .column(pk_uuid("id"))
        .column(integer("year"))
        .column(text("text"))
        .column(text("printed"))
        .column(text("measure"))
        .column(uuid_null("strategy_principle_id"))
        .column(big_integer("version"))
        .references_column("year", "reporting_year", "year")
        .references("strategy_principle_id", "strategy_principle")
        .unique(&["year", "text"])
        .not_empty("text")
        .not_empty("printed")
        .one_of(
            "measure",
            &[
                "INTERVENTION_COUNT",
                "CITYWIDE_COUNT",
                "PRINCIPLE_COUNT",
                "IN_PACKAGE_COUNT",
                "DISTRICTS_WITHOUT_TARGETED",
                "FUNDING_TOTAL",
            ],
        )
        .check("(measure = 'PRINCIPLE_COUNT') = (strategy_principle_id IS NOT NULL)")
        .create(manager)
        .await
}
