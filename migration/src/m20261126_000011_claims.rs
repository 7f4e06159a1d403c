//! Printed figures of whatever kind: sums, differences, shares and changes of other figures, and where they were printed.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, boolean, integer, pk_uuid, text, text_null, uuid_null};

use crate::table::table;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite cannot widen a check, so the table is made again.
        let db = manager.get_connection();
        db.execute_unprepared("CREATE TABLE claim_before AS SELECT * FROM claim").await?;
        db.execute_unprepared("DROP TABLE claim").await?;
        table("claim")
            .column(pk_uuid("id"))
            .column(integer("year"))
            .column(text("text"))
            .column(text("printed"))
            .column(text("measure"))
            .column(uuid_null("strategy_principle_id"))
            .column(text("terms").default("[]").take())
            .column(boolean("rounded").default(false).take())
            .column(text_null("source"))
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
                    "SUM",
                    "DIFFERENCE",
                    "SHARE",
                    "RELATIVE_CHANGE",
                ],
            )
            .check("(measure = 'PRINCIPLE_COUNT') = (strategy_principle_id IS NOT NULL)")
            .check("terms = '[]' OR measure IN ('SUM', 'DIFFERENCE', 'SHARE', 'RELATIVE_CHANGE')")
            .create(manager)
            .await?;
        db.execute_unprepared(
            "INSERT INTO claim (id, year, text, printed, measure, strategy_principle_id, version) \
             SELECT id, year, text, printed, measure, strategy_principle_id, version FROM claim_before",
        )
        .await?;
        db.execute_unprepared("DROP TABLE claim_before").await?;
        let wave = Expr::cust(
            "(measure = 'RELATIVE_CHANGE') = (wave IS NULL) AND (wave IS NULL OR wave IN ('BEFORE', 'AFTER'))",
        );
        let measure = Expr::cust("measure IN ('RELATIVE_CHANGE', 'SHARE', 'COUNT')");
        for column in [
            text("measure").default("RELATIVE_CHANGE").check(measure).take(),
            text_null("wave").check(wave).take(),
        ] {
            let altered = Table::alter().table("criterion_claim").add_column(column).take();
            manager.alter_table(altered).await?;
        }
        Ok(())
    }
}
