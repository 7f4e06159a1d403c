//! Learnings, and what measurements are of and come from.

use domain::data_source::DataSource;
use domain::learning::Learning;
use domain::population::Population;

use crate::ids::Kind;
use crate::plan::{Fields, Object};

impl Object for Learning {
    const NAME: &'static str = "Learning";
    const DESCRIPTION: &'static str = "What an evaluation teaches (læring).";

    fn fields(fields: &mut Fields<Self>) {
        fields.computed("id", "Opaque id.", |row| Kind::Learning.id(row.id));
        fields.column("audience", "Whom it is addressed to.", |row| &row.audience);
        fields.column("text", "What it says.", |row| &row.text);
    }
}

impl Object for Population {
    const NAME: &'static str = "Population";
    const DESCRIPTION: &'static str = "Who is counted in a measurement.";

    fn fields(fields: &mut Fields<Self>) {
        fields.computed("id", "Opaque id.", |row| Kind::Population.id(row.id));
        fields.column("name", "Who is counted.", |row| &row.name);
        fields.column("countedFrom", "From when on they are.", |row| &row.counted_from);
        fields.column("leftOut", "Who is left out, and why.", |row| &row.left_out);
    }
}

impl Object for DataSource {
    const NAME: &'static str = "DataSource";
    const DESCRIPTION: &'static str = "Where a measurement comes from.";

    fn fields(fields: &mut Fields<Self>) {
        fields.computed("id", "Opaque id.", |row| Kind::DataSource.id(row.id));
        fields.column("name", "The register or instrument.", |row| &row.name);
        fields.column("supplier", "Who supplies it.", |row| &row.supplier);
        fields.column("extractedOn", "The day on which the data were taken out.", |row| &row.extracted_on);
        fields.column("coveredUntil", "The last day that they cover.", |row| &row.covered_until);
        fields.column("delay", "How far it lags behind what it describes.", |row| &row.delay);
        fields.column("knownLimits", "What is known to be wrong or missing.", |row| &row.known_limits);
    }
}
