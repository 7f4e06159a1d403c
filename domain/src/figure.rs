//! Published numbers. One that the source leaves out is there all the same, with the reason: missing is not zero.

pub use entity::figure::Model as Figure;

use std::collections::{HashMap, HashSet};

use entity::{event, figure, intervention as intervention_table};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};
use serde_json::json;

use crate::access_log::{Name, named};
use crate::columns::{
    Absence, AbsenceKind, AccessedKind, Action, Date, Decimal, FigureKind, SubjectKind, Uuid,
};
use crate::context::Context;
use crate::disclosure::{self, HiddenFigures};
use crate::error::{Error, Faults, Problem, Result};
use crate::event::{Fields, text, text_or_none};
use crate::history::past::{self, Remade, Was};
use crate::input::text::{LINE, PROSE, optional, required};
use crate::intervention;
use crate::operation::{Aggregate, Operation, Scope, Store, versioned};
use crate::page::{Connection, Direction, Key, Listing, Page, grouped_by};
use crate::policy::{Owners, Verb, sight};
use crate::reporting_year;
use crate::sight::{seen, within};

/// What tells its cursors from others.
const LIST: u8 = 4;

/// The figures of each intervention, in the order in which they were first recorded.
pub async fn of_interventions(
    context: &Context,
    ids: &[Uuid],
    kind: Option<FigureKind>,
    page: &Page,
) -> Result<HashMap<Uuid, Connection<Seen>>> {
    let pages = rows_of(context, ids, kind, page).await?;
    let hidden = hidden(context, ids).await?;
    let seen = |page: Connection<Figure>| page.map(|row| Seen::of(row, &hidden));
    Ok(pages.into_iter().map(|(id, page)| (id, seen(page))).collect())
}

async fn rows_of(
    context: &Context,
    ids: &[Uuid],
    kind: Option<FigureKind>,
    page: &Page,
) -> Result<HashMap<Uuid, Connection<Figure>>> {
    if let Some(past) = context.past() {
        let visible = seen(context, SubjectKind::Figure, event::Column::InterventionId);
        let which = past::of_interventions(ids.iter().copied()).add(visible);
        let mut rows = past::remade::<Figure>(context, past, which).await?;
        rows.retain(|row| kind.is_none_or(|kind| row.kind == kind));
        let pages = grouped_by(rows, |row| row.intervention_id).into_iter();
        return pages
            .map(|(id, rows)| Ok((id, Connection::of_all(page, LIST, rows, |row| (Vec::new(), row.id))?)))
            .collect();
    }
    let snapshot = context.snapshot().await?;
    let mut select = figure::Entity::find()
        .filter(seen(context, SubjectKind::Figure, figure::Column::InterventionId))
        .filter(figure::COLUMN.intervention_id.is_in(ids.iter().copied()));
    if let Some(kind) = kind {
        select = select.filter(figure::COLUMN.kind.eq(kind));
    }
    let listing = Listing {
        list: LIST,
        key: Key::Id,
        direction: Direction::Ascending,
        id_column: figure::Column::Id,
        id: |row: &Figure| row.id,
    };
    listing.fetch_for_each(&snapshot.db, select, page, figure::Column::InterventionId).await
}

pub async fn by_id(context: &Context, id: Uuid) -> Result<Option<Seen>> {
    let snapshot = context.snapshot().await?;
    let seen = seen(context, SubjectKind::Figure, figure::Column::InterventionId);
    let row = figure::Entity::find_by_id(id).filter(seen).one(&snapshot.db).await?;
    Ok(seen_of(context, row.into_iter().collect()).await?.pop())
}

/// The figures of these ids that the actor sees.
pub async fn by_ids(context: &Context, ids: &[Uuid]) -> Result<HashMap<Uuid, Seen>> {
    let rows = if let Some(past) = context.past() {
        let visible = seen(context, SubjectKind::Figure, event::Column::InterventionId);
        past::remade(context, past, past::of_subjects(ids).add(visible)).await?
    } else {
        let visible = seen(context, SubjectKind::Figure, figure::Column::InterventionId);
        let rows =
            figure::Entity::find().filter(visible).filter(figure::COLUMN.id.is_in(ids.iter().copied()));
        rows.all(&context.snapshot().await?.db).await?
    };
    Ok(seen_of(context, rows).await?.into_iter().map(|seen| (seen.row.id, seen)).collect())
}

/// A figure as the reader sees it.
#[derive(Clone, Debug)]
pub struct Seen {
    pub row: Figure,
    suppressed: bool,
}

impl Seen {
    pub(crate) fn of(row: Figure, hidden: &HiddenFigures) -> Self {
        if !hidden.values.contains(&row.id) {
            return Self { row, suppressed: false };
        }
        let row = Figure { value: None, population: None, absence_reason: None, remarks: None, ..row };
        Self { row, suppressed: true }
    }

