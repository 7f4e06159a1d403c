//! Which year of an intervention is its newest is kept beside it. Whose an intervention is follows from that, and every list
//! that is filtered by it had to look for the newest year of each.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::boolean;
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
        let newest = boolean("newest").default(true).take();
        manager.alter_table(Table::alter().table("intervention_year").add_column(newest).take()).await?;
        let index = "CREATE INDEX intervention_year_newest ON intervention_year (lead_id, intervention_id) WHERE newest";
        run(manager, [put_right("TRUE"), index.to_owned()]).await?;
        run(manager, triggers(manager.get_database_backend())).await
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

fn triggers(backend: DbBackend) -> Vec<String> {
    let of_both = put_right("intervention_id IN (OLD.intervention_id, NEW.intervention_id)");
    match backend {
        DbBackend::Sqlite => [
            ("added", "INSERT", put_right("intervention_id = NEW.intervention_id")),
            ("moved", "UPDATE OF year, intervention_id", of_both),
            ("removed", "DELETE", put_right("intervention_id = OLD.intervention_id")),
        ]
        .map(|(name, event, put_right)| {
            format!(
                "CREATE TRIGGER intervention_year_newest_{name} AFTER {event} ON intervention_year \
                 BEGIN {put_right}; END"
            )
        })
        .into(),
        _ => vec![
            format!(
                "CREATE FUNCTION keep_newest_year() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {of_both}; \
                 RETURN NULL; END $$"
            ),
            "CREATE TRIGGER intervention_year_newest AFTER INSERT OR DELETE OR UPDATE OF year, intervention_id \
             ON intervention_year FOR EACH ROW EXECUTE FUNCTION keep_newest_year()"
                .to_owned(),
        ],
    }
}
