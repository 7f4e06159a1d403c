//! Each mutation of rounds and evaluations, with what it leaves in the history.

use serde_json::{Value, json};

use super::{Writer, participants};
use crate::support::with;

const USER: &str = "evaluator-sof";
const EVALUATION: &str = "virkningsevaluering { id version }";
const CRITERION: &str = "criterion { id } virkningsevaluering { version }";
const MEASUREMENT: &str = "measurement { id }";

pub fn from_plan_to_withdrawal(writer: &mut Writer<'_>) {
    let round = rounds(writer);
    let evaluation = planned(writer, &round);
    let criterion = criteria(writer, &evaluation);
    measured(writer, &evaluation, &criterion);
    participants::observed(writer);
    theory(writer, &evaluation, &criterion);
    decided(writer, &evaluation);
}

fn rounds(writer: &mut Writer<'_>) -> Value {
    let input = json!({ "year": 2024, "theme": "Trivsel" });
    let round = "evaluationRound { id }";
    let changed = ["year", "theme", "interventionIds"];
    let made = writer.does("coordinator", "createEvaluationRound", &input, round, "CREATE", &changed);
    let id = made["evaluationRound"]["id"].clone();
    let input = json!({ "id": id, "expectedVersion": 1, "theme": "Overgange" });
    writer.does("coordinator", "updateEvaluationRound", &input, round, "UPDATE", &["theme"]);
    id
}

fn planned(writer: &mut Writer<'_>, round: &Value) -> Value {
    let input = json!({
        "interventionId": writer.auditor.intervention("den-korte-snor").0, "title": "Trivsel", "periodStart": "2022-07-01",
        "periodEnd": "2023-06-30", "roundId": round, "reason": "Årets runde",
    });
    let changed =
        ["slug", "interventionId", "title", "periodStart", "periodEnd", "roundId", "status", "revision"];
    let made = writer.does(USER, "planVirkningsevaluering", &input, EVALUATION, "CREATE", &changed);
    let id = made["virkningsevaluering"]["id"].clone();
    let input = json!({ "id": id, "expectedVersion": 1, "title": "Velbefindende", "clear": ["ROUND"] });
    writer.does(USER, "updateVirkningsevaluering", &input, EVALUATION, "UPDATE", &["title", "roundId"]);
    let described = json!({ "virkningsevalueringId": id, "name": "Unikke deltagere" });
    let input = with(described.clone(), json!({ "leftOut": "Dem uden for skole" }));
    let changed = ["POPULATION.name", "POPULATION.leftOut"];
    writer.does(USER, "addPopulation", &input, "population { id }", "ADD", &changed);
    let input = with(described, json!({ "extractedOn": "2023-10-02" }));
    let changed = ["DATA_SOURCE.name", "DATA_SOURCE.extractedOn"];
    writer.does(USER, "addDataSource", &input, "dataSource { id }", "ADD", &changed);
    id
}

fn criteria(writer: &mut Writer<'_>, evaluation: &Value) -> Value {
    let input = json!({
        "virkningsevalueringId": evaluation, "dimension": "Skolefravær", "indicator": "Andel unge", "direction": "DOWN",
        "basis": "RELATIVE_CHANGE", "threshold": "0.5", "unit": "SHARE", "pairing": "SAME_PERSONS",
    });
    let content = [
        "CRITERION.dimension",
        "CRITERION.indicator",
        "CRITERION.direction",
        "CRITERION.basis",
        "CRITERION.threshold",
        "CRITERION.unit",
        "CRITERION.pairing",
        "CRITERION.successCategories",
    ];
    let result = [
        "RESULT.criterionId",
        "RESULT.groupKind",
        "RESULT.wave",
        "RESULT.attainment",
        "RESULT.verdict",
        "RESULT.notAssessable",
        "RESULT.confidence",
        "RESULT.methodVersion",
        "RESULT.warnings",
        "RESULT.inputHash",
        "RESULT.computedAt",
    ];
    let changed = [&["CRITERION.number"], &content[..], &result[..]].concat();
    let made = writer.does(USER, "addSuccessCriterion", &input, CRITERION, "ADD", &changed);
    let removed = writer.does(USER, "addSuccessCriterion", &input, CRITERION, "ADD", &changed);
    let input =
        json!({ "id": removed["criterion"]["id"], "expectedVersion": 6, "reason": "Stod der to gange" });
    let changed = [&content[..], &["CRITERION.removed"]].concat();
    writer.does(USER, "removeSuccessCriterion", &input, EVALUATION, "REMOVE", &changed);
    let id = made["criterion"]["id"].clone();
    let input = json!({ "id": id, "expectedVersion": 7, "threshold": "0.4" });
    let changed = ["CRITERION.threshold", "RESULT.inputHash", "RESULT.computedAt"];
    writer.does(USER, "updateSuccessCriterion", &input, CRITERION, "UPDATE", &changed);
    let input = json!({ "id": evaluation, "expectedVersion": 8 });
    let changed = [&["status", "registeredAt", "registeredVersion"][..], &TRANSITION].concat();
    writer.does(USER, "registerVirkningsevaluering", &input, EVALUATION, "REGISTER", &changed);
    let input = json!({ "id": id, "expectedVersion": 9, "threshold": "0.5", "reason": "Som aftalt" });
    let changed = ["CRITERION.threshold", "CRITERION.amendment", "RESULT.inputHash", "RESULT.computedAt"];
    writer.does(USER, "amendSuccessCriterion", &input, CRITERION, "AMEND", &changed);
    id
}

