//! Each mutation of instruments and of what participants answered, with what it leaves in the history.

use serde_json::json;

use super::Writer;

const USER: &str = "evaluator-sof";
const EVALUATION: &str = "virkningsevaluering { id version }";
const MEASUREMENT: &str = "measurement { id }";

/// Of what participants answered the history tells how much there is, and commitments.
pub fn observed(writer: &mut Writer<'_>) {
    let input = json!({
        "code": "SDQ", "name": "SDQ", "direction": "DOWN", "smallestChange": "3",
        "items": { "count": 20, "minimum": 0, "maximum": 2 },
    });
    let fields = [
        "code",
        "name",
        "direction",
        "minimum",
        "maximum",
        "smallestChange",
        "itemCount",
        "itemMinimum",
        "itemMaximum",
        "factor",
    ];
    writer.does("coordinator", "addInstrument", &input, "instrument { code }", "CREATE", &fields);
    let evaluator = writer.server.signed_in(USER);
    let evaluation = evaluator.plan("ny-start");
    let criterion = evaluator.add_criterion(&evaluation, json!({}));
    let input = json!({
        "virkningsevalueringId": evaluation, "expectedVersion": 2, "purpose": "Trivsel", "legalBasis": "§ 10",
        "deletionDate": "2150-12-31",
    });
    let changed = ["current", "purpose", "legalBasis", "deletionDate"];
    let changed = changed.map(|field| format!("DATA_PROCESSING.{field}"));
    let changed = changed.each_ref().map(String::as_str);
    writer.does(USER, "stateDataProcessing", &input, EVALUATION, "UPDATE", &changed);
    let input = json!({
        "criterionId": criterion, "wave": "BEFORE", "periodStart": "2022-07-01", "periodEnd": "2022-07-14",
        "observations": [{ "participant": "P1", "outcome": true }, { "participant": "P2", "outcome": false }],
        "reason": "Bølge 1",
    });
    let batch = [
        "OBSERVATION_BATCH.criterionId",
        "OBSERVATION_BATCH.wave",
        "OBSERVATION_BATCH.periodStart",
        "OBSERVATION_BATCH.periodEnd",
        "OBSERVATION_BATCH.observations",
        "OBSERVATION_BATCH.digest",
        "OBSERVATION_BATCH.replaced",
        "OBSERVATION_BATCH.replacedDigest",
        "OBSERVATION_BATCH.recordedAt",
    ];
    let measurement = [
        "MEASUREMENT.criterionId",
        "MEASUREMENT.current",
        "MEASUREMENT.wave",
        "MEASUREMENT.groupKind",
        "MEASUREMENT.periodStart",
        "MEASUREMENT.periodEnd",
        "MEASUREMENT.kind",
        "MEASUREMENT.computed",
        "MEASUREMENT.numerator",
        "MEASUREMENT.denominator",
        "MEASUREMENT.recordedAt",
    ];
    let before = [
        "RESULT.beforeId",
        "RESULT.beforeNumerator",
        "RESULT.beforeN",
        "RESULT.beforeValue",
        "RESULT.excluded",
    ];
    let computed = ["RESULT.inputHash", "RESULT.computedAt"];
    let changed = [&batch[..], &measurement, &before, &computed].concat();
    writer.does(USER, "recordObservations", &input, MEASUREMENT, "RECORD", &changed);
    let input = json!({ "criterionId": criterion, "participant": "P1", "reason": "Flyttet" });
    let exclusion = ["criterionId", "current", "participant", "reason"];
    let exclusion = exclusion.map(|field| format!("PARTICIPANT_EXCLUSION.{field}"));
    let exclusion = exclusion.each_ref().map(String::as_str);
    let again = [
        "RESULT.beforeId",
        "RESULT.beforeNumerator",
        "RESULT.beforeN",
        "RESULT.beforeValue",
        "RESULT.excluded",
    ];
    let replaced = [&["MEASUREMENT.current"], &measurement[..]].concat();
    let changed = [&exclusion[..], &replaced, &again, &computed].concat();
    writer.does(USER, "excludeParticipant", &input, "criterion { id }", "CORRECT", &changed);
    let changed = [&["PARTICIPANT_EXCLUSION.current"], &replaced[..], &again, &computed].concat();
    writer.does(USER, "includeParticipant", &input, "criterion { id }", "CORRECT", &changed);
    let input =
        json!({ "virkningsevalueringId": evaluation, "expectedVersion": 6, "reason": "Slettedatoen" });
    let changed = ["OBSERVATION_ERASURE.observations", "OBSERVATION_ERASURE.erasedAt"];
    writer.does(USER, "eraseObservations", &input, EVALUATION, "REMOVE", &changed);
}
