//! Which counts of tables are hidden so that none can be inferred.

use super::circulation::{Circulation, Cost, Play, Way};
use super::rule::Rule;
use super::system::{Bounds, Member, System};
use super::table::{Place, Table};
use crate::share::Share;

/// Several tables of the same people, whose totals are one count, as they may be shown: each count as it is, or absent.
///
/// Hidden are the counts that are withheld; those that the rule hides, alone or as a share of their row, their column
/// or the total, where these are given; and, until it suffices, more: of every hidden count the bounds that follow from
/// all that is shown lie at least k apart (Hundepool et al. 2012; `cell_bounds` gives them for the cells of one table).
/// So it is for counts that are absent from the start, unless they cannot be few: they are not 1 to k − 1 in any way
/// that the given counts allow.
///
/// What is hidden besides is the cheapest cycle of counts through the one in question along which it can move by k
/// (Kelly, Golden and Assad 1992): the fewest totals, then the fewest counts, then the fewest zeros (which may be known
/// to be zeros), then the fewest people. The fewest for all tables at once would take exponential time. The same input
/// always hides the same. Nothing is hidden where the rule hides nothing and no absent count may be few.
///
/// Where the counts do not add up, as with a misprint, or the totals of the tables differ, nothing can be inferred for
/// sure and yet much be guessed: then no total is shown, unless the rule hides nothing and no cell is absent.
///
/// A total that is hidden here must be hidden wherever else it is served. Tables that share more than their total, such
/// as the same rows, are not protected against each other; years are rows of one table without totals of columns.
pub fn protect(tables: &[Table], rule: Rule) -> Vec<Table> {
    let is_secret = |table: &Table, place: Place| table.is_withheld(place) || hides_alone(rule, table, place);
    let Some(System { circulation, members }) = System::of(tables) else {
        return without_totals(tables, is_secret);
    };
    let mut shown = tables.to_vec();
    let secret = members.iter().map(|member| match member.place {
        Place::Total => tables.iter().any(|table| is_secret(table, Place::Total)),
        place => is_secret(&tables[member.table], place),
    });
    let hidden = hidden(circulation, &members, &secret.collect::<Vec<_>>(), rule.threshold.k().into());
    for member in hidden.into_iter().map(|arc| &members[arc]) {
        match member.place {
            Place::Total => shown.iter_mut().for_each(|table| table.hide(Place::Total)),
            place => shown[member.table].hide(place),
        }
    }
    shown
}

/// Unless there is nothing to hide: no secret, and no cell that is absent and may be told by its neighbours.
fn without_totals(tables: &[Table], is_secret: impl Fn(&Table, Place) -> bool) -> Vec<Table> {
    let is_unknown = |table: &Table, place: Place| is_cell(place) && table.count(place).is_none();
    let is_guarded =
        |table: &Table| table.places().any(|place| is_secret(table, place) || is_unknown(table, place));
    let mut shown = tables.to_vec();
    if tables.iter().any(is_guarded) {
        for (table, shown) in tables.iter().zip(&mut shown) {
            let hidden = table.places().filter(|place| is_secret(table, *place) || !is_cell(*place));
            hidden.for_each(|place| shown.hide(place));
        }
    }
    shown
}

const fn is_cell(place: Place) -> bool {
    matches!(place, Place::Cell { .. })
}

/// A count that is given is hidden for what it is. More than its whole it can only be by a misprint.
fn hides_alone(rule: Rule, table: &Table, place: Place) -> bool {
    table.count(place).is_some_and(|count| {
        let shares = table.wholes(place).filter_map(|whole| Share::new(count, whole));
        rule.hides_count(count) || shares.into_iter().any(|share| rule.hides_share(share))
    })
}

/// The arcs of all counts that are hidden or absent. Each gets the leeway it needs in one go, and what is hidden later
/// never takes it away.
fn hidden(mut circulation: Circulation, members: &[Member], secret: &[bool], k: u64) -> Vec<usize> {
    let may_be_few = |arc: &usize| {
        let Bounds { low, high } = Bounds::of(&circulation, *arc);
        low < k && high != Some(0)
    };
    let absent = (0..members.len()).filter(|arc| circulation.is_free(*arc));
    let absent: Vec<usize> = absent.filter(may_be_few).collect();
    let mut guarded: Vec<usize> = (0..members.len()).filter(|arc| secret[*arc]).collect();
    for arc in &guarded {
        circulation.set_free(*arc);
    }
    guarded.extend(absent);
    let costs: Vec<Cost> = members.iter().map(cost).collect();
    let mut next = 0;
    while let Some(arc) = guarded.get(next).copied() {
        for arc in missing(&circulation, arc, &costs, k) {
            circulation.set_free(arc);
            guarded.push(arc);
        }
        next += 1;
    }
    guarded
}

fn cost(member: &Member) -> Cost {
    let count = member.count.unwrap_or_default();
    [(!is_cell(member.place)).into(), 1, (count == 0).into(), count.into()]
}

/// What must be hidden besides for the bounds of an arc to lie k apart.
///
/// A cycle moves the arc up as far as all that fall with it can fall, and down as far as all that rise could fall: the
/// two together must make k. Tried are all of it upwards, and as much as possible downwards.
fn missing(circulation: &Circulation, arc: usize, costs: &[Cost], k: u64) -> Vec<usize> {
    let up = circulation.leeway(arc, Way::Up, k);
    if up + circulation.leeway(arc, Way::Down, k - up) >= k {
        return Vec::new();
    }
    let down = circulation.flow(arc).min(k);
    let plays = [Play { along: 0, against: k }, Play { along: down, against: k - down }];
    let cycles = plays.into_iter().filter_map(|play| circulation.cheapest_cycle(arc, play, costs));
    cycles.min_by(|(one, _), (other, _)| one.cmp(other)).map(|(_, arcs)| arcs).unwrap_or_default()
}
