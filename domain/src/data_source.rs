//! Data sources: where the measurements of an evaluation come from.

pub use entity::data_source::Model as DataSource;

use std::collections::HashMap;

use entity::data_source;
use sea_orm::{DatabaseTransaction, EntityTrait, QueryFilter};

use crate::columns::{Action, Date, Uuid};
use crate::context::Context;
use crate::error::{Error, Faults, Problem, Result};
use crate::input::text::{LINE, PROSE, optional, required};
use crate::operation::{Operation, Scope};
use crate::virkningsevaluering::part::{self, NamedRow, put_of_file, with_new_row};
use crate::virkningsevaluering::{Evaluation, Named, Parts, Standing, makes_a_part, on_evaluation};

/// The data sources of each evaluation, in the order in which they were described.
pub async fn of_evaluations(
    context: &Context,
    standings: &[Standing],
) -> Result<HashMap<Standing, Vec<DataSource>>> {
    let columns = (data_source::Column::VirkningsevalueringId, data_source::Column::Id);
    let row_of = |row: &DataSource| (row.virkningsevaluering_id, row.since_version);
    part::of_evaluations::<data_source::Entity>(context, standings, columns, row_of).await
}

/// The rows of these ids, for those who see what refers to them.
pub async fn by_ids(context: &Context, ids: &[Uuid]) -> Result<HashMap<Uuid, DataSource>> {
    let snapshot = context.at_any_time().await?;
    let rows = data_source::Entity::find().filter(data_source::COLUMN.id.is_in(ids.iter().copied()));
    Ok(rows.all(&snapshot.db).await?.into_iter().map(|row| (row.id, row)).collect())
}

/// Describes one for the measurements of an evaluation. It stays as it is: what has changed is another.
#[derive(Clone, Debug)]
pub struct Add {
    pub evaluation_id: Option<Uuid>,
    /// The register or instrument.
    pub name: String,
    pub supplier: Option<String>,
    pub extracted_on: Option<Date>,
    pub covered_until: Option<Date>,
    /// How far it lags behind what it describes.
    pub delay: Option<String>,
    pub known_limits: Option<String>,
}

/// Adds the one of a file, unless it is there already.
#[derive(Clone, Debug)]
pub struct Put(pub Add);

impl Add {
    /// As it would be stored, by the rules that every one meets.
    fn checked(&self, scope: &Scope<'_>, evaluation: &Evaluation) -> Result<DataSource> {
        let mut faults = Faults::default();
        let name = faults.take("name", required(&self.name, LINE));
        let supplier = faults.take("supplier", optional(self.supplier.as_deref(), LINE));
        let delay = faults.take("delay", optional(self.delay.as_deref(), PROSE));
        let known_limits = faults.take("knownLimits", optional(self.known_limits.as_deref(), PROSE));
        faults.finish()?;
        Ok(DataSource {
            id: scope.new_id(),
            virkningsevaluering_id: evaluation.row.id,
            since_version: evaluation.next_version(),
            name,
            supplier,
            extracted_on: self.extracted_on,
            covered_until: self.covered_until,
            delay,
            known_limits,
        })
    }
}

impl NamedRow for DataSource {
    async fn same_name(&self, db: &DatabaseTransaction) -> Result<Option<Self>> {
        let same = data_source::Entity::find()
            .filter(data_source::COLUMN.virkningsevaluering_id.eq(self.virkningsevaluering_id))
            .filter(data_source::COLUMN.name.eq(&self.name));
        Ok(same.one(db).await?)
    }

    fn list(parts: &mut Parts) -> &mut Vec<Self> {
        &mut parts.data_sources
    }
}

impl Operation for Add {
    const ACTION: Action = Action::Add;
    on_evaluation!();

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Evaluation>) -> Result<Evaluation> {
        let present = subject.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
        let row = self.checked(scope, present)?;
        with_new_row(scope, present, row, Self::NAMED_BY, "name").await
    }

    makes_a_part!(DataSource);
}

put_of_file!(DataSource, "name");
