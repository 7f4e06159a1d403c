//! Tables of one total as a circulation, and what can be inferred from it.

use super::circulation::{Arc, Circulation, Way};
use super::table::{Place, Table};

/// The least and the greatest that a count can be, given everything that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    pub low: u64,
    /// None: no bound above.
    pub high: Option<u64>,
}

/// The exact bounds of each absent cell of a table, row by row, given its other counts and that no count is negative,
/// by maximum flow (Cox 1995).
///
/// None where no counts fit the table; empty where no cell is absent.
pub fn cell_bounds(table: &Table) -> Option<Vec<(Place, Bounds)>> {
    let System { circulation, members } = System::of(std::slice::from_ref(table))?;
    let places = members.iter().map(|member| member.place).enumerate();
    let absent =
        places.filter(|(arc, place)| matches!(place, Place::Cell { .. }) && circulation.is_free(*arc));
    Some(absent.map(|(arc, place)| (place, Bounds::of(&circulation, arc))).collect())
}

impl Bounds {
    pub(super) fn of(circulation: &Circulation, arc: usize) -> Self {
        let flow = circulation.flow(arc);
        let rise = circulation.leeway(arc, Way::Up, u64::MAX);
        Self {
            low: flow - circulation.leeway(arc, Way::Down, u64::MAX),
            high: if rise < u64::MAX { flow.checked_add(rise) } else { None },
        }
    }
}

/// The count that an arc stands for.
pub struct Member {
    pub table: usize,
    pub place: Place,
    pub count: Option<u32>,
}

/// Everyone goes from joint to joint, through one table on each way, and by the total back to the first joint: from a
/// joint by the total of a row to the row, by a cell to the column, and by the total of the column to the next joint.
pub struct System {
    pub circulation: Circulation,
    /// One for each arc. The first is the total of all tables, which stands in the first of them.
    pub members: Vec<Member>,
}

impl System {
    /// None where no counts fit the tables, or where their totals differ.
    pub fn of(tables: &[Table]) -> Option<Self> {
        let mut totals = tables.iter().filter_map(|table| table.count(Place::Total));
        let total = totals.next();
        if totals.any(|other| Some(other) != total) {
            return None;
        }
        let mut arcs = vec![[tables.len(), 0]];
        let mut members = vec![Member { table: 0, place: Place::Total, count: total }];
        let mut nodes = tables.len() + 1;
        for (joint, table) in tables.iter().enumerate() {
            for place in table.places().filter(|place| *place != Place::Total) {
                arcs.push(arc(table, place, joint, nodes));
                members.push(Member { table: joint, place, count: table.count(place) });
            }
            nodes += table.rows() + table.columns();
        }
        let flows: Vec<_> = members.iter().map(|member| member.count).collect();
        Some(Self { circulation: Circulation::new(nodes, arcs, &flows)?, members })
    }
}

/// The rows of a table are the nodes from `first` on, and then the columns.
fn arc(table: &Table, place: Place, joint: usize, first: usize) -> Arc {
    let column_node = |column| first + table.rows() + column;
    match place {
        Place::Cell { row, column } => [first + row, column_node(column)],
        Place::RowTotal(row) => [joint, first + row],
        Place::ColumnTotal(column) => [column_node(column), joint + 1],
        Place::Total => [joint + 1, joint],
    }
}
