//! Bad input to evaluations: refused by field, and nothing stored.

use serde_json::{Value, json};

use crate::support::{Answer, Backend, Client, Server, Snor, with};

on_both_databases!(
    a_number_that_cannot_be_is_refused_by_field,
    a_plan_or_criterion_that_cannot_be_is_refused_by_field,
    months_and_groups_that_cannot_be_are_refused_by_field,
    no_personal_number_and_no_nul_is_stored,
    what_is_no_number_at_all_is_an_error_of_the_request,
);

/// What is stored of evaluations, and how much has happened.
fn stored(server: &Server) -> Vec<i64> {
    let tables = [
        "event",
        "idempotency",
        "virkningsevaluering",
        "virkningsevaluering_state",
        "success_criterion_version",
        "measurement",
        "criterion_result",
        "criterion_claim",
        "learning",
        "population",
        "data_source",
    ];
    tables.iter().map(|table| server.database().count(table)).collect()
}

/// A registered evaluation with a criterion of each unit.
struct Criteria {
    id: String,
    share: String,
    mean: String,
    count: String,
}

impl Criteria {
    fn registered(evaluator: &Client) -> Self {
        let id = evaluator.plan("den-korte-snor");
        let add = |changes: Value| evaluator.add_criterion(&id, changes);
        let (share, mean, count) =
            (add(json!({})), add(json!({ "unit": "MEAN" })), add(json!({ "unit": "COUNT" })));
        evaluator.steps("register", &id);
        Self { id, share, mean, count }
    }
}

/// The input of a measurement of a criterion.
fn of(criterion: &str, measured: Value) -> Value {
    let input = json!({
        "criterionId": criterion, "wave": "AFTER", "periodStart": "2022-07-01", "periodEnd": "2023-06-30",
    });
    with(input, measured)
}

fn a_number_that_cannot_be_is_refused_by_field(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let Criteria { share, mean, count, .. } = Criteria::registered(&evaluator);
    let before = stored(&server);
    let summary = |changes: Value| {
        with(json!({ "mean": "19", "median": "19", "minimum": "18", "maximum": "25" }), changes)
    };
    for (criterion, measured, code, field) in [
        (&share, json!({ "numerator": 44, "denominator": 43 }), "OUT_OF_RANGE", "numerator"),
        (&share, json!({ "numerator": -1, "denominator": 43 }), "OUT_OF_RANGE", "numerator"),
        (&share, json!({ "numerator": 0, "denominator": -1 }), "OUT_OF_RANGE", "denominator"),
        (&share, json!({ "numerator": 1, "denominator": 0 }), "OUT_OF_RANGE", "numerator"),
        (&share, json!({ "mean": "0.3", "sd": "0.1", "n": 43 }), "NOT_OF_UNIT", "mean"),
        (
            &share,
            json!({ "categories": [{ "category": "Ja", "count": 1 }] }),
            "SUCCESS_CATEGORIES",
            "categories",
        ),
        (&mean, json!({ "mean": "5", "sd": "1", "n": -1 }), "OUT_OF_RANGE", "n"),
        (&mean, json!({ "mean": "5", "sd": "1", "n": 0 }), "OUT_OF_RANGE", "n"),
        (&mean, json!({ "mean": "5", "sd": "-1", "n": 43 }), "OUT_OF_RANGE", "sd"),
        (&mean, json!({ "mean": "5", "n": 43 }), "REQUIRED", "sd"),
        (&mean, json!({ "mean": "5", "sd": "1" }), "REQUIRED", "n"),
        (&mean, json!({ "sd": "1", "n": 43 }), "REQUIRED", "mean"),
        (&mean, summary(json!({ "mean": "26" })), "OUT_OF_RANGE", "mean"),
        (&mean, summary(json!({ "median": "17.9" })), "OUT_OF_RANGE", "median"),
        (&mean, summary(json!({ "minimum": "30" })), "OUT_OF_RANGE", "minimum"),
        (&mean, summary(json!({ "maximum": null })), "REQUIRED", "maximum"),
        (&mean, json!({ "numerator": 1, "denominator": 2 }), "NOT_OF_UNIT", "numerator"),
        (&count, json!({ "count": -1 }), "OUT_OF_RANGE", "count"),
        (&count, json!({ "count": 3, "exposure": "0" }), "OUT_OF_RANGE", "exposure"),
        (&count, json!({ "count": 3, "exposure": "-2" }), "OUT_OF_RANGE", "exposure"),
        (&count, json!({ "exposure": "2" }), "REQUIRED", "count"),
        (&count, json!({ "count": 3, "n": 43 }), "NOT_OF_UNIT", "n"),
    ] {
        let refused = evaluator.refusal("recordMeasurement", &of(criterion, measured.clone()));
        assert_eq!(refused, (code.to_owned(), json!([field])), "{measured}");
    }
    // All faults at once, so that a person mends them at once.
    let input =
        of(&share, json!({ "numerator": 1, "denominator": -1, "periodEnd": "2022-06-30", "mean": "1" }));
    let refused = evaluator.mutate("recordMeasurement", &input, "measurement { id }");
    let fields: Vec<_> =
        refused["userErrors"].as_array().expect("errors").iter().map(|error| &error["field"][0]).collect();
    assert_eq!(fields, ["periodEnd", "mean", "denominator"]);
    assert_eq!(refused["measurement"], Value::Null);
    assert_eq!(stored(&server), before);
}

