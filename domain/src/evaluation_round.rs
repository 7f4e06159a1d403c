//! Rounds of evaluations: a year's theme, and the interventions chosen for it.

pub use entity::evaluation_round::Model as EvaluationRound;

use std::collections::HashMap;

use entity::{evaluation_round, evaluation_round_intervention, intervention as intervention_table};
use sea_orm::{DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, Select};

use crate::access_log::{Name, named};
use crate::columns::{AccessedKind, Action, SubjectKind, Uuid};
use crate::context::Context;
use crate::error::{Error, Faults, Problem, Result, year_out_of_range};
use crate::event::{Fields, text, texts};
use crate::history::past::{self, Remade, Was};
use crate::input::moment::YEARS;
use crate::input::text::{LINE, required};
use crate::intervention::{self, Intervention};
use crate::operation::{Aggregate, Operation, Scope, Store, Versioned, versioned};
use crate::page::{Connection, Direction, Key, Listing, Page, grouped_by};
use crate::policy::{Owners, Verb, permits};

/// Rounds belong to nobody in particular, so a role sees all of them or none.
fn visible(context: &Context) -> Option<Select<evaluation_round::Entity>> {
    let sees = permits(&context.actor, Verb::See, SubjectKind::EvaluationRound, &Owners::default());
    sees.then(evaluation_round::Entity::find)
}

