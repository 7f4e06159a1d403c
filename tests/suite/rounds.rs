//! Rounds: a year's theme, the interventions chosen for it, and the evaluations below it.

use serde_json::{Value, json};

use crate::support::{Backend, Client, Server, code, fault, with};

on_both_databases!(
    a_round_is_made_and_changed_by_a_coordinator,
    what_a_round_cannot_be_is_refused_by_field,
    an_evaluation_is_part_of_a_round_that_takes_its_intervention,
    below_a_round_stand_the_evaluations_that_one_may_see,
);

const ROUND: &str = "evaluationRound { id version year theme interventions { slug } }";

fn made(coordinator: &Client, theme: &str, interventions: &[&str]) -> Value {
    let ids: Vec<_> = interventions.iter().map(|slug| coordinator.intervention(slug).0).collect();
    let input = json!({ "year": 2023, "theme": theme, "interventionIds": ids });
    coordinator.mutate("createEvaluationRound", &input, ROUND)["evaluationRound"].clone()
}

fn a_round_is_made_and_changed_by_a_coordinator(backend: Backend) {
    let server = Server::start(backend);
    let coordinator = server.signed_in("coordinator");
    let round = made(&coordinator, "Fastholdelse", &["sjakket", "den-korte-snor"]);
    let id = &round["id"];
    assert_eq!(
        round,
        json!({
            "id": id, "version": 1, "year": 2023, "theme": "Fastholdelse",
            "interventions": [{ "slug": "den-korte-snor" }, { "slug": "sjakket" }],
        })
    );
    let change = |more: Value| {
        let version = json!({ "id": id, "expectedVersion": 1 });
        coordinator.mutate("updateEvaluationRound", &with(version, more), ROUND)
    };
    let changed =
        change(json!({ "theme": "Overgange", "interventionIds": [coordinator.intervention("ludo").0] }));
    assert_eq!(
        changed["evaluationRound"],
        json!({ "id": id, "version": 2, "year": 2023, "theme": "Overgange", "interventions": [{ "slug": "ludo" }] })
    );
    assert_eq!(fault(&change(json!({ "theme": "Andet" }))), ("STALE", &json!(["expectedVersion"])));
    let query = "query($id: ID!, $year: Int) { node(id: $id) { ... on EvaluationRound { theme history { totalCount } } } \
                 evaluationRounds(filter: { year: $year }) { totalCount nodes { theme } } }";
    for (user, year, count, events) in
        [("coordinator", 2023, 1, 2), ("auditor", 2023, 1, 2), ("reader", 2023, 1, 0), ("reader", 2022, 0, 0)]
    {
        let data = server.signed_in(user).data(query, json!({ "id": id, "year": year }));
        assert_eq!(
            data["node"],
            json!({ "theme": "Overgange", "history": { "totalCount": events } }),
            "{user}"
        );
        assert_eq!(data["evaluationRounds"]["totalCount"], count, "{user} {year}");
    }
    let create = json!({ "year": 2023, "theme": "x" });
    let update = json!({ "id": id, "expectedVersion": 2, "theme": "x" });
    for user in ["evaluator-sof", "approver", "reader", "auditor"] {
        let client = server.signed_in(user);
        for (mutation, input) in [("createEvaluationRound", &create), ("updateEvaluationRound", &update)] {
            assert_eq!(client.try_mutate(mutation, input, "__typename").error_code(), "FORBIDDEN", "{user}");
        }
    }
    let admin = server.signed_in("admin").data(query, json!({ "id": id, "year": 2023 }));
    assert_eq!((&admin["node"], &admin["evaluationRounds"]["totalCount"]), (&Value::Null, &json!(0)));
}

fn what_a_round_cannot_be_is_refused_by_field(backend: Backend) {
    let server = Server::start(backend);
    let coordinator = server.signed_in("coordinator");
    let ludo = coordinator.intervention("ludo").0;
    let round = made(&coordinator, "Fastholdelse", &[]);
    assert_eq!(round["interventions"], json!([]), "open to all");
    let unknown = "intervention_00000000000070008000000000000000";
    let before = server.database().count("evaluation_round");
    for (changes, code, field) in [
        (json!({ "theme": "Fastholdelse" }), "TAKEN", json!(["theme"])),
        (json!({ "theme": " Fastholdelse " }), "TAKEN", json!(["theme"])),
        (json!({ "theme": " " }), "REQUIRED", json!(["theme"])),
        (json!({ "theme": "Om 010190-1234" }), "CPR_NUMBER", json!(["theme"])),
        (json!({ "year": 20230 }), "OUT_OF_RANGE", json!(["year"])),
        (json!({ "interventionIds": [ludo, unknown] }), "NOT_FOUND", json!(["interventionIds", "1"])),
        (json!({ "interventionIds": [ludo, ludo] }), "REPEATED", json!(["interventionIds", "1"])),
    ] {
        let input = with(json!({ "year": 2023, "theme": "Ny" }), changes.clone());
        let refused = coordinator.mutate("createEvaluationRound", &input, ROUND);
        assert_eq!(fault(&refused), (code, &field), "{changes}");
    }
    let unknown =
        json!({ "id": "round_00000000000070008000000000000000", "expectedVersion": 1, "theme": "x" });
    let refused = coordinator.mutate("updateEvaluationRound", &unknown, ROUND);
    assert_eq!(fault(&refused), ("NOT_FOUND", &json!(["id"])));
    assert_eq!(server.database().count("evaluation_round"), before);
}