fn a_plan_or_criterion_that_cannot_be_is_refused_by_field(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::drafted(&evaluator);
    let before = stored(&server);
    let refused = |mutation: &str, input: Value, code: &str, field: Value| {
        assert_eq!(evaluator.refusal(mutation, &input), (code.to_owned(), field), "{mutation} {input}");
    };
    let plan = |changes: Value| {
        let input = json!({
            "interventionId": evaluator.intervention("den-korte-snor").0, "title": "Trivsel", "periodStart": "2022-07-01",
            "periodEnd": "2023-06-30",
        });
        with(input, changes)
    };
    let unknown = "intervention_00000000000070008000000000000000";
    for (changes, code, field) in [
        (json!({ "periodEnd": "2022-06-30" }), "START_AFTER_END", "periodEnd"),
        (json!({ "title": " " }), "REQUIRED", "title"),
        (json!({ "title": "x".repeat(301) }), "BAD_USER_INPUT", "title"),
        (json!({ "interventionId": unknown }), "NOT_FOUND", "interventionId"),
        (json!({ "interventionId": snor.id }), "NOT_FOUND", "interventionId"),
    ] {
        refused("planVirkningsevaluering", plan(changes), code, json!([field]));
    }
    let criterion = |changes: Value| {
        let input = json!({
            "virkningsevalueringId": snor.id, "dimension": "x", "indicator": "x", "direction": "UP",
            "basis": "RELATIVE_CHANGE", "threshold": "0.5", "unit": "SHARE", "pairing": "INDEPENDENT",
        });
        with(input, changes)
    };
    let level = |threshold: &str| json!({ "basis": "LEVEL", "threshold": threshold });
    for (changes, code, field) in [
        (json!({ "threshold": "50" }), "OUT_OF_RANGE", json!(["threshold"])),
        (json!({ "threshold": "50", "direction": "DOWN" }), "OUT_OF_RANGE", json!(["threshold"])),
        (json!({ "threshold": "1.000001", "direction": "DOWN" }), "OUT_OF_RANGE", json!(["threshold"])),
        (json!({ "threshold": "0" }), "OUT_OF_RANGE", json!(["threshold"])),
        (json!({ "threshold": "-0.5" }), "OUT_OF_RANGE", json!(["threshold"])),
        (level("1.000001"), "OUT_OF_RANGE", json!(["threshold"])),
        (level("30"), "OUT_OF_RANGE", json!(["threshold"])),
        (level("-0.1"), "OUT_OF_RANGE", json!(["threshold"])),
        (json!({ "basis": "ABSOLUTE_CHANGE", "threshold": "10" }), "OUT_OF_RANGE", json!(["threshold"])),
        (json!({ "basis": "MAINTAIN", "threshold": "-0.1" }), "OUT_OF_RANGE", json!(["threshold"])),
        (json!({ "dimension": "" }), "REQUIRED", json!(["dimension"])),
        (json!({ "indicator": "x".repeat(301) }), "BAD_USER_INPUT", json!(["indicator"])),
        (json!({ "successCategories": ["Job", "Job "] }), "REPEATED", json!(["successCategories", "1"])),
        (json!({ "successCategories": ["Job", ""] }), "REQUIRED", json!(["successCategories", "1"])),
        (
            json!({ "unit": "MEAN", "successCategories": ["Job"] }),
            "NOT_OF_UNIT",
            json!(["successCategories"]),
        ),
    ] {
        refused("addSuccessCriterion", criterion(changes), code, field);
    }
    let update =
        json!({ "id": snor.absence, "expectedVersion": evaluator.version(&snor.id), "threshold": "1.1" });
    refused("updateSuccessCriterion", update, "OUT_OF_RANGE", json!(["threshold"]));
    let claim = |changes: Value| {
        let input = json!({ "criterionId": snor.absence, "text": "x", "printed": "-61.6", "measure": "RELATIVE_CHANGE" });
        with(input, changes)
    };
    for (changes, code, field) in [
        (json!({ "printed": "mange" }), "BAD_USER_INPUT", "printed"),
        (json!({ "printed": "" }), "REQUIRED", "printed"),
        (json!({ "printedBefore": "30,2" }), "BAD_USER_INPUT", "printedBefore"),
        (json!({ "measure": "CITYWIDE_COUNT" }), "MEASURE_OF_CLAIM", "measure"),
        (json!({ "year": 2023 }), "YEAR_OR_CRITERION", "year"),
        (json!({ "criterionId": null }), "YEAR_OR_CRITERION", "year"),
        (json!({ "principle": 1 }), "PRINCIPLE_WITH_MEASURE", "principle"),
        (json!({ "text": " " }), "REQUIRED", "text"),
    ] {
        refused("addClaim", claim(changes), code, json!([field]));
    }
    assert_eq!(stored(&server), before);
    evaluator.mutate("addClaim", &claim(json!({})), "claim { id }");
    for text in ["x", " x "] {
        refused("addClaim", claim(json!({ "text": text })), "TAKEN", json!(["text"]));
    }
    // The largest and the smallest that mean something are taken.
    for changes in [
        json!({ "threshold": "10" }),
        json!({ "threshold": "1", "direction": "DOWN" }),
        level("1"),
        level("0"),
    ] {
        let added = evaluator.mutate("addSuccessCriterion", &criterion(changes.clone()), "criterion { id }");
        assert_eq!(added["userErrors"], json!([]), "{changes}");
    }
}

