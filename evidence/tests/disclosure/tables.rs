//! Protected tables against an attacker.

use evidence::disclosure::{Bounds, Place, Rule, Table, Threshold, cell_bounds, protect};
use proptest::prelude::*;

use crate::attacker::{Attacker, Spot, width};
use crate::counts::{Counts, counts};

fn rule() -> impl Strategy<Value = Rule> {
    (3..=8_u32, any::<bool>())
        .prop_map(|(k, sensitive)| Rule { threshold: Threshold::new(k).unwrap(), sensitive })
}

/// Few bits, each set one time in eight.
fn few_bits() -> impl Strategy<Value = u64> {
    prop_oneof![Just(0), (any::<u64>(), any::<u64>(), any::<u64>()).prop_map(|(a, b, c)| a & b & c)]
}

/// A table that adds up, some of whose totals, and now and then a cell, are left out.
fn table() -> impl Strategy<Value = Table> {
    let all_or_some = prop_oneof![Just(0), few_bits()];
    let cells = prop_oneof![3 => counts(5, 0..=12), 1 => counts(5, 0..=60)];
    (cells, few_bits(), all_or_some).prop_map(|(mut counts, totals, cells)| {
        counts.add_totals();
        let whole = counts.clone();
        counts.leave_out(cells);
        (counts.row_totals, counts.column_totals) = (whole.row_totals, whole.column_totals);
        let row_totals = counts.row_totals.iter_mut();
        for (number, total) in
            row_totals.chain(&mut counts.column_totals).chain([&mut counts.total]).enumerate()
        {
            if totals >> number & 1 == 1 {
                *total = None;
            }
        }
        counts.table()
    })
}

/// What the rule says of a count by itself. It is no share of a total of which it is the only part.
fn is_primary(rule: Rule, table: &Table, place: Place) -> bool {
    let Some(count) = table.count(place) else { return false };
    let few = 1..rule.threshold.k();
    let wholes = match place {
        Place::Cell { row, column } => vec![
            (Place::RowTotal(row), table.columns()),
            (Place::ColumnTotal(column), table.rows()),
            (Place::Total, table.rows() * table.columns()),
        ],
        Place::RowTotal(_) => vec![(Place::Total, table.rows())],
        Place::ColumnTotal(_) => vec![(Place::Total, table.columns())],
        Place::Total => vec![],
    };
    let is_part_of = |whole: u32| {
        let of_few = few.contains(&whole) || few.contains(&whole.saturating_sub(count));
        count <= whole && (of_few || rule.sensitive && count > 0 && count == whole)
    };
    let wholes = wholes.into_iter().filter(|(_, parts)| *parts > 1);
    few.contains(&count) || wholes.filter_map(|(whole, _)| table.count(whole)).any(is_part_of)
}

