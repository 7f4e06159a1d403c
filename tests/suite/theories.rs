//! Programme theories: what they take, and how they are frozen.

use serde_json::{Value, json};

use crate::support::{Backend, Server, Snor, Theory, code, fault, with};

on_both_databases!(
    a_theory_is_read_as_it_was_written,
    a_link_leads_forward_once_and_in_no_circle,
    what_is_to_be_mended_keeps_it_from_being_registered,
    an_amendment_that_leaves_something_to_mend_is_not_submitted,
    a_registered_theory_changes_for_a_reason,
    an_element_goes_with_its_links_unless_evidence_bears_on_it,
    a_criterion_measures_one_element,
    a_published_theory_stays_while_the_next_is_written,
);

fn a_theory_is_read_as_it_was_written(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::drafted(&evaluator);
    let nothing = json!({ "elements": [], "problems": [], "rivalExplanations": [], "asRegistered": null });
    let selection = "elements { id } problems { code } rivalExplanations { id } asRegistered";
    assert_eq!(evaluator.theory(&snor.id, selection), nothing);
    let theory = Theory::of(&evaluator, &snor);
    evaluator.add_evidence(&theory.school, "SUPPORTS", "De unge siger, at de kommer oftere");
    let rival = json!({
        "virkningsevalueringId": snor.id, "elementId": theory.crime, "text": "Kriminaliteten falder i hele byen",
        "assessment": "PLAUSIBLE", "grounds": "Anmeldelserne er faldet",
    });
    assert_eq!(code(&evaluator.mutate("addRivalExplanation", &rival, "__typename")), "OK");
    let read = evaluator.theory(
        &snor.id,
        "elements { number kind text leadsTo { number } ledToBy { number } criteria { number element { number } } \
         evidence { method finding text source period { from } } } \
         rivalExplanations { text assessment grounds element { number } } problems { code }",
    );
    let element = |number: u32, kind: &str, text: &str, [leads_to, led_to_by]: [&[u32]; 2], more: Value| {
        let numbers = |numbers: &[u32]| numbers.iter().map(|n| json!({ "number": n })).collect::<Vec<_>>();
        let element = json!({
            "number": number, "kind": kind, "text": text, "leadsTo": numbers(leads_to), "ledToBy": numbers(led_to_by),
            "criteria": [], "evidence": [],
        });
        with(element, more)
    };
    let evidence = json!({
        "method": "INTERVIEW", "finding": "SUPPORTS", "text": "De unge siger, at de kommer oftere", "source": null,
        "period": null,
    });
    let measured =
        json!({ "criteria": [{ "number": 1, "element": { "number": 4 } }], "evidence": [evidence] });
    let none = || json!({});
    assert_eq!(
        read,
        json!({
            "elements": [
                element(1, "INPUT", "Fire kontaktpersoner", [&[2], &[]], none()),
                element(2, "ACTIVITY", "Ugentlige samtaler", [&[3], &[1]], none()),
                element(3, "OUTPUT", "43 unge har haft en kontaktperson i et år", [&[4], &[2]], none()),
                element(4, "SHORT_TERM_OUTCOME", "De unge går i skole", [&[5], &[3, 6]], measured),
                element(5, "LONG_TERM_OUTCOME", "De unge begår mindre kriminalitet", [&[], &[4]], none()),
                element(6, "MECHANISM", "De unge får tillid til en voksen", [&[4], &[]], none()),
            ],
            "rivalExplanations": [{
                "text": "Kriminaliteten falder i hele byen", "assessment": "PLAUSIBLE",
                "grounds": "Anmeldelserne er faldet", "element": { "number": 5 },
            }],
            "problems": [],
        })
    );
}

