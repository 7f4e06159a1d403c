//! The register of 2023, read as a front-end reads it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::{Backend, Server};

on_both_databases!(
    one_query_reads_the_whole_register,
    missing_figures_are_there_and_are_not_zero,
    the_year_adds_up_and_two_printed_claims_do_not_agree,
    lists_are_paged_by_key_in_danish_order,
    lists_are_filtered,
    ids_find_their_objects_again,
    an_answer_is_in_the_order_of_the_query,
);

const REGISTER: &str = include_str!("../../docs/examples/register.graphql");
const INSIGHTS: &str = include_str!("../../docs/examples/insights.graphql");

fn nodes(connection: &Value) -> Vec<Value> {
    connection["nodes"].as_array().expect("nodes").clone()
}

fn one_query_reads_the_whole_register(backend: Backend) {
    let server = Server::start(backend);
    let register = server.signed_in("reader").data(REGISTER, json!({}))["interventions"].clone();
    assert_eq!(register["totalCount"], 22);
    assert_eq!(register["pageInfo"]["hasNextPage"], false);
    let interventions = nodes(&register);
    let mut counts = BTreeMap::new();
    let mut money = BTreeMap::new();
    for intervention in &interventions {
        let current = &intervention["current"];
        assert_eq!(current["year"], 2023);
        let lead = current["leadForvaltning"]["code"].as_str().expect("a code").to_owned();
        *counts.entry(lead.clone()).or_insert(0) += 1;
        for funding in current["funding"].as_array().expect("fundings") {
            assert_eq!(funding["budgetYear"], 2024);
            *money.entry(lead.clone()).or_insert(0) += funding["amountDkk"].as_i64().expect("kroner");
        }
    }
    let expected = |counts: [(&str, i64); 5]| counts.map(|(code, count)| (code.to_owned(), count)).into();
    assert_eq!(counts, expected([("SOF", 10), ("ØKF", 6), ("BIF", 4), ("TMF", 1), ("BUF", 1)]));
    let kroner =
        [("SOF", 53_732_000), ("BIF", 40_661_000), ("ØKF", 9_965_000), ("TMF", 3_300_000), ("BUF", 180_000)];
    assert_eq!(money, expected(kroner));
    assert_eq!(money.values().sum::<i64>(), 107_838_000);

    let find = |slug: &str| interventions.iter().find(|one| one["slug"] == slug).expect(slug);
    let eki = find("enheden-for-kriminalpraeventive-indsatser");
    assert_eq!(eki["since"], Value::Null);
    assert_eq!(eki["current"]["partnerForvaltninger"], json!([{ "code": "BIF" }, { "code": "BUF" }]));
    assert_eq!(eki["current"]["targetGroups"][0]["ageFrom"], "17.5");
    assert_eq!(find("mentorprojektet-stroem")["current"]["inPackage"], false);
    let parts = &find("fokus-paa-rocker-og-bandekriminalitet")["current"]["funding"];
    assert_eq!(parts.as_array().map(Vec::len), Some(2));
}

fn missing_figures_are_there_and_are_not_zero(backend: Backend) {
    let server = Server::start(backend);
    let query = "{ intervention(slug: \"green-teams\") { figures(kind: PARTICIPANTS) { totalCount nodes { \
                 period { from to } value absence { kind reason } } } } }";
    let figures = server.signed_in("reader").data(query, json!({}))["intervention"]["figures"].clone();
    assert_eq!(figures["totalCount"], 4);
    let years: Vec<_> = nodes(&figures).into_iter().map(|figure| figure["period"]["from"].clone()).collect();
    assert_eq!(years, ["2020-01-01", "2021-01-01", "2022-01-01", "2023-01-01"]);
    for figure in nodes(&figures) {
        assert_eq!(figure["value"], Value::Null);
        assert_eq!(figure["absence"]["kind"], "NOT_STATED");
        assert!(figure["absence"]["reason"].is_string());
    }
    // No participants at all is a number, and no absence.
    let query = "{ intervention(slug: \"ludo\") { figures(kind: OUTCOME, first: 100) { nodes { label value absence { kind } } } } }";
    let figures = nodes(&server.signed_in("reader").data(query, json!({}))["intervention"]["figures"]);
    let charges = figures
        .iter()
        .find(|figure| figure["label"] == "Nye sigtelser i indskrivningsperioden")
        .expect("charges");
    assert_eq!((&charges["value"], &charges["absence"]), (&json!("0"), &Value::Null));
}

