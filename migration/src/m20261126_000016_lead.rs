//! Who leads an intervention now is kept with it, beside its name: a list of those that one forvaltning leads is then read off
//! an index, in its order.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::uuid_null;
use sea_orm_migration::sea_orm::DbBackend;

use crate::table::run;

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
        run(manager, triggers(manager.get_database_backend())).await
    }
}

/// Puts right who leads those interventions that a condition picks.
fn put_right(which: &str) -> String {
    format!(
        "UPDATE intervention SET lead_id = (SELECT lead_id FROM intervention_year \
         WHERE intervention_year.intervention_id = intervention.id ORDER BY year DESC LIMIT 1) WHERE {which}"
    )
}

fn triggers(backend: DbBackend) -> Vec<String> {
    let of_both = put_right("id IN (OLD.intervention_id, NEW.intervention_id)");
    match backend {
        DbBackend::Sqlite => [
            ("added", "INSERT", put_right("id = NEW.intervention_id")),
            ("moved", "UPDATE OF year, lead_id, intervention_id", of_both),
            ("removed", "DELETE", put_right("id = OLD.intervention_id")),
        ]
        .map(|(name, event, put_right)| {
            format!(
                "CREATE TRIGGER intervention_lead_{name} AFTER {event} ON intervention_year \
                 BEGIN {put_right}; END"
            )
        })
        .into(),
        _ => vec![
            format!(
                "CREATE FUNCTION keep_lead() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {of_both}; \
                 RETURN NULL; END $$"
            ),
            "CREATE TRIGGER intervention_lead AFTER INSERT OR DELETE OR UPDATE OF year, lead_id, intervention_id \
             ON intervention_year FOR EACH ROW EXECUTE FUNCTION keep_lead()"
                .to_owned(),
        ],
    }
}