fn a_link_leads_forward_once_and_in_no_circle(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::drafted(&evaluator);
    let theory = Theory::of(&evaluator, &snor);
    let second = evaluator.add_element(&snor.id, "ACTIVITY", "Besøg i hjemmet");
    assert_eq!(code(&evaluator.link(&theory.activity, &second)), "OK");
    let elsewhere = evaluator.add_element(&Snor::drafted(&evaluator).id, "OUTPUT", "x");
    let before = server.database().count("event");
    for (from, to, code) in [
        (&theory.output, &theory.activity, "LEADS_BACK"),
        (&theory.school, &theory.trust, "LEADS_BACK"),
        (&theory.activity, &theory.output, "ALREADY_LINKED"),
        (&second, &theory.activity, "CYCLE"),
        (&second, &second, "CYCLE"),
        (&second, &elsewhere, "NOT_FOUND"),
        (&second, &snor.absence, "NOT_FOUND"),
    ] {
        assert_eq!(fault(&evaluator.link(from, to)), (code, &json!(["toId"])), "{from} to {to}");
    }
    assert_eq!(fault(&evaluator.link(&snor.id, &second)), ("NOT_FOUND", &json!(["fromId"])));
    let apart = json!({ "fromId": second, "toId": theory.school });
    let payload = evaluator.change("unlinkTheoryElements", &snor.id, apart);
    assert_eq!(fault(&payload), ("NOT_FOUND", &json!(["toId"])));
    assert_eq!(server.database().count("event"), before);
    assert_eq!(code(&evaluator.link(&theory.input, &theory.crime)), "OK", "a link may skip");
}

fn what_is_to_be_mended_keeps_it_from_being_registered(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::drafted(&evaluator);
    let activity = evaluator.add_element(&snor.id, "ACTIVITY", "Ugentlige samtaler");
    let context = evaluator.add_element(&snor.id, "CONTEXT", "Bydele med få fritidstilbud");
    let problems = || {
        let problems = evaluator.theory(&snor.id, "problems { code element { number } }")["problems"].clone();
        let problem = |problem: &Value| json!([problem["code"], problem["element"]["number"]]);
        problems.as_array().expect("problems").iter().map(problem).collect::<Vec<_>>()
    };
    assert_eq!(problems(), [json!(["NO_OUTCOME", null]), json!(["ORPHAN", 1]), json!(["ORPHAN", 2])]);
    let outcome = evaluator.add_element(&snor.id, "SHORT_TERM_OUTCOME", "De unge går i skole");
    assert_eq!(code(&evaluator.link(&context, &outcome)), "OK");
    assert_eq!(problems(), [json!(["ORPHAN", 1]), json!(["UNREACHED", 3])]);
    let texts = evaluator.theory(&snor.id, "problems { da: text(language: DA) en: text(language: EN) }");
    assert_eq!(
        texts["problems"][1],
        json!({
            "da": "Ingen aktivitet fører til dette resultat. Vis, hvordan det skal komme.",
            "en": "No activity leads to this outcome. Show how it is to come about.",
        })
    );
    let refused = evaluator.step("register", &snor.id, json!({}));
    assert_eq!(fault(&refused), ("THEORY_UNSOUND", &json!(["id"])));
    assert_eq!(code(&evaluator.link(&activity, &outcome)), "OK");
    assert!(problems().is_empty());
    evaluator.steps("register", &snor.id);
}

fn an_amendment_that_leaves_something_to_mend_is_not_submitted(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::registered(&evaluator);
    let alone = evaluator.add_element(&snor.id, "LONG_TERM_OUTCOME", "De unge begår mindre kriminalitet");
    let refused = evaluator.step("submit", &snor.id, json!({}));
    assert_eq!(fault(&refused), ("THEORY_UNSOUND", &json!(["id"])));
    let removed = json!({ "id": alone, "reason": "Det måles ikke" });
    assert_eq!(code(&evaluator.change("removeTheoryElement", &snor.id, removed)), "OK");
    evaluator.steps("submit", &snor.id);
}