fn months_and_groups_that_cannot_be_are_refused_by_field(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let criteria = Criteria::registered(&evaluator);
    let before = stored(&server);
    let months = |wave: &str, anchor: &str, from: i32, to: i32| json!({ "wave": wave, "months": { "anchor": anchor, "from": from, "to": to } });
    let group = |kind: &str, name: Value, comparability: Value| json!({ "group": { "kind": kind, "name": name, "comparability": comparability } });
    let (no, x) = (Value::Null, json!("x"));
    for (changes, code, field) in [
        (json!({ "periodEnd": "2022-06-30" }), "START_AFTER_END", json!(["periodEnd"])),
        (months("BEFORE", "END", -3, 0), "MONTHS_OF_WAVE", json!(["months"])),
        (months("BEFORE", "START", -3, 1), "MONTHS_OF_WAVE", json!(["months"])),
        (months("DURING", "START", -1, 3), "MONTHS_OF_WAVE", json!(["months"])),
        (months("DURING", "END", -3, 1), "MONTHS_OF_WAVE", json!(["months"])),
        (months("AFTER", "START", 0, 3), "MONTHS_OF_WAVE", json!(["months"])),
        (months("AFTER", "END", -1, 3), "MONTHS_OF_WAVE", json!(["months"])),
        (months("FOLLOW_UP", "END", -6, 12), "MONTHS_OF_WAVE", json!(["months"])),
        (months("AFTER", "END", 6, 3), "START_AFTER_END", json!(["months", "to"])),
        (months("AFTER", "END", 0, 601), "OUT_OF_RANGE", json!(["months", "to"])),
        (months("BEFORE", "START", -601, 0), "OUT_OF_RANGE", json!(["months", "from"])),
        (months("BEFORE", "START", i32::MIN, 0), "OUT_OF_RANGE", json!(["months", "from"])),
        (group("SUBGROUP", no.clone(), no.clone()), "INVALID_GROUP", json!(["group", "name"])),
        (group("SUBGROUP", json!(" "), no.clone()), "INVALID_GROUP", json!(["group", "name"])),
        (group("COMPARISON", no.clone(), json!("MATCHED")), "INVALID_GROUP", json!(["group", "name"])),
        (group("PARTICIPANTS", x.clone(), no.clone()), "INVALID_GROUP", json!(["group", "name"])),
        (group("COMPARISON", x.clone(), no), "INVALID_GROUP", json!(["group", "comparability"])),
        (group("SUBGROUP", x, json!("MATCHED")), "INVALID_GROUP", json!(["group", "comparability"])),
        (json!({ "populationId": "none" }), "NOT_FOUND", json!(["populationId"])),
        (json!({ "sourceId": criteria.id }), "NOT_FOUND", json!(["sourceId"])),
    ] {
        let input = with(of(&criteria.share, json!({ "numerator": 1, "denominator": 2 })), changes.clone());
        let refused = evaluator.refusal("recordMeasurement", &input);
        assert_eq!(refused, (code.to_owned(), field), "{changes}");
    }
    assert_eq!(stored(&server), before);
}

