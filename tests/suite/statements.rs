//! What queries cost in SQL statements: printed, checked in, and the same whatever the number of rows.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::support::operations::{Operation, operations};
use crate::support::{Backend, Client, Server, Snor, Theory, compare, with};

on_both_databases!(rows_cost_no_statements, rows_below_evaluations_cost_no_statements);

fn statements(server: &Server, client: &Client, query: &str, variables: Value) -> u64 {
    let answer = client.ask(query, variables);
    answer.data();
    server.statements_of(answer.header("x-request-id").expect("a request id"))
}

/// What a document takes of one who has just asked something else, so that who asks is known.
struct Cost {
    statements: u64,
    transactions: u64,
}

fn of_each_document(backend: Backend) -> Vec<(&'static str, Cost)> {
    let server = Server::start(backend);
    let (coordinator, evaluator) = (server.signed_in("coordinator"), server.signed_in("evaluator"));
    let cost = |Operation { name, user, query, variables }| {
        let client = server.signed_in(user);
        client.ask("{ forvaltninger { code } }", json!({})).data();
        let answer = client.ask(query, variables);
        answer.data();
        let id = answer.header("x-request-id").expect("a request id");
        let cost = Cost { statements: server.statements_of(id), transactions: server.transactions_of(id) };
        assert!(cost.statements < 2 || cost.transactions > 0, "{name} is not read from one snapshot");
        (name, cost)
    };
    operations(&coordinator, &evaluator).into_iter().map(cost).collect()
}

#[test]
fn what_each_document_takes_is_what_is_checked_in() {
    let mut printed = String::from(
        "SQL statements of each document, BEGIN and COMMIT apart, and the transactions that they are in.\n\n\
         SQLite           PostgreSQL\n\
         statements  in   statements  in\n",
    );
    let [on_sqlite, on_postgres] = [Backend::Sqlite, Backend::Postgres].map(of_each_document);
    for ((name, on_sqlite), (_, on_postgres)) in on_sqlite.into_iter().zip(on_postgres) {
        let [on_sqlite, on_postgres] = [on_sqlite, on_postgres]
            .map(|Cost { statements, transactions }| format!("{statements:>10}{transactions:>4}"));
        writeln!(printed, "{on_sqlite}   {on_postgres}  {name}").expect("a line");
    }
    compare("tests/statements.txt", &printed);
}

fn rows_cost_no_statements(backend: Backend) {
    let server = Server::start(backend);
    let auditor = server.signed_in("auditor");
    let query = "query($n: Int!) { interventions(first: $n) { nodes { name parent { name } parts { name } \
                 current { leadForvaltning { name } partnerForvaltninger { name } principles { name } districts { name partOf { name } } \
                 targetGroups { name } funding { fundedBy { name } } reportingYear { insights { citywideCount } claims { label } \
                 interventions(first: 2) { nodes { name } } } history(first: 2) { totalCount nodes { actor { name } changes { field } } } } \
                 years { year } figures(first: $n) { totalCount nodes { value absence { kind } } } \
                 history(first: 3) { nodes { sequence } } } } }";
    let one = statements(&server, &auditor, query, json!({ "n": 1 }));
    assert_eq!(statements(&server, &auditor, query, json!({ "n": 22 })), one);
    assert_eq!(statements(&server, &auditor, query, json!({ "n": 100 })), one);
}

/// Every edge of evaluations and of what lies below them.
const EVALUATIONS: &str = "query($n: Int!) { virkningsevalueringer(first: $n) { totalCount nodes { title round { theme } \
     intervention { name current { leadForvaltning { code } } } learnings { text } populations { name } dataSources { name } \
     programmeTheory { asRegistered amendments { reason } problems { code element { text } } statement { sentence } \
     rivalExplanations { text element { text } } elements { text leadsTo { criteria { number } } ledToBy { text } \
     criteria { element { text } } evidence { text } } } transitions { to actor } history(first: 2) { totalCount nodes { actor { name } changes { field part { id } } } } \
     published { title criteria { result { verdict } } } \
     criteria { number registered { threshold } amendments { threshold } virkningsevaluering { title } \
     element { text } baseline { numerator } outcome { numerator } result { sentence } results { group } claims { label } \
     pairedTables { n11 } measurements { value population { name } source { name } criterion { number } \
     corrects { numerator } } } } } }";