fn a_registered_theory_changes_for_a_reason(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::drafted(&evaluator);
    let theory = Theory::of(&evaluator, &snor);
    let amended = || evaluator.theory(&snor.id, "asRegistered amendments { reason }");
    assert_eq!(
        amended(),
        json!({ "asRegistered": null, "amendments": [] }),
        "in a draft a reason is history"
    );
    evaluator.steps("register", &snor.id);
    let added = json!({ "virkningsevalueringId": snor.id, "kind": "CONTEXT", "text": "x" });
    let linked = json!({ "fromId": theory.input, "toId": theory.output });
    for (mutation, input) in [("addTheoryElement", &added), ("linkTheoryElements", &linked)] {
        let refused = evaluator.mutate(mutation, input, "__typename");
        assert_eq!(fault(&refused), ("THEORY_REGISTERED", &json!(["reason"])), "{mutation}");
    }
    let unlinked = json!({ "fromId": theory.input, "toId": theory.activity });
    for (mutation, input) in [
        ("updateTheoryElement", json!({ "id": theory.output, "text": "x" })),
        ("removeTheoryElement", json!({ "id": theory.trust, "reason": " " })),
        ("unlinkTheoryElements", unlinked.clone()),
        ("attachSuccessCriterion", json!({ "criterionId": snor.friendships, "elementId": theory.school })),
        ("detachSuccessCriterion", json!({ "criterionId": snor.absence })),
    ] {
        let refused = evaluator.change(mutation, &snor.id, input);
        assert_eq!(fault(&refused), ("THEORY_REGISTERED", &json!(["reason"])), "{mutation}");
    }
    assert_eq!(amended(), json!({ "asRegistered": true, "amendments": [] }));
    let version = evaluator.version(&snor.id);
    let same = json!({ "id": theory.output, "text": "43 unge har haft en kontaktperson i et år" });
    assert_eq!(code(&evaluator.change("updateTheoryElement", &snor.id, same)), "OK");
    let attached = json!({ "criterionId": snor.absence, "elementId": theory.school });
    assert_eq!(code(&evaluator.change("attachSuccessCriterion", &snor.id, attached)), "OK");
    let detached = json!({ "criterionId": snor.friendships });
    assert_eq!(code(&evaluator.change("detachSuccessCriterion", &snor.id, detached)), "OK");
    assert_eq!(
        evaluator.version(&snor.id),
        version,
        "what changes nothing needs no reason and leaves no event"
    );
    let unlinked = with(unlinked, json!({ "reason": "Kontaktpersonerne er der i forvejen" }));
    assert_eq!(code(&evaluator.change("unlinkTheoryElements", &snor.id, unlinked)), "OK");
    let one = json!({ "reason": "Kontaktpersonerne er der i forvejen" });
    assert_eq!(amended(), json!({ "asRegistered": false, "amendments": [one] }));
    assert_eq!(code(&evaluator.link(&theory.input, &theory.activity)), "OK");
    let two = json!({ "reason": "Efter drøftelse" });
    assert_eq!(amended(), json!({ "asRegistered": true, "amendments": [one, two] }), "as it was");
    let as_registered = |mutation: &str, input: Value| {
        let input = with(input, json!({ "reason": "x" }));
        assert_eq!(code(&evaluator.change(mutation, &snor.id, input)), "OK", "{mutation}");
        amended()["asRegistered"].clone()
    };
    let attached = json!({ "criterionId": snor.friendships, "elementId": theory.trust });
    assert_eq!(as_registered("attachSuccessCriterion", attached), false, "another criterion");
    assert_eq!(as_registered("detachSuccessCriterion", json!({ "criterionId": snor.friendships })), true);
    let reworded = |text: &str| json!({ "id": theory.trust, "text": text });
    assert_eq!(as_registered("updateTheoryElement", reworded("De unge har tillid")), false, "other words");
    assert_eq!(as_registered("updateTheoryElement", reworded("De unge får tillid til en voksen")), true);
    // Evidence and rival explanations are no part of what was registered.
    evaluator.add_evidence(&theory.school, "MIXED", "Nogle gør, andre gør ikke");
    evaluator.add_rival(&snor.id, "En ny skoleleder");
    assert_eq!(amended()["asRegistered"], true);
}

