//! Judging numbers in the order in which they came.

use std::collections::{BTreeSet, HashSet};

use evidence::disclosure::{Place, Rule, Table};

use crate::columns::Uuid;

/// Numbers that came together: people by category, or one number of people or cases.
#[derive(Clone, Debug)]
pub(super) struct Numbers {
    pub id: Uuid,
    pub since: i64,
    pub until: Option<i64>,
    /// The one that these correct.
    pub corrects: Option<Uuid>,
    /// Of those in one place one stands at a time.
    pub place: String,
    /// Those with the same name are of the same people: a whole, and parts of it. None for numbers on their own.
    pub table: Option<String>,
    pub part: Part,
    /// The same people divided in one way or two; none where they are not known.
    pub divisions: Vec<Vec<u32>>,
    /// Whether they are hidden for what they are.
    pub few: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Whole,
    Piece,
}

impl Numbers {
    fn stands(&self, at: i64) -> bool {
        self.since <= at && self.until.is_none_or(|until| until > at)
    }
}

/// The ids of those that are hidden.
///
/// Numbers are hidden that are few; that differ by few from any that was released before them in their place; that repeat
/// hidden ones; and those that would tell a hidden number of their table. Where only one that has been released already
/// could be hidden instead, it would be too late: then all that came with the new one are.
pub(super) fn hidden(rule: Rule, all: &[Numbers]) -> HashSet<Uuid> {
    let mut hidden = HashSet::new();
    let times: BTreeSet<i64> = all.iter().map(|numbers| numbers.since).collect();
    for now in times {
        let new = || all.iter().filter(|numbers| numbers.since == now);
        let revised: Vec<_> = new()
            .filter(|numbers| numbers.few || follows_from_earlier(rule, all, numbers, &hidden))
            .map(|numbers| numbers.id)
            .collect();
        hidden.extend(revised);
        let tables: BTreeSet<_> = new().filter_map(|numbers| numbers.table.as_ref()).collect();
        for table in tables {
            let standing: Vec<_> = all
                .iter()
                .filter(|numbers| numbers.stands(now) && numbers.table.as_ref() == Some(table))
                .collect();
            let divided = standing.iter().map(|numbers| numbers.divisions.len()).max().unwrap_or_default();
            let besides: HashSet<_> =
                (0..divided).flat_map(|division| besides(rule, division, &standing, &hidden)).collect();
            let is_late = standing.iter().any(|numbers| numbers.since < now && besides.contains(&numbers.id));
            let new_ones = standing.iter().filter(|numbers| numbers.since == now);
            let ids = new_ones.map(|numbers| numbers.id).filter(|id| is_late || besides.contains(id));
            hidden.extend(ids.collect::<Vec<_>>());
        }
    }
    hidden
}

/// Whether numbers follow from what was released or hidden in their place before.
fn follows_from_earlier(rule: Rule, all: &[Numbers], now: &Numbers, hidden: &HashSet<Uuid>) -> bool {
    let mut places = HashSet::from([now.place.as_str()]);
    let mut last = now;
    let corrected =
        |of: &Numbers| all.iter().find(|numbers| Some(numbers.id) == of.corrects && numbers.since < of.since);
    while let Some(earlier) = corrected(last) {
        places.insert(&earlier.place);
        last = earlier;
    }
    let of_place = |numbers: &&Numbers| numbers.since < now.since && places.contains(numbers.place.as_str());
    all.iter().filter(of_place).any(|earlier| {
        if hidden.contains(&earlier.id) {
            return earlier.divisions == now.divisions;
        }
        earlier.divisions.iter().zip(&now.divisions).any(|(then, now)| differ_by_few(rule, then, now))
    })
}

/// Whether a count, or all together, is another one by few people. Numbers of another form are not compared.
pub(super) fn differ_by_few(rule: Rule, then: &[u32], now: &[u32]) -> bool {
    let counts = then.iter().copied().zip(now.iter().copied());
    let mut pairs = counts.chain(total(then).zip(total(now)));
    then.len() == now.len() && pairs.any(|(then, now)| rule.hides_count(then.abs_diff(now)))
}

fn total(counts: &[u32]) -> Option<u32> {
    counts.iter().try_fold(0_u32, |sum, count| sum.checked_add(*count))
}

