//! The money of a budget year.

pub use entity::funding::Model as Funding;

use std::collections::{BTreeSet, HashMap};

use entity::{event, funding, funding_forvaltning};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, Select};

use crate::access_log::{Name, named};
use crate::columns::{
    Absence, AbsenceKind, AccessedKind, Action, FundingKind, Permanence, SubjectKind, Uuid,
};
use crate::context::Context;
use crate::error::{Error, Faults, Problem, Result, year_out_of_range};
use crate::event::{Fields, text, text_or_none, texts};
use crate::forvaltning::Forvaltning;
use crate::history::past::{self, Past, Remade, Was};
use crate::input::moment::YEARS;
use crate::input::text::{PROSE, optional};
use crate::intervention;
use crate::operation::{Aggregate, Operation, Scope, Store, Versioned, versioned};
use crate::page::grouped_by;
use crate::policy::Owners;
use crate::reference::Reference;
use crate::sight::seen;

/// The largest integer that JSON readers keep exactly.
const MOST_DKK: i64 = (1 << 53) - 1;

pub async fn by_id(context: &Context, id: Uuid) -> Result<Option<Funding>> {
    let snapshot = context.snapshot().await?;
    let seen = seen(context, SubjectKind::Funding, funding::Column::InterventionId);
    Ok(funding::Entity::find_by_id(id).filter(seen).one(&snapshot.db).await?)
}

/// The fundings of some interventions that the actor sees, by budget year and kind.
fn visible(context: &Context, interventions: impl IntoIterator<Item = Uuid>) -> Select<funding::Entity> {
    funding::Entity::find()
        .filter(seen(context, SubjectKind::Funding, funding::Column::InterventionId))
        .filter(funding::COLUMN.intervention_id.is_in(interventions))
        .order_by_asc(funding::COLUMN.budget_year)
        .order_by_asc(funding::COLUMN.id)
}

/// The same, as they stood.
async fn in_past(context: &Context, past: &Past, interventions: Vec<Uuid>) -> Result<Vec<Funding>> {
    let visible = seen(context, SubjectKind::Funding, event::Column::InterventionId);
    let which = past::of_interventions(interventions).add(visible);
    let paid = past::remade::<Paid>(context, past, which).await?;
    let mut rows: Vec<_> = paid.into_iter().map(|paid| paid.row).collect();
    rows.sort_by_key(|row| (row.budget_year, row.id));
    Ok(rows)
}