fn no_personal_number_and_no_nul_is_stored(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let Criteria { id, share, .. } = Criteria::registered(&evaluator);
    let measured = evaluator.recorded_share(&share, "BEFORE", 13, 43);
    let before = stored(&server);
    let measurement = of(&share, json!({ "numerator": 1, "denominator": 2 }));
    let absent = of(&share, json!({ "absence": "NOT_YET" }));
    let of_evaluation = json!({ "virkningsevalueringId": id, "name": "x" });
    let correction =
        json!({ "id": measured, "correction": "OTHER", "reason": "x", "numerator": 1, "denominator": 2 });
    let claim = json!({ "criterionId": share, "text": "x", "printed": "1", "measure": "RELATIVE_CHANGE" });
    let learning = json!({ "virkningsevalueringId": id, "audience": "MANAGEMENT", "text": "x" });
    let version = evaluator.version(&id);
    let step = json!({ "id": id, "expectedVersion": version });
    let amendment = json!({ "id": share, "expectedVersion": version, "threshold": "0.4", "reason": "x" });
    for (mutation, input, field) in [
        ("recordMeasurement", &measurement, "note"),
        ("recordMeasurement", &measurement, "reason"),
        ("recordMeasurement", &measurement, "idempotencyKey"),
        ("recordMeasurement", &absent, "absenceReason"),
        ("correctMeasurement", &correction, "reason"),
        ("correctMeasurement", &correction, "note"),
        ("addLearning", &learning, "text"),
        ("addClaim", &claim, "text"),
        ("addClaim", &claim, "source"),
        ("addPopulation", &of_evaluation, "name"),
        ("addPopulation", &of_evaluation, "countedFrom"),
        ("addPopulation", &of_evaluation, "leftOut"),
        ("addDataSource", &of_evaluation, "supplier"),
        ("addDataSource", &of_evaluation, "delay"),
        ("addDataSource", &of_evaluation, "knownLimits"),
        ("updateVirkningsevaluering", &step, "title"),
        ("amendSuccessCriterion", &amendment, "reason"),
        ("amendSuccessCriterion", &amendment, "dimension"),
        ("submitVirkningsevaluering", &step, "comment"),
    ] {
        for (text, code) in [("Barnet 010190-1234", "CPR_NUMBER"), ("a\0b", "BAD_USER_INPUT")] {
            let refused = evaluator.refusal(mutation, &with(input.clone(), json!({ field: text })));
            assert_eq!(refused, (code.to_owned(), json!([field])), "{mutation} {field}");
        }
    }
    let group = json!({ "group": { "kind": "SUBGROUP", "name": "010190-1234" } });
    let refused = evaluator.refusal("recordMeasurement", &with(measurement, group));
    assert_eq!(refused, ("CPR_NUMBER".to_owned(), json!(["group", "name"])));
    assert_eq!(stored(&server), before);
}

