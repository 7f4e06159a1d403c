//! The report's own example: the wellbeing evaluation of Den Korte Snor, by the documents that clients count on.

use serde_json::{Value, json};

use crate::support::{Backend, Client, Server, Snor};

on_both_databases!(
    both_goals_are_met_and_neither_is_established,
    its_history_counts_as_its_versions_do,
    its_results_say_what_they_were_computed_from,
);

const PLAN: &str = include_str!("../../docs/examples/plan.graphql");
const ADD: &str = include_str!("../../docs/examples/add-criterion.graphql");
const RECORD: &str = include_str!("../../docs/examples/record.graphql");
const FREEZE: &str = include_str!("../../docs/examples/freeze.graphql");
const SNOR: &str = include_str!("../../docs/examples/snor.graphql");
const HISTORY: &str = include_str!("../../docs/examples/evaluation-history.graphql");

/// Carries out one of the documents, which is not refused.
fn done(client: &Client, document: &str, mutation: &str, input: Value) -> Value {
    let payload = client.data(document, json!({ "i": input }))[mutation].clone();
    assert_eq!(payload["userErrors"], json!([]), "{mutation}");
    payload
}

fn criterion(
    client: &Client,
    evaluation: &Value,
    dimension: &str,
    direction: &str,
    threshold: &str,
) -> Value {
    let input = json!({
        "virkningsevalueringId": evaluation, "dimension": dimension, "indicator": "Andel unge", "direction": direction,
        "basis": "RELATIVE_CHANGE", "threshold": threshold, "unit": "SHARE", "pairing": "SAME_PERSONS",
    });
    done(client, ADD, "addSuccessCriterion", input)["criterion"]["id"].clone()
}

fn measured(client: &Client, criterion: &Value, wave: &str, numerator: i32) -> Value {
    let input = json!({
        "criterionId": criterion, "wave": wave, "numerator": numerator, "denominator": 43, "periodStart": "2022-07-01",
        "periodEnd": "2023-06-30",
    });
    done(client, RECORD, "recordMeasurement", input)
}

fn claimed(client: &Client, criterion: &Value, text: &str, printed: &str) {
    let input =
        json!({ "criterionId": criterion, "text": text, "printed": printed, "measure": "RELATIVE_CHANGE" });
    assert_eq!(client.mutate("addClaim", &input, "claim { id }")["userErrors"], json!([]));
}

/// Whether an interval's ends are these to three places.
fn spans(interval: &Value, low: f64, high: f64) -> bool {
    let near = |name: &str, end: f64| {
        let found: f64 = interval[name].as_str().expect("an end").parse().expect("a number");
        (found - end).abs() < 0.000_5
    };
    near("low", low) && near("high", high)
}

