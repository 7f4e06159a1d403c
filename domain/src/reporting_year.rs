//! The years that the forvaltninger report on. A closed one takes no more changes.

pub use entity::reporting_year::Model as ReportingYear;

use std::collections::HashMap;

use entity::{intervention_year, reporting_year};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};

use crate::columns::{Action, SubjectKind, Uuid, YearReportStatus, YearStatus};
use crate::context::Context;
use crate::error::{Error, Fault, Problem, Result, year_out_of_range};
use crate::event::{Fields, text};
use crate::history::past::{self, Remade, Was};
use crate::input::moment::YEARS;
use crate::operation::{Aggregate, Operation, Scope, Store, versioned};
use crate::policy::{Owners, Verb, permits};

/// Reporting years belong to nobody in particular, so a role sees all of them or none.
fn sees(context: &Context) -> bool {
    permits(&context.actor, Verb::See, SubjectKind::ReportingYear, &Owners::default())
}

pub async fn by_year(context: &Context, year: i32) -> Result<Option<ReportingYear>> {
    Ok(by_years(context, &[year]).await?.remove(&year))
}

pub async fn by_id(context: &Context, id: Uuid) -> Result<Option<ReportingYear>> {
    if !sees(context) {
        return Ok(None);
    }
    let snapshot = context.snapshot().await?;
    Ok(reporting_year::Entity::find_by_id(id).one(&snapshot.db).await?)
}

pub async fn by_years(context: &Context, years: &[i32]) -> Result<HashMap<i32, ReportingYear>> {
    if !sees(context) {
        return Ok(HashMap::new());
    }
    let rows = if let Some(past) = context.past() {
        let mut rows = past::remade::<ReportingYear>(context, past, past::of_no_intervention()).await?;
        rows.retain(|row| years.contains(&row.year));
        rows
    } else {
        let rows =
            reporting_year::Entity::find().filter(reporting_year::COLUMN.year.is_in(years.iter().copied()));
        rows.all(&context.snapshot().await?.db).await?
    };
    Ok(rows.into_iter().map(|row| (row.year, row)).collect())
}

async fn find(db: &DatabaseTransaction, year: i32) -> Result<Option<ReportingYear>> {
    Ok(reporting_year::Entity::find().filter(reporting_year::COLUMN.year.eq(year)).one(db).await?)
}

/// The year, held against change by others until the transaction ends: it is about to be closed.
async fn find_to_change(db: &DatabaseTransaction, year: i32) -> Result<Option<ReportingYear>> {
    let found = reporting_year::Entity::find().filter(reporting_year::COLUMN.year.eq(year)).lock_exclusive();
    Ok(found.one(db).await?)
}

/// The status of a year into which is written. Until the transaction ends nobody closes it.
pub(crate) async fn status_held(db: &DatabaseTransaction, year: i32) -> Result<Option<YearStatus>> {
    let found = reporting_year::Entity::find().filter(reporting_year::COLUMN.year.eq(year)).lock_shared();
    Ok(found.one(db).await?.map(|row| row.status))
}

/// The status of each of these years that there is.
pub(crate) async fn statuses(db: &DatabaseTransaction, years: &[i32]) -> Result<HashMap<i32, YearStatus>> {
    let found =
        reporting_year::Entity::find().filter(reporting_year::COLUMN.year.is_in(years.iter().copied()));
    Ok(found.all(db).await?.into_iter().map(|row| (row.year, row.status)).collect())
}

/// Whether what belongs to a year can be changed; none is a year that is not there.
pub(crate) fn takes_changes(year: Option<YearStatus>) -> Result<(), Problem> {
    match year {
        None => Err(Problem::YearNotOpened),
        Some(YearStatus::Closed) => Err(Problem::YearClosed),
        Some(YearStatus::Open) => Ok(()),
    }
}

/// Whether a year can be closed that has so many reports which are not approved.
pub(crate) fn closable(status: YearStatus, unapproved: u64) -> Result<(), Problem> {
    match (status, unapproved) {
        (YearStatus::Closed, _) => Err(Problem::YearClosed),
        (YearStatus::Open, 0) => Ok(()),
        (YearStatus::Open, count) => Err(Problem::ReportsNotApproved { count }),
    }
}

