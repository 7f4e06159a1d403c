//! What bears on a programme theory: qualitative evidence, and rival explanations.

use serde_json::{Value, json};

use crate::support::{Backend, Server, Snor, Theory, code, with};

on_both_databases!(
    evidence_and_rivals_that_cannot_be_are_refused_by_field,
    a_rival_explanation_is_assessed_on_grounds,
    a_key_makes_sending_a_theory_again_harmless,
);

fn evidence_and_rivals_that_cannot_be_are_refused_by_field(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::registered(&evaluator);
    let theory = Theory::of(&evaluator, &snor);
    let rival = evaluator.add_rival(&snor.id, "En ny skoleleder");
    let tables =
        ["event", "theory_element_version", "theory_amendment", "qualitative_evidence", "rival_explanation"];
    let stored = || tables.map(|table| server.database().count(table));
    let before = stored();
    let version = evaluator.version(&snor.id);
    let element = json!({ "virkningsevalueringId": snor.id, "kind": "CONTEXT", "text": "x", "reason": "x" });
    let evidence =
        json!({ "elementId": theory.school, "method": "DOCUMENT", "finding": "MIXED", "text": "x" });
    let explanation = json!({ "virkningsevalueringId": snor.id, "text": "x" });
    let assessment =
        json!({ "id": rival, "expectedVersion": version, "assessment": "LIKELY", "grounds": "x" });
    for (mutation, input, changes, code, field) in [
        ("addTheoryElement", &element, json!({ "text": " " }), "REQUIRED", "text"),
        ("addQualitativeEvidence", &evidence, json!({ "text": "" }), "REQUIRED", "text"),
        (
            "addQualitativeEvidence",
            &evidence,
            json!({ "periodStart": "2023-01-01" }),
            "REQUIRED",
            "periodEnd",
        ),
        (
            "addQualitativeEvidence",
            &evidence,
            json!({ "periodEnd": "2023-01-01" }),
            "REQUIRED",
            "periodStart",
        ),
        (
            "addQualitativeEvidence",
            &evidence,
            json!({ "periodStart": "2023-01-02", "periodEnd": "2023-01-01" }),
            "START_AFTER_END",
            "periodEnd",
        ),
        ("addRivalExplanation", &explanation, json!({ "text": "" }), "REQUIRED", "text"),
        ("addRivalExplanation", &explanation, json!({ "assessment": "LIKELY" }), "REQUIRED", "grounds"),
        (
            "addRivalExplanation",
            &explanation,
            json!({ "elementId": theory.trust }),
            "NOT_AN_OUTCOME",
            "elementId",
        ),
        ("assessRivalExplanation", &assessment, json!({ "grounds": " " }), "REQUIRED", "grounds"),
        ("assessRivalExplanation", &assessment, json!({ "expectedVersion": 1 }), "STALE", "expectedVersion"),
    ] {
        let refused = evaluator.refusal(mutation, &with(input.clone(), changes.clone()));
        assert_eq!(refused, (code.to_owned(), json!([field])), "{mutation} {changes}");
    }
    for (mutation, input, field) in [
        ("addTheoryElement", &element, "text"),
        ("addTheoryElement", &element, "reason"),
        ("addQualitativeEvidence", &evidence, "text"),
        ("addQualitativeEvidence", &evidence, "source"),
        ("addRivalExplanation", &explanation, "text"),
        ("addRivalExplanation", &explanation, "grounds"),
        ("assessRivalExplanation", &assessment, "grounds"),
    ] {
        for (text, code) in [("Barnet 010190-1234", "CPR_NUMBER"), ("a\0b", "BAD_USER_INPUT")] {
            let refused = evaluator.refusal(mutation, &with(input.clone(), json!({ field: text })));
            assert_eq!(refused, (code.to_owned(), json!([field])), "{mutation} {field}");
        }
    }
    assert_eq!(stored(), before);
}

fn a_rival_explanation_is_assessed_on_grounds(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::measured(&evaluator);
    let rival = evaluator.add_rival(&snor.id, "En ny skoleleder");
    let read = || evaluator.theory(&snor.id, "rivalExplanations { id assessment grounds element { id } }");
    let stands = |assessment: &str, grounds: Value| json!({ "rivalExplanations": [{ "id": rival, "assessment": assessment, "grounds": grounds, "element": null }] });
    assert_eq!(read(), stands("NOT_ASSESSED", Value::Null));
    let assess = |assessment: &str, grounds: Value| {
        let input = json!({ "id": rival, "assessment": assessment, "grounds": grounds });
        assert_eq!(code(&evaluator.change("assessRivalExplanation", &snor.id, input)), "OK");
    };
    assess("RULED_OUT", json!("De unge går på flere skoler"));
    assert_eq!(read(), stands("RULED_OUT", json!("De unge går på flere skoler")));
    evaluator.steps("submit", &snor.id);
    server.signed_in("approver-sof").steps("approve", &snor.id);
    let version = evaluator.version(&snor.id);
    assess("RULED_OUT", json!("De unge går på flere skoler"));
    assert_eq!(evaluator.version(&snor.id), version, "what changes nothing leaves the approval");
    assess("NOT_ASSESSED", Value::Null);
    assert_eq!(read(), stands("NOT_ASSESSED", Value::Null));
    assert_eq!(
        evaluator.evaluation(&snor.id, "status")["status"],
        "REGISTERED",
        "a write takes the approval back"
    );
}

fn a_key_makes_sending_a_theory_again_harmless(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::registered(&evaluator);
    let theory = Theory::of(&evaluator, &snor);
    for (mutation, input, selection) in [
        (
            "addTheoryElement",
            json!({ "virkningsevalueringId": snor.id, "kind": "CONTEXT", "text": "x", "reason": "x" }),
            "element { id }",
        ),
        (
            "linkTheoryElements",
            json!({ "fromId": theory.input, "toId": theory.output, "reason": "x" }),
            "virkningsevaluering { version }",
        ),
        (
            "addQualitativeEvidence",
            json!({ "elementId": theory.school, "method": "REGISTER", "finding": "MIXED", "text": "x" }),
            "evidence { id }",
        ),
        (
            "addRivalExplanation",
            json!({ "virkningsevalueringId": snor.id, "text": "x" }),
            "rivalExplanation { id }",
        ),
    ] {
        let input = with(input, json!({ "idempotencyKey": mutation }));
        let made = evaluator.mutate(mutation, &input, selection);
        assert_eq!(code(&made), "OK", "{mutation}");
        let events = server.database().count("event");
        assert_eq!(evaluator.mutate(mutation, &input, selection), made, "{mutation}");
        assert_eq!(server.database().count("event"), events, "{mutation}");
    }
}
