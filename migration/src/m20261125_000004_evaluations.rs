//! Evaluations: their rounds, criteria, measurements and results.
//!
//! Nothing below an evaluation is overwritten. A row stands from one version of its evaluation (`since_version`) until
//! another ends it (`until_version`), so each version, a published one among them, can be read as it was.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, binary, date, date_null, integer, integer_null, pk_uuid, text, text_null,
    uuid, uuid_null,
};

use crate::table::{part, table};

#[derive(DeriveMigrationName)]
pub struct Migration;

const STATUSES: [&str; 6] = ["DRAFT", "REGISTERED", "SUBMITTED", "APPROVED", "PUBLISHED", "WITHDRAWN"];
const GROUPS: [&str; 3] = ["PARTICIPANTS", "SUBGROUP", "COMPARISON"];
/// Participants have no name of their own, all other groups have one.
const GROUP_NAMED: &str = "(group_kind = 'PARTICIPANTS') = (group_name IS NULL)";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        rounds(manager).await?;
        evaluations(manager).await?;
        criteria(manager).await?;
        measurements(manager).await?;
        results(manager).await?;
        printed_and_learned(manager).await
    }
}

async fn rounds(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table("evaluation_round")
        .column(pk_uuid("id"))
        .column(integer("year"))
        .column(text("theme"))
        .column(big_integer("version"))
        .unique(&["year", "theme"])
        .not_empty("theme")
        .check("year BETWEEN 1900 AND 2200")
        .create(manager)
        .await?;
    table("evaluation_round_intervention")
        .column(uuid("evaluation_round_id"))
        .column(uuid("intervention_id"))
        .primary_key(&["evaluation_round_id", "intervention_id"])
        .references("evaluation_round_id", "evaluation_round")
        .references("intervention_id", "intervention")
        .create(manager)
        .await
}

async fn evaluations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table("virkningsevaluering")
        .column(pk_uuid("id"))
        .column(text("slug"))
        .column(uuid("intervention_id"))
        .column(big_integer_null("registered_at"))
        .column(big_integer_null("registered_version"))
        .column(big_integer_null("published_version"))
        .column(big_integer("version"))
        .references("intervention_id", "intervention")
        .unique(&["slug"])
        .index(&["intervention_id", "id"])
        .not_empty("slug")
        .check("(registered_at IS NULL) = (registered_version IS NULL)")
        .check("registered_version <= version AND published_version <= version")
        .create(manager)
        .await?;
    table("virkningsevaluering_state")
        .column(uuid("virkningsevaluering_id"))
        .column(big_integer("since_version"))
        .column(big_integer_null("until_version"))
        .column(text("title"))
        .column(binary("title_key"))
        .column(text("title_search"))
        .column(date("period_start"))
        .column(date("period_end"))
        .column(uuid_null("evaluation_round_id"))
        .column(text("status"))
        .column(integer("revision"))
        .primary_key(&["virkningsevaluering_id", "since_version"])
        .references("virkningsevaluering_id", "virkningsevaluering")
        .references("evaluation_round_id", "evaluation_round")
        .index(&["title_key", "virkningsevaluering_id"])
        .index(&["evaluation_round_id", "virkningsevaluering_id"])
        .stands_once(&["virkningsevaluering_id"])
        .not_empty("title")
        .one_of("status", &STATUSES)
        .check("period_start <= period_end")
        .check("revision > 0")
        .create(manager)
        .await?;
    part("transition")
        .column(text("from_status"))
        .column(text("to_status"))
        .column(uuid("actor_id"))
        .column(big_integer("at"))
        .column(text_null("comment"))
        .references("actor_id", "account")
        .one_of("from_status", &STATUSES)
        .one_of("to_status", &STATUSES)
        .create(manager)
        .await
}

