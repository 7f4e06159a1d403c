//! Words in which the migrations are written.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, pk_uuid, uuid};
use sea_orm_migration::sea_orm::DbBackend;

/// A table being described; finished by [`NewTable::create`].
pub struct NewTable {
    name: &'static str,
    statement: TableCreateStatement,
    indexes: Vec<IndexCreateStatement>,
    /// Conditions on some rows, which the builder has no words for.
    partial: Vec<String>,
}

pub fn table(name: &'static str) -> NewTable {
    NewTable {
        name,
        statement: Table::create().table(name).to_owned(),
        indexes: Vec::new(),
        partial: Vec::new(),
    }
}

/// A table of what belongs to an evaluation and is never changed.
pub fn part(name: &'static str) -> NewTable {
    table(name)
        .column(pk_uuid("id"))
        .column(uuid("virkningsevaluering_id"))
        .column(big_integer("since_version"))
        .references("virkningsevaluering_id", "virkningsevaluering")
        .index(&["virkningsevaluering_id", "id"])
}

impl NewTable {
    pub fn column(mut self, column: ColumnDef) -> Self {
        self.statement.col(column);
        self
    }

    pub fn primary_key(mut self, columns: &[&'static str]) -> Self {
        self.statement.primary_key(index(columns).primary());
        self
    }

    pub fn unique(mut self, columns: &[&'static str]) -> Self {
        let name = format!("{}_{}_unique", self.name, columns.join("_"));
        self.indexes.push(index(columns).name(name).table(self.name).unique().take());
        self
    }

    pub fn index(mut self, columns: &[&'static str]) -> Self {
        let name = format!("{}_{}_index", self.name, columns.join("_"));
        self.indexes.push(index(columns).name(name).table(self.name).take());
        self
    }

    /// Of the rows that no version has ended yet, one for each value of `columns`.
    pub fn stands_once(mut self, columns: &[&'static str]) -> Self {
        let (table, list) = (self.name, columns.join(", "));
        self.partial.push(format!(
            "CREATE UNIQUE INDEX {table}_{}_stands_once ON {table} ({list}) WHERE until_version IS NULL",
            columns.join("_")
        ));
        self
    }

    /// `column` holds the `id` of a row of `target`, which cannot go while it is referred to.
    pub fn references(self, column: &'static str, target: &'static str) -> Self {
        self.references_column(column, target, "id")
    }

    pub fn references_column(
        mut self,
        column: &'static str,
        target: &'static str,
        target_column: &'static str,
    ) -> Self {
        self.statement.foreign_key(
            ForeignKey::create()
                .name(format!("{}_{column}_references", self.name))
                .from(self.name, column)
                .to(target, target_column)
                .on_delete(ForeignKeyAction::Restrict),
        );
        self
    }

    /// A condition in SQL that every row meets; the words are the same on both databases.
    pub fn check(mut self, condition: impl Into<String>) -> Self {
        self.statement.check(Expr::cust(condition.into()));
        self
    }

    pub fn one_of(self, column: &'static str, codes: &[&str]) -> Self {
        let list = codes.iter().map(|code| format!("'{code}'")).collect::<Vec<_>>().join(", ");
        self.check(format!("{column} IN ({list})"))
    }

    pub fn not_empty(self, column: &'static str) -> Self {
        self.check(format!("length({column}) > 0"))
    }

    pub async fn create(self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        manager.create_table(self.statement).await?;
        for index in self.indexes {
            manager.create_index(index).await?;
        }
        run(manager, self.partial).await
    }
}

/// Runs statements that no builder has words for, one after the other.
pub async fn run(
    manager: &SchemaManager<'_>,
    statements: impl IntoIterator<Item = impl AsRef<str>>,
) -> Result<(), DbErr> {
    for statement in statements {
        manager.get_connection().execute_unprepared(statement.as_ref()).await?;
    }
    Ok(())
}

/// What is kept beside the yearly reports of interventions, and put right whenever one comes, goes or changes.
pub struct KeptOfYears {
    pub name: &'static str,
    /// What PostgreSQL calls the function.
    pub function: &'static str,
    /// The columns of a report that it follows from.
    pub columns: &'static str,
    /// The column by which what is kept belongs to an intervention.
    pub intervention: &'static str,
    /// The statement that puts right what a condition picks.
    pub put_right: fn(&str) -> String,
}

impl KeptOfYears {
    pub async fn create(self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        let Self { name, function, columns, intervention, put_right } = self;
        let of_both = put_right(&format!("{intervention} IN (OLD.intervention_id, NEW.intervention_id)"));
        let of_one = |row: &str| put_right(&format!("{intervention} = {row}.intervention_id"));
        let triggers = match manager.get_database_backend() {
            DbBackend::Sqlite => [
                ("added", "INSERT".to_owned(), of_one("NEW")),
                ("moved", format!("UPDATE OF {columns}"), of_both),
                ("removed", "DELETE".to_owned(), of_one("OLD")),
            ]
            .map(|(how, event, put_right)| {
                format!(
                    "CREATE TRIGGER {name}_{how} AFTER {event} ON intervention_year BEGIN {put_right}; END"
                )
            })
            .into(),
            _ => vec![
                format!(
                    "CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {of_both}; \
                     RETURN NULL; END $$"
                ),
                format!(
                    "CREATE TRIGGER {name} AFTER INSERT OR DELETE OR UPDATE OF {columns} \
                     ON intervention_year FOR EACH ROW EXECUTE FUNCTION {function}()"
                ),
            ],
        };
        run(manager, triggers).await
    }
}

fn index(columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    for column in columns {
        index.col(*column);
    }
    index
}
