//! Someone who knows all that is shown and that no count is negative, and adds up lines in every way.

use evidence::disclosure::{Place, Table};

/// A place of one of several tables, or the total of all.
pub type Spot = (usize, Place);

const TOTAL: Spot = (0, Place::Total);

/// Lines that add up to nought, and what is known of the counts in them.
///
/// Each count stands in two lines, once added and once subtracted. So in any sum of lines it is added, subtracted or
/// gone, and the sums together tell all that there is to tell (Hoffman 1960 on circulations).
pub struct Attacker {
    spots: Vec<(Spot, Option<i64>)>,
    lines: Vec<Vec<(usize, i64)>>,
}

/// The least and the greatest; none where there is no greatest.
pub type Reach = (i64, Option<i64>);

impl Attacker {
    /// Knows what is shown of tables of the same people: the rows of each add up to what the columns of the one before
    /// add up to.
    pub fn of(tables: &[Table]) -> Self {
        let mut joints = vec![vec![(TOTAL, -1)]];
        let mut lines = Vec::new();
        for (number, table) in tables.iter().enumerate() {
            let (rows, columns) = (0..table.rows(), 0..table.columns());
            for row in rows.clone() {
                let cells = columns.clone().map(|column| ((number, Place::Cell { row, column }), 1));
                lines.push(cells.chain([((number, Place::RowTotal(row)), -1)]).collect());
            }
            for column in columns.clone() {
                let cells = rows.clone().map(|row| ((number, Place::Cell { row, column }), -1));
                lines.push(cells.chain([((number, Place::ColumnTotal(column)), 1)]).collect());
            }
            joints[number].extend(rows.map(|row| ((number, Place::RowTotal(row)), 1)));
            joints.push(columns.map(|column| ((number, Place::ColumnTotal(column)), -1)).collect());
        }
        joints[tables.len()].push((TOTAL, 1));
        lines.extend(joints);
        Self::knowing(tables, lines)
    }

    /// Knows what is shown of distributions of the same people: each adds up to what the one before adds up to.
    pub fn of_distributions(tables: &[Table]) -> Self {
        let mut lines = vec![vec![(TOTAL, -1)]];
        for (number, table) in tables.iter().enumerate() {
            let cells: Vec<Spot> =
                (0..table.columns()).map(|column| (number, Place::Cell { row: 0, column })).collect();
            lines[number].extend(cells.iter().map(|spot| (*spot, 1)));
            lines.push(cells.iter().map(|spot| (*spot, -1)).collect());
        }
        lines[tables.len()].push((TOTAL, 1));
        Self::knowing(tables, lines)
    }

    fn knowing(tables: &[Table], lines: Vec<Vec<(Spot, i64)>>) -> Self {
        let mut spots: Vec<(Spot, Option<i64>)> = Vec::new();
        let mut number = |spot: Spot| {
            spots.iter().position(|(known, _)| *known == spot).unwrap_or_else(|| {
                spots.push((spot, tables[spot.0].count(spot.1).map(i64::from)));
                spots.len() - 1
            })
        };
        let lines =
            lines.into_iter().map(|line| line.into_iter().map(|(spot, sign)| (number(spot), sign)).collect());
        let lines = lines.collect();
        Self { spots, lines }
    }

    /// What each unknown count can be; none where no counts fit.
    pub fn reach(&self) -> Option<Vec<(Spot, Reach)>> {
        let mut reach = vec![(0, None); self.spots.len()];
        for chosen in 0_u64..1 << self.lines.len() {
            let mut sum = vec![0; self.spots.len()];
            let lines = self.lines.iter().enumerate().filter(|(line, _)| chosen >> line & 1 == 1);
            for (spot, sign) in lines.flat_map(|(_, line)| line) {
                sum[*spot] += sign;
            }
            self.conclude(&sum, &mut reach)?;
        }
        let unknown = self.spots.iter().zip(reach).filter(|((_, count), _)| count.is_none());
        Some(unknown.map(|((spot, _), reach)| (*spot, reach)).collect())
    }

    /// From counts of which some are added and some subtracted, together nought.
    fn conclude(&self, sum: &[i64], reach: &mut [Reach]) -> Option<()> {
        let known: i64 = self.spots.iter().zip(sum).map(|((_, count), sign)| count.unwrap_or(0) * sign).sum();
        let unknown = |sign: i64| {
            let of_sign = move |spot: &usize| self.spots[*spot].1.is_none() && sum[*spot] == sign;
            (0..sum.len()).filter(of_sign).collect::<Vec<_>>()
        };
        let (added, subtracted) = (unknown(1), unknown(-1));
        if subtracted.is_empty() && known > 0 || added.is_empty() && known < 0 {
            return None;
        }
        if subtracted.is_empty() {
            for spot in &added {
                let (_, most) = &mut reach[*spot];
                *most = Some(most.map_or(-known, |most| most.min(-known)));
            }
        }
        if let [only] = added.as_slice() {
            let (least, _) = &mut reach[*only];
            *least = (*least).max(-known);
        }
        Some(())
    }
}

/// How far apart the least and the greatest are, without end if there is no greatest.
pub fn width((least, most): Reach) -> i64 {
    most.map_or(i64::MAX, |most| most - least)
}
