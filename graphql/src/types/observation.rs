//! What participants answered, and why that may be kept.

use domain::data_processing::DataProcessing;
use domain::observation::Observed;

use crate::plan::{Fields, Object};

impl Object for DataProcessing {
    const NAME: &'static str = "DataProcessing";
    const DESCRIPTION: &'static str =
        "Why an evaluation may keep what its participants answered, and until when.";

    fn fields(fields: &mut Fields<Self>) {
        fields.column("purpose", "What it is kept for.", |row| &row.purpose);
        fields.column("legalBasis", "The law that allows it.", |row| &row.legal_basis);
        fields.column("deletionDate", "The last day on which it is kept. Nobody reads it after.", |row| {
            &row.deletion_date
        });
    }
}

impl Object for Observed {
    const NAME: &'static str = "Observation";
    const DESCRIPTION: &'static str =
        "What one pseudonymous participant answered to a criterion in one wave (observation).";

    fn fields(fields: &mut Fields<Self>) {
        fields.column("participant", "The forvaltning's own pseudonym.", |seen| &seen.row.participant);
        fields.column("wave", "When it was asked.", |seen| &seen.row.wave);
        fields.column(
            "value",
            "Of a SHARE, 1 with the outcome and 0 without; of a MEAN the value; of a COUNT the count. Null of a SHARE by \
             categories.",
            |seen| &seen.row.value,
        );
        fields.column("category", "Of a SHARE by categories.", |seen| &seen.row.category);
        fields.column("exposure", "Of a COUNT: person-time at risk.", |seen| &seen.row.exposure);
        fields.computed(
            "items",
            "Of a MEAN that is a score: the answers it is made of; else empty.",
            |seen| {
                let items = seen.row.items.iter().flat_map(|items| &items.0);
                items.filter_map(|item| item.parse().ok()).collect::<Vec<i32>>()
            },
        );
        fields.column("excluded", "Whether the participant is left out of the measurement.", |seen| {
            &seen.excluded
        });
    }
}