fn an_element_goes_with_its_links_unless_evidence_bears_on_it(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::drafted(&evaluator);
    let theory = Theory::of(&evaluator, &snor);
    evaluator.add_evidence(&theory.activity, "SUPPORTS", "Samtalerne er holdt");
    let rival = json!({ "virkningsevalueringId": snor.id, "elementId": theory.crime, "text": "x" });
    assert_eq!(code(&evaluator.mutate("addRivalExplanation", &rival, "__typename")), "OK");
    for element in [&theory.activity, &theory.crime] {
        let refused = evaluator.change("removeTheoryElement", &snor.id, json!({ "id": element }));
        assert_eq!(fault(&refused), ("ELEMENT_IN_USE", &json!(["id"])));
    }
    let removed = json!({ "id": theory.school });
    assert_eq!(code(&evaluator.change("removeTheoryElement", &snor.id, removed.clone())), "OK");
    let read = evaluator.theory(&snor.id, "elements { number leadsTo { number } }");
    let element = |number: u32, leads_to: &[u32]| json!({ "number": number, "leadsTo": leads_to.iter().map(|n| json!({ "number": n })).collect::<Vec<_>>() });
    let left = json!([element(1, &[2]), element(2, &[3]), element(3, &[]), element(5, &[]), element(6, &[])]);
    assert_eq!(read["elements"], left);
    assert_eq!(evaluator.criterion(&snor.absence, "element { id }")["element"], Value::Null);
    let again = evaluator.change("removeTheoryElement", &snor.id, removed);
    assert_eq!(fault(&again), ("NOT_FOUND", &json!(["id"])));
    assert_eq!(fault(&evaluator.link(&theory.output, &theory.school)), ("NOT_FOUND", &json!(["toId"])));
    let another = evaluator.add_element(&snor.id, "SHORT_TERM_OUTCOME", "De unge går i skole");
    let elements = evaluator.theory(&snor.id, "elements { id number }")["elements"].clone();
    assert_eq!(elements[5], json!({ "id": another, "number": 7 }), "a number is not given again");
}

fn a_criterion_measures_one_element(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::drafted(&evaluator);
    let theory = Theory::of(&evaluator, &snor);
    let element = || evaluator.criterion(&snor.absence, "element { id }")["element"]["id"].clone();
    let attach = |to: &str| {
        let input = json!({ "criterionId": snor.absence, "elementId": to });
        evaluator.change("attachSuccessCriterion", &snor.id, input)
    };
    assert_eq!(element(), theory.school.as_str());
    assert_eq!(code(&attach(&theory.crime)), "OK");
    assert_eq!(element(), theory.crime.as_str(), "in place of the other");
    let measured = evaluator.theory(&snor.id, "elements { criteria { id } }")["elements"].clone();
    assert_eq!(
        (&measured[3]["criteria"], &measured[4]["criteria"][0]["id"]),
        (&json!([]), &json!(snor.absence))
    );
    let detached = json!({ "criterionId": snor.absence });
    assert_eq!(code(&evaluator.change("detachSuccessCriterion", &snor.id, detached)), "OK");
    assert_eq!(element(), Value::Null);
    let elsewhere = evaluator.add_element(&Snor::drafted(&evaluator).id, "OUTPUT", "x");
    assert_eq!(fault(&attach(&elsewhere)), ("NOT_FOUND", &json!(["elementId"])));
    let removed = json!({ "id": snor.absence });
    assert_eq!(code(&attach(&theory.school)), "OK");
    assert_eq!(code(&evaluator.change("removeSuccessCriterion", &snor.id, removed)), "OK");
    let measured = evaluator.theory(&snor.id, "elements { criteria { id } }")["elements"].clone();
    assert_eq!(measured[3]["criteria"], json!([]), "a removed criterion measures nothing");
    assert_eq!(fault(&attach(&theory.school)), ("NOT_FOUND", &json!(["criterionId"])));
}