    /// Why the value is not there.
    pub fn absence(&self) -> Option<Absence> {
        if self.suppressed {
            return Some(Absence::SUPPRESSED);
        }
        self.row.absence.map(|kind| Absence::stated(kind, self.row.absence_reason.clone()))
    }
}

/// What the figures of these interventions may not tell the reader, who sees the participants of some of them or of none.
pub(crate) async fn hidden(context: &Context, interventions: &[Uuid]) -> Result<HiddenFigures> {
    let participants = sight(&context.actor, Verb::ReadParticipants, SubjectKind::Figure);
    if participants.everything {
        return Ok(HiddenFigures::default());
    }
    let snapshot = context.at_any_time().await?;
    let guarded = intervention_table::Entity::find()
        .select_only()
        .column(intervention_table::Column::Id)
        .filter(intervention_table::COLUMN.id.is_in(interventions.iter().copied()))
        .filter(within(&participants, intervention_table::Column::Id).not());
    let guarded: Vec<Uuid> = guarded.into_tuple().all(&snapshot.db).await?;
    let figures = if let Some(past) = context.past() {
        past::remade::<Figure>(context, past, past::of_interventions(guarded)).await?
    } else {
        let all = figure::Entity::find().filter(figure::COLUMN.intervention_id.is_in(guarded));
        all.all(&snapshot.db).await?
    };
    let revised: Vec<_> =
        figures.iter().filter(|row| row.version > 1).map(|row| (row.id, row.version)).collect();
    let earlier = past::values(context, &revised, "value").await?;
    let rule = disclosure::rule(context);
    let mut hidden = HiddenFigures::default();
    for rows in grouped_by(figures, |row| row.intervention_id).into_values() {
        let of_one = disclosure::hidden_figures(rule, &rows, &earlier);
        hidden.values.extend(of_one.values);
        hidden.histories.extend(of_one.histories);
    }
    Ok(hidden)
}

/// Figures as the reader sees them.
pub async fn seen_of(context: &Context, rows: Vec<Figure>) -> Result<Vec<Seen>> {
    let interventions: HashSet<_> = rows.iter().map(|row| row.intervention_id).collect();
    let hidden = hidden(context, &interventions.into_iter().collect::<Vec<_>>()).await?;
    Ok(rows.into_iter().map(|row| Seen::of(row, &hidden)).collect())
}

versioned!(Figure);

impl Remade for Figure {
    fn remade(id: Uuid, version: i64, was: &Was) -> Result<Self> {
        let mut row = Self {
            id,
            intervention_id: was.read("interventionId")?,
            reported_year: was.number("reportedYear")?,
            kind: was.read("kind")?,
            label: was.text("label")?,
            unit: was.text("unit")?,
            period_from: was.date("periodFrom")?,
            period_to: was.date("periodTo")?,
            population: was.optional_text("population"),
            category: was.optional_text("category"),
            slot: String::new(),
            value: was.optional("value")?,
            absence: was.optional("absence")?,
            absence_reason: was.optional_text("absenceReason"),
            series_break: was.optional_text("seriesBreak"),
            remarks: was.optional_text("remarks"),
            version,
        };
        row.slot = slot(&row);
        Ok(row)
    }
}

/// What makes it the one figure of its place.
fn slot(row: &Figure) -> String {
    let place = Place {
        reported_year: row.reported_year,
        kind: row.kind,
        label: row.label.clone(),
        category: row.category.clone(),
        period: row.period_from.zip(row.period_to),
        population: row.population.clone(),
    };
    place.slot()
}

/// What tells a figure from the others of its intervention.
pub(crate) struct Place {
    pub reported_year: i32,
    pub kind: FigureKind,
    pub label: String,
    pub category: Option<String>,
    pub period: Option<(Date, Date)>,
    pub population: Option<String>,
}

impl Place {
    fn slot(&self) -> String {
        let (from, to) = self.period.map(|(from, to)| (from.to_string(), to.to_string())).unzip();
        json!([self.reported_year, self.kind.as_str(), self.label, self.category, from, to, self.population])
            .to_string()
    }

    pub async fn find(&self, db: &DatabaseTransaction, intervention_id: Uuid) -> Result<Option<Figure>> {
        Ok(figure::Entity::find()
            .filter(figure::COLUMN.intervention_id.eq(intervention_id))
            .filter(figure::COLUMN.slot.eq(self.slot()))
            .one(db)
            .await?)
    }
}

impl Aggregate for Figure {
    const KIND: SubjectKind = SubjectKind::Figure;
    type Table = figure::Entity;

    fn intervention_id(&self) -> Option<Uuid> {
        Some(self.intervention_id)
    }