/// A result of a measurement that follows up, new.
const FOLLOWED_UP: [&str; 26] = [
    "RESULT.criterionId",
    "RESULT.groupKind",
    "RESULT.wave",
    "RESULT.beforeId",
    "RESULT.afterId",
    "RESULT.beforeNumerator",
    "RESULT.beforeN",
    "RESULT.beforeValue",
    "RESULT.afterNumerator",
    "RESULT.afterN",
    "RESULT.afterValue",
    "RESULT.attainment",
    "RESULT.verdict",
    "RESULT.change",
    "RESULT.relativeChange",
    "RESULT.difference",
    "RESULT.intervalLow",
    "RESULT.intervalHigh",
    "RESULT.confidence",
    "RESULT.pLowest",
    "RESULT.pHighest",
    "RESULT.method",
    "RESULT.methodVersion",
    "RESULT.warnings",
    "RESULT.inputHash",
    "RESULT.computedAt",
];

fn measured(writer: &mut Writer<'_>, evaluation: &Value, criterion: &Value) {
    let of_wave = |wave: &str, numerator: i32| {
        json!({
            "criterionId": criterion, "wave": wave, "numerator": numerator, "denominator": 43, "periodStart": "2022-07-01",
            "periodEnd": "2023-06-30",
        })
    };
    let measurement = [
        "MEASUREMENT.criterionId",
        "MEASUREMENT.current",
        "MEASUREMENT.wave",
        "MEASUREMENT.groupKind",
        "MEASUREMENT.periodStart",
        "MEASUREMENT.periodEnd",
        "MEASUREMENT.kind",
        "MEASUREMENT.numerator",
        "MEASUREMENT.denominator",
    ];
    let computed = ["RESULT.inputHash", "RESULT.computedAt"];
    let recorded = ["MEASUREMENT.recordedAt"];
    let before = ["RESULT.beforeId", "RESULT.beforeNumerator", "RESULT.beforeN", "RESULT.beforeValue"];
    let changed = [&measurement[..], &recorded, &before, &computed].concat();
    writer.does(USER, "recordMeasurement", &of_wave("BEFORE", 13), MEASUREMENT, "RECORD", &changed);
    let verdict = [
        "RESULT.afterId",
        "RESULT.afterNumerator",
        "RESULT.afterN",
        "RESULT.afterValue",
        "RESULT.attainment",
        "RESULT.verdict",
        "RESULT.notAssessable",
        "RESULT.change",
        "RESULT.relativeChange",
        "RESULT.difference",
        "RESULT.intervalLow",
        "RESULT.intervalHigh",
        "RESULT.pLowest",
        "RESULT.pHighest",
        "RESULT.method",
        "RESULT.warnings",
    ];
    let changed = [&measurement[..], &recorded, &verdict, &computed].concat();
    let csv = "criterion,wave,group,period_start,period_end,numerator,denominator\n\
               1,FOLLOW_UP,PARTICIPANTS,2023-07-01,2023-12-31,7,43\n";
    let input = json!({ "virkningsevalueringId": evaluation, "csv": csv, "reason": "Fra regnearket" });
    let imported = [&measurement[..], &recorded, &FOLLOWED_UP].concat();
    writer.does(USER, "importMeasurements", &input, "recorded", "IMPORT", &imported);
    let input = of_wave("AFTER", 5);
    let after = writer.does(USER, "recordMeasurement", &input, MEASUREMENT, "RECORD", &changed);
    let input = json!({ "criterionId": criterion, "n11": 5, "n10": 8, "n01": 0, "n00": 30 });
    let table = ["criterionId", "current", "beforeId", "afterId", "n11", "n10", "n01", "n00"];
    let table = table.map(|field| format!("PAIRED_TABLE.{field}"));
    let by_table = [
        "RESULT.pairedTableId",
        "RESULT.change",
        "RESULT.intervalLow",
        "RESULT.intervalHigh",
        "RESULT.pHighest",
        "RESULT.method",
        "RESULT.warnings",
    ];
    let changed = [&table.each_ref().map(String::as_str)[..], &by_table, &computed].concat();
    writer.does(USER, "recordPairedTable", &input, "pairedTable { id }", "RECORD", &changed);
    let input = json!({
        "id": after["measurement"]["id"], "correction": "TYPING_ERROR", "reason": "Tastefejl", "numerator": 6,
        "denominator": 43,
    });
    let correction = ["MEASUREMENT.correctsId", "MEASUREMENT.correction", "MEASUREMENT.correctionReason"];
    let again = [
        "RESULT.afterId",
        "RESULT.pairedTableId",
        "RESULT.afterNumerator",
        "RESULT.afterValue",
        "RESULT.change",
        "RESULT.relativeChange",
        "RESULT.difference",
        "RESULT.intervalLow",
        "RESULT.intervalHigh",
        "RESULT.pLowest",
        "RESULT.pHighest",
        "RESULT.method",
        "RESULT.warnings",
    ];
    let changed = [
        &["MEASUREMENT.current"],
        &measurement[..],
        &correction,
        &recorded,
        &["PAIRED_TABLE.current"],
        &again,
        &computed,
    ];
    writer.does(USER, "correctMeasurement", &input, MEASUREMENT, "CORRECT", &changed.concat());
    told(writer, evaluation, criterion);
}