/// Shows nothing but the truth, nothing that the rule hides, and nothing from which a hidden count could be narrowed
/// down.
fn assert_protected(rule: Rule, tables: &[Table], shown: &[Table], attack: impl Fn(&[Table]) -> Attacker) {
    let k = i64::from(rule.threshold.k());
    for (table, shown) in tables.iter().zip(shown) {
        for place in table.places() {
            let count = shown.count(place);
            assert!(count.is_none() || count == table.count(place), "{place:?} of {shown:?} for {table:?}");
            assert!(count.is_none() || !is_primary(rule, table, place), "{place:?} is shown: {shown:?}");
        }
    }
    let count = |(table, place): Spot| tables[table].count(place);
    let before = attack(tables).reach().unwrap();
    for (spot, reach) in attack(shown).reach().unwrap() {
        let absent = before.iter().find(|(before, _)| *before == spot);
        let may_be_few = absent.is_none_or(|(_, (least, most))| *least < k && *most != Some(0));
        assert!(
            !may_be_few || width(reach) >= k,
            "{spot:?}, {:?}, can only be {reach:?} for k = {k}: {shown:?} of {tables:?}",
            count(spot)
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn nothing_hidden_can_be_narrowed_down(rule in rule(), table in table(), withheld in few_bits()) {
        let mut table = table;
        for (number, place) in table.places().enumerate() {
            if withheld >> number & 1 == 1 {
                table.withhold(place);
            }
        }
        let shown = protect(std::slice::from_ref(&table), rule);
        for (number, place) in table.places().enumerate() {
            prop_assert!(withheld >> number & 1 == 0 || shown[0].count(place).is_none());
        }
        assert_protected(rule, &[table], &shown, Attacker::of);
    }

    #[test]
    fn nothing_is_hidden_without_need(counts in counts(4, 5..=12), gaps in few_bits()) {
        let mut counts = counts;
        counts.add_totals();
        let rule = Rule::default();
        let full = counts.table();
        if full.places().any(|place| is_primary(rule, &full, place)) {
            return Ok(());
        }
        prop_assert_eq!(&protect(std::slice::from_ref(&full), rule), &[full]);
        let (cells, whole) = (counts.cells.clone(), counts.total);
        counts.leave_out(gaps);
        (counts.cells, counts.total) = (cells, whole);
        let gapped = counts.table();
        prop_assert_eq!(&protect(std::slice::from_ref(&gapped), rule), &[gapped]);
    }

    #[test]
    fn beside_misprints_no_total_is_shown(rule in rule(), counts in counts(4, 0..=12), by in 1..=3_u32) {
        let mut counts = counts;
        counts.add_totals();
        counts.row_totals[0] = counts.row_totals[0].map(|total| total + by);
        let table = counts.table();
        let shown = protect(std::slice::from_ref(&table), rule);
        let any = table.places().any(|place| is_primary(rule, &table, place));
        for place in table.places() {
            let is_cell = matches!(place, Place::Cell { .. });
            let stays = !any || is_cell && !is_primary(rule, &table, place);
            prop_assert_eq!(shown[0].count(place), table.count(place).filter(|_| stays));
        }
    }

    #[test]
    fn distributions_of_the_same_people_protect_each_other(rule in rule(), parts in parts()) {
        let tables: Vec<Table> = parts
            .iter()
            .map(|parts| {
                let total = parts.iter().sum::<u32>();
                Table::distribution(&parts.iter().copied().map(Some).collect::<Vec<_>>(), Some(total)).unwrap()
            })
            .collect();
        let shown = protect(&tables, rule);
        assert_protected(rule, &tables, &shown, Attacker::of_distributions);
        let totals: Vec<_> = shown.iter().map(|table| table.count(Place::Total)).collect();
        prop_assert!(totals.windows(2).all(|pair| pair[0] == pair[1]));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn tables_of_the_same_people_protect_each_other(rule in rule(), tables in two_tables()) {
        assert_protected(rule, &tables, &protect(&tables, rule), Attacker::of);
    }
}

/// Two tables of as many people, without some of their totals: the last cell of one is what is missing.
fn two_tables() -> impl Strategy<Value = [Table; 2]> {
    let counts = || counts(3, 0..=12);
    (counts(), counts(), few_bits()).prop_map(|(one, other, gaps)| {
        let mut both = [one, other];
        let sums = both.clone().map(|counts| counts.cells.iter().flatten().flatten().sum::<u32>());
        let most = sums[0].max(sums[1]);
        for (counts, sum) in both.iter_mut().zip(sums) {
            let last = counts.cells.iter_mut().flatten().flatten().last().unwrap();
            *last += most - sum;
            counts.add_totals();
            let (cells, total) = (counts.cells.clone(), counts.total);
            counts.leave_out(gaps);
            (counts.cells, counts.total) = (cells, total);
        }
        both.map(|counts| counts.table())
    })
}

/// Up to three distributions that add up to the same: the last count of each is what is missing.
fn parts() -> impl Strategy<Value = Vec<Vec<u32>>> {
    let distribution = prop::collection::vec(0..=12_u32, 1..=5);
    prop::collection::vec(distribution, 1..=3).prop_map(|mut all| {
        let most = all.iter().map(|parts| parts.iter().sum::<u32>()).max().unwrap();
        for parts in &mut all {
            parts.push(most - parts.iter().sum::<u32>());
        }
        all
    })
}

/// The counts that are shown, row by row with the totals last, and a point for each that is not.
fn printed(table: &Table) -> String {
    let count = |place| table.count(place).map_or(".".to_owned(), |count| count.to_string());
    let counts: Vec<_> = table.places().map(count).collect();
    counts.chunks(table.columns() + 1).map(|row| row.join(" ")).collect::<Vec<_>>().join(" / ")
}

fn protected<const ROWS: usize, const COLUMNS: usize>(cells: [[u32; COLUMNS]; ROWS]) -> String {
    let mut counts = Counts {
        cells: cells.iter().map(|row| row.iter().copied().map(Some).collect()).collect(),
        row_totals: vec![None; ROWS],
        column_totals: vec![None; COLUMNS],
        total: None,
    };
    counts.add_totals();
    printed(&protect(&[counts.table()], Rule::default())[0])
}

#[test]
fn the_fewest_and_smallest_are_hidden_besides() {
    // One small count takes a rectangle: the smallest partners that can give way by k together.
    assert_eq!(
        protected([[3, 20, 9], [8, 30, 40], [50, 60, 70]]),
        ". 20 . 32 / . 30 . 78 / 50 60 70 180 / 61 110 119 290"
    );
    // Two in a rectangle need the other two corners, and no more.
    assert_eq!(
        protected([[3, 20, 90], [80, 30, 4], [50, 60, 70]]),
        ". 20 . 113 / . 30 . 114 / 50 60 70 180 / 133 110 164 407"
    );
    // Zeros stay where others can be hidden, also larger ones.
    assert_eq!(protected([[2, 20, 21], [30, 0, 9]]), ". 20 . 43 / . 0 . 39 / 32 20 30 82");
    // And totals stay where zeros can be hidden.
    assert_eq!(
        protected([[2, 20, 9], [30, 0, 0], [40, 0, 0]]),
        ". 20 . 31 / . 0 . 30 / 40 0 0 40 / 72 20 9 101"
    );
}

#[test]
fn a_large_table_is_protected_at_once() {
    let cell = |row: u32, column: u32| (row * 7_919 + column * 104_729 + row * column * 31) % 1_009 % 60;
    let mut counts = Counts {
        cells: (0..60).map(|row| (0..60).map(|column| Some(cell(row, column))).collect()).collect(),
        row_totals: vec![None; 60],
        column_totals: vec![None; 60],
        total: None,
    };
    counts.add_totals();
    let shown = &protect(&[counts.table()], Rule::default())[0];
    let hidden = cell_bounds(shown).unwrap();
    assert!(hidden.len() > 200);
    for (place, Bounds { low, high }) in hidden {
        assert!(high.unwrap() - low >= 5, "{place:?}");
    }
}

#[test]
fn nobody_at_all_is_shown() {
    assert_eq!(protect(&[], Rule::default()), []);
    assert_eq!(protected([[0, 0], [0, 0]]), "0 0 0 / 0 0 0 / 0 0 0");
}

#[test]
fn a_group_of_few_is_hidden_with_its_zeros() {
    assert_eq!(protected([[3, 0], [30, 40], [50, 60]]), ". . . / . . . / 50 60 110 / 83 100 183");
}

#[test]
fn what_is_absent_is_not_given_away_by_subtraction() {
    let cells = [vec![None, Some(10), Some(20)], vec![Some(30), Some(9), Some(50)]];
    let columns = [Some(32), Some(19), Some(70)];
    let table = Table::new(&cells, &[Some(32), Some(89)], &columns, Some(121)).unwrap();
    let shown = protect(&[table], Rule::default());
    assert_eq!(printed(&shown[0]), ". . 20 32 / . . 50 89 / 32 19 70 121");
    // Nor where another line does not add up.
    let misprinted = Table::new(&cells, &[Some(32), Some(90)], &[None; 3], Some(122)).unwrap();
    let shown = protect(&[misprinted], Rule::default());
    assert_eq!(printed(&shown[0]), ". 10 20 . / 30 9 50 . / . . . .");
}

/// The cycle over two zeros would be cheaper, and leave the hidden count where it is.
#[test]
fn what_is_hidden_besides_can_give_way() {
    let cells = [
        vec![None, Some(0), Some(3), Some(1)],
        vec![Some(0), Some(3), Some(0), Some(2)],
        vec![None, Some(0), Some(3), Some(0)],
    ];
    let totals = [Some(4), Some(5), Some(3)];
    let table = Table::new(&cells, &totals, &[Some(0), Some(3), Some(6), Some(3)], Some(12)).unwrap();
    let rule = Rule { threshold: Threshold::new(3).unwrap(), sensitive: false };
    let shown = protect(std::slice::from_ref(&table), rule);
    assert_protected(rule, &[table], &shown, Attacker::of);
}

#[test]
fn a_total_is_one_count_in_all_tables() {
    let total_of = |table: &Table| table.count(Place::Total);
    let plenty = Table::distribution(&[Some(20), Some(30)], Some(50)).unwrap();
    let mut withholding = plenty.clone();
    withholding.withhold(Place::Total);
    let shown = protect(&[plenty.clone(), withholding], Rule::default());
    assert!(shown.iter().all(|table| total_of(table).is_none()));

    let others = Table::distribution(&[Some(20), Some(31)], Some(51)).unwrap();
    let tables = [plenty.clone(), others];
    assert_eq!(protect(&tables, Rule::default()), tables, "a misprint that gives nobody away");
    let few = Table::distribution(&[Some(4), Some(40), None], Some(51)).unwrap();
    let shown = protect(&[plenty, few], Rule::default());
    assert!(shown.iter().all(|table| total_of(table).is_none()));
    assert_eq!(shown[0].count(Place::Cell { row: 0, column: 1 }), Some(30));
}
