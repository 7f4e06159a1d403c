//! What someone printed, and what the data say of it.

use serde_json::{Value, json};

use crate::support::{Backend, Client, Database, Server, Snor, code, evaluations_folder, virkning, with};

on_both_databases!(
    each_printed_change_is_told_from_the_computed_one,
    a_claim_follows_the_measurements,
    what_cannot_be_computed_cannot_be_checked,
    shares_and_counts_of_a_wave_are_checked,
    figures_are_claimed_of_figures,
    what_a_claim_is_computed_from_fits_its_measure,
    those_that_do_not_agree_are_listed,
    the_list_holds_what_the_reader_sees_page_by_page,
    the_longest_claim_is_kept_whole,
);

/// Claims a printed change and gives back what is computed for it and the label.
fn claimed(client: &Client, criterion: &str, printed: &str, more: Value) -> (Value, Value) {
    let number = client.criterion(criterion, "claims { id }")["claims"].as_array().map_or(0, Vec::len);
    let input = json!({
        "criterionId": criterion, "text": format!("Påstand {number}"), "printed": printed, "measure": "RELATIVE_CHANGE",
    });
    let added = client.mutate("addClaim", &with(input, more), "claim { computed label }");
    assert_eq!(code(&added), "OK", "{printed}");
    (added["claim"]["computed"].clone(), added["claim"]["label"].clone())
}

fn each_printed_change_is_told_from_the_computed_one(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::measured(&evaluator);
    let (falls, rises) = (&snor.absence, &snor.friendships);
    for (criterion, printed, computed, label) in [
        (falls, "-61.5", "-61.5", "CONSISTENT"),
        (falls, "-61.6", "-61.5", "CONSISTENT_WITH_ROUNDED"),
        (falls, "\u{2212}61.6", "-61.5", "CONSISTENT_WITH_ROUNDED"),
        (falls, "61.5", "-61.5", "SIGN_FLIPPED"),
        (falls, "-18.6", "-61.5", "PERCENTAGE_POINTS"),
        (rises, "86", "86", "CONSISTENT"),
        (rises, "85.71", "85.71", "CONSISTENT"),
        (rises, "46.1", "85.7", "DENOMINATOR_AFTER"),
        (rises, "27.9", "85.7", "PERCENTAGE_POINTS"),
        (rises, "12.0", "85.7", "INCONSISTENT"),
    ] {
        let told = claimed(&evaluator, criterion, printed, json!({}));
        assert_eq!(told, (json!(computed), json!(label)), "{printed}");
    }
    let printed_beside =
        json!({ "printedBefore": "30.2", "printedAfter": "11.6", "source": "Årsrapporten 2023, side 12" });
    claimed(&evaluator, falls, "-61.6", printed_beside);
    let read =
        evaluator.criterion(falls, "claims { text measure printed printedBefore printedAfter source label }");
    let last = read["claims"].as_array().and_then(|claims| claims.last()).cloned();
    let expected = json!({
        "text": "Påstand 5", "measure": "RELATIVE_CHANGE", "printed": "-61.6", "printedBefore": "30.2",
        "printedAfter": "11.6", "source": "Årsrapporten 2023, side 12", "label": "CONSISTENT_WITH_ROUNDED",
    });
    assert_eq!(last, Some(expected), "in the order in which they were added");
}

fn a_claim_follows_the_measurements(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::registered(&evaluator);
    let unknown = claimed(&evaluator, &snor.absence, "-61.6", json!({}));
    assert_eq!(unknown, (Value::Null, json!("NOT_CHECKABLE")), "nothing is measured yet");
    let label = || evaluator.criterion(&snor.absence, "claims { label }")["claims"][0]["label"].clone();
    evaluator.recorded_share(&snor.absence, "BEFORE", 13, 43);
    assert_eq!(label(), "NOT_CHECKABLE");
    let wrong = evaluator.recorded_share(&snor.absence, "AFTER", 15, 43);
    assert_eq!(label(), "INCONSISTENT");
    let correction = json!({
        "id": wrong, "correction": "TYPING_ERROR", "reason": "Tastefejl", "numerator": 5, "denominator": 43,
    });
    evaluator.mutate("correctMeasurement", &correction, "measurement { id }");
    assert_eq!(label(), "CONSISTENT_WITH_ROUNDED");
}

