//! Which files there are, and which columns they have.

/// One file of the folder.
pub(super) struct Table {
    pub file: &'static str,
    pub columns: &'static [&'static str],
    /// How many of the first columns a file is sorted by when it is written. Rows alike in them keep their order.
    pub key: usize,
    /// How many of the first columns a file has to have.
    pub required: usize,
}

const ALL: usize = usize::MAX;

pub(super) const FORVALTNINGER: Table =
    Table { file: "forvaltninger.csv", columns: &["code", "name"], key: 1, required: ALL };
pub(super) const PRINCIPLES: Table = Table {
    file: "strategy_principles.csv",
    columns: &["strategy", "from_year", "to_year", "number", "name"],
    key: 4,
    required: ALL,
};
pub(super) const DISTRICTS: Table =
    Table { file: "districts.csv", columns: &["name", "part_of", "aliases"], key: 1, required: ALL };
pub(super) const INTERVENTIONS: Table =
    Table { file: "interventions.csv", columns: &["slug", "name", "since", "parent"], key: 1, required: ALL };
pub(super) const REPORTING_YEARS: Table =
    Table { file: "reporting_years.csv", columns: &["year", "status"], key: 1, required: ALL };
pub(super) const INTERVENTION_YEARS: Table = Table {
    file: "intervention_years.csv",
    columns: &[
        "intervention",
        "year",
        "status",
        "lead",
        "partners",
        "principles",
        "citywide",
        "districts",
        "in_package",
        "external_partners",
        "problem",
        "method",
        "activities",
        "anonymous",
        "remarks",
    ],
    key: 2,
    required: ALL,
};
pub(super) const TARGET_GROUPS: Table = Table {
    file: "target_groups.csv",
    columns: &["intervention", "year", "name", "age_from", "age_to"],
    key: 2,
    required: ALL,
};
pub(super) const FUNDING: Table = Table {
    file: "funding.csv",
    columns: &[
        "intervention",
        "budget_year",
        "kind",
        "amount_dkk",
        "absence",
        "absence_reason",
        "permanence",
        "expires",
        "funded_by",
    ],
    key: 3,
    required: ALL,
};
pub(super) const FIGURES: Table = Table {
    file: "figures.csv",
    columns: &[
        "intervention",
        "reported",
        "kind",
        "label",
        "unit",
        "from",
        "to",
        "population",
        "category",
        "value",
        "absence",
        "absence_reason",
        "break",
        "remarks",
    ],
    key: 9,
    required: ALL,
};
pub(super) const CLAIMS: Table = Table {
    file: "claims.csv",
    columns: &["year", "text", "printed", "measure", "principle", "rounded", "source"],
    key: 2,
    required: 5,
};
pub(super) const CLAIM_TERMS: Table = Table {
    file: "claim_terms.csv",
    columns: &[
        "year",
        "text",
        "number",
        "intervention",
        "reported",
        "kind",
        "label",
        "from",
        "to",
        "population",
        "category",
    ],
    key: 2,
    required: ALL,
};