/// All fundings of each intervention.
pub async fn of_interventions(context: &Context, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Funding>>> {
    let rows = if let Some(past) = context.past() {
        in_past(context, past, ids.to_vec()).await?
    } else {
        visible(context, ids.iter().copied()).all(&context.snapshot().await?.db).await?
    };
    Ok(grouped_by(rows, |row| row.intervention_id))
}

/// Fundings by intervention and budget year: the report of year Y prints the money of year Y + 1.
pub async fn of_budget_years(
    context: &Context,
    wanted: &[(Uuid, i32)],
) -> Result<HashMap<(Uuid, i32), Vec<Funding>>> {
    let interventions = wanted.iter().map(|(intervention, _)| *intervention);
    let rows = if let Some(past) = context.past() {
        in_past(context, past, interventions.collect()).await?
    } else {
        let years: BTreeSet<i32> = wanted.iter().map(|(_, year)| *year).collect();
        let rows = visible(context, interventions).filter(funding::COLUMN.budget_year.is_in(years));
        rows.all(&context.snapshot().await?.db).await?
    };
    Ok(grouped_by(rows, |row| (row.intervention_id, row.budget_year)))
}

/// Who pays each of the fundings, in Danish order of the codes.
pub async fn funded_by(context: &Context, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Forvaltning>>> {
    let links = if let Some(past) = context.past() {
        let visible = seen(context, SubjectKind::Funding, event::Column::InterventionId);
        let paid = past::remade::<Paid>(context, past, past::of_subjects(ids).add(visible)).await?;
        paid.iter().flat_map(Paid::links).collect()
    } else {
        funding_forvaltning::Entity::find()
            .filter(funding_forvaltning::COLUMN.funding_id.is_in(ids.iter().copied()))
            .all(&context.snapshot().await?.db)
            .await?
    };
    let reference = Reference::of(context).await?;
    let mut payers: HashMap<Uuid, Vec<Forvaltning>> = HashMap::new();
    for forvaltning in &reference.forvaltninger {
        for link in links.iter().filter(|link| link.forvaltning_id == forvaltning.id) {
            payers.entry(link.funding_id).or_default().push(forvaltning.clone());
        }
    }
    Ok(payers)
}

/// Why the amount is not there.
pub fn absence(funding: &Funding) -> Option<Absence> {
    funding.absence.map(|kind| Absence::stated(kind, funding.absence_reason.clone()))
}

/// A funding with who pays it.
#[derive(Clone, Debug)]
pub struct Paid {
    pub row: Funding,
    funded_by: Vec<Uuid>,
}

versioned!(Paid, by row);

impl Paid {
    fn links(&self) -> Vec<funding_forvaltning::Model> {
        let link = |forvaltning_id: &Uuid| funding_forvaltning::Model {
            funding_id: self.row.id,
            forvaltning_id: *forvaltning_id,
        };
        self.funded_by.iter().map(link).collect()
    }
}

impl Remade for Paid {
    fn remade(id: Uuid, version: i64, was: &Was) -> Result<Self> {
        let row = Funding {
            id,
            intervention_id: was.read("interventionId")?,
            budget_year: was.number("budgetYear")?,
            kind: was.read("kind")?,
            amount_dkk: was.optional_number("amountDkk")?,
            absence: was.optional("absence")?,
            absence_reason: was.optional_text("absenceReason"),
            permanence: was.read("permanence")?,
            expires: was.optional_number("expires")?,
            version,
        };
        Ok(Self { row, funded_by: was.ids("fundedBy")? })
    }
}

impl Aggregate for Paid {
    const KIND: SubjectKind = SubjectKind::Funding;
    type Table = funding::Entity;

    fn intervention_id(&self) -> Option<Uuid> {
        Some(self.row.intervention_id)
    }

    fn fields(&self) -> Fields {
        vec![
            ("interventionId", text(self.row.intervention_id)),
            ("budgetYear", self.row.budget_year.into()),
            ("kind", text(self.row.kind)),
            ("amountDkk", self.row.amount_dkk.into()),
            ("absence", text_or_none(self.row.absence)),
            ("absenceReason", text_or_none(self.row.absence_reason.as_ref())),
            ("permanence", text(self.row.permanence)),
            ("expires", self.row.expires.into()),
            ("fundedBy", texts(&self.funded_by)),
        ]
    }

    async fn load(db: &DatabaseTransaction, id: Uuid) -> Result<Option<Self>> {
        let Some(row) = funding::Entity::find_by_id(id).one(db).await? else {
            return Ok(None);
        };
        let links = funding_forvaltning::Entity::find()
            .filter(funding_forvaltning::COLUMN.funding_id.eq(id))
            .order_by_asc(funding_forvaltning::COLUMN.forvaltning_id)
            .all(db)
            .await?;
        Ok(Some(Self { row, funded_by: links.into_iter().map(|link| link.forvaltning_id).collect() }))
    }

    async fn store(&self, store: &mut Store<'_>, before: Option<&Self>) -> Result<()> {
        store
            .save::<funding::Entity>(
                self.row.clone(),
                funding::Column::Version,
                before.map(Versioned::version),
            )
            .await?;
        if before.is_none_or(|before| before.funded_by != self.funded_by) {
            funding_forvaltning::Entity::delete_many()
                .filter(funding_forvaltning::COLUMN.funding_id.eq(self.row.id))
                .exec(store.settled().await?)
                .await?;
            store.insert_all::<funding_forvaltning::Entity>(self.links()).await?;
        }
        Ok(())
    }
}

/// Sets the funding of an intervention for a budget year and purpose.
#[derive(Clone, Debug)]
pub struct Set {
    pub intervention_id: Option<Uuid>,
    pub budget_year: i32,
    pub kind: FundingKind,
    /// Whole kroner; none with the reason why.
    pub amount_dkk: Option<i64>,
    pub absence: Option<AbsenceKind>,
    pub absence_reason: Option<String>,
    pub permanence: Permanence,
    pub expires: Option<i32>,
    /// Codes of forvaltninger.
    pub funded_by: Vec<String>,
}

impl Operation for Set {
    const ACTION: Action = Action::Update;
    const NAMED_BY: &'static str = "interventionId";
    type Subject = Paid;

    fn names(&self) -> Vec<Name> {
        vec![named(Self::NAMED_BY, AccessedKind::Intervention, self.intervention_id)]
    }

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<Paid>> {
        let intervention = intervention::required(scope, self.intervention_id, Self::NAMED_BY).await?;
        let row = funding::Entity::find()
            .filter(funding::COLUMN.intervention_id.eq(intervention.id))
            .filter(funding::COLUMN.budget_year.eq(self.budget_year))
            .filter(funding::COLUMN.kind.eq(self.kind))
            .one(scope.db)
            .await?;
        match row {
            Some(row) => Paid::load(scope.db, row.id).await,
            None => Ok(None),
        }
    }

    async fn owners(&self, scope: &Scope<'_>, _subject: Option<&Paid>) -> Result<Owners> {
        intervention::owners(scope.db, self.intervention_id).await
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Paid>) -> Result<Paid> {
        let mut faults = Faults::default();
        faults.unless(YEARS.contains(&self.budget_year), "budgetYear", year_out_of_range());
        let in_range = |amount: i64| (0..=MOST_DKK).contains(&amount);
        faults.unless(
            self.amount_dkk.is_none_or(in_range),
            "amountDkk",
            Problem::OutOfRange { from: 0, to: MOST_DKK },
        );
        faults.unless(
            self.amount_dkk.is_some() != self.absence.is_some(),
            "amountDkk",
            Problem::ValueOrAbsence,
        );
        let absence_reason = faults.take("absenceReason", optional(self.absence_reason.as_deref(), PROSE));
        faults.unless(
            absence_reason.is_none() || self.absence.is_some(),
            "absenceReason",
            Problem::ValueOrAbsence,
        );
        let expires_stated = (self.permanence == Permanence::Expires) == self.expires.is_some();
        faults.unless(expires_stated, "expires", Problem::ExpiryWithPermanence);
        faults.unless(self.expires.is_none_or(|year| YEARS.contains(&year)), "expires", year_out_of_range());
        let funded_by = forvaltninger(scope.reference().await?, &self.funded_by, "fundedBy", &mut faults);
        faults.finish()?;
        let intervention_id =
            self.intervention_id.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
        Ok(Paid {
            row: funding::Model {
                id: subject.map_or_else(|| scope.new_id(), |paid| paid.row.id),
                intervention_id,
                budget_year: self.budget_year,
                kind: self.kind,
                amount_dkk: self.amount_dkk,
                absence: self.absence,
                absence_reason,
                permanence: self.permanence,
                expires: self.expires,
                version: subject.map_or(0, Versioned::version),
            },
            funded_by,
        })
    }
}

/// The ids of forvaltninger named by code, sorted; a fault for each that is unknown or named twice.
pub(crate) fn forvaltninger(
    reference: &Reference,
    codes: &[String],
    field: &str,
    faults: &mut Faults,
) -> Vec<Uuid> {
    let find = |code: &String| reference.forvaltning(code).map(|forvaltning| forvaltning.id);
    let mut ids = resolved(codes, field, faults, find, || reference.codes());
    ids.sort_unstable();
    ids
}

/// The ids of things named in a list; a fault for each that is unknown or named twice.
pub(crate) fn resolved<T>(
    names: &[T],
    field: &str,
    faults: &mut Faults,
    find: impl Fn(&T) -> Option<Uuid>,
    known: impl Fn() -> String,
) -> Vec<Uuid> {
    let mut ids = Vec::with_capacity(names.len());
    for (at, name) in names.iter().enumerate() {
        let place = format!("{field}.{at}");
        match find(name) {
            None => faults.add(&place, Problem::NotAmong { known: known() }),
            Some(id) if ids.contains(&id) => faults.add(&place, Problem::Repeated),
            Some(id) => ids.push(id),
        }
    }
    ids
}