fn what_cannot_be_computed_cannot_be_checked(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let id = evaluator.plan("den-korte-snor");
    let from_zero = evaluator.add_criterion(&id, json!({ "pairing": "INDEPENDENT" }));
    let mean = evaluator.add_criterion(&id, json!({ "unit": "MEAN" }));
    evaluator.steps("register", &id);
    evaluator.recorded_share(&from_zero, "BEFORE", 0, 43);
    evaluator.recorded_share(&from_zero, "AFTER", 5, 43);
    for wave in ["BEFORE", "AFTER"] {
        evaluator.recorded(&mean, wave, json!({ "mean": "5", "sd": "1", "n": 43 }));
    }
    assert_eq!(claimed(&evaluator, &from_zero, "100", json!({})), (Value::Null, json!("BASELINE_ZERO")));
    assert_eq!(claimed(&evaluator, &from_zero, "11.6", json!({})).1, "PERCENTAGE_POINTS");
    assert_eq!(claimed(&evaluator, &mean, "0", json!({})), (Value::Null, json!("NOT_CHECKABLE")));
}

fn shares_and_counts_of_a_wave_are_checked(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::measured(&evaluator);
    for (measure, wave, printed, computed, label) in [
        ("SHARE", "BEFORE", "30.2", "30.2", "CONSISTENT"),
        ("SHARE", "AFTER", "12", "12", "CONSISTENT"),
        ("SHARE", "AFTER", "88.4", "11.6", "COMPLEMENT"),
        ("SHARE", "BEFORE", "30.3", "30.2", "INCONSISTENT"),
        ("COUNT", "BEFORE", "13", "13", "CONSISTENT"),
        ("COUNT", "AFTER", "6", "5", "INCONSISTENT"),
    ] {
        let told = claimed(&evaluator, &snor.absence, printed, json!({ "measure": measure, "wave": wave }));
        assert_eq!(told, (json!(computed), json!(label)), "{measure} {wave} {printed}");
    }
    for (changes, code, field) in [
        (json!({ "measure": "SHARE" }), "WAVE_WITH_MEASURE", "wave"),
        (json!({ "measure": "COUNT", "wave": "FOLLOW_UP" }), "WAVE_WITH_MEASURE", "wave"),
        (json!({ "wave": "AFTER" }), "WAVE_WITH_MEASURE", "wave"),
        (
            json!({ "measure": "SHARE", "wave": "AFTER", "printedBefore": "1" }),
            "PRINTED_BESIDE_CHANGE",
            "printedBefore",
        ),
        (json!({ "measure": "SUM" }), "MEASURE_OF_CLAIM", "measure"),
        (json!({ "terms": [] }), "YEAR_OR_CRITERION", "terms"),
    ] {
        let claim = json!({
            "criterionId": snor.absence, "text": "x", "printed": "1", "measure": "RELATIVE_CHANGE",
        });
        let refused = evaluator.refusal("addClaim", &with(claim, changes));
        assert_eq!(refused, (code.to_owned(), json!([field])));
    }
}

/// The ids of the figures of an intervention whose labels have this beginning, in their order.
fn figures(client: &Client, slug: &str, label: &str) -> Vec<Value> {
    let query =
        "query($slug: String!) { intervention(slug: $slug) { figures(first: 100) { nodes { id label } } } }";
    let found = client.data(query, json!({ "slug": slug }));
    let nodes = found["intervention"]["figures"]["nodes"].as_array().expect("figures").iter();
    let named = nodes.filter(|figure| figure["label"].as_str().expect("a label").starts_with(label));
    named.map(|figure| json!({ "figureId": figure["id"] })).collect()
}

