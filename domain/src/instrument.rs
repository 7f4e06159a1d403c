//! Instruments: scales on which people have a score, such as WHO-5. Those that everyone uses are known; others are added.

pub use entity::instrument::Model as Instrument;

use std::collections::HashMap;

use entity::instrument;
use evidence::goal::{Direction, Millionths};
use evidence::instrument::Instrument as Scale;
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};

use crate::columns::{Action, CriterionDirection, Decimal, SubjectKind, Uuid};
use crate::context::Context;
use crate::error::{Error, Faults, Problem, Result};
use crate::event::{Fields, text, text_or_none};
use crate::input::text::{LINE, required};
use crate::operation::{Aggregate, Operation, Scope, Store, versioned};

/// The most characters of a code.
const CODE: usize = 40;
/// Beyond what anyone answers in one sitting.
const MOST_ITEMS: i32 = 1_000;
/// Beyond what any scale goes to.
const FURTHEST: i32 = 1_000_000;

/// The items that a score is made of: so many, each from a number to a number, and their sum multiplied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Items {
    pub count: i32,
    pub minimum: i32,
    pub maximum: i32,
    pub factor: i32,
}

impl Items {
    fn of(row: &Instrument) -> Option<Self> {
        Some(Self {
            count: row.item_count?,
            minimum: row.item_minimum?,
            maximum: row.item_maximum?,
            factor: row.factor?,
        })
    }

    /// The score of answers to every item; none where one is missing or is no answer to it.
    pub(crate) fn score(&self, answers: &[i32]) -> Option<Decimal> {
        let are_all = i32::try_from(answers.len()).is_ok_and(|given| given == self.count);
        let fit = answers.iter().all(|answer| (self.minimum..=self.maximum).contains(answer));
        let sum: i64 = answers.iter().copied().map(i64::from).sum();
        let score = Decimal::from_millionths(sum * i64::from(self.factor) * 1_000_000);
        score.filter(|_| are_all && fit)
    }

    fn range(&self) -> Option<(Decimal, Decimal)> {
        let of = |answer: i32| {
            let sum = i64::from(answer) * i64::from(self.count) * i64::from(self.factor);
            Decimal::from_millionths(sum * 1_000_000)
        };
        Some((of(self.minimum)?, of(self.maximum)?))
    }
}

/// The items of an instrument whose scores are made of any.
pub fn items(row: &Instrument) -> Option<Items> {
    Items::of(row)
}

/// What its scores are reckoned with; none where no change is known to matter.
pub(crate) fn scale(row: &Instrument) -> Option<Scale> {
    let direction = match row.direction {
        CriterionDirection::Up => Direction::Up,
        CriterionDirection::Down => Direction::Down,
    };
    let millionths = |decimal: Decimal| Millionths(decimal.millionths());
    Scale::new(direction, millionths(row.minimum)..=millionths(row.maximum), millionths(row.smallest_change?))
}

/// The instrument of a code, of those that everyone has and some others.
pub(crate) fn among(others: &[Instrument], code: &str) -> Option<Instrument> {
    let others = others.iter().cloned();
    known().into_iter().chain(others).find(|row| row.code == code)
}

/// The WHO-5 well-being index (Topp et al. 2015) and the single item with five answers.
fn known() -> [Instrument; 2] {
    let points = |points: i64| Decimal::from_millionths(points * 1_000_000).unwrap_or(Decimal::from(0));
    let of = |number: u128, code: &str, name: &str, range: (i64, i64)| Instrument {
        id: Uuid::from_u128(number),
        code: code.to_owned(),
        name: name.to_owned(),
        direction: CriterionDirection::Up,
        minimum: points(range.0),
        maximum: points(range.1),
        smallest_change: None,
        item_count: None,
        item_minimum: None,
        item_maximum: None,
        factor: None,
        version: 1,
    };
    [
        Instrument {
            smallest_change: Some(points(10)),
            item_count: Some(5),
            item_minimum: Some(0),
            item_maximum: Some(5),
            factor: Some(4),
            ..of(1, "WHO_5", "WHO-5 trivselsindeks", (0, 100))
        },
        of(2, "FIVE_POINT_ITEM", "Spørgsmål med fem svar", (1, 5)),
    ]
}

/// All instruments, those that everyone has first, then the others by code.
pub async fn all(context: &Context) -> Result<Vec<Instrument>> {
    Ok(known().into_iter().chain(added(context).await?).collect())
}

/// Those that not everyone has.
pub(crate) async fn added(context: &Context) -> Result<Vec<Instrument>> {
    let snapshot = context.snapshot().await?;
    Ok(instrument::Entity::find().order_by_asc(instrument::COLUMN.code).all(&snapshot.db).await?)
}

/// Those of these codes, for those who see the criteria that name them.
pub async fn by_codes(context: &Context, codes: &[String]) -> Result<HashMap<String, Instrument>> {
    let mut found: HashMap<String, Instrument> =
        known().into_iter().map(|row| (row.code.clone(), row)).collect();
    if codes.iter().any(|code| !found.contains_key(code)) {
        let snapshot = context.at_any_time().await?;
        let added = instrument::Entity::find().filter(instrument::COLUMN.code.is_in(codes.iter().cloned()));
        found.extend(added.all(&snapshot.db).await?.into_iter().map(|row| (row.code.clone(), row)));
    }
    found.retain(|code, _| codes.contains(code));
    Ok(found)
}