/// What a report claimed of the figures, and what was learnt.
fn told(writer: &mut Writer<'_>, evaluation: &Value, criterion: &Value) {
    let input = json!({
        "criterionId": criterion, "text": "Faldet med 61,6 pct.", "printed": "-61.6", "measure": "RELATIVE_CHANGE",
        "source": "Årsrapporten",
    });
    let changed = ["CLAIM.criterionId", "CLAIM.text", "CLAIM.printed", "CLAIM.source"];
    writer.does(USER, "addClaim", &input, "claim { id }", "ADD", &changed);
    let input = json!({
        "criterionId": criterion, "text": "30,2 pct.", "printed": "30.2", "measure": "SHARE", "wave": "BEFORE",
    });
    let changed = ["CLAIM.criterionId", "CLAIM.text", "CLAIM.measure", "CLAIM.wave", "CLAIM.printed"];
    writer.does(USER, "addClaim", &input, "claim { id }", "ADD", &changed);
    let input =
        json!({ "virkningsevalueringId": evaluation, "audience": "POLITICIANS", "text": "Det virker" });
    writer.does(
        USER,
        "addLearning",
        &input,
        "learning { id }",
        "ADD",
        &["LEARNING.audience", "LEARNING.text"],
    );
}

/// Once it is registered, each change of a theory has a reason, which stands beside it.
fn theory(writer: &mut Writer<'_>, evaluation: &Value, criterion: &Value) {
    const AMENDED: &str = "THEORY_AMENDMENT.reason";
    let because = |input: Value| with(input, json!({ "reason": "Efter drøftelse" }));
    let mut add = |kind: &str| {
        let input = because(json!({ "virkningsevalueringId": evaluation, "kind": kind, "text": "x" }));
        let changed = ["THEORY_ELEMENT.number", "THEORY_ELEMENT.kind", "THEORY_ELEMENT.text", AMENDED];
        let added = writer.does(USER, "addTheoryElement", &input, "element { id }", "ADD", &changed);
        added["element"]["id"].clone()
    };
    let (activity, output, outcome) = (add("ACTIVITY"), add("OUTPUT"), add("SHORT_TERM_OUTCOME"));
    for to in [&output, &outcome] {
        let input = because(json!({ "fromId": activity, "toId": to }));
        let changed = ["THEORY_LINK.current", "THEORY_LINK.fromId", "THEORY_LINK.toId", AMENDED];
        writer.does(USER, "linkTheoryElements", &input, EVALUATION, "ADD", &changed);
    }
    let input = because(json!({ "id": outcome, "expectedVersion": 23, "text": "Flere går i skole" }));
    let changed = ["THEORY_ELEMENT.text", AMENDED];
    writer.does(USER, "updateTheoryElement", &input, EVALUATION, "UPDATE", &changed);
    let input = json!({ "criterionId": criterion, "elementId": outcome, "expectedVersion": 24 });
    let changed = [
        "ELEMENT_CRITERION.current",
        "ELEMENT_CRITERION.criterionId",
        "ELEMENT_CRITERION.elementId",
        AMENDED,
    ];
    writer.does(USER, "attachSuccessCriterion", &because(input), EVALUATION, "UPDATE", &changed);
    let input = json!({
        "elementId": activity, "method": "OBSERVATION", "finding": "SUPPORTS", "text": "Samtalerne er holdt",
        "source": "Logbogen", "periodStart": "2022-07-01", "periodEnd": "2023-06-30",
    });
    let fields = ["elementId", "method", "finding", "text", "source", "periodStart", "periodEnd"];
    let changed = fields.map(|field| format!("QUALITATIVE_EVIDENCE.{field}"));
    let changed = changed.each_ref().map(String::as_str);
    writer.does(USER, "addQualitativeEvidence", &input, "evidence { id }", "ADD", &changed);
    let input =
        json!({ "virkningsevalueringId": evaluation, "elementId": outcome, "text": "En ny skoleleder" });
    let changed = ["RIVAL_EXPLANATION.elementId", "RIVAL_EXPLANATION.text", "RIVAL_EXPLANATION.assessment"];
    let rival = "rivalExplanation { id }";
    let added = writer.does(USER, "addRivalExplanation", &input, rival, "ADD", &changed);
    let input = json!({
        "id": added["rivalExplanation"]["id"], "expectedVersion": 27, "assessment": "RULED_OUT",
        "grounds": "De unge går på flere skoler",
    });
    let changed = ["RIVAL_EXPLANATION.assessment", "RIVAL_EXPLANATION.grounds"];
    writer.does(USER, "assessRivalExplanation", &input, rival, "UPDATE", &changed);
    let input = because(json!({ "criterionId": criterion, "expectedVersion": 28 }));
    let changed = ["ELEMENT_CRITERION.current", AMENDED];
    writer.does(USER, "detachSuccessCriterion", &input, EVALUATION, "UPDATE", &changed);
    let input = because(json!({ "fromId": activity, "toId": output, "expectedVersion": 29 }));
    let changed = ["THEORY_LINK.current", AMENDED];
    writer.does(USER, "unlinkTheoryElements", &input, EVALUATION, "REMOVE", &changed);
    let input = because(json!({ "id": output, "expectedVersion": 30 }));
    let changed = ["THEORY_ELEMENT.text", "THEORY_ELEMENT.removed", AMENDED];
    writer.does(USER, "removeTheoryElement", &input, EVALUATION, "REMOVE", &changed);
}