fn rows_below_evaluations_cost_no_statements(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let approver = server.signed_in("approver-sof");
    let coordinator = server.signed_in("coordinator");
    let round = json!({ "year": 2023, "theme": "Trivsel" });
    let round =
        coordinator.mutate("createEvaluationRound", &round, "evaluationRound { id }")["evaluationRound"]
            .clone();
    let full = |more: i32| {
        let snor = Snor::measured(&evaluator);
        evaluator.step("update", &snor.id, json!({ "roundId": round["id"] }));
        let described = json!({ "virkningsevalueringId": snor.id, "name": "43 unikke deltagere" });
        let population =
            evaluator.mutate("addPopulation", &described, "population { id }")["population"].clone();
        let source = evaluator.mutate("addDataSource", &described, "dataSource { id }")["dataSource"].clone();
        let of_it = json!({ "populationId": population["id"], "sourceId": source["id"], "numerator": 6, "denominator": 43 });
        for month in 1..=more {
            let at = json!({ "months": { "anchor": "END", "from": month, "to": month } });
            evaluator.recorded(&snor.absence, "AFTER", with(of_it.clone(), at));
        }
        let group = json!({ "group": { "kind": "SUBGROUP", "name": "Piger" } });
        let wrong = evaluator.recorded(&snor.absence, "AFTER", with(of_it, group));
        let version = evaluator.version(&snor.id);
        for (mutation, input) in [
            (
                "amendSuccessCriterion",
                json!({ "id": snor.absence, "expectedVersion": version, "threshold": "0.4", "reason": "x" }),
            ),
            ("correctMeasurement", json!({ "id": wrong, "correction": "OTHER", "reason": "x", "note": "x" })),
            (
                "recordPairedTable",
                json!({ "criterionId": snor.friendships, "n11": 14, "n10": 0, "n01": 12, "n00": 17 }),
            ),
            (
                "addClaim",
                json!({ "criterionId": snor.absence, "text": "x", "printed": "1", "measure": "RELATIVE_CHANGE" }),
            ),
            (
                "addLearning",
                json!({ "virkningsevalueringId": snor.id, "audience": "MANAGEMENT", "text": "x" }),
            ),
        ] {
            assert_eq!(
                evaluator.mutate(mutation, &input, "__typename")["userErrors"],
                json!([]),
                "{mutation}"
            );
        }
        let theory = Theory::of(&evaluator, &snor);
        for number in 0..more {
            evaluator.add_evidence(&theory.school, "MIXED", &format!("Interview {number}"));
            evaluator.add_rival(&snor.id, &format!("En anden forklaring {number}"));
        }
        evaluator.steps("submit", &snor.id);
        approver.steps("approve", &snor.id);
        approver.steps("publish", &snor.id);
    };
    full(1);
    let readers =
        ["evaluator-sof", "auditor", "coordinator", "reader"].map(|user| (user, server.signed_in(user)));
    let of = |client: &Client| statements(&server, client, EVALUATIONS, json!({ "n": 6 }));
    let of_one: Vec<_> = readers.iter().map(|(_, client)| of(client)).collect();
    for more in [0, 2, 5, 9] {
        full(more);
    }
    for ((user, client), of_one) in readers.iter().zip(of_one) {
        assert_eq!(of(client), of_one, "{user}");
        let first = json!({ "n": 1 });
        assert_eq!(statements(&server, client, EVALUATIONS, first), of_one, "{user}");
    }
}
