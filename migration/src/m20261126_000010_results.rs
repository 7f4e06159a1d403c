//! All that a statistician asks of a result, and the change of participants against that of a comparison group.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, binary, integer, integer_null, text, text_null, uuid, uuid_null,
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
        let numbers = [
            "months_from",
            "months_to",
            "before_numerator",
            "before_n",
            "after_numerator",
            "after_n",
            "paired",
            "excluded",
            "enrolled",
            "improved",
            "worsened",
            "unchanged",
            "settled_correlation",
        ];
        let decimals = [
            "before_value",
            "after_value",
            "p_lowest",
            "p_highest",
            "effect_size",
            "effect_size_low",
            "effect_size_high",
            "median_change",
            "median_change_low",
            "median_change_high",
            "signed_rank_p",
            "sign_test_p",
        ];
        let columns = [
            text("wave").default("AFTER").check(Expr::cust("wave IN ('AFTER', 'FOLLOW_UP')")).take(),
            text_null("months_anchor"),
            text_null("effect_size_kind"),
        ]
        .into_iter()
        .chain(numbers.map(integer_null))
        .chain(decimals.map(big_integer_null));
        for column in columns {
            manager.alter_table(Table::alter().table("criterion_result").add_column(column).take()).await?;
        }
        table("criterion_comparison")
            .column(uuid("id"))
            .column(big_integer("since_version"))
            .column(big_integer_null("until_version"))
            .column(uuid("virkningsevaluering_id"))
            .column(uuid("success_criterion_id"))
            .column(text("group_name"))
            .column(text("comparability"))
            .column(uuid_null("group_before_id"))
            .column(uuid_null("group_after_id"))
            .column(text("design"))
            .column(big_integer("estimate"))
            .column(big_integer_null("interval_low"))
            .column(big_integer_null("interval_high"))
            .column(big_integer_null("p"))
            .column(text_null("method"))
            .column(text_null("change"))
            .column(integer("method_version"))
            .column(binary("input_hash"))
            .column(big_integer("computed_at"))
            .primary_key(&["id", "since_version"])
            .references("virkningsevaluering_id", "virkningsevaluering")
            .references("success_criterion_id", "success_criterion")
            .references("group_before_id", "measurement")
            .references("group_after_id", "measurement")
            .index(&["success_criterion_id"])
            .stands_once(&["id"])
            .one_of("comparability", &["RANDOMISED", "MATCHED", "GENERAL_POPULATION"])
            .one_of("design", &["DIFFERENCE_IN_DIFFERENCES", "DESCRIPTIVE_GAP"])
            .check("length(input_hash) = 32")
            .create(manager)
            .await
    }
}