    fn fields(&self) -> Fields {
        vec![
            ("interventionId", text(self.intervention_id)),
            ("reportedYear", self.reported_year.into()),
            ("kind", text(self.kind)),
            ("label", text(&self.label)),
            ("unit", text(&self.unit)),
            ("periodFrom", text_or_none(self.period_from)),
            ("periodTo", text_or_none(self.period_to)),
            ("population", text_or_none(self.population.as_ref())),
            ("category", text_or_none(self.category.as_ref())),
            ("value", text_or_none(self.value)),
            ("absence", text_or_none(self.absence)),
            ("absenceReason", text_or_none(self.absence_reason.as_ref())),
            ("seriesBreak", text_or_none(self.series_break.as_ref())),
            ("remarks", text_or_none(self.remarks.as_ref())),
        ]
    }

    async fn load(db: &DatabaseTransaction, id: Uuid) -> Result<Option<Self>> {
        Ok(figure::Entity::find_by_id(id).one(db).await?)
    }

    async fn load_all(db: &DatabaseTransaction, ids: &[Uuid]) -> Result<Vec<Self>> {
        Ok(figure::Entity::find().filter(figure::COLUMN.id.is_in(ids.iter().copied())).all(db).await?)
    }

    async fn store(&self, store: &mut Store<'_>, before: Option<&Self>) -> Result<()> {
        store
            .save::<figure::Entity>(self.clone(), figure::Column::Version, before.map(|row| row.version))
            .await
    }
}

/// Records a published number, or corrects it. Kind, label, category, period and population say which one it is.
#[derive(Clone, Debug)]
pub struct Set {
    pub intervention_id: Option<Uuid>,
    pub reported_year: i32,
    pub kind: FigureKind,
    pub label: String,
    pub unit: String,
    pub period: Option<(Date, Date)>,
    pub population: Option<String>,
    pub category: Option<String>,
    pub value: Option<Decimal>,
    pub absence: Option<AbsenceKind>,
    pub absence_reason: Option<String>,
    pub series_break: Option<String>,
    pub remarks: Option<String>,
}

impl Set {
    /// The figure as given, checked and normalised, without id and version.
    fn checked(&self, intervention_id: Uuid) -> Result<Figure> {
        let mut faults = Faults::default();
        let label = faults.take("label", required(&self.label, LINE));
        let unit = faults.take("unit", required(&self.unit, LINE));
        let population = faults.take("population", optional(self.population.as_deref(), LINE));
        let category = faults.take("category", optional(self.category.as_deref(), LINE));
        let absence_reason = faults.take("absenceReason", optional(self.absence_reason.as_deref(), PROSE));
        let series_break = faults.take("seriesBreak", optional(self.series_break.as_deref(), PROSE));
        let remarks = faults.take("remarks", optional(self.remarks.as_deref(), PROSE));
        faults.unless(self.value.is_some() != self.absence.is_some(), "value", Problem::ValueOrAbsence);
        faults.unless(
            absence_reason.is_none() || self.absence.is_some(),
            "absenceReason",
            Problem::ValueOrAbsence,
        );
        faults.unless(self.period.is_none_or(|(from, to)| from <= to), "period", Problem::StartAfterEnd);
        faults.finish()?;
        let (period_from, period_to) = self.period.unzip();
        let mut row = Figure {
            id: Uuid::nil(),
            intervention_id,
            reported_year: self.reported_year,
            kind: self.kind,
            label,
            unit,
            period_from,
            period_to,
            population,
            category,
            slot: String::new(),
            value: self.value,
            absence: self.absence,
            absence_reason,
            series_break,
            remarks,
            version: 0,
        };
        row.slot = slot(&row);
        Ok(row)
    }
}

impl Operation for Set {
    const ACTION: Action = Action::Update;
    const NAMED_BY: &'static str = "interventionId";
    type Subject = Figure;

    fn names(&self) -> Vec<Name> {
        vec![named(Self::NAMED_BY, AccessedKind::Intervention, self.intervention_id)]
    }

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<Figure>> {
        let intervention = intervention::required(scope, self.intervention_id, Self::NAMED_BY).await?;
        let slot = self.checked(intervention.id)?.slot;
        Ok(figure::Entity::find()
            .filter(figure::COLUMN.intervention_id.eq(intervention.id))
            .filter(figure::COLUMN.slot.eq(slot))
            .one(scope.db)
            .await?)
    }

    async fn owners(&self, scope: &Scope<'_>, _subject: Option<&Figure>) -> Result<Owners> {
        intervention::owners(scope.db, self.intervention_id).await
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Figure>) -> Result<Figure> {
        let intervention_id =
            self.intervention_id.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
        let mut row = self.checked(intervention_id)?;
        row.id = subject.map_or_else(|| scope.new_id(), |row| row.id);
        row.version = subject.map_or(0, |row| row.version);
        if subject != Some(&row) {
            let year = reporting_year::status_held(scope.db, self.reported_year).await?;
            reporting_year::takes_changes(year).map_err(|problem| Error::refused("reportedYear", problem))?;
        }
        Ok(row)
    }
}
