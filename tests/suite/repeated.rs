//! Answers that are given again: never out of date, never another's, to the byte what a server without memory says.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::matrix::document;
use crate::support::documents::Generator;
use crate::support::mutations::attempts_at;
use crate::support::places::places;
use crate::support::schema::Schema;
use crate::support::{Backend, Client, Server};

on_both_databases!(
    no_answer_differs_from_that_of_a_server_without_memory,
    what_is_asked_again_costs_no_statements,
    what_is_denied_is_told_to_the_access_log_each_time,
    many_who_ask_the_same_at_once_do_not_wait_for_each_other,
);

const READERS: [&str; 5] = ["evaluator-sof", "reader-sof", "reader", "coordinator", "auditor"];

/// How often someone writes, and how many questions each asks in between.
const ROUNDS: usize = 10;
const QUESTIONS: usize = 4;

fn no_answer_differs_from_that_of_a_server_without_memory(backend: Backend) {
    let (database, places) = places(backend);
    let [one, other] = [0; 2].map(|_| Server::serve(database.shared(), &["--explorer"]));
    let plain = Server::serve(database, &["--explorer", "--limit-answers", "0"]);
    let schema = Schema::of(&plain.signed_in("auditor"));
    let mut generator = Generator::new(&schema, 2026, &["Query.accessLog", "Viewer.sessions"]);
    generator.pool.learn(&plain.signed_in("coordinator").data(SOME_VALUES, json!({})));
    // One session each, which all three servers know.
    let clients: Vec<[Client; 3]> = READERS
        .map(|reader| {
            let session = plain.signed_in(reader);
            [&one, &other, &plain].map(|server| server.stranger().by(&json!(session.token)))
        })
        .into();
    let questions: Vec<String> = (0..ROUNDS * QUESTIONS)
        .map(|_| format!("{{ {} }}", generator.document().join(" ")))
        .chain([SOME_VALUES.to_owned()])
        .collect();
    let writers = ["evaluator-sof", "approver-sof", "coordinator"]
        .map(|writer| [&one, &other].map(|server| server.signed_in(writer)));
    let attempts = attempts_at(&places[0]);
    let (mut answered, mut written) = (0, 0);
    for round in 0..ROUNDS {
        for _ in 0..QUESTIONS {
            // The same few questions come again and again.
            let question =
                &questions[generator.random.below(1 + round) * QUESTIONS + generator.random.below(QUESTIONS)];
            for [one, other, plain] in &clients {
                let expected = plain.ask(question, json!({})).body;
                for remembering in [one, other] {
                    for time in 1..=3 {
                        let body = remembering.ask(question, json!({})).body;
                        assert_eq!(body, expected, "time {time} of {question}");
                    }
                }
                answered += usize::from(!expected.contains("\"errors\""));
            }
        }
        for _ in 0..10 {
            let attempt = generator.random.pick(&attempts).expect("an attempt");
            let writer = &writers[generator.random.below(writers.len())][generator.random.below(2)];
            let input = json!({ attempt.mutation: attempt.input });
            written += usize::from(
                writer.ask(&document(&schema, [attempt]), input).body.contains("\"userErrors\":[]"),
            );
        }
    }
    assert!(answered > ROUNDS * QUESTIONS && written > 2, "{answered} answers, {written} writes");
}

const SOME_VALUES: &str = "{ interventions(first: 30) { edges { cursor } nodes { id slug name current { id } } } \
    virkningsevalueringer(first: 30) { edges { cursor } nodes { id title slug criteria { id measurements { value } } } } \
    forvaltninger { id code } evaluationRounds { edges { cursor } nodes { id theme } } }";

fn what_is_asked_again_costs_no_statements(backend: Backend) {
    let server = Server::start(backend);
    let client = server.signed_in("coordinator");
    let question = "{ interventions(first: 3) { nodes { name } totalCount } }";
    let statements = |client: &Client| {
        let answer = client.ask(question, json!({}));
        server.statements_of(answer.header("x-request-id").expect("an id"))
    };
    // The first time nothing is kept; the second time it is, under the version that is read for it.
    let counts = [(); 4].map(|()| statements(&client));
    assert!(counts[0] > 0 && counts[1] > 0, "{counts:?}");
    assert_eq!(counts[2..], [0, 0], "{counts:?}");
    // The same question of others, and in another language, is another.
    assert!(statements(&server.signed_in("reader")) > 0);
    assert!(statements(&client.clone().in_danish()) > 0);
    // Whatever is written makes all of it old.
    let (id, version) = client.intervention("ludo");
    client.mutate(
        "updateIntervention",
        &json!({ "id": id, "expectedVersion": version, "name": "Ludo og venner" }),
        "intervention { name }",
    );
    assert!(statements(&client) > 0);
    // Nothing is kept of what changes without an event.
    let viewer = "{ viewer { sessions { lastUsedAt } } }";
    for _ in 0..3 {
        let answer = client.ask(viewer, json!({}));
        answer.data();
        assert!(server.statements_of(answer.header("x-request-id").expect("an id")) > 0);
    }
}

fn what_is_denied_is_told_to_the_access_log_each_time(backend: Backend) {
    let server = Server::start(backend);
    let reader = server.signed_in("reader");
    let question =
        r#"{ virkningsevaluering(id: "virkningsevaluering_00000000000070008000000000000000") { title } }"#;
    for _ in 0..5 {
        assert_eq!(reader.data(question, json!({}))["virkningsevaluering"], Value::Null);
    }
    let (_, database) = server.stop();
    let server = Server::serve(database.expect("a database"), &["--explorer"]);
    let log = "{ accessLog { nodes { outcome count } } }";
    let entries = server.signed_in("auditor").data(log, json!({}));
    let counts = entries["accessLog"]["nodes"].as_array().expect("entries").iter();
    assert_eq!(counts.filter_map(|entry| entry["count"].as_i64()).sum::<i64>(), 5, "{entries}");
}

fn many_who_ask_the_same_at_once_do_not_wait_for_each_other(backend: Backend) {
    let server = Server::start(backend);
    // More than there are connections, and each has to be found anew.
    let clients: Vec<Client> = (0..40).map(|_| server.stranger()).collect();
    let token = json!(server.signed_in("coordinator").token);
    let began = Instant::now();
    std::thread::scope(|scope| {
        for client in &clients {
            scope.spawn(|| {
                for _ in 0..3 {
                    let answer = client.by(&token).ask("{ interventions { nodes { name } } }", json!({}));
                    assert_eq!(answer.data()["interventions"]["nodes"].as_array().map(Vec::len), Some(20));
                }
            });
        }
    });
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
}