pub async fn by_ids(context: &Context, ids: &[Uuid]) -> Result<HashMap<Uuid, EvaluationRound>> {
    let Some(rounds) = visible(context) else { return Ok(HashMap::new()) };
    let rows = if let Some(past) = context.past() {
        let rounds = past::remade::<Round>(context, past, past::of_subjects(ids)).await?;
        rounds.into_iter().map(|round| round.row).collect()
    } else {
        let of_ids = rounds.filter(evaluation_round::COLUMN.id.is_in(ids.iter().copied()));
        of_ids.all(&context.snapshot().await?.db).await?
    };
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

pub async fn by_id(context: &Context, id: Uuid) -> Result<Option<EvaluationRound>> {
    Ok(by_ids(context, &[id]).await?.remove(&id))
}

/// The rounds, of one year where one is given, in the order in which they were made.
pub async fn list(context: &Context, year: Option<i32>, page: &Page) -> Result<Connection<EvaluationRound>> {
    let Some(mut rounds) = visible(context) else { return Ok(Connection::empty(page)) };
    if let Some(year) = year {
        rounds = rounds.filter(evaluation_round::COLUMN.year.eq(year));
    }
    let snapshot = context.snapshot().await?;
    let listing = Listing {
        list: 8,
        key: Key::Id,
        direction: Direction::Ascending,
        id_column: evaluation_round::Column::Id,
        id: |row: &EvaluationRound| row.id,
    };
    listing.fetch(&snapshot.db, rounds, page).await
}

/// All rounds with what was chosen for them.
pub(crate) async fn all(context: &Context) -> Result<Vec<Round>> {
    let Some(rounds) = visible(context) else { return Ok(Vec::new()) };
    let snapshot = context.snapshot().await?;
    let rows = rounds.all(&snapshot.db).await?;
    let links = evaluation_round_intervention::Entity::find().all(&snapshot.db).await?;
    let mut chosen = grouped_by(links, |link| link.evaluation_round_id);
    let round = |row: EvaluationRound| {
        let links = chosen.remove(&row.id).unwrap_or_default();
        Round { row, interventions: links.into_iter().map(|link| link.intervention_id).collect() }
    };
    Ok(rows.into_iter().map(round).collect())
}

/// The interventions chosen for each round, in Danish order.
pub async fn interventions(context: &Context, rounds: &[Uuid]) -> Result<HashMap<Uuid, Vec<Intervention>>> {
    let links = if let Some(past) = context.past() {
        let rounds = past::remade::<Round>(context, past, past::of_subjects(rounds)).await?;
        rounds.iter().flat_map(Round::links).collect()
    } else {
        evaluation_round_intervention::Entity::find()
            .filter(evaluation_round_intervention::COLUMN.evaluation_round_id.is_in(rounds.iter().copied()))
            .all(&context.snapshot().await?.db)
            .await?
    };
    let ids: Vec<_> = links.iter().map(|link| link.intervention_id).collect();
    let known = intervention::by_ids(context, &ids).await?;
    let mut pairs: Vec<_> = links
        .into_iter()
        .filter_map(|link| Some((link.evaluation_round_id, known.get(&link.intervention_id)?.clone())))
        .collect();
    pairs.sort_by(|(_, one), (_, other)| one.name_key.cmp(&other.name_key));
    let grouped = grouped_by(pairs, |(round, _)| *round);
    Ok(grouped
        .into_iter()
        .map(|(round, pairs)| (round, pairs.into_iter().map(|pair| pair.1).collect()))
        .collect())
}

/// A round with the interventions chosen for it. Ids are sorted.
#[derive(Clone, Debug)]
pub struct Round {
    pub row: EvaluationRound,
    pub(crate) interventions: Vec<Uuid>,
}

versioned!(Round, by row);

impl Round {
    fn links(&self) -> Vec<evaluation_round_intervention::Model> {
        let link = |intervention_id: &Uuid| evaluation_round_intervention::Model {
            evaluation_round_id: self.row.id,
            intervention_id: *intervention_id,
        };
        self.interventions.iter().map(link).collect()
    }
}

impl Remade for Round {
    fn remade(id: Uuid, version: i64, was: &Was) -> Result<Self> {
        let row = EvaluationRound { id, year: was.number("year")?, theme: was.text("theme")?, version };
        Ok(Self { row, interventions: was.ids("interventionIds")? })
    }
}

impl Aggregate for Round {
    const KIND: SubjectKind = SubjectKind::EvaluationRound;
    type Table = evaluation_round::Entity;

    fn fields(&self) -> Fields {
        vec![
            ("year", self.row.year.into()),
            ("theme", text(&self.row.theme)),
            ("interventionIds", texts(&self.interventions)),
        ]
    }

    async fn load(db: &DatabaseTransaction, id: Uuid) -> Result<Option<Self>> {
        let Some(row) = evaluation_round::Entity::find_by_id(id).one(db).await? else { return Ok(None) };
        let links = evaluation_round_intervention::Entity::find()
            .filter(evaluation_round_intervention::COLUMN.evaluation_round_id.eq(id))
            .order_by_asc(evaluation_round_intervention::COLUMN.intervention_id)
            .all(db)
            .await?;
        Ok(Some(Self { row, interventions: links.into_iter().map(|link| link.intervention_id).collect() }))
    }

    async fn store(&self, store: &mut Store<'_>, before: Option<&Self>) -> Result<()> {
        let version = evaluation_round::Column::Version;
        store
            .save::<evaluation_round::Entity>(self.row.clone(), version, before.map(Versioned::version))
            .await?;
        evaluation_round_intervention::Entity::delete_many()
            .filter(evaluation_round_intervention::COLUMN.evaluation_round_id.eq(self.row.id))
            .exec(store.settled().await?)
            .await?;
        store.insert_all::<evaluation_round_intervention::Entity>(self.links()).await
    }
}

/// Makes a round.
#[derive(Clone, Debug)]
pub struct Create {
    pub year: i32,
    pub theme: String,
    /// None for an id that is none of ours.
    pub interventions: Vec<Option<Uuid>>,
}

/// Changes a round's theme or the interventions chosen for it.
#[derive(Clone, Debug)]
pub struct Update {
    pub id: Option<Uuid>,
    pub theme: Option<String>,
    pub interventions: Option<Vec<Option<Uuid>>>,
}

/// Makes the round of this year and theme, or makes it what the file says.
#[derive(Clone, Debug)]
pub struct Put(pub Create);

impl Operation for Create {
    const ACTION: Action = Action::Create;
    const NAMED_BY: &'static str = "theme";
    type Subject = Round;

    fn names(&self) -> Vec<Name> {
        chosen(&self.interventions).collect()
    }

    async fn decide(&self, scope: &Scope<'_>, _subject: Option<&Round>) -> Result<Round> {
        checked(scope, None, self.year, &self.theme, &self.interventions).await
    }
}

impl Operation for Update {
    const ACTION: Action = Action::Update;
    type Subject = Round;

    fn names(&self) -> Vec<Name> {
        let round = named(Self::NAMED_BY, AccessedKind::EvaluationRound, self.id);
        [round].into_iter().chain(chosen(self.interventions.as_deref().unwrap_or_default())).collect()
    }

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<Round>> {
        let found = match self.id {
            Some(id) => Round::load(scope.db, id).await?,
            None => None,
        };
        found.map(Some).ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Round>) -> Result<Round> {
        let round = subject.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
        let theme = self.theme.as_ref().unwrap_or(&round.row.theme);
        let chosen = || round.interventions.iter().copied().map(Some).collect();
        let interventions = self.interventions.clone().unwrap_or_else(chosen);
        checked(scope, Some(round), round.row.year, theme, &interventions).await
    }
}

impl Operation for Put {
    const ACTION: Action = Action::Import;
    const NAMED_BY: &'static str = "theme";
    type Subject = Round;

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<Round>> {
        match of_theme(scope, self.0.year, &self.0.theme).await? {
            Some(row) => Round::load(scope.db, row.id).await,
            None => Ok(None),
        }
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Round>) -> Result<Round> {
        checked(scope, subject, self.0.year, &self.0.theme, &self.0.interventions).await
    }
}

/// The interventions of an input, each in its place.
fn chosen(interventions: &[Option<Uuid>]) -> impl Iterator<Item = Name> {
    let place = |at| format!("interventionIds.{at}");
    interventions.iter().enumerate().map(move |(at, id)| named(place(at), AccessedKind::Intervention, *id))
}

/// The round of a year and theme.
pub(crate) async fn of_theme(scope: &Scope<'_>, year: i32, theme: &str) -> Result<Option<EvaluationRound>> {
    let same = evaluation_round::Entity::find()
        .filter(evaluation_round::COLUMN.year.eq(year))
        .filter(evaluation_round::COLUMN.theme.eq(theme));
    Ok(same.one(scope.db).await?)
}

async fn checked(
    scope: &Scope<'_>,
    round: Option<&Round>,
    year: i32,
    theme: &str,
    given: &[Option<Uuid>],
) -> Result<Round> {
    let mut faults = Faults::default();
    faults.unless(YEARS.contains(&year), "year", year_out_of_range());
    let theme = faults.take("theme", required(theme, LINE));
    let id = round.map_or_else(|| scope.new_id(), |round| round.row.id);
    let holder = of_theme(scope, year, &theme).await?;
    faults.unless(holder.is_none_or(|holder| holder.id == id), "theme", Problem::Taken);
    let known = intervention_table::Entity::find()
        .filter(intervention_table::COLUMN.id.is_in(given.iter().flatten().copied()))
        .all(scope.db)
        .await?;
    let mut interventions = Vec::with_capacity(given.len());
    for (at, id) in given.iter().enumerate() {
        let place = format!("interventionIds.{at}");
        match id.filter(|id| known.iter().any(|row| row.id == *id)) {
            None => faults.add(&place, Problem::NotFound),
            Some(id) if interventions.contains(&id) => faults.add(&place, Problem::Repeated),
            Some(id) => interventions.push(id),
        }
    }
    faults.finish()?;
    interventions.sort_unstable();
    let version = round.map_or(0, Versioned::version);
    Ok(Round { row: EvaluationRound { id, year, theme, version }, interventions })
}
