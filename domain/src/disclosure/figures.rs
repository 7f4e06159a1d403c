//! Figures of the register.

use std::collections::{BTreeMap, HashSet};

use evidence::disclosure::{Place, Rule, Table, protect};
use evidence::share::Share;

use crate::columns::{Date, Decimal, FigureKind, Uuid};
use crate::figure::Figure;

/// What figures of interventions may not tell.
#[derive(Debug, Default)]
pub(crate) struct HiddenFigures {
    /// Those whose value is hidden.
    pub values: HashSet<Uuid>,
    /// Those whose history is: at some time their value was hidden, or it may have been.
    pub histories: HashSet<Uuid>,
}

/// What a value tells of people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    /// So many people or cases, of so many where that is stated. A percentage of a stated number is a count in disguise.
    People(u32, Option<u32>),
    /// The value of one person.
    Extreme,
    /// A statistic of so many people.
    Statistic(Option<u32>),
}

const PERCENT: [&str; 3] = ["pct", "pct.", "%"];
/// Of one person, or of many together.
const OF_VALUES: [&str; 8] = ["år", "måneder", "uger", "dage", "timer", "timer/uge", "point", "kr."];
/// What is counted in activities.
const ACTIVITIES: [&str; 3] = ["antal", "besøg", "kontakter"];
const EXTREMES: [&str; 4] = ["min", "max", "minimum", "maksimum"];

impl Told {
    fn of(figure: &Figure, value: Decimal) -> Self {
        let unit = figure.unit.to_lowercase();
        let whole = figure.population.as_deref().and_then(first_number);
        if PERCENT.contains(&unit.as_str()) {
            let count = whole.and_then(|whole| share_of(value, whole));
            return count.map_or(Self::Statistic(whole), |count| Self::People(count, whole));
        }
        let category = figure.category.as_deref().unwrap_or_default().to_lowercase();
        if EXTREMES.contains(&category.as_str()) {
            return Self::Extreme;
        }
        let is_activity = matches!(figure.kind, FigureKind::Activity | FigureKind::Comparison)
            && ACTIVITIES.contains(&unit.as_str());
        let is_scale = unit.starts_with("af ");
        let count = (value.millionths() % 1_000_000 == 0)
            .then(|| u32::try_from(value.millionths() / 1_000_000).ok())
            .flatten()
            .filter(|_| !is_activity && !is_scale && !OF_VALUES.contains(&unit.as_str()));
        match count {
            Some(count) => Self::People(count, whole.filter(|whole| *whole >= count)),
            None => Self::Statistic(whole.filter(|_| !is_activity)),
        }
    }

    fn is_few(self, rule: Rule) -> bool {
        match self {
            Self::People(count, whole) => {
                let share = whole.and_then(|whole| Share::new(count, whole));
                rule.hides_count(count) || share.is_some_and(|share| rule.hides_share(share))
            }
            Self::Extreme => true,
            Self::Statistic(whole) => whole.is_some_and(|whole| rule.hides_count(whole)),
        }
    }

    fn differs_by_few(self, rule: Rule, then: Self) -> bool {
        matches!((self, then), (Self::People(now, _), Self::People(then, _)) if rule.hides_count(now.abs_diff(then)))
    }
}

/// The first whole number of a text, as in `79`, `39 afsluttede sager` or `n=18`.
fn first_number(text: &str) -> Option<u32> {
    let digits = text.trim_start_matches(|letter: char| !letter.is_ascii_digit());
    let end = digits.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(digits.len());
    let (number, rest) = digits.split_at(end);
    let is_part_of_more = rest.starts_with(['.', ',', '-', '–', '/']);
    number.parse().ok().filter(|_| !is_part_of_more)
}

/// The count that a percentage of a whole stands for.
fn share_of(percentage: Decimal, whole: u32) -> Option<u32> {
    let hundredth = 100_000_000_i128;
    let count = (i128::from(percentage.millionths()) * i128::from(whole) * 2 + hundredth) / (hundredth * 2);
    u32::try_from(count).ok().filter(|count| *count <= whole)
}

type Period = (i32, Option<Date>, Option<Date>);

/// A period, and the whole that counts of it make up where one is known.
type Of = (Period, Option<u32>);

/// A count among those that make up one whole.
struct Cell {
    id: Uuid,
    count: u32,
}