fn figures_are_claimed_of_figures(backend: Backend) {
    let server = Server::start(backend);
    let coordinator = server.signed_in("coordinator");
    let advised = figures(&coordinator, "fritidsjobindsatsen", "Råd og vejledning");
    let (first, second) = (&advised[0], &advised[1]);
    let number = |number: &str| json!({ "number": number });
    let missing = figures(&coordinator, "green-teams", "Brugere");
    for (at, (measure, printed, terms, rounded, computed, label)) in [
        ("SUM", "1348", json!([first, second]), false, json!("1348"), "CONSISTENT"),
        ("SUM", "1347", json!([first, second]), false, json!("1348"), "INCONSISTENT"),
        ("SUM", "1347", json!([first, second]), true, json!("1348"), "CONSISTENT_WITH_ROUNDED"),
        ("DIFFERENCE", "-96", json!([first, second]), false, json!("-96"), "CONSISTENT"),
        ("DIFFERENCE", "96", json!([first, second]), false, json!("-96"), "SIGN_FLIPPED"),
        ("RELATIVE_CHANGE", "\u{2212}13.3", json!([first, second]), false, json!("-13.3"), "CONSISTENT"),
        ("RELATIVE_CHANGE", "-15.3", json!([first, second]), false, json!("-13.3"), "DENOMINATOR_AFTER"),
        ("SHARE", "87", json!([second, first]), false, json!("87"), "CONSISTENT"),
        ("SHARE", "13", json!([second, number("722")]), false, json!("87"), "COMPLEMENT"),
        ("SHARE", "23", json!([number("19"), number("85")]), true, json!("22"), "UNDECIDABLE_FROM_ROUNDED"),
        ("SUM", "5", json!([first, missing[0]]), false, Value::Null, "NOT_CHECKABLE"),
        ("RELATIVE_CHANGE", "100", json!([]), false, Value::Null, "NOT_CHECKABLE"),
    ]
    .into_iter()
    .enumerate()
    {
        let input = json!({
            "year": 2023, "text": format!("Påstand {at}"), "printed": printed, "measure": measure, "terms": terms,
            "rounded": rounded, "source": "Side 7",
        });
        let added = coordinator.mutate(
            "addClaim",
            &input,
            "claim { computed label source rounded terms { number figure { value } } reportingYear { year } criterion { id } }",
        );
        let claim = &added["claim"];
        assert_eq!((&claim["computed"], &claim["label"]), (&computed, &json!(label)), "{at}: {added}");
        assert_eq!((&claim["source"], &claim["rounded"]), (&json!("Side 7"), &json!(rounded)));
        assert_eq!((&claim["reportingYear"]["year"], &claim["criterion"]), (&json!(2023), &Value::Null));
        assert_eq!(claim["terms"].as_array().map(Vec::len), terms.as_array().map(Vec::len));
        if at == 8 {
            let expected = json!([{ "number": null, "figure": { "value": "626" } }, { "number": "722", "figure": null }]);
            assert_eq!(claim["terms"], expected);
        }
    }
    let (text, kind) = (json!("Brugere"), json!("PARTICIPANTS"));
    let (green, _) = coordinator.intervention("green-teams");
    let known = json!({
        "interventionId": green, "reportedYear": 2023, "kind": kind, "label": text, "unit": "personer", "value": "40",
        "period": { "from": "2020-01-01", "to": "2020-12-31" }, "expectedVersion": 1,
    });
    assert_eq!(coordinator.mutate("setFigure", &known, "figure { id }")["userErrors"], json!([]));
    let claims = coordinator.data("{ reportingYear(year: 2023) { claims { text computed } } }", json!({}));
    let claims = claims["reportingYear"]["claims"].as_array().expect("claims").clone();
    let follows = claims.iter().find(|claim| claim["text"] == "Påstand 10").expect("the claim");
    assert_eq!(follows["computed"], "762", "a claim follows the figures");
}

fn what_a_claim_is_computed_from_fits_its_measure(backend: Backend) {
    let server = Server::start(backend);
    let coordinator = server.signed_in("coordinator");
    let one = json!({ "number": "1" });
    for (changes, code, field) in [
        (json!({ "measure": "SHARE", "terms": [one] }), "TERMS_WITH_MEASURE", json!(["terms"])),
        (
            json!({ "measure": "DIFFERENCE", "terms": [one, one, one] }),
            "TERMS_WITH_MEASURE",
            json!(["terms"]),
        ),
        (json!({ "measure": "SUM", "terms": vec![&one; 101] }), "TERMS_WITH_MEASURE", json!(["terms"])),
        (json!({ "measure": "CITYWIDE_COUNT", "terms": [one] }), "TERMS_WITH_MEASURE", json!(["terms"])),
        (json!({ "rounded": true }), "TERMS_WITH_MEASURE", json!(["rounded"])),
        (json!({ "terms": [{}] }), "FIGURE_OR_NUMBER", json!(["terms", "0"])),
        (json!({ "terms": [{ "number": "1", "figureId": "x" }] }), "FIGURE_OR_NUMBER", json!(["terms", "0"])),
        (json!({ "terms": [one, { "number": "mange" }] }), "BAD_USER_INPUT", json!(["terms", "1", "number"])),
        (json!({ "terms": [{ "figureId": "x" }] }), "NOT_FOUND", json!(["terms", "0", "figureId"])),
        (json!({ "measure": "COUNT" }), "MEASURE_OF_CLAIM", json!(["measure"])),
        (json!({ "wave": "AFTER" }), "YEAR_OR_CRITERION", json!(["wave"])),
        (json!({ "printed": "mange" }), "BAD_USER_INPUT", json!(["printed"])),
    ] {
        let claim = json!({ "year": 2023, "text": "x", "printed": "1", "measure": "SUM" });
        let refused = coordinator.refusal("addClaim", &with(claim, changes.clone()));
        assert_eq!(refused, (code.to_owned(), field), "{changes}");
    }
}

/// The register with the evaluations that were printed with it.
fn evaluated(backend: Backend) -> Server {
    let database = Database::register(backend);
    virkning(&database.url, &["import", evaluations_folder(), "--as", "evaluator-sof@example.dk"])
        .assert_success();
    Server::serve(database, &[])
}

const LISTED: &str = "query($filter: ClaimFilter) { claims(first: 100, filter: $filter) { totalCount nodes {
    printed computed label reportingYear { year } criterion { indicator } } } }";

