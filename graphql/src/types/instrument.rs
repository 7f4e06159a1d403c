use domain::instrument::{self, Instrument, Items};

use crate::plan::{Fields, Object};

impl Object for Instrument {
    const NAME: &'static str = "Instrument";
    const DESCRIPTION: &'static str = "A scale on which people have a score (instrument), such as WHO-5.";

    fn fields(fields: &mut Fields<Self>) {
        fields.column("code", "What criteria name it by, such as WHO_5.", |row| &row.code);
        fields.column("name", "What it is called.", |row| &row.name);
        fields.column("direction", "Which way is better.", |row| &row.direction);
        fields.column("minimum", "The lowest score.", |row| &row.minimum);
        fields.column("maximum", "The highest score.", |row| &row.maximum);
        fields.column(
            "smallestChange",
            "The smallest change of a score that matters to a person (minimal important change); null where none is known.",
            |row| &row.smallest_change,
        );
        fields.optional_object("items", "What a score is made of; null where it is given as it is.", |row| {
            instrument::items(row)
        });
    }
}

impl Object for Items {
    const NAME: &'static str = "InstrumentItems";
    const DESCRIPTION: &'static str =
        "The items that a score is made of. With one missing there is no score.";

    fn fields(fields: &mut Fields<Self>) {
        fields.column("count", "How many there are.", |items| &items.count);
        fields.column("minimum", "The lowest answer to each.", |items| &items.minimum);
        fields.column("maximum", "The highest answer to each.", |items| &items.maximum);
        fields.column("factor", "What their sum is multiplied by.", |items| &items.factor);
    }
}