/// The instrument of a code.
pub(crate) async fn by_code(db: &impl ConnectionTrait, code: &str) -> Result<Option<Instrument>> {
    if let Some(known) = known().into_iter().find(|known| known.code == code) {
        return Ok(Some(known));
    }
    Ok(instrument::Entity::find().filter(instrument::COLUMN.code.eq(code)).one(db).await?)
}

versioned!(Instrument);

impl Aggregate for Instrument {
    const KIND: SubjectKind = SubjectKind::Instrument;
    type Table = instrument::Entity;

    fn fields(&self) -> Fields {
        vec![
            ("code", text(&self.code)),
            ("name", text(&self.name)),
            ("direction", text(self.direction)),
            ("minimum", text(self.minimum)),
            ("maximum", text(self.maximum)),
            ("smallestChange", text_or_none(self.smallest_change)),
            ("itemCount", self.item_count.into()),
            ("itemMinimum", self.item_minimum.into()),
            ("itemMaximum", self.item_maximum.into()),
            ("factor", self.factor.into()),
        ]
    }

    async fn load(db: &DatabaseTransaction, id: Uuid) -> Result<Option<Self>> {
        Ok(instrument::Entity::find_by_id(id).one(db).await?)
    }

    async fn store(&self, store: &mut Store<'_>, before: Option<&Self>) -> Result<()> {
        let version = instrument::Column::Version;
        store.save::<instrument::Entity>(self.clone(), version, before.map(|row| row.version)).await
    }
}

/// Adds an instrument. It stays as it is: what has changed is another.
#[derive(Clone, Debug)]
pub struct Add {
    pub code: String,
    pub name: String,
    pub direction: CriterionDirection,
    /// The range of its scores; that of its items where it is not given.
    pub range: Option<(Decimal, Decimal)>,
    pub smallest_change: Option<Decimal>,
    pub items: Option<Items>,
}

/// Adds the instrument of a file, unless it is there already.
#[derive(Clone, Debug)]
pub struct Put(pub Add);

impl Operation for Put {
    const ACTION: Action = Action::Import;
    const NAMED_BY: &'static str = "code";
    type Subject = Instrument;

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<Instrument>> {
        let same = instrument::Entity::find().filter(instrument::COLUMN.code.eq(&self.0.code));
        Ok(same.one(scope.db).await?)
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Instrument>) -> Result<Instrument> {
        let row = self.0.checked(scope)?;
        match subject {
            Some(there) if there.fields() == row.fields() => Ok(there.clone()),
            Some(_) => Err(Error::refused(Self::NAMED_BY, Problem::Taken)),
            None => self.0.free(scope, row).await,
        }
    }
}

impl Operation for Add {
    const ACTION: Action = Action::Create;
    const NAMED_BY: &'static str = "code";
    type Subject = Instrument;

    async fn decide(&self, scope: &Scope<'_>, _subject: Option<&Instrument>) -> Result<Instrument> {
        let row = self.checked(scope)?;
        self.free(scope, row).await
    }
}

impl Add {
    /// The row, unless its code is taken.
    async fn free(&self, scope: &Scope<'_>, row: Instrument) -> Result<Instrument> {
        match by_code(scope.db, &row.code).await? {
            Some(_) => Err(Error::refused("code", Problem::Taken)),
            None => Ok(row),
        }
    }

    /// As it would be stored, by the rules that every instrument meets.
    fn checked(&self, scope: &Scope<'_>) -> Result<Instrument> {
        let mut faults = Faults::default();
        let code = faults.take("code", required(&self.code, CODE));
        let tidy =
            |code: &str| code.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
        faults.unless(tidy(&code), "code", Problem::NotACode);
        let name = faults.take("name", required(&self.name, LINE));
        let items_fit = self.items.is_none_or(|items| {
            (1..=MOST_ITEMS).contains(&items.count)
                && items.minimum < items.maximum
                && (1..=FURTHEST).contains(&items.factor)
                && [items.minimum, items.maximum].iter().all(|end| (-FURTHEST..=FURTHEST).contains(end))
        });
        faults.unless(items_fit, "items", Problem::NotAScale);
        let of_items = self.items.filter(|_| items_fit).and_then(|items| items.range());
        let range = self.range.or(of_items);
        faults.unless(range.is_some() || !items_fit, "minimum", Problem::Required);
        let (minimum, maximum) = range.unwrap_or((Decimal::from(0), Decimal::from(1)));
        faults.unless(minimum.millionths() < maximum.millionths(), "maximum", Problem::StartAfterEnd);
        let agrees = of_items.is_none_or(|of_items| of_items == (minimum, maximum));
        faults.unless(agrees, "minimum", Problem::NotAScale);
        let matters = self.smallest_change.is_none_or(|change| change.millionths() > 0);
        faults.unless(matters, "smallestChange", Problem::NotPositive);
        faults.finish()?;
        Ok(Instrument {
            id: scope.new_id(),
            code,
            name,
            direction: self.direction,
            minimum,
            maximum,
            smallest_change: self.smallest_change,
            item_count: self.items.map(|items| items.count),
            item_minimum: self.items.map(|items| items.minimum),
            item_maximum: self.items.map(|items| items.maximum),
            factor: self.items.map(|items| items.factor),
            version: 0,
        })
    }
}
