//! Which year of an intervention is its newest is kept beside it. Whose an intervention is follows from that, and every list
//! that is filtered by it had to look for the newest year of each.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::boolean;

use crate::table::{KeptOfYears, run};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let newest = boolean("newest").default(true).take();
        manager.alter_table(Table::alter().table("intervention_year").add_column(newest).take()).await?;
        let index = "CREATE INDEX intervention_year_newest ON intervention_year (lead_id, intervention_id) WHERE newest";
        run(manager, [put_right("TRUE"), index.to_owned()]).await?;
        KeptOfYears {
            name: "intervention_year_newest",
            function: "keep_newest_year",
            columns: "year, intervention_id",
            intervention: "intervention_id",
            put_right,
        }
        .create(manager)
        .await
    }
}

/// Puts the marks right of those years that a condition picks.
fn put_right(which: &str) -> String {
    format!(
        "UPDATE intervention_year SET newest = NOT newest WHERE {which} AND newest = EXISTS \
         (SELECT 1 FROM intervention_year AS later WHERE later.intervention_id = intervention_year.intervention_id \
         AND later.year > intervention_year.year)"
    )
}
