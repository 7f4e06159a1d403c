//! Two databases that differ only in what another forvaltning has not published answer alike, to the byte, whatever is asked.

use serde_json::{Value, json};

use crate::matrix::document;
use crate::support::documents::Generator;
use crate::support::mutations::{Attempt, attempts_at};
use crate::support::places::{Place, UNTOUCHED, approve, fill, places};
use crate::support::schema::Schema;
use crate::support::{Backend, Client, Server, code, fault};

on_both_databases!(what_others_keep_to_themselves_changes_no_answer);

/// Who is asked: all of SOF, and those who see of every forvaltning what is published.
const READERS: [&str; 6] = ["reader-sof", "evaluator-sof", "approver-sof", "auditor-sof", "reader", "nobody"];

/// Random questions of each reader.
const QUESTIONS: usize = 120;

/// The access log tells when and with which request: its entries are compared without that. What proves the log needs a
/// municipality-wide role, which sees everything.
const LEFT_OUT: [&str; 2] = ["Query.accessLog", "Viewer.sessions"];

fn what_others_keep_to_themselves_changes_no_answer(backend: Backend) {
    let (database, places) = places(backend);
    let without = Server::serve(database.copy(), &["--explorer"]);
    let with = Server::serve(database, &["--explorer"]);
    let hidden = work_in_secret(&with, &places);
    // What was denied there is written by the time it has stopped.
    let (_, database) = with.stop();
    let with = Server::serve(database.expect("a database"), &["--explorer"]);

    let auditors = [&without, &with].map(|server| server.signed_in("auditor-sof"));
    let denied = "accessLog { totalCount nodes { actor { name } action named { id } outcome count } }";
    same("auditor-sof", &auditors, denied);
    let schema = Schema::of(&with.signed_in("auditor"));
    for (seed, reader) in (2026..).zip(READERS) {
        let twins = [&without, &with].map(|server| server.signed_in(reader));
        let mut generator = Generator::new(&schema, seed, &LEFT_OUT);
        generator.pool.learn(&twins[0].data(SOME_VALUES, json!({})));
        generator.pool.ids.extend(hidden.iter().flat_map(Place::ids).map(str::to_owned));
        let (mut asked, mut answered) = (0, 0);
        while asked < QUESTIONS {
            // One by one: an error in one would hide the others.
            for root in generator.document() {
                let answer = same(reader, &twins, &root);
                asked += 1;
                answered += usize::from(!answer["data"].is_null());
                generator.pool.learn(&answer);
            }
        }
        assert!(answered > asked / 3, "{reader} is answered {answered} times of {asked}");
    }
    // Names, texts and keys that are taken there are free here.
    let targets: Vec<&Place> = [&places[0], &places[1], &places[3]].into_iter().chain(&hidden).collect();
    for writer in ["evaluator-sof", "approver-sof"] {
        let twins = [&without, &with].map(|server| server.signed_in(writer));
        for place in &targets {
            for attempt in attempts_at(place) {
                let (document, input) =
                    (document(&schema, [&attempt]), json!({ attempt.mutation: attempt.input }));
                let [alone, beside] = twins.each_ref().map(|twin| twin.ask(&document, input.clone()).body);
                assert_eq!(alone, beside, "{writer} {} {}", attempt.mutation, attempt.input);
            }
        }
    }
}

const SOME_VALUES: &str = "{ interventions(first: 30) { edges { cursor } nodes { id slug name current { id } } } \
    virkningsevalueringer(first: 30) { edges { cursor } nodes { id title slug criteria { id } } } \
    forvaltninger { id code } evaluationRounds { edges { cursor } nodes { id theme } } viewer { id } \
    history(last: 20) { edges { cursor } nodes { id occurredAt subjectId } } }";

/// Asks both.
fn same(reader: &str, twins: &[Client; 2], root: &str) -> Value {
    let document = format!("{{ {root} }}");
    let [alone, beside] = twins.each_ref().map(|twin| twin.ask(&document, json!({})).body);
    assert!(alone == beside, "{reader} can tell by {document}\n{}", difference(&alone, &beside));
    serde_json::from_str(&alone).expect("JSON")
}

/// Where two answers part.
fn difference(alone: &str, beside: &str) -> String {
    let parted = alone.bytes().zip(beside.bytes()).take_while(|(one, other)| one == other).count();
    let around = |answer: &str| {
        let around: Vec<u8> = answer.bytes().skip(parted.saturating_sub(300)).take(600).collect();
        String::from_utf8_lossy(&around).into_owned()
    };
    format!("without what is hidden: …{}…\nwith it: …{}…", around(alone), around(beside))
}

/// What BIF does that nobody else may know of. Gives the places where it works.
fn work_in_secret(server: &Server, places: &[Place]) -> [Place; 2] {
    let (evaluator, approver) = (server.signed_in("evaluator-bif"), server.signed_in("approver-bif"));
    let round = places[0].id("round");
    let hidden = UNTOUCHED.map(|slug| fill(server, "bif", slug, round));
    // Waiting, approved and withdrawn, but never published.
    approve(server, "bif", &hidden[0]);
    let dropped = evaluator.plan(UNTOUCHED[0]);
    assert_eq!(code(&approver.step("withdraw", &dropped, json!({ "reason": "Opgivet" }))), "OK");
    // A new revision of what was published, and more of what was not.
    for place in [&places[5], &places[2]] {
        evaluator.recorded_share(place.id("criterion"), "FOLLOW_UP", 3, 43);
        let title =
            json!({ "id": place.id("evaluation"), "title": "Noget helt andet", "periodEnd": "2023-09-30" });
        assert_eq!(code(&evaluator.change("updateVirkningsevaluering", place.id("evaluation"), title)), "OK");
    }
    // The texts and keys that SOF will use. What is done to the register is for all to see.
    let is_public = |attempt: &Attempt| {
        attempt.input.get("interventionId").is_some() || attempt.input["id"] == hidden[1].id("report")
    };
    for attempt in attempts_at(&hidden[1]).iter().filter(|attempt| !is_public(attempt)) {
        evaluator.try_mutate(attempt.mutation, &attempt.input, "__typename");
    }
    // Denied as well as done.
    let step = json!({ "id": hidden[1].id("evaluation"), "expectedVersion": 1 });
    let forbidden = evaluator.try_mutate("approveVirkningsevaluering", &step, "__typename");
    assert_eq!(forbidden.error_code(), "FORBIDDEN");
    let elsewhere =
        json!({ "id": "virkningsevaluering_00000000000070008000000000000000", "expectedVersion": 1 });
    for client in [&evaluator, &approver] {
        let absent = client.mutate("approveVirkningsevaluering", &elsewhere, "__typename");
        assert_eq!(fault(&absent).0, "NOT_FOUND");
    }
    hidden
}