fn both_goals_are_met_and_neither_is_established(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let plan = json!({
        "interventionId": evaluator.intervention("den-korte-snor").0, "title": "Trivsel i Den Korte Snor",
        "periodStart": "2022-07-01", "periodEnd": "2023-06-30",
    });
    let planned = done(&evaluator, PLAN, "planVirkningsevaluering", plan)["virkningsevaluering"].clone();
    let id = &planned["id"];
    assert_eq!(planned, json!({ "id": id, "status": "DRAFT", "version": 1 }));
    let absence = criterion(&evaluator, id, "Skolefravær", "DOWN", "0.5");
    let friendships = criterion(&evaluator, id, "Venskaber", "UP", "0.3");
    let before = measured(&evaluator, &absence, "BEFORE", 13);
    assert_eq!(before["measurement"]["value"], "0.302326");
    let nothing_yet = json!({ "attainment": "NOT_ASSESSABLE", "verdict": "NOT_ASSESSABLE" });
    assert_eq!(before["criterion"]["result"], nothing_yet, "nothing is measured after yet");
    let freeze = json!({ "id": id, "expectedVersion": 4 });
    let frozen = done(&evaluator, FREEZE, "registerVirkningsevaluering", freeze);
    assert_eq!(frozen["virkningsevaluering"], json!({ "id": id, "status": "REGISTERED", "version": 5 }));
    let after = measured(&evaluator, &absence, "AFTER", 5);
    let met = json!({ "attainment": "MET", "verdict": "INCONCLUSIVE" });
    assert_eq!(after["criterion"]["result"], met, "recording answers with the new result");
    let measurement = json!({
        "id": after["measurement"]["id"], "value": "0.116279", "numerator": 5, "denominator": 43,
    });
    assert_eq!(after["measurement"], measurement);
    measured(&evaluator, &friendships, "BEFORE", 14);
    measured(&evaluator, &friendships, "AFTER", 26);
    claimed(&evaluator, &absence, "Skolefraværet er reduceret med 61,6 pct.", "-61.6");
    claimed(&evaluator, &friendships, "Venskaberne er steget med 46,1 pct.", "46.1");

    let read = evaluator.data(SNOR, json!({}))["intervention"]["virkningsevalueringer"]["nodes"].clone();
    assert_eq!(read.as_array().map(Vec::len), Some(1));
    let evaluation = &read[0];
    assert_eq!(
        (&evaluation["id"], &evaluation["status"], &evaluation["version"]),
        (id, &json!("REGISTERED"), &json!(10))
    );
    let [of_absence, of_friendships] = [&evaluation["criteria"][0], &evaluation["criteria"][1]];
    assert_eq!(
        (&of_absence["id"], &of_friendships["id"]),
        (&absence, &friendships),
        "in the order of their numbers"
    );
    assert_eq!(of_absence["baseline"], json!({ "numerator": 13, "denominator": 43, "value": "0.302326" }));
    assert_eq!(of_absence["outcome"], json!({ "numerator": 5, "denominator": 43, "value": "0.116279" }));
    assert_eq!(of_absence["threshold"], "0.5");
    for (criterion, change, low, high, sentence) in [
        (
            of_absence,
            "-0.615385",
            0.143 - 1.0,
            1.036 - 1.0,
            "Andelen er reduceret med 61,5 % (13 af 43 til 5 af 43). Målet på mindst 50 % er nået i målingen, men \
             usikkerheden er for stor til at fastslå det.",
        ),
        (
            of_friendships,
            "0.857143",
            0.980 - 1.0,
            3.518 - 1.0,
            "Andelen er steget med 85,7 % (14 af 43 til 26 af 43). Målet på mindst 30 % er nået i målingen, men \
             usikkerheden er for stor til at fastslå det.",
        ),
    ] {
        let result = &criterion["result"];
        assert_eq!(result["attainment"], "MET");
        assert_eq!(result["verdict"], "INCONCLUSIVE");
        assert_eq!(result["change"], "NO_CLEAR_CHANGE");
        assert_eq!(result["relativeChange"], change);
        assert!(spans(&result["interval"], low, high), "{}", result["interval"]);
        assert_eq!(result["interval"]["level"], "0.95");
        assert_eq!(result["interval"]["method"], "NAM_BLACKWELDER_ENVELOPE");
        assert_eq!(result["sentence"], sentence);
        assert_eq!(result["warnings"][0]["code"], "POST_HOC");
        assert_eq!(result["warnings"][1]["code"], "PAIRING_UNKNOWN");
        assert_eq!(result["warnings"].as_array().map(Vec::len), Some(2));
    }
    // Whether any paired table could settle it is told beside it.
    let pairing_of =
        |criterion: &Value| criterion["result"]["warnings"][1]["text"].as_str().expect("a text").to_owned();
    let none = "Ingen parret tabel, der passer med totalerne, kan afgøre, om målet er nået.";
    assert!(pairing_of(of_absence).ends_with(none), "{}", pairing_of(of_absence));
    assert!(
        pairing_of(of_friendships).contains("hvor 13 til 14 personer har udfaldet begge gange"),
        "{}",
        pairing_of(of_friendships)
    );
    let claims = |criterion: &Value| criterion["claims"].clone();
    assert_eq!(
        claims(of_absence),
        json!([{ "printed": "-61.6", "computed": "-61.5", "label": "CONSISTENT_WITH_ROUNDED" }])
    );
    assert_eq!(
        claims(of_friendships),
        json!([{ "printed": "46.1", "computed": "85.7", "label": "DENOMINATOR_AFTER" }])
    );
}