async fn criteria(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table("success_criterion")
        .column(pk_uuid("id"))
        .column(uuid("virkningsevaluering_id"))
        .column(integer("number"))
        .references("virkningsevaluering_id", "virkningsevaluering")
        .unique(&["virkningsevaluering_id", "number"])
        .check("number > 0")
        .create(manager)
        .await?;
    table("success_criterion_version")
        .column(uuid("success_criterion_id"))
        .column(big_integer("since_version"))
        .column(big_integer_null("until_version"))
        .column(uuid("virkningsevaluering_id"))
        .column(text("dimension"))
        .column(text("indicator"))
        .column(text("direction"))
        .column(text("basis"))
        .column(big_integer("threshold"))
        .column(text("unit"))
        .column(text("pairing"))
        .column(text("success_categories"))
        .column(text_null("amendment"))
        .primary_key(&["success_criterion_id", "since_version"])
        .references("success_criterion_id", "success_criterion")
        .references("virkningsevaluering_id", "virkningsevaluering")
        .index(&["virkningsevaluering_id"])
        .stands_once(&["success_criterion_id"])
        .not_empty("dimension")
        .not_empty("indicator")
        .one_of("direction", &["UP", "DOWN"])
        .one_of("basis", &["RELATIVE_CHANGE", "ABSOLUTE_CHANGE", "LEVEL", "MAINTAIN"])
        .one_of("unit", &["SHARE", "MEAN", "COUNT"])
        .one_of("pairing", &["INDEPENDENT", "SAME_PERSONS", "PAIRED"])
        .check("threshold >= 0")
        .create(manager)
        .await
}

async fn measurements(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    part("population")
        .column(text("name"))
        .column(text_null("counted_from"))
        .column(text_null("left_out"))
        .unique(&["virkningsevaluering_id", "name"])
        .not_empty("name")
        .create(manager)
        .await?;
    part("data_source")
        .column(text("name"))
        .column(text_null("supplier"))
        .column(date_null("extracted_on"))
        .column(date_null("covered_until"))
        .column(text_null("delay"))
        .column(text_null("known_limits"))
        .unique(&["virkningsevaluering_id", "name"])
        .not_empty("name")
        .create(manager)
        .await?;
    let measurement = part("measurement")
        .column(uuid("success_criterion_id"))
        .column(big_integer_null("until_version"))
        .column(text("wave"))
        .column(text_null("months_anchor"))
        .column(integer_null("months_from"))
        .column(integer_null("months_to"))
        .column(text("group_kind"))
        .column(text_null("group_name"))
        .column(text_null("comparability"))
        .column(text("slot"))
        .column(date("period_start"))
        .column(date("period_end"))
        .column(uuid_null("population_id"))
        .column(uuid_null("data_source_id"))
        .column(text_null("kind"))
        .column(integer_null("numerator"))
        .column(integer_null("denominator"))
        .column(big_integer_null("mean"))
        .column(big_integer_null("sd"))
        .column(big_integer_null("median"))
        .column(big_integer_null("minimum"))
        .column(big_integer_null("maximum"))
        .column(integer_null("n"))
        .column(integer_null("count"))
        .column(big_integer_null("exposure"))
        .column(text_null("categories"))
        .column(text_null("absence"))
        .column(text_null("absence_reason"))
        .column(text_null("note"))
        .column(uuid_null("corrects_id"))
        .column(text_null("correction"))
        .column(text_null("correction_reason"))
        .column(big_integer("recorded_at"))
        .references("success_criterion_id", "success_criterion")
        .references("population_id", "population")
        .references("data_source_id", "data_source")
        .references("corrects_id", "measurement")
        .index(&["success_criterion_id", "id"])
        .stands_once(&["success_criterion_id", "slot"])
        .one_of("wave", &["BEFORE", "DURING", "AFTER", "FOLLOW_UP"])
        .one_of("months_anchor", &["START", "END"])
        .one_of("group_kind", &GROUPS)
        .one_of("comparability", &["RANDOMISED", "MATCHED", "GENERAL_POPULATION"])
        .one_of("kind", &["SHARE", "DISTRIBUTION", "MEAN", "SUMMARY", "COUNT"])
        .one_of("absence", &["NOT_YET", "NOT_STATED", "NOT_APPLICABLE"])
        .one_of(
            "correction",
            &["TYPING_ERROR", "WRONG_PERIOD", "WRONG_POPULATION", "SOURCE_REVISED", "OTHER"],
        );
    VALUE_RULES.iter().fold(measurement, |table, rule| table.check(*rule)).create(manager).await?;
    part("paired_table")
        .column(uuid("success_criterion_id"))
        .column(big_integer_null("until_version"))
        .column(uuid("before_id"))
        .column(uuid("after_id"))
        .column(integer("n11"))
        .column(integer("n10"))
        .column(integer("n01"))
        .column(integer("n00"))
        .references("success_criterion_id", "success_criterion")
        .references("before_id", "measurement")
        .references("after_id", "measurement")
        .index(&["success_criterion_id", "id"])
        .stands_once(&["before_id", "after_id"])
        .check("n11 >= 0 AND n10 >= 0 AND n01 >= 0 AND n00 >= 0")
        .create(manager)
        .await
}