/// Those of one table that are to be hidden for the sake of others, by one of the divisions.
fn besides(rule: Rule, division: usize, standing: &[&Numbers], hidden: &HashSet<Uuid>) -> HashSet<Uuid> {
    let member = |numbers: &&'_ Numbers| {
        let counts = numbers.divisions.get(division)?.clone();
        Some(Member { id: numbers.id, part: numbers.part, counts })
    };
    let members: Vec<_> = standing.iter().filter_map(member).collect();
    let whole = members.iter().find(|member| member.part == Part::Whole);
    let form = whole.or(members.first()).map(|member| member.counts.len());
    let of_form = |member: &&Member| member.part == Part::Piece && Some(member.counts.len()) == form;
    let pieces: Vec<_> = members.iter().filter(of_form).collect();
    let add_up = whole.is_none_or(|whole| {
        let sum = |at: usize| -> u64 {
            pieces.iter().filter_map(|piece| piece.counts.get(at)).map(|count| u64::from(*count)).sum()
        };
        whole.counts.iter().enumerate().all(|(at, count)| sum(at) <= u64::from(*count))
    });
    if add_up {
        return Crossed { whole, pieces }.hides(rule, hidden);
    }
    // Pieces that overlap: what they have in common is not known, so each may be the rest of others.
    let is_guarded = |piece: &&Member| {
        let alone = Crossed { whole, pieces: vec![*piece] };
        hidden.contains(&piece.id) || !alone.hides(rule, hidden).is_empty()
    };
    if pieces.iter().any(is_guarded) { pieces.iter().map(|piece| piece.id).collect() } else { HashSet::new() }
}

struct Member {
    id: Uuid,
    part: Part,
    counts: Vec<u32>,
}

/// Categories in rows, pieces of the whole in columns, and what is left of it in the last.
struct Crossed<'a> {
    whole: Option<&'a Member>,
    pieces: Vec<&'a Member>,
}

impl Crossed<'_> {
    fn hides(&self, rule: Rule, hidden: &HashSet<Uuid>) -> HashSet<Uuid> {
        let Some(mut table) = self.table() else { return HashSet::new() };
        let members = || self.whole.iter().copied().chain(self.pieces.iter().copied());
        for (at, member) in members().enumerate() {
            if hidden.contains(&member.id) {
                table.places().filter(|place| self.is_of(*place, at)).for_each(|place| table.withhold(place));
            }
        }
        let shown = evidence::disclosure::protect(std::slice::from_ref(&table), rule);
        let is_cut = |place: Place| shown.iter().any(|shown| shown.count(place) != table.count(place));
        let cut = members()
            .enumerate()
            .filter(|(at, _)| table.places().any(|place| self.is_of(place, *at) && is_cut(place)));
        cut.map(|(_, member)| member.id).collect()
    }

    fn table(&self) -> Option<Table> {
        let rows = self.pieces.first()?.counts.len();
        let rest = self.whole.map(|_| None);
        let cells = |row: usize| {
            let of_pieces = self.pieces.iter().map(move |piece| piece.counts.get(row).copied());
            of_pieces.chain(rest).collect::<Vec<_>>()
        };
        let all = self.whole.and_then(|whole| total(&whole.counts));
        if rows == 1 {
            return Table::distribution(&cells(0), all);
        }
        let row_total = |row: usize| self.whole.and_then(|whole| whole.counts.get(row).copied());
        let column_totals: Vec<_> =
            self.pieces.iter().map(|piece| total(&piece.counts)).chain(rest).collect();
        Table::new(
            &(0..rows).map(cells).collect::<Vec<_>>(),
            &(0..rows).map(row_total).collect::<Vec<_>>(),
            &column_totals,
            all,
        )
    }

    /// Whether the numbers of a member stand in a place: those of the whole, which is the first if there is one, in totals.
    fn is_of(&self, place: Place, member: usize) -> bool {
        let column = member.checked_sub(usize::from(self.whole.is_some()));
        match (place, column) {
            (Place::Cell { column: at, .. } | Place::ColumnTotal(at), Some(column)) => at == column,
            (Place::RowTotal(_) | Place::Total, None) => true,
            _ => false,
        }
    }
}