fn its_history_counts_as_its_versions_do(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::measured(&evaluator);
    let history = evaluator.data(HISTORY, json!({ "id": snor.id }))["virkningsevaluering"]["history"].clone();
    assert_eq!(history["totalCount"], evaluator.version(&snor.id));
    let events = history["nodes"].as_array().expect("events");
    let actions: Vec<_> = events.iter().map(|event| event["action"].as_str().expect("an action")).collect();
    assert_eq!(actions, ["CREATE", "ADD", "ADD", "REGISTER", "RECORD", "RECORD", "RECORD", "RECORD"]);
    for (at, event) in events.iter().enumerate() {
        assert_eq!(event["sequence"], at + 1);
        assert_eq!(event["actor"], json!({ "name": "Evaluator SOF", "roles": ["EVALUATOR SOF"] }));
        assert_eq!(event["reason"], Value::Null);
        let moment = event["occurredAt"].as_str().expect("a moment");
        assert!(moment.ends_with('Z'), "{moment}");
    }
    let changed = |event: usize, field: &str| {
        let changes = events[event]["changes"].as_array().expect("changes");
        changes.iter().filter(|change| change["field"] == field).cloned().collect::<Vec<_>>()
    };
    assert_eq!(changed(0, "title"), [json!({ "field": "title", "before": null, "after": "Trivsel" })]);
    assert_eq!(
        changed(3, "status"),
        [json!({ "field": "status", "before": "DRAFT", "after": "REGISTERED" })]
    );
    assert_eq!(changed(5, "numerator"), [json!({ "field": "numerator", "before": null, "after": "5" })]);
    assert_eq!(
        changed(5, "verdict"),
        [json!({ "field": "verdict", "before": "NOT_ASSESSABLE", "after": "INCONCLUSIVE" })]
    );
}

fn its_results_say_what_they_were_computed_from(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::measured(&evaluator);
    let selection = "result { group design asRegistered methodVersion inputHash computedAt difference \
                     english: sentence(language: EN) danish: sentence(language: DA) sentence \
                     warnings { english: text(language: EN) text } }";
    let of = |client: &Client, criterion: &str| client.criterion(criterion, selection)["result"].clone();
    let result = of(&evaluator, &snor.friendships);
    assert_eq!(
        (&result["group"], &result["design"], &result["asRegistered"], &result["methodVersion"]),
        (&Value::Null, &json!("BEFORE_AFTER"), &json!(true), &json!(2))
    );
    assert_eq!(result["difference"], "0.27907");
    let english = "The share has risen by 85.7% (14 of 43 to 26 of 43). The goal of at least 30% is met in the \
                   measurement, but the uncertainty is too large to establish it.";
    assert_eq!(result["english"], english);
    assert_eq!(result["sentence"], english, "English where no language is given");
    let in_danish = of(&evaluator.clone().in_danish(), &snor.friendships);
    assert_eq!(in_danish["sentence"], result["danish"], "or in that of the request");
    assert_ne!(in_danish["warnings"][0]["text"], result["warnings"][0]["english"]);
    let hash = |result: &Value| result["inputHash"].as_str().expect("a hash").to_owned();
    assert_eq!(hash(&result).len(), 64);
    // What does not touch a criterion's inputs leaves its result as it was computed.
    let unmoved = of(&evaluator, &snor.absence);
    let measurements = "measurements { id wave }";
    let measured = evaluator.criterion(&snor.friendships, measurements)["measurements"][1].clone();
    assert_eq!(measured["wave"], "AFTER");
    let correction = json!({
        "id": measured["id"], "correction": "TYPING_ERROR", "reason": "Tastefejl", "numerator": 25, "denominator": 43,
    });
    evaluator.mutate("correctMeasurement", &correction, "measurement { id }");
    let moved = of(&evaluator, &snor.friendships);
    assert_ne!(hash(&moved), hash(&result), "other inputs, another hash");
    assert!(moved["computedAt"].as_str() > result["computedAt"].as_str());
    assert_eq!(of(&evaluator, &snor.absence), unmoved);
}