pub(super) const INSTRUMENTS: Table = Table {
    file: "instruments.csv",
    columns: &[
        "code",
        "name",
        "direction",
        "minimum",
        "maximum",
        "smallest_change",
        "items",
        "item_minimum",
        "item_maximum",
        "factor",
    ],
    key: 1,
    required: ALL,
};
pub(super) const EVALUATION_ROUNDS: Table = Table {
    file: "evaluation_rounds.csv",
    columns: &["year", "theme", "interventions"],
    key: 2,
    required: ALL,
};
pub(super) const EVALUATIONS: Table = Table {
    file: "evaluations.csv",
    columns: &[
        "slug",
        "intervention",
        "title",
        "period_start",
        "period_end",
        "status",
        "round_year",
        "round_theme",
        "enrolled",
    ],
    key: 1,
    required: 8,
};
pub(super) const POPULATIONS: Table = Table {
    file: "populations.csv",
    columns: &["evaluation", "name", "counted_from", "left_out"],
    key: 2,
    required: ALL,
};
pub(super) const DATA_SOURCES: Table = Table {
    file: "data_sources.csv",
    columns: &["evaluation", "name", "supplier", "extracted_on", "covered_until", "delay", "known_limits"],
    key: 2,
    required: ALL,
};
pub(super) const SUCCESS_CRITERIA: Table = Table {
    file: "success_criteria.csv",
    columns: &[
        "evaluation",
        "number",
        "dimension",
        "indicator",
        "direction",
        "basis",
        "threshold",
        "unit",
        "pairing",
        "success_categories",
        "instrument",
        "cautions",
    ],
    key: 2,
    required: 10,
};
pub(super) const MEASUREMENTS: Table = Table {
    file: "measurements.csv",
    columns: &[
        "evaluation",
        "criterion",
        "wave",
        "months_anchor",
        "months_from",
        "months_to",
        "group",
        "group_name",
        "comparability",
        "period_start",
        "period_end",
        "population",
        "source",
        "numerator",
        "denominator",
        "categories",
        "mean",
        "sd",
        "n",
        "median",
        "minimum",
        "maximum",
        "count",
        "exposure",
        "absence",
        "absence_reason",
        "note",
    ],
    key: 8,
    required: ALL,
};
/// The same for one evaluation, as the API takes it: a spreadsheet has the columns that its measurements need.
pub(super) const OWN_MEASUREMENTS: Table =
    Table { file: "csv", columns: MEASUREMENTS.columns.split_at(1).1, key: 7, required: 0 };
pub(super) const PAIRED_TABLES: Table = Table {
    file: "paired_tables.csv",
    columns: &["evaluation", "criterion", "subgroup", "n11", "n10", "n01", "n00"],
    key: 3,
    required: ALL,
};
pub(super) const CRITERION_CLAIMS: Table = Table {
    file: "criterion_claims.csv",
    columns: &[
        "evaluation",
        "criterion",
        "text",
        "printed",
        "printed_before",
        "printed_after",
        "source",
        "measure",
        "wave",
    ],
    key: 3,
    required: 7,
};
pub(super) const LEARNINGS: Table =
    Table { file: "learnings.csv", columns: &["evaluation", "audience", "text"], key: 3, required: ALL };

pub(super) const THEORY_ELEMENTS: Table = Table {
    file: "theory_elements.csv",
    columns: &["evaluation", "number", "kind", "text"],
    key: 2,
    required: ALL,
};
pub(super) const THEORY_LINKS: Table =
    Table { file: "theory_links.csv", columns: &["evaluation", "from", "to"], key: 3, required: ALL };
pub(super) const ELEMENT_CRITERIA: Table = Table {
    file: "element_criteria.csv",
    columns: &["evaluation", "criterion", "element"],
    key: 2,
    required: ALL,
};
pub(super) const QUALITATIVE_EVIDENCE: Table = Table {
    file: "qualitative_evidence.csv",
    columns: &["evaluation", "element", "method", "text", "finding", "source", "period_start", "period_end"],
    key: 4,
    required: ALL,
};
pub(super) const RIVAL_EXPLANATIONS: Table = Table {
    file: "rival_explanations.csv",
    columns: &["evaluation", "text", "element", "assessment", "grounds"],
    key: 2,
    required: ALL,
};

pub(super) const TABLES: [&Table; 26] = [
    &FORVALTNINGER,
    &PRINCIPLES,
    &DISTRICTS,
    &INTERVENTIONS,
    &REPORTING_YEARS,
    &INTERVENTION_YEARS,
    &TARGET_GROUPS,
    &FUNDING,
    &FIGURES,
    &CLAIMS,
    &CLAIM_TERMS,
    &INSTRUMENTS,
    &EVALUATION_ROUNDS,
    &EVALUATIONS,
    &POPULATIONS,
    &DATA_SOURCES,
    &SUCCESS_CRITERIA,
    &MEASUREMENTS,
    &PAIRED_TABLES,
    &CRITERION_CLAIMS,
    &LEARNINGS,
    &THEORY_ELEMENTS,
    &THEORY_LINKS,
    &ELEMENT_CRITERIA,
    &QUALITATIVE_EVIDENCE,
    &RIVAL_EXPLANATIONS,
];
