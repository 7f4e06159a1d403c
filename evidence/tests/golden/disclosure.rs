//! What hidden cells can be.

use evidence::disclosure::{Bounds, Place, Table, cell_bounds};
use serde_json::{Value, json};

use crate::count;

pub fn run(method: &str, input: &Value) -> Option<Value> {
    (method == "disclosure_cell_bounds").then(|| {
        let mut cells = input["cells"].as_array().unwrap().iter().flat_map(|row| row.as_array().unwrap());
        if cells.all(|cell| !cell.is_null()) {
            return json!({"bounds": []});
        }
        let bounds = table(input).as_ref().and_then(cell_bounds);
        json!({"bounds": bounds.map(|bounds| bounds.into_iter().map(listed).collect::<Vec<_>>())})
    })
}

fn table(input: &Value) -> Option<Table> {
    let counts = |value: &Value| value.as_array().unwrap().iter().map(count).collect::<Vec<_>>();
    let cells: Vec<_> = input["cells"].as_array().unwrap().iter().map(counts).collect();
    Table::new(&cells, &counts(&input["row_totals"]), &counts(&input["col_totals"]), count(&input["total"]))
}

fn listed((place, bounds): (Place, Bounds)) -> Value {
    let Place::Cell { row, column } = place else { unreachable!("bounds are those of cells") };
    json!([row, column, bounds.low, bounds.high])
}