/// How many reports of each year are not approved; a year without such is left out.
pub(crate) async fn unapproved(db: &DatabaseTransaction, years: &[i32]) -> Result<HashMap<i32, u64>> {
    let counted: Vec<(i32, i64)> = intervention_year::Entity::find()
        .select_only()
        .column(intervention_year::Column::Year)
        .column_as(intervention_year::Column::Id.count(), "reports")
        .filter(intervention_year::COLUMN.year.is_in(years.iter().copied()))
        .filter(intervention_year::COLUMN.status.ne(YearReportStatus::Approved))
        .group_by(intervention_year::Column::Year)
        .into_tuple()
        .all(db)
        .await?;
    Ok(counted.into_iter().map(|(year, count)| (year, count.unsigned_abs())).collect())
}

versioned!(ReportingYear);

impl Remade for ReportingYear {
    fn remade(id: Uuid, version: i64, was: &Was) -> Result<Self> {
        Ok(Self { id, year: was.number("year")?, status: was.read("status")?, version })
    }
}

impl Aggregate for ReportingYear {
    const KIND: SubjectKind = SubjectKind::ReportingYear;
    type Table = reporting_year::Entity;

    fn fields(&self) -> Fields {
        vec![("year", self.year.into()), ("status", text(self.status))]
    }

    async fn load(db: &DatabaseTransaction, id: Uuid) -> Result<Option<Self>> {
        Ok(reporting_year::Entity::find_by_id(id).one(db).await?)
    }

    async fn store(&self, store: &mut Store<'_>, before: Option<&Self>) -> Result<()> {
        store
            .save::<reporting_year::Entity>(
                self.clone(),
                reporting_year::Column::Version,
                before.map(|row| row.version),
            )
            .await
    }
}

/// Opens a year for reporting.
#[derive(Clone, Debug)]
pub struct Open {
    pub year: i32,
}

/// Closes a year once every report of it is approved. They are frozen from then on.
#[derive(Clone, Debug)]
pub struct Close {
    pub year: i32,
}

/// Makes the year what the file says.
#[derive(Clone, Debug)]
pub struct Put {
    pub year: i32,
    pub status: YearStatus,
}

impl Operation for Open {
    const ACTION: Action = Action::Open;
    const NAMED_BY: &'static str = "year";
    type Subject = ReportingYear;

    async fn decide(&self, scope: &Scope<'_>, _subject: Option<&ReportingYear>) -> Result<ReportingYear> {
        if find(scope.db, self.year).await?.is_some() {
            return Err(Error::refused("year", Problem::Taken));
        }
        checked(scope, None, self.year, YearStatus::Open)
    }
}

impl Operation for Close {
    const ACTION: Action = Action::Close;
    const NAMED_BY: &'static str = "year";
    type Subject = ReportingYear;

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<ReportingYear>> {
        match find_to_change(scope.db, self.year).await? {
            Some(row) => Ok(Some(row)),
            None => Err(Error::refused("year", Problem::NotFound)),
        }
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&ReportingYear>) -> Result<ReportingYear> {
        let row = subject.ok_or_else(|| Error::refused("year", Problem::NotFound))?;
        let unapproved = unapproved(scope.db, &[self.year]).await?.remove(&self.year).unwrap_or_default();
        closable(row.status, unapproved).map_err(|problem| Error::refused("year", problem))?;
        checked(scope, Some(row), self.year, YearStatus::Closed)
    }
}

impl Operation for Put {
    const ACTION: Action = Action::Import;
    const NAMED_BY: &'static str = "year";
    type Subject = ReportingYear;

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<ReportingYear>> {
        find_to_change(scope.db, self.year).await
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&ReportingYear>) -> Result<ReportingYear> {
        checked(scope, subject, self.year, self.status)
    }
}

fn checked(
    scope: &Scope<'_>,
    row: Option<&ReportingYear>,
    year: i32,
    status: YearStatus,
) -> Result<ReportingYear> {
    if !YEARS.contains(&year) {
        return Err(Error::Refused(vec![Fault::at("year", year_out_of_range())]));
    }
    Ok(ReportingYear {
        id: row.map_or_else(|| scope.new_id(), |row| row.id),
        year,
        status,
        version: row.map_or(0, |row| row.version),
    })
}