/// What figures of one intervention may not tell, those of all its years. `earlier` are the values that they had before.
pub(crate) fn hidden_figures(rule: Rule, figures: &[Figure], earlier: &[(Uuid, Decimal)]) -> HiddenFigures {
    let told: Vec<_> =
        figures.iter().filter_map(|figure| Some((figure, Told::of(figure, figure.value?)))).collect();
    let mut hidden = HiddenFigures::default();
    for (figure, now) in &told {
        let before = earlier.iter().filter(|(id, _)| *id == figure.id);
        let mut before: Vec<_> = before.map(|(_, value)| Told::of(figure, *value)).collect();
        if before.iter().any(|then| then.is_few(rule)) {
            hidden.histories.insert(figure.id);
        }
        let printed_before = told.iter().filter(|(other, _)| reprints(figure, other));
        before.extend(printed_before.map(|(_, then)| *then));
        if now.is_few(rule) || before.iter().any(|then| now.differs_by_few(rule, *then)) {
            hidden.values.insert(figure.id);
        }
    }
    let mut chains: BTreeMap<Of, Vec<Vec<Cell>>> = BTreeMap::new();
    for ((period, whole), cells) in tables(&told) {
        let sum: u64 = cells.iter().map(|cell| u64::from(cell.count)).sum();
        let revised = |cell: &Cell| earlier.iter().any(|(id, _)| *id == cell.id);
        if whole.is_some() || cells.len() > 1 {
            // Whether one was hidden for the sake of others before is not known.
            hidden.histories.extend(cells.iter().filter(|cell| revised(cell)).map(|cell| cell.id));
        }
        if whole.is_some_and(|whole| sum > u64::from(whole)) {
            // They overlap: each is beside its own rest, which is judged above.
            continue;
        }
        chains.entry((period, whole)).or_default().push(cells);
    }
    for ((period, whole), tables) in chains {
        // Without a whole nothing connects them.
        let chains = if whole.is_some() {
            vec![tables]
        } else {
            tables.into_iter().map(|table| vec![table]).collect()
        };
        for chain in chains {
            let found = beside(rule, whole, &chain, &hidden.values);
            hidden.values.extend(found.cells);
            if found.whole {
                let is_whole = |figure: &Figure, told: Told| {
                    period_of(figure) == period
                        && matches!(told, Told::People(count, _) if Some(count) == whole)
                };
                let wholes = told.iter().filter(|(figure, told)| is_whole(figure, *told));
                let of_chain = chain.iter().flatten().map(|cell| cell.id);
                hidden.values.extend(wholes.map(|(figure, _)| figure.id).chain(of_chain));
            }
        }
    }
    hidden.histories.extend(&hidden.values);
    hidden
}

/// Whether another figure is the same number, printed in the report of an earlier year.
fn reprints(figure: &Figure, other: &Figure) -> bool {
    let what = |figure: &Figure| {
        (figure.kind, figure.label.clone(), figure.category.clone(), figure.period_from, figure.period_to)
    };
    other.reported_year < figure.reported_year && what(other) == what(figure)
}

fn period_of(figure: &Figure) -> Period {
    (figure.reported_year, figure.period_from, figure.period_to)
}

/// The counts that make up wholes: by the part of the label before a colon, else by label and category, else by what they
/// are a number of. The whole is what the population says, or the participants of the period.
fn tables(told: &[(&Figure, Told)]) -> Vec<(Of, Vec<Cell>)> {
    let mut tables: BTreeMap<_, Vec<Cell>> = BTreeMap::new();
    for (figure, told) in told {
        let Told::People(count, whole) = *told else { continue };
        let stem = match (figure.label.split_once(": "), &figure.category, whole) {
            (Some((stem, _)), _, _) => stem,
            (None, None, Some(_)) => "",
            (None, Some(_) | None, _) => &figure.label,
        };
        let is_participants = figure.kind == FigureKind::Participants;
        let key = (period_of(figure), figure.unit.as_str(), stem, whole, is_participants);
        tables.entry(key).or_default().push(Cell { id: figure.id, count });
    }
    let participants = |period: Period, unit: &str| {
        let of_period = |(figure, _): &&(&Figure, Told)| {
            figure.kind == FigureKind::Participants && figure.unit == unit && period_of(figure) == period
        };
        let mut found = told.iter().filter(of_period);
        match (found.next(), found.next()) {
            (Some((_, Told::People(count, _))), None) => Some(*count),
            _ => None,
        }
    };
    let with_whole = tables.into_iter().map(|((period, unit, _, whole, is_participants), cells)| {
        let sum: u64 = cells.iter().map(|cell| u64::from(cell.count)).sum();
        let of_period =
            participants(period, unit).filter(|count| !is_participants && sum <= u64::from(*count));
        ((period, whole.or(of_period)), cells)
    });
    with_whole.collect()
}

struct Beside {
    cells: Vec<Uuid>,
    whole: bool,
}

/// What is to be hidden of tables of one whole, those that are hidden already among them.
fn beside(rule: Rule, whole: Option<u32>, chain: &[Vec<Cell>], hidden: &HashSet<Uuid>) -> Beside {
    let table = |cells: &Vec<Cell>| {
        let sum: u64 = cells.iter().map(|cell| u64::from(cell.count)).sum();
        let rest = whole.filter(|whole| sum < u64::from(*whole)).map(|_| None);
        let counts: Vec<_> = cells.iter().map(|cell| Some(cell.count)).chain(rest).collect();
        let mut table = Table::distribution(&counts, whole)?;
        for column in (0..cells.len()).filter(|at| hidden.contains(&cells[*at].id)) {
            table.withhold(Place::Cell { row: 0, column });
        }
        Some(table)
    };
    let tables: Vec<_> = chain.iter().filter_map(table).collect();
    let shown = protect(&tables, rule);
    let cells = chain.iter().zip(&shown).flat_map(|(cells, shown)| {
        let is_cut = move |column: usize| shown.count(Place::Cell { row: 0, column }).is_none();
        cells.iter().enumerate().filter(move |(column, _)| is_cut(*column)).map(|(_, cell)| cell.id)
    });
    let is_whole_cut = |shown: &Table| whole.is_some() && shown.count(Place::Total).is_none();
    Beside { cells: cells.collect(), whole: shown.iter().any(is_whole_cut) }
}