fn a_published_theory_stays_while_the_next_is_written(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let approver = server.signed_in("approver-sof");
    let snor = Snor::measured(&evaluator);
    let theory = Theory::of(&evaluator, &snor);
    evaluator.add_evidence(&theory.activity, "SUPPORTS", "Samtalerne er holdt");
    let rival = evaluator.add_rival(&snor.id, "En ny skoleleder");
    let submitted = || {
        let waits = evaluator.mutate(
            "addQualitativeEvidence",
            &json!({ "elementId": theory.school, "method": "REGISTER", "finding": "WEAKENS", "text": "x" }),
            "__typename",
        );
        assert_eq!(fault(&waits), ("WRONG_STATUS", &json!(["elementId"])));
    };
    evaluator.steps("submit", &snor.id);
    submitted();
    approver.steps("approve", &snor.id);
    approver.steps("publish", &snor.id);
    let reader = server.signed_in("reader");
    let selection = "elements { text leadsTo { text } criteria { number } evidence { finding } } asRegistered \
                     rivalExplanations { assessment } amendments { reason } statement { sentence(language: DA) }";
    let published = reader.theory(&snor.id, selection);
    assert_eq!(published["elements"].as_array().map(Vec::len), Some(6));
    assert_eq!(published["asRegistered"], false, "it came after the registration");
    for (mutation, input) in [
        ("updateTheoryElement", json!({ "id": theory.output, "text": "x", "reason": "x" })),
        ("unlinkTheoryElements", json!({ "fromId": theory.trust, "toId": theory.school, "reason": "x" })),
        ("removeTheoryElement", json!({ "id": theory.trust, "reason": "x" })),
        ("detachSuccessCriterion", json!({ "criterionId": snor.absence, "reason": "x" })),
        ("assessRivalExplanation", json!({ "id": rival, "assessment": "LIKELY", "grounds": "x" })),
    ] {
        assert_eq!(code(&evaluator.change(mutation, &snor.id, input)), "OK", "{mutation}");
    }
    evaluator.add_evidence(&theory.activity, "WEAKENS", "Nogle samtaler blev aflyst");
    assert_ne!(evaluator.theory(&snor.id, selection), published);
    assert_eq!(reader.theory(&snor.id, selection), published);
    let own = evaluator.evaluation(&snor.id, &format!("published {{ programmeTheory {{ {selection} }} }}"));
    assert_eq!(own["published"]["programmeTheory"], published);
    let selection = "compare(from: PUBLISHED, to: PRESENT) { changes { part { kind } field before after } }";
    let compared = evaluator.evaluation(&snor.id, selection)["compare"]["changes"].clone();
    for (kind, field, before, after) in [
        ("THEORY_ELEMENT", "text", json!("43 unge har haft en kontaktperson i et år"), json!("x")),
        ("THEORY_ELEMENT", "text", json!("De unge får tillid til en voksen"), Value::Null),
        ("THEORY_LINK", "fromId", Value::Null, Value::Null),
        ("ELEMENT_CRITERION", "criterionId", Value::Null, Value::Null),
        ("RIVAL_EXPLANATION", "assessment", json!("NOT_ASSESSED"), json!("LIKELY")),
        ("QUALITATIVE_EVIDENCE", "finding", Value::Null, json!("WEAKENS")),
        ("THEORY_AMENDMENT", "reason", Value::Null, json!("x")),
    ] {
        let told = |change: &&Value| {
            let ids = field.ends_with("Id");
            change["part"]["kind"] == kind
                && change["field"] == field
                && (ids || (change["before"] == before && change["after"] == after))
        };
        let changes = compared.as_array().expect("changes");
        assert!(changes.iter().any(|change| told(&change)), "{kind} {field} in {compared:#}");
    }
}
