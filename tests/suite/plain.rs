//! The answers of the server, which reads each level of a document at once, are to the byte those of an executor that asks for
//! each field of each object alone.

mod arguments;
mod asker;
mod edges;
mod executor;
mod generator;
mod place;
mod written;

use std::collections::BTreeSet;

use async_graphql_parser::parse_query;
use serde_json::{Value, json};

use self::arguments::Arguments;
use self::asker::{Asker, Body};
use self::edges::Edges;
use self::executor::execute;
use self::generator::Generator;
use crate::support::places::places;
use crate::support::schema::Schema;
use crate::support::{Backend, Client, Database, Server};

on_both_databases!(
    written_documents_are_answered_as_field_by_field,
    every_field_is_answered_as_field_by_field,
    random_documents_are_answered_as_field_by_field
);

/// Questions lead deep to what has no id, and random documents have many directives and names.
const OPTIONS: [&str; 11] = [
    "--explorer",
    "--limit-answers",
    "0",
    "--limit-depth",
    "50",
    "--limit-cost",
    "100000000",
    "--limit-directives",
    "1000",
    "--limit-aliases",
    "1000",
];

fn serve(database: Database) -> Server {
    Server::serve(database, &OPTIONS)
}

/// What differs from one time to the next, or is told of the asking itself.
const PASSING: [&str; 4] = ["accessLog", "sessions", "lastUsedAt", "lastSeenAt"];
const LEFT_OUT: [&str; 4] =
    ["Query.accessLog", "Viewer.sessions", "ApiToken.lastUsedAt", "AccessReviewEntry.lastSeenAt"];

fn written_documents_are_answered_as_field_by_field(backend: Backend) {
    let (database, places) = places(backend);
    let server = serve(database);
    let client = server.signed_in_with_every_role();
    let schema = Schema::of(&client);
    let asker = Asker::new(&client);
    let named = |name| places[0].id(name);
    let ids =
        ["intervention", "evaluation", "criterion", "measurement", "report", "event", "figure"].map(named);
    let quoted = |name| format!("{:?}", named(name));
    let (mut whole, mut with_errors) = (0, 0);
    for query in written::queries() {
        if PASSING.iter().any(|passing| query.contains(passing)) {
            continue;
        }
        let query = query
            .replace("\"EVALUATION\"", &quoted("evaluation"))
            .replace("\"CRITERION-1\"", &quoted("criterion"));
        let mut given: Vec<_> = ids.iter().filter_map(|id| written::variables(&query, id)).collect();
        given.dedup();
        let finds = |given: &&Value| !client.ask(&query, (*given).clone()).body.contains(":null}}");
        let Some(given) = given.iter().find(finds).or(given.first()) else { continue };
        match compare(&schema, &asker, &client, &query, given) {
            Answered::Whole => whole += 1,
            Answered::WithErrors => with_errors += 1,
            Answered::Refused => {}
        }
    }
    assert!(whole >= 130 && with_errors > 10, "{whole} are answered whole, {with_errors} with errors");
}

fn every_field_is_answered_as_field_by_field(backend: Backend) {
    let (database, places) = places(backend);
    let server = serve(database);
    let client = server.signed_in_with_every_role();
    let schema = Schema::of(&client);
    let asker = Asker::new(&client);
    let ids = ["evaluation", "observed", "event", "intervention"].map(|name| places[3].id(name));
    for document in Edges::documents(&schema, Arguments::of_ids(&schema, SEED, &ids), &LEFT_OUT) {
        let answered = compare(&schema, &asker, &client, &document, &json!({}));
        assert!(answered == Answered::Whole, "{document}");
    }
    let fields = asker.fields().len();
    assert!(fields > 500, "{fields} fields are compared");
}

/// One who is given every role, an evaluator of one forvaltning, a reader of it, and one who sees what everyone sees.
const READERS: [&str; 4] = ["evaluator", "evaluator-sof", "reader-sof", "nobody"];
/// Documents for each reader.
const DOCUMENTS: usize = 30;
const SEED: u64 = 20_261_126;

fn random_documents_are_answered_as_field_by_field(backend: Backend) {
    let server = serve(places(backend).0);
    let everyone = server.signed_in_with_every_role();
    let schema = Schema::of(&everyone);
    let mut generator = Generator::new(&schema, Arguments::known_to(&everyone, &schema), &LEFT_OUT);
    let mut fields = BTreeSet::new();
    for (seeds, reader) in (SEED..).step_by(DOCUMENTS).zip(READERS) {
        let client = server.signed_in(reader);
        let asker = Asker::new(&client);
        let mut whole = 0;
        for seed in (seeds..).take(DOCUMENTS) {
            let document = format!("# Seed {seed}, read by {reader}\n{}", generator.document(seed));
            let answered = compare(&schema, &asker, &client, &document, &json!({}));
            assert!(answered != Answered::Refused, "{document}");
            whole += usize::from(answered == Answered::Whole);
        }
        assert!(whole > DOCUMENTS / 2, "{reader} is answered {whole} documents whole");
        fields.extend(asker.fields());
    }
    assert!(fields.len() > 250, "{} fields are compared", fields.len());
}

/// How a document was answered.
#[derive(PartialEq)]
enum Answered {
    Whole,
    WithErrors,
    Refused,
}

/// Asks the server and executes field by field: both have the same data, and errors where the other has any.
fn compare(schema: &Schema, asker: &Asker<'_>, client: &Client, text: &str, given: &Value) -> Answered {
    let body = client.ask(text, given.clone()).body;
    let Some(answer) = Body::read(&body) else { return Answered::Refused };
    let document = parse_query(text).expect("a document that was executed");
    let plain = execute(schema, asker, &document, given);
    let (whole, by_field) = (answer.data.get(), plain.data.as_str());
    assert!(whole == by_field, "{text}\nwith {given}\n{}", difference(whole, by_field));
    assert_eq!(answer.errors.is_empty(), plain.failed == 0, "{text}\nwith {given}\n{:?}", answer.errors);
    if answer.errors.is_empty() { Answered::Whole } else { Answered::WithErrors }
}

/// Where two answers part.
fn difference(whole: &str, by_field: &str) -> String {
    let parted = whole.bytes().zip(by_field.bytes()).take_while(|(one, other)| one == other).count();
    let around = |answer: &str| {
        let around: Vec<u8> = answer.bytes().skip(parted.saturating_sub(300)).take(600).collect();
        String::from_utf8_lossy(&around).into_owned()
    };
    format!("the server: …{}…\nfield by field: …{}…", around(whole), around(by_field))
}