fn the_year_adds_up_and_two_printed_claims_do_not_agree(backend: Backend) {
    let server = Server::start(backend);
    let year = server.signed_in("reader").data(INSIGHTS, json!({}))["reportingYear"].clone();
    assert_eq!(year["status"], "OPEN");
    let insights = &year["insights"];
    assert_eq!(insights["interventionCount"], 22);
    assert_eq!(insights["citywideCount"], 12);
    let counts: Vec<_> = insights["byPrinciple"]
        .as_array()
        .expect("principles")
        .iter()
        .map(|row| (row["principle"]["number"].as_i64(), row["count"].as_i64()))
        .collect();
    assert_eq!(
        counts,
        [(1, 15), (2, 8), (3, 5), (4, 11), (5, 2)].map(|(number, count)| (Some(number), Some(count)))
    );
    let without = json!([{ "name": "Indre By" }, { "name": "Vesterbro" }, { "name": "Østerbro" }]);
    assert_eq!(insights["districtsWithoutTargeted"], without);
    let claims = year["claims"].as_array().expect("claims");
    assert_eq!(claims.len(), 18);
    let disagreeing: Vec<_> = claims
        .iter()
        .filter(|claim| claim["label"] == "INCONSISTENT")
        .map(|claim| (claim["printed"].as_str(), claim["computed"].as_str()))
        .collect();
    assert_eq!(disagreeing, [(Some("16"), Some("15")), (Some("22"), Some("21"))]);
}

