//! Which year of an intervention is its newest is kept beside it. Whose an intervention is follows from that, and every list
//! that is filtered by it had to look for the newest year of each.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::boolean;
use sea_orm_migration::sea_orm::DbBackend;

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
        let db = manager.get_connection();
        db.execute_unprepared(
            "UPDATE intervention_year SET newest = FALSE WHERE EXISTS (SELECT 1 FROM intervention_year AS later \
             WHERE later.intervention_id = intervention_year.intervention_id AND later.year > intervention_year.year)",
        )
        .await?;
        db.execute_unprepared(
            "CREATE INDEX intervention_year_newest ON intervention_year (lead_id, intervention_id) WHERE newest",
        )
        .await?;
        for statement in triggers(manager.get_database_backend()) {
            db.execute_unprepared(statement).await?;
        }
        Ok(())
    }
}

fn triggers(backend: DbBackend) -> &'static [&'static str] {
    match backend {
        DbBackend::Sqlite => &[
            "CREATE TRIGGER intervention_year_newest_added AFTER INSERT ON intervention_year BEGIN \
             UPDATE intervention_year SET newest = NOT newest WHERE intervention_id = NEW.intervention_id \
             AND newest = EXISTS (SELECT 1 FROM intervention_year AS later \
             WHERE later.intervention_id = intervention_year.intervention_id AND later.year > intervention_year.year); END",
            "CREATE TRIGGER intervention_year_newest_moved AFTER UPDATE OF year, intervention_id ON intervention_year BEGIN \
             UPDATE intervention_year SET newest = NOT newest \
             WHERE intervention_id IN (OLD.intervention_id, NEW.intervention_id) \
             AND newest = EXISTS (SELECT 1 FROM intervention_year AS later \
             WHERE later.intervention_id = intervention_year.intervention_id AND later.year > intervention_year.year); END",
            "CREATE TRIGGER intervention_year_newest_removed AFTER DELETE ON intervention_year BEGIN \
             UPDATE intervention_year SET newest = NOT newest WHERE intervention_id = OLD.intervention_id \
             AND newest = EXISTS (SELECT 1 FROM intervention_year AS later \
             WHERE later.intervention_id = intervention_year.intervention_id AND later.year > intervention_year.year); END",
        ],
        _ => &[
            "CREATE FUNCTION keep_newest_year() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
             UPDATE intervention_year SET newest = NOT newest \
             WHERE intervention_id IN (OLD.intervention_id, NEW.intervention_id) \
             AND newest = EXISTS (SELECT 1 FROM intervention_year AS later \
             WHERE later.intervention_id = intervention_year.intervention_id AND later.year > intervention_year.year); \
             RETURN NULL; END $$",
            "CREATE TRIGGER intervention_year_newest AFTER INSERT OR DELETE OR UPDATE OF year, intervention_id \
             ON intervention_year FOR EACH ROW EXECUTE FUNCTION keep_newest_year()",
        ],
    }
}
