//! Who leads an intervention now is kept with it, beside its name: a list of those that one forvaltning leads is then read off
//! an index, in its order.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::uuid_null;

use crate::table::{KeptOfYears, run};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let lead = Table::alter().table("intervention").add_column(uuid_null("lead_id")).take();
        manager.alter_table(lead).await?;
        let index = "CREATE INDEX intervention_led_by ON intervention (lead_id, name_key, id)";
        run(manager, [put_right("TRUE"), index.to_owned()]).await?;
        KeptOfYears {
            name: "intervention_lead",
            function: "keep_lead",
            columns: "year, lead_id, intervention_id",
            intervention: "id",
            put_right,
        }
        .create(manager)
        .await
    }
}

/// Puts right who leads those interventions that a condition picks.
fn put_right(which: &str) -> String {
    format!(
        "UPDATE intervention SET lead_id = (SELECT lead_id FROM intervention_year \
         WHERE intervention_year.intervention_id = intervention.id ORDER BY year DESC LIMIT 1) WHERE {which}"
    )
}