/// What the values of a measurement must be, whoever writes them.
const VALUE_RULES: [&str; 14] = [
    GROUP_NAMED,
    "(group_kind = 'COMPARISON') = (comparability IS NOT NULL)",
    "period_start <= period_end",
    "(months_anchor IS NULL) = (months_from IS NULL) AND (months_from IS NULL) = (months_to IS NULL)",
    "months_from <= months_to",
    "(kind IS NULL) = (absence IS NOT NULL) AND (absence_reason IS NULL OR absence IS NOT NULL)",
    "(COALESCE(kind, '') = 'SHARE') = (numerator IS NOT NULL) AND (numerator IS NULL) = (denominator IS NULL)",
    "numerator BETWEEN 0 AND denominator",
    "(COALESCE(kind, '') = 'COUNT') = (count IS NOT NULL) AND (exposure IS NULL OR count IS NOT NULL)",
    "count >= 0 AND (exposure IS NULL OR exposure > 0)",
    "(COALESCE(kind, '') IN ('MEAN', 'SUMMARY')) = (mean IS NOT NULL) \
     AND (mean IS NOT NULL OR (sd IS NULL AND n IS NULL AND median IS NULL AND minimum IS NULL AND maximum IS NULL))",
    "sd >= 0 AND (n IS NULL OR n >= 0)",
    "(COALESCE(kind, '') = 'DISTRIBUTION') = (categories IS NOT NULL)",
    "(corrects_id IS NULL) = (correction IS NULL) AND (correction IS NULL) = (correction_reason IS NULL)",
];

async fn results(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table("criterion_result")
        .column(uuid("id"))
        .column(big_integer("since_version"))
        .column(big_integer_null("until_version"))
        .column(uuid("virkningsevaluering_id"))
        .column(uuid("success_criterion_id"))
        .column(text("group_kind"))
        .column(text_null("group_name"))
        .column(uuid_null("before_id"))
        .column(uuid_null("after_id"))
        .column(uuid_null("paired_table_id"))
        .column(text("attainment"))
        .column(text("verdict"))
        .column(text_null("not_assessable"))
        .column(text_null("change"))
        .column(big_integer_null("relative_change"))
        .column(big_integer_null("difference"))
        .column(big_integer_null("interval_low"))
        .column(big_integer_null("interval_high"))
        .column(big_integer("confidence"))
        .column(text_null("method"))
        .column(integer("method_version"))
        .column(text("warnings"))
        .column(integer_null("settled_from"))
        .column(integer_null("settled_to"))
        .column(binary("input_hash"))
        .column(big_integer("computed_at"))
        .primary_key(&["id", "since_version"])
        .references("virkningsevaluering_id", "virkningsevaluering")
        .references("success_criterion_id", "success_criterion")
        .references("before_id", "measurement")
        .references("after_id", "measurement")
        .references("paired_table_id", "paired_table")
        .index(&["success_criterion_id"])
        .stands_once(&["id"])
        .one_of("group_kind", &GROUPS)
        .one_of("attainment", &["MET", "PARTLY", "NOT_MET", "NOT_ASSESSABLE"])
        .one_of("verdict", &["ACHIEVED", "NOT_ACHIEVED", "INCONCLUSIVE", "NOT_ASSESSABLE"])
        .one_of("change", &["IMPROVED", "WORSENED", "NO_CLEAR_CHANGE"])
        .check(GROUP_NAMED)
        .check("(verdict = 'NOT_ASSESSABLE') = (not_assessable IS NOT NULL)")
        .check("length(input_hash) = 32")
        .create(manager)
        .await
}

async fn printed_and_learned(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    part("criterion_claim")
        .column(uuid("success_criterion_id"))
        .column(text("text"))
        .column(text("printed"))
        .column(text_null("printed_before"))
        .column(text_null("printed_after"))
        .column(text_null("source"))
        .references("success_criterion_id", "success_criterion")
        .unique(&["success_criterion_id", "text"])
        .not_empty("text")
        .not_empty("printed")
        .create(manager)
        .await?;
    part("learning")
        .column(text("audience"))
        .column(text("text"))
        .one_of("audience", &["INTERVENTION", "MANAGEMENT", "POLITICIANS"])
        .not_empty("text")
        .create(manager)
        .await
}