fn an_evaluation_is_part_of_a_round_that_takes_its_intervention(backend: Backend) {
    let server = Server::start(backend);
    let coordinator = server.signed_in("coordinator");
    let evaluator = server.signed_in("evaluator-sof");
    let chosen = made(&coordinator, "Fastholdelse", &["den-korte-snor"]);
    let open = made(&coordinator, "Trivsel", &[]);
    let elsewhere = made(&coordinator, "Beskæftigelse", &["ludo"]);
    let plan = |round: &Value| {
        let input = json!({
            "interventionId": evaluator.intervention("den-korte-snor").0, "title": "Trivsel", "periodStart": "2022-07-01",
            "periodEnd": "2023-06-30", "roundId": round,
        });
        evaluator.mutate("planVirkningsevaluering", &input, "virkningsevaluering { id round { theme } }")
    };
    assert_eq!(fault(&plan(&elsewhere["id"])), ("NOT_OF_ROUND", &json!(["roundId"])));
    let unknown = json!("round_00000000000070008000000000000000");
    assert_eq!(fault(&plan(&unknown)), ("NOT_FOUND", &json!(["roundId"])));
    let planned = plan(&chosen["id"])["virkningsevaluering"].clone();
    assert_eq!(planned["round"], json!({ "theme": "Fastholdelse" }));
    let id = planned["id"].as_str().expect("an id");
    let moved = |more: Value| evaluator.step("update", id, more);
    let refused = moved(json!({ "roundId": elsewhere["id"] }));
    assert_eq!(fault(&refused), ("NOT_OF_ROUND", &json!(["roundId"])));
    let theme = || evaluator.evaluation(id, "round { theme }")["round"]["theme"].clone();
    assert_eq!(code(&moved(json!({ "roundId": open["id"] }))), "OK");
    assert_eq!(theme(), "Trivsel");
    assert_eq!(code(&moved(json!({ "roundId": null }))), "OK");
    assert_eq!(theme(), "Trivsel", "a null empties nothing");
    assert_eq!(code(&moved(json!({ "clear": ["ROUND"] }))), "OK");
    assert_eq!(theme(), Value::Null);
    // A round that is made for others later keeps what is part of it, and what is part of it can be changed still.
    assert_eq!(code(&moved(json!({ "roundId": open["id"] }))), "OK");
    let ludo = coordinator.intervention("ludo").0;
    let narrowed = json!({ "id": open["id"], "expectedVersion": 1, "interventionIds": [ludo] });
    assert_eq!(code(&coordinator.mutate("updateEvaluationRound", &narrowed, ROUND)), "OK");
    assert_eq!(code(&moved(json!({ "title": "Velbefindende" }))), "OK");
    assert_eq!(theme(), "Trivsel");
}

fn below_a_round_stand_the_evaluations_that_one_may_see(backend: Backend) {
    let server = Server::start(backend);
    let coordinator = server.signed_in("coordinator");
    let round = made(&coordinator, "Fastholdelse", &[]);
    let [sof, bif] = ["evaluator-sof", "evaluator-bif"].map(|user| server.signed_in(user));
    for (evaluator, slug) in
        [(&sof, "den-korte-snor"), (&bif, "forebyggelse-af-ekstremisme"), (&bif, "fritidsjobindsatsen")]
    {
        let id = evaluator.plan(slug);
        assert_eq!(code(&evaluator.step("update", &id, json!({ "roundId": round["id"] }))), "OK", "{slug}");
    }
    let query = "query($id: ID!) { node(id: $id) { ... on EvaluationRound { virkningsevalueringer(first: 2) { totalCount \
                 pageInfo { hasNextPage } nodes { intervention { slug } } } } } \
                 virkningsevalueringer(filter: { roundId: $id }) { totalCount } }";
    for (user, slugs, total) in [
        ("evaluator-sof", vec!["den-korte-snor", "forebyggelse-af-ekstremisme"], 2),
        ("evaluator-bif", vec!["forebyggelse-af-ekstremisme", "fritidsjobindsatsen"], 2),
        ("coordinator", vec!["den-korte-snor", "forebyggelse-af-ekstremisme"], 3),
        ("reader", vec![], 0),
    ] {
        let data = server.signed_in(user).data(query, json!({ "id": round["id"] }));
        let below = &data["node"]["virkningsevalueringer"];
        let nodes: Vec<_> = slugs.iter().map(|slug| json!({ "intervention": { "slug": slug } })).collect();
        assert_eq!(below["nodes"], json!(nodes), "{user}");
        assert_eq!(below["totalCount"], total, "{user}");
        assert_eq!(below["pageInfo"]["hasNextPage"], total > 2, "{user}");
        assert_eq!(data["virkningsevalueringer"]["totalCount"], total, "{user}");
    }
}