fn listed(client: &Client, filter: Value) -> Vec<Value> {
    let found = client.data(LISTED, json!({ "filter": filter }))["claims"].clone();
    let nodes = found["nodes"].as_array().expect("claims").clone();
    assert_eq!(found["totalCount"], nodes.len());
    nodes
}

fn those_that_do_not_agree_are_listed(backend: Backend) {
    let server = evaluated(backend);
    let auditor = server.signed_in("auditor");
    let of_year = |printed: &str, computed: &str, label: &str| {
        json!({
            "printed": printed, "computed": computed, "label": label, "reportingYear": { "year": 2023 },
            "criterion": null,
        })
    };
    let friendships = json!({
        "printed": "46.1", "computed": "85.7", "label": "DENOMINATOR_AFTER", "reportingYear": null,
        "criterion": { "indicator": "Andel unge med prosociale venskabsrelationer" },
    });
    let wrong =
        [of_year("16", "15", "INCONSISTENT"), of_year("22", "21", "INCONSISTENT"), friendships.clone()];
    for filter in [json!({ "agrees": false }), json!({ "agrees": false, "year": 2023 })] {
        assert_eq!(listed(&auditor, filter), wrong);
    }
    assert_eq!(listed(&auditor, json!({ "labels": ["DENOMINATOR_AFTER"] })), [friendships]);
    let rounded = listed(&auditor, json!({ "labels": ["CONSISTENT_WITH_ROUNDED"] }));
    assert_eq!(rounded[0], of_year("85", "86", "CONSISTENT_WITH_ROUNDED"));
    assert_eq!(rounded.len(), 2, "and the fall of the absence");
    let agreeing = listed(&auditor, json!({ "agrees": true })).len();
    assert_eq!(listed(&auditor, json!({})).len(), agreeing + wrong.len() + 1, "one cannot be checked");
    for filter in [
        json!({ "year": 2022 }),
        json!({ "labels": [] }),
        json!({ "agrees": true, "labels": ["INCONSISTENT"] }),
    ] {
        assert_eq!(listed(&auditor, filter.clone()), Vec::<Value>::new(), "{filter}");
    }
}

fn the_list_holds_what_the_reader_sees_page_by_page(backend: Backend) {
    let server = evaluated(backend);
    let all = listed(&server.signed_in("auditor"), json!({}));
    assert_eq!(all.len(), 20);
    assert_eq!(listed(&server.signed_in("evaluator-sof"), json!({})), all);
    // The 79 are a sum of figures of which some tell of few people.
    let mut guarded = all.clone();
    for claim in guarded.iter_mut().filter(|claim| claim["printed"] == "79") {
        (claim["computed"], claim["label"]) = (Value::Null, json!("NOT_CHECKABLE"));
    }
    assert_ne!(guarded, all);
    assert_eq!(listed(&server.signed_in("coordinator"), json!({})), guarded);
    let elsewhere = listed(&server.signed_in("evaluator-tmf"), json!({}));
    assert_eq!(elsewhere, guarded[..18], "nothing of what is not published");
    assert_eq!(listed(&server.signed_in("admin"), json!({})), Vec::<Value>::new());
    let reader = server.signed_in("reader");
    let page =
        "query($after: String) { claims(first: 7, after: $after) { pageInfo { hasNextPage endCursor } nodes {
        printed computed label reportingYear { year } criterion { indicator } } } }";
    let (mut after, mut paged) = (Value::Null, Vec::new());
    loop {
        let found = reader.data(page, json!({ "after": after }))["claims"].clone();
        paged.extend(found["nodes"].as_array().expect("claims").clone());
        if found["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = found["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(paged, listed(&reader, json!({})));
    let last =
        reader.data("{ claims(last: 2) { nodes { printed } pageInfo { hasPreviousPage } } }", json!({}));
    assert_eq!(last["claims"]["pageInfo"]["hasPreviousPage"], true);
}

/// Characters of four bytes that do not compress are the worst that an index of texts has to hold.
fn the_longest_claim_is_kept_whole(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::measured(&evaluator);
    let coordinator = server.signed_in("coordinator");
    let longest: String = ('\u{20000}'..).step_by(67).take(600).collect();
    let of_year = json!({ "year": 2023, "measure": "INTERVENTION_COUNT", "printed": "22" });
    let of_criterion =
        json!({ "criterionId": snor.absence, "measure": "RELATIVE_CHANGE", "printed": "-61.5" });
    for (client, claim) in [(&coordinator, of_year), (&evaluator, of_criterion)] {
        let claim = |text: &str| with(claim.clone(), json!({ "text": text }));
        let refused = client.try_mutate("addClaim", &claim(&format!("{longest}.")), "claim { text }");
        assert_eq!(refused.error_code(), "BAD_USER_INPUT");
        let added = client.mutate("addClaim", &claim(&longest), "claim { text }");
        assert_eq!(added["claim"]["text"], json!(longest));
    }
}
