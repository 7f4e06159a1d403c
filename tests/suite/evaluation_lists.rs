//! Lists of evaluations: filtered, in order, a page at a time, and no more in number than one sees.

use serde_json::{Value, json};

use crate::support::{Backend, Client, Server};

on_both_databases!(
    evaluations_are_filtered_by_what_one_sees_of_them,
    evaluations_are_listed_in_danish_order_of_their_titles,
    evaluations_are_paged_by_key,
);

const TITLES: [(&str, &str); 6] = [
    ("den-korte-snor", "Østerbro i trivsel"),
    ("den-korte-snor", "Ærlig snak"),
    ("ludo", "Årsplan"),
    ("forebyggelse-af-ekstremisme", "Zoner"),
    ("fritidsjobindsatsen", "Arbejde"),
    ("ludo", "trivsel_100%"),
];

/// Six evaluations, four of them SOF's alone, one BIF's alone, one of both.
fn planned(server: &Server) {
    let [sof, bif] = ["evaluator-sof", "evaluator-bif"].map(|user| server.signed_in(user));
    for (slug, title) in TITLES {
        let evaluator = if matches!(slug, "den-korte-snor" | "ludo") { &sof } else { &bif };
        let id = evaluator.plan(slug);
        evaluator.step("update", &id, json!({ "title": title }));
    }
}

/// Titles and number of the evaluations of a list.
fn list(client: &Client, arguments: &str) -> (Vec<String>, i64) {
    let query = format!("{{ virkningsevalueringer({arguments}) {{ totalCount nodes {{ title }} }} }}");
    let list = client.data(&query, json!({}))["virkningsevalueringer"].clone();
    let nodes = list["nodes"].as_array().expect("nodes").iter();
    let titles = nodes.map(|node| node["title"].as_str().expect("a title").to_owned());
    (titles.collect(), list["totalCount"].as_i64().expect("a count"))
}

fn evaluations_are_filtered_by_what_one_sees_of_them(backend: Backend) {
    let server = Server::start(backend);
    planned(&server);
    let coordinator = server.signed_in("coordinator");
    let sof = server.signed_in("evaluator-sof");
    let ludo = coordinator.intervention("ludo").0;
    let registered = sof.plan("sjakket");
    sof.add_criterion(&registered, json!({}));
    sof.steps("register", &registered);
    for (filter, all, of_sof) in [
        ("", 7, 6),
        ("forvaltning: \"SOF\"", 6, 6),
        ("forvaltning: \"BIF\"", 2, 1),
        ("forvaltning: \"XYZ\"", 0, 0),
        ("status: DRAFT", 6, 5),
        ("status: REGISTERED", 1, 1),
        ("status: PUBLISHED", 0, 0),
        ("search: \"TRIVSEL\"", 3, 3),
        ("search: \"ÅRS\"", 1, 1),
        ("search: \"a\\u030arsplan\"", 1, 1),
        ("search: \"%\"", 1, 1),
        ("search: \"l_1\"", 1, 1),
        ("search: \"s_l\"", 0, 0),
        ("search: \"Arbejde\"", 1, 0),
        (&format!("interventionId: \"{ludo}\""), 2, 2),
        (&format!("interventionId: \"{ludo}\", search: \"årsplan\""), 1, 1),
        ("interventionId: \"none\"", 0, 0),
        ("roundId: \"none\"", 0, 0),
    ] {
        for (client, count) in [(&coordinator, all), (&sof, of_sof)] {
            let (titles, total) = list(client, &format!("filter: {{ {filter} }}"));
            assert_eq!((titles.len(), total), (usize::try_from(count).expect("a count"), count), "{filter}");
        }
    }
    let nul = "{ virkningsevalueringer(filter: { search: \"a\\u0000b\" }) { totalCount } }";
    assert_eq!(sof.ask(nul, json!({})).error_code(), "BAD_USER_INPUT");
    // Not as one who may not see them finds them.
    assert_eq!(list(&server.signed_in("reader"), "first: 10"), (vec![], 0));
}

fn evaluations_are_listed_in_danish_order_of_their_titles(backend: Backend) {
    let server = Server::start(backend);
    planned(&server);
    let coordinator = server.signed_in("coordinator");
    let planned = TITLES.map(|(_, title)| title);
    assert_eq!(list(&coordinator, "first: 10").0, planned, "as they were planned");
    let mut danish = ["Arbejde", "trivsel_100%", "Zoner", "Ærlig snak", "Østerbro i trivsel", "Årsplan"];
    let by_title = |direction: &str| {
        list(&coordinator, &format!("orderBy: {{ field: TITLE, direction: {direction} }}")).0
    };
    assert_eq!(by_title("ASC"), danish);
    danish.reverse();
    assert_eq!(by_title("DESC"), danish);
}

fn evaluations_are_paged_by_key(backend: Backend) {
    let server = Server::start(backend);
    planned(&server);
    let sof = server.signed_in("evaluator-sof");
    // BIF's own one is not counted, not skipped over and not hinted at.
    let query = "query($first: Int, $after: String, $last: Int, $before: String, $field: VirkningsevalueringOrderField!) { \
                 virkningsevalueringer(first: $first, after: $after, last: $last, before: $before, orderBy: { field: $field, \
                 direction: ASC }) { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes { title } } }";
    let page = |variables: Value| sof.data(query, variables)["virkningsevalueringer"].clone();
    for (field, titles) in [
        ("TITLE", ["trivsel_100%", "Zoner", "Ærlig snak", "Østerbro i trivsel", "Årsplan"]),
        ("PLANNED", ["Østerbro i trivsel", "Ærlig snak", "Årsplan", "Zoner", "trivsel_100%"]),
    ] {
        let node = |at: usize| json!({ "title": titles[at] });
        let first = page(json!({ "first": 2, "field": field }));
        assert_eq!(first["totalCount"], 5);
        assert_eq!(first["nodes"], json!([node(0), node(1)]));
        assert_eq!(
            (&first["pageInfo"]["hasNextPage"], &first["pageInfo"]["hasPreviousPage"]),
            (&json!(true), &json!(false))
        );
        let second = page(json!({ "first": 2, "after": first["pageInfo"]["endCursor"], "field": field }));
        assert_eq!(second["nodes"], json!([node(2), node(3)]));
        let last = page(json!({ "first": 2, "after": second["pageInfo"]["endCursor"], "field": field }));
        assert_eq!(last["nodes"], json!([node(4)]));
        assert_eq!(last["pageInfo"]["hasNextPage"], false);
        let back = page(json!({ "last": 2, "before": second["pageInfo"]["startCursor"], "field": field }));
        assert_eq!(back["nodes"], first["nodes"]);
    }
    let of_intervention = "{ intervention(slug: \"ludo\") { virkningsevalueringer(first: 1) { totalCount pageInfo { hasNextPage } \
                           nodes { title } } } }";
    assert_eq!(
        sof.data(of_intervention, json!({}))["intervention"]["virkningsevalueringer"],
        json!({ "totalCount": 2, "pageInfo": { "hasNextPage": true }, "nodes": [{ "title": "Årsplan" }] })
    );
}