/// The answer to a measurement whose value is the text `value`, as it stands, once in the document and once as a variable.
fn with_value(client: &Client, criterion: &str, field: &str, value: &str) -> [Answer; 2] {
    let rest = "wave: AFTER, periodStart: \"2022-07-01\", periodEnd: \"2023-06-30\"";
    let literal = format!(
        "mutation {{ recordMeasurement(input: {{ criterionId: \"{criterion}\", {rest}, {field}: {value} }}) {{ userErrors {{ \
         field code }} }} }}"
    );
    let document = "mutation($i: RecordMeasurementInput!) { recordMeasurement(input: $i) { userErrors { field code } } }";
    let input = of(criterion, json!({})).to_string();
    let input = format!("{}, \"{field}\": {value} }}", input.trim_end_matches('}'));
    let body = format!("{{ \"query\": \"{document}\", \"variables\": {{ \"i\": {input} }} }}");
    [client.ask(&literal, json!({})), client.post("application/json", body)]
}

fn what_is_no_number_at_all_is_an_error_of_the_request(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let Criteria { share, mean, .. } = Criteria::registered(&evaluator);
    let before = stored(&server);
    for (criterion, field, values) in [
        (
            &share,
            "numerator",
            ["\"NaN\"", "NaN", "1e309", "9007199254740993", "\"50\"", "0.5", "true", "[1]"],
        ),
        (&mean, "n", ["\"NaN\"", "NaN", "1e309", "9007199254740993", "\"50\"", "0.5", "true", "[1]"]),
        (
            &mean,
            "mean",
            ["\"NaN\"", "NaN", "1e309", "9007199254740993", "\"Infinity\"", "\"1e3\"", "true", "[1]"],
        ),
        (
            &mean,
            "sd",
            ["\"NaN\"", "NaN", "1e309", "9007199254740993", "\"0.0000001\"", "\"\"", "true", "[1]"],
        ),
    ] {
        for value in values {
            for (at, answer) in with_value(&evaluator, criterion, field, value).into_iter().enumerate() {
                assert_eq!(answer.error_code(), "BAD_USER_INPUT", "{field}: {value}");
                let json = answer.json();
                let message = json["errors"][0]["message"].as_str().expect("a message");
                // The last step of the way to the field. A bare NaN makes the variables no JSON, which has no fields.
                let way = message.split('"').nth(1).unwrap_or_default();
                let is_json = (at, value) != (1, "NaN");
                assert!(!is_json || way.rsplit('.').next() == Some(field), "{field}: {value}: {message}");
            }
        }
    }
    assert_eq!(stored(&server), before);
}