const TRANSITION: [&str; 4] = ["TRANSITION.from", "TRANSITION.to", "TRANSITION.actorId", "TRANSITION.at"];

fn decided(writer: &mut Writer<'_>, evaluation: &Value) {
    let said = ["TRANSITION.comment"];
    let mut version = 31;
    let mut step = |user: &str, verb: &str, more: Value, changed: &[&str]| {
        let input = with(json!({ "id": evaluation, "expectedVersion": version }), more);
        let mutation = format!("{verb}Virkningsevaluering");
        writer.does(user, &mutation, &input, EVALUATION, &verb.to_uppercase(), changed);
        version += 1;
    };
    let moved = [&["status"], &TRANSITION[..]].concat();
    let commented = [&moved[..], &said].concat();
    let published = [&["status", "publishedVersion"], &TRANSITION[..]].concat();
    step(USER, "submit", json!({}), &moved);
    step("approver-sof", "return", json!({ "comment": "Læringen er for kort" }), &commented);
    step(USER, "submit", json!({ "comment": "Det er den ikke" }), &commented);
    step("approver-sof", "approve", json!({}), &moved);
    step("approver-sof", "publish", json!({}), &published);
    step("approver-sof", "withdraw", json!({ "reason": "Forkerte tal" }), &[&published[..], &said].concat());
}