fn lists_are_paged_by_key_in_danish_order(backend: Backend) {
    let server = Server::start(backend);
    let client = server.signed_in("reader");
    let query = "query($first: Int, $after: String, $last: Int, $before: String, $direction: OrderDirection!) { \
                 interventions(first: $first, after: $after, last: $last, before: $before, \
                 orderBy: { field: NAME, direction: $direction }) { totalCount pageInfo { hasNextPage hasPreviousPage \
                 startCursor endCursor } edges { cursor node { name } } } }";
    let page = |variables: Value| client.data(query, variables)["interventions"].clone();
    let names = |page: &Value| -> Vec<String> {
        let edges = page["edges"].as_array().expect("edges");
        edges.iter().map(|edge| edge["node"]["name"].as_str().expect("a name").to_owned()).collect()
    };
    let mut all = Vec::new();
    let mut after = Value::Null;
    loop {
        let page = page(json!({ "first": 5, "after": after, "direction": "ASC" }));
        assert_eq!(page["totalCount"], 22);
        assert_eq!(page["pageInfo"]["hasPreviousPage"], !after.is_null());
        all.extend(names(&page));
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    assert_eq!(all.len(), 22);
    assert_eq!(all[0], "18+ Enhederne");
    let place = |name: &str| all.iter().position(|one| one == name).expect("a name of the register");
    assert!(place("KBH 18+") < place("Københavnerteamet"), "ø comes after b");
    let mut reversed = names(&page(json!({ "first": 100, "direction": "DESC" })));
    reversed.reverse();
    assert_eq!(reversed, all);
    let last = page(json!({ "last": 3, "direction": "ASC" }));
    assert_eq!(names(&last), all[19..]);
    assert_eq!(last["pageInfo"]["hasPreviousPage"], true);
    let before = page(json!({ "last": 3, "before": last["pageInfo"]["startCursor"], "direction": "ASC" }));
    assert_eq!(names(&before), all[16..19]);

    let figures = "{ intervention(slug: \"ludo\") { figures { pageInfo { endCursor } } } }";
    let of_another_list =
        client.data(figures, json!({}))["intervention"]["figures"]["pageInfo"]["endCursor"].clone();
    for (variables, field) in [
        (json!({ "first": 101, "direction": "ASC" }), "first"),
        (json!({ "first": -1, "direction": "ASC" }), "first"),
        (json!({ "first": 1, "last": 1, "direction": "ASC" }), "last"),
        (json!({ "after": "no cursor", "direction": "ASC" }), "after"),
        (json!({ "after": of_another_list, "direction": "ASC" }), "after"),
    ] {
        let answer = client.ask(query, variables);
        assert_eq!(answer.error_code(), "BAD_USER_INPUT");
        assert_eq!(answer.json()["errors"][0]["extensions"]["faults"][0]["field"], json!([field]));
    }
}

fn lists_are_filtered(backend: Backend) {
    let server = Server::start(backend);
    let client = server.signed_in("reader");
    let query = "query($f: InterventionFilter) { interventions(filter: $f, first: 100) { totalCount nodes { slug } } }";
    let slugs = |filter: Value| -> Vec<String> {
        let found = client.data(query, json!({ "f": filter }))["interventions"].clone();
        let slugs: Vec<_> =
            nodes(&found).iter().map(|node| node["slug"].as_str().expect("a slug").to_owned()).collect();
        assert_eq!(found["totalCount"], slugs.len());
        slugs
    };
    assert_eq!(slugs(json!({})).len(), 22);
    assert_eq!(slugs(json!({ "lead": "BIF" })).len(), 4);
    assert_eq!(slugs(json!({ "forvaltning": "BIF" })).len(), 6);
    assert_eq!(slugs(json!({ "principle": 1 })).len(), 15);
    assert_eq!(slugs(json!({ "citywide": true })).len(), 12);
    assert_eq!(slugs(json!({ "year": 2023 })).len(), 22);
    assert_eq!(slugs(json!({ "year": 2022 })).len(), 0);
    assert_eq!(slugs(json!({ "search": "SNOR" })), ["den-korte-snor"]);
    assert_eq!(slugs(json!({ "search": "ko\u{0308}benhavn" })).len(), 0);
    assert_eq!(slugs(json!({ "search": "KØBENHAVNERTEAM" })), ["koebenhavnerteamet"]);
    assert_eq!(slugs(json!({ "search": "%" })).len(), 0, "signs of the pattern are searched for as they are");
    // A district is reached through its parts and its aliases.
    assert_eq!(slugs(json!({ "district": "Kgs. Enghave" })), ["all-in", "sydhavnscompagniet"]);
    assert_eq!(slugs(json!({ "district": "Bispebjerg/NV" })), slugs(json!({ "district": "Bispebjerg" })));
    assert_eq!(slugs(json!({ "district": "Atlantis" })).len(), 0);
    assert_eq!(slugs(json!({ "lead": "SOF", "principle": 3 })), ["sjakket", "kbh-18-plus", "ssp-plus"]);
}

fn ids_find_their_objects_again(backend: Backend) {
    let server = Server::start(backend);
    let client = server.signed_in("auditor");
    let query = "{ forvaltninger { id } strategyPrinciples { id } districts { id } reportingYear(year: 2023) { id } \
                 history(first: 1) { nodes { id } } interventions(first: 1) { nodes { id current { id funding { id } } \
                 figures(first: 1) { nodes { id } } } } }";
    let data = client.data(query, json!({}));
    let intervention = &data["interventions"]["nodes"][0];
    for (id, ty) in [
        (&data["forvaltninger"][0]["id"], "Forvaltning"),
        (&data["strategyPrinciples"][0]["id"], "StrategyPrinciple"),
        (&data["districts"][0]["id"], "District"),
        (&data["reportingYear"]["id"], "ReportingYear"),
        (&data["history"]["nodes"][0]["id"], "Event"),
        (&intervention["id"], "Intervention"),
        (&intervention["current"]["id"], "InterventionYear"),
        (&intervention["current"]["funding"][0]["id"], "Funding"),
        (&intervention["figures"]["nodes"][0]["id"], "Figure"),
    ] {
        let node = client.data("query($id: ID!) { node(id: $id) { __typename id } }", json!({ "id": id }));
        assert_eq!(node["node"], json!({ "__typename": ty, "id": id }));
    }
    for id in ["intervention_00000000000070008000000000000000", "x", "", "intervention_", "1"] {
        let query = "query($id: ID!) { node(id: $id) { id } intervention(id: $id) { id } }";
        assert_eq!(client.data(query, json!({ "id": id })), json!({ "node": null, "intervention": null }));
    }
}

fn an_answer_is_in_the_order_of_the_query(backend: Backend) {
    let server = Server::start(backend);
    let query = "{ b: districts { name } viewer { name } a: intervention(slug: \"ludo\") { since slug ...F name } \
                 viewer { __typename } } fragment F on Intervention { current { year } since id: slug }";
    let body = server.signed_in("reader").ask(query, json!({})).body;
    assert!(body.starts_with("{\"data\":{\"b\":[{\"name\":\"Amager Vest\"},"), "{body}");
    let tail = ",\"viewer\":{\"name\":\"Reader\",\"__typename\":\"Viewer\"},\"a\":{\"since\":2020,\"slug\":\"ludo\",\
                \"current\":{\"year\":2023},\"id\":\"ludo\",\"name\":\"LUDO\"}}}";
    assert!(body.ends_with(tail), "{body}");
}
